//! Commands that are run to their end.
//!
//! Guarantees: none of the settings of whoever runs the tests reaches the program; a program that is not on this machine
//! is told as such, since a test that cannot run has failed.

use fillhouse_testkit::Server;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;

/// The program that is tested.
pub(crate) const PROGRAM: &str = env!("CARGO_BIN_EXE_fillhouse");

/// What came of a command.
#[derive(Debug)]
pub(crate) struct Ran {
    /// Its exit status; none where a signal ended it.
    pub(crate) status: Option<i32>,
    pub(crate) stdout: Vec<u8>,
    pub(crate) stderr: String,
}

impl Ran {
    /// What it printed on standard output.
    pub(crate) fn text(&self) -> String {
        String::from_utf8(self.stdout.clone()).unwrap()
    }

    /// The same command, which must have succeeded.
    #[track_caller]
    pub(crate) fn ok(self) -> Self {
        assert_eq!(self.status, Some(0), "{}\n{}", String::from_utf8_lossy(&self.stdout), self.stderr);
        self
    }
}

/// A command of the program, without any setting.
pub(crate) fn fillhouse() -> Command {
    let mut command = Command::new(PROGRAM);
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("FILLHOUSE_") {
            command.env_remove(name);
        }
    }
    command
}

/// Runs a command to its end.
#[track_caller]
pub(crate) fn run(command: &mut Command) -> Ran {
    run_with_input(command, Vec::new())
}

/// Runs a command to its end, with this on its standard input.
#[track_caller]
pub(crate) fn run_with_input(command: &mut Command, input: Vec<u8>) -> Ran {
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = start(command);
    let mut stdin = child.stdin.take().unwrap();
    // On a thread of its own: the command may write before it has read everything. That it reads no further, as after
    // a bad line, is its right.
    let feeding = thread::spawn(move || drop(stdin.write_all(&input)));
    let output = child.wait_with_output().unwrap();
    feeding.join().unwrap();
    Ran {
        status: output.status.code(),
        stdout: output.stdout,
        stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}

/// Starts a command.
#[track_caller]
pub(crate) fn start(command: &mut Command) -> Child {
    match command.spawn() {
        Ok(child) => child,
        Err(error) => panic!(
            "{} cannot be started ({error}): `cargo xtask test tools` installs what the tests need",
            command.get_program().display()
        ),
    }
}

/// A file of the repository.
pub(crate) fn in_repository(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(path)
}

/// A tool of the repository that is written in Python.
pub(crate) fn python_tool(name: &str) -> Command {
    let mut command = Command::new("python3");
    command.arg(in_repository("tools").join(name));
    command
}

/// Sends a signal to a server, by way of a shell: calling the system directly is unsafe code.
pub(crate) fn signal(server: &Server, name: &str) {
    run(Command::new("sh").args(["-c", &format!("kill -{name} {}", server.pid())])).ok();
}
