//! One block of an export: reused where it was rendered before, else rendered, stored and checkpointed.
//!
//! Guarantees: what is rendered depends on nothing but the block's rows as of the snapshot, the layout and the selection;
//! a blob that no rendition came to name is deleted again.
//!
//! Must not know: which block comes before or after.

use super::selection::Share;
use super::workbench::{RenderTask, Rendered, Workbench, Workbenches};
use crate::engine::Parts;
use crate::random::hex;
use crate::{Error, Result};
use fillhouse_model::{FormId, Timestamp};
use fillhouse_store::{Block, Checkpoint, Lease, Rendition, RenditionKey};
use sha2::{Digest as _, Sha256};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

/// What the blocks of one export have in common.
pub(crate) struct BlockWork {
    pub(crate) parts: Arc<Parts>,
    pub(crate) lease: Lease,
    pub(crate) form_id: FormId,
    pub(crate) snapshot_seq: i64,
    pub(crate) task: Arc<RenderTask>,
    workbenches: Workbenches,
}

impl BlockWork {
    pub(crate) fn new(
        parts: Arc<Parts>,
        lease: Lease,
        (form_id, snapshot_seq): (FormId, i64),
        task: Arc<RenderTask>,
    ) -> Self {
        let workbenches = Workbenches::default();
        Self { parts, lease, form_id, snapshot_seq, task, workbenches }
    }

    /// Where in the file a block comes: places count down where the newest comes first.
    pub(crate) fn place(&self, block: i64) -> i64 {
        if self.task.newest_first { -block } else { block }
    }

    /// The renditions there are of these blocks, by their place.
    pub(crate) async fn rendered(&self, blocks: &[(Block, Share)]) -> Result<BTreeMap<i64, Rendition>> {
        let keys: Vec<RenditionKey> =
            blocks.iter().map(|(block, share)| self.key(block.block, block.last_seq, *share)).collect();
        let found = self.parts.store.read(move |tx| {
            let keys = keys.clone();
            Box::pin(async move { tx.renditions(&keys).await })
        });
        Ok(found
            .await?
            .into_iter()
            .flatten()
            .map(|rendition| (self.place(rendition.key.block), rendition))
            .collect())
    }

    /// Checkpoints blocks that were rendered before; `false` where the lease was lost. Those whose rendition has gone
    /// meanwhile are left out of `renditions`.
    pub(crate) async fn reuse_all(&self, renditions: &mut BTreeMap<i64, Rendition>) -> Result<bool> {
        let (lease, now, all) = (self.lease.clone(), self.now(), renditions.clone());
        let checkpoints = self.parts.store.write(move |tx| {
            let (lease, all) = (lease.clone(), all.clone());
            Box::pin(async move {
                let mut checkpoints = Vec::with_capacity(all.len());
                for (place, rendition) in &all {
                    checkpoints.push((*place, tx.checkpoint_reused(&lease, *place, rendition, now).await?));
                }
                Ok(checkpoints)
            })
        });
        for (place, checkpoint) in checkpoints.await? {
            match checkpoint {
                Checkpoint::Stored(_) => metrics::counter!("fillhouse_renditions_reused_total").increment(1),
                Checkpoint::Gone => drop(renditions.remove(&place)),
                Checkpoint::Fenced => return Ok(false),
            }
        }
        Ok(true)
    }

    /// Does one block, and gives its rendition; none where the lease was lost.
    pub(crate) async fn run(&self, block: i64, share: Share) -> Result<Option<Rendition>> {
        let (key, workbench) = self.read(block, share).await?;
        let rendered = self.render(workbench).await?;
        match self.store(block, key, rendered).await? {
            Checkpoint::Stored(rendition) => Ok(Some(rendition)),
            Checkpoint::Fenced | Checkpoint::Gone => Ok(None),
        }
    }

    /// The key of what will be made of a block, and a workbench with the block's rows.
    async fn read(&self, block: i64, share: Share) -> Result<(RenditionKey, Workbench)> {
        let (form_id, snapshot_seq) = (self.form_id, self.snapshot_seq);
        let mut workbench = self.workbenches.take();
        // A unit of work may be run again, and borrows nothing: it is lent the memory, and makes its own the second time.
        let lent = Mutex::new(Some(std::mem::take(&mut workbench.rows)));
        let read = self.parts.store.read(move |tx| {
            let memory = lent.lock().unwrap_or_else(PoisonError::into_inner).take().unwrap_or_default();
            Box::pin(async move {
                let last_seq = tx.block(form_id, block).await?.map_or(0, |block| block.last_seq);
                Ok((last_seq, tx.block_rows(form_id, block, snapshot_seq, memory).await?))
            })
        });
        let last_seq;
        (last_seq, workbench.rows) = read.await?;
        Ok((self.key(block, last_seq, share), workbench))
    }

    /// The key of a block whose last change was `last_seq`. One that has changed since the snapshot is rendered as of the
    /// snapshot, which is a version of its own.
    fn key(&self, block: i64, last_seq: i64, share: Share) -> RenditionKey {
        let version = last_seq.min(self.snapshot_seq);
        RenditionKey { form_id: self.form_id, block, version, layout: self.layout_digest(share) }
    }

    /// The digest of all that the bytes of a block depend on, beside its rows.
    fn layout_digest(&self, share: Share) -> String {
        let mut digest = Sha256::new();
        let RenderTask { renderer, packing, newest_first, selection } = &*self.task;
        let source = renderer.fingerprint_source();
        digest.update((source.len() as u64).to_le_bytes());
        digest.update(source);
        digest.update([u8::from(selection.include_incomplete), *packing as u8, u8::from(*newest_first)]);
        digest.update(packing.level().to_le_bytes());
        if share == Share::Some {
            if let Some(range) = selection.range {
                digest.update(b"range");
                digest.update(range.from.micros().to_le_bytes());
                digest.update(range.until.micros().to_le_bytes());
            }
            if let Some(places) = &selection.places {
                digest.update(b"places");
                places.iter().for_each(|place| digest.update(place.to_le_bytes()));
            }
        }
        hex(&digest.finalize())
    }

    /// Stores what was rendered, and checkpoints it.
    async fn store(&self, block: i64, key: RenditionKey, rendered: Rendered) -> Result<Checkpoint> {
        let Rendered { rows, section, bytes } = rendered;
        let id = self.parts.random.uuid(self.now());
        let blob = (!bytes.is_empty()).then(|| format!("{}/{id}", attempt_folder(&self.lease)));
        if let Some(blob) = &blob {
            self.parts.blobs.put(blob, bytes).await?;
        }
        let rendition = Rendition {
            id: id.clone(),
            key,
            blob: blob.clone(),
            rows,
            raw_bytes: section.raw_bytes.cast_signed(),
            deflated_bytes: section.deflated_bytes.cast_signed(),
            crc32: section.crc32,
        };
        metrics::counter!("fillhouse_renditions_made_total").increment(1);
        let (lease, now, place) = (self.lease.clone(), self.now(), self.place(block));
        let checkpoint = self.parts.store.write(move |tx| {
            let (lease, rendition) = (lease.clone(), rendition.clone());
            Box::pin(async move { tx.checkpoint(&lease, place, &rendition, now).await })
        });
        let checkpoint = checkpoint.await?;
        let is_named = matches!(&checkpoint, Checkpoint::Stored(stored) if stored.id == id);
        if let (Some(blob), false) = (blob, is_named) {
            self.parts.blobs.delete(&blob).await?;
        }
        Ok(checkpoint)
    }

    /// Renders on a thread of its own, and on no more threads at once than there are permits.
    async fn render(&self, mut workbench: Workbench) -> Result<Rendered> {
        let permit = self.parts.render_permits.clone().acquire_owned().await.map_err(Error::internal)?;
        let task = self.task.clone();
        let rendering = tokio::task::spawn_blocking(move || {
            let rendered = workbench.render(&task);
            drop(permit);
            (workbench, rendered)
        });
        let (workbench, rendered) = rendering.await?;
        self.workbenches.leave(workbench);
        rendered
    }

    fn now(&self) -> Timestamp {
        self.parts.clock.now()
    }
}

/// Where the blobs of one attempt of a job are written: nobody else writes there.
pub(crate) fn attempt_folder(lease: &Lease) -> String {
    format!("renditions/{}/{}", lease.job_id, lease.attempt)
}
