//! A bucket of an S3 server: where blobs are kept, or where a file is put for somebody.
//!
//! Guarantees: a file is there whole or not at all; what a server says of a failure, which may have keys in it, is not passed
//! on.
//!
//! Must not know: what is in a file, or who may put it there.

use crate::{Error, Result};
use bytes::Bytes;
use futures::StreamExt as _;
use futures::stream::BoxStream;
use object_store::aws::{AmazonS3, AmazonS3Builder};
use object_store::client::{ClientOptions, HttpClient, HttpConnector};
use object_store::path::Path as BlobPath;
use object_store::{ObjectStoreExt as _, RetryConfig, WriteMultipart};
use std::fmt;
use std::time::Duration;

/// How many parts of a file are sent at once, each of some megabytes.
const PARTS_AT_ONCE: usize = 2;
/// How many bytes a part has at least, and into how many parts a file is cut at most: no server takes more than 10,000.
const LEAST_PART_BYTES: usize = 5 << 20;
const MOST_PARTS: u64 = 9_000;
/// How often, and for how long, a request is sent again before its failure counts.
const RETRIES: usize = 3;
const RETRY_LIMIT: Duration = Duration::from_mins(1);

/// Which bucket, and what it takes to be let in there.
#[derive(Clone, PartialEq, Eq)]
pub struct BucketSettings {
    /// Its name.
    pub bucket: String,
    /// The server's address; none for that of AWS.
    pub endpoint: Option<String>,
    /// The region.
    pub region: String,
    /// The key's id.
    pub access_key_id: String,
    /// The key.
    pub secret_access_key: String,
}

impl fmt::Debug for BucketSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BucketSettings").field("bucket", &self.bucket).finish_non_exhaustive()
    }
}

/// A bucket to put files into.
#[derive(Debug)]
pub struct Bucket(AmazonS3);

/// Why a file could not be put into a bucket.
#[derive(Debug)]
pub enum BucketError {
    /// There is no such bucket.
    Missing,
    /// The keys are not let in.
    Refused,
    /// The server cannot be reached, or does not do what it is asked for.
    Failed,
    /// The pieces of the file could not be had.
    Source(Error),
}

/// Gives a client that was made elsewhere.
#[derive(Debug)]
pub(crate) struct Connector(pub(crate) reqwest::Client);

impl HttpConnector for Connector {
    fn connect(&self, _: &ClientOptions) -> object_store::Result<HttpClient> {
        Ok(HttpClient::new(self.0.clone()))
    }
}

impl BucketSettings {
    /// What opens it.
    pub(crate) fn builder(&self) -> AmazonS3Builder {
        let retry =
            RetryConfig { max_retries: RETRIES, retry_timeout: RETRY_LIMIT, ..RetryConfig::default() };
        let builder = AmazonS3Builder::new()
            .with_bucket_name(&self.bucket)
            .with_region(&self.region)
            .with_access_key_id(&self.access_key_id)
            .with_secret_access_key(&self.secret_access_key)
            .with_allow_http(true)
            .with_retry(retry);
        match &self.endpoint {
            Some(endpoint) => builder.with_endpoint(endpoint.trim_end_matches('/')),
            None => builder,
        }
    }
}

impl Bucket {
    /// The bucket of these settings, reached by `http` and by nothing else.
    ///
    /// # Errors
    /// There can be none of that address.
    pub fn open(settings: &BucketSettings, http: reqwest::Client) -> Result<Self> {
        Ok(Self(settings.builder().with_http_connector(Connector(http)).build()?))
    }

    /// Puts a file of `size_bytes` bytes there, from pieces as they come. Where one cannot be had, nothing is put there.
    ///
    /// # Errors
    /// Why it is not there.
    pub async fn put(
        &self,
        name: &str,
        size_bytes: u64,
        mut pieces: BoxStream<'_, Result<Bytes>>,
    ) -> Result<(), BucketError> {
        let upload = self.0.put_multipart(&BlobPath::from(name)).await.map_err(reason)?;
        let part_bytes = usize::try_from(size_bytes.div_ceil(MOST_PARTS)).unwrap_or(usize::MAX);
        let mut writer = WriteMultipart::new_with_chunk_size(upload, part_bytes.max(LEAST_PART_BYTES));
        while let Some(piece) = pieces.next().await {
            match piece {
                Ok(piece) => writer.put(piece),
                Err(error) => {
                    writer.abort().await.map_err(reason)?;
                    return Err(BucketError::Source(error));
                }
            }
            writer.wait_for_capacity(PARTS_AT_ONCE).await.map_err(reason)?;
        }
        writer.finish().await.map_err(reason)?;
        Ok(())
    }
}

#[expect(clippy::needless_pass_by_value, reason = "it is what errors are mapped with")]
fn reason(error: object_store::Error) -> BucketError {
    match error {
        object_store::Error::NotFound { .. } => BucketError::Missing,
        object_store::Error::PermissionDenied { .. } | object_store::Error::Unauthenticated { .. } => {
            BucketError::Refused
        }
        _ => BucketError::Failed,
    }
}
