//! Jobs: their rows, and the fence around what a worker writes.
//!
//! Guarantees: whatever is written on behalf of a lease is written only while that lease is the job's latest; a worker
//! that woke up late changes nothing.
//!
//! Must not know: when a job is due or given up (the model says), or what a job does.

use crate::artifacts::Artifact;
use crate::dialect::CLAIMED;
use crate::renditions::Rendition;
use crate::value::{Row, params};
use crate::{Error, Result, Tx};
use fillhouse_model::{
    AccountId, AudienceId, FormId, Job, JobId, JobState, JobSubject, Timestamp, UserId, turn_at,
};

pub(crate) const COLUMNS: &str = "id, number, account_id, user_id, form_id, kind, request, snapshot_seq, state, attempt, \
     barren_attempts, lease_until, blocks_total, rows_total, error, artifact_id, created_at, finished_at, \
     (SELECT COUNT(*) FROM parts WHERE job_id = jobs.id) + (SELECT COUNT(*) FROM profile_parts WHERE job_id = jobs.id), \
     heartbeat_at, audience_id, expected_rows, turn_at, rendering_since, blocks_before";
const CREATE: &str = "INSERT INTO jobs (id, number, account_id, user_id, form_id, audience_id, kind, request, \
     snapshot_seq, state, attempt, barren_attempts, lease_until, blocks_total, rows_total, created_at, digest, \
     expected_rows, turn_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, 0, 0, $14, $15, $16, $17)";
const UNFINISHED_OF: &str =
    "SELECT COUNT(*) FROM jobs WHERE account_id = $1 AND state IN ('queued', 'running')";
const CREATE_FINISHED: &str = "INSERT INTO jobs (id, number, account_id, user_id, form_id, audience_id, kind, request, \
     snapshot_seq, state, attempt, barren_attempts, lease_until, blocks_total, rows_total, artifact_id, created_at, \
     finished_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'completed', 0, 0, $10, 0, $11, $12, $10, $10)";
const DUE: &str = "SELECT id FROM jobs WHERE state IN ('queued', 'running') AND lease_until <= $1 \
     AND expected_rows <= $2 ORDER BY turn_at, number LIMIT 1";
const LEASE: &str = "UPDATE jobs SET state = $1, attempt = $2, barren_attempts = $3, owner = $4, lease_until = $5, \
     heartbeat_at = $6, error = $7, finished_at = $8, rendering_since = NULL WHERE id = $9 AND attempt = $10";
const HEARTBEAT: &str = "UPDATE jobs SET heartbeat_at = $1, lease_until = $2 \
     WHERE id = $3 AND attempt = $4 AND state = 'running'";
// The first attempt's count of blocks stays: a later one may find more, and what was told of the progress would go back.
const PLAN: &str = "UPDATE jobs SET blocks_total = CASE WHEN blocks_total = 0 THEN $1 ELSE blocks_total END, \
     rows_total = $2 WHERE id = $3 AND attempt = $4 AND state = 'running'";
const FENCE: &str =
    "UPDATE jobs SET barren_attempts = 0 WHERE id = $1 AND attempt = $2 AND state = 'running'";
const ADD_PART: &str = "INSERT INTO parts (job_id, position, rendition_id) VALUES ($1, $2, $3)";
const USE_RENDITION: &str = "UPDATE renditions SET used_at = $1 WHERE id = $2";
const END: &str = "UPDATE jobs SET state = $1, error = $2, artifact_id = $3, rows_total = $4, finished_at = $5 \
     WHERE id = $6 AND attempt = $7 AND state = 'running'";
const REQUEUE: &str = "UPDATE jobs SET state = 'queued', owner = NULL, lease_until = $1, error = $2 \
     WHERE id = $3 AND attempt = $4 AND state = 'running'";
const RELEASE: &str = "UPDATE jobs SET lease_until = $1 WHERE owner = $2 AND state = 'running'";
const UNFINISHED: &str = "SELECT COUNT(*) FROM jobs WHERE state IN ('queued', 'running')";
const IS_LATEST: &str = "SELECT id FROM jobs WHERE id = $1 AND attempt = $2 AND state = 'running'";

/// A job to be created.
#[derive(Debug, Clone)]
pub struct JobSpec {
    /// Its id.
    pub id: JobId,
    /// Who asked for it.
    pub account_id: AccountId,
    /// The user whose token it was.
    pub user_id: UserId,
    /// What it is about.
    pub subject: JobSubject,
    /// What kind of work it is.
    pub kind: &'static str,
    /// What exactly: a document of the engine's.
    pub request: String,
    /// What was asked for, hashed, where the same request is to be answered with the same job.
    pub digest: Option<String>,
    /// About how many rows it will look at.
    pub expected_rows: i64,
    /// The seq of its subject's change that it sees last; none for the last there is.
    pub snapshot_seq: Option<i64>,
}

/// A job as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JobRecord {
    /// Its id.
    pub id: JobId,
    /// Its number among all jobs, counting up.
    pub number: i64,
    /// Who asked for it.
    pub account_id: AccountId,
    /// The user whose token it was.
    pub user_id: UserId,
    /// What it is about.
    pub subject: JobSubject,
    /// What kind of work it is.
    pub kind: String,
    /// What exactly.
    pub request: String,
    /// The seq of its subject's last change when it was made: what it sees.
    pub snapshot_seq: i64,
    /// What the rules of leasing look at.
    pub job: Job,
    /// How many blocks it has to do; 0 until that is known.
    pub blocks_total: i64,
    /// How many blocks it has done.
    pub blocks_done: i64,
    /// About how many rows it has to look at; once completed, exactly how many it wrote.
    pub rows_total: i64,
    /// Why the last attempt ended.
    pub error: Option<String>,
    /// What came of it.
    pub artifact_id: Option<String>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was completed or given up.
    pub finished_at: Option<Timestamp>,
    /// When a worker last said that it is at it.
    pub heartbeat_at: Option<Timestamp>,
    /// About how many rows it was expected to look at.
    pub expected_rows: i64,
    /// When it is its turn: the sooner goes first.
    pub turn_at: Timestamp,
    /// Since when its latest attempt renders.
    pub rendering_since: Option<Timestamp>,
    /// How many blocks were done then.
    pub blocks_before: i64,
}

impl JobRecord {
    /// The form it is about.
    ///
    /// # Errors
    /// It is about something else: whoever asks did not look at its kind.
    pub fn form_id(&self) -> Result<FormId> {
        match self.subject {
            JobSubject::Form(form) => Ok(form),
            JobSubject::Audience(_) => Err(Error::inconsistent("jobs", &self.id, "it is not about a form")),
        }
    }
}

/// A worker's hold on a job: the attempt is the fencing token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lease {
    /// The job.
    pub job_id: JobId,
    /// The attempt that the worker was given.
    pub attempt: i64,
}

/// What became of a finished block.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Checkpoint {
    /// It counts, with this rendition: the worker's own, or one that another had stored before.
    Stored(Rendition),
    /// The rendition that was to be reused has been dropped meanwhile; nothing was written.
    Gone,
    /// The lease is no longer the job's latest; nothing was written.
    Fenced,
}

impl Tx {
    /// Creates a job, pinned to what its subject holds now, or held then.
    pub async fn create_job(&mut self, spec: &JobSpec, now: Timestamp) -> Result<()> {
        let number = self.take_job_number().await?;
        let (form, audience) = columns_of(spec.subject);
        let snapshot_seq = match (spec.snapshot_seq, spec.subject) {
            (Some(seq), _) => seq,
            (None, JobSubject::Form(form)) => self.form_seq(form).await?,
            (None, JobSubject::Audience(audience)) => self.audience_seq(audience).await?,
        };
        let job = Job::queued(now);
        let unfinished = self.query_one(UNFINISHED_OF, params![spec.account_id.0], |row| row.int(0)).await?;
        let turn_at = turn_at(now, spec.expected_rows, unfinished.unwrap_or(0));
        let values = params![
            &spec.id.0,
            number,
            spec.account_id.0,
            spec.user_id.0,
            form,
            audience,
            spec.kind,
            &spec.request,
            snapshot_seq,
            job.state.name(),
            job.attempt,
            job.barren_attempts,
            job.lease_until,
            now,
            spec.digest.as_deref(),
            spec.expected_rows,
            turn_at,
        ];
        self.execute(CREATE, values).await.map(drop)
    }

    /// A number that no other job has.
    pub async fn take_job_number(&mut self) -> Result<i64> {
        self.next_number("export_number").await
    }

    /// Stores a job that is done already, with its file; it saw its subject as of `snapshot_seq`.
    pub async fn put_finished_job(
        &mut self,
        spec: &JobSpec,
        (number, snapshot_seq): (i64, i64),
        artifact: &Artifact,
        now: Timestamp,
    ) -> Result<()> {
        let (form, audience) = columns_of(spec.subject);
        let values = params![
            &spec.id.0,
            number,
            spec.account_id.0,
            spec.user_id.0,
            form,
            audience,
            spec.kind,
            &spec.request,
            snapshot_seq,
            now,
            artifact.rows,
            &artifact.id,
        ];
        self.execute(CREATE_FINISHED, values).await?;
        self.put_artifact(artifact).await
    }

    /// The account's job of this id.
    pub async fn job_of(&mut self, account: AccountId, id: &JobId) -> Result<Option<JobRecord>> {
        let sql = format!("SELECT {COLUMNS} FROM jobs WHERE id = $1 AND account_id = $2");
        self.query_one(&sql, params![&id.0, account.0], read_job).await
    }

    /// A job of at most `most_rows` rows that is due at `now`, the one whose turn comes first; it is nobody else's until the
    /// unit of work ends.
    pub async fn due_job(&mut self, now: Timestamp, most_rows: i64) -> Result<Option<JobRecord>> {
        let sql = format!("{DUE}{}", CLAIMED.of(self));
        let Some(id) = self.query_one(&sql, params![now, most_rows], |row| row.text(0)).await? else {
            return Ok(None);
        };
        let sql = format!("SELECT {COLUMNS} FROM jobs WHERE id = $1");
        self.query_one(&sql, params![&id], read_job).await
    }

    /// Stores what leasing made of `record` (see [`Job::lease`]); whether nobody came before.
    pub async fn put_lease(
        &mut self,
        record: &JobRecord,
        leased: Job,
        owner: &str,
        now: Timestamp,
    ) -> Result<bool> {
        let failed = leased.state == JobState::Failed;
        let error = failed.then(|| record.error.as_deref().unwrap_or("it was tried too often"));
        let values = params![
            leased.state.name(),
            leased.attempt,
            leased.barren_attempts,
            owner,
            leased.lease_until,
            now,
            error,
            failed.then_some(now),
            &record.id.0,
            record.job.attempt,
        ];
        Ok(self.execute(LEASE, values).await? == 1)
    }

    /// Says that the worker is alive, and moves the lease's end to `until`; whether the lease still holds.
    pub async fn heartbeat(&mut self, lease: &Lease, now: Timestamp, until: Timestamp) -> Result<bool> {
        let values = params![now, until, &lease.job_id.0, lease.attempt];
        Ok(self.execute(HEARTBEAT, values).await? == 1)
    }

    /// Records how much there is to do; whether the lease still holds.
    pub async fn plan_job(&mut self, lease: &Lease, blocks: i64, rows: i64) -> Result<bool> {
        let values = params![blocks, rows, &lease.job_id.0, lease.attempt];
        Ok(self.execute(PLAN, values).await? == 1)
    }

    /// Records that the block at `position` of the job's plan is done, with `rendition`, which is stored where nobody
    /// stored an equal one before.
    pub async fn checkpoint(
        &mut self,
        lease: &Lease,
        position: i64,
        rendition: &Rendition,
        now: Timestamp,
    ) -> Result<Checkpoint> {
        if !self.has_progressed(lease).await? {
            return Ok(Checkpoint::Fenced);
        }
        let stored = self.keep_rendition(rendition, now).await?;
        self.execute(ADD_PART, params![&lease.job_id.0, position, &stored.id]).await?;
        Ok(Checkpoint::Stored(stored))
    }

    /// Like [`Tx::checkpoint`], for a rendition that was stored before.
    pub async fn checkpoint_reused(
        &mut self,
        lease: &Lease,
        position: i64,
        rendition: &Rendition,
        now: Timestamp,
    ) -> Result<Checkpoint> {
        if !self.has_progressed(lease).await? {
            return Ok(Checkpoint::Fenced);
        }
        if self.execute(USE_RENDITION, params![now, &rendition.id]).await? == 0 {
            return Ok(Checkpoint::Gone);
        }
        self.execute(ADD_PART, params![&lease.job_id.0, position, &rendition.id]).await?;
        Ok(Checkpoint::Stored(rendition.clone()))
    }

    /// Notes that a lease came to something; whether it still holds.
    pub(crate) async fn has_progressed(&mut self, lease: &Lease) -> Result<bool> {
        Ok(self.execute(FENCE, params![&lease.job_id.0, lease.attempt]).await? == 1)
    }

    /// Ends a job as completed with an artifact of `rows` rows; whether the lease still held.
    pub async fn complete_job(
        &mut self,
        lease: &Lease,
        artifact: &str,
        rows: i64,
        now: Timestamp,
    ) -> Result<bool> {
        self.end_job(lease, JobState::Completed, None, Some(artifact), rows, now).await
    }

    /// Ends a job as failed; whether the lease still held.
    pub async fn fail_job(&mut self, lease: &Lease, error: &str, now: Timestamp) -> Result<bool> {
        self.end_job(lease, JobState::Failed, Some(error), None, 0, now).await
    }

    async fn end_job(
        &mut self,
        lease: &Lease,
        state: JobState,
        error: Option<&str>,
        artifact: Option<&str>,
        rows: i64,
        now: Timestamp,
    ) -> Result<bool> {
        let values = params![state.name(), error, artifact, rows, now, &lease.job_id.0, lease.attempt];
        Ok(self.execute(END, values).await? == 1)
    }

    /// Gives a job back, to be leased from `at` on; whether the lease still held.
    pub async fn requeue_job(&mut self, lease: &Lease, at: Timestamp, error: Option<&str>) -> Result<bool> {
        Ok(self.execute(REQUEUE, params![at, error, &lease.job_id.0, lease.attempt]).await? == 1)
    }

    /// Ends the leases that `owner` holds, which the caller knows to be dead; how many.
    pub async fn release_leases(&mut self, owner: &str, now: Timestamp) -> Result<u64> {
        self.execute(RELEASE, params![now, owner]).await
    }

    /// How many jobs wait or run.
    pub async fn unfinished_jobs(&mut self) -> Result<i64> {
        Ok(self.query_one(UNFINISHED, &[], |row| row.int(0)).await?.unwrap_or(0))
    }

    /// Whether a lease is still its job's latest.
    pub async fn is_latest(&mut self, lease: &Lease) -> Result<bool> {
        let found =
            self.query_one(IS_LATEST, params![&lease.job_id.0, lease.attempt], |row| row.text(0)).await?;
        Ok(found.is_some())
    }
}

/// What a job is about, as its row says it: a form or an audience.
fn columns_of(subject: JobSubject) -> (Option<i64>, Option<i64>) {
    match subject {
        JobSubject::Form(form) => (Some(form.0), None),
        JobSubject::Audience(audience) => (None, Some(audience.0)),
    }
}

pub(crate) fn read_job(row: Row<'_>) -> Result<JobRecord> {
    let id = row.text(0)?;
    let state = row.text(8)?;
    let state = JobState::from_name(&state)
        .ok_or_else(|| Error::inconsistent("jobs", &id, format!("{state:?} is no state")))?;
    let subject = match (row.int_or_null(4)?, row.int_or_null(20)?) {
        (Some(form), None) => JobSubject::Form(FormId(form)),
        (None, Some(audience)) => JobSubject::Audience(AudienceId(audience)),
        _ => return Err(Error::inconsistent("jobs", &id, "it is about neither a form nor an audience")),
    };
    Ok(JobRecord {
        id: JobId(id),
        number: row.int(1)?,
        account_id: AccountId(row.int(2)?),
        user_id: UserId(row.int(3)?),
        subject,
        kind: row.text(5)?,
        request: row.text(6)?,
        snapshot_seq: row.int(7)?,
        job: Job {
            state,
            attempt: row.int(9)?,
            barren_attempts: row.int(10)?,
            lease_until: row.instant(11)?,
        },
        blocks_total: row.int(12)?,
        blocks_done: row.int(18)?,
        rows_total: row.int(13)?,
        error: row.text_or_null(14)?,
        artifact_id: row.text_or_null(15)?,
        created_at: row.instant(16)?,
        finished_at: row.instant_or_null(17)?,
        heartbeat_at: row.instant_or_null(19)?,
        expected_rows: row.int(21)?,
        turn_at: row.instant(22)?,
        rendering_since: row.instant_or_null(23)?,
        blocks_before: row.int(24)?,
    })
}
