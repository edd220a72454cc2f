//! The real program, run by a test.
//!
//! Guarantees that it has its own data folder, that none of the settings of the person who runs the tests reach it,
//! that its output is always read (a full pipe would stop it), and that it is killed with its value. It must not know
//! more of the program than its environment variables for the data folder and the address, and the line that it prints
//! once it listens.

mod output;

use crate::wait;
use output::Output;
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::Duration;
use std::{env, fs, thread};
use tempfile::TempDir;

/// What a server's settings begin with, which includes those of the tests.
const SETTINGS: &str = "FILLHOUSE_";

/// How long it may take to start, on a machine that runs many tests at once.
const START_LIMIT: Duration = Duration::from_mins(1);

/// How long it may take to end after it was asked to.
const STOP_LIMIT: Duration = Duration::from_mins(1);

/// A server before it is started.
#[derive(Debug)]
pub struct ServerBuilder {
    command: Command,
    data_dir: Option<PathBuf>,
}

/// A running server, or one that has ended; its own data folder, if it was not given one, goes with it.
#[derive(Debug)]
pub struct Server {
    child: Child,
    output: Output,
    url: String,
    data_dir: PathBuf,
    _own_dir: Option<TempDir>,
}

impl Server {
    /// The server that this program is: in a test, `env!("CARGO_BIN_EXE_fillhouse")`.
    pub fn builder(program: impl AsRef<OsStr>) -> ServerBuilder {
        let mut command = Command::new(program);
        for (name, _) in env::vars_os().filter(|(name, _)| is_setting(name)) {
            command.env_remove(name);
        }
        command.env("FILLHOUSE_LISTEN", "127.0.0.1:0");
        ServerBuilder { command, data_dir: None }
    }

    /// Where it listens, without a slash at the end.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The id of its process.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Its data folder.
    pub fn data_dir(&self) -> &Path {
        &self.data_dir
    }

    /// What it has printed so far, to standard output and to standard error.
    pub fn output(&self) -> String {
        self.output.text()
    }

    /// Kills it as a power cut would (`SIGKILL`), and waits until it is gone.
    pub fn kill_hard(&mut self) {
        // It fails only for a server that has ended, which is what was asked for.
        let _ = self.child.kill();
        let _ = self.child.wait();
        self.output.wait_for_end();
    }

    /// Asks it to end (`SIGTERM`), waits until it has, and says how; a server that does not is killed.
    ///
    /// # Panics
    ///
    /// When it does not end in time.
    #[track_caller]
    pub fn stop(&mut self) -> ExitStatus {
        // To a server that has ended already nothing is sent: its process id may be another's by now.
        if let Ok(Some(status)) = self.child.try_wait() {
            return status;
        }
        assert!(signal(self.pid(), "TERM"), "no signal reaches the server:\n{}", self.output());
        let Some(status) = wait::poll(STOP_LIMIT, || self.child.try_wait().ok().flatten()) else {
            self.kill_hard();
            panic!("the server was asked to end, and still runs after {STOP_LIMIT:?}:\n{}", self.output());
        };
        self.output.wait_for_end();
        status
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.kill_hard();
        if thread::panicking() {
            #[expect(
                clippy::print_stderr,
                reason = "who reads a failed test needs to see what the server said"
            )]
            {
                eprintln!("--- the server at {} said:\n{}---", self.url, self.output());
            }
        }
    }
}

impl ServerBuilder {
    /// Adds arguments.
    #[must_use]
    pub fn args<A: AsRef<OsStr>>(mut self, arguments: impl IntoIterator<Item = A>) -> Self {
        self.command.args(arguments);
        self
    }

    /// Sets an environment variable.
    #[must_use]
    pub fn env(mut self, name: impl AsRef<OsStr>, value: impl AsRef<OsStr>) -> Self {
        self.command.env(name, value);
        self
    }

    /// Gives it a data folder that outlives it, for a test that starts it again on the same data.
    #[must_use]
    pub fn data_dir(mut self, folder: impl Into<PathBuf>) -> Self {
        self.data_dir = Some(folder.into());
        self
    }

    /// Starts it and waits until it listens.
    ///
    /// # Panics
    ///
    /// When it cannot be started, ends before it listens, or does not listen in time.
    #[track_caller]
    pub fn start(mut self) -> Server {
        let (data_dir, own_dir) = if let Some(given) = self.data_dir.take() {
            (given, None)
        } else {
            let own = TempDir::new().expect("a temporary folder can be made");
            (own.path().to_owned(), Some(own))
        };
        fs::create_dir_all(&data_dir).expect("the data folder can be made");
        self.command.env("FILLHOUSE_DATA_DIR", &data_dir);
        self.command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = match self.command.spawn() {
            Ok(child) => child,
            Err(error) => panic!("cannot start {}: {error}", self.command.get_program().display()),
        };
        let output = Output::of(&mut child);
        let mut server = Server { child, output, url: String::new(), data_dir, _own_dir: own_dir };
        server.url = match server.output.wait_for_url(START_LIMIT) {
            Ok(url) => url,
            Err(reason) => panic!("the server does not listen: {reason}"),
        };
        server
    }
}

/// Sends a signal, and says whether there was a process to take it. By way of a shell: calling the system directly is
/// unsafe code, and a program named `kill` is not on every machine.
fn signal(pid: u32, name: &str) -> bool {
    let status =
        Command::new("sh").args(["-c", &format!("kill -{name} {pid}")]).stderr(Stdio::null()).status();
    status.is_ok_and(|status| status.success())
}

fn is_setting(name: &OsString) -> bool {
    name.to_str().is_some_and(|name| name.starts_with(SETTINGS))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::panic;

    const LISTENING: &str = "echo warming up; echo 'listening on http://127.0.0.1:4711'";

    /// A stand-in for a server: a shell script.
    fn script(text: &str) -> ServerBuilder {
        Server::builder("sh").args(["-c", &format!("{LISTENING}\n{text}")])
    }

    #[test]
    fn it_is_there_until_it_is_killed() {
        let mut server = script("exec tail -f /dev/null").start();
        assert_eq!(server.url(), "http://127.0.0.1:4711");
        assert!(signal(server.pid(), "0"));
        server.kill_hard();
        assert!(!signal(server.pid(), "0"));
        assert!(server.output().starts_with("warming up\n"));
    }

    #[test]
    fn it_can_end_in_its_own_way() {
        // It is ready for the signal before it says that it listens, as a real server is.
        let text =
            format!("trap 'echo goodbye >&2; kill $!; exit 3' TERM; tail -f /dev/null & {LISTENING}; wait");
        let mut server = Server::builder("sh").args(["-c", &text]).start();
        assert_eq!(server.stop().code(), Some(3));
        assert!(server.output().ends_with("goodbye\n"), "{}", server.output());
        assert_eq!(server.stop().code(), Some(3), "it has ended already");
    }

    #[test]
    fn its_settings_are_its_own() {
        let server = script("env; exec tail -f /dev/null").env("FILLHOUSE_MODE", "tested").start();
        let folder = format!("FILLHOUSE_DATA_DIR={}", server.data_dir().display());
        let settings = ["FILLHOUSE_LISTEN=127.0.0.1:0", "FILLHOUSE_MODE=tested", &folder];
        for setting in settings {
            wait::wait_until(setting, START_LIMIT, || server.output().contains(setting).then_some(()));
        }
        assert!(!server.output().contains("FILLHOUSE_TEST_POSTGRES"));
    }

    #[test]
    fn its_own_folder_goes_with_it_and_a_given_one_stays() {
        let given = TempDir::new().unwrap();
        let in_given = script("exec tail -f /dev/null").data_dir(given.path().join("data")).start();
        let in_own = script("exec tail -f /dev/null").start();
        let own = in_own.data_dir().to_owned();
        assert!(own.is_dir());
        drop((in_given, in_own));
        assert!(!own.exists());
        assert!(given.path().join("data").is_dir());
    }

    #[test]
    fn more_output_than_a_pipe_holds_does_not_stop_it() {
        let server = script("seq 100000; echo end; exec tail -f /dev/null").start();
        wait::wait_until("the last line", START_LIMIT, || {
            server.output().ends_with("100000\nend\n").then_some(())
        });
    }

    #[test]
    fn a_server_that_ends_early_is_told_with_what_it_said() {
        let builder = Server::builder("sh").args(["-c", "echo no database >&2; exit 1"]);
        let panic = panic::catch_unwind(panic::AssertUnwindSafe(|| builder.start())).unwrap_err();
        let message = panic.downcast_ref::<String>().unwrap();
        assert_eq!(message, "the server does not listen: it ended, having said:\nno database\n");
    }
}
