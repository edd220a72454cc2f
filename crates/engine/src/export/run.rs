//! Running an export from its lease to its artifact.
//!
//! Guarantees: whatever was checkpointed is not done again; the same job gives the same bytes, however often it was
//! begun; nothing is completed whose parts were not read back.
//!
//! Must not know: leasing and heartbeats; see `worker`.

use super::StoredRequest;
use super::assemble::Content;
use super::block::BlockWork;
use super::damage::drop_damaged;
use super::pinned::shown;
use super::selection::{Selection, Share};
use crate::engine::Parts;
use crate::{Error, Result};
use fillhouse_model::Form;
use fillhouse_store::{Artifact, Block, Error as StoreError, JobRecord, Lease, Rendition};
use futures::{StreamExt as _, TryStreamExt as _};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Does what is left of an export. `false` where the lease was lost on the way.
///
/// # Errors
/// Something failed; the job may be tried again.
pub(crate) async fn run(parts: &Arc<Parts>, job: &JobRecord, lease: &Lease) -> Result<bool> {
    let request = StoredRequest::from_json(&job.request).map_err(Error::internal)?;
    let form = form_of(parts, job, &request).await?;
    let task = Arc::new(request.task(&form).map_err(Error::internal)?);
    let work = BlockWork::new(parts.clone(), lease.clone(), (job.form_id()?, job.snapshot_seq), task.clone());
    let (plan, mut done) = plan(parts, job, &task.selection).await?;
    drop_damaged(parts, &mut done).await?;
    let rows: i64 = plan.iter().map(|(block, _)| block.rows).sum();
    if !record_plan(parts, lease, plan.len() as i64, rows).await? {
        return Ok(false);
    }
    let mut found = work.rendered(&missing(&work, &plan, &done)).await?;
    drop_damaged(parts, &mut found).await?;
    let content = |renditions| Content::new(&form, &request, &task.renderer, renditions);
    if found.len() + done.len() == plan.len() {
        // Everything is there: perhaps the file is, too.
        let all = done.iter().chain(&found).collect::<BTreeMap<_, _>>().into_values().cloned().collect();
        if let Some(held) = reuse_artifact(parts, job, lease, &content(all)).await? {
            return Ok(held);
        }
    }
    if !work.reuse_all(&mut found).await? {
        return Ok(false);
    }
    if !begin_rendering(parts, lease).await? {
        return Ok(false);
    }
    let done = done.into_iter().chain(found).collect();
    let Some(renditions) = render(&work, &plan, done).await? else { return Ok(false) };
    let content = content(renditions);
    if let Some(held) = reuse_artifact(parts, job, lease, &content).await? {
        return Ok(held);
    }
    let made_of = content.rendition_ids();
    let artifact = content.assemble(parts, job, parts.clock.now()).await?;
    complete(parts, lease, artifact, made_of).await
}

fn missing(work: &BlockWork, plan: &Plan, done: &Done) -> Plan {
    plan.iter().filter(|(block, _)| !done.contains_key(&work.place(block.block))).copied().collect()
}

/// The form as the job sees it: as it was when the job was made.
pub(super) async fn form_of(parts: &Parts, job: &JobRecord, request: &StoredRequest) -> Result<Form> {
    let (form_id, revision) = (job.form_id()?, request.form_revision);
    let shows_removed = request.shape().content.shows_removed();
    let form = parts.store.read(move |tx| {
        Box::pin(async move {
            let Some(form) = tx.form_at(form_id, revision).await? else { return Ok(None) };
            shown(tx, form, revision, shows_removed).await.map(Some)
        })
    });
    form.await?.ok_or_else(|| Error::internal(format!("revision {revision} of form {form_id} is missing")))
}

type Plan = Vec<(Block, Share)>;
type Done = BTreeMap<i64, Rendition>;

/// The blocks that hold something of the selection, and the renditions of those that are done, by their place.
async fn plan(parts: &Arc<Parts>, job: &JobRecord, selection: &Selection) -> Result<(Plan, Done)> {
    let (form_id, job_id) = (job.form_id()?, job.id.clone());
    let read = parts.store.read(move |tx| {
        let job_id = job_id.clone();
        Box::pin(async move { Ok((tx.blocks(form_id).await?, tx.parts(&job_id).await?)) })
    });
    let (blocks, done) = read.await?;
    let plan = blocks
        .into_iter()
        .map(|block| (block, selection.of(&block)))
        .filter(|(_, share)| *share != Share::Nothing)
        .collect();
    Ok((plan, done.into_iter().collect()))
}

async fn record_plan(parts: &Arc<Parts>, lease: &Lease, blocks: i64, rows: i64) -> Result<bool> {
    let lease = lease.clone();
    let recorded = parts.store.write(move |tx| {
        let lease = lease.clone();
        Box::pin(async move { tx.plan_job(&lease, blocks, rows).await })
    });
    Ok(recorded.await?)
}

/// Says that from now on it is rendering that takes the time.
async fn begin_rendering(parts: &Arc<Parts>, lease: &Lease) -> Result<bool> {
    let (lease, now) = (lease.clone(), parts.clock.now());
    let begun = parts.store.write(move |tx| {
        let lease = lease.clone();
        Box::pin(async move { tx.begin_rendering(&lease, now).await })
    });
    Ok(begun.await?)
}

/// Renders what is not done, a few blocks at a time; gives all renditions in the order of their places, or none where
/// the lease was lost.
async fn render(work: &BlockWork, plan: &Plan, mut done: Done) -> Result<Option<Vec<Rendition>>> {
    // Twice as many as are rendered at once: while one is read or written, another is rendered.
    let at_once = work.parts.settings.render_threads * 2;
    let missing = missing(work, plan, &done);
    let (rows, begun) = (missing.iter().map(|(block, _)| block.rows).sum(), work.parts.clock.now());
    let mut finished = futures::stream::iter(missing)
        .map(async |(block, share)| Ok::<_, Error>((work.place(block.block), work.run(&block, share).await?)))
        .buffer_unordered(at_once);
    while let Some((place, rendition)) = finished.try_next().await? {
        let Some(rendition) = rendition else { return Ok(None) };
        done.insert(place, rendition);
    }
    work.parts.pace.note(rows, work.parts.clock.now().micros() - begun.micros());
    Ok(Some(done.into_values().collect()))
}

/// Completes the job with the artifact there is of the same content; none where there is none, else whether the lease
/// still held.
async fn reuse_artifact(
    parts: &Arc<Parts>,
    job: &JobRecord,
    lease: &Lease,
    content: &Content,
) -> Result<Option<bool>> {
    let now = parts.clock.now();
    let expires_at = parts.settings.artifact_expiry(now);
    let (account, key, rows, lease) = (job.account_id, content.key.clone(), content.rows, lease.clone());
    let reused = parts.store.write(move |tx| {
        let (key, lease) = (key.clone(), lease.clone());
        Box::pin(async move {
            let Some(artifact) = tx.artifact_like(account, &key, now).await? else { return Ok(None) };
            if !tx.extend_artifact(&artifact.id, expires_at).await? {
                return Ok(None);
            }
            tx.complete_job(&lease, &artifact.id, rows, now).await.map(Some)
        })
    });
    Ok(reused.await?)
}

async fn complete(
    parts: &Arc<Parts>,
    lease: &Lease,
    artifact: Artifact,
    made_of: Vec<String>,
) -> Result<bool> {
    let (lease, now) = (lease.clone(), parts.clock.now());
    let completed = parts.store.write(move |tx| {
        let (lease, artifact, made_of) = (lease.clone(), artifact.clone(), made_of.clone());
        Box::pin(async move {
            if !tx.complete_job(&lease, &artifact.id, artifact.rows, now).await? {
                return Ok(false);
            }
            // Whoever found one of them damaged has dropped it; the file would be without it.
            let parts =
                tx.parts(&lease.job_id).await?.into_iter().filter(|(_, rendition)| rendition.blob.is_some());
            if !parts.map(|(_, rendition)| rendition.id).eq(made_of) {
                return Err(lost_parts(&lease));
            }
            tx.put_artifact(&artifact).await?;
            Ok(true)
        })
    });
    Ok(completed.await?)
}

fn lost_parts(lease: &Lease) -> StoreError {
    let what = "a finished block was lost before the last".to_owned();
    StoreError::Inconsistent { table: "parts", id: lease.job_id.to_string(), what }
}

#[cfg(test)]
mod tests;
