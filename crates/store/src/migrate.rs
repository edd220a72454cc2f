//! Migrations: embedded, forward-only, each run once, under a lock.
//!
//! Guarantees: two processes that start at once migrate one after the other; a migration is applied whole or not at all;
//! a migration that was edited after it ran, and a database that a newer program migrated, are refused.
//!
//! Must not know: what the tables are for.

use crate::dialect::LOCK_MIGRATIONS;
use crate::tx::{Connection, Tx};
use crate::value::params;
use crate::{Error, Result, Store};
use fillhouse_model::Timestamp;

struct Migration {
    name: &'static str,
    sqlite: &'static str,
    postgres: &'static str,
}

macro_rules! migrations {
    ($($name:literal),* $(,)?) => { &[$(Migration {
        name: $name,
        sqlite: include_str!(concat!("migrations/sqlite/", $name, ".sql")),
        postgres: include_str!(concat!("migrations/postgres/", $name, ".sql")),
    }),*] };
}

const MIGRATIONS: &[Migration] = migrations![
    "0001_initial",
    "0002_profiles",
    "0004_deliveries",
    "0005_files",
    "0006_open",
    "0007_matches",
    "0008_exports",
    "0009_breaks",
    "0010_looks",
    "0011_deletions",
    "0012_sessions",
    "0013_schedules",
    "0015_token_dates",
    "0016_audit",
    "0017_block_sizes",
    "0018_moments",
    "0019_segment_ends",
];

const LOCK_TABLE: &str = "CREATE TABLE IF NOT EXISTS migration_lock (id BIGINT NOT NULL PRIMARY KEY); \
     INSERT INTO migration_lock (id) VALUES (1) ON CONFLICT DO NOTHING; \
     CREATE TABLE IF NOT EXISTS migrations (name TEXT NOT NULL PRIMARY KEY, checksum BIGINT NOT NULL, applied_at BIGINT NOT NULL)";
const APPLIED: &str = "SELECT name, checksum FROM migrations ORDER BY name";
const REMEMBER: &str = "INSERT INTO migrations (name, checksum, applied_at) VALUES ($1, $2, $3)";

/// How often the lock's table is asked for: two processes that make it at the same moment may fail once.
const LOCK_TRIES: usize = 5;

/// What [`Store::migrate`] did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Migrated {
    /// The names of the migrations that were applied just now.
    pub applied: Vec<String>,
}

/// The names of the migrations that this program knows, first to last.
pub fn migrations_known() -> Vec<&'static str> {
    MIGRATIONS.iter().map(|migration| migration.name).collect()
}

/// What the migrations make of an empty database, for tests of what it does with a statement.
#[cfg(test)]
pub(crate) fn sqlite_schema() -> String {
    MIGRATIONS.iter().map(|migration| migration.sqlite).collect()
}

impl Store {
    /// Applies the migrations that the database lacks.
    ///
    /// # Errors
    /// The database has a migration that this program does not know, or knows differently.
    pub async fn migrate(&self, now: Timestamp) -> Result<Migrated> {
        let mut tried = 0;
        while let Err(error) = self.write(|tx| Box::pin(tx.batch(LOCK_TABLE))).await {
            tried += 1;
            if tried == LOCK_TRIES {
                return Err(error);
            }
        }
        let applied = self.write(move |tx| Box::pin(migrate(tx, now))).await?;
        Ok(Migrated { applied })
    }

    /// Whether the schema is the one that this program was made for.
    ///
    /// # Errors
    /// It is not; the error says what to do.
    pub async fn check_schema(&self) -> Result<()> {
        match self.read(|tx| Box::pin(missing(tx))).await {
            Ok(missing) => match missing.first() {
                None => Ok(()),
                Some(first) => {
                    Err(Error::Schema(format!("the database lacks {}: run `fillhouse migrate`", first.name)))
                }
            },
            Err(error @ Error::Schema(_)) => Err(error),
            Err(_) => {
                // Either there is no such table, or there is no such database.
                self.ping().await?;
                Err(Error::Schema("the database has no schema yet: run `fillhouse migrate`".into()))
            }
        }
    }
}

async fn migrate(tx: &mut Tx, now: Timestamp) -> Result<Vec<String>> {
    tx.batch(LOCK_MIGRATIONS.of(tx)).await?;
    let mut applied = Vec::new();
    for migration in missing(tx).await? {
        let sql = text(migration, tx);
        tx.batch(sql).await?;
        tx.execute(REMEMBER, params![migration.name, checksum(sql), now]).await?;
        applied.push(migration.name.to_owned());
    }
    Ok(applied)
}

async fn missing(tx: &mut Tx) -> Result<Vec<&'static Migration>> {
    let applied = tx.query(APPLIED, &[], |row| Ok((row.text(0)?, row.int(1)?))).await?;
    for (n, (name, was)) in applied.iter().enumerate() {
        let known = MIGRATIONS.get(n).filter(|known| known.name == name);
        let known = known.ok_or_else(|| {
            Error::Schema(format!("the database was migrated by a newer fillhouse ({name}): use that one"))
        })?;
        if checksum(text(known, tx)) != *was {
            return Err(Error::Schema(format!(
                "{name} was applied in another wording than this program has"
            )));
        }
    }
    Ok(MIGRATIONS.iter().skip(applied.len()).collect())
}

fn text(migration: &Migration, tx: &Tx) -> &'static str {
    match tx.connection {
        Connection::Sqlite(_) => migration.sqlite,
        Connection::Postgres(_) => migration.postgres,
    }
}

/// FNV-1a: enough to notice an edit, and the same on every machine.
fn checksum(text: &str) -> i64 {
    let hash = text.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    i64::from_ne_bytes(hash.to_ne_bytes())
}
