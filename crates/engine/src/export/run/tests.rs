//! The last step of an export, where others have come between.

use super::*;
use crate::samples::leased;
use fillhouse_model::FormId;
use fillhouse_render::Section;
use fillhouse_store::{Checkpoint, RenditionKey};

/// Finishes a block of the job.
async fn finish(parts: &Arc<Parts>, lease: &Lease, block: i64) -> String {
    let rendition = Rendition {
        id: format!("r{block}"),
        key: RenditionKey { form_id: FormId(7), block, version: 0, layout: "csv".into() },
        blob: Some(format!("renditions/r{block}")),
        rows: 1,
        raw_bytes: 1,
        deflated_bytes: 1,
        crc32: Section::default().crc32,
    };
    let (id, lease, now) = (rendition.id.clone(), lease.clone(), parts.clock.now());
    let stored = parts.store.write(move |tx| {
        let (lease, rendition) = (lease.clone(), rendition.clone());
        Box::pin(async move { tx.checkpoint(&lease, block, &rendition, now).await })
    });
    assert!(matches!(stored.await.unwrap(), Checkpoint::Stored(_)));
    id
}

fn artifact(job: &JobRecord) -> Artifact {
    Artifact {
        id: "file".into(),
        account_id: job.account_id,
        job_id: job.id.clone(),
        content_key: "content".into(),
        name: "file.zip".into(),
        media_type: "application/zip".into(),
        rows: 2,
        size_bytes: 2,
        sha256: "00".into(),
        head: Vec::new(),
        joint: Vec::new(),
        breaks: Vec::new(),
        tail: Vec::new(),
        created_at: job.created_at,
        expires_at: job.created_at,
    }
}

#[tokio::test]
async fn a_job_that_lost_a_block_at_the_last_moment_is_not_completed() {
    let (_folder, engine, job, lease) = leased().await;
    let parts = &engine.parts;
    let made_of = vec![finish(parts, &lease, 0).await, finish(parts, &lease, 1).await];
    let lost = parts.store.write(|tx| Box::pin(tx.drop_damaged_rendition("r0")));
    lost.await.unwrap();
    complete(parts, &lease, artifact(&job), made_of).await.unwrap_err();
    assert!(parts.store.read(|tx| Box::pin(tx.artifact("file"))).await.unwrap().is_none());
    assert_eq!(engine.unfinished_jobs().await.unwrap(), 1);

    let made_of = vec![finish(parts, &lease, 0).await, "r1".to_owned()];
    assert!(complete(parts, &lease, artifact(&job), made_of).await.unwrap());
    assert_eq!(engine.unfinished_jobs().await.unwrap(), 0);
}
