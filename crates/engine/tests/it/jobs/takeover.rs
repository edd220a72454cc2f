//! Workers that stop in the middle, and those that take over from them.

use super::{BLOCKS, asked, control, elsewhere, parts, slow};
use crate::files::{between, download};
use crate::house::{House, do_jobs};
use crate::samples::{lines, plain};
use crate::spread::plain_form;
use crate::waiting::{in_time, wait_for};
use fillhouse_engine::{Engine, ExportState, FormsReader};
use fillhouse_model::{JobId, LEASE_MICROS};
use futures::FutureExt as _;
use std::sync::Arc;
use tokio::sync::oneshot;

on_both!(
    another_takes_over_when_the_lease_has_ended,
    nobody_takes_over_before_the_lease_ends,
    after_a_restart_the_same_owner_goes_on_at_once,
    whoever_is_stopped_gives_back_at_once,
    a_worker_that_wakes_up_late_changes_nothing,
    progress_never_goes_back,
    a_worker_is_seen_while_it_looks_for_jobs,
);

async fn another_takes_over_when_the_lease_has_ended(house: House) {
    let job = asked(&house).await;
    let killed = house.worker_paused_at(4, slow(&house)).await;
    let done = parts(&house).await;
    assert!(!done.is_empty() && done.len() < 4, "{done:?}");
    house.clock.advance_micros(LEASE_MICROS);
    do_jobs(&house.open(elsewhere(&house), 2).await).await;

    let exported = download(&house.reader().await, &job).await;
    let control = control(&house).await;
    assert_eq!(exported.bytes, control.bytes);
    assert_eq!(exported.artifact.sha256, control.artifact.sha256);
    let all = parts(&house).await;
    assert_eq!(all.len() as i64, BLOCKS);
    assert!(
        done.iter().all(|part| all.contains(part)),
        "what was finished is not done again: {done:?} {all:?}"
    );
    drop(killed);
}

/// Runs a worker until it has looked for jobs and found nothing to do.
async fn look_once(engine: &Engine) {
    let looked =
        wait_for("the worker to look", async || engine.readiness().await.worker.is_ok().then_some(()));
    in_time("the worker", engine.work(looked)).await;
}

async fn nobody_takes_over_before_the_lease_ends(house: House) {
    let job = asked(&house).await;
    let killed = house.worker_paused_at(4, slow(&house)).await;
    let done = parts(&house).await;
    house.clock.advance_micros(LEASE_MICROS - 1);
    let other = house.open(elsewhere(&house), 2).await;
    look_once(&other).await;
    assert_eq!(parts(&house).await, done);
    assert_eq!(house.number("SELECT attempt FROM jobs").await, 1);
    house.clock.advance_micros(1);
    do_jobs(&other).await;
    assert!(matches!(house.reader().await.export(&job).await.unwrap().state, ExportState::Completed(_)));
    drop(killed);
}

async fn after_a_restart_the_same_owner_goes_on_at_once(house: House) {
    let job = asked(&house).await;
    let killed = house.worker_paused_at(4, slow(&house)).await;
    let done = parts(&house).await;
    do_jobs(&house.open(slow(&house), 2).await).await;
    assert_eq!(download(&house.reader().await, &job).await.bytes, control(&house).await.bytes);
    let all = parts(&house).await;
    assert!(done.iter().all(|part| all.contains(part)), "{done:?} {all:?}");
    drop(killed);
}

async fn whoever_is_stopped_gives_back_at_once(house: House) {
    let job = asked(&house).await;
    house.worker_paused_at(4, slow(&house)).await.stop().await;
    let status = house.reader().await.export(&job).await.unwrap().state;
    if !matches!(status, ExportState::Completed(_)) {
        do_jobs(&house.open(elsewhere(&house), 2).await).await;
    }
    assert_eq!(download(&house.reader().await, &job).await.bytes, control(&house).await.bytes);
}

async fn a_worker_that_wakes_up_late_changes_nothing(house: House) {
    let job = asked(&house).await;
    let paused = house.worker_paused_at(4, slow(&house)).await;
    house.clock.advance_micros(LEASE_MICROS);
    do_jobs(&house.open(elsewhere(&house), 2).await).await;
    let reader = house.reader().await;
    let stored = async || {
        let sql =
            format!("SELECT state, attempt, artifact_id, rows_total, error FROM jobs WHERE id = '{job}'");
        (download(&reader, &job).await, parts(&house).await, house.database.rows(&sql).await)
    };
    let before = stored().await;

    // It goes on with the blocks at hand, is told that the job is another's, and takes the next one.
    paused.wake();
    let next = reader.start_export(between("2026-06-01", "2026-06-01")).await.unwrap();
    wait_for("the next job", async || {
        matches!(reader.export(&next).await.unwrap().state, ExportState::Completed(_)).then_some(())
    })
    .await;
    paused.stop().await;
    assert_eq!(stored().await, before);
    assert_eq!(house.count("renditions").await, BLOCKS);
    house.engine.sweep().await.unwrap();
    assert_eq!(house.blob_files().len() as i64, BLOCKS, "what it wrote is gone");
}

/// Looks at the progress until the sender is gone; gives all that was seen.
async fn watch(reader: FormsReader, job: JobId, over: oneshot::Receiver<()>) -> Vec<i64> {
    let seen = Arc::new(std::sync::Mutex::new(Vec::new()));
    let (seeing, noted) = (seen.clone(), over);
    let watching = async {
        loop {
            let percent = match reader.export(&job).await.unwrap().state {
                ExportState::Queued => 0,
                ExportState::Running { percent } => i64::from(percent),
                ExportState::Completed(_) => 100,
                other => panic!("{other:?}"),
            };
            seeing.lock().unwrap().push(percent);
            tokio::task::yield_now().await;
        }
    };
    tokio::select! {
        () = watching => {}
        _ = noted => {}
    }
    let mut seen = seen.lock().unwrap().clone();
    seen.dedup();
    seen
}

async fn progress_never_goes_back(house: House) {
    let job = asked(&house).await;
    let (sender, over) = oneshot::channel();
    let watching = tokio::spawn(watch(house.reader().await, job.clone(), over));
    let killed = house.worker_paused_at(4, slow(&house)).await;
    // Blocks that came after the request are looked at, too, for all that anyone knows of them.
    for n in 0..4 {
        house.import(&lines(&plain_form(), &[plain(100 + n, "2026-05-20T00:00:00Z")])).await;
        house.skip_to_next_block().await;
    }
    house.clock.advance_micros(LEASE_MICROS);
    do_jobs(&house.open(elsewhere(&house), 2).await).await;
    let exported = download(&house.reader().await, &job).await;
    sender.send(()).unwrap();
    let seen = in_time("the progress", watching).await.unwrap();
    assert!(seen.is_sorted(), "{seen:?}");
    assert_eq!(exported.numbers(), (0..BLOCKS * 3).collect::<Vec<_>>());
    drop(killed);
}

async fn a_worker_is_seen_while_it_looks_for_jobs(house: House) {
    let other = house.open(slow(&house), 2).await;
    assert!(other.readiness().await.worker.is_err(), "nobody has looked for jobs");
    assert!(other.worker_looks().now_or_never().is_none(), "there is no worker yet");
    look_once(&other).await;
    in_time("to hear of the worker", other.worker_looks()).await;
    house.clock.advance_seconds(30);
    let readiness = other.readiness().await;
    assert_eq!((readiness.database, readiness.blobs, readiness.worker), (Ok(()), Ok(()), Ok(())));
    house.clock.advance_micros(1);
    assert!(other.readiness().await.worker.is_err(), "it has been silent for too long");
    look_once(&other).await;
    assert!(other.readiness().await.worker.is_ok());
}
