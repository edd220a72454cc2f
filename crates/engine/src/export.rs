//! Exports: what they are, and how far one is.
//!
//! Guarantees: how far an export is told never goes back, and is never all of it before the file was checked.
//!
//! Must not know: how any dialect spells a request or a status.

mod ask;
mod assemble;
mod blob;
mod block;
mod damage;
mod estimate;
mod fill;
mod frame;
mod kept;
mod latest;
mod now;
mod picking;
mod pinned;
mod receipt;
mod renderer;
mod request;
mod run;
mod selection;
mod shape;
mod small;
mod stored_shape;
mod track;
mod wanted;
mod workbench;
mod workbook;

use crate::{FormRef, FormsReader, Result};
pub use ask::{Again, Asked};
pub(crate) use block::attempt_folder;
pub use estimate::Estimate;
pub(crate) use estimate::Pace;
pub use fill::FillsOf;
pub(crate) use fill::keys_of;
use fillhouse_model::{Fault, Form, FormId, JobId, JobState, JobSubject, Timestamp, UserId};
use fillhouse_store::{Artifact, JobRecord, JobSpec};
pub(crate) use kept::KeptRequest;
pub(crate) use latest::LatestFiles;
pub use now::SmallFile;
pub use receipt::{Receipt, ReceiptCheck};
pub(crate) use request::StoredRequest;
pub(crate) use run::run;
pub use shape::{ColumnOptions, Container, Content, FileShape, Framing, ResultOptions, TableOptions};
pub use track::{Export, ExportPage};
pub use wanted::{AsOf, Filtered, Moment, Wanted};

/// What kind of work an export of a form is, in a job's row.
pub(crate) const KIND: &str = "form_export";

/// A request to export a form's submissions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExportRequest {
    /// The form.
    pub form: FormRef,
    /// Which of its submissions.
    pub wanted: Wanted,
    /// What is made of them.
    pub shape: FileShape,
}

/// How far an export is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExportStatus {
    /// The form.
    pub form_id: FormId,
    /// Its state.
    pub state: ExportState,
    /// Whose token it was asked for with.
    pub user_id: UserId,
    /// How many submissions it has to look at, once that is known; once completed, how many are in the file.
    pub rows_total: i64,
    /// When it was asked for.
    pub created_at: Timestamp,
    /// When something was last heard of it.
    pub updated_at: Timestamp,
}

/// The state of an export.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ExportState {
    /// It waits for a worker.
    Queued,
    /// It is being made.
    Running {
        /// How much of it is done, 0 to 99.
        percent: u8,
    },
    /// It is finished, and was checked.
    Completed(Box<Artifact>),
    /// It is finished, and its file has expired.
    Expired,
    /// It was given up.
    Failed {
        /// Why.
        error: String,
    },
    /// Whoever asked for it does not want it any more.
    Cancelled,
}

impl ExportRequest {
    /// Whether there are such files, and can be of this form and of what is wanted.
    fn check_shape(&self, form: &Form) -> Result<(), Fault> {
        self.shape.check(form)?;
        if self.wanted.is_since() { self.shape.check_since() } else { Ok(()) }
    }
}

impl FormsReader {
    /// A new job of this caller's about a form.
    fn job_spec(&self, form_id: FormId) -> JobSpec {
        let id = JobId(self.engine.parts.random.uuid(self.engine.now()));
        let (account_id, user_id) = (self.account, self.user);
        let subject = JobSubject::Form(form_id);
        JobSpec {
            id,
            account_id,
            user_id,
            subject,
            kind: KIND,
            request: String::new(),
            digest: None,
            expected_rows: 0,
            snapshot_seq: None,
        }
    }

    /// How far an export is.
    ///
    /// # Errors
    /// There is no such job of this account.
    pub async fn export(&self, id: &JobId) -> Result<ExportStatus> {
        let (job, artifact) = self.engine.task_of(self.account, KIND, id).await?;
        Ok(ExportStatus {
            form_id: job.form_id()?,
            user_id: job.user_id,
            rows_total: job.rows_total,
            created_at: job.created_at,
            updated_at: job.finished_at.or(job.heartbeat_at).unwrap_or(job.created_at),
            state: state(&job, artifact),
        })
    }
}

pub(crate) fn state(job: &JobRecord, artifact: Option<Artifact>) -> ExportState {
    match job.job.state {
        JobState::Queued if job.blocks_done == 0 => ExportState::Queued,
        JobState::Queued | JobState::Running => ExportState::Running { percent: percent(job) },
        JobState::Completed => {
            artifact.map_or(ExportState::Expired, |found| ExportState::Completed(Box::new(found)))
        }
        JobState::Failed => ExportState::Failed { error: job.error.clone().unwrap_or_default() },
        JobState::Cancelled => ExportState::Cancelled,
    }
}

/// Never goes back, since finished blocks stay finished (unless the disk loses one), and is never 100 before the file was
/// checked.
fn percent(job: &JobRecord) -> u8 {
    let percent = (job.blocks_done * 100).checked_div(job.blocks_total).unwrap_or(0);
    u8::try_from(percent.clamp(0, 99)).unwrap_or(99)
}
