//! Schedules and their runs: who begins one, who is at it, and whose word counts.

use crate::database::{Db, at};
use crate::samples::{ACCOUNT, FORM, create_job, prepare};
use fillhouse_model::{JobId, UserId};
use fillhouse_store::{
    DeliveredFile, Error, FailedAttempt, NewRun, RunLease, RunRecord, RunState, SchedulePage, ScheduleRecord,
};

conformance! {
    schedules_are_stored_changed_and_listed,
    a_time_is_taken_by_one,
    a_schedule_has_one_unfinished_run,
    a_late_worker_writes_nothing_of_a_run,
    a_run_is_ready_once_its_export_has_ended,
    what_was_delivered_counts_for_what_is_still_asked,
}

fn schedule(id: &str) -> ScheduleRecord {
    ScheduleRecord {
        id: id.into(),
        account_id: ACCOUNT,
        user_id: UserId(1),
        form_id: FORM,
        name: "Nightly".into(),
        timing: "\"hourly\"".into(),
        request: "{}".into(),
        asked: "{}".into(),
        destination: "\"store\"".into(),
        secret: Some(vec![1, 2]),
        is_incremental: true,
        is_paused: false,
        revision: 1,
        delivered_seq: None,
        next_at: Some(at(100)),
        zone: "UTC".into(),
        created_at: at(1),
        updated_at: at(1),
        zone_now: "UTC".into(),
    }
}

fn run(id: &str) -> NewRun {
    NewRun { id: id.into(), due_at: at(100), is_manual: false }
}

async fn stored(db: &Db, schedule: &ScheduleRecord) {
    prepare(db).await;
    write!(db, [schedule], |tx| tx.create_schedule(&schedule).await).unwrap();
}

async fn ready(db: &Db, seconds: i64) -> Vec<RunRecord> {
    read!(db, |tx| tx.ready_runs(at(seconds), 10).await).unwrap()
}

/// Leases the only run that is ready.
async fn lease(db: &Db, seconds: i64) -> Option<RunLease> {
    let run = ready(db, seconds).await.pop()?;
    write!(db, [run], |tx| tx.lease_run(&run, "me", (at(seconds), at(seconds + 12))).await).unwrap()
}

async fn the_run(db: &Db) -> RunRecord {
    read!(db, |tx| tx.runs_of("1", None, 10).await).unwrap().swap_remove(0)
}

async fn schedules_are_stored_changed_and_listed(db: Db) {
    let (first, second) = (schedule("1"), ScheduleRecord { secret: None, next_at: None, ..schedule("2") });
    stored(&db, &first).await;
    write!(db, [second], |tx| tx.create_schedule(&second).await).unwrap();
    let page = SchedulePage { form_id: None, after: String::new(), limit: 10 };
    let listed =
        async |page: SchedulePage| read!(db, [page], |tx| tx.schedules_of(ACCOUNT, &page).await).unwrap();
    assert_eq!(listed(page.clone()).await, [first.clone(), second.clone()]);
    assert_eq!(listed(SchedulePage { after: "1".into(), ..page.clone() }).await, [second]);
    assert_eq!(listed(SchedulePage { form_id: Some(fillhouse_model::FormId(99)), ..page }).await, []);
    let changed = ScheduleRecord { name: "Daily".into(), secret: None, is_paused: true, ..first };
    write!(db, [changed], |tx| tx.update_schedule(&changed).await).unwrap();
    assert_eq!(read!(db, |tx| tx.schedule_of(ACCOUNT, "1").await).unwrap(), Some(changed));
    assert_eq!(read!(db, |tx| tx.count_schedules(ACCOUNT).await).unwrap(), 2);
    assert!(write!(db, |tx| tx.delete_schedule(ACCOUNT, "1").await).unwrap());
    assert!(!write!(db, |tx| tx.delete_schedule(ACCOUNT, "1").await).unwrap());
}

async fn a_time_is_taken_by_one(db: Db) {
    stored(&db, &schedule("1")).await;
    assert!(!read!(db, |tx| tx.is_schedule_due(at(99)).await).unwrap());
    assert!(read!(db, |tx| tx.is_schedule_due(at(100)).await).unwrap());
    let take =
        async || write!(db, |tx| tx.retime_schedule("1", at(100), (Some(at(200)), "UTC")).await).unwrap();
    assert!(take().await);
    assert!(!take().await);
    assert_eq!(write!(db, |tx| tx.due_schedules(at(199), 10).await).unwrap(), []);
    assert_eq!(write!(db, |tx| tx.due_schedules(at(200), 10).await).unwrap().len(), 1);
}

async fn a_schedule_has_one_unfinished_run(db: Db) {
    let made = schedule("1");
    stored(&db, &made).await;
    write!(db, [made], |tx| tx.add_run(&made, &run("a"), at(100)).await).unwrap();
    let second = write!(db, [made], |tx| tx.add_run(&made, &run("b"), at(100)).await);
    assert!(matches!(second, Err(Error::Constraint(_))), "{second:?}");
    // While it has not been begun, the schedule is not due.
    assert!(!read!(db, |tx| tx.is_schedule_due(at(200)).await).unwrap());
    let lease = lease(&db, 100).await.unwrap();
    let failed = FailedAttempt { error: "no".into(), again_at: Some(at(300)), lets_go: false };
    assert!(write!(db, [lease, failed], |tx| tx.fail_run_attempt(&lease, &failed, at(101)).await).unwrap());
    // It has failed, and waits: the next one may come.
    assert!(read!(db, |tx| tx.is_schedule_due(at(200)).await).unwrap());
    assert!(the_run(&db).await.gives_way(at(200)));
    assert!(write!(db, |tx| tx.give_up_run("1", "late", at(200)).await).unwrap());
    write!(db, [made], |tx| tx.add_run(&made, &run("b"), at(200)).await).unwrap();
    assert_eq!(read!(db, |tx| tx.unfinished_runs().await).unwrap(), 1);
}

async fn a_late_worker_writes_nothing_of_a_run(db: Db) {
    let made = schedule("1");
    stored(&db, &made).await;
    write!(db, [made], |tx| tx.add_run(&made, &run("a"), at(100)).await).unwrap();
    let late = lease(&db, 100).await.unwrap();
    assert_eq!(lease(&db, 111).await, None);
    assert!(write!(db, [late], |tx| tx.renew_run(&late, at(120)).await).unwrap());
    let lease = lease(&db, 120).await.unwrap();
    let (job, file) = (JobId("j".into()), file());
    let failed = FailedAttempt { error: "no".into(), again_at: None, lets_go: true };
    assert!(!write!(db, [late], |tx| tx.renew_run(&late, at(140)).await).unwrap());
    assert!(!write!(db, [late, job], |tx| tx.note_run_job(&late, &job, (1, None)).await).unwrap());
    assert!(!write!(db, [late, file], |tx| tx.end_run_delivered(&late, &file, at(121)).await).unwrap());
    assert!(!write!(db, [late, failed], |tx| tx.fail_run_attempt(&late, &failed, at(121)).await).unwrap());
    assert_eq!(the_run(&db).await.state, RunState::Waiting);
    assert!(write!(db, [lease, file], |tx| tx.end_run_delivered(&lease, &file, at(121)).await).unwrap());
    // What has ended stays as it is.
    assert!(!write!(db, [lease, failed], |tx| tx.fail_run_attempt(&lease, &failed, at(122)).await).unwrap());
    let ended = the_run(&db).await;
    assert_eq!((ended.state, ended.rows, ended.finished_at), (RunState::Delivered, Some(3), Some(at(121))));
}

fn file() -> DeliveredFile {
    DeliveredFile {
        rows: 3,
        size_bytes: 30,
        file_name: "f.csv".into(),
        delivered_to: "store".into(),
        snapshot_seq: 8,
    }
}

async fn a_run_is_ready_once_its_export_has_ended(db: Db) {
    let made = schedule("1");
    stored(&db, &made).await;
    create_job(&db, "j").await;
    write!(db, [made], |tx| tx.add_run(&made, &run("a"), at(100)).await).unwrap();
    let lease = lease(&db, 100).await.unwrap();
    let job = JobId("j".into());
    assert!(write!(db, [lease, job], |tx| tx.note_run_job(&lease, &job, (1, Some(4))).await).unwrap());
    assert_eq!(ready(&db, 200).await, []);
    assert!(write!(db, [job], |tx| tx.cancel_job(ACCOUNT, &job, at(150)).await).unwrap());
    let found = ready(&db, 200).await.swap_remove(0);
    assert_eq!(
        (found.state, found.since_seq, found.job_id),
        (RunState::Exporting, Some(4), Some(job.clone()))
    );
    // One that is not there any more is as good as one that has ended.
    assert!(write!(db, [job], |tx| tx.delete_job(ACCOUNT, &job).await).unwrap());
    assert_eq!(ready(&db, 200).await.len(), 1);
}

async fn what_was_delivered_counts_for_what_is_still_asked(db: Db) {
    stored(&db, &schedule("1")).await;
    let seq = async || read!(db, |tx| tx.schedule_of(ACCOUNT, "1").await).unwrap().unwrap().delivered_seq;
    write!(db, |tx| tx.note_delivered("1", 2, 7).await).unwrap();
    assert_eq!(seq().await, None);
    write!(db, |tx| tx.note_delivered("1", 1, 7).await).unwrap();
    assert_eq!(seq().await, Some(7));
}
