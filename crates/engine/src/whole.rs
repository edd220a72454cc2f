//! A file as what it is made of: blobs, and what stands before, between and behind them.
//!
//! Guarantees: whoever makes a file and whoever sends it take the same bytes in the same order.
//!
//! Must not know: what the bytes are.

use crate::Result;
use crate::random::hex;
use bytes::Bytes;
use fillhouse_store::{Blobs, Break, Segment};
use sha2::{Digest as _, Sha256};

/// What stands around the blobs of a file.
pub(crate) struct Around<'a> {
    pub(crate) head: &'a [u8],
    /// What stands between two of them, where there is no break.
    pub(crate) joint: &'a [u8],
    pub(crate) breaks: &'a [Break],
    pub(crate) tail: &'a [u8],
}

/// What a file is made of, in order: its blobs are these, each of so many bytes.
pub(crate) fn segments(around: &Around<'_>, blobs: impl Iterator<Item = (String, i64)>) -> Vec<Segment> {
    let memory = |bytes: &[u8]| Segment::Memory(Bytes::copy_from_slice(bytes));
    let mut segments = vec![memory(around.head)];
    for (n, (name, size_bytes)) in blobs.enumerate() {
        if n > 0 {
            segments.push(memory(Break::before(n, around.breaks, around.joint)));
        }
        segments.push(Segment::Blob { name, size_bytes: size_bytes.cast_unsigned() });
    }
    segments.push(memory(around.tail));
    segments
}

/// How many bytes a file has, and the SHA-256 of them in lower-case hex, read back from where it is.
///
/// # Errors
/// A blob is not there, or not of its size.
pub(crate) async fn digest(blobs: &Blobs, segments: Vec<Segment>) -> Result<(i64, String)> {
    let size_bytes: u64 = segments.iter().map(Segment::size_bytes).sum();
    let digest = blobs.fold(segments, Sha256::new(), |digest, bytes| digest.update(bytes)).await?;
    Ok((size_bytes.cast_signed(), hex(&digest.finalize())))
}
