//! Running an export of profiles from its lease to its artifact: part after part, as of the snapshot.
//!
//! Guarantees: whatever was recorded is not done again; the same job gives the same bytes, however often it was begun;
//! no more than one part is held, and nothing is completed whose parts were not read back.
//!
//! Must not know: leasing and heartbeats; see `worker`.

use super::request::Pinned;
use super::write::Writer;
use crate::engine::Parts;
use crate::export::attempt_folder;
use crate::random::hex;
use crate::whole::{Around, digest, segments};
use crate::{Error, Result};
use fillhouse_model::ProfileId;
use fillhouse_store::{Artifact, JobRecord, Lease, ProfileChunk, ProfilePart};
use sha2::{Digest as _, Sha256};
use std::sync::Arc;

/// About how many profiles are looked at for a part.
const PART_PROFILES: i64 = 8_192;
/// Part of the key of an artifact: raised when the same profiles would make another file.
const FORMAT: &str = "profiles 1";

/// An export under way.
struct Run<'a> {
    parts: &'a Arc<Parts>,
    job: &'a JobRecord,
    lease: &'a Lease,
    pinned: Pinned,
    writer: Arc<Writer>,
}

/// Does what is left of an export. `false` where the lease was lost on the way.
///
/// # Errors
/// Something failed; the job may be tried again.
pub(crate) async fn run(parts: &Arc<Parts>, job: &JobRecord, lease: &Lease) -> Result<bool> {
    let pinned = Pinned::from_json(&job.request).map_err(Error::internal)?;
    let writer = Arc::new(Writer::new(&pinned).map_err(Error::internal)?);
    let run = Run { parts, job, lease, pinned, writer };
    if let Some(held) = run.reuse_artifact().await? {
        return Ok(held);
    }
    if !run.plan().await? {
        return Ok(false);
    }
    let Some(mut done) = run.sound_parts().await? else { return Ok(false) };
    while done.last().is_none_or(|part| part.last_id.is_some()) {
        let Some(part) = run.next_part(done.last()).await? else { return Ok(false) };
        done.push(part);
    }
    let artifact = run.assemble(&done).await?;
    run.complete(artifact).await
}

impl Run<'_> {
    /// Equal for equal files.
    fn content_key(&self) -> String {
        let mut digest = Sha256::new();
        digest.update(FORMAT);
        digest.update(self.job.snapshot_seq.to_le_bytes());
        digest.update(&self.job.request);
        hex(&digest.finalize())
    }

    /// Completes the job with the artifact there is of the same profiles; none where there is none, else whether the lease
    /// still held.
    async fn reuse_artifact(&self) -> Result<Option<bool>> {
        let now = self.parts.clock.now();
        let expires_at = self.parts.settings.artifact_expiry(now);
        let (account, key, lease) = (self.job.account_id, self.content_key(), self.lease.clone());
        let reused = self.parts.store.write(move |tx| {
            let (key, lease) = (key.clone(), lease.clone());
            Box::pin(async move {
                let Some(artifact) = tx.artifact_like(account, &key, now).await? else { return Ok(None) };
                if !tx.extend_artifact(&artifact.id, expires_at).await? {
                    return Ok(None);
                }
                tx.complete_job(&lease, &artifact.id, artifact.rows, now).await.map(Some)
            })
        });
        Ok(reused.await?)
    }

    /// Records about how much there is to do; whether the lease still holds.
    async fn plan(&self) -> Result<bool> {
        let (lease, audience, segment) =
            (self.lease.clone(), self.pinned.audience(), self.pinned.fixed_segment());
        let planned = self.parts.store.write(move |tx| {
            let lease = lease.clone();
            Box::pin(async move {
                let rows = match segment {
                    Some(segment) => tx.count_members(segment).await?,
                    None => tx.count_profiles(audience).await?,
                };
                tx.plan_job(&lease, rows / PART_PROFILES + 1, rows).await
            })
        });
        Ok(planned.await?)
    }

    /// The parts that are done, up to the first that is damaged: that one and those after it are forgotten. None where the
    /// lease was lost.
    async fn sound_parts(&self) -> Result<Option<Vec<ProfilePart>>> {
        let job_id = self.job.id.clone();
        let found = self.parts.store.read(move |tx| {
            let job_id = job_id.clone();
            Box::pin(async move { tx.profile_parts(&job_id).await })
        });
        let mut done = found.await?;
        for n in 0..done.len() {
            let Some(blob) = &done[n].blob else { continue };
            if self.parts.blobs.size(blob).await? == Some(done[n].size_bytes.cast_unsigned()) {
                continue;
            }
            tracing::error!(job = %self.job.id, blob, "a blob is damaged; its part is written again");
            let (lease, position) = (self.lease.clone(), done[n].position);
            let dropped = self.parts.store.write(move |tx| {
                let lease = lease.clone();
                Box::pin(async move { tx.drop_profile_parts_from(&lease, position).await })
            });
            if !dropped.await? {
                return Ok(None);
            }
            done.truncate(n);
            break;
        }
        Ok(Some(done))
    }

    /// Writes and records the part after `last`; none where the lease was lost.
    async fn next_part(&self, last: Option<&ProfilePart>) -> Result<Option<ProfilePart>> {
        let position = last.map_or(0, |part| part.position + 1);
        let ProfileChunk { profiles, last_id } = self.read(last.and_then(|part| part.last_id)).await?;
        let permit = self.parts.render_permits.clone().acquire_owned().await.map_err(Error::internal)?;
        let writer = self.writer.clone();
        let writing = tokio::task::spawn_blocking(move || {
            let written = writer.part(&profiles);
            drop(permit);
            written
        });
        let (bytes, rows) = writing.await??;
        let blob_id = self.parts.random.uuid(self.parts.clock.now());
        let blob = (!bytes.is_empty()).then(|| format!("{}/{blob_id}", attempt_folder(self.lease)));
        let size_bytes = bytes.len() as i64;
        if let Some(blob) = &blob {
            self.parts.blobs.put(blob, bytes.into()).await?;
        }
        let part = ProfilePart { position, last_id, blob_id, blob, rows, size_bytes };
        let (lease, recorded) = (self.lease.clone(), part.clone());
        let held = self.parts.store.write(move |tx| {
            let (lease, part) = (lease.clone(), recorded.clone());
            Box::pin(async move { tx.add_profile_part(&lease, &part).await })
        });
        if held.await? {
            return Ok(Some(part));
        }
        if let Some(blob) = &part.blob {
            self.parts.blobs.delete(blob).await?;
        }
        Ok(None)
    }

    async fn read(&self, after: Option<ProfileId>) -> Result<ProfileChunk> {
        let (audience, segment, seq) =
            (self.pinned.audience(), self.pinned.fixed_segment(), self.job.snapshot_seq);
        let writer = self.writer.clone();
        let read = self.parts.store.read(move |tx| {
            let writer = writer.clone();
            Box::pin(async move {
                match segment {
                    Some(segment) => tx.member_chunk((audience, segment), after, seq, PART_PROFILES).await,
                    None => tx.profile_chunk(audience, after, seq, writer.filter(), PART_PROFILES).await,
                }
            })
        });
        Ok(read.await?)
    }

    /// The file, checked by reading every part back.
    async fn assemble(&self, done: &[ProfilePart]) -> Result<Artifact> {
        let envelope = self.writer.envelope(self.pinned.source());
        let around =
            Around { head: &envelope.head, joint: &envelope.joint, breaks: &[], tail: &envelope.tail };
        let blobs = done.iter().filter_map(|part| Some((part.blob.clone()?, part.size_bytes)));
        let (size_bytes, sha256) = digest(&self.parts.blobs, segments(&around, blobs)).await?;
        let now = self.parts.clock.now();
        Ok(Artifact {
            id: self.parts.random.opaque(),
            account_id: self.job.account_id,
            job_id: self.job.id.clone(),
            content_key: self.content_key(),
            name: envelope.name,
            media_type: envelope.media_type.to_owned(),
            rows: done.iter().map(|part| part.rows).sum(),
            size_bytes,
            sha256,
            head: envelope.head,
            joint: envelope.joint,
            breaks: Vec::new(),
            tail: envelope.tail,
            created_at: now,
            expires_at: self.parts.settings.artifact_expiry(now),
        })
    }

    async fn complete(&self, artifact: Artifact) -> Result<bool> {
        let (lease, now) = (self.lease.clone(), self.parts.clock.now());
        let completed = self.parts.store.write(move |tx| {
            let (lease, artifact) = (lease.clone(), artifact.clone());
            Box::pin(async move {
                if !tx.complete_job(&lease, &artifact.id, artifact.rows, now).await? {
                    return Ok(false);
                }
                tx.put_artifact(&artifact).await?;
                Ok(true)
            })
        });
        Ok(completed.await?)
    }
}
