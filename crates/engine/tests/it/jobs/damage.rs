//! Blobs that are lost or cut off: no export is made of one, and each is rendered again.

use super::{BLOCKS, asked, control, elsewhere, parts, slow};
use crate::files::{Exported, download, downloaded, everything, finished};
use crate::house::{House, do_jobs};
use crate::waiting::{in_time, wait_for};
use fillhouse_engine::{ExportState, Settings};
use fillhouse_model::{ErrorKind, JobId, LEASE_MICROS};
use futures::TryStreamExt as _;
use std::path::Path;

on_both!(
    the_next_export_is_made_without_a_lost_blob,
    the_next_export_is_made_without_a_blob_that_was_cut_off,
    a_download_does_not_end_as_if_it_were_whole,
    what_was_lost_of_an_unfinished_job_is_made_again,
    what_is_lost_under_a_workers_hands_is_made_again,
    two_jobs_lose_the_same_block,
);

fn lose(blob: &Path) {
    std::fs::remove_file(blob).unwrap();
}

fn cut_off(blob: &Path) {
    let bytes = std::fs::read(blob).unwrap();
    std::fs::write(blob, &bytes[..bytes.len() - 1]).unwrap();
}

async fn finished_with(house: &House) -> (JobId, Exported) {
    let job = asked(house).await;
    house.do_jobs().await;
    let exported = download(&house.reader().await, &job).await;
    (job, exported)
}

async fn the_next_export_is_made_without_a_lost_blob(house: House) {
    next_export_after(&house, lose).await;
}

async fn the_next_export_is_made_without_a_blob_that_was_cut_off(house: House) {
    next_export_after(&house, cut_off).await;
}

async fn next_export_after(house: &House, damage: impl Fn(&Path)) {
    let (job, first) = finished_with(house).await;
    let blobs = house.blob_files();
    damage(&blobs[2]);
    let again = house.export(finished()).await;
    assert_eq!(again.csv, first.csv);
    assert_ne!(again.artifact.id, first.artifact.id);
    let kept = house.blob_files();
    assert_eq!(kept.len(), blobs.len());
    assert_eq!(blobs.iter().filter(|blob| kept.contains(blob)).count(), blobs.len() - 1, "the rest was good");

    // The file that the lost block was in cannot be read any more, and is not offered.
    let reader = house.reader().await;
    assert_eq!(reader.export(&job).await.unwrap().state, ExportState::Expired);
    let error = reader.download(&first.artifact.id, &first.artifact.name).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotFound);
    assert_eq!(house.export(finished()).await.artifact.id, again.artifact.id);
    assert_eq!(house.export(everything()).await.numbers(), first.numbers());
}

async fn a_download_does_not_end_as_if_it_were_whole(house: House) {
    let (_, exported) = finished_with(&house).await;
    let blobs = house.blob_files();
    let reader = house.reader().await;
    let artifact = &exported.artifact;
    let read = async |range| {
        let download = reader.download(&artifact.id, &artifact.name).await.unwrap();
        in_time("the download", download.stream(range).try_collect::<Vec<_>>())
            .await
            .map(|pieces| pieces.concat())
    };
    assert_eq!(downloaded(&reader, artifact).await, exported.bytes);
    let whole = 0..exported.bytes.len() as u64;
    cut_off(&blobs[5]);
    assert_eq!(read(whole.clone()).await.unwrap_err().kind(), ErrorKind::Internal);
    assert_eq!(read(0..200).await.unwrap(), exported.bytes[..200], "before that it is whole");
    lose(&blobs[0]);
    assert_eq!(read(whole).await.unwrap_err().kind(), ErrorKind::Internal);
}

async fn what_was_lost_of_an_unfinished_job_is_made_again(house: House) {
    let job = asked(&house).await;
    let killed = house.worker_paused_at(5, slow(&house)).await;
    let blobs = house.blob_files();
    lose(&blobs[0]);
    cut_off(&blobs[1]);
    house.clock.advance_micros(LEASE_MICROS);
    do_jobs(&house.open(elsewhere(&house), 2).await).await;
    assert_eq!(download(&house.reader().await, &job).await.bytes, control(&house).await.bytes);
    drop(killed);
}

/// The worker knows all its blocks to be finished, and finds one gone when it puts them together.
async fn what_is_lost_under_a_workers_hands_is_made_again(house: House) {
    let job = asked(&house).await;
    let paused = house.worker_paused_at(usize::try_from(BLOCKS).unwrap(), slow(&house)).await;
    lose(&house.blob_files()[0]);
    paused.wake();
    let reader = house.reader().await;
    wait_for("the job", async || {
        // The second attempt is not due before that.
        house.clock.advance_micros(100_000);
        matches!(reader.export(&job).await.unwrap().state, ExportState::Completed(_)).then_some(())
    })
    .await;
    paused.stop().await;
    let rows = house.database.rows("SELECT attempt FROM jobs").await;
    assert_eq!(rows, [["2"]]);
    assert_eq!(download(&reader, &job).await.bytes, control(&house).await.bytes);
}

/// One finds the damage and drops the block that the other has finished, too, while the other is at its last.
async fn two_jobs_lose_the_same_block(house: House) {
    let first = asked(&house).await;
    let paused = house.worker_paused_at(usize::try_from(BLOCKS).unwrap(), slow(&house)).await;
    let done = parts(&house).await;
    let reader = house.reader().await;
    let second = reader.start_export(finished()).await.unwrap();
    cut_off(&house.blob_files()[0]);
    let other = house.open(Settings { export_jobs: 1, ..elsewhere(&house) }, 2).await;
    let is_done = async || {
        matches!(reader.export(&second).await.unwrap().state, ExportState::Completed(_)).then_some(())
    };
    in_time("the second job", other.work(wait_for("the second job", is_done))).await;
    let file = download(&reader, &second).await;
    assert!(parts(&house).await.len() > done.len(), "both have parts");

    paused.wake();
    let is_done = async || {
        house.clock.advance_micros(100_000);
        matches!(reader.export(&first).await.unwrap().state, ExportState::Completed(_)).then_some(())
    };
    wait_for("the first job", is_done).await;
    paused.stop().await;
    assert_eq!(download(&reader, &first).await.csv, file.csv);
    assert_eq!(download(&reader, &second).await.bytes, file.bytes);
}
