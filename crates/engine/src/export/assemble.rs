//! From the finished blocks to the file: the manifest, checked by reading every part back.
//!
//! Guarantees: the size, the count and the digest of an artifact are those of the bytes that a download will stream.
//!
//! Must not know: how the blocks came to be.

use super::frame::{BlockFacts, Envelope, Frame};
use super::renderer::Renderer;
use super::request::StoredRequest;
use crate::engine::Parts;
use crate::random::hex;
use crate::whole::{Around, digest, segments};
use crate::{Error, Result};
use bytes::Bytes;
use fillhouse_model::{Form, Timestamp};
use fillhouse_render::Section;
use fillhouse_render::columnar::{FOOTER_END, footer_bytes};
use fillhouse_store::{Artifact, Blobs, JobRecord, Rendition};
use sha2::{Digest as _, Sha256};
use std::sync::Arc;

/// Part of the key of an artifact: raised when the same blocks would make another file.
const FORMAT: &str = "3";

/// What a file is made of, and the digest that says so.
pub(crate) struct Content {
    frame: Frame,
    renditions: Vec<Rendition>,
    /// Equal for equal files, but for what is named after the job.
    pub(crate) key: String,
    pub(crate) rows: i64,
}

impl Content {
    /// The content made of these blocks of a form, in order.
    pub(crate) fn new(
        form: &Form,
        request: &StoredRequest,
        renderer: &Renderer,
        renditions: Vec<Rendition>,
    ) -> Self {
        let frame = Frame::new(form, request.shape(), renderer);
        let renditions: Vec<Rendition> =
            renditions.into_iter().filter(|rendition| rendition.blob.is_some()).collect();
        let mut digest = Sha256::new();
        digest.update(FORMAT);
        digest.update([frame.shape.container as u8]);
        // The file is named after its form and what is in it: two without submissions may have the same header.
        for name in [frame.name(0), frame.shape.content.extension().to_owned()] {
            digest.update((name.len() as u64).to_le_bytes());
            digest.update(name);
        }
        digest.update((frame.head.len() as u64).to_le_bytes());
        digest.update(&frame.head);
        for rendition in &renditions {
            digest.update(rendition.id.as_bytes());
        }
        let rows = renditions.iter().map(|rendition| rendition.rows).sum();
        Self { frame, renditions, key: hex(&digest.finalize()), rows }
    }

    /// The renditions that have bytes, in order.
    pub(crate) fn rendition_ids(&self) -> Vec<String> {
        self.renditions.iter().map(|rendition| rendition.id.clone()).collect()
    }

    /// The artifact of this content for a job. Everything about it comes from the job, so that it is the same whichever
    /// attempt makes it.
    ///
    /// # Errors
    /// A part is not there, or not of its size.
    pub(crate) async fn assemble(
        self,
        parts: &Arc<Parts>,
        job: &JobRecord,
        now: Timestamp,
    ) -> Result<Artifact> {
        let envelope = self.envelope(parts, job.number, job.created_at).await?;
        let Envelope { name, head, joint, breaks, tail } = envelope;
        let around = Around { head: &head, joint: &joint, breaks: &breaks, tail: &tail };
        let blobs =
            self.renditions.iter().map(|part| (part.blob.clone().unwrap_or_default(), part.deflated_bytes));
        let (size_bytes, sha256) = digest(&parts.blobs, segments(&around, blobs)).await?;
        Ok(Artifact {
            id: parts.random.opaque(),
            account_id: job.account_id,
            job_id: job.id.clone(),
            content_key: self.key,
            name,
            media_type: self.frame.shape.media_type().to_owned(),
            rows: self.rows,
            size_bytes,
            sha256,
            head,
            joint,
            breaks,
            tail,
            created_at: now,
            expires_at: parts.settings.artifact_expiry(now),
        })
    }

    /// What is around the blocks in the file of the job of this number.
    async fn envelope(&self, parts: &Parts, number: i64, created_at: Timestamp) -> Result<Envelope> {
        let mut blocks: Vec<BlockFacts> = self.renditions.iter().map(facts_of).collect();
        if self.frame.wants_footers() {
            for (block, rendition) in blocks.iter_mut().zip(&self.renditions) {
                block.footer = footer(&parts.blobs, rendition).await?;
            }
        }
        self.frame.envelope(&blocks, number, created_at)
    }
}

fn facts_of(rendition: &Rendition) -> BlockFacts {
    let section = Section {
        raw_bytes: rendition.raw_bytes.cast_unsigned(),
        deflated_bytes: rendition.deflated_bytes.cast_unsigned(),
        crc32: rendition.crc32,
    };
    BlockFacts { rows: rendition.rows, section, footer: Bytes::new() }
}

/// What a rendition says of its row groups.
async fn footer(blobs: &Blobs, rendition: &Rendition) -> Result<Bytes> {
    let (Some(blob), size) = (&rendition.blob, rendition.deflated_bytes.cast_unsigned()) else {
        return Ok(Bytes::new());
    };
    let last = blobs.get_range(blob, size.saturating_sub(FOOTER_END as u64)..size).await?;
    let length = last.first_chunk().map(|last| footer_bytes(*last)).filter(|length| *length <= size);
    let length = length.ok_or_else(|| Error::internal(format!("{blob} has no footer")))?;
    Ok(blobs.get_range(blob, size - length..size).await?)
}
