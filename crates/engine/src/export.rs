//! Exports: asking for one, and how far it is.
//!
//! Guarantees: a request is pinned when it is made: to what the form holds, to the form's items, and to the instants that
//! its days mean.
//!
//! Must not know: how any dialect spells a request or a status.

mod assemble;
mod blob;
mod block;
mod damage;
mod fill;
mod frame;
mod now;
mod renderer;
mod request;
mod run;
mod selection;
mod shape;
mod small;
mod stored_shape;
mod workbench;
mod workbook;

use crate::hold::hold_form;
use crate::{Error, FormsReader, Result};
pub(crate) use block::attempt_folder;
pub use fill::FillsOf;
use fillhouse_model::{
    Account, AccountId, Fault, FormId, JobId, JobState, JobSubject, Period, SubmissionId, Timestamp, UserId,
    time_zone,
};
use fillhouse_store::{
    Artifact, JobRecord, JobSpec, Result as StoreResult, Store, StoredForm, Tx, form_of, ordinal_of,
};
pub use now::SmallFile;
pub(crate) use request::StoredRequest;
pub(crate) use run::run;
use selection::Selection;
pub use shape::{ColumnOptions, Container, Content, FileShape, TableOptions};
use std::collections::BTreeSet;
use std::fmt;
use std::sync::Arc;

/// What kind of work an export of a form is, in a job's row.
pub(crate) const KIND: &str = "form_export";

/// A form, as a request names it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum FormRef {
    /// By its id.
    Id(FormId),
    /// By its shortname or slug.
    Name(String),
    /// By its directory.
    Directory(String),
}

impl fmt::Display for FormRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Id(id) => write!(f, "form {id}"),
            Self::Name(name) | Self::Directory(name) => write!(f, "form {name}"),
        }
    }
}

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

/// Which submissions of a form are exported.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wanted {
    /// Those of certain days.
    Period {
        /// The days on which they were finished, in the form's time zone, else the account's.
        period: Period,
        /// Whether unfinished submissions are exported too, by the day on which they were last changed.
        include_incomplete: bool,
    },
    /// All of them, finished or not.
    All,
    /// These, finished or not.
    Chosen(Vec<SubmissionId>),
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
}

impl FormRef {
    pub(crate) async fn find(&self, store: &Store, account: AccountId) -> Result<StoredForm> {
        let wanted = self.clone();
        let found = store.read(move |tx| {
            let wanted = wanted.clone();
            Box::pin(async move { wanted.find_in(tx, account).await })
        });
        found.await?.ok_or_else(|| self.missing())
    }

    /// That there is no such form.
    pub(crate) fn missing(&self) -> Error {
        match self {
            // Not every reader of a message takes such a name.
            Self::Name(name) | Self::Directory(name) if name.contains('\0') => Error::not_found("the form"),
            named => Error::not_found(named),
        }
    }

    /// The same within a unit of work; none where there is none.
    pub(crate) async fn find_in(
        &self,
        tx: &mut Tx,
        account: AccountId,
    ) -> Result<Option<StoredForm>, fillhouse_store::Error> {
        match self {
            // No form is called that, and PostgreSQL takes no such text to look for.
            Self::Name(name) | Self::Directory(name) if name.contains('\0') => Ok(None),
            Self::Id(id) => tx.form_of(account, *id).await,
            Self::Name(name) => tx.form_named(account, name).await,
            Self::Directory(name) => tx.form_in(account, name).await,
        }
    }
}

impl FormsReader {
    /// The id of a form.
    ///
    /// # Errors
    /// There is no such form.
    pub async fn form_id(&self, form: &FormRef) -> Result<FormId> {
        Ok(form.find(&self.engine.parts.store, self.account).await?.form.id)
    }

    /// Asks for an export, and gives the job that will make it.
    ///
    /// # Errors
    /// There is no such form, a chosen submission is none of it (the fault names its place in `ids`), or there are no such
    /// files of it ([`FileShape::check`]).
    pub async fn start_export(&self, request: ExportRequest) -> Result<JobId> {
        let parts = &self.engine.parts;
        let form_id = self.form_id(&request.form).await?;
        let now = self.engine.now();
        let spec = self.job_spec(form_id);
        let (id, account_id) = (spec.id.clone(), self.account);
        let created = parts.store.write(move |tx| {
            let (mut spec, request) = (spec.clone(), request.clone());
            Box::pin(async move {
                // Read again and held: the columns must be of the same moment as the rows.
                let Some(form) = hold_form(tx, form_id).await? else { return Ok(None) };
                let Some(account) = tx.account(account_id).await? else { return Ok(None) };
                if let Err(fault) = request.shape.check(&form.form) {
                    return Ok(Some(Err(fault)));
                }
                match resolve(tx, &request.wanted, &form, &account).await? {
                    Err(fault) => Ok(Some(Err(fault))),
                    Ok(selection) => {
                        spec.request = StoredRequest::new(&form, &selection, &request.shape).to_json();
                        tx.create_job(&spec, now).await?;
                        Ok(Some(Ok(())))
                    }
                }
            })
        });
        created.await?.ok_or_else(|| Error::not_found("the form"))??;
        parts.job_made.notify_one();
        Ok(id)
    }

    /// A new job of this caller's about a form.
    fn job_spec(&self, form_id: FormId) -> JobSpec {
        let id = JobId(self.engine.parts.random.uuid(self.engine.now()));
        let (account_id, user_id) = (self.account, self.user);
        let subject = JobSubject::Form(form_id);
        JobSpec { id, account_id, user_id, subject, kind: KIND, request: String::new() }
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

/// What is wanted of a form that is held.
async fn resolve(
    tx: &mut Tx,
    wanted: &Wanted,
    form: &StoredForm,
    account: &Account,
) -> StoreResult<Result<Selection, Fault>> {
    match wanted {
        Wanted::All => Ok(Ok(Selection { range: None, places: None, include_incomplete: true })),
        Wanted::Period { period, include_incomplete } => {
            let zone = form.form.timezone.as_deref().unwrap_or(&account.timezone);
            let include_incomplete = *include_incomplete;
            let range = time_zone("timezone", zone).map(|zone| Some(period.in_zone(&zone)));
            Ok(range.map(|range| Selection { range, places: None, include_incomplete }))
        }
        Wanted::Chosen(ids) => {
            let found = tx.submissions(account.id, ids).await?;
            let mut places = BTreeSet::new();
            for (n, stored) in found.into_iter().enumerate() {
                match stored.filter(|stored| form_of(stored.key) == form.form.id) {
                    Some(stored) => places.insert(ordinal_of(stored.key)),
                    None => return Ok(Err(Fault::new(format!("ids[{n}]"), "is no submission of the form"))),
                };
            }
            Ok(Ok(Selection { range: None, places: Some(Arc::new(places)), include_incomplete: true }))
        }
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
    }
}

/// Never goes back, since finished blocks stay finished (unless the disk loses one), and is never 100 before the file was
/// checked.
fn percent(job: &JobRecord) -> u8 {
    let percent = (job.blocks_done * 100).checked_div(job.blocks_total).unwrap_or(0);
    u8::try_from(percent.clamp(0, 99)).unwrap_or(99)
}
