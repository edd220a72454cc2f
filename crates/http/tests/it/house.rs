//! A house to ask: two accounts, their forms and tokens, a worker.
//!
//! Guarantees: what it waits for has a limit.

use crate::ask::{Answer, Ask};
use axum::Router;
use fillhouse_engine::{
    BlobUrl, DatabaseUrl, DeliverySettings, DestinationSettings, Engine, Random, RateLimits, Settings,
    UploadSettings,
};
use fillhouse_model::{Clock, Timestamp};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;
use tempfile::TempDir;

/// May do everything with the forms of account 20002.
pub(crate) const ALL: &str = "all-0123456789abcdef0123456789abcdef";
/// May read the forms of account 20002.
pub(crate) const READ: &str = "read-0123456789abcdef0123456789abcde";
/// Is of account 20002 and may do nothing.
pub(crate) const NOTHING: &str = "nothing-0123456789abcdef0123456789ab";
/// May do everything with the forms of account 20003.
pub(crate) const OTHER: &str = "other-0123456789abcdef0123456789abcd";

pub(crate) const FILLS: &str = "/api/v1.1/forms/fills";
pub(crate) const STATUS: &str = "/api/v1.1/tasks/status";
pub(crate) const APRIL: &str = r#"{"id":1,"date_from":"2026-04-01","date_to":"2026-04-30"}"#;

/// Of form 1, three submissions are of April in Berlin; the second is not finished, and the fourth is of May there.
const LINES: &str = r#"{"kind":"account","id":20002,"user_dir":"acme","name":"Acme","timezone":"Europe/Berlin"}
{"kind":"account","id":20003,"user_dir":"globex","name":"Globex"}
{"kind":"user","id":1,"account_id":20002,"email":"owner@acme.example"}
{"kind":"user","id":2,"account_id":20003,"email":"owner@globex.example"}
{"kind":"token","account_id":20002,"user_id":1,"name":"all","abilities":["*"],"secret":"all-0123456789abcdef0123456789abcdef"}
{"kind":"token","account_id":20002,"user_id":1,"name":"read","abilities":["forms-read"],"secret":"read-0123456789abcdef0123456789abcde"}
{"kind":"token","account_id":20002,"user_id":1,"name":"nothing","abilities":[],"secret":"nothing-0123456789abcdef0123456789ab"}
{"kind":"token","account_id":20003,"user_id":2,"name":"other","abilities":["*"],"secret":"other-0123456789abcdef0123456789abcd"}
{"kind":"form","id":1,"account_id":20002,"shortname":"form_6Ven2v7O","directory":"survey","slug":"customer-survey","name":"Customer survey","state":"open","partial":true,"items":[{"id":"100","type":"text","label":"Name","required":true},{"id":"101","type":"radio","label":"Source","choices":[{"position":0,"label":"A friend"},{"position":1,"label":"Other"}],"allow_other":true},{"id":"102","type":"number","label":"Stars"}]}
{"kind":"form","id":2,"account_id":20002,"shortname":"form_Closed01","directory":"old","slug":"old-survey","name":"Old survey","state":"closed (manually)","items":[{"id":"1","type":"text","label":"Name"}]}
{"kind":"form","id":3,"account_id":20003,"shortname":"form_Globex03","directory":"globex","slug":"globex","name":"Globex","state":"open","items":[{"id":"1","type":"text","label":"Name"}]}
{"kind":"submission","form_id":1,"id":10000001,"status":"Complete","date_finish":"2026-03-31T22:00:00Z","date_update":"2026-03-31T22:00:00Z","answers":{"100":"Ada, \"the first\"","101":[{"position":1,"other":"a poster"}]}}
{"kind":"submission","form_id":1,"id":10000002,"status":"Incomplete","date_update":"2026-04-02T10:00:00Z","answers":{"100":"Grace"}}
{"kind":"submission","form_id":1,"id":10000003,"status":"Complete","date_finish":"2026-04-30T21:59:59.999999Z","date_update":"2026-04-30T21:59:59.999999Z","answers":{"100":"Zoë","102":"5"}}
{"kind":"submission","form_id":1,"id":10000004,"status":"Complete","date_finish":"2026-04-30T22:00:00Z","date_update":"2026-04-30T22:00:00Z","answers":{"100":"Too late"}}
"#;

/// A clock that is set by hand.
struct HandClock(AtomicI64);

impl Clock for HandClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_micros(self.0.load(Ordering::Relaxed)).unwrap()
    }
}

pub(crate) struct House {
    pub(crate) engine: Engine,
    pub(crate) router: Router,
    clock: Arc<HandClock>,
    // Dropped last: the engine's files are in it.
    pub(crate) folder: TempDir,
}

impl House {
    /// A house with nothing in it, not even tables.
    pub(crate) async fn bare() -> Self {
        Self::with_limits(0, 0).await
    }

    /// The same, where an account may make so many calls in a minute and in a day.
    async fn with_limits(per_minute: u32, per_day: u32) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let blob_folder = folder.path().join("blobs");
        std::fs::create_dir(&blob_folder).unwrap();
        let settings = Settings {
            database: DatabaseUrl::Sqlite(folder.path().join("fillhouse.db")),
            blobs: BlobUrl::Folder(blob_folder),
            public_url: "https://forms.example".to_owned(),
            owner: "test".to_owned(),
            artifact_ttl: Duration::from_hours(24),
            rendition_ttl: Duration::from_hours(24),
            rendition_budget_bytes: 1 << 30,
            version_ttl: Duration::from_hours(1),
            ingest_batch: 100,
            render_threads: 2,
            export_jobs: 1,
            uploads: UploadSettings::default(),
            destinations: DestinationSettings { folder: Some(folder.path().join("exports")) },
            deliveries: DeliverySettings::default(),
            column_cache_bytes: 64 << 20,
            rate_limits: RateLimits { per_minute, per_day },
        };
        let now: Timestamp = "2026-05-01T08:00:00Z".parse().unwrap();
        let clock = Arc::new(HandClock(AtomicI64::new(now.micros())));
        let engine = Engine::open(settings, clock.clone(), Random::from_seed(7)).await.unwrap();
        let router = fillhouse_http::router(engine.clone(), || "# metrics\n".to_owned());
        Self { engine, router, clock, folder }
    }

    /// A house without a worker.
    pub(crate) async fn idle() -> Self {
        Self::limited(0, 0).await
    }

    /// A house without a worker, where an account may make so many calls in a minute and in a day.
    pub(crate) async fn limited(per_minute: u32, per_day: u32) -> Self {
        let house = Self::with_limits(per_minute, per_day).await;
        house.engine.migrate().await.unwrap();
        house.import(LINES.to_owned()).await;
        house
    }

    /// A house whose worker works.
    pub(crate) async fn new() -> Self {
        let house = Self::idle().await;
        house.work();
        house
    }

    /// Lets a worker work from now on.
    pub(crate) fn work(&self) {
        let engine = self.engine.clone();
        tokio::spawn(async move { engine.work(std::future::pending()).await });
    }

    pub(crate) async fn import(&self, lines: String) {
        let mut importer = self.engine.importer(false);
        let import = move || importer.import("lines", &mut lines.as_bytes(), &mut |_| {}, &mut |_| {});
        tokio::task::spawn_blocking(import).await.unwrap().unwrap();
    }

    pub(crate) fn pass(&self, time: Duration) {
        self.clock.0.fetch_add(i64::try_from(time.as_micros()).unwrap(), Ordering::Relaxed);
    }

    pub(crate) fn get(&self, path: &str) -> Ask<'_> {
        Ask::new(&self.router, "GET", path)
    }

    pub(crate) fn head(&self, path: &str) -> Ask<'_> {
        Ask::new(&self.router, "HEAD", path)
    }

    pub(crate) fn put(&self, path: &str) -> Ask<'_> {
        Ask::new(&self.router, "PUT", path)
    }

    pub(crate) fn patch(&self, path: &str) -> Ask<'_> {
        Ask::new(&self.router, "PATCH", path)
    }

    pub(crate) fn delete(&self, path: &str) -> Ask<'_> {
        Ask::new(&self.router, "DELETE", path)
    }

    pub(crate) fn post(&self, path: &str) -> Ask<'_> {
        Ask::new(&self.router, "POST", path)
    }

    /// Asks for an export and gives the id of the task.
    pub(crate) async fn start(&self, body: &str) -> String {
        let answer = self.post(FILLS).token(ALL).json(body).await;
        answer.json()["data"]["task_id"].as_str().expect("a task").to_owned()
    }

    pub(crate) async fn status(&self, task: &str) -> Answer {
        self.post(STATUS).token(ALL).json(&format!(r#"{{"task_id":"{task}"}}"#)).await
    }

    /// Asks for an export, waits for it, and gives its URL.
    pub(crate) async fn export(&self, body: &str) -> String {
        let task = self.start(body).await;
        let mut looks = tokio::time::interval(Duration::from_millis(5));
        let completed = async {
            loop {
                let data = self.status(&task).await.json()["data"].take();
                match data["status"].as_str() {
                    Some("queued" | "processing") => drop(looks.tick().await),
                    Some("completed") => return data["result"]["url"].as_str().unwrap().to_owned(),
                    _ => panic!("the export came to {data}"),
                }
            }
        };
        let url = tokio::time::timeout(Duration::from_mins(1), completed).await;
        url.expect("the export is completed in time")
    }

    /// The path of a file that is there: the fills of April.
    pub(crate) async fn file(&self) -> String {
        format!("/api/download/forms/{}", self.export(APRIL).await)
    }
}
