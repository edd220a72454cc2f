//! Submissions: their rows, in one contiguous range a form.
//!
//! Guarantees: a row that is replaced or deleted is kept as a version, for whoever reads an earlier moment.
//!
//! Must not know: what is in a row but its dates and its status; validation is the engine's.

use crate::dialect::INSERT_SUBMISSIONS;
use crate::tx::Connection;
use crate::value::{Param, Row, params};
use crate::{Result, Tx};
use fillhouse_model::{AccountId, FormId, SubmissionId, Timestamp};
use futures::future::BoxFuture;

const FIND: &str = "SELECT key, seq, body FROM submissions WHERE account_id = $1 AND id = $2";
const ROWS_AFTER: &str =
    "SELECT key, seq, body FROM submissions WHERE key > $1 AND key < $2 ORDER BY key LIMIT $3";
const ROWS_WITHIN: &str = "SELECT key, body FROM submissions WHERE key >= $1 AND key <= $2 ORDER BY key";
const ROW_AT: &str = "SELECT body FROM submissions WHERE key = $1";
const KEEP_VERSION: &str = "INSERT INTO versions (key, seq, replaced_seq, replaced_at, body) \
     SELECT key, seq, CAST($1 AS BIGINT), CAST($2 AS BIGINT), body FROM submissions WHERE key = $3";
const REPLACE: &str = "UPDATE submissions SET seq = $1, body = $2 WHERE key = $3";
const NOTE_DELETION: &str = "INSERT INTO deletions (key, seq, id) \
     SELECT key, CAST($1 AS BIGINT), id FROM submissions WHERE key = $2";
const DELETE: &str = "DELETE FROM submissions WHERE key = $1";

/// Rows that are close to each other are read in one go, where that reads at most this many times as many.
const MOST_SPREAD: i64 = 3;

/// The largest ordinal that a key has room for.
pub(crate) const LAST_ORDINAL: i64 = 0xffff_ffff;

/// The key of a form's row: the form's id in the upper 32 bits, the ordinal in the lower.
pub fn key_of(form: FormId, ordinal: i64) -> i64 {
    form.0 << 32 | ordinal
}

/// The ordinal within its form of the row at a key.
pub fn ordinal_of(key: i64) -> i64 {
    key & LAST_ORDINAL
}

/// The form whose row is at a key.
pub fn form_of(key: i64) -> FormId {
    FormId(key >> 32)
}

/// A row to be stored.
#[derive(Debug, Clone)]
pub struct NewRow {
    /// Where it goes.
    pub key: i64,
    /// The submission's id.
    pub id: SubmissionId,
    /// The seq of the change that brings it.
    pub seq: i64,
    /// The row itself.
    pub body: Vec<u8>,
}

/// A row as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stored {
    /// Where it is.
    pub key: i64,
    /// The seq of the change that brought it.
    pub seq: i64,
    /// The row itself.
    pub body: Vec<u8>,
}

impl Tx {
    /// The account's submissions of these ids, in their order.
    pub async fn submissions(
        &mut self,
        account: AccountId,
        ids: &[SubmissionId],
    ) -> Result<Vec<Option<Stored>>> {
        let lists: Vec<Vec<Param<'_>>> = ids.iter().map(|id| params![account.0, id.0].to_vec()).collect();
        self.query_each(FIND, &lists, |row| {
            Ok(Stored { key: row.int(0)?, seq: row.int(1)?, body: row.bytes(2)?.to_vec() })
        })
        .await
    }

    /// Up to `limit` rows of a form whose key is after `after`, by key: the order of arrival.
    pub async fn rows_after(&mut self, form: FormId, after: i64, limit: i64) -> Result<Vec<Stored>> {
        let end = key_of(FormId(form.0 + 1), 0);
        let after = after.max(key_of(form, 0) - 1);
        self.query(ROWS_AFTER, params![after, end, limit], |row| {
            Ok(Stored { key: row.int(0)?, seq: row.int(1)?, body: row.bytes(2)?.to_vec() })
        })
        .await
    }

    /// The rows at these keys, in their order; none where there is no row, or no row any more.
    pub async fn bodies_at(&mut self, keys: &[i64]) -> Result<Vec<Option<Vec<u8>>>> {
        let (Some(&first), Some(&last)) = (keys.iter().min(), keys.iter().max()) else {
            return Ok(Vec::new());
        };
        if last - first < MOST_SPREAD * keys.len() as i64 {
            let mut places: Vec<(i64, usize)> = keys.iter().copied().zip(0..).collect();
            places.sort_unstable();
            let mut rest = places.as_slice();
            let mut bodies = vec![None; keys.len()];
            let mut keep = |row: Row<'_>| {
                let key = row.int(0)?;
                // Rows and places ascend alike; a key that is asked for twice has two places.
                rest = &rest[rest.partition_point(|(wanted, _)| *wanted < key)..];
                for (_, place) in rest.iter().take_while(|(wanted, _)| *wanted == key) {
                    bodies[*place] = Some(row.bytes(1)?.to_vec());
                }
                Ok(())
            };
            self.visit(ROWS_WITHIN, params![first, last], &mut keep).await?;
            return Ok(bodies);
        }
        let lists: Vec<Vec<Param<'_>>> = keys.iter().map(|key| params![*key].to_vec()).collect();
        self.query_each(ROW_AT, &lists, |row| Ok(row.bytes(0)?.to_vec())).await
    }

    /// Stores new rows of an account. Straight to the driver, since this is what loads are made of.
    ///
    /// # Errors
    /// [`crate::Error::Constraint`] where the account has a submission of one of the ids.
    pub async fn insert_submissions(&mut self, account: AccountId, rows: &[NewRow]) -> Result<()> {
        let sql = INSERT_SUBMISSIONS.of(self);
        let inserted = match self.connection {
            Connection::Sqlite(ref connection) => insert_each(connection, sql, account, rows),
            Connection::Postgres(ref client) => insert_all(client, sql, account, rows).await,
        };
        self.noted(inserted)
    }

    /// Puts new versions in place of rows that are there, and keeps those they replace.
    pub async fn replace_submissions(&mut self, rows: &[NewRow], now: Timestamp) -> Result<()> {
        let kept: Vec<Vec<Param<'_>>> =
            rows.iter().map(|row| params![row.seq, now, row.key].to_vec()).collect();
        self.execute_each(KEEP_VERSION, &kept).await?;
        let replaced: Vec<Vec<Param<'_>>> =
            rows.iter().map(|row| params![row.seq, row.body.as_slice(), row.key].to_vec()).collect();
        self.execute_each(REPLACE, &replaced).await.map(drop)
    }

    /// Deletes the row at `key` with `seq`, keeps it as a version, and notes that.
    pub async fn delete_submission(&mut self, key: i64, seq: i64, now: Timestamp) -> Result<()> {
        self.execute(KEEP_VERSION, params![seq, now, key]).await?;
        self.execute(NOTE_DELETION, params![seq, key]).await?;
        self.execute(DELETE, params![key]).await.map(drop)
    }
}

fn insert_each(
    connection: &rusqlite::Connection,
    sql: &str,
    account: AccountId,
    rows: &[NewRow],
) -> Result<()> {
    let mut statement = connection.prepare_cached(sql)?;
    for row in rows {
        statement.execute((row.key, account.0, row.id.0, row.seq, &row.body))?;
    }
    Ok(())
}

fn insert_all<'a>(
    client: &'a deadpool_postgres::Object,
    sql: &'a str,
    account: AccountId,
    rows: &'a [NewRow],
) -> BoxFuture<'a, Result<()>> {
    Box::pin(async move {
        let statement = client.prepare_cached(sql).await?;
        let keys: Vec<i64> = rows.iter().map(|row| row.key).collect();
        let ids: Vec<i64> = rows.iter().map(|row| row.id.0).collect();
        let seqs: Vec<i64> = rows.iter().map(|row| row.seq).collect();
        let bodies: Vec<&[u8]> = rows.iter().map(|row| row.body.as_slice()).collect();
        client.execute(&statement, &[&account.0, &keys, &ids, &seqs, &bodies]).await?;
        Ok(())
    })
}
