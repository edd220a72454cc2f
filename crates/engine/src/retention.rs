//! Retention: dropping what has had its time.
//!
//! Guarantees: nothing is dropped that something is still made of; whatever is dropped leaves neither rows nor blobs
//! behind, also where a process died between the two.
//!
//! Must not know: how long things are kept; that is a setting.

use crate::engine::micros;
use crate::{Engine, Result};
use fillhouse_model::{JobId, Timestamp};
use fillhouse_store::{Lease, Result as StoreResult, Tx};
use futures::future::BoxFuture;
use std::collections::{BTreeMap, HashMap};
use std::time::Duration;

/// How often what is due is dropped.
const DROP_EVERY: Duration = Duration::from_secs(30);
/// How many passes come between two sweeps for blobs that nobody names. The first pass sweeps, too, and the second: until
/// then the jobs that were under way when the process began have been leased anew, and what they left can go.
const PASSES_A_SWEEP: u32 = 120;
/// How many rows go in one transaction.
const BATCH: i64 = 500;
/// How long an idempotency key is remembered.
const KEY_MICROS: i64 = 7 * 24 * 3_600 * 1_000_000;

/// How long it is told what became of the runs of schedules, but for the last of each.
const RUN_MICROS: i64 = 90 * 24 * 3_600 * 1_000_000;

impl Engine {
    /// Drops what is due, again and again, until `stopped` is done.
    pub async fn retain(&self, stopped: impl Future<Output = ()>) {
        let dropping = async {
            for pass in 0_u32.. {
                if let Err(error) = self.drop_due().await {
                    tracing::warn!(%error, source = ?std::error::Error::source(&error), "dropping what is due failed");
                }
                if pass % PASSES_A_SWEEP <= 1
                    && let Err(error) = self.sweep().await
                {
                    tracing::warn!(%error, source = ?std::error::Error::source(&error), "sweeping blobs failed");
                }
                tokio::time::sleep(DROP_EVERY).await;
            }
        };
        tokio::select! {
            () = dropping => {}
            () = stopped => {}
        }
    }

    /// Drops expired files, the jobs that made them, renditions that nobody uses, old versions, old keys and the logs of old
    /// deliveries and runs.
    ///
    /// # Errors
    /// The database or the blobs fail; what was dropped stays dropped.
    pub async fn drop_due(&self) -> Result<()> {
        let now = self.now();
        let settings = &self.parts.settings;
        let renditions_since = now.plus_micros(-micros(settings.rendition_ttl));
        // Longer than its file, so that a file that has expired is told from one that never was.
        let jobs_before = renditions_since.plus_micros(-micros(settings.artifact_ttl));
        let versions_before = now.plus_micros(-micros(settings.version_ttl));
        let deliveries_before = now.plus_micros(-micros(settings.deliveries.log_ttl));
        let store = &self.parts.store;
        while store.write(move |tx| Box::pin(tx.drop_deliveries(deliveries_before, BATCH))).await? > 0 {}
        let runs_before = now.plus_micros(-RUN_MICROS);
        while store.write(move |tx| Box::pin(tx.drop_runs(runs_before, BATCH))).await? > 0 {}
        while store.write(move |tx| Box::pin(tx.drop_artifacts(now, BATCH))).await? > 0 {}
        self.drop_profile_parts(now).await?;
        while store.write(move |tx| Box::pin(tx.drop_jobs(jobs_before, BATCH))).await? > 0 {}
        self.sweep_files().await?;
        self.drop_renditions(renditions_since).await?;
        store.write(move |tx| Box::pin(tx.drop_versions(versions_before))).await?;
        while store.write(|tx| Box::pin(tx.drop_deleted_block())).await? {}
        store.write(move |tx| Box::pin(tx.drop_profile_versions(versions_before))).await?;
        store.write(move |tx| Box::pin(tx.forget_keys(now.plus_micros(-KEY_MICROS)))).await?;
        self.drop_sessions().await
    }

    async fn drop_renditions(&self, unused_since: Timestamp) -> Result<()> {
        let budget = self.parts.settings.rendition_budget_bytes;
        self.drop_blobs(move |tx| Box::pin(tx.drop_renditions(unused_since, BATCH))).await?;
        self.drop_blobs(move |tx| Box::pin(tx.drop_renditions_beyond(budget, BATCH))).await
    }

    async fn drop_profile_parts(&self, ended_before: Timestamp) -> Result<()> {
        self.drop_blobs(move |tx| Box::pin(tx.drop_profile_parts(ended_before, BATCH))).await
    }

    /// Drops rows a batch at a time until there are none to drop, and the blobs that each batch had.
    async fn drop_blobs<F>(&self, drop_batch: F) -> Result<()>
    where
        F: for<'t> Fn(&'t mut Tx) -> BoxFuture<'t, StoreResult<Vec<Option<String>>>>
            + Copy
            + Send
            + Sync
            + 'static,
    {
        loop {
            let dropped = self.parts.store.write(drop_batch).await?;
            if dropped.is_empty() {
                return Ok(());
            }
            for blob in dropped.into_iter().flatten() {
                self.parts.blobs.delete(&blob).await?;
            }
        }
    }

    /// Deletes the blobs that no rendition names and that no attempt under way may still come to name, those included that
    /// nobody has finished writing; how many.
    ///
    /// # Errors
    /// The database or the blobs fail.
    pub async fn sweep(&self) -> Result<usize> {
        // The names first, then who names them: what is published in between is found named.
        let blobs = &self.parts.blobs;
        let names = [blobs.list("renditions").await?, blobs.list_unfinished("renditions").await?].concat();
        let mut by_attempt: BTreeMap<(String, i64), Vec<String>> = BTreeMap::new();
        for name in names {
            if let Some(attempt) = attempt_of(&name) {
                by_attempt.entry(attempt).or_default().push(name);
            }
        }
        let mut swept = 0;
        for ((job, attempt), names) in by_attempt {
            let lease = Lease { job_id: JobId(job), attempt };
            swept += self.sweep_attempt(lease, names).await?;
        }
        if swept > 0 {
            tracing::info!(blobs = swept, "blobs without a rendition were swept");
        }
        Ok(swept)
    }

    async fn sweep_attempt(&self, lease: Lease, names: Vec<String>) -> Result<usize> {
        let by_id: HashMap<String, String> =
            names.into_iter().filter_map(|name| Some((name.rsplit('/').next()?.to_owned(), name))).collect();
        let ids: Vec<String> = by_id.keys().cloned().collect();
        let asked = ids.clone();
        let in_use = self.parts.store.read(move |tx| {
            let (lease, asked) = (lease.clone(), asked.clone());
            Box::pin(async move {
                if tx.is_latest(&lease).await? {
                    return Ok(vec![true; asked.len()]);
                }
                tx.blobs_in_use(&asked).await
            })
        });
        let mut swept = 0;
        for (id, is_used) in ids.iter().zip(in_use.await?) {
            if let (false, Some(name)) = (is_used, by_id.get(id)) {
                self.parts.blobs.delete(name).await?;
                swept += 1;
            }
        }
        Ok(swept)
    }
}

/// The job and the attempt that a blob was written by, which its name says.
fn attempt_of(name: &str) -> Option<(String, i64)> {
    let mut parts = name.split('/').skip(1);
    let job = parts.next()?.to_owned();
    let attempt = parts.next()?.parse().ok()?;
    parts.next().map(|_| (job, attempt))
}
