//! Exports as whoever asked for them follows them: one or all of them, until they end, and no more.
//!
//! Guarantees: what is told of rows and bytes is of what is finished and stored; whoever waits learns of the end at once
//! where it comes about in this process, and soon where in another.
//!
//! Must not know: how any dialect words it.

use super::{ExportState, KIND, Moment, state};
use crate::{Download, Error, FormsReader, Result};
use fillhouse_model::{ErrorKind, Fault, FormId, JobId, JobState, Timestamp, UserId};
use fillhouse_store::{Artifact, JobPage, JobRecord, Result as StoreResult, Tx, Written};
use futures::{Stream, stream};
use std::time::Duration;

/// How often an export that another process may be making is looked at.
const LOOK_EVERY: Duration = Duration::from_millis(500);

/// What a cursor is signed for.
const CURSOR: &str = "export cursor";

/// An export.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Export {
    /// Its id.
    pub id: JobId,
    /// Its number among all jobs: later ones have higher numbers.
    pub number: i64,
    /// The form.
    pub form_id: FormId,
    /// Whose token it was asked for with.
    pub user_id: UserId,
    /// The seq of the form's last change that it sees.
    pub snapshot_seq: i64,
    /// Its state.
    pub state: ExportState,
    /// How many submissions are in the finished blocks, or in the file.
    pub rows_written: i64,
    /// How many submissions it has to look at; once completed, how many are in the file.
    pub rows_total: i64,
    /// How many bytes the finished blocks have, or the file.
    pub bytes_written: i64,
    /// In how many seconds it is about to be done, where that can be said.
    pub eta_seconds: Option<i64>,
    /// While it waits, whose turn it is before it, and itself: 1 is the next.
    pub queue_position: Option<i64>,
    /// How often it was begun.
    pub attempt: i64,
    /// When a worker last said that it is at it.
    pub heartbeat_at: Option<Timestamp>,
    /// When it was asked for.
    pub created_at: Timestamp,
    /// When it ended.
    pub finished_at: Option<Timestamp>,
}

/// Which exports are listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ExportPage {
    /// Only those of this form.
    pub form: Option<FormId>,
    /// Only those with a lower number.
    pub before: Option<i64>,
    /// How many at most.
    pub limit: u32,
}

impl Export {
    /// Whether its state is its last, but for that its file will expire.
    pub fn has_ended(&self) -> bool {
        !matches!(self.state, ExportState::Queued | ExportState::Running { .. })
    }

    /// Its state, without how far it is.
    fn stage(&self) -> std::mem::Discriminant<ExportState> {
        std::mem::discriminant(&self.state)
    }
}

impl FormsReader {
    /// The exports of forms of this account, the latest first.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn exports(&self, page: ExportPage) -> Result<Vec<Export>> {
        let account = self.account;
        let page = JobPage { form: page.form, before: page.before, limit: page.limit.into() };
        let found = self.engine.parts.store.read(move |tx| {
            Box::pin(async move {
                let jobs = tx.jobs_of(account, KIND, page).await?;
                follow(tx, jobs).await
            })
        });
        self.told(found.await?)
    }

    /// One of them.
    ///
    /// # Errors
    /// There is no such export of this account.
    pub async fn follow_export(&self, id: &JobId) -> Result<Export> {
        let (account, wanted) = (self.account, id.clone());
        let found = self.engine.parts.store.read(move |tx| {
            let wanted = wanted.clone();
            Box::pin(async move {
                let job = tx.job_of(account, &wanted).await?.filter(|job| job.kind == KIND);
                follow(tx, job.into_iter().collect()).await
            })
        });
        self.told(found.await?)?.pop().ok_or_else(missing)
    }

    fn told(&self, found: Vec<Followed>) -> Result<Vec<Export>> {
        let now = self.engine.now();
        found.into_iter().map(|found| found.told(now)).collect()
    }

    /// One of them, as soon as its state is another than it is now, or after `limit`; at once where it has ended.
    ///
    /// # Errors
    /// There is no such export of this account.
    pub async fn wait_for_export(&self, id: &JobId, limit: Duration) -> Result<Export> {
        let mut changes = self.engine.parts.jobs_changed.subscribe();
        let first = self.follow_export(id).await?;
        if first.has_ended() || limit.is_zero() {
            return Ok(first);
        }
        let stage = first.stage();
        let waiting = async {
            loop {
                tokio::select! {
                    // An error would mean that the engine is gone, and this has it.
                    _ = changes.changed() => {}
                    () = tokio::time::sleep(LOOK_EVERY) => {}
                }
                let found = self.follow_export(id).await?;
                if found.stage() != stage {
                    return Ok(found);
                }
            }
        };
        match tokio::time::timeout(limit, waiting).await {
            Ok(found) => found,
            Err(_) => self.follow_export(id).await,
        }
    }

    /// One of them, now and whenever something about it is another, until it has ended or is no more.
    ///
    /// # Errors
    /// There is no such export of this account.
    pub async fn watch_export(
        &self,
        id: &JobId,
    ) -> Result<impl Stream<Item = Result<Export>> + Send + use<>> {
        let changes = self.engine.parts.jobs_changed.subscribe();
        let first = self.follow_export(id).await?;
        let begin = Watch { reader: self.clone(), changes, id: id.clone(), told: None, next: Some(first) };
        Ok(stream::try_unfold(begin, Watch::step))
    }

    /// What a completed export is followed up with: a text that says which moment of its form it saw, and that this store
    /// has said so. Another store, be it one that was filled from this one, counts the changes of the form anew.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn cursor_of(&self, export: &Export) -> Result<Option<String>> {
        if !matches!(export.state, ExportState::Completed(_) | ExportState::Expired) {
            return Ok(None);
        }
        let (form, seq) = (export.form_id.to_string(), export.snapshot_seq.to_string());
        let signature = self.engine.sign(CURSOR, &[&form, &seq]).await?;
        Ok(Some(format!("{form}-{seq}-{signature}")))
    }

    /// The moment that such a text means.
    ///
    /// # Errors
    /// It is none of this store; the fault is of `since`.
    pub async fn moment_of(&self, cursor: &str) -> Result<Moment> {
        let mut parts = cursor.splitn(3, '-');
        if let (Some(form), Some(seq), Some(signature)) = (parts.next(), parts.next(), parts.next())
            && let (Ok(form_id), Ok(number)) = (form.parse().map(FormId), seq.parse())
            && self.engine.is_signed(CURSOR, &[form, seq], signature).await?
        {
            return Ok(Moment { form_id, seq: number });
        }
        Err(Fault::new("since", "is the cursor of no export").into())
    }

    /// Cancels an export: whoever makes it stops after the block at hand. One that has ended stays as it is.
    ///
    /// # Errors
    /// There is no such export of this account.
    pub async fn cancel_export(&self, id: &JobId) -> Result<Export> {
        self.follow_export(id).await?;
        let (account, wanted, now) = (self.account, id.clone(), self.engine.now());
        let entry = self.engine.entry(account, &self.actor, "export.cancelled").of(format!("export {id}"));
        let cancelled = self.engine.parts.store.write(move |tx| {
            let (wanted, entry) = (wanted.clone(), entry.clone());
            Box::pin(async move {
                let is_cancelled = tx.cancel_job(account, &wanted, now).await?;
                if is_cancelled {
                    tx.audit(&entry).await?;
                }
                Ok(is_cancelled)
            })
        });
        if cancelled.await? {
            self.engine.parts.job_changed();
        }
        self.follow_export(id).await
    }

    /// Deletes an export, which is cancelled first, and its file, unless another export has that, too.
    ///
    /// # Errors
    /// There is no such export of this account.
    pub async fn delete_export(&self, id: &JobId) -> Result<()> {
        self.cancel_export(id).await?;
        let (account, wanted) = (self.account, id.clone());
        let entry = self.engine.entry(account, &self.actor, "export.deleted").of(format!("export {id}"));
        let deleted = self.engine.parts.store.write(move |tx| {
            let (wanted, entry) = (wanted.clone(), entry.clone());
            Box::pin(async move {
                let is_deleted = tx.delete_job(account, &wanted).await?;
                if is_deleted {
                    tx.audit(&entry).await?;
                }
                Ok(is_deleted)
            })
        });
        let is_deleted = deleted.await?;
        self.engine.parts.job_changed();
        if is_deleted { Ok(()) } else { Err(missing()) }
    }

    /// The file of an export.
    ///
    /// # Errors
    /// There is no such export of this account; it is not completed ([`ErrorKind::Conflict`]); its file has expired.
    pub async fn export_file(&self, id: &JobId) -> Result<Download> {
        let Artifact { id, name, .. } = file_of(self.follow_export(id).await?.state)?;
        self.download(&id, &name).await
    }
}

/// The file of an export in this state.
///
/// # Errors
/// It is not completed, or its file has expired.
pub(super) fn file_of(state: ExportState) -> Result<Artifact> {
    match state {
        ExportState::Completed(artifact) => Ok(*artifact),
        ExportState::Expired => Err(Error::not_found("the file of the export")),
        ExportState::Queued | ExportState::Running { .. } => {
            Err(Error::new(ErrorKind::Conflict, "the export is not completed yet"))
        }
        ExportState::Failed { .. } | ExportState::Cancelled => {
            Err(Error::new(ErrorKind::Conflict, "the export came to no file"))
        }
    }
}

/// Whoever watches an export.
struct Watch {
    reader: FormsReader,
    changes: tokio::sync::watch::Receiver<u64>,
    id: JobId,
    /// What was told last.
    told: Option<Export>,
    /// What is told next, where that is known.
    next: Option<Export>,
}

impl Watch {
    async fn step(mut self) -> Result<Option<(Export, Self)>> {
        loop {
            if let Some(next) = self.next.take().filter(|next| self.told.as_ref() != Some(next)) {
                self.told = Some(next.clone());
                return Ok(Some((next, self)));
            }
            if self.told.as_ref().is_some_and(Export::has_ended) {
                return Ok(None);
            }
            tokio::select! {
                _ = self.changes.changed() => {}
                () = tokio::time::sleep(LOOK_EVERY) => {}
            }
            self.next = match self.reader.follow_export(&self.id).await {
                Ok(found) => Some(found),
                Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
                Err(error) => return Err(error),
            };
        }
    }
}

/// A job with what is known of it elsewhere.
struct Followed {
    job: JobRecord,
    artifact: Option<Artifact>,
    written: Written,
    ahead: Option<i64>,
}

async fn follow(tx: &mut Tx, jobs: Vec<JobRecord>) -> StoreResult<Vec<Followed>> {
    let ids: Vec<JobId> = jobs.iter().map(|job| job.id.clone()).collect();
    let written = tx.written(&ids).await?;
    let mut followed = Vec::with_capacity(jobs.len());
    for (job, written) in jobs.into_iter().zip(written) {
        let artifact = match &job.artifact_id {
            Some(id) => tx.artifact(id).await?,
            None => None,
        };
        let ahead = match job.job.state {
            JobState::Queued => Some(tx.jobs_ahead(&job).await?),
            _ => None,
        };
        followed.push(Followed { job, artifact, written, ahead });
    }
    Ok(followed)
}

impl Followed {
    fn told(self, now: Timestamp) -> Result<Export> {
        let Self { job, artifact, written, ahead } = self;
        let artifact = artifact.filter(|artifact| artifact.expires_at > now);
        let is_finished = job.job.state == JobState::Completed;
        let bytes_written = artifact.as_ref().map_or(written.size_bytes, |artifact| artifact.size_bytes);
        Ok(Export {
            form_id: job.form_id()?,
            user_id: job.user_id,
            number: job.number,
            snapshot_seq: job.snapshot_seq,
            rows_written: if is_finished { job.rows_total } else { written.rows },
            rows_total: if is_finished || job.blocks_total > 0 { job.rows_total } else { job.expected_rows },
            bytes_written,
            eta_seconds: eta_seconds(&job, now),
            queue_position: ahead.map(|ahead| ahead + 1),
            attempt: job.job.attempt,
            heartbeat_at: job.heartbeat_at,
            created_at: job.created_at,
            finished_at: job.finished_at,
            state: state(&job, artifact),
            id: job.id,
        })
    }
}

/// In how many seconds an export is about to be done: as long for each block that is left as for each that this attempt
/// has rendered.
fn eta_seconds(job: &JobRecord, now: Timestamp) -> Option<i64> {
    let since = job.rendering_since.filter(|_| job.job.state == JobState::Running)?;
    let done = job.blocks_done - job.blocks_before;
    let left = (job.blocks_total - job.blocks_done).max(0);
    let micros = now.micros().saturating_sub(since.micros()).max(0).saturating_mul(left).checked_div(done)?;
    (done > 0).then_some(micros.saturating_add(999_999) / 1_000_000)
}

fn missing() -> Error {
    Error::not_found("the export")
}
