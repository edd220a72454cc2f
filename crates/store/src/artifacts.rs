//! Artifacts: finished files, each a head, the renditions of a job's parts, and a tail.
//!
//! Guarantees: an artifact is dropped together with what only it was made of.
//!
//! Must not know: what is in a head or a tail.

use crate::value::{Param, Row, params};
use crate::{Error, Result, Tx};
use fillhouse_model::{AccountId, JobId, Timestamp};

const COLUMNS: &str = "id, account_id, job_id, content_key, name, media_type, rows, size_bytes, sha256, head, joint, tail, \
     created_at, expires_at, breaks";
const PUT: &str = "INSERT INTO artifacts (id, account_id, job_id, content_key, name, media_type, rows, size_bytes, \
     sha256, head, joint, tail, created_at, expires_at, breaks) \
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)";
const EXTEND: &str = "UPDATE artifacts SET expires_at = $1 WHERE id = $2 AND expires_at < $1";
const EXPIRED: &str = "SELECT id, job_id FROM artifacts WHERE expires_at <= $1 LIMIT $2";
// What was found expired may have been kept longer since.
const DROP: &str = "DELETE FROM artifacts WHERE id = $1 AND expires_at <= $2";
const DROP_PARTS: &str = "DELETE FROM parts WHERE job_id = $1 AND NOT EXISTS \
     (SELECT 1 FROM artifacts WHERE artifacts.job_id = parts.job_id)";
const OLD_JOBS: &str = "SELECT id FROM jobs WHERE finished_at < $1 AND NOT EXISTS \
     (SELECT 1 FROM artifacts WHERE artifacts.job_id = jobs.id) LIMIT $2";
const DROP_PROFILE_PARTS: &str = "DELETE FROM profile_parts WHERE job_id = $1";
const DROP_JOB: &str = "DELETE FROM jobs WHERE id = $1";

/// A finished file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Artifact {
    /// Its id: unguessable, part of its URL.
    pub id: String,
    /// Whose it is.
    pub account_id: AccountId,
    /// The job whose parts it is made of.
    pub job_id: JobId,
    /// The digest of what it was made from: an equal one means an equal file.
    pub content_key: String,
    /// The file's name.
    pub name: String,
    /// The file's media type.
    pub media_type: String,
    /// How many submissions are in it.
    pub rows: i64,
    /// How many bytes it has.
    pub size_bytes: i64,
    /// SHA-256 of its bytes, in lower-case hex.
    pub sha256: String,
    /// The bytes before the first part.
    pub head: Vec<u8>,
    /// The bytes between any two parts where there is no break.
    pub joint: Vec<u8>,
    /// What stands between certain parts instead of the joint, in order.
    pub breaks: Vec<Break>,
    /// The bytes after the last part.
    pub tail: Vec<u8>,
    /// When it was finished.
    pub created_at: Timestamp,
    /// When it will be dropped.
    pub expires_at: Timestamp,
}

/// What stands before a part that is not the first, instead of the joint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Break {
    /// The place of the part among those that have bytes; the first one is 0.
    pub part: usize,
    /// The bytes.
    pub bytes: Vec<u8>,
}

impl Break {
    /// What stands before the part at a place that is not the first.
    pub fn before<'a>(part: usize, breaks: &'a [Self], joint: &'a [u8]) -> &'a [u8] {
        let found = breaks.binary_search_by_key(&part, |known| known.part);
        found.map_or(joint, |found| &breaks[found].bytes)
    }
}

/// A run of an artifact's bytes that is in a blob.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// The blob.
    pub blob: String,
    /// How many bytes it has.
    pub size_bytes: i64,
}

impl Tx {
    /// The artifact of this id, in whatever account.
    pub async fn artifact(&mut self, id: &str) -> Result<Option<Artifact>> {
        let sql = format!("SELECT {COLUMNS} FROM artifacts WHERE id = $1");
        self.query_one(&sql, params![id], read_artifact).await
    }

    /// The account's latest artifact made from the same, that is there until after `now`.
    pub async fn artifact_like(
        &mut self,
        account: AccountId,
        content_key: &str,
        now: Timestamp,
    ) -> Result<Option<Artifact>> {
        let sql = format!(
            "SELECT {COLUMNS} FROM artifacts WHERE content_key = $1 AND account_id = $2 AND expires_at > $3 \
             ORDER BY created_at DESC, id LIMIT 1"
        );
        self.query_one(&sql, params![content_key, account.0, now], read_artifact).await
    }

    /// Stores an artifact.
    pub async fn put_artifact(&mut self, artifact: &Artifact) -> Result<()> {
        let breaks = written(&artifact.breaks);
        let values = params![
            &artifact.id,
            artifact.account_id.0,
            &artifact.job_id.0,
            &artifact.content_key,
            &artifact.name,
            &artifact.media_type,
            artifact.rows,
            artifact.size_bytes,
            &artifact.sha256,
            artifact.head.as_slice(),
            artifact.joint.as_slice(),
            artifact.tail.as_slice(),
            artifact.created_at,
            artifact.expires_at,
            breaks.as_slice(),
        ];
        self.execute(PUT, values).await.map(drop)
    }

    /// Keeps an artifact until `expires_at`, where it would have gone before; whether it is still there.
    pub async fn extend_artifact(&mut self, id: &str, expires_at: Timestamp) -> Result<bool> {
        self.execute(EXTEND, params![expires_at, id]).await?;
        Ok(self.artifact(id).await?.is_some())
    }

    /// Drops up to `limit` artifacts that expired by `now`, and what holds their renditions; how many.
    pub async fn drop_artifacts(&mut self, now: Timestamp, limit: i64) -> Result<u64> {
        let expired =
            self.query(EXPIRED, params![now, limit], |row| Ok((row.text(0)?, row.text(1)?))).await?;
        let artifacts: Vec<Vec<Param<'_>>> =
            expired.iter().map(|(id, _)| params![id, now].to_vec()).collect();
        let jobs: Vec<Vec<Param<'_>>> = expired.iter().map(|(_, job)| params![job].to_vec()).collect();
        let dropped = self.execute_each(DROP, &artifacts).await?;
        self.execute_each(DROP_PARTS, &jobs).await?;
        Ok(dropped)
    }

    /// Drops up to `limit` jobs that ended before `before` and have no artifact; how many.
    pub async fn drop_jobs(&mut self, before: Timestamp, limit: i64) -> Result<u64> {
        let old = self.query(OLD_JOBS, params![before, limit], |row| row.text(0)).await?;
        let lists: Vec<Vec<Param<'_>>> = old.iter().map(|id| params![id].to_vec()).collect();
        self.execute_each(DROP_PARTS, &lists).await?;
        self.execute_each(DROP_PROFILE_PARTS, &lists).await?;
        self.execute_each(DROP_JOB, &lists).await
    }
}

fn read_artifact(row: Row<'_>) -> Result<Artifact> {
    Ok(Artifact {
        id: row.text(0)?,
        account_id: AccountId(row.int(1)?),
        job_id: JobId(row.text(2)?),
        content_key: row.text(3)?,
        name: row.text(4)?,
        media_type: row.text(5)?,
        rows: row.int(6)?,
        size_bytes: row.int(7)?,
        sha256: row.text(8)?,
        head: row.bytes(9)?.to_vec(),
        joint: row.bytes(10)?.to_vec(),
        tail: row.bytes(11)?.to_vec(),
        breaks: read_breaks(row.bytes(14)?)
            .ok_or_else(|| Error::inconsistent("artifacts", row.text(0).unwrap_or_default(), "its breaks"))?,
        created_at: row.instant(12)?,
        expires_at: row.instant(13)?,
    })
}

/// Breaks as they are stored: the place of the part and the number of bytes, of eight bytes each, and the bytes.
fn written(breaks: &[Break]) -> Vec<u8> {
    let mut written = Vec::new();
    for Break { part, bytes } in breaks {
        written.extend((*part as u64).to_le_bytes());
        written.extend((bytes.len() as u64).to_le_bytes());
        written.extend(bytes);
    }
    written
}

fn read_breaks(mut written: &[u8]) -> Option<Vec<Break>> {
    let number = |rest: &mut &[u8]| {
        let (bytes, behind) = rest.split_first_chunk::<8>()?;
        *rest = behind;
        usize::try_from(u64::from_le_bytes(*bytes)).ok()
    };
    let mut breaks = Vec::new();
    while !written.is_empty() {
        let (part, length) = (number(&mut written)?, number(&mut written)?);
        let (bytes, behind) = written.split_at_checked(length)?;
        breaks.push(Break { part, bytes: bytes.to_vec() });
        written = behind;
    }
    Some(breaks)
}

impl Error {
    /// The blob of a stored part is not there.
    pub fn missing_part(artifact: &str) -> Self {
        Self::inconsistent("artifacts", artifact, "a part of it has no blob")
    }
}
