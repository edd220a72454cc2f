//! That blocks, however they are put together, inflate to what they were made of.

use super::*;
use crate::samples::any_block;
use flate2::read::DeflateDecoder;
use proptest::prelude::*;
use std::io::Read;

fn inflated(stream: &[u8]) -> Vec<u8> {
    let mut inflated = Vec::new();
    DeflateDecoder::new(stream).read_to_end(&mut inflated).unwrap();
    inflated
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
    // Numbers of a fixed generator: bytes that no level can shorten, more of them than any buffer within.
    let mut state = 1_u32;
    let noise: Vec<u8> = std::iter::repeat_with(|| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        state.to_be_bytes()[0]
    })
    .take(3_000_001)
    .collect();
    let mut stream = Vec::new();
    let section = Deflater::new().block(&noise, &mut stream);
    assert_eq!(section.deflated_bytes, stream.len() as u64);
    stream.extend(FINAL);
    assert!(inflated(&stream) == noise);
}
