//! A throwaway PostgreSQL server, for tests and measurements.
//!
//! Guarantees that the server listens on the loopback address only, on a port that was free, that it can be used when
//! [`start`] returns, and that it and its files are gone when the value is dropped or this process ends in any way. It
//! must not know what the server is wanted for.

use crate::{find, shell};
use anyhow::{Context, Result, bail};
use std::io::{BufRead, BufReader, Read};
use std::net::{Ipv4Addr, TcpListener};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

const SCRIPT: &str = include_str!("postgres.sh");

/// Between taking a free port and using it, another program may take it: so often we try again.
const TRIES: u32 = 5;

/// Whether a commit waits for the disk.
#[derive(Clone, Copy)]
pub(crate) enum Fsync {
    /// As in production: measurements mean nothing without it.
    On,
    /// Faster: what a test would lose with the machine it does not need.
    Off,
}

/// A server that runs until this value is dropped.
pub(crate) struct Postgres {
    script: Child,
    port: u16,
    certificate: String,
}

impl Postgres {
    /// The URL of the server's own database, which allows everything.
    pub(crate) fn url(&self) -> String {
        format!("postgres://postgres@{}:{}/postgres", Ipv4Addr::LOCALHOST, self.port)
    }

    /// The file of the certificate that the server has for TLS.
    pub(crate) fn certificate(&self) -> &str {
        &self.certificate
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        // The script stops the server and removes its files when its standard input ends.
        drop(self.script.stdin.take());
        // A server that cannot be waited for is no reason to hide the result of the tests.
        let _ = self.script.wait();
    }
}

/// Starts a server and waits until it can be used.
pub(crate) fn start(fsync: Fsync) -> Result<Postgres> {
    let programs = find::postgres_programs()
        .context("there is no PostgreSQL server on this machine; `cargo xtask test tools` installs one")?;
    for _ in 0..TRIES {
        if let Started::Ready(server) = start_on(&programs, free_port()?, fsync)? {
            return Ok(server);
        }
    }
    bail!("PostgreSQL found no free port in {TRIES} tries")
}

enum Started {
    Ready(Postgres),
    PortTaken,
}

fn start_on(programs: &Path, port: u16, fsync: Fsync) -> Result<Started> {
    let mut script = shell_as_postgres()?
        .args(["-c", SCRIPT, "postgres.sh"])
        .arg(programs)
        .arg(parent_folder(fsync))
        .arg(server_options(port, fsync))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        // An own group: Ctrl-C must reach the script as the end of its input, not as a signal.
        .process_group(0)
        .spawn()
        .context("cannot start the PostgreSQL server")?;
    let mut said = String::new();
    BufReader::new(script.stdout.take().context("the script has no output")?).read_line(&mut said)?;
    if let Some(certificate) = said.strip_prefix("ready ") {
        let certificate = certificate.trim_end().to_owned();
        return Ok(Started::Ready(Postgres { script, port, certificate }));
    }
    let mut log = String::new();
    script.stderr.take().context("the script has no error output")?.read_to_string(&mut log)?;
    script.wait()?;
    if log.contains("could not bind") {
        return Ok(Started::PortTaken);
    }
    bail!("PostgreSQL did not start:\n{log}")
}

/// A shell that runs as a user who may run a server, which refuses to run as root.
fn shell_as_postgres() -> Result<Command> {
    if !is_root()? {
        return Ok(Command::new("sh"));
    }
    let mut command = Command::new("runuser");
    command.args(["-u", "postgres", "--", "sh"]);
    Ok(command)
}

/// Whether this process runs as root.
pub(crate) fn is_root() -> Result<bool> {
    Ok(shell::read(shell::program("id").arg("-u"))?.trim() == "0")
}

/// Where the server's files go: the folder for temporary files may be kept in memory, which measures no disk.
fn parent_folder(fsync: Fsync) -> PathBuf {
    match fsync {
        Fsync::On => PathBuf::from("/var/tmp"),
        Fsync::Off => std::env::temp_dir(),
    }
}

fn server_options(port: u16, fsync: Fsync) -> String {
    let fsync = match fsync {
        Fsync::On => "on",
        Fsync::Off => "off",
    };
    format!(
        "-c listen_addresses={} -c port={port} -c unix_socket_directories= -c max_connections=200 -c ssl=on -c fsync={fsync}",
        Ipv4Addr::LOCALHOST
    )
}

fn free_port() -> Result<u16> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).context("no free port")?;
    Ok(listener.local_addr()?.port())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::TcpStream;

    #[test]
    fn a_server_listens_until_it_is_dropped() {
        let server = start(Fsync::Off).unwrap();
        let address = (Ipv4Addr::LOCALHOST, server.port);
        assert!(TcpStream::connect(address).is_ok());
        assert!(server.url().starts_with("postgres://postgres@127.0.0.1:"));
        drop(server);
        assert!(TcpStream::connect(address).is_err());
    }

    #[test]
    fn a_taken_port_is_told_from_other_failures() {
        let taken = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let programs = find::postgres_programs().unwrap();
        let started = start_on(&programs, taken.local_addr().unwrap().port(), Fsync::Off).unwrap();
        assert!(matches!(started, Started::PortTaken));
        let error = start_on(&programs.join("nowhere"), 0, Fsync::Off).err().unwrap().to_string();
        assert!(error.starts_with("PostgreSQL did not start:"), "{error}");
    }

    #[test]
    fn only_a_measurement_waits_for_the_disk() {
        assert!(server_options(1, Fsync::On).ends_with("fsync=on"));
        assert!(server_options(1, Fsync::Off).ends_with("fsync=off"));
    }
}
