//! Artifacts and jobs that are over: what goes with them, and what must stay.

use crate::database::{BLOCKED, Db, at};
use crate::samples::{
    ACCOUNT, FORM, OTHER_ACCOUNT, artifact, checkpoint, create_job, job, lease_next, new_row, prepare,
    raise_seq, rendition,
};
use fillhouse_model::JobId;
use fillhouse_store::{Artifact, Error, Lease, Remembered};
use std::sync::Arc;
use tokio::sync::Barrier;

conformance! {
    an_artifact_is_stored_and_found,
    an_artifact_like_it_is_the_latest_that_is_still_there,
    an_artifact_is_only_ever_kept_longer,
    an_expired_artifact_goes_with_its_parts,
    a_shared_rendition_outlives_one_of_its_artifacts,
    two_artifacts_of_one_job_go_one_after_the_other,
    artifacts_are_dropped_a_few_at_a_time,
    a_job_that_ended_goes_when_it_is_old_and_has_no_artifact,
    jobs_are_dropped_a_few_at_a_time,
    nothing_is_left_of_what_is_over,
}

/// A completed job of one rendition, with its artifact, there until a moment in seconds.
async fn export(db: &Db, job: &str, rendition_id: &str, expires: i64) {
    create_job(db, job).await;
    let lease = lease_next(db, "w", 0).await.unwrap();
    checkpoint(db, &lease, 0, &rendition(rendition_id, 0)).await;
    complete(db, &lease, &artifact(&format!("artifact {job}"), job, expires)).await;
}

async fn complete(db: &Db, lease: &Lease, artifact: &Artifact) {
    let completed = write!(db, [lease, artifact], |tx| {
        tx.put_artifact(&artifact).await?;
        tx.complete_job(&lease, &artifact.id, artifact.rows, at(5)).await
    });
    assert!(completed.unwrap());
}

async fn drop_artifacts(db: &Db, seconds: i64) -> u64 {
    write!(db, |tx| tx.drop_artifacts(at(seconds), 99).await).unwrap()
}

async fn drop_jobs(db: &Db, seconds: i64) -> u64 {
    write!(db, |tx| tx.drop_jobs(at(seconds), 99).await).unwrap()
}

async fn drop_renditions(db: &Db) -> usize {
    write!(db, |tx| tx.drop_renditions(at(999), 99).await).unwrap().len()
}

async fn an_artifact_is_stored_and_found(db: Db) {
    prepare(&db).await;
    export(&db, "a", "r", 100).await;
    let found = read!(db, |tx| tx.artifact("artifact a").await).unwrap();
    assert_eq!(found, Some(artifact("artifact a", "a", 100)));
    assert_eq!(read!(db, |tx| tx.artifact("a").await).unwrap(), None);
    let again = write!(db, |tx| tx.put_artifact(&artifact("artifact a", "a", 100)).await);
    assert!(matches!(again, Err(Error::Constraint(_))), "{again:?}");
    let message = Error::missing_part("artifact a").to_string();
    assert_eq!(message, "artifacts artifact a is not readable: a part of it has no blob");
}

async fn an_artifact_like_it_is_the_latest_that_is_still_there(db: Db) {
    prepare(&db).await;
    create_job(&db, "a").await;
    let all = [("old", 1, 100), ("new", 2, 90), ("gone", 3, 50), ("other", 4, 100)].map(
        |(id, created, expires)| {
            let content_key = if id == "other" { "other" } else { "content" };
            Artifact {
                created_at: at(created),
                content_key: content_key.into(),
                ..artifact(id, "a", expires)
            }
        },
    );
    write!(db, [all], |tx| {
        for artifact in &all {
            tx.put_artifact(artifact).await?;
        }
        Ok(())
    })
    .unwrap();
    let like = |account, seconds| {
        let db = &db;
        async move {
            let found = read!(db, |tx| tx.artifact_like(account, "content", at(seconds)).await).unwrap();
            found.map(|artifact| artifact.id)
        }
    };
    assert_eq!(like(ACCOUNT, 49).await.as_deref(), Some("gone"));
    assert_eq!(like(ACCOUNT, 50).await.as_deref(), Some("new"));
    assert_eq!(like(ACCOUNT, 90).await.as_deref(), Some("old"));
    assert_eq!(like(ACCOUNT, 100).await, None);
    assert_eq!(like(OTHER_ACCOUNT, 49).await, None);
}

async fn an_artifact_is_only_ever_kept_longer(db: Db) {
    prepare(&db).await;
    export(&db, "a", "r", 100).await;
    for (until, expected) in [(200, 200), (150, 200), (200, 200)] {
        assert!(write!(db, |tx| tx.extend_artifact("artifact a", at(until)).await).unwrap());
        let found = read!(db, |tx| tx.artifact("artifact a").await).unwrap().unwrap();
        assert_eq!(found.expires_at, at(expected));
    }
    assert!(!write!(db, |tx| tx.extend_artifact("artifact b", at(200)).await).unwrap());
}

async fn an_expired_artifact_goes_with_its_parts(db: Db) {
    prepare(&db).await;
    export(&db, "a", "r", 100).await;
    assert_eq!(drop_artifacts(&db, 99).await, 0);
    assert_eq!(drop_artifacts(&db, 100).await, 1);
    assert_eq!(read!(db, |tx| tx.artifact("artifact a").await).unwrap(), None);
    assert_eq!(db.count("parts").await, 0);
    // What it was made of stays until the sweeper finds it, and the job tells that it was done.
    assert_eq!((db.count("renditions").await, job(&db, "a").await.rows_total), (1, 10));
}

async fn a_shared_rendition_outlives_one_of_its_artifacts(db: Db) {
    prepare(&db).await;
    export(&db, "a", "r", 100).await;
    export(&db, "b", "equal", 200).await;
    assert_eq!(drop_artifacts(&db, 150).await, 1);
    assert_eq!(drop_renditions(&db).await, 0);
    let parts = read!(db, |tx| tx.parts(&JobId("b".into())).await).unwrap();
    assert_eq!(parts, [(0, rendition("r", 0))]);
    assert_eq!(drop_artifacts(&db, 200).await, 1);
    assert_eq!(drop_renditions(&db).await, 1);
}

async fn two_artifacts_of_one_job_go_one_after_the_other(db: Db) {
    prepare(&db).await;
    export(&db, "a", "r", 100).await;
    write!(db, |tx| tx.put_artifact(&artifact("second", "a", 200)).await).unwrap();
    assert_eq!(drop_artifacts(&db, 100).await, 1);
    assert_eq!(db.count("parts").await, 1);
    assert_eq!(drop_artifacts(&db, 200).await, 1);
    assert_eq!(db.count("parts").await, 0);
}

async fn artifacts_are_dropped_a_few_at_a_time(db: Db) {
    prepare(&db).await;
    for job in ["a", "b", "c"] {
        export(&db, job, "r", 100).await;
    }
    for expected in [2, 1, 0] {
        assert_eq!(write!(db, |tx| tx.drop_artifacts(at(100), 2).await).unwrap(), expected);
    }
    assert_eq!((db.count("artifacts").await, db.count("parts").await), (0, 0));
}

async fn a_job_that_ended_goes_when_it_is_old_and_has_no_artifact(db: Db) {
    prepare(&db).await;
    export(&db, "a", "r", 100).await;
    create_job(&db, "failed").await;
    let failing = lease_next(&db, "w", 0).await.unwrap();
    checkpoint(&db, &failing, 0, &rendition("r", 0)).await;
    write!(db, [failing], |tx| tx.fail_job(&failing, "why", at(5)).await).unwrap();
    create_job(&db, "waiting").await;

    assert_eq!(drop_jobs(&db, 5).await, 0);
    assert_eq!(drop_jobs(&db, 6).await, 1);
    assert_eq!(db.rows("SELECT id FROM jobs ORDER BY id").await, [["a"], ["waiting"]]);
    assert_eq!(db.count("parts").await, 1);
    drop_artifacts(&db, 100).await;
    assert_eq!(drop_jobs(&db, 6).await, 1);
    assert_eq!(drop_jobs(&db, 999).await, 0);
}

async fn jobs_are_dropped_a_few_at_a_time(db: Db) {
    prepare(&db).await;
    for job in ["a", "b", "c"] {
        export(&db, job, "r", 10).await;
    }
    drop_artifacts(&db, 10).await;
    for expected in [2, 1, 0] {
        assert_eq!(write!(db, |tx| tx.drop_jobs(at(99), 2).await).unwrap(), expected);
    }
}

async fn nothing_is_left_of_what_is_over(db: Db) {
    prepare(&db).await;
    raise_seq(&db, 2).await;
    write!(db, |tx| {
        tx.remember(ACCOUNT, "k", &Remembered { fingerprint: "f".into(), response: "r".into() }, at(1))
            .await?;
        tx.insert_submissions(ACCOUNT, &[new_row(0, 1, 1)]).await?;
        tx.delete_submission(fillhouse_store::key_of(FORM, 0), 2, at(1)).await
    })
    .unwrap();
    export(&db, "a", "r", 100).await;
    export(&db, "b", "equal", 200).await;
    create_job(&db, "failed").await;
    let failing = lease_next(&db, "w", 0).await.unwrap();
    checkpoint(&db, &failing, 0, &rendition("r", 0)).await;
    write!(db, [failing], |tx| tx.fail_job(&failing, "why", at(5)).await).unwrap();

    drop_artifacts(&db, 200).await;
    drop_jobs(&db, 999).await;
    drop_renditions(&db).await;
    write!(db, |tx| {
        tx.drop_versions(at(999)).await?;
        tx.forget_keys(at(999)).await
    })
    .unwrap();
    for table in ["artifacts", "parts", "renditions", "jobs", "versions", "idempotency_keys", "submissions"] {
        assert_eq!(db.count(table).await, 0, "{table}");
    }
}

/// Somebody asks for the same again just when the sweeper has found the artifact expired. On PostgreSQL alone two write
/// at once.
#[tokio::test]
async fn an_artifact_that_is_kept_longer_meanwhile_is_not_dropped() {
    let db = Db::postgres().await;
    prepare(&db).await;
    export(&db, "a", "r", 100).await;
    let (extended, blocked) = (Arc::new(Barrier::new(2)), Arc::new(Barrier::new(2)));
    let barriers = (extended.clone(), blocked.clone());
    let extending = db.store.write(move |tx| {
        let (extended, blocked) = barriers.clone();
        Box::pin(async move {
            let is_there = tx.extend_artifact("artifact a", at(500)).await?;
            extended.wait().await;
            blocked.wait().await;
            Ok(is_there)
        })
    });
    let sweeping = async {
        extended.wait().await;
        drop_artifacts(&db, 100).await
    };
    let watching = async {
        db.wait_for("the sweeper to meet the lock", BLOCKED, 1).await;
        blocked.wait().await;
    };
    let (is_there, dropped, ()) = tokio::join!(extending, sweeping, watching);
    assert!(is_there.unwrap());
    assert_eq!(dropped, 0);
    assert_eq!((db.count("artifacts").await, db.count("parts").await), (1, 1));
}
