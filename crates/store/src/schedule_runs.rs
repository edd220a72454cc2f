//! The runs of schedules: who is at one, and what came of it.
//!
//! Guarantees: a schedule has one unfinished run at most; what a worker writes of a run is written only while its lease is
//! the run's latest. While its export is under way, nobody holds a run: it is ready as soon as that has ended.
//!
//! Must not know: when to try again, or how a file is delivered.

use crate::value::{Row, params};
use crate::{Error, Result, ScheduleRecord, Tx};
use fillhouse_model::{AccountId, JobId, Timestamp};

const COLUMNS: &str = "id, schedule_id, account_id, due_at, is_manual, state, attempt, tries, ready_at, job_id, revision, \
     since_seq, rows, size_bytes, file_name, delivered_to, error, started_at, finished_at, lease_until";
const ADD: &str = "INSERT INTO schedule_runs (id, schedule_id, account_id, due_at, is_manual, state, attempt, tries, \
     ready_at, lease_until, revision) VALUES ($1, $2, $3, $4, $5, 'waiting', 0, 0, $6, 0, $7)";
const GIVE_UP: &str = "UPDATE schedule_runs SET state = 'failed', error = $1, finished_at = $2, owner = NULL, \
     attempt = attempt + 1 WHERE schedule_id = $3 AND finished_at IS NULL";
const BEGIN_AGAIN: &str = "UPDATE schedule_runs SET state = 'waiting', ready_at = $1, owner = NULL, lease_until = 0, \
     attempt = attempt + 1 WHERE schedule_id = $2 AND finished_at IS NULL";
const IS_READY: &str = "finished_at IS NULL AND lease_until <= $1 AND ready_at <= $1 AND (state = 'waiting' OR NOT EXISTS \
     (SELECT 1 FROM jobs WHERE jobs.id = schedule_runs.job_id AND jobs.state IN ('queued', 'running')))";
const LEASE: &str = "UPDATE schedule_runs SET attempt = attempt + 1, owner = $1, lease_until = $2, \
     started_at = COALESCE(started_at, $3) WHERE id = $4 AND attempt = $5 AND finished_at IS NULL";
const RENEW: &str =
    "UPDATE schedule_runs SET lease_until = $1 WHERE id = $2 AND attempt = $3 AND finished_at IS NULL";
const NOTE_JOB: &str = "UPDATE schedule_runs SET state = 'exporting', job_id = $1, revision = $2, since_seq = $3, \
     owner = NULL, lease_until = 0 WHERE id = $4 AND attempt = $5 AND finished_at IS NULL";
const DELIVER: &str = "UPDATE schedule_runs SET state = 'delivered', rows = $1, size_bytes = $2, file_name = $3, \
     delivered_to = $4, error = NULL, owner = NULL, lease_until = 0, finished_at = $5 \
     WHERE id = $6 AND attempt = $7 AND finished_at IS NULL";
const FAIL: &str = "UPDATE schedule_runs SET state = $1, error = $2, ready_at = $3, finished_at = $4, tries = tries + 1, \
     owner = NULL, lease_until = 0 WHERE id = $5 AND attempt = $6 AND finished_at IS NULL";
const LET_GO: &str = "UPDATE schedule_runs SET job_id = NULL WHERE id = $1 AND attempt = $2";
const RELEASE: &str =
    "UPDATE schedule_runs SET lease_until = 0, owner = NULL WHERE owner = $1 AND finished_at IS NULL";
const UNFINISHED: &str = "SELECT COUNT(*) FROM schedule_runs WHERE finished_at IS NULL";
// The latest of each schedule stays, however old it is.
const DROP: &str = "DELETE FROM schedule_runs WHERE id IN (SELECT id FROM schedule_runs AS old WHERE finished_at < $1 \
     AND EXISTS (SELECT 1 FROM schedule_runs AS later WHERE later.schedule_id = old.schedule_id AND later.id > old.id) \
     LIMIT $2)";

/// The state of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RunState {
    /// It waits to begin, or to be tried again, or its file is being delivered.
    Waiting,
    /// Its export is under way.
    Exporting,
    /// Its file is where it was to go.
    Delivered,
    /// It was given up.
    Failed,
}

impl RunState {
    const ALL: [Self; 4] = [Self::Waiting, Self::Exporting, Self::Delivered, Self::Failed];

    /// The word for it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Exporting => "exporting",
            Self::Delivered => "delivered",
            Self::Failed => "failed",
        }
    }
}

/// A run to be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewRun {
    /// Its id.
    pub id: String,
    /// When it was due.
    pub due_at: Timestamp,
    /// Whether somebody wanted it beside the times of its schedule.
    pub is_manual: bool,
}

/// A run as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunRecord {
    /// Its id.
    pub id: String,
    /// The schedule.
    pub schedule_id: String,
    /// Whose it is.
    pub account_id: AccountId,
    /// When it was due.
    pub due_at: Timestamp,
    /// Whether somebody wanted it beside the times of its schedule.
    pub is_manual: bool,
    /// Its state.
    pub state: RunState,
    /// How often it was leased.
    pub attempt: i64,
    /// How many attempts failed.
    pub tries: i64,
    /// Before when it is not tried again.
    pub ready_at: Timestamp,
    /// Its export.
    pub job_id: Option<JobId>,
    /// The revision of the schedule that this was asked for with.
    pub revision: i64,
    /// Since which change of the form; none for all.
    pub since_seq: Option<i64>,
    /// How many rows the file has that was delivered.
    pub rows: Option<i64>,
    /// How many bytes.
    pub size_bytes: Option<i64>,
    /// What it is called.
    pub file_name: Option<String>,
    /// Where it is.
    pub delivered_to: Option<String>,
    /// Why the last attempt failed.
    pub error: Option<String>,
    /// When it was begun.
    pub started_at: Option<Timestamp>,
    /// When it came to its end.
    pub finished_at: Option<Timestamp>,
    /// Until when somebody is at it.
    pub lease_until: Timestamp,
}

impl RunRecord {
    /// Whether it gives way to another run at `now`: it has failed before, and waits to be tried again.
    pub fn gives_way(&self, now: Timestamp) -> bool {
        self.state == RunState::Waiting && self.tries > 0 && self.lease_until <= now
    }
}

/// A worker's hold on a run: the attempt is the fencing token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunLease {
    /// The run.
    pub id: String,
    /// The attempt that the worker was given.
    pub attempt: i64,
}

/// What a delivered file is, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeliveredFile {
    /// How many rows it has.
    pub rows: i64,
    /// How many bytes.
    pub size_bytes: i64,
    /// What it is called.
    pub file_name: String,
    /// Where it is.
    pub delivered_to: String,
    /// The seq of the form's last change that is in it.
    pub snapshot_seq: i64,
}

/// What a failed attempt makes of its run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FailedAttempt {
    /// Why it failed.
    pub error: String,
    /// When it is tried again; none where it is given up.
    pub again_at: Option<Timestamp>,
    /// Whether the export is of no more use.
    pub lets_go: bool,
}

impl Tx {
    /// Stores a new run of a schedule.
    ///
    /// # Errors
    /// [`Error::Constraint`] where the schedule has an unfinished one.
    pub async fn add_run(&mut self, schedule: &ScheduleRecord, run: &NewRun, now: Timestamp) -> Result<()> {
        let values = params![
            &run.id,
            &schedule.id,
            schedule.account_id.0,
            run.due_at,
            run.is_manual,
            now,
            schedule.revision
        ];
        self.execute(ADD, values).await.map(drop)
    }

    /// The run of a schedule that has not come to its end.
    pub async fn unfinished_run(&mut self, schedule: &str) -> Result<Option<RunRecord>> {
        let sql =
            format!("SELECT {COLUMNS} FROM schedule_runs WHERE schedule_id = $1 AND finished_at IS NULL");
        self.query_one(&sql, params![schedule], read).await
    }

    /// Gives the unfinished run of a schedule up, if there is one; whoever is at it writes nothing more.
    pub async fn give_up_run(&mut self, schedule: &str, error: &str, now: Timestamp) -> Result<bool> {
        Ok(self.execute(GIVE_UP, params![error, now, schedule]).await? == 1)
    }

    /// Lets the unfinished run of a schedule be tried again at once, if there is one; whoever is at it writes nothing more.
    pub async fn begin_run_again(&mut self, schedule: &str, now: Timestamp) -> Result<bool> {
        Ok(self.execute(BEGIN_AGAIN, params![now, schedule]).await? == 1)
    }

    /// The runs of a schedule, the latest first: those before `before`.
    pub async fn runs_of(
        &mut self,
        schedule: &str,
        before: Option<&str>,
        limit: i64,
    ) -> Result<Vec<RunRecord>> {
        let sql = format!(
            "SELECT {COLUMNS} FROM schedule_runs WHERE schedule_id = $1 AND id < $2 ORDER BY id DESC LIMIT $3"
        );
        // An id begins with a digit or a letter up to f.
        self.query(&sql, params![schedule, before.unwrap_or("g"), limit], read).await
    }

    /// Up to `limit` runs that somebody can go on with at `now`, the longest waiting first.
    pub async fn ready_runs(&mut self, now: Timestamp, limit: i64) -> Result<Vec<RunRecord>> {
        let sql =
            format!("SELECT {COLUMNS} FROM schedule_runs WHERE {IS_READY} ORDER BY ready_at, id LIMIT $2");
        self.query(&sql, params![now, limit], read).await
    }

    /// Leases a run until `until`; none where another came before.
    pub async fn lease_run(
        &mut self,
        run: &RunRecord,
        owner: &str,
        (now, until): (Timestamp, Timestamp),
    ) -> Result<Option<RunLease>> {
        let is_leased = self.execute(LEASE, params![owner, until, now, &run.id, run.attempt]).await? == 1;
        Ok(is_leased.then(|| RunLease { id: run.id.clone(), attempt: run.attempt + 1 }))
    }

    /// Moves the end of a lease to `until`; whether it still held.
    pub async fn renew_run(&mut self, lease: &RunLease, until: Timestamp) -> Result<bool> {
        Ok(self.execute(RENEW, params![until, &lease.id, lease.attempt]).await? == 1)
    }

    /// Notes the export of a run, asked for with this revision of the schedule since this change of the form, and lets go of
    /// the run until that has ended; whether the lease still held.
    pub async fn note_run_job(
        &mut self,
        lease: &RunLease,
        job: &JobId,
        (revision, since_seq): (i64, Option<i64>),
    ) -> Result<bool> {
        let values = params![&job.0, revision, since_seq, &lease.id, lease.attempt];
        Ok(self.execute(NOTE_JOB, values).await? == 1)
    }

    /// Ends a run whose file was delivered; whether the lease still held.
    pub async fn end_run_delivered(
        &mut self,
        lease: &RunLease,
        file: &DeliveredFile,
        now: Timestamp,
    ) -> Result<bool> {
        let DeliveredFile { rows, size_bytes, file_name, delivered_to, .. } = file;
        let values = params![*rows, *size_bytes, file_name, delivered_to, now, &lease.id, lease.attempt];
        Ok(self.execute(DELIVER, values).await? == 1)
    }

    /// Writes down an attempt that failed; whether the lease still held.
    pub async fn fail_run_attempt(
        &mut self,
        lease: &RunLease,
        failed: &FailedAttempt,
        now: Timestamp,
    ) -> Result<bool> {
        let FailedAttempt { error, again_at, lets_go } = failed;
        let (state, finished_at) = match again_at {
            Some(_) => (RunState::Waiting, None),
            None => (RunState::Failed, Some(now)),
        };
        if *lets_go {
            self.execute(LET_GO, params![&lease.id, lease.attempt]).await?;
        }
        let ready_at = again_at.unwrap_or(now);
        let values = params![state.name(), error, ready_at, finished_at, &lease.id, lease.attempt];
        Ok(self.execute(FAIL, values).await? == 1)
    }

    /// Ends the leases that `owner` holds, which the caller knows to be dead; how many.
    pub async fn release_runs(&mut self, owner: &str) -> Result<u64> {
        self.execute(RELEASE, params![owner]).await
    }

    /// How many runs have not come to their end.
    pub async fn unfinished_runs(&mut self) -> Result<i64> {
        Ok(self.query_one(UNFINISHED, &[], |row| row.int(0)).await?.unwrap_or(0))
    }

    /// Drops up to `limit` runs that came to their end before `before`, but for the latest of each schedule; how many.
    pub async fn drop_runs(&mut self, before: Timestamp, limit: i64) -> Result<u64> {
        self.execute(DROP, params![before, limit]).await
    }
}

fn read(row: Row<'_>) -> Result<RunRecord> {
    let (id, state) = (row.text(0)?, row.text(5)?);
    let state = RunState::ALL
        .into_iter()
        .find(|known| known.name() == state)
        .ok_or_else(|| Error::inconsistent("schedule_runs", &id, format!("{state:?} is no state")))?;
    Ok(RunRecord {
        id,
        schedule_id: row.text(1)?,
        account_id: AccountId(row.int(2)?),
        due_at: row.instant(3)?,
        is_manual: row.int(4)? != 0,
        state,
        attempt: row.int(6)?,
        tries: row.int(7)?,
        ready_at: row.instant(8)?,
        job_id: row.text_or_null(9)?.map(JobId),
        revision: row.int(10)?,
        since_seq: row.int_or_null(11)?,
        rows: row.int_or_null(12)?,
        size_bytes: row.int_or_null(13)?,
        file_name: row.text_or_null(14)?,
        delivered_to: row.text_or_null(15)?,
        error: row.text_or_null(16)?,
        started_at: row.instant_or_null(17)?,
        finished_at: row.instant_or_null(18)?,
        lease_until: row.instant(19)?,
    })
}
