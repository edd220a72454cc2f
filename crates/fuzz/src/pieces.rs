//! Our own deflate and ZIP files: whatever goes in, another reader gets it back.
//!
//! Must not know: what is compressed in earnest.

use crate::input::Input;
use fillhouse_model::Timestamp;
use fillhouse_render::deflate::FINAL;
use fillhouse_render::zip::{Directory, Entry};
use fillhouse_render::{Deflater, Section};
use flate2::read::DeflateDecoder;
use std::io::{Cursor, Read as _};

/// How much is compressed of one input: a fuzzer wants many small ones.
const MOST_BYTES: usize = 1 << 18;
/// How many entries a file gets.
const MOST_ENTRIES: usize = 20;

/// Blocks, of which an input says what is new, what comes again from how far back, and where one ends.
fn blocks(input: &mut Input<'_>) -> Vec<Vec<u8>> {
    let (mut blocks, mut block, mut size_bytes) = (Vec::new(), Vec::new(), 0);
    while !input.is_empty() && size_bytes < MOST_BYTES {
        let before = block.len();
        match input.byte() {
            0 => blocks.push(std::mem::take(&mut block)),
            1 => return blocks,
            new @ 2..128 => block.extend(input.bytes(usize::from(new))),
            _ => again(input, &mut block),
        }
        size_bytes += block.len().saturating_sub(before);
    }
    blocks.push(block);
    blocks
}

/// Bytes of the block come once more, overlapping themselves where they are more than they are far back.
fn again(input: &mut Input<'_>, block: &mut Vec<u8>) {
    let back = usize::try_from(input.number(2)).unwrap_or_default().clamp(1, block.len().max(1));
    let count = usize::try_from(input.number(2)).unwrap_or_default();
    for _ in 0..count {
        let byte = block.len().checked_sub(back).map_or(0, |place| block[place]);
        block.push(byte);
    }
}

/// A stream inflates to what it was made of, knows its size and checksum, and is hardly larger than that.
pub(crate) fn deflate(data: &[u8]) {
    let blocks = blocks(&mut Input::new(data));
    let (mut deflater, mut stream, mut whole) = (Deflater::new(), Vec::new(), Section::default());
    for block in &blocks {
        let before = stream.len();
        whole = whole.then(deflater.block(block, &mut stream));
        let most = block.len() + 5 * block.len().div_ceil(65_535);
        assert!(stream.len() - before <= most, "{} bytes of {}", stream.len() - before, block.len());
        let mut alone = Vec::new();
        Deflater::new().block(block, &mut alone);
        assert!(stream[before..] == alone, "a block depends on those before it");
    }
    let raw = blocks.concat();
    let mut crc = flate2::Crc::new();
    crc.update(&raw);
    let expected =
        Section { raw_bytes: raw.len() as u64, deflated_bytes: stream.len() as u64, crc32: crc.sum() };
    assert_eq!(whole, expected);
    stream.extend(FINAL);
    let mut inflated = Vec::new();
    DeflateDecoder::new(stream.as_slice()).read_to_end(&mut inflated).expect("it is deflate");
    assert!(inflated == raw, "it is something else");
}

/// A file of entries is read back with their names and contents.
pub(crate) fn zip(data: &[u8]) {
    let mut input = Input::new(data);
    let (mut directory, mut file, mut expected) = (Directory::default(), Vec::new(), Vec::new());
    while !input.is_empty() && expected.len() < MOST_ENTRIES {
        let (micros, length) = (input.number(8).cast_signed(), usize::from(input.byte()));
        let name = String::from_utf8_lossy(input.bytes(length)).into_owned();
        let modified = Timestamp::from_micros(micros)
            .unwrap_or_else(|| Timestamp::from_micros(0).expect("it is in 1970"));
        let blocks = blocks(&mut input);
        let (mut deflated, mut section) = (Vec::new(), Section::default());
        for block in &blocks {
            section = section.then(Deflater::new().block(block, &mut deflated));
        }
        file.extend(directory.begin(&Entry { name: name.clone(), modified, section }));
        file.extend(deflated);
        file.extend(FINAL);
        expected.push((name, blocks.concat()));
    }
    file.extend(directory.end());
    // The reader finds an entry by its name, and of two of one name the later.
    let is_hidden = |place: usize, name: &str| expected[place + 1..].iter().any(|(later, _)| later == name);
    let mut archive = zip::ZipArchive::new(Cursor::new(file)).expect("it is a ZIP file");
    for (place, (name, content)) in expected.iter().enumerate() {
        if is_hidden(place, name) {
            continue;
        }
        let mut read = archive.by_name(name).expect("the entry is there");
        assert!(read.last_modified().is_some_and(|time| (1980..=2107).contains(&time.year())));
        let mut there = Vec::new();
        read.read_to_end(&mut there).expect("the entry is whole");
        assert!(there == *content, "it is something else");
    }
}
