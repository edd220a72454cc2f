//! Asking for an export.
//!
//! Guarantees: a request is pinned when it is made: to what the form holds, to the form's items, and to the instants that
//! its days mean. Who asks again for the same, be it at the same moment, has the same job, while the form holds the same.
//!
//! Must not know: how any dialect spells a request.

use super::pinned::{Pinned, pin};
use super::{ExportRequest, StoredRequest};
use crate::hold::hold_form;
use crate::idempotency::{check_key, other_request};
use crate::random::hex;
use crate::{Error, FormsReader, Result};
use fillhouse_model::{AccountId, ErrorKind, Fault, FormId, JobId, Timestamp};
use fillhouse_store::{Error as StoreError, JobRecord, JobSpec, Remembered, Result as StoreResult, Tx};
use sha2::{Digest as _, Sha256};

/// What makes a retry of a request safe.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Again {
    key: String,
    /// The digest of the request.
    fingerprint: String,
}

/// The job of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// The job.
    pub id: JobId,
    /// Whether it was made for this very request.
    pub is_new: bool,
}

/// What became of a request.
enum Outcome {
    New,
    Known(JobId),
    /// It was known under its key, and deleted since.
    Deleted,
    Refused(Fault),
}

impl Again {
    /// A key, and the text of the request that it came with.
    ///
    /// # Errors
    /// It is none.
    pub fn new(key: &str, request: &str) -> Result<Self, Fault> {
        check_key(key)?;
        // Of other requests under the same keys, too: what is stored is not exported.
        let fingerprint = hex(&Sha256::new().chain_update(b"export\0").chain_update(request).finalize());
        Ok(Self { key: key.to_owned(), fingerprint })
    }
}

impl FormsReader {
    /// Asks for an export, and gives the job that will make it.
    ///
    /// # Errors
    /// There is no such form, what is wanted of it cannot be, or there are no such files of it ([`crate::FileShape::check`]): the
    /// fault names the field.
    pub async fn start_export(&self, request: ExportRequest) -> Result<JobId> {
        Ok(self.ask(request, None, false).await?.id)
    }

    /// The same, but that the job is the one that was made for the same request before, while the form holds the same; or
    /// the one that was made for the request that came with the same key.
    ///
    /// # Errors
    /// As for [`FormsReader::start_export`]; the key came with another request, or its job was deleted.
    pub async fn ask_for_export(&self, request: ExportRequest, again: Option<Again>) -> Result<Asked> {
        self.ask(request, again, true).await
    }

    /// The same; where nothing may be reused, the job is another than those of before, but for one that came with the key.
    ///
    /// # Errors
    /// As for [`FormsReader::ask_for_export`].
    pub(crate) async fn ask(
        &self,
        request: ExportRequest,
        again: Option<Again>,
        may_reuse: bool,
    ) -> Result<Asked> {
        let parts = &self.engine.parts;
        let form_id = self.form_id(&request.form).await?;
        let now = self.engine.now();
        let spec = self.job_spec(form_id);
        let id = spec.id.clone();
        let entry = self.engine.entry(self.account, &self.actor, "export.started");
        let entry = entry.of(format!("export {id} of form {form_id}"));
        let made = parts.store.write(move |tx| {
            let (spec, request, again, entry) = (spec.clone(), request.clone(), again.clone(), entry.clone());
            Box::pin(async move {
                let made = make(tx, &request, (form_id, spec), (again, may_reuse), now).await?;
                if matches!(made, Some(Outcome::New)) {
                    tx.audit(&entry).await?;
                }
                Ok(made)
            })
        });
        let made = match made.await {
            // Of two with one key, for two forms.
            Err(StoreError::Constraint(_)) => {
                return Err(Error::new(ErrorKind::Conflict, "another request with this key is under way"));
            }
            made => made?.ok_or_else(|| Error::not_found("the form"))?,
        };
        match made {
            Outcome::New => {
                parts.job_made.notify_one();
                Ok(Asked { id, is_new: true })
            }
            Outcome::Known(id) => Ok(Asked { id, is_new: false }),
            Outcome::Deleted => {
                Err(Error::new(ErrorKind::Conflict, "the export that was made under this key is deleted"))
            }
            Outcome::Refused(fault) => Err(fault.into()),
        }
    }
}

/// Makes the job of a request, unless there is one; none where there is no such form.
async fn make(
    tx: &mut Tx,
    request: &ExportRequest,
    (form_id, mut spec): (FormId, JobSpec),
    (again, may_reuse): (Option<Again>, bool),
    now: Timestamp,
) -> StoreResult<Option<Outcome>> {
    // Read again and held: the columns must be of the same moment as the rows; and who asks for the same waits here.
    let Some(form) = hold_form(tx, form_id).await? else { return Ok(None) };
    let account = spec.account_id;
    if let Some(again) = &again
        && let Some(before) = tx.remembered(account, &again.key).await?
    {
        return known_before(tx, account, again, before).await.map(Some);
    }
    let Pinned { revision, selection, seq, blocks, .. } = match pin(tx, request, form).await? {
        Some(Ok(pinned)) => pinned,
        Some(Err(fault)) => return Ok(Some(Outcome::Refused(fault))),
        None => return Ok(None),
    };
    spec.snapshot_seq = Some(seq);
    spec.request = StoredRequest::new(revision, &selection, &request.shape).to_json();
    spec.expected_rows = selection.expected_rows(&blocks);
    let mut known = None;
    if may_reuse {
        let digest = digest(form_id, &spec.request);
        let like = tx.job_like(account, &digest, seq).await?;
        known = match like {
            Some(like) if is_of_use(tx, account, &like, now).await? => Some(like.id),
            _ => None,
        };
        spec.digest = Some(digest);
    }
    let id = known.clone().unwrap_or_else(|| spec.id.clone());
    if known.is_none() {
        tx.create_job(&spec, now).await?;
    }
    if let Some(Again { key, fingerprint }) = again {
        let answer = Remembered { fingerprint, response: id.0.clone() };
        tx.remember(account, &key, &answer, now).await?;
    }
    Ok(Some(known.map_or(Outcome::New, Outcome::Known)))
}

/// What became of the request that came with the same key before.
async fn known_before(
    tx: &mut Tx,
    account: AccountId,
    again: &Again,
    before: Remembered,
) -> StoreResult<Outcome> {
    if before.fingerprint != again.fingerprint {
        return Ok(Outcome::Refused(other_request()));
    }
    let id = JobId(before.response);
    Ok(if tx.job_of(account, &id).await?.is_some() { Outcome::Known(id) } else { Outcome::Deleted })
}

/// Whether a job is as good as a new one: it will have a file, or its file is there.
async fn is_of_use(tx: &mut Tx, account: AccountId, job: &JobRecord, now: Timestamp) -> StoreResult<bool> {
    let Some(artifact) = &job.artifact_id else { return Ok(job.job.state.is_unfinished()) };
    let artifact = tx.artifact(artifact).await?;
    Ok(artifact.is_some_and(|artifact| artifact.account_id == account && artifact.expires_at > now))
}

fn digest(form: FormId, request: &str) -> String {
    hex(&Sha256::new().chain_update(form.0.to_le_bytes()).chain_update(request).finalize())
}
