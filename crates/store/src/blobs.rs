//! Blobs: bytes under a name, in a folder or in a bucket of an S3 server.
//!
//! A blob is written under a name that only one attempt of one job uses, synced, and then published by the database: a
//! blob that no row names does not exist for anyone but the sweeper.
//!
//! Guarantees: when [`Blobs::put`] returns, the bytes and their name are on the disk, or the server has said that it keeps them.
//!
//! Must not know: what the bytes are.

use crate::bucket::Connector;
use crate::{Error, Result};
use bytes::Bytes;
use futures::stream::BoxStream;
use futures::{StreamExt as _, TryStreamExt as _};
use object_store::aws::AmazonS3Builder;
use object_store::local::LocalFileSystem;
use object_store::path::Path as BlobPath;
use object_store::prefix::PrefixStore;
use object_store::{ObjectStore, ObjectStoreExt as _, PutPayload, WriteMultipart};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use std::{fs, io};

mod fold;

pub use fold::Segment;

/// What a blob that is being written has in its name behind that of its place, with a number.
const UNFINISHED: char = '#';

/// How many parts of a blob that comes in pieces are written at once.
const PARTS_AT_ONCE: usize = 2;
/// How large each is, and what is held until there is as much.
const PART_BYTES: usize = 1 << 20;
/// The same of a bucket: the least that S3 takes of all parts but the last.
const PART_BYTES_OF_BUCKET: usize = 5 << 20;

/// How much of a blob is read at once for a stream: so much that opening it anew for each piece is not felt.
const PIECE_BYTES: usize = 1 << 20;
/// The same where each piece is a request to a server.
const PIECE_BYTES_OF_BUCKET: usize = 4 << 20;

/// How many blobs of a bucket are looked at at once.
const LOOKS_AT_ONCE: usize = 16;

/// How long a server may take to let us in, to say something, and to answer a request as a whole.
const CONNECT_LIMIT: Duration = Duration::from_secs(10);
const READ_LIMIT: Duration = Duration::from_secs(30);
const REQUEST_LIMIT: Duration = Duration::from_mins(5);

/// Where blobs are kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BlobUrl {
    /// In this folder, which must exist.
    Folder(PathBuf),
    /// In a bucket, whose server and keys the environment names as it does for all programs that use such ones
    /// (`AWS_ENDPOINT_URL`, `AWS_REGION`, `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY` and so on).
    Bucket {
        /// Its name.
        bucket: String,
        /// What the names of all blobs have before them; may be empty.
        prefix: String,
    },
}

/// The blob store.
#[derive(Debug, Clone)]
pub struct Blobs {
    inner: Arc<dyn ObjectStore>,
    /// None in a bucket.
    local: Option<Local>,
    piece_bytes: usize,
}

/// Blobs in a folder, which need not be asked for one by one on threads of their own.
#[derive(Debug, Clone)]
struct Local {
    store: Arc<LocalFileSystem>,
    folder: PathBuf,
}

impl Blobs {
    /// The blobs that are kept there.
    ///
    /// # Errors
    /// It cannot be used.
    pub fn open(url: &BlobUrl) -> Result<Self> {
        match url {
            BlobUrl::Folder(folder) => Self::in_folder(folder),
            BlobUrl::Bucket { bucket, prefix } => {
                Self::in_bucket(AmazonS3Builder::from_env().with_bucket_name(bucket), prefix)
            }
        }
    }

    /// The blobs in the bucket of these settings, with `prefix` before their names.
    ///
    /// # Errors
    /// The settings are none.
    pub fn in_bucket_of(settings: &crate::BucketSettings, prefix: &str) -> Result<Self> {
        Self::in_bucket(settings.builder(), prefix)
    }

    fn in_bucket(builder: AmazonS3Builder, prefix: &str) -> Result<Self> {
        let inner = builder.with_allow_http(true).with_http_connector(Connector(client()?)).build()?;
        let inner: Arc<dyn ObjectStore> = match prefix.trim_matches('/') {
            "" => Arc::new(inner),
            prefix => Arc::new(PrefixStore::new(inner, prefix)),
        };
        Ok(Self { inner, local: None, piece_bytes: PIECE_BYTES_OF_BUCKET })
    }

    /// The blobs in `folder`, which must exist.
    ///
    /// # Errors
    /// The folder cannot be used.
    pub fn in_folder(folder: &Path) -> Result<Self> {
        let store = LocalFileSystem::new_with_prefix(folder)?.with_fsync(true).with_automatic_cleanup(true);
        let store = Arc::new(store);
        let local = Local { store: store.clone(), folder: folder.to_owned() };
        Ok(Self { inner: store, local: Some(local), piece_bytes: PIECE_BYTES })
    }

    /// Writes a blob; it is durable when this returns.
    ///
    /// # Errors
    /// It could not be written whole.
    pub async fn put(&self, name: &str, bytes: Bytes) -> Result<()> {
        self.inner.put(&BlobPath::from(name), PutPayload::from(bytes)).await?;
        Ok(())
    }

    /// Writes a blob from pieces as they come; it is durable when this returns. Where a piece cannot be had, nothing is
    /// written.
    ///
    /// # Errors
    /// It could not be written whole, or the pieces ended with an error.
    pub async fn put_stream(&self, name: &str, mut pieces: BoxStream<'_, Result<Bytes>>) -> Result<()> {
        let mut writer = self.in_parts(name).await?;
        while let Some(piece) = pieces.next().await {
            match piece {
                Ok(piece) => writer.put(piece),
                Err(error) => {
                    writer.abort().await?;
                    return Err(error);
                }
            }
            writer.wait_for_capacity(PARTS_AT_ONCE).await?;
        }
        writer.finish().await?;
        Ok(())
    }

    /// Begins a blob that comes in pieces; it is there once it is finished.
    ///
    /// # Errors
    /// It cannot be written.
    pub async fn begin(&self, name: &str) -> Result<BlobWriter> {
        self.in_parts(name).await.map(BlobWriter)
    }

    async fn in_parts(&self, name: &str) -> Result<WriteMultipart> {
        let part_bytes = if self.local.is_some() { PART_BYTES } else { PART_BYTES_OF_BUCKET };
        let upload = self.inner.put_multipart(&BlobPath::from(name)).await?;
        Ok(WriteMultipart::new_with_chunk_size(upload, part_bytes))
    }

    /// A part of a blob, in one piece.
    ///
    /// # Errors
    /// There is no such blob, or it ends before the part does.
    pub async fn get_range(&self, name: &str, range: Range<u64>) -> Result<Bytes> {
        let expected = range.end - range.start;
        let bytes = self.inner.get_range(&BlobPath::from(name), range.clone()).await?;
        if bytes.len() as u64 != expected {
            let size_bytes = range.start + bytes.len() as u64;
            return Err(Error::CutOff { blob: name.to_owned(), size_bytes });
        }
        Ok(bytes)
    }

    /// All of a blob.
    ///
    /// # Errors
    /// There is none, or it cannot be read.
    pub async fn get(&self, name: &str) -> Result<Bytes> {
        Ok(self.inner.get(&BlobPath::from(name)).await?.bytes().await?)
    }

    /// How many bytes a blob has; none where there is none.
    ///
    /// # Errors
    /// It cannot be said.
    pub async fn size(&self, name: &str) -> Result<Option<u64>> {
        match self.inner.head(&BlobPath::from(name)).await {
            Ok(found) => Ok(Some(found.size)),
            Err(object_store::Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// How many bytes each of these blobs has; none where there is none.
    ///
    /// # Errors
    /// It cannot be said.
    pub async fn sizes(&self, names: Vec<String>) -> Result<Vec<Option<u64>>> {
        if let Some(local) = self.local.clone() {
            return on_a_thread(move || names.iter().map(|name| local.size(name)).collect()).await;
        }
        let looks: Vec<_> = names.iter().map(|name| self.size(name)).collect();
        futures::stream::iter(looks).buffered(LOOKS_AT_ONCE).try_collect().await
    }

    /// A part of a blob, in pieces as they are read: one is read while the one before it is used. It ends with an error where
    /// there is no such blob, or the blob ends before the part does.
    pub fn stream(&self, name: String, range: Range<u64>) -> BoxStream<'static, Result<Bytes>> {
        let blobs = self.clone();
        let piece_bytes = self.piece_bytes;
        let starts = range.clone().step_by(piece_bytes);
        let pieces = starts.map(move |start| start..range.end.min(start + piece_bytes as u64));
        let read = move |piece| {
            let (blobs, name) = (blobs.clone(), name.clone());
            async move { blobs.get_range(&name, piece).await }
        };
        futures::stream::iter(pieces).map(read).buffered(2).boxed()
    }

    /// Deletes a blob; none being there is as good.
    ///
    /// # Errors
    /// It is there and could not be deleted.
    pub async fn delete(&self, name: &str) -> Result<()> {
        if let Some(local) = self.local.as_ref().filter(|_| name.contains(UNFINISHED)) {
            return delete_unfinished(&local.folder, Path::new(name));
        }
        match self.inner.delete(&BlobPath::from(name)).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    /// The names of all blobs whose name begins with the folder `prefix`.
    ///
    /// # Errors
    /// They cannot be listed.
    pub async fn list(&self, prefix: &str) -> Result<Vec<String>> {
        let prefix = BlobPath::from(prefix);
        Ok(self.inner.list(Some(&prefix)).map_ok(|blob| blob.location.to_string()).try_collect().await?)
    }

    /// The names of all blobs below the folder `prefix` that are being written, or were when their writer died. They can
    /// be deleted, and nothing else. In a bucket there are none: what was not finished is no object, and the server drops it.
    ///
    /// # Errors
    /// They cannot be listed.
    pub async fn list_unfinished(&self, prefix: &str) -> Result<Vec<String>> {
        let Some(local) = self.local.clone() else { return Ok(Vec::new()) };
        let prefix = PathBuf::from(prefix);
        on_a_thread(move || {
            let mut names = Vec::new();
            list_unfinished(&local.folder, &prefix, &mut names).map(|()| names)
        })
        .await
    }

    /// Whether blobs can be written and read back.
    ///
    /// # Errors
    /// They cannot, and why.
    pub async fn ping(&self, nonce: &str) -> Result<()> {
        let name = format!("probes/{nonce}");
        self.put(&name, Bytes::from_static(b"fillhouse")).await?;
        self.get(&name).await?;
        self.delete(&name).await
    }
}

/// Does what may wait for the disk, or takes long, where it holds nobody up.
async fn on_a_thread<T: Send + 'static>(work: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
    tokio::task::spawn_blocking(work).await.map_err(|error| local(error.into()))?
}

/// What speaks to the server of a bucket.
fn client() -> Result<reqwest::Client> {
    // Whoever came first has installed the same one.
    rustls::crypto::ring::default_provider().install_default().ok();
    let builder = || {
        let limits = reqwest::Client::builder().connect_timeout(CONNECT_LIMIT).read_timeout(READ_LIMIT);
        limits.timeout(REQUEST_LIMIT)
    };
    let client = builder().build().or_else(|error| {
        tracing::warn!(%error, "the system has no certificates to trust, so no bucket is reached over https");
        builder().tls_certs_only([]).build()
    });
    client.map_err(|error| object_store::Error::Generic { store: "S3", source: error.into() }.into())
}

/// A blob that is being written. One that is dropped unfinished never was.
#[derive(Debug)]
pub struct BlobWriter(WriteMultipart);

impl BlobWriter {
    /// Adds a piece.
    ///
    /// # Errors
    /// One before it could not be written.
    pub async fn put(&mut self, piece: Bytes) -> Result<()> {
        self.0.put(piece);
        Ok(self.0.wait_for_capacity(PARTS_AT_ONCE).await?)
    }

    /// Ends the blob; it is durable when this returns.
    ///
    /// # Errors
    /// It could not be written whole.
    pub async fn finish(self) -> Result<()> {
        self.0.finish().await?;
        Ok(())
    }
}

/// Adds the names of what is not finished in the folder `at` within `root`, and below.
fn list_unfinished(root: &Path, at: &Path, names: &mut Vec<String>) -> Result<()> {
    // Folders that have become empty are deleted by others at any time.
    let Some(entries) = or_none(fs::read_dir(root.join(at)))? else { return Ok(()) };
    for entry in entries {
        let entry = entry.map_err(local)?;
        let name = at.join(entry.file_name());
        if entry.file_type().map_err(local)?.is_dir() {
            list_unfinished(root, &name, names)?;
        } else if entry.file_name().to_string_lossy().contains(UNFINISHED) {
            names.push(name.to_string_lossy().into_owned());
        }
    }
    Ok(())
}

/// Deletes what was never finished, and the folders that are empty without it.
fn delete_unfinished(root: &Path, name: &Path) -> Result<()> {
    or_none(fs::remove_file(root.join(name)))?;
    for folder in name.ancestors().skip(1).filter(|folder| !folder.as_os_str().is_empty()) {
        if fs::remove_dir(root.join(folder)).is_err() {
            // Something else is in it, or it is gone already.
            break;
        }
    }
    Ok(())
}

/// None where there is no such file or folder.
fn or_none<T>(result: io::Result<T>) -> Result<Option<T>> {
    match result {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        result => result.map(Some).map_err(local),
    }
}

fn local(error: io::Error) -> Error {
    object_store::Error::Generic { store: "LocalFileSystem", source: error.into() }.into()
}
