//! The ways in which blocks are kept, so that a file is blocks one after the other with something small around them.
//!
//! Guarantees: the same block, kept the same way, gives the same bytes; an empty one gives none.
//!
//! Must not know: what the bytes are, or what file they go into.

use crate::deflate::{Deflater, Section};
use crate::frames::Framer;

/// How a block is kept. The numbers go into the keys of what is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Packing {
    /// Deflated, as in a ZIP and a gzip file.
    Deflate = 0,
    /// As it is.
    Plain = 1,
    /// As a frame of Zstandard.
    Zstd = 2,
}

impl Packing {
    /// The version of what is made of a block, which its bytes depend on: it goes into the keys of what is kept.
    pub fn version(self) -> u32 {
        match self {
            Self::Deflate | Self::Plain => crate::deflate::VERSION,
            Self::Zstd => crate::frames::LEVEL.unsigned_abs(),
        }
    }
}

/// Packs blocks, one after the other, in the same memory. It has none before the first.
#[derive(Debug, Default)]
pub struct Packer {
    deflater: Option<Deflater>,
    framer: Option<Framer>,
}

impl Packer {
    /// Appends `raw` to `out` as it is kept, and says what was appended.
    pub fn pack(&mut self, packing: Packing, raw: &[u8], out: &mut Vec<u8>) -> Section {
        match packing {
            Packing::Deflate => self.deflater.get_or_insert_default().block(raw, out),
            Packing::Zstd => self.framer.get_or_insert_default().block(raw, out),
            Packing::Plain => {
                out.extend_from_slice(raw);
                let size_bytes = raw.len() as u64;
                // Nobody asks for the checksum of what is in no container; the digest of the whole file stands for it.
                Section { raw_bytes: size_bytes, deflated_bytes: size_bytes, crc32: 0 }
            }
        }
    }
}
