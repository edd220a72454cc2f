//! Files that are small enough to be made, and kept, as one.
//!
//! Guarantees: the bytes are those that a worker would have made of the same.
//!
//! Must not know: which submissions are wanted, or what for.

use super::frame::{BlockFacts, Envelope, Frame};
use super::shape::FileShape;
use super::workbench::{Done, Press, RenderTask};
use crate::Result;
use crate::engine::Parts;
use crate::random::hex;
use bytes::Bytes;
use fillhouse_model::{AccountId, Form, JobId, Timestamp};
use fillhouse_render::columnar::footer_of;
use fillhouse_store::{Artifact, Error as StoreError, JobSpec, Result as StoreResult};
use sha2::{Digest as _, Sha256};

/// A file that is small enough to be made, and kept, as one.
pub(super) struct SmallContent {
    frame: Frame,
    done: Done,
    packed: Bytes,
}

impl SmallContent {
    /// The content made of these rows, each behind its key: of those that the task wants.
    ///
    /// # Errors
    /// A row is none of the form.
    pub(super) fn render(
        form: &Form,
        shape: &FileShape,
        task: &RenderTask,
        rows: &[(i64, Vec<u8>)],
    ) -> Result<Self> {
        let frame = Frame::new(form, shape.clone(), &task.renderer);
        let mut press = Press::default();
        press.put_all(task, rows.iter().map(|(key, body)| (*key, body.as_slice())))?;
        let done = press.finish(task);
        Ok(Self { frame, done, packed: press.take() })
    }

    fn footer(&self) -> Bytes {
        if self.frame.wants_footers() { self.packed.slice_ref(footer_of(&self.packed)) } else { Bytes::new() }
    }

    /// The same, for a job that is finished at `now`.
    pub(super) fn for_job(self, parts: &Parts, job: &JobSpec, now: Timestamp) -> SmallFileOfJob {
        let (id, expires_at) = (parts.random.opaque(), parts.settings.artifact_expiry(now));
        SmallFileOfJob {
            content: self,
            id,
            account_id: job.account_id,
            job_id: job.id.clone(),
            now,
            expires_at,
        }
    }
}

/// A small file that lacks nothing but the number of its job.
pub(super) struct SmallFileOfJob {
    content: SmallContent,
    id: String,
    account_id: AccountId,
    job_id: JobId,
    now: Timestamp,
    expires_at: Timestamp,
}

impl SmallFileOfJob {
    /// The file as the job of this number has it: all of it is in the head.
    ///
    /// # Errors
    /// What was rendered cannot be read.
    pub(super) fn artifact(&self, number: i64) -> StoreResult<Artifact> {
        let SmallContent { frame, done: Done { rows, section }, packed } = &self.content;
        let blocks: Vec<BlockFacts> = (!packed.is_empty())
            .then(|| BlockFacts { rows: *rows, section: *section, footer: self.content.footer() })
            .into_iter()
            .collect();
        let envelope = frame.envelope(&blocks, number, self.now).map_err(|error| {
            StoreError::Inconsistent { table: "artifacts", id: self.id.clone(), what: error.to_string() }
        })?;
        let Envelope { name, mut head, tail, .. } = envelope;
        head.extend_from_slice(packed);
        head.extend(tail);
        Ok(Artifact {
            id: self.id.clone(),
            account_id: self.account_id,
            job_id: self.job_id.clone(),
            content_key: format!("of job {}", self.job_id),
            name,
            media_type: frame.shape.media_type().to_owned(),
            rows: *rows,
            size_bytes: head.len() as i64,
            sha256: hex(&Sha256::digest(&head)),
            head,
            joint: Vec::new(),
            breaks: Vec::new(),
            tail: Vec::new(),
            created_at: self.now,
            expires_at: self.expires_at,
        })
    }
}
