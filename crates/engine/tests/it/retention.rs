//! Retention: what has had its time goes, whole, and nothing else.

mod sweep;

use crate::files::{downloaded, everything, finished};
use crate::house::{ARTIFACT_TTL, House, RENDITION_TTL, VERSION_TTL};
use crate::samples::{lines, plain};
use crate::spread::plain_form;
use fillhouse_engine::ExportState;
use fillhouse_model::{Answer, ErrorKind, Submission};
use std::time::Duration;

on_both!(
    a_file_expires_and_nothing_of_it_is_left_in_the_end,
    a_rendition_that_is_used_again_is_kept,
    what_was_rendered_of_a_block_that_has_changed_goes_with_its_last_file,
    a_file_that_is_asked_for_again_lives_until_the_later_end,
    versions_go_when_no_job_needs_them,
    failed_and_unfinished_jobs_are_not_lost,
    retaining_goes_on_until_it_is_stopped,
);

/// The rows of everything that exports leave behind.
async fn leavings(house: &House) -> [i64; 4] {
    let mut counts = [0; 4];
    for (count, table) in counts.iter_mut().zip(["jobs", "artifacts", "parts", "renditions"]) {
        *count = house.count(table).await;
    }
    counts
}

fn micros(duration: Duration) -> i64 {
    i64::try_from(duration.as_micros()).unwrap()
}

impl House {
    /// Lets time pass, and drops what is due then.
    async fn after(&self, micros: i64) {
        self.clock.advance_micros(micros);
        self.engine.drop_due().await.unwrap();
    }
}

async fn a_file_expires_and_nothing_of_it_is_left_in_the_end(house: House) {
    house.fill_blocks(3, 2).await;
    let reader = house.reader().await;
    let job = reader.start_export(finished()).await.unwrap();
    house.do_jobs().await;
    let ExportState::Completed(artifact) = reader.export(&job).await.unwrap().state else {
        panic!("not completed")
    };
    assert_eq!(leavings(&house).await, [1, 1, 3, 3]);

    house.after(micros(ARTIFACT_TTL) - 1).await;
    downloaded(&reader, &artifact).await;
    house.clock.advance_micros(1);
    let gone = async || {
        assert_eq!(reader.export(&job).await.unwrap().state, ExportState::Expired);
        let error = reader.download(&artifact.id, &artifact.name).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::NotFound);
    };
    gone().await;
    house.after(0).await;
    gone().await;
    assert_eq!(leavings(&house).await, [1, 0, 0, 3]);

    house.after(micros(RENDITION_TTL) - micros(ARTIFACT_TTL)).await;
    assert_eq!(leavings(&house).await, [1, 0, 0, 3]);
    house.after(1).await;
    assert_eq!(leavings(&house).await, [1, 0, 0, 0]);
    assert!(house.blob_files().is_empty(), "{:?}", house.on_disk());
    gone().await;
    house.after(micros(ARTIFACT_TTL)).await;
    assert_eq!(leavings(&house).await, [0; 4]);
    assert_eq!(reader.export(&job).await.unwrap_err().kind(), ErrorKind::NotFound);
    assert!(house.on_disk().iter().all(|path| path.ends_with("renditions")), "{:?}", house.on_disk());
}

async fn a_rendition_that_is_used_again_is_kept(house: House) {
    house.fill_blocks(3, 2).await;
    house.export(finished()).await;
    let blobs = house.blob_files();
    for _ in 0..3 {
        house.after(micros(RENDITION_TTL)).await;
        house.export(finished()).await;
    }
    assert_eq!(house.blob_files(), blobs);
}

async fn what_was_rendered_of_a_block_that_has_changed_goes_with_its_last_file(house: House) {
    let submissions = house.fill_blocks(3, 2).await;
    let first = house.export(finished()).await;
    let blobs = house.blob_files();
    let renamed =
        Submission { answers: vec![Some(Answer::Text("Another".into()))], ..submissions[2].clone() };
    house.import(&lines(&plain_form(), &[renamed])).await;
    house.clock.advance_seconds(60);
    house.export(finished()).await;
    house.after(0).await;
    assert_eq!(downloaded(&house.reader().await, &first.artifact).await, first.bytes);
    house.after(micros(ARTIFACT_TTL) - 60_000_000).await;
    let left = house.blob_files();
    assert_eq!(left.len(), 3);
    let old = left.iter().filter(|blob| blobs.contains(blob)).count();
    assert_eq!(old, 2, "nobody will ask for the block as it was");
}

async fn a_file_that_is_asked_for_again_lives_until_the_later_end(house: House) {
    house.fill_blocks(1, 2).await;
    let reader = house.reader().await;
    let first = reader.start_export(finished()).await.unwrap();
    house.do_jobs().await;
    house.clock.advance_micros(micros(ARTIFACT_TTL) / 2);
    let second = reader.start_export(finished()).await.unwrap();
    house.do_jobs().await;
    let ExportState::Completed(artifact) = reader.export(&second).await.unwrap().state else {
        panic!("not completed")
    };
    house.after(micros(ARTIFACT_TTL) - 1).await;
    for job in [&first, &second] {
        assert_eq!(reader.export(job).await.unwrap().state, ExportState::Completed(artifact.clone()));
    }
    downloaded(&reader, &artifact).await;
    house.after(1).await;
    for job in [&first, &second] {
        assert_eq!(reader.export(job).await.unwrap().state, ExportState::Expired);
    }
}

async fn versions_go_when_no_job_needs_them(house: House) {
    let submissions = house.fill_blocks(1, 3).await;
    let renamed = |n: usize, name: &str| Submission {
        answers: vec![Some(Answer::Text(name.into()))],
        ..submissions[n].clone()
    };
    house.import(&lines(&plain_form(), &[renamed(0, "early")])).await;
    let reader = house.reader().await;
    let job = reader.start_export(finished()).await.unwrap();
    house.import(&lines(&plain_form(), &[renamed(0, "late"), renamed(1, "late")])).await;
    house.delete(submissions[2].id).await;
    assert_eq!(house.count("versions").await, 4);
    house.after(micros(VERSION_TTL)).await;
    assert_eq!(house.count("versions").await, 4, "they have not had their time");
    house.after(1).await;
    assert_eq!(house.count("versions").await, 3, "the job needs what it asked for");
    house.do_jobs().await;
    let exported = crate::files::download(&reader, &job).await;
    assert_eq!(exported.answers(), ["early", "answer 1", "answer 2"]);
    house.after(0).await;
    assert_eq!(house.count("versions").await, 0);
}

async fn failed_and_unfinished_jobs_are_not_lost(house: House) {
    house.fill_blocks(1, 2).await;
    let job = house.reader().await.start_export(everything()).await.unwrap();
    house.after(micros(ARTIFACT_TTL + RENDITION_TTL) * 10).await;
    assert_eq!(house.reader().await.export(&job).await.unwrap().state, ExportState::Queued);
    house.do_jobs().await;
    crate::files::download(&house.reader().await, &job).await;
}

async fn retaining_goes_on_until_it_is_stopped(house: House) {
    house.fill_blocks(1, 1).await;
    house.export(finished()).await;
    house.clock.advance_micros(micros(ARTIFACT_TTL));
    let dropped = crate::waiting::wait_for("the file to be dropped", async || {
        (house.count("artifacts").await == 0).then_some(())
    });
    house.engine.retain(dropped).await;
    house.import(&lines(&plain_form(), &[plain(5, "2026-05-01T00:00:00Z")])).await;
}
