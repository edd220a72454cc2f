//! From the finished blocks to the file: the manifest, checked by reading every part back.
//!
//! Guarantees: the size, the count and the digest of an artifact are those of the bytes that a download will stream.
//!
//! Must not know: how the blocks came to be.

use super::request::StoredRequest;
use super::shape::{Container, FileShape, Renderer};
use crate::engine::Parts;
use crate::random::hex;
use crate::{Error, Result};
use fillhouse_model::{Form, FormId, Timestamp};
use fillhouse_render::zip::Entry;
use fillhouse_render::{Deflater, Section};
use fillhouse_store::{Artifact, JobRecord, Rendition};
use sha2::{Digest as _, Sha256};
use std::sync::Arc;

/// Part of the key of an artifact: raised when the same blocks would make another file.
const FORMAT: &str = "2";

/// What a file is made of, and the digest that says so.
pub(crate) struct Content {
    form_id: FormId,
    slug: String,
    shape: FileShape,
    head: Vec<u8>,
    joint: &'static [u8],
    foot: &'static [u8],
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
        let (head, joint, foot) = (renderer.head(), renderer.joint(), renderer.foot());
        let renditions: Vec<Rendition> =
            renditions.into_iter().filter(|rendition| rendition.blob.is_some()).collect();
        let shape = request.shape();
        let mut digest = Sha256::new();
        digest.update(FORMAT);
        digest.update([shape.container() as u8]);
        digest.update(shape.extension());
        // The file is named after its form: two forms without submissions may have the same header.
        digest.update(form.id.0.to_le_bytes());
        digest.update((head.len() as u64).to_le_bytes());
        digest.update(&head);
        for rendition in &renditions {
            digest.update(rendition.id.as_bytes());
        }
        let rows = renditions.iter().map(|rendition| rendition.rows).sum();
        let (form_id, slug, key) = (form.id, form.slug.clone(), hex(&digest.finalize()));
        Self { form_id, slug, shape, head, joint, foot, renditions, key, rows }
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
        let envelope = self.envelope(job.number, job.created_at);
        let mut digest = Sha256::new();
        digest.update(&envelope.head);
        let mut size_bytes = envelope.head.len();
        for (n, rendition) in self.renditions.iter().enumerate() {
            if n > 0 {
                digest.update(&envelope.joint);
                size_bytes += envelope.joint.len();
            }
            let Some(blob) = &rendition.blob else { continue };
            let bytes = parts.blobs.get(blob).await?;
            if bytes.len() as i64 != rendition.deflated_bytes {
                let what = format!("{blob} has {} bytes, not {}", bytes.len(), rendition.deflated_bytes);
                return Err(Error::internal(what));
            }
            size_bytes += bytes.len();
            digest = tokio::task::spawn_blocking(move || {
                digest.update(&bytes);
                digest
            })
            .await?;
        }
        digest.update(&envelope.tail);
        let Envelope { name, head, joint, tail } = envelope;
        Ok(Artifact {
            id: parts.random.opaque(),
            account_id: job.account_id,
            job_id: job.id.clone(),
            content_key: self.key,
            name,
            media_type: self.shape.media_type().to_owned(),
            rows: self.rows,
            size_bytes: (size_bytes + tail.len()) as i64,
            sha256: hex(&digest.finalize()),
            head,
            joint,
            tail,
            created_at: now,
            expires_at: parts.settings.artifact_expiry(now),
        })
    }

    /// What is around the blocks in the file of the job of this number.
    fn envelope(&self, number: i64, created_at: Timestamp) -> Envelope {
        let container = self.shape.container();
        let mut deflater = Deflater::new();
        let mut pack = |raw: &[u8]| {
            let mut packed = Vec::new();
            let section = container.pack(raw, &mut deflater, &mut packed);
            (packed, section)
        };
        let (mut head, header) = pack(&self.head);
        let (joint, between) = pack(self.joint);
        let (mut tail, footer) = pack(self.foot);
        let form_id = self.form_id;
        if container == Container::Bare {
            let name = format!("{}-submissions-{number}.{}", self.slug, self.shape.extension());
            return Envelope { name, head, joint, tail };
        }
        let blocks = self.renditions.iter().enumerate().fold(header, |section, (n, rendition)| {
            let section = if n > 0 { section.then(between) } else { section };
            section.then(Section {
                raw_bytes: rendition.raw_bytes.cast_unsigned(),
                deflated_bytes: rendition.deflated_bytes.cast_unsigned(),
                crc32: rendition.crc32,
            })
        });
        let name = format!("{form_id}_{number}_form_export.{}", self.shape.extension());
        let entry = Entry { name, modified: created_at, section: blocks.then(footer) };
        head.splice(0..0, entry.head());
        tail.extend(entry.tail());
        Envelope { name: format!("{form_id}_{number}_form_export.zip"), head, joint, tail }
    }
}

/// What is around the blocks of a file.
struct Envelope {
    name: String,
    head: Vec<u8>,
    /// Between any two of them.
    joint: Vec<u8>,
    tail: Vec<u8>,
}
