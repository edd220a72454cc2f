//! For the tests of single steps: items, and an engine on SQLite with a job that it has leased.

use crate::{
    DeliverySettings, DestinationSettings, Engine, ExportRequest, FileShape, FormRef, FormsReader, Random,
    Settings, UploadSettings, Wanted,
};
use fillhouse_model::{
    Account, AccountId, Clock, Form, FormId, FormState, Item, ItemType, Period, Timestamp, User, UserId,
    parse_date,
};
use fillhouse_store::{BlobUrl, DatabaseUrl, JobRecord, Lease};
use std::sync::Arc;
use std::time::Duration;

/// A clock that stands still.
struct Still;

impl Clock for Still {
    fn now(&self) -> Timestamp {
        "2026-06-01T12:00:00Z".parse().unwrap()
    }
}

/// An engine whose database and blobs go with the folder, and an export of an empty form that is under way.
pub(crate) async fn leased() -> (tempfile::TempDir, Engine, JobRecord, Lease) {
    let folder = tempfile::tempdir().unwrap();
    let settings = Settings {
        database: DatabaseUrl::Sqlite(folder.path().join("fillhouse.sqlite")),
        blobs: BlobUrl::Folder(folder.path().to_owned()),
        public_url: "https://forms.example".to_owned(),
        owner: "tests".into(),
        artifact_ttl: Duration::from_hours(24),
        rendition_ttl: Duration::from_hours(24),
        rendition_budget_bytes: 1 << 30,
        version_ttl: Duration::from_hours(24),
        ingest_batch: 1,
        render_threads: 1,
        export_jobs: 1,
        uploads: UploadSettings::default(),
        destinations: DestinationSettings::default(),
        deliveries: DeliverySettings::default(),
        column_cache_bytes: 64 << 20,
        rate_limits: crate::RateLimits { per_minute: 0, per_day: 0 },
    };
    let engine = Engine::open(settings, Arc::new(Still), Random::from_seed(1)).await.unwrap();
    engine.migrate().await.unwrap();
    let stored = engine.parts.store.write(|tx| {
        Box::pin(async move {
            let (id, account_id, timezone) = (AccountId(1), AccountId(1), "UTC".to_owned());
            tx.put_account(&Account { id, user_dir: "acme".into(), name: "Acme".into(), timezone }).await?;
            tx.put_user(&User { id: UserId(1), account_id, email: "a@b.example".into(), name: None }).await?;
            tx.put_form(&form()).await
        })
    });
    stored.await.unwrap();
    let day = parse_date("day", "2026-05-01").unwrap();
    let period = Period::new(day, day).unwrap();
    let actor = crate::audit::Actor { user: UserId(1), by: "test".into() };
    let reader = FormsReader { engine: engine.clone(), account: AccountId(1), user: UserId(1), actor };
    let wanted = Wanted::Period { period, include_incomplete: false };
    let request = ExportRequest { form: FormRef::Id(FormId(7)), wanted, shape: FileShape::zipped_table() };
    reader.start_export(request).await.unwrap();
    let (job, lease) = engine.lease_next(i64::MAX).await.unwrap().expect("a job is due");
    (folder, engine, job, lease)
}

pub(crate) fn form() -> Form {
    Form {
        id: FormId(7),
        account_id: AccountId(1),
        shortname: "form_00000007".into(),
        directory: "form7".into(),
        slug: "form-7".into(),
        name: "Form".into(),
        description: None,
        state: FormState::Open,
        timezone: None,
        partial: false,
        items: Vec::new(),
        slots: Vec::new(),
    }
}

pub(crate) fn item(id: &str, kind: ItemType, label: &str) -> Item {
    group(id, kind, label, Vec::new())
}

pub(crate) fn group(id: &str, kind: ItemType, label: &str, children: Vec<Item>) -> Item {
    Item { children, ..Item::plain(id, kind, label) }
}
