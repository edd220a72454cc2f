//! A whole Fillhouse of a test's own: a database, a folder of blobs, a clock set by hand, and an engine.
//!
//! Guarantees: it is empty but for its schema, and goes with its value. More engines can be opened on the same database
//! and blobs, as a restart or a second process would.
//!
//! Must not know: what the tests keep in it.

use crate::clock::HandClock;
use crate::database::Database;
use crate::waiting::{in_time, wait_for};
use fillhouse_engine::{
    BlobUrl, Caller, Counts, DeliverySettings, DestinationSettings, Engine, FormsReader, FormsWriter,
    ImportError, Random, Settings, UploadSettings,
};
use fillhouse_model::Clock;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// When every house begins.
pub(crate) const START: &str = "2026-06-01T12:00:00Z";
/// The secrets of the tokens that [`crate::samples::people`] makes.
pub(crate) const SECRET: &str = "the-secret-of-account-1";
pub(crate) const OTHER_SECRET: &str = "the-secret-of-account-2";

pub(crate) const ARTIFACT_TTL: Duration = Duration::from_hours(24);
pub(crate) const RENDITION_TTL: Duration = Duration::from_hours(72);
pub(crate) const VERSION_TTL: Duration = Duration::from_hours(1);

/// A Fillhouse.
pub(crate) struct House {
    pub(crate) engine: Engine,
    pub(crate) clock: Arc<HandClock>,
    pub(crate) database: Database,
    blobs: tempfile::TempDir,
    /// Where schedules put files.
    pub(crate) exports: tempfile::TempDir,
}

/// What became of an import.
pub(crate) struct Imported {
    pub(crate) counts: Counts,
    pub(crate) skipped: Vec<String>,
    pub(crate) outcome: Result<(), ImportError>,
}

impl House {
    pub(crate) async fn sqlite() -> Self {
        Self::on(Database::sqlite()).await
    }

    pub(crate) async fn postgres() -> Self {
        Self::on(Database::postgres()).await
    }

    /// Another empty one, on a database of the same kind.
    pub(crate) async fn another(&self) -> Self {
        Self::on(self.database.another()).await
    }

    /// Another empty one, on a database of the other kind.
    pub(crate) async fn other_kind(&self) -> Self {
        Self::on(self.database.other_kind()).await
    }

    async fn on(database: Database) -> Self {
        let blobs = tempfile::tempdir().unwrap();
        let clock = Arc::new(HandClock::at(START));
        let exports = tempfile::tempdir().unwrap();
        let settings = settings(&database, blobs.path(), exports.path());
        let engine = Engine::open(settings, clock.clone(), Random::from_seed(1)).await.unwrap();
        engine.migrate().await.unwrap();
        Self { engine, clock, database, blobs, exports }
    }

    /// The settings of its engine.
    pub(crate) fn settings(&self) -> Settings {
        settings(&self.database, self.blobs.path(), self.exports.path())
    }

    /// Another engine on the same database and blobs.
    pub(crate) async fn open(&self, settings: Settings, seed: u64) -> Engine {
        self.open_with_clock(settings, self.clock.clone(), seed).await
    }

    pub(crate) async fn open_with_clock(
        &self,
        settings: Settings,
        clock: Arc<dyn Clock>,
        seed: u64,
    ) -> Engine {
        Engine::open(settings, clock, Random::from_seed(seed)).await.unwrap()
    }

    /// Whoever has this secret.
    pub(crate) async fn caller(&self, secret: &str) -> Caller {
        self.engine.caller(secret).await.unwrap()
    }

    pub(crate) async fn writer(&self) -> FormsWriter {
        self.caller(SECRET).await.forms_writer().unwrap()
    }

    pub(crate) async fn reader(&self) -> FormsReader {
        self.caller(SECRET).await.forms_reader().unwrap()
    }

    /// Imports lines that must all be good.
    pub(crate) async fn import(&self, lines: &str) -> Counts {
        let imported = self.try_import(lines.as_bytes(), false).await;
        imported.outcome.unwrap();
        imported.counts
    }

    /// The same for lines that were just made.
    pub(crate) async fn import_text(&self, lines: String) -> Counts {
        self.import(&lines).await
    }

    /// Imports what may not be good, from a file named `lines`.
    pub(crate) async fn try_import(&self, bytes: &[u8], skip_bad: bool) -> Imported {
        let mut importer = self.engine.importer(skip_bad);
        let bytes = bytes.to_vec();
        let importing = tokio::task::spawn_blocking(move || {
            let mut skipped = Vec::new();
            let outcome = importer.import("lines", &mut bytes.as_slice(), &mut |_| {}, &mut |bad| {
                skipped.push(bad.to_string());
            });
            Imported { counts: importer.counts().clone(), skipped, outcome }
        });
        in_time("the import", importing).await.unwrap()
    }

    /// Everything, as lines.
    pub(crate) async fn dump(&self) -> String {
        let lines = Shared::default();
        in_time("the dump", self.engine.dump(lines.clone(), |_| {})).await.unwrap();
        let bytes = lines.0.lock().unwrap().clone();
        String::from_utf8(bytes).unwrap()
    }

    /// The lines of the dump that have this in them.
    pub(crate) async fn dumped(&self, part: &str) -> Vec<String> {
        self.dump().await.lines().filter(|line| line.contains(part)).map(str::to_owned).collect()
    }

    /// Does all jobs there are, however often they must be tried.
    pub(crate) async fn do_jobs(&self) {
        do_jobs(&self.engine).await;
    }

    /// The only value of the only row that a query gives beside the engine.
    pub(crate) async fn number(&self, sql: &str) -> i64 {
        self.database.rows(sql).await[0][0].parse().unwrap()
    }

    /// How many rows a table has.
    pub(crate) async fn count(&self, table: &str) -> i64 {
        self.number(&format!("SELECT COUNT(*) FROM {table}")).await
    }

    /// The folder of the blobs.
    pub(crate) fn blob_folder(&self) -> &Path {
        self.blobs.path()
    }

    /// Every file and folder below the folder of the blobs.
    pub(crate) fn on_disk(&self) -> Vec<PathBuf> {
        below(self.blobs.path())
    }

    /// The blobs among them.
    pub(crate) fn blob_files(&self) -> Vec<PathBuf> {
        blobs_below(self.blobs.path())
    }
}

/// Every blob below a folder, in order; one that is being written is none yet.
pub(crate) fn blobs_below(folder: &Path) -> Vec<PathBuf> {
    let is_written = |path: &PathBuf| path.is_file() && !path.to_string_lossy().contains('#');
    below(folder).into_iter().filter(is_written).collect()
}

/// Every file and folder below a folder, in order. A folder that goes meanwhile has nothing below it.
fn below(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).into_iter().flatten() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path.clone());
            }
            found.push(path);
        }
    }
    found.sort();
    found
}

/// Does all jobs there are with this engine.
pub(crate) async fn do_jobs(engine: &Engine) {
    let done = wait_for("the jobs to be done", async || {
        (engine.unfinished_jobs().await.unwrap() == 0).then_some(())
    });
    engine.work(done).await;
}

fn settings(database: &Database, blobs: &Path, exports: &Path) -> Settings {
    Settings {
        database: database.url(),
        blobs: BlobUrl::Folder(blobs.to_owned()),
        public_url: "https://forms.example".to_owned(),
        owner: "house".into(),
        artifact_ttl: ARTIFACT_TTL,
        rendition_ttl: RENDITION_TTL,
        rendition_budget_bytes: 1 << 30,
        version_ttl: VERSION_TTL,
        ingest_batch: 500,
        render_threads: 2,
        export_jobs: 1,
        uploads: UploadSettings::default(),
        destinations: DestinationSettings { folder: Some(exports.to_owned()) },
        // The receivers of the tests are in this very machine.
        deliveries: DeliverySettings {
            allowed: vec!["127.0.0.0/8".parse().unwrap()],
            ..DeliverySettings::default()
        },
        column_cache_bytes: 64 << 20,
        rate_limits: fillhouse_engine::RateLimits { per_minute: 0, per_day: 0 },
    }
}

/// Memory that a dump is written to, and that is read afterwards.
#[derive(Clone, Default)]
struct Shared(Arc<Mutex<Vec<u8>>>);

impl Write for Shared {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}
