//! From the finished blocks to the file: the manifest, checked by reading every part back.
//!
//! Guarantees: the size, the count and the digest of an artifact are those of the bytes that a download will stream.
//!
//! Must not know: how the blocks came to be.

use crate::engine::Parts;
use crate::random::hex;
use crate::{Error, Result};
use fillhouse_model::{FormId, Timestamp};
use fillhouse_render::zip::Entry;
use fillhouse_render::{Deflater, Layout, Section};
use fillhouse_store::{Artifact, JobRecord, Rendition};
use sha2::{Digest as _, Sha256};
use std::sync::Arc;

/// The media type of what is made here.
const MEDIA_TYPE: &str = "application/zip";
/// Part of the key of an artifact: raised when the same blocks would make another file.
const FORMAT: &str = "csv-zip 1";

/// What a file is made of, and the digest that says so.
pub(crate) struct Content {
    header: Vec<u8>,
    renditions: Vec<Rendition>,
    /// Equal for equal files, but for what is named after the job.
    pub(crate) key: String,
    pub(crate) rows: i64,
}

impl Content {
    /// The content made of these blocks of a form, in order, under the layout's header.
    pub(crate) fn new(form_id: FormId, layout: &Layout, renditions: Vec<Rendition>) -> Self {
        let mut header = Vec::new();
        layout.write_header(&mut header);
        let renditions: Vec<Rendition> =
            renditions.into_iter().filter(|rendition| rendition.blob.is_some()).collect();
        let mut digest = Sha256::new();
        digest.update(FORMAT);
        // The file is named after its form: two forms without submissions may have the same header.
        digest.update(form_id.0.to_le_bytes());
        digest.update((header.len() as u64).to_le_bytes());
        digest.update(&header);
        for rendition in &renditions {
            digest.update(rendition.id.as_bytes());
        }
        let rows = renditions.iter().map(|rendition| rendition.rows).sum();
        Self { header, renditions, key: hex(&digest.finalize()), rows }
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
        let (head, tail) = self.envelope(job);
        let mut digest = Sha256::new();
        digest.update(&head);
        let mut size_bytes = head.len() as i64;
        for rendition in &self.renditions {
            let Some(blob) = &rendition.blob else { continue };
            let bytes = parts.blobs.get(blob).await?;
            if bytes.len() as i64 != rendition.deflated_bytes {
                let what = format!("{blob} has {} bytes, not {}", bytes.len(), rendition.deflated_bytes);
                return Err(Error::internal(what));
            }
            size_bytes += rendition.deflated_bytes;
            digest = tokio::task::spawn_blocking(move || {
                digest.update(&bytes);
                digest
            })
            .await?;
        }
        digest.update(&tail);
        Ok(Artifact {
            id: parts.random.opaque(),
            account_id: job.account_id,
            job_id: job.id.clone(),
            content_key: self.key,
            name: format!("{}_{}_form_export.zip", job.form_id, job.number),
            media_type: MEDIA_TYPE.to_owned(),
            rows: self.rows,
            size_bytes: size_bytes + tail.len() as i64,
            sha256: hex(&digest.finalize()),
            head,
            tail,
            created_at: now,
            expires_at: parts.settings.artifact_expiry(now),
        })
    }

    /// What comes before the first block and after the last.
    fn envelope(&self, job: &JobRecord) -> (Vec<u8>, Vec<u8>) {
        let mut deflated_header = Vec::new();
        let header = Deflater::new().block(&self.header, &mut deflated_header);
        let section = self.renditions.iter().fold(header, |section, rendition| {
            section.then(Section {
                raw_bytes: rendition.raw_bytes.cast_unsigned(),
                deflated_bytes: rendition.deflated_bytes.cast_unsigned(),
                crc32: rendition.crc32,
            })
        });
        let name = format!("{}_{}_form_export.csv", job.form_id, job.number);
        let entry = Entry { name, modified: job.created_at, section };
        let mut head = entry.head();
        head.extend_from_slice(&deflated_header);
        (head, entry.tail())
    }
}
