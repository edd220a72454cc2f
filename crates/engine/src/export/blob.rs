//! The blob of a rendition on its way out: in one piece where it is small, else in pieces.
//!
//! Guarantees: no more of it is in memory than a few pieces; what has no bytes has no blob.
//!
//! Must not know: what the bytes are.

use super::workbench::Press;
use crate::Result;
use bytes::Bytes;
use fillhouse_store::{BlobWriter, Blobs};

/// What is more than this is written in pieces.
const PIECE_BYTES: usize = 2 << 20;

/// A blob that is being made.
pub(super) struct BlobOut<'a> {
    blobs: &'a Blobs,
    name: String,
    writer: Option<BlobWriter>,
}

impl<'a> BlobOut<'a> {
    pub(super) fn new(blobs: &'a Blobs, name: String) -> Self {
        Self { blobs, name, writer: None }
    }

    /// Writes what the press has packed, where that is much.
    pub(super) async fn put(&mut self, press: &mut Press) -> Result<()> {
        if press.packed_bytes() >= PIECE_BYTES {
            let mut writer = match self.writer.take() {
                Some(writer) => writer,
                None => self.blobs.begin(&self.name).await?,
            };
            writer.put(press.take()).await?;
            self.writer = Some(writer);
        }
        Ok(())
    }

    /// Writes the rest, and gives the blob's name; none where it has no bytes.
    pub(super) async fn finish(self, rest: Bytes) -> Result<Option<String>> {
        match self.writer {
            Some(mut writer) => {
                writer.put(rest).await?;
                writer.finish().await?;
            }
            None if rest.is_empty() => return Ok(None),
            None => self.blobs.put(&self.name, rest).await?,
        }
        Ok(Some(self.name))
    }
}
