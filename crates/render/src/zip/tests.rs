//! That other readers understand the files, and what is written where a size is too large for its field.

use super::*;
use crate::deflate::Deflater;
use crate::samples::{any_block, instant};
use proptest::prelude::*;
use std::io::{Cursor, Read};

fn entry(section: Section) -> Entry {
    Entry { name: "1_2_form_export.csv".into(), modified: instant("2026-04-01T09:00:59Z"), section }
}

fn sized(raw_bytes: u64, deflated_bytes: u64) -> Entry {
    entry(Section { raw_bytes, deflated_bytes, crc32: 0x1234_5678 })
}

/// The number in `bytes` at `at`, of as many bytes as `width` says.
fn number(bytes: &[u8], at: usize, width: usize) -> u64 {
    bytes[at..at + width].iter().rev().fold(0, |number, &byte| number << 8 | u64::from(byte))
}

fn archive(entry: &Entry, blocks: &[u8]) -> ::zip::ZipArchive<Cursor<Vec<u8>>> {
    let file = [entry.head(), blocks.to_vec(), entry.tail()].concat();
    ::zip::ZipArchive::new(Cursor::new(file)).unwrap()
}

proptest! {
    #[test]
    fn a_reader_gets_back_name_and_content(
        blocks in prop::collection::vec(any_block(), 0..4),
        name in "[a-zé€ ]{1,20}\\.csv",
    ) {
        let (mut deflater, mut deflated, mut section) = (Deflater::new(), Vec::new(), Section::default());
        for block in &blocks {
            section = section.then(deflater.block(block, &mut deflated));
        }
        let entry = Entry { name: name.clone(), ..entry(section) };
        let mut archive = archive(&entry, &deflated);
        prop_assert_eq!(archive.len(), 1);
        let mut read = archive.by_index(0).unwrap();
        prop_assert_eq!(read.name().unwrap(), name.as_str());
        prop_assert_eq!(read.unix_mode(), Some(0o100_644));
        prop_assert_eq!(read.last_modified().unwrap().to_string(), "2026-04-01 09:00:58");
        let mut content = Vec::new();
        read.read_to_end(&mut content).unwrap();
        prop_assert_eq!(content, blocks.concat());
    }
}

proptest! {
    #[test]
    fn a_reader_gets_back_several_entries(
        contents in prop::collection::vec(prop::collection::vec(any_block(), 0..3), 1..6),
    ) {
        let (mut deflater, mut directory, mut file) = (Deflater::new(), Directory::default(), Vec::new());
        for (n, blocks) in contents.iter().enumerate() {
            let (mut deflated, mut section) = (Vec::new(), Section::default());
            for block in blocks {
                section = section.then(deflater.block(block, &mut deflated));
            }
            file.extend(directory.begin(&Entry { name: format!("folder/{n}"), ..entry(section) }));
            file.extend(deflated);
            file.extend(FINAL);
        }
        file.extend(directory.end());
        let mut archive = ::zip::ZipArchive::new(Cursor::new(file)).unwrap();
        prop_assert_eq!(archive.len(), contents.len());
        for (n, blocks) in contents.iter().enumerate() {
            let mut content = Vec::new();
            archive.by_name(&format!("folder/{n}")).unwrap().read_to_end(&mut content).unwrap();
            prop_assert_eq!(content, blocks.concat());
        }
    }
}

#[test]
fn an_entry_behind_4_gib_says_so_in_64_bits() {
    let mut directory = Directory::default();
    let large = sized(0x1_0000_0000, ELSEWHERE);
    let first = directory.begin(&large).len() as u64;
    let second = sized(1, 1);
    assert_eq!(directory.begin(&second), second.head(), "the local header says nothing of where it is");
    let end = directory.end();
    let central = &end[46 + 19 + 20..];
    assert_eq!(central[..4], *b"PK\x01\x02");
    assert_eq!(number(central, 6, 2), 45, "version needed");
    assert_eq!((number(central, 20, 4), number(central, 24, 4)), (3, 1), "sizes");
    assert_eq!(number(central, 30, 2), 12, "length of the extra field");
    assert_eq!(number(central, 42, 4), ELSEWHERE, "where 32 bits say that it is");
    let extra = &central[46 + 19..];
    assert_eq!((number(extra, 0, 2), number(extra, 2, 2)), (1, 8), "its tag and size");
    assert_eq!(number(extra, 4, 8), first + ELSEWHERE + 2, "where it is");
    let last = &end[end.len() - 22..];
    assert_eq!((number(last, 8, 2), number(last, 10, 2)), (2, 2), "entries");
}

#[test]
fn a_small_file_has_nothing_of_zip64() {
    let entry = sized(0xffff_fffe, 1000);
    let (head, tail) = (entry.head(), entry.tail());
    assert_eq!(head.len(), 30 + 19);
    assert_eq!(number(&head, 4, 2), 20, "version needed");
    assert_eq!(number(&head, 6, 2), 0, "flags");
    assert_eq!(number(&head, 14, 4), 0x1234_5678, "CRC");
    assert_eq!((number(&head, 18, 4), number(&head, 22, 4)), (1002, 0xffff_fffe), "sizes");
    assert_eq!(number(&head, 28, 2), 0, "extra field");
    assert_eq!(tail.len(), 2 + 46 + 19 + 22);
    assert_eq!(tail[..2], FINAL);
    let end = &tail[tail.len() - 22..];
    assert_eq!((number(end, 12, 4), number(end, 16, 4)), (46 + 19, 49 + 1002), "the directory");
}

#[test]
fn sizes_of_zip64_are_in_both_headers() {
    let only_raw = (0xffff_ffff, 1000);
    let only_deflated = (1000, 0xffff_ffff - 2);
    let both = (0x12_3456_789a, 0x2_3456_789a);
    for (raw, deflated) in [only_raw, only_deflated, both] {
        let entry = sized(raw, deflated);
        let (head, tail) = (entry.head(), entry.tail());
        // The fields of the local header begin 4 bytes behind its start, those of the central one 6 behind its.
        for header in [&head[4..], &tail[8..]] {
            let name = if header.len() == head.len() - 4 { 26 } else { 40 };
            let extra = &header[name + 19..];
            assert_eq!(number(header, 0, 2), 45, "version needed");
            assert_eq!((number(header, 14, 4), number(header, 18, 4)), (ELSEWHERE, ELSEWHERE), "sizes");
            assert_eq!(number(header, 24, 2), 20, "length of the extra field");
            assert_eq!((number(extra, 0, 2), number(extra, 2, 2)), (1, 16), "its tag and size");
            assert_eq!((number(extra, 4, 8), number(extra, 12, 8)), (raw, deflated + 2), "its sizes");
        }
    }
}

#[test]
fn the_end_is_of_zip64_where_the_directory_is_too_far() {
    // The last directory that 32 bits can find, and the first that they cannot, of an entry that has small sizes itself.
    let head = sized(1, 1).head().len() as u64;
    let near = sized(0xffff_0000, ELSEWHERE - 1 - head - 2);
    let far = sized(0xffff_0000, ELSEWHERE - head - 2);
    for entry in [&near, &far] {
        assert_eq!(number(&entry.head(), 4, 2), 20, "version needed");
    }
    let (near, far) = (near.tail(), far.tail());
    let directory = 46 + 19;
    assert_eq!(near.len(), 2 + directory + 22);
    assert_eq!(number(&near, near.len() - 6, 4), ELSEWHERE - 1);

    assert_eq!(far.len(), 2 + directory + 56 + 20 + 22);
    let end = &far[2 + directory..];
    assert_eq!(end[..4], *b"PK\x06\x06");
    assert_eq!(number(end, 4, 8), 44, "the rest of the record");
    assert_eq!((number(end, 24, 8), number(end, 32, 8)), (1, 1), "entries");
    assert_eq!((number(end, 40, 8), number(end, 48, 8)), (directory as u64, ELSEWHERE), "the directory");
    let locator = &end[56..];
    assert_eq!(locator[..4], *b"PK\x06\x07");
    assert_eq!(number(locator, 8, 8), ELSEWHERE + directory as u64, "where the end is");
    assert_eq!(number(locator, 16, 4), 1, "disks");
    assert_eq!(number(locator, 20 + 16, 4), ELSEWHERE, "where 32 bits say that the directory is");
}

#[test]
fn more_than_4_gib_are_read_back_and_checked() {
    let block = b"10000001,2026-04-01T09:00:00Z,Complete,\"say \"\"hello\"\"\",Oslo\n".repeat(1 << 20);
    let mut run = Vec::new();
    let once = Deflater::new().block(&block, &mut run);
    let times = 72;
    let whole = (0..times).fold(Section::default(), |section, _| section.then(once));
    assert!(whole.raw_bytes > 1 << 32);

    let mut archive = archive(&entry(whole), &run.repeat(times));
    let mut read = archive.by_index(0).unwrap();
    assert_eq!((read.size(), read.crc32()), (whole.raw_bytes, whole.crc32));
    // The reader checks the CRC of what it gives, and fails at the end where it is another.
    let mut rest = vec![0; 1 << 20];
    let mut total = 0;
    loop {
        match read.read(&mut rest).unwrap() {
            0 => break,
            bytes => total += bytes as u64,
        }
    }
    assert_eq!(total, whole.raw_bytes);
}

#[test]
fn a_time_is_shown_in_utc_and_within_what_the_format_can_say() {
    let table = [
        ("2026-04-01T09:00:59Z", (2026, 4, 1), (9, 0, 58)),
        ("2024-02-29T23:59:59.999Z", (2024, 2, 29), (23, 59, 58)),
        ("1979-12-31T23:59:59Z", (1980, 1, 1), (0, 0, 0)),
        ("-000044-03-15T12:00:00Z", (1980, 1, 1), (0, 0, 0)),
        ("2107-12-31T23:59:59Z", (2107, 12, 31), (23, 59, 58)),
        ("9999-12-30T00:00:00Z", (2107, 12, 31), (23, 59, 58)),
    ];
    for (text, (year, month, day), (hour, minute, second)) in table {
        let (time, date) = dos_time(instant(text));
        assert_eq!((date >> 9, date >> 5 & 15, date & 31), (year - 1980, month, day), "{text}");
        assert_eq!((time >> 11, time >> 5 & 63, (time & 31) * 2), (hour, minute, second), "{text}");
    }
}

#[test]
fn a_name_is_said_to_be_utf8_where_it_is_not_ascii() {
    let named = |name: &str| Entry { name: name.into(), ..sized(1, 1) };
    assert_eq!(number(&named("export.csv").head(), 6, 2), 0);
    assert_eq!(number(&named("Übersicht.csv").head(), 6, 2), 1 << 11);
}
