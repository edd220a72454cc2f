//! Deflate in blocks that do not know of one another, so that any of them, in any order, make one stream.
//!
//! Guarantees: the same block gives the same bytes, whatever was deflated before it. A block ends in a sync flush, hence on
//! a whole byte, and refers to nothing outside it; blocks one after the other, and [`FINAL`] behind them, are one raw
//! deflate stream (RFC 1951) of their contents one after the other.
//!
//! Must not know: what the bytes are, or what container they go into.

use flate2::{Compress, Compression, FlushCompress};

/// What ends a stream of blocks: a last block with nothing in it.
pub const FINAL: [u8; 2] = [0x03, 0x00];

/// The level that blocks are deflated at, which the bytes depend on: whoever keeps them under a key puts it in.
///
/// Rows are rendered nearly three times as fast as they are deflated, so the time of an export is that of deflate, and the
/// fastest level is taken. On the CSV of `tools/make_dataset.py`, in blocks of 4,096 rows, level 1 makes it 2.9 times
/// smaller; level 2 takes 1.6 times as long for 77 % of the bytes, and level 3 twice as long for 70 %.
pub const LEVEL: u32 = 1;

/// Deflates blocks, one after the other, in the same memory.
#[derive(Debug)]
pub struct Deflater {
    compress: Compress,
}

/// How large a run of blocks is, and what checks it. The default is that of no block at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Section {
    /// Bytes before compression.
    pub raw_bytes: u64,
    /// Bytes after it, without [`FINAL`].
    pub deflated_bytes: u64,
    /// The CRC-32 (the one of ZIP and gzip) of the bytes before compression.
    pub crc32: u32,
}

impl Deflater {
    /// A deflater, with some 300 KiB of its own.
    pub fn new() -> Self {
        Self { compress: Compress::new(Compression::new(LEVEL), false) }
    }

    /// Appends `raw` to `out` as a block, and says what was appended. An empty block has no bytes.
    pub fn block(&mut self, raw: &[u8], out: &mut Vec<u8>) -> Section {
        if raw.is_empty() {
            return Section::default();
        }
        let start = out.len();
        // More than the worst case, so that the bytes cannot depend on how much room `out` happened to have.
        out.reserve(raw.len() + raw.len() / 4 + 1024);
        self.compress.reset();
        self.compress.compress_vec(raw, out, FlushCompress::Sync).expect("deflate takes any bytes");
        assert_eq!(self.compress.total_in(), raw.len() as u64, "a part was left out");
        assert!(out.len() < out.capacity(), "the flush was cut off");
        Section {
            raw_bytes: raw.len() as u64,
            deflated_bytes: (out.len() - start) as u64,
            crc32: crc32fast::hash(raw),
        }
    }
}

impl Default for Deflater {
    fn default() -> Self {
        Self::new()
    }
}

impl Section {
    /// This section and `next` behind it, as one.
    #[must_use]
    pub fn then(self, next: Self) -> Self {
        let mut crc = crc32fast::Hasher::new_with_initial_len(self.crc32, self.raw_bytes);
        crc.combine(&crc32fast::Hasher::new_with_initial_len(next.crc32, next.raw_bytes));
        Self {
            raw_bytes: self.raw_bytes + next.raw_bytes,
            deflated_bytes: self.deflated_bytes + next.deflated_bytes,
            crc32: crc.finalize(),
        }
    }
}

#[cfg(test)]
mod tests;
