//! The physical limit of an export: deflate alone, over the same bytes, with the same codec, on the same cores.
//!
//! Must not know: where the bytes came from.

use fillhouse_render::Deflater;
use flate2::{Compress, Compression, FlushCompress};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

/// About as many bytes as a block of the data set has as CSV.
const BLOCK_BYTES: usize = 3 << 20;

/// Deflates blocks, one after the other, keeps nothing, and says how many bytes came out of each.
pub(crate) type Codec = Box<dyn FnMut(&[u8]) -> u64>;

/// The codec of exports.
pub(crate) fn ours() -> Codec {
    let (mut deflater, mut out) = (Deflater::new(), Vec::new());
    Box::new(move |block| {
        out.clear();
        deflater.block(block, &mut out).deflated_bytes
    })
}

/// The crate, at one of its levels.
pub(crate) fn zlib_rs(level: u32) -> Codec {
    let (mut compress, mut out) = (Compress::new(Compression::new(level), false), Vec::new());
    Box::new(move |block| {
        out.clear();
        out.reserve(block.len() + block.len() / 4 + 1024);
        compress.reset();
        // What does not go well is seen by what comes out.
        compress.compress_vec(block, &mut out, FlushCompress::Sync).map_or(0, |_| out.len() as u64)
    })
}

/// Deflates all blocks on all cores, and gives the time it took and the bytes that came out.
pub(crate) fn alone(blocks: &[&[u8]], codec: impl Fn() -> Codec + Sync) -> (Duration, u64) {
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let next = AtomicUsize::new(0);
    let began = Instant::now();
    let deflated = std::thread::scope(|scope| {
        let work = || {
            let (mut deflate, mut bytes) = (codec(), 0);
            while let Some(block) = blocks.get(next.fetch_add(1, Ordering::Relaxed)) {
                bytes += deflate(block);
            }
            bytes
        };
        let threads: Vec<_> = (0..cores).map(|_| scope.spawn(work)).collect();
        threads.into_iter().filter_map(|thread| thread.join().ok()).sum()
    });
    (began.elapsed(), deflated)
}

/// Cuts a text of lines into blocks of about [`BLOCK_BYTES`], at the ends of lines.
pub(crate) fn blocks(text: &[u8]) -> Vec<&[u8]> {
    let mut blocks = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let at_least = BLOCK_BYTES.min(rest.len());
        let end =
            rest[at_least..].iter().position(|byte| *byte == b'\n').map_or(rest.len(), |n| at_least + n + 1);
        let (block, after) = rest.split_at(end);
        blocks.push(block);
        rest = after;
    }
    blocks
}
