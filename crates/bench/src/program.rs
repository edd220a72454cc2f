//! The program that is measured, as a process.
//!
//! Must not know: what it is asked.

use anyhow::{Context as _, Result, ensure};
use fillhouse_testkit::Server;
use std::path::Path;
use std::process::{Command, Stdio};

/// Where a program keeps its data.
#[derive(Clone, Copy)]
pub(crate) struct Place<'a> {
    pub(crate) data_dir: &'a Path,
    /// The database; SQLite in the folder where there is none.
    pub(crate) database_url: Option<&'a str>,
}

/// Where the program is.
pub(crate) fn binary() -> Result<String> {
    std::env::var("FILLHOUSE_BIN").context("FILLHOUSE_BIN is not set: run this with `cargo xtask bench`")
}

/// The PostgreSQL that was started for this run.
pub(crate) fn postgres_url() -> Result<String> {
    std::env::var("FILLHOUSE_BENCH_POSTGRES")
        .context("FILLHOUSE_BENCH_POSTGRES is not set: run this with `cargo xtask bench`")
}

/// The program, with no settings but those that it is given.
fn command() -> Result<Command> {
    let mut command = Command::new(binary()?);
    // What is said to us is no setting of the program's.
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("FILLHOUSE_") {
            command.env_remove(name);
        }
    }
    Ok(command)
}

/// Writes the finished submissions of the first form into a CSV file.
pub(crate) fn export_csv(data_dir: &Path, to: &Path) -> Result<()> {
    let mut command = command()?;
    command
        .args(["export", "1", "--output"])
        .arg(to)
        .env("FILLHOUSE_DATA_DIR", data_dir)
        .stdout(Stdio::null());
    let output = command.output()?;
    ensure!(output.status.success(), "export failed: {}", String::from_utf8_lossy(&output.stderr));
    Ok(())
}

/// Imports a file, and waits until the disk has nothing left to do for it: what is measured next is not slowed down by it.
pub(crate) fn import(place: Place<'_>, file: &Path) -> Result<()> {
    let mut command = command()?;
    command.arg("import").arg(file).env("FILLHOUSE_DATA_DIR", place.data_dir).stdout(Stdio::null());
    if let Some(url) = place.database_url {
        command.env("FILLHOUSE_DATABASE_URL", url);
    }
    let output = command.output()?;
    ensure!(output.status.success(), "import failed: {}", String::from_utf8_lossy(&output.stderr));
    settle()
}

/// Copies a folder with data.
pub(crate) fn copy(from: &Path, to: &Path) -> Result<()> {
    let status = Command::new("cp").arg("-r").arg(from).arg(to).status()?;
    ensure!(status.success(), "cp failed");
    settle()
}

/// Waits until everything that was written is on the disk.
pub(crate) fn settle() -> Result<()> {
    ensure!(Command::new("sync").status()?.success(), "sync failed");
    Ok(())
}

/// Starts a server.
pub(crate) fn serve(place: Place<'_>, more: &[&str]) -> Result<Server> {
    let mut builder = Server::builder(binary()?).args(["serve", "--log", "warn"]).args(more.iter().copied());
    builder = builder.data_dir(place.data_dir);
    if let Some(url) = place.database_url {
        builder = builder.env("FILLHOUSE_DATABASE_URL", url);
    }
    Ok(builder.start())
}

/// The most memory that a process ever had resident, in MB.
pub(crate) fn peak_megabytes(pid: u32) -> Result<u64> {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status"))?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).context("no VmHWM")?;
    let kilobytes: u64 = line.trim().trim_end_matches(" kB").trim().parse()?;
    Ok(kilobytes / 1_000)
}
