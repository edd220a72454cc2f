//! Deflate in blocks that do not know of one another, so that any of them, in any order, make one stream.
//!
//! Guarantees: the same block gives the same bytes, whatever was deflated before it, on every processor. A block ends on a
//! whole byte and refers to nothing outside it; blocks one after the other, and [`FINAL`] behind them, are one raw deflate
//! stream (RFC 1951) of their contents one after the other. A block never becomes larger than its bytes as they are, and five
//! more for every 65,535 of them.
//!
//! How: [`find`] looks for what was written before, once a word; of pieces of the block, that is counted, and [`codes`] gives
//! the most frequent symbols the shortest codes; then [`coded`] writes all of it in one pass, since nothing more has to be
//! known. [ADR 10](../../../docs/adr/0010-deflate-is-our-own.md) has why it is our own.
//!
//! Must not know: what the bytes are, or what container they go into.

use bits::BitWriter;
use coded::{Coded, Codes, Counts};
use find::Finder;

mod bits;
mod coded;
mod codes;
mod find;
mod symbols;

/// What ends a stream of blocks: a last block with nothing in it.
pub const FINAL: [u8; 2] = [0x03, 0x00];

/// The version of what is made of a block, which its bytes depend on: whoever keeps them under a key puts it in.
pub const VERSION: u32 = 2;

/// How many pieces of a block are looked at before it is written, at even distances, and how long each is.
const PIECES: usize = 12;
const PIECE_BYTES: usize = 4096;
/// The most that a block of RFC 1951 holds of bytes as they are (3.2.4).
const STORED_BYTES: usize = 65_535;

/// Deflates blocks, one after the other, in the same memory.
#[derive(Debug, Default)]
pub struct Deflater {
    finder: Finder,
    /// Empty between blocks; kept for its memory.
    pieces: Vec<u8>,
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
    /// A deflater, with 64 KiB of its own.
    pub fn new() -> Self {
        Self::default()
    }

    /// Appends `raw` to `out` as a block, and says what was appended. An empty block has no bytes.
    pub fn block(&mut self, raw: &[u8], out: &mut Vec<u8>) -> Section {
        if raw.is_empty() {
            return Section::default();
        }
        let start = out.len();
        self.put_coded(raw, out);
        if out.len() - start > raw.len() {
            out.truncate(start);
            put_stored(raw, out);
        }
        Section {
            raw_bytes: raw.len() as u64,
            deflated_bytes: (out.len() - start) as u64,
            crc32: crc32fast::hash(raw),
        }
    }

    fn put_coded(&mut self, raw: &[u8], out: &mut Vec<u8>) {
        let mut counts = Counts::new();
        self.finder.find(sample(raw, &mut self.pieces), &mut counts);
        let mut writer = BitWriter::new(out);
        let codes = Codes::put(&counts, &mut writer);
        let mut block = Coded::new(&codes, writer);
        self.finder.find(raw, &mut block);
        block.finish();
    }
}

/// All of a short block; of a longer one pieces, one after the other in `pieces`.
fn sample<'a>(raw: &'a [u8], pieces: &'a mut Vec<u8>) -> &'a [u8] {
    if raw.len() <= PIECES * PIECE_BYTES {
        return raw;
    }
    pieces.clear();
    for piece in raw.chunks(raw.len() / PIECES).take(PIECES) {
        pieces.extend_from_slice(&piece[..PIECE_BYTES]);
    }
    pieces
}

/// Appends the bytes as they are (RFC 1951, 3.2.4).
fn put_stored(raw: &[u8], out: &mut Vec<u8>) {
    for bytes in raw.chunks(STORED_BYTES) {
        let size_bytes = u16::try_from(bytes.len()).unwrap_or(u16::MAX);
        out.push(0);
        out.extend(size_bytes.to_le_bytes());
        out.extend((!size_bytes).to_le_bytes());
        out.extend_from_slice(bytes);
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
