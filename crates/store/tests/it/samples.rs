//! Things to store: plain ones, that a test changes where it matters.
//!
//! Must not know: a database, but for the few functions that prepare one.

use crate::database::{Db, at};
use fillhouse_model::{
    Account, AccountId, Form, FormId, FormState, Item, ItemType, JobId, JobSubject, Status, Submission,
    SubmissionId, User, UserId, row,
};
use fillhouse_store::{
    Artifact, Break, Checkpoint, JobRecord, JobSpec, Lease, NewRow, Rendition, RenditionKey, key_of,
};

pub(crate) const ACCOUNT: AccountId = AccountId(1);
pub(crate) const OTHER_ACCOUNT: AccountId = AccountId(2);
pub(crate) const FORM: FormId = FormId(7);

pub(crate) fn account(id: AccountId) -> Account {
    Account { id, user_dir: format!("dir-{id}"), name: format!("Account {id}"), timezone: "UTC".into() }
}

pub(crate) fn user(id: i64, account_id: AccountId) -> User {
    User { id: UserId(id), account_id, email: format!("{id}@example.org"), name: None }
}

pub(crate) fn form(id: FormId, account_id: AccountId) -> Form {
    let mut form = Form {
        id,
        account_id,
        shortname: format!("form_{id:08}", id = id.0),
        directory: format!("directory-{id}"),
        slug: format!("slug-{id}"),
        name: format!("Form {id}"),
        description: None,
        state: FormState::Open,
        timezone: None,
        partial: false,
        items: vec![item("1", "Name"), item("2", "Город")],
        slots: Vec::new(),
    };
    form.assign_slots(&[]);
    form
}

pub(crate) fn item(id: &str, label: &str) -> Item {
    Item::plain(id, ItemType::Text, label)
}

/// A row of [`FORM`] whose body says nothing that the store would read.
pub(crate) fn new_row(ordinal: i64, id: i64, seq: i64) -> NewRow {
    let body = format!("{ordinal} {id} {seq}").into_bytes();
    NewRow { key: key_of(FORM, ordinal), id: SubmissionId(id), seq, body }
}

/// A row as the engine writes it, with these dates in seconds.
pub(crate) fn submission_body(finish: Option<i64>, update: i64) -> Vec<u8> {
    row::encode(&Submission {
        id: SubmissionId(1),
        status: if finish.is_some() { Status::Complete } else { Status::Incomplete },
        date_start: None,
        date_finish: finish.map(at),
        date_update: at(update),
        login_email: None,
        login_username: None,
        payment_amount: None,
        payment_status: None,
        user_browser: None,
        user_ip: None,
        user_device: None,
        user_referrer: None,
        profile: None,
        answers: Vec::new(),
    })
}

pub(crate) fn job_spec(id: &str) -> JobSpec {
    JobSpec {
        id: JobId(id.into()),
        account_id: ACCOUNT,
        user_id: UserId(1),
        subject: JobSubject::Form(FORM),
        kind: "export",
        request: r#"{"format":"csv"}"#.into(),
        digest: None,
        expected_rows: 0,
        snapshot_seq: None,
    }
}

/// Stores two accounts with a user each, and [`FORM`] in the first.
pub(crate) async fn prepare(db: &Db) {
    write!(db, |tx| {
        for id in [ACCOUNT, OTHER_ACCOUNT] {
            tx.put_account(&account(id)).await?;
            tx.put_user(&user(id.0, id)).await?;
        }
        tx.put_form(&form(FORM, ACCOUNT)).await
    })
    .unwrap();
}

/// Changes [`FORM`] `count` times, so that its seq rises by as much.
pub(crate) async fn raise_seq(db: &Db, count: i64) {
    let taken = write!(db, |tx| {
        let revision = tx.form(FORM).await?.expect("it was prepared").revision;
        tx.take_ordinals(FORM, revision, 0, count).await
    });
    taken.unwrap().unwrap();
}

/// Creates a job for [`FORM`] at the epoch.
pub(crate) async fn create_job(db: &Db, id: &str) {
    let spec = job_spec(id);
    write!(db, [spec], |tx| tx.create_job(&spec, at(0)).await).unwrap();
}

/// The job as it is stored.
pub(crate) async fn job(db: &Db, id: &str) -> JobRecord {
    let id = JobId(id.into());
    read!(db, [id], |tx| tx.job_of(ACCOUNT, &id).await).unwrap().unwrap()
}

/// Leases the next job that is due, as a worker does.
pub(crate) async fn lease_next(db: &Db, owner: &str, seconds: i64) -> Option<Lease> {
    let owner = owner.to_owned();
    let leased = write!(db, [owner], |tx| {
        let Some(record) = tx.due_job(at(seconds), i64::MAX).await? else { return Ok(None) };
        let job = record.job.lease(at(seconds)).expect("it is due");
        assert!(tx.put_lease(&record, job, &owner, at(seconds)).await?);
        Ok(Some(Lease { job_id: record.id, attempt: job.attempt }))
    });
    leased.unwrap()
}

/// A rendition of a block of [`FORM`], the same layout and version each time.
pub(crate) fn rendition(id: &str, block: i64) -> Rendition {
    Rendition {
        id: id.into(),
        key: RenditionKey { form_id: FORM, block, version: 1, layout: "csv".into() },
        blob: Some(format!("renditions/{id}")),
        rows: 10,
        raw_bytes: 1_000,
        deflated_bytes: 100,
        crc32: 0xffff_fffe,
    }
}

/// Records a finished block at the epoch.
pub(crate) async fn checkpoint(db: &Db, lease: &Lease, position: i64, rendition: &Rendition) -> Checkpoint {
    write!(db, [lease, rendition], |tx| tx.checkpoint(&lease, position, &rendition, at(0)).await).unwrap()
}

/// The artifact of a job, there until a moment in seconds.
pub(crate) fn artifact(id: &str, job: &str, expires: i64) -> Artifact {
    Artifact {
        id: id.into(),
        account_id: ACCOUNT,
        job_id: JobId(job.into()),
        content_key: "content".into(),
        name: "Анкета.zip".into(),
        media_type: "application/zip".into(),
        rows: 10,
        size_bytes: 222,
        sha256: "00".into(),
        head: vec![0, 255, 1],
        joint: vec![2, 254],
        breaks: vec![Break { part: 1, bytes: vec![3, 253] }, Break { part: 9, bytes: vec![] }],
        tail: Vec::new(),
        created_at: at(0),
        expires_at: at(expires),
    }
}
