//! A database of a test's own, and a way around the engine into it.
//!
//! Must not know: what the tests keep in it.

use crate::waiting::PATIENCE;
use fillhouse_engine::DatabaseUrl;
use std::path::{Path, PathBuf};
use tokio_postgres::{NoTls, SimpleQueryMessage};

/// A database that goes with its value.
pub(crate) enum Database {
    Sqlite { folder: tempfile::TempDir },
    Postgres { database: fillhouse_testkit::Database },
}

impl Database {
    pub(crate) fn sqlite() -> Self {
        Self::Sqlite { folder: tempfile::tempdir().unwrap() }
    }

    pub(crate) fn postgres() -> Self {
        Self::Postgres { database: fillhouse_testkit::postgres() }
    }

    /// Another database of the same kind, empty.
    pub(crate) fn another(&self) -> Self {
        match self {
            Self::Sqlite { .. } => Self::sqlite(),
            Self::Postgres { .. } => Self::postgres(),
        }
    }

    /// A database of the other kind, empty.
    pub(crate) fn other_kind(&self) -> Self {
        match self {
            Self::Sqlite { .. } => Self::postgres(),
            Self::Postgres { .. } => Self::sqlite(),
        }
    }

    pub(crate) fn url(&self) -> DatabaseUrl {
        match self {
            Self::Sqlite { folder } => DatabaseUrl::Sqlite(path(folder)),
            Self::Postgres { database } => DatabaseUrl::Postgres(database.url().to_owned()),
        }
    }

    /// What a statement gives beside the engine, as texts; nothing is an empty one.
    pub(crate) async fn rows(&self, sql: &str) -> Vec<Vec<String>> {
        match self {
            Self::Sqlite { folder } => sqlite_rows(&path(folder), sql),
            Self::Postgres { database } => postgres_rows(database.url(), sql).await,
        }
    }
}

fn path(folder: &tempfile::TempDir) -> PathBuf {
    folder.path().join("fillhouse.sqlite")
}

fn sqlite_rows(path: &Path, sql: &str) -> Vec<Vec<String>> {
    use rusqlite::types::Value;
    let connection = rusqlite::Connection::open(path).unwrap();
    connection.busy_timeout(PATIENCE).unwrap();
    let mut statement = connection.prepare(sql).unwrap();
    let columns = statement.column_count();
    let mut rows = statement.query(()).unwrap();
    let mut found = Vec::new();
    while let Some(row) = rows.next().unwrap() {
        let texts = (0..columns).map(|column| match row.get(column).unwrap() {
            Value::Null => String::new(),
            Value::Integer(number) => number.to_string(),
            Value::Text(text) => text,
            other => panic!("{other:?} is no text"),
        });
        found.push(texts.collect());
    }
    found
}

async fn postgres_rows(url: &str, sql: &str) -> Vec<Vec<String>> {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await.unwrap();
    let driver = tokio::spawn(connection);
    let messages = client.simple_query(sql).await.unwrap();
    drop(client);
    driver.await.unwrap().unwrap();
    let rows = messages.iter().filter_map(|message| match message {
        SimpleQueryMessage::Row(row) => Some(row),
        _ => None,
    });
    let text = |row: &tokio_postgres::SimpleQueryRow, column| row.get(column).unwrap_or("").to_owned();
    rows.map(|row| (0..row.len()).map(|column| text(row, column)).collect()).collect()
}
