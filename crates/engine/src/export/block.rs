//! One block of an export: reused where it was rendered before, else rendered, stored and checkpointed.
//!
//! Guarantees: what is rendered depends on nothing but the block's rows as of the snapshot, the layout and the selection;
//! a blob that no rendition came to name is deleted again.
//!
//! Must not know: which block comes before or after.

use super::blob::BlobOut;
use super::selection::Share;
use super::workbench::{Done, RenderTask, Workbench, Workbenches};
use crate::counters;
use crate::engine::Parts;
use crate::random::hex;
use crate::{Error, Result};
use fillhouse_model::{FormId, Timestamp};
use fillhouse_store::{BLOCK_ROWS, Block, Checkpoint, Lease, Rendition, RenditionKey};
use sha2::{Digest as _, Sha256};
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::{Arc, Mutex, PoisonError};

/// About how many bytes of rows are read at once.
const SLICE_BYTES: i64 = 2 << 20;

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
                Checkpoint::Stored(_) => metrics::counter!(counters::RENDITIONS_REUSED).increment(1),
                Checkpoint::Gone => drop(renditions.remove(&place)),
                Checkpoint::Fenced => return Ok(false),
            }
        }
        Ok(true)
    }

    /// Does one block, and gives its rendition; none where the lease was lost.
    pub(crate) async fn run(&self, block: &Block, share: Share) -> Result<Option<Rendition>> {
        let key = self.key(block.block, block.last_seq, share);
        let id = self.parts.random.uuid(self.now());
        let mut blob = BlobOut::new(&self.parts.blobs, format!("{}/{id}", attempt_folder(&self.lease)));
        let (workbench, done) = self.render_all(block, Some(&mut blob)).await?;
        let rendition = self.rendition(id, key, blob, workbench, done).await?;
        match self.store(block.block, rendition).await? {
            Checkpoint::Stored(rendition) => Ok(Some(rendition)),
            Checkpoint::Fenced | Checkpoint::Gone => Ok(None),
        }
    }

    /// How many rows and bytes would be made of a block.
    pub(crate) async fn try_out(&self, block: &Block) -> Result<(i64, i64)> {
        let (workbench, done) = self.render_all(block, None).await?;
        self.workbenches.leave(workbench);
        Ok((done.rows, done.section.deflated_bytes.cast_signed()))
    }

    /// Renders a block, and writes it but for its last bytes, which are left at the workbench; without a blob all is
    /// forgotten.
    async fn render_all(
        &self,
        block: &Block,
        mut blob: Option<&mut BlobOut<'_>>,
    ) -> Result<(Workbench, Done)> {
        let mut workbench = self.workbenches.take();
        workbench.press.begin();
        for ordinals in self.slices(block) {
            self.read(ordinals, &mut workbench).await?;
            workbench = self.render(workbench).await?;
            match &mut blob {
                Some(blob) => blob.put(&mut workbench.press).await?,
                None => workbench.press.forget(),
            }
        }
        self.finish(workbench).await
    }

    /// The ordinals of a block, in the order in which they are written, so many at a time that about a slice of bytes is in
    /// memory.
    fn slices(&self, block: &Block) -> Vec<Range<i64>> {
        let at_once = (BLOCK_ROWS / (block.size_bytes.max(0) / SLICE_BYTES + 1)).max(1);
        let (first, end) = (block.block * BLOCK_ROWS, (block.block + 1) * BLOCK_ROWS);
        let starts = (first..end).step_by(usize::try_from(at_once).unwrap_or(usize::MAX));
        let mut slices: Vec<Range<i64>> = starts.map(|start| start..end.min(start + at_once)).collect();
        if self.task.newest_first {
            slices.reverse();
        }
        slices
    }

    /// Reads the rows at these ordinals as of the snapshot.
    async fn read(&self, ordinals: Range<i64>, workbench: &mut Workbench) -> Result<()> {
        let (form_id, snapshot_seq, since) = (self.form_id, self.snapshot_seq, self.task.selection.since);
        // A unit of work may be run again, and borrows nothing: it is lent the memory, and makes its own the second time.
        let lent = Mutex::new(Some(std::mem::take(&mut workbench.rows)));
        let read = self.parts.store.read(move |tx| {
            let memory = lent.lock().unwrap_or_else(PoisonError::into_inner).take().unwrap_or_default();
            let ordinals = ordinals.clone();
            Box::pin(async move {
                let deleted = match since {
                    Some(since) => {
                        tx.deleted_of_ordinals(form_id, ordinals.clone(), (since, snapshot_seq)).await?
                    }
                    None => Vec::new(),
                };
                Ok((tx.rows_of_ordinals(form_id, ordinals, snapshot_seq, memory).await?, deleted))
            })
        });
        (workbench.rows, workbench.deleted) = read.await?;
        Ok(())
    }

    /// The key of a block whose last change was `last_seq` when the plan was made, which was after the snapshot: what
    /// has changed since is not in it. One that had changed between the two is rendered as of the snapshot, which is a version
    /// of its own.
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
        digest.update(packing.version().to_le_bytes());
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
            if let Some(since) = selection.since {
                digest.update(b"since");
                digest.update(since.to_le_bytes());
            }
            if let Some(filter) = &selection.filter {
                digest.update(b"filter");
                digest.update(filter.fingerprint_source());
            }
        }
        hex(&digest.finalize())
    }

    /// Writes what is left of the blob, and gives the rendition that names it.
    async fn rendition(
        &self,
        id: String,
        key: RenditionKey,
        blob: BlobOut<'_>,
        mut workbench: Workbench,
        Done { rows, section }: Done,
    ) -> Result<Rendition> {
        let blob = blob.finish(workbench.press.take()).await?;
        // Not before: of what is under way at once there is to be no more in memory.
        self.workbenches.leave(workbench);
        metrics::counter!(counters::RENDITIONS_MADE).increment(1);
        Ok(Rendition {
            id,
            key,
            blob,
            rows,
            raw_bytes: section.raw_bytes.cast_signed(),
            deflated_bytes: section.deflated_bytes.cast_signed(),
            crc32: section.crc32,
        })
    }

    /// Checkpoints a rendition. Where it is not kept, its blob is deleted.
    async fn store(&self, block: i64, rendition: Rendition) -> Result<Checkpoint> {
        let (id, blob) = (rendition.id.clone(), rendition.blob.clone());
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

    /// Renders the rows at hand.
    async fn render(&self, mut workbench: Workbench) -> Result<Workbench> {
        let task = self.task.clone();
        self.on_a_thread(move || workbench.render(&task).map(|()| workbench)).await
    }

    /// Packs what is left of the block.
    async fn finish(&self, mut workbench: Workbench) -> Result<(Workbench, Done)> {
        let task = self.task.clone();
        self.on_a_thread(move || {
            let done = workbench.press.finish(&task);
            Ok((workbench, done))
        })
        .await
    }

    /// Works on a thread of its own, and on no more threads at once than there are permits.
    async fn on_a_thread<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let permit = self.parts.render_permits.clone().acquire_owned().await.map_err(Error::internal)?;
        let working = tokio::task::spawn_blocking(move || {
            let worked = work();
            drop(permit);
            worked
        });
        working.await?
    }

    fn now(&self) -> Timestamp {
        self.parts.clock.now()
    }
}

/// Where the blobs of one attempt of a job are written: nobody else writes there.
pub(crate) fn attempt_folder(lease: &Lease) -> String {
    format!("renditions/{}/{}", lease.job_id, lease.attempt)
}
