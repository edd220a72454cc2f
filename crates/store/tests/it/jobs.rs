//! Jobs from creation to their end, for a worker that nobody disturbs.

use crate::database::{Db, at};
use crate::samples::{
    ACCOUNT, FORM, OTHER_ACCOUNT, checkpoint, create_job, job, job_spec, lease_next, prepare, raise_seq,
    rendition,
};
use fillhouse_model::{FormId, Job, JobId, JobState, JobSubject, LEASE_MICROS, MAX_BARREN_ATTEMPTS};
use fillhouse_store::{Checkpoint, Error, JobRecord, JobSpec};

conformance! {
    a_job_is_created_pinned_to_what_its_form_holds,
    a_job_needs_its_form,
    a_job_is_seen_by_its_account_only,
    the_longest_waiting_job_is_due_first,
    a_lease_makes_a_job_running,
    a_heartbeat_moves_the_end_of_the_lease,
    a_plan_says_how_much_there_is_to_do,
    a_checkpoint_counts_and_forgives_barren_attempts,
    a_completed_job_has_its_artifact,
    a_failed_job_says_why,
    a_requeued_job_waits_and_says_why,
    a_job_tried_too_often_fails_with_its_last_error,
    released_leases_are_due_at_once,
}

async fn a_job_is_created_pinned_to_what_its_form_holds(db: Db) {
    prepare(&db).await;
    raise_seq(&db, 5).await;
    create_job(&db, "a").await;
    raise_seq(&db, 1).await;
    create_job(&db, "b").await;
    let first = JobRecord {
        id: JobId("a".into()),
        number: 20_001,
        account_id: ACCOUNT,
        user_id: job_spec("a").user_id,
        subject: JobSubject::Form(FORM),
        kind: "export".into(),
        request: job_spec("a").request,
        snapshot_seq: 5,
        job: Job::queued(at(0)),
        blocks_total: 0,
        blocks_done: 0,
        rows_total: 0,
        error: None,
        artifact_id: None,
        created_at: at(0),
        finished_at: None,
        heartbeat_at: None,
        expected_rows: 0,
        turn_at: at(0),
        rendering_since: None,
        blocks_before: 0,
    };
    assert_eq!(job(&db, "a").await, first);
    let second = job(&db, "b").await;
    assert_eq!((second.number, second.snapshot_seq), (20_002, 6));
    assert_eq!(read!(db, |tx| tx.unfinished_jobs().await).unwrap(), 2);
}

async fn a_job_needs_its_form(db: Db) {
    prepare(&db).await;
    let spec = JobSpec { subject: JobSubject::Form(FormId(8)), ..job_spec("a") };
    let refused = write!(db, [spec], |tx| tx.create_job(&spec, at(0)).await);
    assert!(matches!(refused, Err(Error::Inconsistent { .. })), "{refused:?}");
    // Its number is not lost.
    create_job(&db, "b").await;
    assert_eq!(job(&db, "b").await.number, 20_001);
}

async fn a_job_is_seen_by_its_account_only(db: Db) {
    prepare(&db).await;
    create_job(&db, "a").await;
    let id = JobId("a".into());
    assert_eq!(read!(db, [id], |tx| tx.job_of(OTHER_ACCOUNT, &id).await).unwrap(), None);
    assert_eq!(read!(db, |tx| tx.job_of(ACCOUNT, &JobId("b".into())).await).unwrap(), None);
}

async fn the_longest_waiting_job_is_due_first(db: Db) {
    prepare(&db).await;
    for (id, seconds) in [("late", 20), ("b", 10), ("c", 10), ("a", 10)] {
        write!(db, |tx| tx.create_job(&job_spec(id), at(seconds)).await).unwrap();
    }
    let due = |seconds| {
        let db = &db;
        async move { write!(db, |tx| tx.due_job(at(seconds), i64::MAX).await).unwrap().map(|record| record.id.0) }
    };
    assert_eq!(due(9).await, None);
    // Of those that wait equally long, the one that came first.
    assert_eq!(due(99).await.as_deref(), Some("b"));
    for expected in ["b", "c", "a", "late"] {
        assert_eq!(lease_next(&db, "w", 99).await.unwrap().job_id.0, expected);
    }
    assert_eq!(due(99).await, None);
}

async fn a_lease_makes_a_job_running(db: Db) {
    prepare(&db).await;
    create_job(&db, "a").await;
    let lease = lease_next(&db, "w", 5).await.unwrap();
    assert_eq!(lease.attempt, 1);
    let leased = job(&db, "a").await.job;
    let until = at(5).plus_micros(LEASE_MICROS);
    assert_eq!(leased, Job { state: JobState::Running, attempt: 1, barren_attempts: 1, lease_until: until });
    assert!(read!(db, [lease], |tx| tx.is_latest(&lease).await).unwrap());
    // While the lease holds, the job is nobody else's; then it is anybody's.
    assert_eq!(lease_next(&db, "x", 16).await, None);
    assert_eq!(lease_next(&db, "x", 17).await.unwrap().attempt, 2);
}

async fn a_heartbeat_moves_the_end_of_the_lease(db: Db) {
    prepare(&db).await;
    create_job(&db, "a").await;
    let lease = lease_next(&db, "w", 5).await.unwrap();
    assert!(write!(db, [lease], |tx| tx.heartbeat(&lease, at(6), at(40)).await).unwrap());
    assert_eq!(job(&db, "a").await.job.lease_until, at(40));
    assert_eq!(db.number("SELECT heartbeat_at FROM jobs").await, 6_000_000);
    assert_eq!(lease_next(&db, "x", 39).await, None);
}

async fn a_plan_says_how_much_there_is_to_do(db: Db) {
    prepare(&db).await;
    create_job(&db, "a").await;
    let lease = lease_next(&db, "w", 5).await.unwrap();
    assert!(write!(db, [lease], |tx| tx.plan_job(&lease, 3, 20_000).await).unwrap());
    let planned = job(&db, "a").await;
    assert_eq!((planned.blocks_total, planned.blocks_done, planned.rows_total), (3, 0, 20_000));
    // A later attempt may find more blocks, but what was told of the progress must not go back.
    assert!(write!(db, [lease], |tx| tx.plan_job(&lease, 5, 30_000).await).unwrap());
    let planned = job(&db, "a").await;
    assert_eq!((planned.blocks_total, planned.rows_total), (3, 30_000));
}

async fn a_checkpoint_counts_and_forgives_barren_attempts(db: Db) {
    prepare(&db).await;
    create_job(&db, "a").await;
    lease_next(&db, "w", 0).await.unwrap();
    let lease = lease_next(&db, "w", 50).await.unwrap();
    assert_eq!(job(&db, "a").await.job.barren_attempts, 2);

    // The positions need not come in order.
    for position in [1, 0] {
        let rendition = rendition(&format!("r{position}"), position);
        let stored = checkpoint(&db, &lease, position, &rendition).await;
        assert_eq!(stored, Checkpoint::Stored(rendition));
    }
    let done = job(&db, "a").await;
    assert_eq!((done.job.barren_attempts, done.blocks_done), (0, 2));
    let parts = read!(db, |tx| tx.parts(&JobId("a".into())).await).unwrap();
    assert_eq!(parts, [(0, rendition("r0", 0)), (1, rendition("r1", 1))]);
}

async fn a_completed_job_has_its_artifact(db: Db) {
    prepare(&db).await;
    create_job(&db, "a").await;
    let lease = lease_next(&db, "w", 5).await.unwrap();
    assert!(write!(db, [lease], |tx| tx.complete_job(&lease, "x", 77, at(6)).await).unwrap());
    let completed = job(&db, "a").await;
    assert_eq!(completed.job.state, JobState::Completed);
    assert_eq!((completed.artifact_id.as_deref(), completed.rows_total), (Some("x"), 77));
    assert_eq!((completed.finished_at, completed.error), (Some(at(6)), None));
    assert_eq!(read!(db, |tx| tx.unfinished_jobs().await).unwrap(), 0);
    assert_eq!(lease_next(&db, "w", 999).await, None);
}

async fn a_failed_job_says_why(db: Db) {
    prepare(&db).await;
    create_job(&db, "a").await;
    let lease = lease_next(&db, "w", 5).await.unwrap();
    assert!(write!(db, [lease], |tx| tx.fail_job(&lease, "the form is gone", at(6)).await).unwrap());
    let failed = job(&db, "a").await;
    assert_eq!((failed.job.state, failed.finished_at), (JobState::Failed, Some(at(6))));
    assert_eq!((failed.error.as_deref(), failed.artifact_id), (Some("the form is gone"), None));
    assert_eq!(lease_next(&db, "w", 999).await, None);
}

async fn a_requeued_job_waits_and_says_why(db: Db) {
    prepare(&db).await;
    create_job(&db, "a").await;
    let lease = lease_next(&db, "w", 5).await.unwrap();
    assert!(write!(db, [lease], |tx| tx.requeue_job(&lease, at(60), Some("disk full")).await).unwrap());
    let queued = job(&db, "a").await;
    assert_eq!(
        queued.job,
        Job { state: JobState::Queued, attempt: 1, barren_attempts: 1, lease_until: at(60) }
    );
    assert_eq!(queued.error.as_deref(), Some("disk full"));
    assert_eq!(lease_next(&db, "w", 59).await, None);
    assert_eq!(lease_next(&db, "w", 60).await.unwrap().attempt, 2);
}

async fn a_job_tried_too_often_fails_with_its_last_error(db: Db) {
    prepare(&db).await;
    create_job(&db, "told").await;
    create_job(&db, "silent").await;
    for attempt in 0..MAX_BARREN_ATTEMPTS {
        for _ in 0..2 {
            let lease = lease_next(&db, "w", attempt * 100).await.unwrap();
            // One worker says why it stops, the other falls silent.
            if lease.job_id.0 == "told" {
                write!(db, [lease], |tx| tx
                    .requeue_job(&lease, at(attempt * 100 + 1), Some("disk full"))
                    .await)
                .unwrap();
            }
        }
    }
    for _ in 0..2 {
        lease_next(&db, "w", 9_999).await.unwrap();
    }
    for (id, error) in [("told", "disk full"), ("silent", "it was tried too often")] {
        let failed = job(&db, id).await;
        assert_eq!((failed.job.state, failed.error.as_deref()), (JobState::Failed, Some(error)));
        assert_eq!(failed.finished_at, Some(at(9_999)));
    }
    assert_eq!(lease_next(&db, "w", 99_999).await, None);
}

async fn released_leases_are_due_at_once(db: Db) {
    prepare(&db).await;
    for (id, owner) in [("a", "dead"), ("b", "alive"), ("c", "dead")] {
        create_job(&db, id).await;
        lease_next(&db, owner, 5).await.unwrap();
    }
    assert_eq!(write!(db, |tx| tx.release_leases("dead", at(6)).await).unwrap(), 2);
    let mut again = [lease_next(&db, "w", 6).await.unwrap(), lease_next(&db, "w", 6).await.unwrap()];
    again.sort_by(|one, other| one.job_id.cmp(&other.job_id));
    assert_eq!(again.map(|lease| lease.job_id.0), ["a", "c"]);
    assert_eq!(lease_next(&db, "w", 6).await, None);
    assert_eq!(write!(db, |tx| tx.release_leases("nobody", at(6)).await).unwrap(), 0);
}
