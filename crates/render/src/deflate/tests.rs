//! That blocks, however they are put together, inflate to what they were made of.

use super::*;
use crate::samples::any_block;
use flate2::read::DeflateDecoder;
use proptest::prelude::*;
use std::io::Read;

/// What two libraries that share no code make of a stream.
fn inflated(stream: &[u8]) -> Vec<u8> {
    let mut inflated = Vec::new();
    DeflateDecoder::new(stream).read_to_end(&mut inflated).unwrap();
    let mut again = vec![0; inflated.len() + 1];
    let size_bytes = libdeflater::Decompressor::new().deflate_decompress(stream, &mut again).unwrap();
    assert!(again[..size_bytes] == inflated, "they do not agree");
    inflated
}

/// Deflates one block, and looks whether it is what it was and no larger than it may be. Gives its size.
fn deflated(raw: &[u8]) -> usize {
    let mut stream = Vec::new();
    let section = Deflater::new().block(raw, &mut stream);
    assert_eq!(section.deflated_bytes, stream.len() as u64);
    assert!(stream.len() <= raw.len() + 5 * raw.len().div_ceil(65_535), "{} bytes", stream.len());
    let size_bytes = stream.len();
    stream.extend(FINAL);
    assert!(inflated(&stream) == raw);
    size_bytes
}

/// Numbers of a fixed generator: bytes that no code can shorten.
fn noise(size_bytes: usize) -> Vec<u8> {
    let mut state = 1_u32;
    let next = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        state.to_be_bytes()[0]
    };
    std::iter::repeat_with(next).take(size_bytes).collect()
}

proptest! {
    #[test]
    fn blocks_inflate_to_what_they_were_made_of(blocks in prop::collection::vec(any_block(), 0..5)) {
        let mut deflater = Deflater::new();
        let mut stream = Vec::new();
        let mut whole = Section::default();
        for block in &blocks {
            whole = whole.then(deflater.block(block, &mut stream));
        }
        let raw = blocks.concat();
        let expected = Section {
            raw_bytes: raw.len() as u64,
            deflated_bytes: stream.len() as u64,
            crc32: crc32fast::hash(&raw),
        };
        prop_assert_eq!(whole, expected);
        stream.extend(FINAL);
        prop_assert_eq!(inflated(&stream), raw);
    }

    /// A block that is rendered again, elsewhere and after others, is the same.
    #[test]
    fn a_block_depends_on_nothing_but_its_content(before in any_block(), block in any_block(), room in 0_usize..20_000) {
        let mut used = Deflater::new();
        used.block(&before, &mut Vec::new());
        let (mut first, mut second) = (Vec::with_capacity(room), Vec::new());
        let sections = (used.block(&block, &mut first), Deflater::new().block(&block, &mut second));
        prop_assert_eq!(sections.0, sections.1);
        prop_assert_eq!(first, second);
    }
}

#[test]
fn an_empty_block_has_no_bytes() {
    let mut out = Vec::new();
    assert_eq!(Deflater::new().block(b"", &mut out), Section::default());
    assert_eq!(out, b"");
    assert_eq!(inflated(&FINAL), b"");
}

#[test]
fn a_block_of_any_size_is_taken_whole() {
    // Around what is looked at ahead, what is kept as it is at once, and what is looked at before it is written.
    for size in (0..70).chain([49_151, 49_152, 49_153, 65_535, 65_536, 3_000_001]) {
        deflated(&noise(size));
        deflated(&b"a".repeat(size));
    }
}

#[test]
fn what_comes_again_is_found_as_far_back_as_it_may() {
    for distance in [5, 7, 8, 16, 255, 32_766, 32_767, 32_768, 32_769, 65_535, 65_536] {
        let raw = [noise(distance), noise(distance)].concat();
        let is_within = distance <= 32_767;
        assert_eq!(deflated(&raw) < distance + distance / 2 + 200, is_within || distance < 300, "{distance}");
    }
    // A copy of every length.
    for length in 5..300 {
        let (word, between) = (&noise(300)[..length], b" - ");
        deflated(&[word, between, word, between, &noise(20)].concat());
    }
}

/// Codes are made of pieces of a block. What is in none of them is coded at all, and a block with much of it is not larger
/// than as it is.
#[test]
fn a_block_may_be_other_than_its_pieces() {
    let mut raw = b"2026-01-03,Complete,Safari\n".repeat(40_000);
    let gap = raw.len() / 24;
    raw[gap + 5_000..gap + 30_000].copy_from_slice(&noise(25_000));
    deflated(&raw);
    let mut raw = noise(1_000_000);
    for piece in 0..12 {
        raw[piece * 83_333..][..4_096].copy_from_slice(&b"0123456789abcdef".repeat(256));
    }
    deflated(&raw);
}

#[test]
fn text_becomes_a_fraction_of_itself() {
    let line = |n| format!("{n},2026-01-{:02},Complete,\u{4f60}\u{597d},{}", n % 28, n * 7919 % 10_007);
    let lines = (0..20_000).map(line).collect::<Vec<_>>().join("\n");
    let size_bytes = deflated(lines.as_bytes());
    assert!(size_bytes * 3 < lines.len(), "{size_bytes} of {}", lines.len());
}
