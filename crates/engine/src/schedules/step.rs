//! One step of a run: asking for its export, or delivering what came of it; and writing down how that went.
//!
//! Guarantees: a step that nobody lived to end is made again with the same export; what it came to is written in one
//! transaction, and only while its lease is the run's latest.
//!
//! Must not know: whose turn it is.

use super::deliver::{Delivering, Trouble};
use crate::audit::Actor;
use crate::export::KeptRequest;
use crate::{Again, Engine, Error, ExportState, FormsReader, Result, retry};
use fillhouse_model::{ErrorKind, JobId, Timestamp};
use fillhouse_store::{
    DeliveredFile, FailedAttempt, Result as StoreResult, RunLease, RunRecord, ScheduleRecord, Tx,
};
use std::sync::Arc;

/// A run that this process goes on with.
#[derive(Debug, Clone)]
pub(super) struct Leased {
    pub(super) run: RunRecord,
    pub(super) lease: RunLease,
    pub(super) schedule: ScheduleRecord,
}

/// What a step came to.
#[derive(Debug, Clone)]
pub(super) enum Outcome {
    /// The export is under way.
    Exports {
        /// The export.
        job: JobId,
        /// Since which change of the form.
        since: Option<i64>,
    },
    /// The file was delivered.
    Delivered(DeliveredFile),
    /// It is tried again, or given up.
    Failed {
        /// What is written down.
        failed: FailedAttempt,
        /// Whether the schedule does not go on by itself.
        pauses: bool,
    },
}

impl Outcome {
    /// The word for it in metrics.
    pub(super) fn name(&self) -> &'static str {
        match self {
            Self::Exports { .. } => "exporting",
            Self::Delivered(_) => "delivered",
            Self::Failed { failed: FailedAttempt { again_at: Some(_), .. }, .. } => "again",
            Self::Failed { .. } => "failed",
        }
    }
}

impl Leased {
    /// Goes a step on.
    pub(super) async fn step(&self, engine: &Engine) -> Outcome {
        let (account, user) = (self.schedule.account_id, self.schedule.user_id);
        let actor = Actor { user, by: format!("schedule {}", self.schedule.id).into() };
        let reader = FormsReader { engine: engine.clone(), account, user, actor };
        match self.try_step(engine, &reader).await {
            Ok(outcome) => outcome,
            Err(trouble) => self.failed(engine, trouble),
        }
    }

    async fn try_step(&self, engine: &Engine, reader: &FormsReader) -> Result<Outcome, Trouble> {
        let asked_before = self.run.job_id.as_ref().filter(|_| self.run.revision == self.schedule.revision);
        let Some(job) = asked_before else { return self.ask(reader).await };
        let export = match reader.follow_export(job).await {
            Err(error) if error.kind() == ErrorKind::NotFound => {
                return Err(Trouble::last("the export was deleted".to_owned()));
            }
            found => found.map_err(|error| Trouble::of(&error))?,
        };
        match &export.state {
            ExportState::Completed(artifact) => {
                let (schedule, run, lease) = (&self.schedule, &self.run, &self.lease);
                let delivering =
                    Delivering { engine, reader, schedule, run, lease, export: &export, artifact };
                delivering.deliver().await.map(Outcome::Delivered)
            }
            ExportState::Queued | ExportState::Running { .. } => {
                Ok(Outcome::Exports { job: job.clone(), since: self.run.since_seq })
            }
            // It could not be delivered for as long as it was there.
            ExportState::Expired => self.ask(reader).await,
            ExportState::Failed { error } => {
                Err(Trouble { lets_go: true, ..Trouble::again(format!("the export failed: {error}")) })
            }
            ExportState::Cancelled => Err(Trouble::last("the export was cancelled".to_owned())),
        }
    }

    /// Asks for the export. Whoever asks again because nobody lived to note the answer is given the same one.
    async fn ask(&self, reader: &FormsReader) -> Result<Outcome, Trouble> {
        let Self { run, schedule, .. } = self;
        let since = schedule.delivered_seq.filter(|_| schedule.is_incremental);
        let kept = KeptRequest::from_json(&schedule.request).map_err(Trouble::again)?;
        let request = kept.request(schedule.form_id, since).map_err(|fault| Trouble::of(&fault.into()))?;
        let key = format!("schedule-run-{}-{}-{}", run.id, schedule.revision, run.tries);
        let again = Again::new(&key, &run.id).map_err(|fault| Trouble::of(&fault.into()))?;
        let asked = reader.ask(request, Some(again), false).await.map_err(|error| Trouble::of(&error))?;
        Ok(Outcome::Exports { job: asked.id, since })
    }

    fn failed(&self, engine: &Engine, trouble: Trouble) -> Outcome {
        let Trouble { error, not_before, is_final, pauses, lets_go } = trouble;
        let tries = usize::try_from(self.run.tries).unwrap_or(usize::MAX).saturating_add(1);
        let again_at = if is_final {
            None
        } else {
            retry::next_attempt(tries, not_before, engine.now(), &engine.parts.random)
        };
        Outcome::Failed { failed: FailedAttempt { error, again_at, lets_go }, pauses }
    }

    /// Writes down what the step came to; whether the lease still held.
    pub(super) async fn settle(&self, engine: &Engine, outcome: &Outcome) -> Result<bool> {
        let (shared, now) = (Arc::new((self.clone(), outcome.clone())), engine.now());
        let settled = engine.parts.store.write(move |tx| {
            let shared = shared.clone();
            Box::pin(async move { settle(tx, &shared.0, &shared.1, now).await })
        });
        settled.await.map_err(Error::from)
    }
}

async fn settle(tx: &mut Tx, leased: &Leased, outcome: &Outcome, now: Timestamp) -> StoreResult<bool> {
    let Leased { run, lease, schedule } = leased;
    // Whoever takes both takes the schedule first.
    let held = match outcome {
        Outcome::Exports { .. } => None,
        _ => tx.hold_schedule(schedule.account_id, &schedule.id).await?,
    };
    match outcome {
        Outcome::Exports { job, since } => tx.note_run_job(lease, job, (schedule.revision, *since)).await,
        Outcome::Delivered(file) => {
            if !tx.end_run_delivered(lease, file, now).await? {
                return Ok(false);
            }
            tx.note_delivered(&schedule.id, run.revision, file.snapshot_seq).await?;
            Ok(true)
        }
        Outcome::Failed { failed, pauses } => {
            if !tx.fail_run_attempt(lease, failed, now).await? {
                return Ok(false);
            }
            if *pauses && let Some(held) = held {
                tx.update_schedule(&ScheduleRecord { is_paused: true, next_at: None, ..held }).await?;
            }
            Ok(true)
        }
    }
}
