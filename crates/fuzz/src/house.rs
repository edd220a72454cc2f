//! A house to ask: an account with a form and some people, behind the routes of the server.
//!
//! Guarantees: nothing leaves it, since nobody works off what is owed to others; its time stands still.
//!
//! Must not know: what is asked.

use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::http::{Request, StatusCode};
use fillhouse_engine::{
    BlobUrl, DatabaseUrl, DeliverySettings, DestinationSettings, Engine, Random, RateLimits, Settings,
    UploadSettings,
};
use fillhouse_model::{Clock, Timestamp};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use tempfile::TempDir;
use tokio::runtime::{Builder, Runtime};
use tokio::time::timeout;
use tower::ServiceExt as _;

/// A token that may do all but tell others.
pub(crate) const TOKEN: &str = "all-0123456789abcdef0123456789abcdef";
/// How long an answer is waited for: some requests ask to be kept waiting.
const PATIENCE: Duration = Duration::from_secs(2);
/// How much is read of an answer.
const MOST_BYTES: usize = 1 << 22;

/// The house.
pub(crate) struct House {
    router: Router,
    runtime: Runtime,
    // Dropped last: the engine's files are in it.
    _folder: TempDir,
}

struct StoppedClock;

impl Clock for StoppedClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_micros(1_777_622_400_000_000).expect("it is in May 2026")
    }
}

impl House {
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder can be made");
        let runtime = Builder::new_current_thread().enable_all().build().expect("the runtime starts");
        let router = runtime.block_on(async {
            let engine = Engine::open(settings(folder.path()), Arc::new(StoppedClock), Random::from_seed(7));
            let engine = engine.await.expect("the store opens");
            engine.migrate().await.expect("the schema is made");
            let mut importer = engine.importer(false);
            let import = move || {
                let mut lines = include_bytes!("house.jsonl").as_slice();
                importer.import("house.jsonl", &mut lines, &mut |_| {}, &mut |_| {})
            };
            tokio::task::spawn_blocking(import).await.expect("it ends").expect("it is imported");
            fillhouse_http::router(engine, String::new)
        });
        Self { router, runtime, _folder: folder }
    }

    /// What is answered; nothing where that does not come for a while.
    pub(crate) fn ask(&self, request: Request<Body>) -> Option<(StatusCode, Bytes)> {
        let router = self.router.clone();
        let answer = async move {
            let Ok(answered) = router.oneshot(request).await;
            let (head, body) = answered.into_parts();
            Some((head.status, to_bytes(body, MOST_BYTES).await.ok()?))
        };
        self.runtime.block_on(async { timeout(PATIENCE, answer).await }).ok().flatten()
    }
}

fn settings(folder: &Path) -> Settings {
    Settings {
        database: DatabaseUrl::Sqlite(folder.join("fillhouse.sqlite")),
        blobs: BlobUrl::Folder(folder.to_owned()),
        public_url: "https://forms.example".to_owned(),
        owner: "fuzz".to_owned(),
        artifact_ttl: Duration::from_hours(24),
        rendition_ttl: Duration::from_hours(24),
        rendition_budget_bytes: 1 << 30,
        version_ttl: Duration::from_hours(1),
        ingest_batch: 100,
        render_threads: 1,
        export_jobs: 1,
        uploads: UploadSettings::default(),
        destinations: DestinationSettings { folder: None },
        deliveries: DeliverySettings::default(),
        column_cache_bytes: 8 << 20,
        rate_limits: RateLimits { per_minute: 0, per_day: 0 },
    }
}
