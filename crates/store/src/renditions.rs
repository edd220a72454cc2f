//! Renditions: blocks rendered once, and kept for whoever needs the same again.
//!
//! Guarantees: there is one rendition a key; none is dropped that a job or an artifact is made of, unless it is damaged, and
//! then they lose it, too.
//!
//! Must not know: how a block is rendered, or what a layout is but its digest.

use crate::dialect::CLAIMED;
use crate::value::{Param, Row, params};
use crate::{Error, Result, Tx};
use fillhouse_model::{FormId, JobId, Timestamp};

const PARTS: &str = "SELECT renditions.id, form_id, block, version, layout, blob, rows, raw_bytes, deflated_bytes, \
     crc32, position FROM parts JOIN renditions ON renditions.id = parts.rendition_id \
     WHERE job_id = $1 ORDER BY position";
const PUT: &str = "INSERT INTO renditions (id, form_id, block, version, layout, blob, rows, raw_bytes, \
     deflated_bytes, crc32, used_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) \
     ON CONFLICT (form_id, block, version, layout) DO UPDATE SET used_at = excluded.used_at";
const BY_KEY: &str = "SELECT renditions.id, form_id, block, version, layout, blob, rows, raw_bytes, deflated_bytes, \
     crc32 FROM renditions WHERE form_id = $1 AND block = $2 AND version = $3 AND layout = $4";
const STALE: &str = "SELECT id, blob FROM renditions WHERE NOT EXISTS \
     (SELECT 1 FROM parts WHERE parts.rendition_id = renditions.id) \
     AND (used_at < $1 OR version < (SELECT last_seq FROM blocks \
         WHERE blocks.form_id = renditions.form_id AND blocks.block = renditions.block)) LIMIT $2";
const SIZE: &str = "SELECT CAST(COALESCE(SUM(deflated_bytes), 0) AS BIGINT) FROM renditions";
const COLDEST: &str = "SELECT id, blob, deflated_bytes FROM renditions WHERE NOT EXISTS \
     (SELECT 1 FROM parts WHERE parts.rendition_id = renditions.id) ORDER BY used_at, id LIMIT $1";
// Looked at again: what was found unused may have come into use until it was locked.
const DROP: &str = "DELETE FROM renditions WHERE id = $1 AND NOT EXISTS \
     (SELECT 1 FROM parts WHERE parts.rendition_id = renditions.id)";
// The locks of a damaged rendition and of whoever is made of it: a job that is just being completed ends first, and its
// file is found.
const LOCK: &str = "UPDATE renditions SET used_at = used_at WHERE id = $1";
const LOCK_USERS: &str = "UPDATE jobs SET barren_attempts = barren_attempts \
     WHERE id IN (SELECT job_id FROM parts WHERE rendition_id = $1)";
const DROP_FILES: &str =
    "DELETE FROM artifacts WHERE job_id IN (SELECT job_id FROM parts WHERE rendition_id = $1)";
const DROP_USES: &str = "DELETE FROM parts WHERE rendition_id = $1";
const DROP_DAMAGED: &str = "DELETE FROM renditions WHERE id = $1";
const WITH_BLOB: &str = "SELECT id FROM renditions WHERE id = $1";
const BLOB_IN_USE: &str = "SELECT id FROM renditions WHERE id = $1 \
     UNION ALL SELECT blob_id FROM profile_parts WHERE blob_id = $2";

/// What a rendition is of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RenditionKey {
    /// The form.
    pub form_id: FormId,
    /// The block of it.
    pub block: i64,
    /// The seq as of which the block was rendered.
    pub version: i64,
    /// The digest of everything else that its bytes depend on: columns, options, selection, format.
    pub layout: String,
}

/// One block rendered once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rendition {
    /// Its id.
    pub id: String,
    /// What it is of.
    pub key: RenditionKey,
    /// Where its bytes are; none where it has none.
    pub blob: Option<String>,
    /// How many submissions are in it.
    pub rows: i64,
    /// How many bytes it has when inflated.
    pub raw_bytes: i64,
    /// How many bytes it has.
    pub deflated_bytes: i64,
    /// The CRC-32 of what it inflates to.
    pub crc32: u32,
}

impl Tx {
    /// The renditions of these keys, in their order.
    pub async fn renditions(&mut self, keys: &[RenditionKey]) -> Result<Vec<Option<Rendition>>> {
        let lists: Vec<Vec<Param<'_>>> = keys
            .iter()
            .map(|key| params![key.form_id.0, key.block, key.version, &key.layout].to_vec())
            .collect();
        self.query_each(BY_KEY, &lists, read_rendition).await
    }

    /// Keeps a rendition, and gives the one that is kept: another, where one of the same key was there before.
    pub(crate) async fn keep_rendition(
        &mut self,
        rendition: &Rendition,
        now: Timestamp,
    ) -> Result<Rendition> {
        let Rendition { id, key, blob, rows, raw_bytes, deflated_bytes, crc32 } = rendition;
        let values = params![
            id,
            key.form_id.0,
            key.block,
            key.version,
            &key.layout,
            blob.as_deref(),
            *rows,
            *raw_bytes,
            *deflated_bytes,
            i64::from(*crc32),
            now,
        ];
        self.execute(PUT, values).await?;
        let kept = self.renditions(std::slice::from_ref(key)).await?.pop().flatten();
        kept.ok_or_else(|| Error::inconsistent("renditions", id, "it was stored and is not there"))
    }

    /// The renditions that a job has finished, with their positions, in order.
    pub async fn parts(&mut self, job: &JobId) -> Result<Vec<(i64, Rendition)>> {
        self.query(PARTS, params![&job.0], |row| Ok((row.int(10)?, read_rendition(row)?))).await
    }

    /// Drops up to `limit` renditions that nothing is made of and that are out of date, or were not used since
    /// `unused_since`; gives the blobs they had.
    pub async fn drop_renditions(
        &mut self,
        unused_since: Timestamp,
        limit: i64,
    ) -> Result<Vec<Option<String>>> {
        let sql = format!("{STALE}{}", CLAIMED.of(self));
        let stale = self
            .query(&sql, params![unused_since, limit], |row| Ok((row.text(0)?, row.text_or_null(1)?)))
            .await?;
        self.drop_unused(stale).await
    }

    /// Drops renditions that nothing is made of, those first that were not used for longest, until all that are left have no
    /// more than `budget_bytes`, but no more than `limit` of them; gives the blobs they had.
    pub async fn drop_renditions_beyond(
        &mut self,
        budget_bytes: i64,
        limit: i64,
    ) -> Result<Vec<Option<String>>> {
        let size_bytes = self.query_one(SIZE, &[], |row| row.int(0)).await?.unwrap_or(0);
        let mut excess_bytes = size_bytes - budget_bytes;
        if excess_bytes <= 0 {
            return Ok(Vec::new());
        }
        let sql = format!("{COLDEST}{}", CLAIMED.of(self));
        let read = |row: Row<'_>| Ok((row.text(0)?, row.text_or_null(1)?, row.int(2)?));
        let mut coldest = self.query(&sql, params![limit], read).await?;
        coldest.retain(|(_, _, bytes)| {
            let is_too_much = excess_bytes > 0;
            excess_bytes -= bytes;
            is_too_much
        });
        self.drop_unused(coldest.into_iter().map(|(id, blob, _)| (id, blob)).collect()).await
    }

    /// Drops those of these renditions, each with its blob, that nothing came to be made of; gives their blobs.
    async fn drop_unused(&mut self, found: Vec<(String, Option<String>)>) -> Result<Vec<Option<String>>> {
        let lists: Vec<Vec<Param<'_>>> = found.iter().map(|(id, _)| params![id].to_vec()).collect();
        self.execute_each(DROP, &lists).await?;
        let left = self.query_each(WITH_BLOB, &lists, |row| row.text(0)).await?;
        Ok(found
            .into_iter()
            .zip(left)
            .filter(|(_, left)| left.is_none())
            .map(|((_, blob), _)| blob)
            .collect())
    }

    /// Drops a rendition whose blob is damaged, with the parts that it is of unfinished jobs, and with the artifacts that
    /// were made of it: a file that cannot be read is none.
    pub async fn drop_damaged_rendition(&mut self, id: &str) -> Result<()> {
        for sql in [LOCK, LOCK_USERS, DROP_FILES, DROP_USES, DROP_DAMAGED] {
            self.execute(sql, params![id]).await?;
        }
        Ok(())
    }

    /// Which of these blobs a rendition has, or a part of a file of profiles. A rendition's blob ends in its id.
    pub async fn blobs_in_use(&mut self, ids: &[String]) -> Result<Vec<bool>> {
        let lists: Vec<Vec<Param<'_>>> = ids.iter().map(|id| params![id, id].to_vec()).collect();
        let found = self.query_each(BLOB_IN_USE, &lists, |row| row.text(0)).await?;
        Ok(found.into_iter().map(|id| id.is_some()).collect())
    }
}

fn read_rendition(row: Row<'_>) -> Result<Rendition> {
    let id = row.text(0)?;
    let crc32 = u32::try_from(row.int(9)?).map_err(|error| Error::inconsistent("renditions", &id, error))?;
    let key = RenditionKey {
        form_id: FormId(row.int(1)?),
        block: row.int(2)?,
        version: row.int(3)?,
        layout: row.text(4)?,
    };
    let (rows, raw_bytes, deflated_bytes) = (row.int(6)?, row.int(7)?, row.int(8)?);
    Ok(Rendition { id, key, blob: row.text_or_null(5)?, rows, raw_bytes, deflated_bytes, crc32 })
}
