//! Schedules: exports that are made again and again, whenever it is their time, and delivered where they are wanted.
//!
//! A schedule that is due has a **run** (`worker.rs`): its export is asked for as anybody would, and once that has ended, its
//! file is delivered (`deliver.rs`). What fails is tried again later, as deliveries are, until that was long enough or it is
//! the next one's turn.
//!
//! Guarantees: whoever dies at whatever moment, a run comes to its end, and one time that a schedule is due has one run; of
//! times at which nobody was there, all together have one. One that asks for what has changed misses nothing and goes on
//! from the last file that was delivered.
//!
//! Must not know: how any dialect spells a schedule; how a file is made.

mod bucket;
mod change;
mod deliver;
mod destination;
mod documents;
mod folder;
mod hook;
mod manage;
mod moved;
mod seal;
mod step;
mod worker;

use crate::{ExportRequest, FormsReader};
pub use change::ScheduleEdit;
pub use destination::{Destination, DestinationSecret, DestinationSettings, NewDestination};
use fillhouse_model::{FormId, JobId, Timestamp, When};
use fillhouse_store::{RunRecord, RunState};
pub use manage::ScheduleList;
pub(crate) use moved::schedules_of;

/// A caller that may manage the schedules of its account's forms.
#[derive(Clone)]
pub struct Schedules {
    pub(crate) reader: FormsReader,
}

/// A schedule to be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScheduleDraft {
    /// What it is called.
    pub name: String,
    /// When it is due, by the clocks of the form's time zone, else of the account's.
    pub when: When,
    /// What is exported.
    pub export: ExportRequest,
    /// How whoever makes it says that: kept as it came, for whoever looks at the schedule.
    pub asked: String,
    /// Whether only what has changed is exported, since the last file that was delivered.
    pub is_incremental: bool,
    /// Where the file goes.
    pub destination: NewDestination,
    /// Whether it is not due at all.
    pub is_paused: bool,
}

/// A schedule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Schedule {
    /// Its id.
    pub id: String,
    /// The form.
    pub form_id: FormId,
    /// What it is called.
    pub name: String,
    /// When it is due.
    pub when: When,
    /// By the clocks of which time zone.
    pub zone: String,
    /// What is exported, as it was asked for.
    pub asked: String,
    /// Whether only what has changed is exported.
    pub is_incremental: bool,
    /// Where the file goes.
    pub destination: Destination,
    /// Whether a secret is kept for it.
    pub has_secret: bool,
    /// Whether it is not due at all.
    pub is_paused: bool,
    /// When it is due next.
    pub next_at: Option<Timestamp>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
    /// Its latest run.
    pub last_run: Option<ScheduleRun>,
}

/// A run of a schedule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScheduleRun {
    /// Its id.
    pub id: String,
    /// What became of it so far.
    pub state: RunState,
    /// Whether somebody wanted it beside the times of its schedule.
    pub is_manual: bool,
    /// When it was due.
    pub due_at: Timestamp,
    /// When it was begun.
    pub started_at: Option<Timestamp>,
    /// When it came to its end.
    pub finished_at: Option<Timestamp>,
    /// Its export.
    pub export_id: Option<JobId>,
    /// Whether only what has changed is in it; not known before the export was asked for.
    pub is_incremental: Option<bool>,
    /// How many rows were delivered.
    pub rows: Option<i64>,
    /// How many bytes.
    pub size_bytes: Option<i64>,
    /// What the file is called.
    pub file_name: Option<String>,
    /// Where it is.
    pub delivered_to: Option<String>,
    /// The number of the attempt that is under way, or was the last.
    pub attempt: i64,
    /// Why the last attempt failed.
    pub error: Option<String>,
    /// When it is tried again.
    pub again_at: Option<Timestamp>,
}

impl From<RunRecord> for ScheduleRun {
    fn from(run: RunRecord) -> Self {
        let waits_again = run.state == RunState::Waiting && run.tries > 0;
        Self {
            id: run.id,
            state: run.state,
            is_manual: run.is_manual,
            due_at: run.due_at,
            started_at: run.started_at,
            finished_at: run.finished_at,
            is_incremental: run.job_id.as_ref().map(|_| run.since_seq.is_some()),
            export_id: run.job_id,
            rows: run.rows,
            size_bytes: run.size_bytes,
            file_name: run.file_name,
            delivered_to: run.delivered_to,
            attempt: if run.state == RunState::Failed { run.tries } else { run.tries + 1 },
            error: run.error,
            again_at: waits_again.then_some(run.ready_at),
        }
    }
}
