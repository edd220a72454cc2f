//! The database of a backup where it is a PostgreSQL: by its own programs, `pg_dump` and `pg_restore`.
//!
//! Guarantees: a password is in no argument, which everybody on the machine can read; what is restored is restored whole or
//! not at all, and nothing that is there is written over.
//!
//! Must not know: blobs.

use anyhow::{Context as _, Result, bail};
use percent_encoding::percent_decode_str;
use std::ffi::OsStr;
use std::io::ErrorKind;
use std::path::Path;
use std::process::{Command, Stdio};
use tokio::task::spawn_blocking;

/// How much of what a program says is said again.
const MOST_CHARS: usize = 2_000;

/// Copies a database into a file, as of one moment.
pub(super) async fn dump(url: &str, file: &Path) -> Result<()> {
    let flags = ["--format=custom", "--no-owner", "--no-privileges"];
    run("pg_dump", url, flags.map(OsStr::new).into_iter().chain([OsStr::new("--file"), file.as_os_str()]))
        .await
}

/// Makes a database of such a file, which must be empty.
pub(super) async fn restore(url: &str, file: &Path) -> Result<()> {
    let flags = ["--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges"];
    let restored = run("pg_restore", url, flags.map(OsStr::new).into_iter().chain([file.as_os_str()])).await;
    restored.context("nothing was restored: the database must be there and empty, and the program no older than the backup")
}

async fn run<'a>(program: &str, url: &str, arguments: impl Iterator<Item = &'a OsStr>) -> Result<()> {
    let (url, password) = without_password(url)?;
    let mut command = Command::new(program);
    command.arg("--dbname").arg(url).arg("--no-password").args(arguments).stdin(Stdio::null());
    if let Some(password) = password {
        command.env("PGPASSWORD", password);
    }
    let ended = match spawn_blocking(move || command.output()).await? {
        Err(error) if error.kind() == ErrorKind::NotFound => bail!(
            "{program} is not there: install the client programs of PostgreSQL (postgresql-client on Debian), of the \
             server's version or later"
        ),
        ended => ended.with_context(|| format!("{program} cannot be run"))?,
    };
    if !ended.status.success() {
        let said: String = String::from_utf8_lossy(&ended.stderr).trim().chars().take(MOST_CHARS).collect();
        bail!("{program} has failed: {said}");
    }
    Ok(())
}

/// An address without its password, and that.
fn without_password(url: &str) -> Result<(String, Option<String>)> {
    let mut url = reqwest::Url::parse(url).context("database-url is no address")?;
    let decoded = |text| percent_decode_str(text).decode_utf8_lossy().into_owned();
    let password = url.password().map(decoded);
    if password.is_some() {
        url.set_password(None).ok();
    }
    Ok((url.into(), password))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_taken_out_of_an_address() {
        for (url, bare, password) in [
            (
                "postgres://a:p%40%2Fs%s@db:5433/x?sslmode=require",
                "postgres://a@db:5433/x?sslmode=require",
                Some("p@/s%s"),
            ),
            ("postgres://a@127.0.0.1:5432/x", "postgres://a@127.0.0.1:5432/x", None),
        ] {
            let (shown, found) = without_password(url).unwrap();
            assert_eq!((shown.as_str(), found.as_deref()), (bare, password));
        }
        assert!(without_password("host=db user=a").is_err());
    }
}
