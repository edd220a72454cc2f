//! A PostgreSQL database for one test.
//!
//! Guarantees that it is empty, that no other test uses it, and that it is dropped with its value. It works from plain
//! and from asynchronous tests alike, because it talks to the server on a thread of its own. It must not know what the
//! tests keep in it.

use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher, Hasher};
use std::time::Duration;
use std::{env, process, thread};
use tokio_postgres::{Config, NoTls};

const VARIABLE: &str = "FILLHOUSE_TEST_POSTGRES";
const CERTIFICATE: &str = "FILLHOUSE_TEST_POSTGRES_CERTIFICATE";

/// How long the server may take to answer a connection.
const CONNECT_LIMIT: Duration = Duration::from_secs(30);

/// A database that is there as long as this value.
#[derive(Debug)]
pub struct Database {
    server: String,
    name: String,
    url: String,
}

/// Makes a database on the server that `FILLHOUSE_TEST_POSTGRES` names.
///
/// # Panics
///
/// When the variable is not set or the server does not make one: a test of both databases that skips one of them would
/// show nothing.
pub fn postgres() -> Database {
    let Ok(server) = env::var(VARIABLE) else {
        panic!("{VARIABLE} is not set: run the tests with `cargo xtask test`");
    };
    let name = unique_name();
    // From the template that nobody may connect to: the usual one cannot be copied while somebody looks at it.
    let statement = format!("CREATE DATABASE {name} TEMPLATE template0");
    if let Err(error) = execute(&server, statement) {
        panic!("cannot make a database on {server}: {error}");
    }
    let url = with_database(&server, &name);
    Database { server, name, url }
}

/// The file of the certificate that the server has for TLS: of `127.0.0.1`, and signed by itself.
///
/// # Panics
///
/// When the variable that names it is not set.
pub fn postgres_certificate() -> String {
    env::var(CERTIFICATE)
        .unwrap_or_else(|_| panic!("{CERTIFICATE} is not set: run the tests with `cargo xtask test`"))
}

impl Database {
    /// The URL to connect to it with.
    pub fn url(&self) -> &str {
        &self.url
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        // `FORCE`: the connections of what was tested may still be open. Where it fails there is nobody to tell, and
        // the server itself is thrown away after the tests.
        let _ = execute(&self.server, format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name));
    }
}

/// Runs one statement on the server, on a thread of its own: a test may be inside a runtime, which cannot be entered again.
fn execute(server: &str, statement: String) -> Result<(), String> {
    let server = server.to_owned();
    let worker = thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        runtime.map_err(|error| error.to_string())?.block_on(execute_async(&server, &statement))
    });
    worker.join().unwrap_or_else(|_| Err("the thread that talks to the server panicked".into()))
}

async fn execute_async(server: &str, statement: &str) -> Result<(), String> {
    let mut config: Config = server.parse().map_err(|error: tokio_postgres::Error| told(&error))?;
    config.connect_timeout(CONNECT_LIMIT);
    let (client, connection) = config.connect(NoTls).await.map_err(|error| told(&error))?;
    let driver = tokio::spawn(connection);
    let result = client.batch_execute(statement).await.map_err(|error| told(&error));
    // Without its client the connection says goodbye and ends.
    drop(client);
    let _ = driver.await;
    result
}

/// An error with its cause: the driver's own text says only which step failed.
fn told(error: &tokio_postgres::Error) -> String {
    match std::error::Error::source(error) {
        Some(cause) => format!("{error}: {cause}"),
        None => error.to_string(),
    }
}

/// A name that no other test has: the standard library keys its hash maps with fresh randomness.
fn unique_name() -> String {
    format!("fh_{}_{:016x}", process::id(), RandomState::new().build_hasher().finish())
}

/// The URL of another database on the same server.
fn with_database(server: &str, name: &str) -> String {
    let (address, parameters) = match server.split_once('?') {
        Some((address, parameters)) => (address, format!("?{parameters}")),
        None => (server, String::new()),
    };
    let host_start = address.find("://").map_or(0, |at| at + 3);
    let host_end = address[host_start..].find('/').map_or(address.len(), |at| host_start + at);
    format!("{}/{name}{parameters}", &address[..host_end])
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whether one can connect to the database of this URL.
    fn exists(url: &str) -> bool {
        execute(url, "SELECT 1".into()).is_ok()
    }

    #[test]
    fn each_database_is_its_own_and_empty() {
        let (first, second) = (postgres(), postgres());
        assert_ne!(first.url(), second.url());
        for database in [&first, &second] {
            execute(database.url(), "CREATE TABLE a (b int)".into()).unwrap();
        }
    }

    #[test]
    fn a_dropped_database_is_gone() {
        let database = postgres();
        let url = database.url().to_owned();
        assert!(exists(&url));
        drop(database);
        assert!(!exists(&url));
    }

    #[tokio::test]
    async fn it_works_inside_a_runtime_and_goes_although_it_is_in_use() {
        let database = postgres();
        let url = database.url().to_owned();
        let (client, connection) = tokio_postgres::connect(&url, NoTls).await.unwrap();
        tokio::spawn(connection);
        client.batch_execute("SELECT 1").await.unwrap();
        drop(database);
        assert!(!exists(&url));
    }

    #[test]
    fn a_server_that_is_not_there_is_told() {
        let error = execute("postgres://postgres@127.0.0.1:1/postgres", "SELECT 1".into()).unwrap_err();
        assert!(error.contains("refused"), "{error}");
    }

    #[test]
    fn only_the_database_changes_in_a_url() {
        for (server, expected) in [
            ("postgres://me@host:5/postgres", "postgres://me@host:5/x"),
            ("postgres://me@host:5", "postgres://me@host:5/x"),
            ("postgres://me@host/?sslmode=disable", "postgres://me@host/x?sslmode=disable"),
            ("postgres://host?application_name=a/b", "postgres://host/x?application_name=a/b"),
        ] {
            assert_eq!(with_database(server, "x"), expected);
        }
    }

    #[test]
    fn names_differ_and_need_no_quotes() {
        let name = unique_name();
        assert_ne!(name, unique_name());
        assert!(name.len() < 64);
        assert!(name.chars().all(|character| character.is_ascii_lowercase()
            || character.is_ascii_digit()
            || character == '_'));
    }
}
