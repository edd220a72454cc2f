//! The physical limit of an export: deflate alone, over the same bytes, with the same codec, on the same cores.
//!
//! Must not know: where the bytes came from.

use fillhouse_render::Deflater;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

/// About as many bytes as a block of the data set has as CSV.
const BLOCK_BYTES: usize = 3 << 20;

/// Deflates all blocks on all cores, keeps nothing, and gives the time it took and the bytes that came out.
pub(crate) fn alone(blocks: &[&[u8]]) -> (Duration, u64) {
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let next = AtomicUsize::new(0);
    let began = Instant::now();
    let deflated = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..cores)
            .map(|_| {
                scope.spawn(|| {
                    let mut deflater = Deflater::new();
                    let (mut out, mut bytes) = (Vec::new(), 0);
                    while let Some(block) = blocks.get(next.fetch_add(1, Ordering::Relaxed)) {
                        out.clear();
                        bytes += deflater.block(block, &mut out).deflated_bytes;
                    }
                    bytes
                })
            })
            .collect();
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
