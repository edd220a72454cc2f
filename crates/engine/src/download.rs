//! Downloads: the bytes of a file, streamed from its parts.
//!
//! Guarantees: a stream gives the bytes it was asked for, in order, and holds a piece of them at a time; where they cannot
//! be had to the end it ends with an error, never as if it were complete.
//!
//! Must not know: HTTP's ranges; it is given the bytes to send.

use crate::whole::{Around, segments};
use crate::{Engine, Error, FormsReader, ProfilesReader, Result, export, profiles};
use bytes::Bytes;
use fillhouse_model::{AccountId, ErrorKind, Timestamp};
use fillhouse_store::{Artifact, Blobs, Segment};
use futures::stream::{self, BoxStream, StreamExt as _, TryStreamExt as _};
use std::ops::Range;

/// What a file's address is signed for.
const PURPOSE: &str = "export file";

/// Bytes as they come.
pub type ByteStream = BoxStream<'static, Result<Bytes>>;

/// A file that can be downloaded.
#[derive(Debug)]
pub struct Download {
    /// What it is.
    pub facts: FileFacts,
    segments: Vec<Segment>,
    blobs: Blobs,
}

/// What is said of a file besides its bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileFacts {
    /// Its name.
    pub name: String,
    /// Its media type.
    pub media_type: String,
    /// How many bytes it has.
    pub size_bytes: u64,
    /// SHA-256 of its bytes, in lower-case hex.
    pub sha256: String,
    /// When it was made.
    pub created_at: Timestamp,
}

impl FormsReader {
    /// The file of an export, by its unguessable id and its name.
    ///
    /// # Errors
    /// There is no such file of this account, or it has expired.
    pub async fn download(&self, id: &str, name: &str) -> Result<Download> {
        find(&self.engine, (id, name), export::KIND, Some(self.account)).await
    }

    /// How everybody can download a file until it expires: its id and its name, with a signature behind them.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn signed_path(&self, artifact: &Artifact) -> Result<String> {
        let Artifact { id, name, expires_at, .. } = artifact;
        let expires = expires_at.micros().div_euclid(1_000_000).to_string();
        let signature = self.engine.sign(PURPOSE, &[id, name, &expires]).await?;
        Ok(format!("{id}/{name}?expires={expires}&signature={signature}"))
    }

    /// Where everybody finds a file until it expires.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn signed_url(&self, artifact: &Artifact) -> Result<String> {
        let path = self.signed_path(artifact).await?;
        Ok(format!("{}/v1/exports/files/{path}", self.engine.public_url()))
    }
}

impl Engine {
    /// The file of an export for whoever has what [`FormsReader::signed_path`] said.
    ///
    /// # Errors
    /// [`ErrorKind::Forbidden`] where the signature is not ours; the file has expired.
    pub async fn download_signed(
        &self,
        id: &str,
        name: &str,
        expires: i64,
        signature: &str,
    ) -> Result<Download> {
        if !self.is_signed(PURPOSE, &[id, name, &expires.to_string()], signature).await? {
            return Err(Error::new(ErrorKind::Forbidden, "the signature is not valid"));
        }
        if self.now().micros().div_euclid(1_000_000) >= expires {
            return Err(Error::not_found("the file"));
        }
        find(self, (id, name), export::KIND, None).await
    }
}

impl ProfilesReader {
    /// The file of an export, by its unguessable id and its name.
    ///
    /// # Errors
    /// There is no such file of this account, or it has expired.
    pub async fn download(&self, id: &str, name: &str) -> Result<Download> {
        find(&self.engine, (id, name), profiles::KIND, Some(self.account)).await
    }
}

/// The file of this id and name that a job of this kind made, of one account or of any.
async fn find(
    engine: &Engine,
    (id, name): (&str, &str),
    kind: &'static str,
    account: Option<AccountId>,
) -> Result<Download> {
    let wanted = id.to_owned();
    let found = engine.parts.store.read(move |tx| {
        let wanted = wanted.clone();
        Box::pin(async move {
            let Some(artifact) = tx.artifact(&wanted).await? else { return Ok(None) };
            let job = tx.job_of(artifact.account_id, &artifact.job_id).await?;
            if account.is_some_and(|account| artifact.account_id != account)
                || job.is_none_or(|job| job.kind != kind)
            {
                return Ok(None);
            }
            let parts = tx.file_parts(&artifact.job_id).await?;
            Ok(Some((artifact, parts)))
        })
    });
    let missing = || Error::not_found("the file");
    let (artifact, parts) = found.await?.ok_or_else(missing)?;
    if artifact.name != name || artifact.expires_at <= engine.now() {
        return Err(missing());
    }
    let Artifact { head, joint, breaks, tail, .. } = &artifact;
    let blobs = parts.into_iter().map(|part| (part.blob, part.size_bytes));
    let segments = segments(&Around { head, joint, breaks, tail }, blobs);
    let facts = FileFacts {
        name: artifact.name,
        media_type: artifact.media_type,
        size_bytes: artifact.size_bytes.cast_unsigned(),
        sha256: artifact.sha256,
        created_at: artifact.created_at,
    };
    Ok(Download { facts, segments, blobs: engine.parts.blobs.clone() })
}

impl Download {
    /// A file that is one blob.
    pub(crate) fn of_blob(facts: FileFacts, blob: String, blobs: Blobs) -> Self {
        let segments = vec![Segment::Blob { name: blob, size_bytes: facts.size_bytes }];
        Self { facts, segments, blobs }
    }

    /// The bytes of `range`, which must be within the file.
    pub fn stream(&self, range: Range<u64>) -> ByteStream {
        let mut start = 0;
        let mut wanted = Vec::new();
        for segment in &self.segments {
            let end = start + segment.size_bytes();
            let (from, until) = (range.start.max(start), range.end.min(end));
            if from < until {
                wanted.push((segment.clone(), from - start..until - start));
            }
            start = end;
        }
        let blobs = self.blobs.clone();
        stream::iter(wanted).flat_map(move |(segment, range)| open(&blobs, segment, range)).boxed()
    }
}

fn open(blobs: &Blobs, segment: Segment, range: Range<u64>) -> ByteStream {
    match segment {
        Segment::Memory(bytes) => stream::once(async move { part(&bytes, range) }).boxed(),
        Segment::Blob { name, .. } => blobs.stream(name, range).map_err(Error::from).boxed(),
    }
}

fn part(bytes: &Bytes, range: Range<u64>) -> Result<Bytes> {
    let (start, end) = (usize::try_from(range.start), usize::try_from(range.end));
    Ok(bytes.slice(start.map_err(Error::internal)?..end.map_err(Error::internal)?))
}
