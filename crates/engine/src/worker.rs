//! Workers: leasing jobs, keeping the lease alive while they are done, and giving them back.
//!
//! Guarantees: a job that was leased is done, given back, or taken over by another when this process falls silent; a
//! worker that lost its lease stops; where there are several places, a small job does not wait until a large one is done.
//!
//! Must not know: what a job does.

use crate::engine::Parts;
use crate::{Engine, Error, Result, counters, export, profiles};
use fillhouse_model::{JobState, LEASE_MICROS, SMALL_ROWS};
use fillhouse_store::{JobRecord, Lease};
use futures::FutureExt as _;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::task::JoinSet;

/// How long a worker waits before it looks for jobs again that nobody of this process made.
const LOOK_EVERY: Duration = Duration::from_millis(500);
/// How often a lease is renewed: three times before it would end.
const HEARTBEAT_EVERY: Duration = Duration::from_micros(LEASE_MICROS.unsigned_abs() / 4);

impl Engine {
    /// Does jobs, makes deliveries and runs schedules until `stopped` is done; then gives back those at hand, so that they can be leased
    /// again at once.
    ///
    /// Whatever this process, under its owner's name, had leased before it was killed is leased again first.
    pub async fn work(&self, stopped: impl Future<Output = ()>) {
        let stopped = stopped.shared();
        tokio::join!(
            self.do_jobs(stopped.clone()),
            self.deliver(stopped.clone()),
            self.run_schedules(stopped)
        );
    }

    /// Does jobs alone, as [`Engine::work`] does them: for a command that waits for one, beside servers or without any.
    pub async fn do_jobs(&self, stopped: impl Future<Output = ()>) {
        if let Err(error) = self.release_own_leases().await {
            tracing::warn!(%error, "the leases of the last run could not be ended; they end by themselves");
        }
        let mut running = JoinSet::new();
        let places = Places::new(self.parts.settings.export_jobs);
        let looking = async {
            loop {
                let place = places.take().await;
                match self.lease_next(place.most_rows()).await {
                    Ok(Some((job, lease))) => {
                        let (parts, place) = (self.parts.clone(), place.of(&job));
                        running.spawn(async move {
                            attend(&parts, &job, &lease).await;
                            drop(place);
                            // The place may be the one that another job waits for.
                            parts.job_made.notify_one();
                        });
                        while running.try_join_next().is_some() {}
                        continue;
                    }
                    Ok(None) => {}
                    Err(error) => tracing::warn!(%error, "looking for jobs failed"),
                }
                drop(place);
                tokio::select! {
                    () = self.parts.job_made.notified() => {}
                    () = tokio::time::sleep(LOOK_EVERY) => {}
                }
            }
        };
        tokio::select! {
            () = looking => {}
            () = stopped => {}
        }
        running.shutdown().await;
        if let Err(error) = self.release_own_leases().await {
            tracing::warn!(%error, "the leases could not be ended; they end by themselves");
        }
    }

    /// Ends the leases of this owner: it holds none, or is about to stop.
    async fn release_own_leases(&self) -> Result<()> {
        let (owner, now) = (self.parts.settings.owner.clone(), self.now());
        let released = self.parts.store.write(move |tx| {
            let owner = owner.clone();
            Box::pin(async move { tx.release_leases(&owner, now).await })
        });
        match released.await? {
            0 => {}
            jobs => tracing::info!(jobs, "unfinished jobs can be leased again"),
        }
        Ok(())
    }

    /// Leases the job of at most `most_rows` rows whose turn it is, if any.
    pub(crate) async fn lease_next(&self, most_rows: i64) -> Result<Option<(JobRecord, Lease)>> {
        let (owner, now) = (self.parts.settings.owner.clone(), self.now());
        self.parts.worker_seen.send_replace(now.micros());
        let leased = self.parts.store.write(move |tx| {
            let owner = owner.clone();
            Box::pin(async move {
                let Some(mut record) = tx.due_job(now, most_rows).await? else { return Ok(None) };
                let Some(leased) = record.job.lease(now) else { return Ok(None) };
                if !tx.put_lease(&record, leased, &owner, now).await? {
                    return Ok(None);
                }
                record.job = leased;
                Ok(Some(record))
            })
        });
        let Some(record) = leased.await? else { return Ok(None) };
        self.parts.job_changed();
        if record.job.state == JobState::Failed {
            tracing::error!(job = %record.id, error = record.error, "a job was given up");
            metrics::counter!(counters::JOBS_FAILED).increment(1);
            return Ok(None);
        }
        let lease = Lease { job_id: record.id.clone(), attempt: record.job.attempt };
        Ok(Some((record, lease)))
    }
}

/// Where jobs are done: so many at once, and, where there are several, one place among them that no large one takes.
struct Places {
    all: Arc<Semaphore>,
    large: Arc<Semaphore>,
}

/// A place.
struct Place {
    _any: Option<OwnedSemaphorePermit>,
    /// None where only a small job may have it.
    large: Option<OwnedSemaphorePermit>,
}

impl Places {
    fn new(count: usize) -> Self {
        let large = count.saturating_sub(1).max(1);
        Self { all: Arc::new(Semaphore::new(count)), large: Arc::new(Semaphore::new(large)) }
    }

    /// Waits for a place.
    async fn take(&self) -> Place {
        // An error would mean that it was closed, which nobody does.
        let any = self.all.clone().acquire_owned().await.ok();
        Place { _any: any, large: self.large.clone().try_acquire_owned().ok() }
    }
}

impl Place {
    /// How many rows a job may have that takes it.
    fn most_rows(&self) -> i64 {
        if self.large.is_some() { i64::MAX } else { SMALL_ROWS }
    }

    /// The place as this job takes it: a small one leaves room for a large one.
    fn of(self, job: &JobRecord) -> Self {
        Self { large: self.large.filter(|_| job.expected_rows > SMALL_ROWS), ..self }
    }
}

/// Does a job while its lease holds.
async fn attend(parts: &Arc<Parts>, job: &JobRecord, lease: &Lease) {
    tracing::info!(job = %job.id, attempt = lease.attempt, "a job begins");
    let outcome = tokio::select! {
        outcome = work_on(parts, job, lease) => outcome,
        () = keep(parts, lease) => Ok(false),
    };
    parts.job_changed();
    match outcome {
        Ok(true) => {
            tracing::info!(job = %job.id, attempt = lease.attempt, "a job is completed");
            metrics::counter!(counters::JOBS_COMPLETED).increment(1);
        }
        Ok(false) => {
            tracing::warn!(job = %job.id, attempt = lease.attempt, "the job is another's, or cancelled");
        }
        Err(error) => give_back(parts, job, lease, &error).await,
    }
}

async fn work_on(parts: &Arc<Parts>, job: &JobRecord, lease: &Lease) -> Result<bool> {
    match job.kind.as_str() {
        export::KIND => export::run(parts, job, lease).await,
        profiles::KIND => profiles::run(parts, job, lease).await,
        other => Err(Error::internal(format!("{other:?} is no kind of work that this program knows"))),
    }
}

/// Renews the lease until it is lost.
async fn keep(parts: &Arc<Parts>, lease: &Lease) {
    loop {
        tokio::time::sleep(HEARTBEAT_EVERY).await;
        let (renewed, now) = (lease.clone(), parts.clock.now());
        // While all its places are taken, this is how a worker is seen to be there.
        parts.worker_seen.send_replace(now.micros());
        let heartbeat = parts.store.write(move |tx| {
            let renewed = renewed.clone();
            Box::pin(async move { tx.heartbeat(&renewed, now, now.plus_micros(LEASE_MICROS)).await })
        });
        match heartbeat.await {
            Ok(true) => {}
            Ok(false) => return,
            // The database may come back before the lease ends; whatever is written meanwhile is fenced.
            Err(error) => tracing::warn!(job = %lease.job_id, %error, "a lease was not renewed"),
        }
    }
}

async fn give_back(parts: &Arc<Parts>, job: &JobRecord, lease: &Lease, error: &Error) {
    let cause = std::error::Error::source(error).map_or_else(|| error.to_string(), ToString::to_string);
    tracing::error!(job = %job.id, attempt = lease.attempt, error = cause, "an attempt failed; it will be tried again");
    let (lease, at) = (lease.clone(), job.job.retry_at(parts.clock.now()));
    // What is stored is shown to callers in the end; the cause, with paths and addresses of ours in it, is logged.
    let shown = error.message().to_owned();
    let requeued = parts.store.write(move |tx| {
        let (lease, shown) = (lease.clone(), shown.clone());
        Box::pin(async move { tx.requeue_job(&lease, at, Some(&shown)).await })
    });
    if let Err(error) = requeued.await {
        tracing::warn!(job = %job.id, %error, "a job could not be given back; its lease ends by itself");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::leased;

    #[tokio::test]
    async fn a_place_is_kept_for_small_jobs() {
        let job = |expected_rows| async move {
            let (_folder, _engine, job, _) = leased().await;
            JobRecord { expected_rows, ..job }
        };
        let (small, large) = (job(SMALL_ROWS).await, job(SMALL_ROWS + 1).await);
        for (count, larges) in [(2, 1), (4, 3)] {
            let places = Places::new(count);
            let mut taken = Vec::new();
            for _ in 0..larges {
                let place = places.take().await;
                assert_eq!(place.most_rows(), i64::MAX);
                taken.push(place.of(&large));
            }
            let kept = places.take().await;
            assert_eq!(kept.most_rows(), SMALL_ROWS, "of {count}");
            drop((kept.of(&small), taken.pop()));
            // A small job in any place leaves the others to large ones.
            let of_small = places.take().await.of(&small);
            assert_eq!(places.take().await.most_rows(), i64::MAX);
            drop(of_small);
        }
    }

    #[tokio::test]
    async fn a_heartbeat_is_a_sign_of_life_of_the_worker() {
        let (_folder, engine, _, lease) = leased().await;
        let parts = engine.parts.clone();
        parts.worker_seen.send_replace(0);
        assert!(engine.readiness().await.worker.is_err());
        // The lease is lost, so that the first heartbeat is the last.
        let other = Lease { attempt: lease.attempt + 1, ..lease };
        tokio::time::timeout(HEARTBEAT_EVERY * 10, keep(&parts, &other)).await.unwrap();
        assert_eq!(engine.readiness().await.worker, Ok(()));
    }
}
