//! Putting a file into a bucket of somebody's S3 server.
//!
//! Guarantees: the file is there whole, with the digest that it must have, or not at all; nothing is sent past the guard of
//! deliveries; what the server says is neither shown nor logged, since it may have keys in it.
//!
//! Must not know: what the file is.

use super::deliver::Trouble;
use super::destination::names;
use crate::random::hex;
use crate::{Download, Engine, Error};
use fillhouse_store::{Bucket, BucketError, BucketSettings, Error as StoreError};
use futures::stream::{self, StreamExt as _};
use sha2::{Digest as _, Sha256};

/// Puts a file below a prefix of a bucket, and says where that is.
pub(super) async fn put(
    engine: &Engine,
    settings: &BucketSettings,
    (prefix, file_name): (&str, &str),
    download: &Download,
) -> Result<String, Trouble> {
    let http = engine.upload_client(settings.endpoint.as_deref()).map_err(Trouble::again)?;
    let bucket =
        Bucket::open(settings, http).map_err(|_| Trouble::again("there is no such address".to_owned()))?;
    let key = names(prefix).chain([file_name]).collect::<Vec<_>>().join("/");
    let size_bytes = download.facts.size_bytes;
    bucket.put(&key, size_bytes, checked(download).boxed()).await.map_err(|error| trouble(&error))?;
    Ok(format!("s3://{}/{key}", settings.bucket))
}

/// The pieces of a file; in place of its end an error, where the pieces are not the file that they should be.
fn checked(download: &Download) -> impl stream::Stream<Item = Result<bytes::Bytes, StoreError>> + Send {
    let expected = download.facts.sha256.clone();
    let pieces = download.stream(0..download.facts.size_bytes);
    stream::unfold(Some((pieces, Sha256::new(), expected)), async |state| {
        let (mut pieces, mut digest, expected) = state?;
        match pieces.next().await {
            Some(Ok(piece)) => {
                digest.update(&piece);
                Some((Ok(piece), Some((pieces, digest, expected))))
            }
            Some(Err(error)) => Some((Err(unread(&error)), None)),
            None if hex(&digest.finalize()) == expected => None,
            None => {
                let changed = Error::internal("the file is not what it was");
                Some((Err(unread(&changed)), None))
            }
        }
    })
}

/// An error of the export's own file.
fn unread(error: &Error) -> StoreError {
    StoreError::Driver(error.message().to_owned())
}

fn trouble(error: &BucketError) -> Trouble {
    Trouble::again(match error {
        BucketError::Missing => "there is no such bucket".to_owned(),
        BucketError::Refused => "the bucket does not let these keys in".to_owned(),
        BucketError::Failed => "the bucket could not be written to".to_owned(),
        BucketError::Source(_) => "the export's file could not be read".to_owned(),
    })
}
