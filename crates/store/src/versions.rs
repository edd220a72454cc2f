//! The rows of a block as they were at a seq, from what is there now and the versions that were replaced since.
//!
//! Guarantees: each submission that was there at that seq is given once, in the order of arrival.
//!
//! Must not know: which rows are wanted, or what for.

use crate::submissions::key_of;
use crate::value::{Row, params};
use crate::{BLOCK_ROWS, Result, Tx};
use fillhouse_model::{FormId, Timestamp};
use std::ops::Range;

const CURRENT: &str =
    "SELECT key, body, seq FROM submissions WHERE key >= $1 AND key < $2 AND seq <= $3 ORDER BY key";
const REPLACED: &str = "SELECT key, body, seq FROM versions \
     WHERE key >= $1 AND key < $2 AND seq <= $3 AND replaced_seq > $3 ORDER BY key";
const OF_ONE: &str = "SELECT body, replaced_at FROM versions WHERE key = $1 ORDER BY seq DESC LIMIT $2";
const DROP_VERSIONS: &str = "DELETE FROM versions WHERE replaced_at < $1 AND NOT EXISTS \
     (SELECT 1 FROM jobs WHERE jobs.form_id = versions.key >> 32 AND jobs.state IN ('queued', 'running') \
     AND jobs.snapshot_seq < versions.replaced_seq)";

/// The rows of a block, one after the other in one piece of memory.
#[derive(Debug, Default)]
pub struct BlockRows {
    bytes: Vec<u8>,
    /// The key of each row, where in `bytes` it is, and the seq of the change that brought it, in order.
    rows: Vec<(i64, usize, usize, i64)>,
}

impl BlockRows {
    /// The rows, in the order of arrival.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &[u8]> {
        self.with_keys().map(|(_, row)| row)
    }

    /// The rows with their keys, in the order of arrival.
    pub fn with_keys(&self) -> impl DoubleEndedIterator<Item = (i64, &[u8])> {
        self.rows.iter().map(|&(key, start, end, _)| (key, &self.bytes[start..end]))
    }

    /// The rows that came with a change after `seq`, with their keys, in the order of arrival.
    pub fn changed_after(&self, seq: i64) -> impl DoubleEndedIterator<Item = (i64, &[u8])> {
        let changed = self.rows.iter().filter(move |(.., row_seq)| *row_seq > seq);
        changed.map(|&(key, start, end, _)| (key, &self.bytes[start..end]))
    }

    fn clear(&mut self) {
        self.bytes.clear();
        self.rows.clear();
    }

    fn push(&mut self, row: &Row<'_>) -> Result<()> {
        let start = self.bytes.len();
        self.bytes.extend_from_slice(row.bytes(1)?);
        self.rows.push((row.int(0)?, start, self.bytes.len(), row.int(2)?));
        Ok(())
    }
}

impl Tx {
    /// The rows that were in a block of a form at `seq`, in the memory of `spare`, which may have held others before.
    pub async fn block_rows(
        &mut self,
        form: FormId,
        block: i64,
        seq: i64,
        spare: BlockRows,
    ) -> Result<BlockRows> {
        let first = block * BLOCK_ROWS;
        self.rows_of_ordinals(form, first..first + BLOCK_ROWS, seq, spare).await
    }

    /// The rows of a form that were at these ordinals at `seq`, in the memory of `spare`.
    pub async fn rows_of_ordinals(
        &mut self,
        form: FormId,
        ordinals: Range<i64>,
        seq: i64,
        spare: BlockRows,
    ) -> Result<BlockRows> {
        let values = params![key_of(form, ordinals.start), key_of(form, ordinals.end), seq];
        let mut found = spare;
        found.clear();
        self.visit(REPLACED, values, &mut |row| found.push(&row)).await?;
        let has_versions = !found.rows.is_empty();
        self.visit(CURRENT, values, &mut |row| found.push(&row)).await?;
        if has_versions {
            found.rows.sort_unstable_by_key(|&(key, ..)| key);
        }
        Ok(found)
    }

    /// Up to `limit` versions of the submission at a key, the latest first, each with when it was replaced.
    pub async fn versions_of(&mut self, key: i64, limit: i64) -> Result<Vec<(Vec<u8>, Timestamp)>> {
        self.query(OF_ONE, params![key, limit], |row| Ok((row.bytes(0)?.to_vec(), row.instant(1)?))).await
    }

    /// Drops the versions that were replaced before `before` and that no unfinished job may still read; how many.
    pub async fn drop_versions(&mut self, before: Timestamp) -> Result<u64> {
        self.raise_known_since(before).await?;
        self.forget_moments(before).await?;
        self.execute(DROP_VERSIONS, params![before]).await
    }
}
