//! Jobs as whoever asked for them sees them: in lists, in the queue, again, and no more.
//!
//! Guarantees: a job that was cancelled is written to no more; a file that several jobs have goes with the last of them.
//!
//! Must not know: what a job does, or who may ask.

use crate::jobs::{COLUMNS, read_job};
use crate::value::{Param, params};
use crate::{JobRecord, Lease, Result, Tx};
use fillhouse_model::{AccountId, FormId, JobId, JobState, Timestamp};

const WRITTEN: &str = "SELECT CAST(COALESCE(SUM(renditions.rows), 0) AS BIGINT), \
     CAST(COALESCE(SUM(renditions.deflated_bytes), 0) AS BIGINT) \
     FROM parts JOIN renditions ON renditions.id = parts.rendition_id WHERE parts.job_id = $1";
const AHEAD: &str = "SELECT COUNT(*) FROM jobs WHERE state = 'queued' \
     AND (turn_at < $1 OR (turn_at = $1 AND number < $2))";
const CANCEL: &str = "UPDATE jobs SET state = $1, owner = NULL, finished_at = $2 \
     WHERE id = $3 AND account_id = $4 AND state IN ('queued', 'running')";
const BEGIN_RENDERING: &str = "UPDATE jobs SET rendering_since = $1, \
     blocks_before = (SELECT COUNT(*) FROM parts WHERE job_id = jobs.id) \
     WHERE id = $2 AND attempt = $3 AND state = 'running'";
// Whoever would take the file over locks it first, too: then one of the two sees what the other did.
const LOCK_FILES: &str = "UPDATE artifacts SET expires_at = expires_at WHERE job_id = $1";
const HEIR: &str = "SELECT jobs.id FROM jobs JOIN artifacts \
     ON artifacts.id = jobs.artifact_id AND artifacts.account_id = jobs.account_id \
     WHERE artifacts.job_id = $1 AND jobs.id <> $1 AND jobs.state = 'completed' ORDER BY jobs.number LIMIT 1";
const DROP_PARTS: &str = "DELETE FROM parts WHERE job_id = $1";
const MOVE_PARTS: &str = "UPDATE parts SET job_id = $1 WHERE job_id = $2";
const MOVE_FILES: &str = "UPDATE artifacts SET job_id = $1 WHERE job_id = $2";
const DROP_FILES: &str = "DELETE FROM artifacts WHERE job_id = $1";
const DROP_JOB: &str = "DELETE FROM jobs WHERE id = $1 AND account_id = $2";

/// Which of an account's jobs of a kind.
#[derive(Debug, Clone, Copy)]
pub struct JobPage {
    /// Only those of this form.
    pub form: Option<FormId>,
    /// Only those with a lower number.
    pub before: Option<i64>,
    /// How many at most.
    pub limit: i64,
}

/// What a job has written so far, as its finished blocks say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Written {
    /// How many rows.
    pub rows: i64,
    /// How many bytes.
    pub size_bytes: i64,
}

impl Tx {
    /// An account's jobs of a kind, the latest first.
    pub async fn jobs_of(&mut self, account: AccountId, kind: &str, page: JobPage) -> Result<Vec<JobRecord>> {
        let sql = format!(
            "SELECT {COLUMNS} FROM jobs WHERE account_id = $1 AND kind = $2 AND number < $3 \
             AND (CAST($4 AS BIGINT) = 0 OR form_id = $4) ORDER BY number DESC LIMIT $5"
        );
        // No form has the number 0.
        let form = page.form.map_or(0, |form| form.0);
        let values = params![account.0, kind, page.before.unwrap_or(i64::MAX), form, page.limit];
        self.query(&sql, values, read_job).await
    }

    /// The account's latest job that was asked for in the same words and saw the same, and that came to nothing bad: it
    /// waits, is under way, or is completed.
    pub async fn job_like(
        &mut self,
        account: AccountId,
        digest: &str,
        snapshot_seq: i64,
    ) -> Result<Option<JobRecord>> {
        let sql = format!(
            "SELECT {COLUMNS} FROM jobs WHERE account_id = $1 AND digest = $2 AND snapshot_seq = $3 \
             AND state IN ('queued', 'running', 'completed') ORDER BY number DESC LIMIT 1"
        );
        self.query_one(&sql, params![account.0, digest, snapshot_seq], read_job).await
    }

    /// What each of these jobs has written so far, in their order.
    pub async fn written(&mut self, jobs: &[JobId]) -> Result<Vec<Written>> {
        let lists: Vec<Vec<Param<'_>>> = jobs.iter().map(|id| params![&id.0].to_vec()).collect();
        let written = self
            .query_each(WRITTEN, &lists, |row| Ok(Written { rows: row.int(0)?, size_bytes: row.int(1)? }))
            .await?;
        Ok(written.into_iter().map(Option::unwrap_or_default).collect())
    }

    /// How many jobs go before a waiting one, of whatever account.
    pub async fn jobs_ahead(&mut self, job: &JobRecord) -> Result<i64> {
        let ahead = self.query_one(AHEAD, params![job.turn_at, job.number], |row| row.int(0)).await?;
        Ok(ahead.unwrap_or(0))
    }

    /// Says that what is left to render is begun; whether the lease still holds.
    pub async fn begin_rendering(&mut self, lease: &Lease, now: Timestamp) -> Result<bool> {
        Ok(self.execute(BEGIN_RENDERING, params![now, &lease.job_id.0, lease.attempt]).await? == 1)
    }

    /// Cancels an account's job, and lets go of what it has finished; whether it was unfinished.
    pub async fn cancel_job(&mut self, account: AccountId, id: &JobId, now: Timestamp) -> Result<bool> {
        let values = params![JobState::Cancelled.name(), now, &id.0, account.0];
        let is_cancelled = self.execute(CANCEL, values).await? == 1;
        if is_cancelled {
            self.execute(DROP_PARTS, params![&id.0]).await?;
        }
        Ok(is_cancelled)
    }

    /// Deletes an account's job, which must have ended, and its file unless another job has that, too; whether it was
    /// there.
    pub async fn delete_job(&mut self, account: AccountId, id: &JobId) -> Result<bool> {
        if self.job_of(account, id).await?.is_none_or(|job| job.job.state.is_unfinished()) {
            return Ok(false);
        }
        self.execute(LOCK_FILES, params![&id.0]).await?;
        match self.query_one(HEIR, params![&id.0], |row| row.text(0)).await? {
            Some(heir) => {
                // Its own parts, if it has any, are the same ones.
                self.execute(DROP_PARTS, params![&heir]).await?;
                self.execute(MOVE_PARTS, params![&heir, &id.0]).await?;
                self.execute(MOVE_FILES, params![&heir, &id.0]).await?;
            }
            None => {
                self.execute(DROP_FILES, params![&id.0]).await?;
                self.execute(DROP_PARTS, params![&id.0]).await?;
            }
        }
        Ok(self.execute(DROP_JOB, params![&id.0, account.0]).await? == 1)
    }
}
