//! A database of a test's own, with the store that is tested and a way around it.
//!
//! Must not know: what the tests keep in it.

use fillhouse_model::Timestamp;
use fillhouse_store::{DatabaseUrl, Store};
use futures::future::BoxFuture;
use std::path::PathBuf;
use std::time::Duration;
use tokio_postgres::{NoTls, SimpleQueryMessage};

/// How long a test waits for what must come.
pub(crate) const PATIENCE: Duration = Duration::from_mins(1);

/// On PostgreSQL: how many connections to this database wait for a lock.
pub(crate) const BLOCKED: &str =
    "SELECT COUNT(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'";

/// On PostgreSQL: how many transactions of others are open in this database.
pub(crate) const OPEN: &str = "SELECT COUNT(*) FROM pg_stat_activity \
     WHERE datname = current_database() AND xact_start IS NOT NULL AND pid <> pg_backend_pid()";

/// A database, empty or migrated, that goes with its value.
pub(crate) struct Db {
    pub(crate) store: Store,
    pub(crate) place: Place,
}

/// Where a database is, which goes with its value.
pub(crate) enum Place {
    Sqlite { folder: tempfile::TempDir },
    Postgres { database: fillhouse_testkit::Database },
}

impl Db {
    pub(crate) async fn sqlite() -> Self {
        Self::open(Place::sqlite()).await.migrated().await
    }

    pub(crate) async fn postgres() -> Self {
        Self::open(Place::postgres()).await.migrated().await
    }

    /// Another database of the same kind, empty.
    pub(crate) async fn another_empty(&self) -> Self {
        Self::open(self.place.another()).await
    }

    async fn open(place: Place) -> Self {
        let store = Store::open(&place.url()).await.unwrap();
        Self { store, place }
    }

    async fn migrated(self) -> Self {
        self.store.migrate(at(0)).await.unwrap();
        self
    }

    /// Whether units of work run one after the other, each on a thread of the store.
    pub(crate) fn is_sqlite(&self) -> bool {
        matches!(self.place, Place::Sqlite { .. })
    }

    /// Runs statements beside the store.
    pub(crate) async fn execute(&self, sql: &str) {
        self.rows(sql).await;
    }

    /// The only value of the only row that a query gives beside the store.
    pub(crate) async fn number(&self, sql: &str) -> i64 {
        self.rows(sql).await[0][0].parse().unwrap()
    }

    /// How many rows a table has.
    pub(crate) async fn count(&self, table: &str) -> i64 {
        self.number(&format!("SELECT COUNT(*) FROM {table}")).await
    }

    /// Waits until a query gives the number `expected`.
    pub(crate) async fn wait_for(&self, what: &str, sql: &str, expected: i64) {
        let looking = async { while self.number(sql).await != expected {} };
        let found = tokio::time::timeout(PATIENCE, looking).await;
        found.unwrap_or_else(|_| panic!("waited in vain for {what}"));
    }

    /// What a query gives beside the store, as texts; nothing is an empty one.
    pub(crate) async fn rows(&self, sql: &str) -> Vec<Vec<String>> {
        match &self.place {
            Place::Sqlite { folder } => sqlite_rows(&path(folder), sql),
            Place::Postgres { database } => postgres_rows(database.url(), sql).await,
        }
    }
}

impl Place {
    fn sqlite() -> Self {
        Self::Sqlite { folder: tempfile::tempdir().unwrap() }
    }

    fn postgres() -> Self {
        Self::Postgres { database: fillhouse_testkit::postgres() }
    }

    /// One of the same kind, where nobody was yet.
    pub(crate) fn another(&self) -> Self {
        match self {
            Self::Sqlite { .. } => Self::sqlite(),
            Self::Postgres { .. } => Self::postgres(),
        }
    }

    pub(crate) fn url(&self) -> DatabaseUrl {
        match self {
            Self::Sqlite { folder } => DatabaseUrl::Sqlite(path(folder)),
            Self::Postgres { database } => DatabaseUrl::Postgres(database.url().to_owned()),
        }
    }
}

fn path(folder: &tempfile::TempDir) -> PathBuf {
    folder.path().join("fillhouse.sqlite")
}

fn sqlite_rows(path: &std::path::Path, sql: &str) -> Vec<Vec<String>> {
    use rusqlite::types::Value;
    let connection = rusqlite::Connection::open(path).unwrap();
    connection.busy_timeout(PATIENCE).unwrap();
    let mut statement = connection.prepare(sql).unwrap();
    let columns = statement.column_count();
    let mut rows = statement.query(()).unwrap();
    let mut found = Vec::new();
    while let Some(row) = rows.next().unwrap() {
        let values = (0..columns).map(|column| match row.get(column).unwrap() {
            Value::Null => String::new(),
            Value::Integer(number) => number.to_string(),
            Value::Text(text) => text,
            other => panic!("{other:?} is no text"),
        });
        found.push(values.collect());
    }
    found
}

/// Boxed, or it would be compiled again for each module of tests.
pub(crate) fn postgres_rows<'a>(url: &'a str, sql: &'a str) -> BoxFuture<'a, Vec<Vec<String>>> {
    Box::pin(async move {
        let (client, connection) = tokio_postgres::connect(url, NoTls).await.unwrap();
        let driver = tokio::spawn(connection);
        let messages = client.simple_query(sql).await.unwrap();
        drop(client);
        driver.await.unwrap().unwrap();
        let rows = messages.iter().filter_map(|message| match message {
            SimpleQueryMessage::Row(row) => Some(row),
            _ => None,
        });
        let texts =
            rows.map(|row| (0..row.len()).map(|column| row.get(column).unwrap_or("").to_owned()).collect());
        texts.collect()
    })
}

/// The instant `seconds` after the epoch.
pub(crate) fn at(seconds: i64) -> Timestamp {
    Timestamp::from_micros(seconds * 1_000_000).unwrap()
}
