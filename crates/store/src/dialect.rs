//! The few statements that must differ between the databases, each a named pair.
//!
//! Guarantees: everything else in this crate is one text for both. The tidy rules count these pairs.
//!
//! Must not know: what the statements are for.

use crate::tx::{Connection, Tx};

/// A statement in two spellings.
pub(crate) struct Pair {
    sqlite: &'static str,
    postgres: &'static str,
}

impl Pair {
    /// The spelling for the database of `tx`.
    pub(crate) fn of(&self, tx: &Tx) -> &'static str {
        match tx.connection {
            Connection::Sqlite(_) => self.sqlite,
            Connection::Postgres(_) => self.postgres,
        }
    }
}

/// Makes the migrations of two processes wait for each other. On SQLite the transaction itself does; on PostgreSQL a row
/// is locked, which any engine that speaks its language can do, and which ends with the transaction.
pub(crate) const LOCK_MIGRATIONS: Pair =
    Pair { sqlite: "SELECT 1", postgres: "SELECT 1 FROM migration_lock WHERE id = 1 FOR UPDATE" };

/// What the database's program calls itself.
pub(crate) const VERSION: Pair =
    Pair { sqlite: "SELECT sqlite_version()", postgres: "SELECT current_setting('server_version')" };

/// What time it is there, in whole seconds: nothing is stored by it, but two that differ are worth a word.
pub(crate) const CLOCK: Pair = Pair {
    sqlite: "SELECT CAST(strftime('%s', 'now') AS INTEGER)",
    postgres: "SELECT CAST(EXTRACT(EPOCH FROM clock_timestamp()) AS BIGINT)",
};

/// What is wrong with the database's file; `ok` where nothing is. PostgreSQL has no such question.
pub(crate) const INTEGRITY: Pair =
    Pair { sqlite: "PRAGMA integrity_check", postgres: "SELECT CAST('ok' AS TEXT)" };

/// The end of a query in a unit of work that is about to change the rows it gives: locks them, and passes over those
/// that others have locked, so that two who look for work neither find the same nor wait for each other. On SQLite only
/// one writes at a time.
pub(crate) const CLAIMED: Pair = Pair { sqlite: "", postgres: " FOR UPDATE SKIP LOCKED" };

/// Stores submissions: row by row on SQLite, where a call costs nothing; all of them at once on PostgreSQL, where it
/// costs a message.
pub(crate) const INSERT_SUBMISSIONS: Pair = Pair {
    sqlite: "INSERT INTO submissions (key, account_id, id, seq, body) VALUES ($1, $2, $3, $4, $5)",
    postgres: "INSERT INTO submissions (account_id, key, id, seq, body) \
               SELECT $1, * FROM unnest($2::bigint[], $3::bigint[], $4::bigint[], $5::bytea[])",
};
