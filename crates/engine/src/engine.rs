//! The engine: what every use case is a method of, directly or through a handle.
//!
//! Guarantees: one concrete type, cheap to clone; whoever holds it need not know what it is made of.
//!
//! Must not know: where its settings came from.

use crate::accounts::AccountCache;
use crate::deliver::{Client, DeliverySettings, Outbox};
use crate::export::{LatestFiles, Pace};
use crate::files::UploadSettings;
use crate::ingest::Ingest;
use crate::limits::{CallCounter, RateLimits};
use crate::query::QueryCache;
use crate::schedules::DestinationSettings;
use crate::tokens::TokenCache;
use crate::visits::Visits;
use crate::{Random, Result};
use fillhouse_model::{Clock, Timestamp};
use fillhouse_store::{BlobUrl, Blobs, DatabaseUrl, Migrated, Store};
use std::sync::{Arc, OnceLock};
use std::time::Duration;
use tokio::sync::{Notify, OnceCell, Semaphore, watch};

/// What an engine is made with.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The database.
    pub database: DatabaseUrl,
    /// Where the blobs are kept.
    pub blobs: BlobUrl,
    /// What the addresses of files and forms begin with, as seen from outside; no slash at its end.
    pub public_url: String,
    /// Who this process is to others that share its database: the same after a restart, of which the leases that it
    /// held before are known to be dead. Nobody else may run under it at the same time.
    pub owner: String,
    /// How long a finished file is kept.
    pub artifact_ttl: Duration,
    /// How long a rendition that nobody uses is kept.
    pub rendition_ttl: Duration,
    /// How many bytes the rendered blocks may have that are kept; those that nothing is made of go beyond it, the least
    /// recently used first.
    pub rendition_budget_bytes: i64,
    /// How long a submission that was replaced or deleted can still be read as it was.
    pub version_ttl: Duration,
    /// How many submissions at most share a commit, at least 1.
    pub ingest_batch: usize,
    /// How many blocks are rendered at once, at least 1: as many as there are cores.
    pub render_threads: usize,
    /// How many exports run at once, at least 1; where there are several, one place of them is kept for small ones.
    pub export_jobs: usize,
    /// How deliveries are made.
    pub deliveries: DeliverySettings,
    /// How much memory is kept for the columns that queries search and sort by.
    pub column_cache_bytes: usize,
    /// How many calls an account may make, of those that are limited.
    pub rate_limits: RateLimits,
    /// What may be uploaded.
    pub uploads: UploadSettings,
    /// Where schedules may put files.
    pub destinations: DestinationSettings,
}

impl Settings {
    /// Until when a file that is finished, or asked for again, at `now` is kept.
    pub(crate) fn artifact_expiry(&self, now: Timestamp) -> Timestamp {
        now.plus_micros(micros(self.artifact_ttl))
    }
}

/// A duration in microseconds; the longest there is where it is longer.
pub(crate) fn micros(duration: Duration) -> i64 {
    i64::try_from(duration.as_micros()).unwrap_or(i64::MAX)
}

/// Everything that Fillhouse does.
#[derive(Clone)]
pub struct Engine {
    pub(crate) parts: Arc<Parts>,
}

/// What the use cases share.
pub(crate) struct Parts {
    pub(crate) store: Store,
    pub(crate) blobs: Blobs,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) random: Random,
    pub(crate) settings: Settings,
    pub(crate) tokens: TokenCache,
    pub(crate) accounts: AccountCache,
    pub(crate) calls: CallCounter,
    pub(crate) visits: Visits,
    pub(crate) queries: QueryCache,
    pub(crate) ingest: Ingest,
    pub(crate) outbox: Outbox,
    pub(crate) delivery_client: OnceLock<Client>,
    /// Rung when a job was made, so that a worker need not wait for its next look.
    pub(crate) job_made: Notify,
    /// Counts what became of jobs in this process, for whoever waits for one.
    pub(crate) jobs_changed: watch::Sender<u64>,
    /// Rung when there is something to do for a schedule.
    pub(crate) schedule_rung: Notify,
    pub(crate) render_permits: Arc<Semaphore>,
    /// How fast exports were rendered by this process.
    pub(crate) pace: Pace,
    /// The latest files of forms that are being read from this process.
    pub(crate) latest: LatestFiles,
    /// When a worker of this process last looked for jobs, in microseconds; 0 before the first time.
    pub(crate) worker_seen: watch::Sender<i64>,
    /// What the server signs with, once it has been looked up.
    pub(crate) key: OnceCell<Vec<u8>>,
}

impl Parts {
    /// Tells whoever waits that something has become of a job.
    pub(crate) fn job_changed(&self) {
        self.jobs_changed.send_modify(|changes| *changes = changes.wrapping_add(1));
    }
}

/// Whether what a server needs is there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Readiness {
    /// The database answers and has the right schema; else why not.
    pub database: Result<(), String>,
    /// Blobs can be written and read back; else why not.
    pub blobs: Result<(), String>,
    /// A worker of this process is looking for jobs; else why not.
    pub worker: Result<(), String>,
}

/// After how long without a look a worker counts as gone.
const WORKER_SILENCE_MICROS: i64 = 30_000_000;

impl Engine {
    /// Opens the database and the blobs. The schema is left as it is: see [`Engine::migrate`].
    ///
    /// # Errors
    /// One of them cannot be opened.
    pub async fn open(settings: Settings, clock: Arc<dyn Clock>, random: Random) -> Result<Self> {
        let store = Store::open(&settings.database).await?;
        let blobs = Blobs::open(&settings.blobs)?;
        let outbox = Outbox::new(random.clone());
        let ingest = Ingest::start(store.clone(), clock.clone(), outbox.clone(), settings.ingest_batch);
        let render_permits = Arc::new(Semaphore::new(settings.render_threads));
        let queries = QueryCache::new(settings.column_cache_bytes, settings.render_threads);
        let calls = CallCounter::new(settings.rate_limits);
        let parts = Parts {
            store,
            blobs,
            clock,
            random,
            settings,
            tokens: TokenCache::default(),
            accounts: AccountCache::default(),
            calls,
            visits: Visits::default(),
            queries,
            ingest,
            outbox,
            delivery_client: OnceLock::new(),
            job_made: Notify::new(),
            jobs_changed: watch::Sender::new(0),
            schedule_rung: Notify::new(),
            render_permits,
            pace: Pace::default(),
            latest: LatestFiles::default(),
            worker_seen: watch::Sender::new(0),
            key: OnceCell::new(),
        };
        Ok(Self { parts: Arc::new(parts) })
    }

    /// Brings the schema of the database up to date.
    ///
    /// # Errors
    /// The database belongs to a newer program.
    pub async fn migrate(&self) -> Result<Migrated, fillhouse_store::Error> {
        self.parts.store.migrate(self.now()).await
    }

    /// Whether the schema of the database is up to date.
    ///
    /// # Errors
    /// It is not; the error says what to do.
    pub async fn check_schema(&self) -> Result<(), fillhouse_store::Error> {
        self.parts.store.check_schema().await
    }

    /// The word for the database: `sqlite` or `postgres`.
    pub fn database_kind(&self) -> &'static str {
        self.parts.store.kind()
    }

    /// Whether what a server needs is there just now.
    pub async fn readiness(&self) -> Readiness {
        let Parts { store, blobs, random, worker_seen, .. } = &*self.parts;
        let silence = self.now().micros() - *worker_seen.borrow();
        let worker = if silence <= WORKER_SILENCE_MICROS {
            Ok(())
        } else {
            Err("no worker of this process has looked for jobs lately".to_owned())
        };
        Readiness {
            database: store.check_schema().await.map_err(|error| error.to_string()),
            blobs: blobs.ping(&random.opaque()).await.map_err(|error| error.to_string()),
            worker,
        }
    }

    /// What the addresses of files and forms begin with, as seen from outside; no slash at its end.
    pub fn public_url(&self) -> &str {
        &self.parts.settings.public_url
    }

    /// Waits until a worker of this process looks for jobs: from then on [`Engine::readiness`] is as good as it gets.
    pub async fn worker_looks(&self) {
        // An error means that the sender is gone, and it lives as long as the engine.
        self.parts.worker_seen.subscribe().wait_for(|seen| *seen > 0).await.ok();
    }

    /// How many jobs wait or run.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn unfinished_jobs(&self) -> Result<i64> {
        Ok(self.parts.store.read(|tx| Box::pin(tx.unfinished_jobs())).await?)
    }

    /// How many deliveries are still to be made.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn owed_deliveries(&self) -> Result<i64> {
        Ok(self.parts.store.read(|tx| Box::pin(tx.owed_deliveries())).await?)
    }

    /// An id that nothing else has, such as a request's: a UUID that begins with the time.
    pub fn fresh_id(&self) -> String {
        self.parts.random.uuid(self.now())
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.parts.clock.now()
    }
}
