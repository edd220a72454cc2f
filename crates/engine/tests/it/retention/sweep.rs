//! Blobs that nobody names: what a process wrote that died before it could say so.

use crate::files::{download, finished};
use crate::house::{House, do_jobs};
use crate::waiting::wait_for;
use fillhouse_engine::ExportState;
use fillhouse_model::LEASE_MICROS;
use std::path::PathBuf;

on_both!(
    what_nobody_names_is_swept,
    what_a_running_attempt_has_written_stays,
    a_write_that_was_cut_off_is_swept,
    sweeping_while_an_export_is_made_takes_nothing_from_it,
);

/// Writes a file as an attempt of a job would.
fn written(house: &House, job: &str, attempt: i64, name: &str) -> PathBuf {
    let folder = house.blob_folder().join("renditions").join(job).join(attempt.to_string());
    std::fs::create_dir_all(&folder).unwrap();
    let path = folder.join(name);
    std::fs::write(&path, "half a block").unwrap();
    path
}

async fn what_nobody_names_is_swept(house: House) {
    house.fill_blocks(2, 1).await;
    let job = house.reader().await.start_export(finished()).await.unwrap();
    let forgotten = written(&house, "a-job-that-is-gone", 1, "a-rendition");
    let queued = written(&house, &job.0, 0, "a-rendition");
    house.do_jobs().await;
    let completed = written(&house, &job.0, 1, "a-rendition");
    assert_eq!(house.engine.sweep().await.unwrap(), 3);
    for path in [forgotten, queued, completed] {
        assert!(!path.exists(), "{}", path.display());
    }
    assert_eq!(house.blob_files().len(), 2);
    assert_eq!(house.engine.sweep().await.unwrap(), 0);
    download(&house.reader().await, &job).await;
    let empty =
        house.on_disk().into_iter().filter(|path| path.is_dir() && path.read_dir().unwrap().next().is_none());
    assert_eq!(empty.collect::<Vec<_>>(), Vec::<PathBuf>::new());
}

async fn what_a_running_attempt_has_written_stays(house: House) {
    house.fill_blocks(4, 1).await;
    let job = house.reader().await.start_export(finished()).await.unwrap();
    let settings = fillhouse_engine::Settings { render_threads: 1, ..house.settings() };
    let paused = house.worker_paused_at(3, settings).await;
    let blobs = house.blob_files();
    let earlier = written(&house, &job.0, 0, "a-rendition");
    assert_eq!(house.engine.sweep().await.unwrap(), 1);
    assert!(!earlier.exists());
    for path in blobs {
        assert!(path.exists(), "{}", path.display());
    }

    // Somebody takes over, and what the first attempt had not yet told of is nobody's.
    house.clock.advance_micros(LEASE_MICROS);
    let settings = fillhouse_engine::Settings { owner: "elsewhere".into(), ..house.settings() };
    do_jobs(&house.open(settings, 2).await).await;
    house.engine.sweep().await.unwrap();
    assert_eq!(house.blob_files().len(), 4);
    download(&house.reader().await, &job).await;
    drop(paused);
}

async fn a_write_that_was_cut_off_is_swept(house: House) {
    house.fill_blocks(4, 1).await;
    let job = house.reader().await.start_export(finished()).await.unwrap();
    let settings = fillhouse_engine::Settings { render_threads: 1, ..house.settings() };
    let paused = house.worker_paused_at(2, settings).await;
    // So a file is called while it is written.
    let (forgotten, running) =
        (written(&house, "gone", 1, "a-rendition#1"), written(&house, &job.0, 1, "a-rendition#1"));
    assert_eq!(house.engine.sweep().await.unwrap(), 1);
    assert!(!forgotten.exists() && running.exists());
    paused.wake();
    let reader = house.reader().await;
    wait_for("the job", async || {
        matches!(reader.export(&job).await.unwrap().state, ExportState::Completed(_)).then_some(())
    })
    .await;
    paused.stop().await;
    assert_eq!(house.engine.sweep().await.unwrap(), 1);
    assert_eq!(house.blob_files().len(), 4);
    assert!(!house.blob_folder().join("renditions/gone").exists());
}

async fn sweeping_while_an_export_is_made_takes_nothing_from_it(house: House) {
    house.fill_blocks(8, 1).await;
    let reader = house.reader().await;
    let mut jobs = Vec::new();
    for _ in 0..3 {
        jobs.push(reader.start_export(finished()).await.unwrap());
        jobs.push(reader.start_export(crate::files::everything()).await.unwrap());
    }
    let sweeping = async {
        loop {
            house.engine.sweep().await.unwrap();
            house.engine.drop_due().await.unwrap();
            tokio::task::yield_now().await;
        }
    };
    tokio::select! {
        () = house.do_jobs() => {}
        () = sweeping => {}
    }
    for job in &jobs {
        download(&reader, job).await;
    }
}
