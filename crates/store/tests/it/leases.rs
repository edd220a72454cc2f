//! Leases among several workers: one wins, and whoever lost writes nothing.

use crate::database::{Db, at};
use crate::samples::{ACCOUNT, create_job, job, lease_next, prepare, rendition};
use fillhouse_model::JobId;
use fillhouse_store::{Checkpoint, Lease, Store};
use std::sync::Arc;
use tokio::sync::Barrier;

conformance! {
    of_many_workers_one_gets_the_job,
    each_job_goes_to_one_of_many_workers,
    a_record_that_another_leased_since_is_stale,
    a_late_worker_writes_nothing,
    nobody_writes_to_a_job_that_ended,
}

/// A worker that looks for a job and leases it, on its own.
async fn work(store: Store, owner: String) -> Option<Lease> {
    let leased = store.write(move |tx| {
        let owner = owner.clone();
        Box::pin(async move {
            let Some(record) = tx.due_job(at(1), i64::MAX).await? else { return Ok(None) };
            let Some(job) = record.job.lease(at(1)) else { return Ok(None) };
            let won = tx.put_lease(&record, job, &owner, at(1)).await?;
            Ok(won.then_some(Lease { job_id: record.id, attempt: job.attempt }))
        })
    });
    leased.await.unwrap()
}

async fn leases_of_workers(db: &Db, workers: usize) -> Vec<Lease> {
    let tasks: Vec<_> = (0..workers).map(|n| tokio::spawn(work(db.store.clone(), format!("w{n}")))).collect();
    let mut leases = Vec::new();
    for task in tasks {
        leases.extend(task.await.unwrap());
    }
    leases
}

async fn of_many_workers_one_gets_the_job(db: Db) {
    prepare(&db).await;
    create_job(&db, "a").await;
    assert_eq!(leases_of_workers(&db, 8).await, [Lease { job_id: JobId("a".into()), attempt: 1 }]);
}

async fn each_job_goes_to_one_of_many_workers(db: Db) {
    prepare(&db).await;
    for n in 0..8 {
        create_job(&db, &format!("job {n}")).await;
    }
    // A worker that finds all due jobs taken by others comes again.
    let mut leases = Vec::new();
    while leases.len() < 8 {
        leases.extend(leases_of_workers(&db, 4).await);
    }
    leases.sort_by(|one, other| one.job_id.cmp(&other.job_id));
    let expected: Vec<Lease> =
        (0..8).map(|n| Lease { job_id: JobId(format!("job {n}")), attempt: 1 }).collect();
    assert_eq!(leases, expected);
}

/// Both look before either writes, which only PostgreSQL lets happen.
#[tokio::test]
async fn of_two_that_look_at_once_one_sees_nothing_due() {
    let db = Db::postgres().await;
    prepare(&db).await;
    create_job(&db, "a").await;
    let both_looked = Arc::new(Barrier::new(2));
    let contend = || {
        let both_looked = both_looked.clone();
        db.store.write(move |tx| {
            let both_looked = both_looked.clone();
            Box::pin(async move {
                let found = tx.due_job(at(1), i64::MAX).await?;
                both_looked.wait().await;
                let Some(record) = found else { return Ok(false) };
                tx.put_lease(&record, record.job.lease(at(1)).expect("it is due"), "w", at(1)).await
            })
        })
    };
    let (one, other) = tokio::join!(contend(), contend());
    assert!(one.unwrap() ^ other.unwrap());
    assert_eq!(job(&db, "a").await.job.attempt, 1);
}

async fn a_record_that_another_leased_since_is_stale(db: Db) {
    prepare(&db).await;
    create_job(&db, "a").await;
    let stale = write!(db, |tx| tx.due_job(at(1), i64::MAX).await).unwrap().unwrap();
    let won = lease_next(&db, "w", 1).await.unwrap();
    let before = job(&db, "a").await;
    let leased = stale.job.lease(at(1)).unwrap();
    assert!(!write!(db, [stale], |tx| tx.put_lease(&stale, leased, "late", at(1)).await).unwrap());
    assert_eq!(job(&db, "a").await, before);
    assert!(read!(db, [won], |tx| tx.is_latest(&won).await).unwrap());
}

/// Tries all that a lease allows; nothing of it may happen.
async fn assert_fenced(db: &Db, lease: Lease) {
    let before = (job(db, "a").await, db.rows("SELECT owner, heartbeat_at, lease_until FROM jobs").await);
    let (allowed, checkpoints) = write!(db, [lease], |tx| {
        let allowed = [
            tx.heartbeat(&lease, at(900), at(901)).await?,
            tx.plan_job(&lease, 99, 99).await?,
            tx.complete_job(&lease, "x", 99, at(900)).await?,
            tx.fail_job(&lease, "late", at(900)).await?,
            tx.requeue_job(&lease, at(900), Some("late")).await?,
            tx.is_latest(&lease).await?,
        ];
        let own = tx.checkpoint(&lease, 0, &rendition("late", 0), at(900)).await?;
        let reused = tx.checkpoint_reused(&lease, 0, &rendition("late", 0), at(900)).await?;
        Ok((allowed, [own, reused]))
    })
    .unwrap();
    assert_eq!((allowed, checkpoints), ([false; 6], [Checkpoint::Fenced, Checkpoint::Fenced]));
    let after = (job(db, "a").await, db.rows("SELECT owner, heartbeat_at, lease_until FROM jobs").await);
    assert_eq!(after, before);
    assert_eq!((db.count("renditions").await, db.count("parts").await), (0, 0));
}

async fn a_late_worker_writes_nothing(db: Db) {
    prepare(&db).await;
    create_job(&db, "a").await;
    let late = lease_next(&db, "late", 1).await.unwrap();
    // Given back: the attempt is still its own, but it runs no more.
    write!(db, [late], |tx| tx.requeue_job(&late, at(2), None).await).unwrap();
    assert_fenced(&db, late.clone()).await;
    let latest = lease_next(&db, "w", 100).await.unwrap();
    assert_fenced(&db, late).await;
    assert!(read!(db, [latest], |tx| tx.is_latest(&latest).await).unwrap());
}

async fn nobody_writes_to_a_job_that_ended(db: Db) {
    prepare(&db).await;
    create_job(&db, "a").await;
    let lease = lease_next(&db, "w", 1).await.unwrap();
    write!(db, [lease], |tx| tx.complete_job(&lease, "x", 5, at(2)).await).unwrap();
    assert_fenced(&db, lease).await;
    assert_eq!(write!(db, |tx| tx.release_leases("w", at(3)).await).unwrap(), 0);
    let ended = read!(db, |tx| tx.job_of(ACCOUNT, &JobId("a".into())).await).unwrap().unwrap();
    assert_eq!(ended.artifact_id.as_deref(), Some("x"));
}
