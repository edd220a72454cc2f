//! Exports: asking for one, and how far it is.
//!
//! Guarantees: a request is pinned when it is made: to what the form holds, to the form's items, and to the instants that
//! its days mean.
//!
//! Must not know: how any dialect spells a request or a status.

mod assemble;
mod block;
mod damage;
mod request;
mod run;
mod selection;
mod workbench;

use crate::hold::hold_form;
use crate::{Error, FormsReader, Result};
use fillhouse_model::{AccountId, FormId, JobId, JobState, Period, Timestamp};
use fillhouse_store::{Artifact, JobRecord, JobSpec, Store, StoredForm};
pub(crate) use request::StoredRequest;
pub(crate) use run::run;
use selection::Selection;
use std::fmt;

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
    /// The days on which they were finished, in the form's time zone, else the account's.
    pub period: Period,
    /// Whether unfinished submissions are exported too, by the day on which they were last changed.
    pub include_incomplete: bool,
}

/// How far an export is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExportStatus {
    /// The form.
    pub form_id: FormId,
    /// Its state.
    pub state: ExportState,
    /// When it was asked for.
    pub created_at: Timestamp,
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
        // No form is called that, and PostgreSQL takes no such text to look for.
        if matches!(self, Self::Name(name) | Self::Directory(name) if name.contains('\0')) {
            return Err(Error::not_found("the form"));
        }
        let wanted = self.clone();
        let found = store.read(move |tx| {
            let wanted = wanted.clone();
            Box::pin(async move {
                match wanted {
                    FormRef::Id(id) => tx.form_of(account, id).await,
                    FormRef::Name(name) => tx.form_named(account, &name).await,
                    FormRef::Directory(name) => tx.form_in(account, &name).await,
                }
            })
        });
        found.await?.ok_or_else(|| Error::not_found(self))
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
    /// There is no such form.
    pub async fn start_export(&self, request: ExportRequest) -> Result<JobId> {
        let parts = &self.engine.parts;
        let form_id = self.form_id(&request.form).await?;
        let now = self.engine.now();
        let id = JobId(parts.random.uuid(now));
        let (account_id, user_id) = (self.account, self.user);
        let spec =
            JobSpec { id: id.clone(), account_id, user_id, form_id, kind: KIND, request: String::new() };
        let created = parts.store.write(move |tx| {
            let (mut spec, request) = (spec.clone(), request.clone());
            Box::pin(async move {
                // Read again and held: the columns must be of the same moment as the rows.
                let Some(form) = hold_form(tx, form_id).await? else { return Ok(None) };
                let Some(account) = tx.account(account_id).await? else { return Ok(None) };
                match StoredRequest::pin(&request, &form, &account) {
                    Err(fault) => Ok(Some(Err(fault))),
                    Ok(pinned) => {
                        spec.request = pinned.to_json();
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

    /// How far an export is.
    ///
    /// # Errors
    /// There is no such job of this account.
    pub async fn export(&self, id: &JobId) -> Result<ExportStatus> {
        let (wanted, account) = (id.clone(), self.account);
        let found = self.engine.parts.store.read(move |tx| {
            let wanted = wanted.clone();
            Box::pin(async move {
                let Some(job) = tx.job_of(account, &wanted).await? else { return Ok(None) };
                let artifact = match &job.artifact_id {
                    Some(id) => tx.artifact(id).await?,
                    None => None,
                };
                Ok(Some((job, artifact)))
            })
        });
        let (job, artifact) = found.await?.ok_or_else(|| Error::not_found("the task"))?;
        let artifact = artifact.filter(|artifact| artifact.expires_at > self.engine.now());
        Ok(ExportStatus { form_id: job.form_id, created_at: job.created_at, state: state(&job, artifact) })
    }
}

fn state(job: &JobRecord, artifact: Option<Artifact>) -> ExportState {
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
