//! Jobs as whoever asked for them sees them, and what becomes of their files.

use crate::database::{Db, at};
use crate::samples::{
    ACCOUNT, OTHER_ACCOUNT, artifact, checkpoint, create_job, job, job_spec, lease_next, prepare, raise_seq,
    rendition,
};
use fillhouse_model::{FormId, JobId, JobState, SMALL_ROWS};
use fillhouse_store::{Checkpoint, JobPage, JobSpec, Written};

conformance! {
    jobs_are_listed_latest_first_and_by_account,
    a_small_job_goes_before_a_large_one,
    a_place_in_the_queue_is_told,
    what_is_written_is_counted_from_what_is_stored,
    a_job_is_found_by_what_was_asked_for,
    a_cancelled_job_is_written_to_no_more,
    whoever_renders_says_since_when,
    a_file_goes_with_the_last_job_that_has_it,
    nobody_deletes_what_is_anothers_or_unfinished,
}

fn id(text: &str) -> JobId {
    JobId(text.into())
}

async fn create(db: &Db, spec: JobSpec, seconds: i64) {
    write!(db, [spec], |tx| tx.create_job(&spec, at(seconds)).await).unwrap();
}

async fn listed(db: &Db, before: Option<i64>, limit: i64) -> Vec<String> {
    let page = JobPage { form: None, before, limit };
    let jobs = read!(db, |tx| tx.jobs_of(ACCOUNT, "export", page).await).unwrap();
    jobs.into_iter().map(|job| job.id.0).collect()
}

async fn jobs_are_listed_latest_first_and_by_account(db: Db) {
    prepare(&db).await;
    for id in ["a", "b", "c"] {
        create_job(&db, id).await;
    }
    create(&db, JobSpec { account_id: OTHER_ACCOUNT, ..job_spec("theirs") }, 0).await;
    create(&db, JobSpec { kind: "other", ..job_spec("other") }, 0).await;
    assert_eq!(listed(&db, None, 9).await, ["c", "b", "a"]);
    assert_eq!(listed(&db, None, 2).await, ["c", "b"]);
    assert_eq!(listed(&db, Some(job(&db, "b").await.number), 9).await, ["a"]);
    let of = |form: i64| JobPage { form: Some(FormId(form)), before: None, limit: 9 };
    let count = |form: i64| {
        let (db, page) = (&db, of(form));
        async move { read!(db, |tx| tx.jobs_of(ACCOUNT, "export", page).await).unwrap().len() }
    };
    let form = job(&db, "a").await.form_id().unwrap();
    assert_eq!((count(form.0).await, count(form.0 + 1).await), (3, 0));
}

async fn a_small_job_goes_before_a_large_one(db: Db) {
    prepare(&db).await;
    create(&db, JobSpec { expected_rows: 2_000_000, ..job_spec("large") }, 0).await;
    create(&db, JobSpec { expected_rows: 10, ..job_spec("small") }, 30).await;
    create(&db, JobSpec { expected_rows: 10, ..job_spec("later") }, 50).await;
    let due = |most_rows| {
        let db = &db;
        async move { write!(db, |tx| tx.due_job(at(60), most_rows).await).unwrap().map(|job| job.id.0) }
    };
    assert_eq!(due(SMALL_ROWS).await.as_deref(), Some("small"));
    for expected in ["small", "large", "later"] {
        assert_eq!(lease_next(&db, "w", 60).await.unwrap().job_id.0, expected);
    }
    assert_eq!(due(i64::MAX).await, None);
}

async fn a_place_in_the_queue_is_told(db: Db) {
    prepare(&db).await;
    create(&db, JobSpec { expected_rows: 1_000_000, ..job_spec("large") }, 0).await;
    create_job(&db, "a").await;
    create(&db, JobSpec { account_id: OTHER_ACCOUNT, ..job_spec("theirs") }, 0).await;
    let ahead = |name: &'static str| {
        let db = &db;
        async move {
            let job = job(db, name).await;
            read!(db, [job], |tx| tx.jobs_ahead(&job).await).unwrap()
        }
    };
    // Who has another job in the queue lets those by who have none.
    assert_eq!((ahead("a").await, ahead("large").await), (1, 2));
    lease_next(&db, "w", 1).await.unwrap();
    assert_eq!((ahead("a").await, ahead("large").await), (0, 1));
}

async fn what_is_written_is_counted_from_what_is_stored(db: Db) {
    prepare(&db).await;
    create_job(&db, "a").await;
    create_job(&db, "b").await;
    let lease = lease_next(&db, "w", 0).await.unwrap();
    for block in 0..3 {
        checkpoint(&db, &lease, block, &rendition(&format!("r{block}"), block)).await;
    }
    let written = read!(db, |tx| tx.written(&[id("b"), id("a"), id("c")]).await).unwrap();
    assert_eq!(written, [Written::default(), Written { rows: 30, size_bytes: 300 }, Written::default()]);
}

async fn a_job_is_found_by_what_was_asked_for(db: Db) {
    prepare(&db).await;
    let like = |digest: &'static str, seq| {
        let db = &db;
        async move {
            let found = read!(db, |tx| tx.job_like(ACCOUNT, digest, seq).await).unwrap();
            found.map(|job| job.id.0)
        }
    };
    for name in ["a", "b"] {
        create(&db, JobSpec { digest: Some("same".into()), ..job_spec(name) }, 0).await;
    }
    create_job(&db, "undigested").await;
    assert_eq!(like("same", 0).await.as_deref(), Some("b"));
    assert_eq!((like("other", 0).await, like("same", 1).await), (None, None));
    let theirs = read!(db, |tx| tx.job_like(OTHER_ACCOUNT, "same", 0).await).unwrap();
    assert_eq!(theirs, None);
    write!(db, |tx| tx.cancel_job(ACCOUNT, &id("b"), at(1)).await).unwrap();
    assert_eq!(like("same", 0).await.as_deref(), Some("a"));
    raise_seq(&db, 1).await;
    create(&db, JobSpec { digest: Some("same".into()), ..job_spec("c") }, 0).await;
    assert_eq!((like("same", 0).await.as_deref(), like("same", 1).await.as_deref()), (Some("a"), Some("c")));
}

async fn a_cancelled_job_is_written_to_no_more(db: Db) {
    prepare(&db).await;
    create_job(&db, "a").await;
    let lease = lease_next(&db, "w", 0).await.unwrap();
    checkpoint(&db, &lease, 0, &rendition("r0", 0)).await;
    assert!(!write!(db, |tx| tx.cancel_job(OTHER_ACCOUNT, &id("a"), at(2)).await).unwrap());
    for expected in [true, false] {
        assert_eq!(write!(db, |tx| tx.cancel_job(ACCOUNT, &id("a"), at(3)).await).unwrap(), expected);
    }
    let cancelled = job(&db, "a").await;
    assert_eq!((cancelled.job.state, cancelled.finished_at), (JobState::Cancelled, Some(at(3))));
    assert_eq!((cancelled.blocks_done, db.count("renditions").await), (0, 1));
    let late = checkpoint(&db, &lease, 1, &rendition("r1", 1)).await;
    let (is_latest, is_held, is_done) = write!(db, [lease], |tx| {
        let is_held = tx.heartbeat(&lease, at(4), at(5)).await?;
        Ok((tx.is_latest(&lease).await?, is_held, tx.complete_job(&lease, "x", 1, at(4)).await?))
    })
    .unwrap();
    assert_eq!((late, is_latest, is_held, is_done), (Checkpoint::Fenced, false, false, false));
    assert_eq!(lease_next(&db, "w", 9_999).await, None);
    assert_eq!(job(&db, "a").await, cancelled);
}

async fn whoever_renders_says_since_when(db: Db) {
    prepare(&db).await;
    create_job(&db, "a").await;
    let first = lease_next(&db, "w", 0).await.unwrap();
    checkpoint(&db, &first, 0, &rendition("r0", 0)).await;
    assert!(write!(db, [first], |tx| tx.begin_rendering(&first, at(2)).await).unwrap());
    checkpoint(&db, &first, 1, &rendition("r1", 1)).await;
    let begun = job(&db, "a").await;
    assert_eq!((begun.rendering_since, begun.blocks_before, begun.blocks_done), (Some(at(2)), 1, 2));
    let second = lease_next(&db, "w", 100).await.unwrap();
    assert_eq!(job(&db, "a").await.rendering_since, None);
    let both = write!(db, [first, second], |tx| {
        Ok((tx.begin_rendering(&first, at(3)).await?, tx.begin_rendering(&second, at(4)).await?))
    });
    assert_eq!(both.unwrap(), (false, true));
    assert_eq!(job(&db, "a").await.blocks_before, 2);
}

/// A job that is completed with a file of its own, made of one rendition.
async fn completed(db: &Db, name: &str, file: &str) {
    create_job(db, name).await;
    let lease = lease_next(db, "w", 0).await.unwrap();
    checkpoint(db, &lease, 0, &rendition("r", 0)).await;
    let file = artifact(file, name, 100);
    write!(db, [lease, file], |tx| {
        tx.complete_job(&lease, &file.id, 10, at(1)).await?;
        tx.put_artifact(&file).await
    })
    .unwrap();
}

async fn delete(db: &Db, name: &str) -> bool {
    let id = id(name);
    write!(db, [id], |tx| tx.delete_job(ACCOUNT, &id).await).unwrap()
}

async fn a_file_goes_with_the_last_job_that_has_it(db: Db) {
    prepare(&db).await;
    completed(&db, "a", "file").await;
    // One that had its parts done when it found the file, and one that had none.
    for (name, has_parts) in [("b", true), ("c", false)] {
        create_job(&db, name).await;
        let lease = lease_next(&db, "w", 0).await.unwrap();
        if has_parts {
            checkpoint(&db, &lease, 0, &rendition("r", 0)).await;
        }
        write!(db, [lease], |tx| tx.complete_job(&lease, "file", 10, at(2)).await).unwrap();
    }
    let of_file = "SELECT job_id FROM artifacts";
    let of_parts = "SELECT job_id FROM parts";
    for (name, heir) in [("a", "b"), ("b", "c")] {
        assert!(delete(&db, name).await);
        assert_eq!(
            (db.rows(of_file).await, db.rows(of_parts).await),
            (vec![vec![heir.into()]], vec![vec![heir.into()]])
        );
    }
    assert!(delete(&db, "c").await);
    assert_eq!((db.count("artifacts").await, db.count("parts").await, db.count("jobs").await), (0, 0, 0));
    assert_eq!(db.count("renditions").await, 1, "it is of use to the next");
}

async fn nobody_deletes_what_is_anothers_or_unfinished(db: Db) {
    prepare(&db).await;
    completed(&db, "c", "file").await;
    create_job(&db, "a").await;
    assert!(!delete(&db, "a").await && !delete(&db, "b").await);
    assert!(!write!(db, |tx| tx.delete_job(OTHER_ACCOUNT, &id("c")).await).unwrap());
    assert_eq!(db.count("jobs").await, 2);
}
