//! Attempts that fail: they are made again, later each time, and in the end the job says why.

use super::{asked, control, slow};
use crate::files::download;
use crate::house::House;
use crate::waiting::{in_time, wait_for};
use fillhouse_engine::{Engine, ExportState, FormsReader};
use fillhouse_model::{JobId, MAX_BARREN_ATTEMPTS};
use std::path::PathBuf;

on_both!(
    an_attempt_that_fails_is_made_again,
    a_job_that_always_fails_is_given_up,
    a_job_that_gets_further_each_time_is_not_given_up,
);

/// Puts a file where the folder of the renditions should be: nothing can be written there.
fn block_blobs(house: &House) -> PathBuf {
    let path = house.blob_folder().join("renditions");
    std::fs::write(&path, "in the way").unwrap();
    path
}

/// Makes the attempt that is due, and waits until it has ended.
async fn attempt(house: &House, engine: &Engine) {
    let before = house.number("SELECT attempt FROM jobs").await;
    let ended = wait_for("the attempt to end", async || {
        let rows = house.database.rows("SELECT attempt, state FROM jobs").await;
        (rows[0][0].parse::<i64>().unwrap() > before && rows[0][1] != "running").then_some(())
    });
    in_time("the worker", engine.work(ended)).await;
}

async fn state(reader: &FormsReader, job: &JobId) -> ExportState {
    reader.export(job).await.unwrap().state
}

async fn an_attempt_that_fails_is_made_again(house: House) {
    let job = asked(&house).await;
    let reader = house.reader().await;
    let blocked = block_blobs(&house);
    let engine = house.open(slow(&house), 2).await;
    attempt(&house, &engine).await;
    assert_eq!(state(&reader, &job).await, ExportState::Queued);
    let due = "SELECT lease_until FROM jobs";
    let first_pause = house.number(due).await - fillhouse_model::Clock::now(&*house.clock).micros();
    house.clock.advance_micros(first_pause);
    attempt(&house, &engine).await;
    let second_pause = house.number(due).await - fillhouse_model::Clock::now(&*house.clock).micros();
    assert!(second_pause > first_pause && first_pause > 0, "{first_pause} {second_pause}");

    std::fs::remove_file(blocked).unwrap();
    house.clock.advance_micros(second_pause);
    attempt(&house, &engine).await;
    assert_eq!(house.number("SELECT attempt FROM jobs").await, 3);
    assert_eq!(download(&reader, &job).await.bytes, control(&house).await.bytes);
}

async fn a_job_that_always_fails_is_given_up(house: House) {
    let job = asked(&house).await;
    let reader = house.reader().await;
    block_blobs(&house);
    let engine = house.open(slow(&house), 2).await;
    for _ in 0..MAX_BARREN_ATTEMPTS {
        attempt(&house, &engine).await;
        assert_eq!(state(&reader, &job).await, ExportState::Queued);
        house.clock.advance_seconds(60);
    }
    attempt(&house, &engine).await;
    // The cause names our paths, which is for our log.
    let error = "the server has failed; its log says why".to_owned();
    assert_eq!(state(&reader, &job).await, ExportState::Failed { error });
    assert_eq!(house.engine.unfinished_jobs().await.unwrap(), 0);
}

/// Each attempt finishes one block more, and then there is a file in the way of the next.
async fn a_job_that_gets_further_each_time_is_not_given_up(house: House) {
    let job = asked(&house).await;
    let reader = house.reader().await;
    let engine = house.open(slow(&house), 2).await;
    let blocked = block_blobs(&house);
    for _ in 1..MAX_BARREN_ATTEMPTS {
        attempt(&house, &engine).await;
        house.clock.advance_seconds(60);
    }
    std::fs::remove_file(&blocked).unwrap();
    house.worker_paused_at(3, slow(&house)).await.stop().await;
    if !matches!(state(&reader, &job).await, ExportState::Completed(_)) {
        assert_eq!(house.number("SELECT barren_attempts FROM jobs").await, 0);
        attempt(&house, &engine).await;
    }
    assert_eq!(download(&reader, &job).await.bytes, control(&house).await.bytes);
}
