//! The parts of a file of profiles, as a job finishes them.
//!
//! Guarantees: a part is recorded only while the lease it was made under is the job's latest.
//!
//! Must not know: what is in a part.

use crate::value::{Param, Row, params};
use crate::{Error, Lease, Part, Result, Tx};
use fillhouse_model::{JobId, ProfileId, Timestamp};

const PARTS: &str = "SELECT position, last_id, blob_id, blob, rows, size_bytes FROM profile_parts \
     WHERE job_id = $1 ORDER BY position";
const ADD: &str = "INSERT INTO profile_parts (job_id, position, last_id, blob_id, blob, rows, size_bytes) \
     VALUES ($1, $2, $3, $4, $5, $6, $7)";
const DROP_FROM: &str = "DELETE FROM profile_parts WHERE job_id = $1 AND position >= $2";
const OF_FILE: &str = "SELECT blob, deflated_bytes, position FROM parts \
     JOIN renditions ON renditions.id = parts.rendition_id WHERE job_id = $1 AND blob IS NOT NULL \
     UNION ALL SELECT blob, size_bytes, position FROM profile_parts WHERE job_id = $2 AND blob IS NOT NULL \
     ORDER BY 3";
const LEFT: &str = "SELECT job_id, position, blob FROM profile_parts WHERE EXISTS \
     (SELECT 1 FROM jobs WHERE jobs.id = profile_parts.job_id AND finished_at < $1) AND NOT EXISTS \
     (SELECT 1 FROM artifacts WHERE artifacts.job_id = profile_parts.job_id) LIMIT $2";
const DROP: &str = "DELETE FROM profile_parts WHERE job_id = $1 AND position = $2";

/// A finished part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProfilePart {
    /// Its place in the file, from 0.
    pub position: i64,
    /// The last profile that was looked at for it; none in the last part.
    pub last_id: Option<ProfileId>,
    /// The last part of its blob's name.
    pub blob_id: String,
    /// Where its bytes are; none where it has none.
    pub blob: Option<String>,
    /// How many profiles are in it.
    pub rows: i64,
    /// How many bytes it has.
    pub size_bytes: i64,
}

impl Tx {
    /// What a job has finished, in order.
    pub async fn profile_parts(&mut self, job: &JobId) -> Result<Vec<ProfilePart>> {
        self.query(PARTS, params![&job.0], read_part).await
    }

    /// Records a finished part; whether the lease still held.
    pub async fn add_profile_part(&mut self, lease: &Lease, part: &ProfilePart) -> Result<bool> {
        if !self.has_progressed(lease).await? {
            return Ok(false);
        }
        let last_id = part.last_id.map(|id| id.to_string());
        let values = params![
            &lease.job_id.0,
            part.position,
            last_id.as_deref(),
            &part.blob_id,
            part.blob.as_deref(),
            part.rows,
            part.size_bytes,
        ];
        self.execute(ADD, values).await?;
        Ok(true)
    }

    /// Forgets the parts from `position` on: one of them cannot be read. Whether the lease still held.
    pub async fn drop_profile_parts_from(&mut self, lease: &Lease, position: i64) -> Result<bool> {
        if !self.has_progressed(lease).await? {
            return Ok(false);
        }
        self.execute(DROP_FROM, params![&lease.job_id.0, position]).await?;
        Ok(true)
    }

    /// The parts of a file that a job has finished, whatever it is of, in order.
    pub async fn file_parts(&mut self, job: &JobId) -> Result<Vec<Part>> {
        let read = |row: Row<'_>| Ok(Part { blob: row.text(0)?, size_bytes: row.int(1)? });
        self.query(OF_FILE, params![&job.0, &job.0], read).await
    }

    /// Drops up to `limit` parts of jobs that ended before `before` and that no file is made of; gives their blobs.
    pub async fn drop_profile_parts(&mut self, before: Timestamp, limit: i64) -> Result<Vec<Option<String>>> {
        let read = |row: Row<'_>| Ok((row.text(0)?, row.int(1)?, row.text_or_null(2)?));
        let left = self.query(LEFT, params![before, limit], read).await?;
        let lists: Vec<Vec<Param<'_>>> =
            left.iter().map(|(job, position, _)| params![job, *position].to_vec()).collect();
        self.execute_each(DROP, &lists).await?;
        Ok(left.into_iter().map(|(.., blob)| blob).collect())
    }
}

fn read_part(row: Row<'_>) -> Result<ProfilePart> {
    let last_id = match row.text_or_null(1)? {
        Some(text) => Some(text.parse().map_err(|error| Error::inconsistent("profile_parts", &text, error))?),
        None => None,
    };
    Ok(ProfilePart {
        position: row.int(0)?,
        last_id,
        blob_id: row.text(2)?,
        blob: row.text_or_null(3)?,
        rows: row.int(4)?,
        size_bytes: row.int(5)?,
    })
}
