//! What stands before, between and behind the deflated blocks in a ZIP file.
//!
//! A file of one entry is [`Entry::head`], the blocks of [`crate::deflate`] one after the other, and [`Entry::tail`]. One
//! of several is, for each of them, what [`Directory::begin`] gives, its blocks and [`FINAL`]; and [`Directory::end`]. All that the head
//! says of them is known when it is written, so there is no data descriptor and any reader can read the file as a stream.
//! Numbers of sections are those of PKWARE's APPNOTE.TXT, version 6.3.10.
//!
//! Guarantees: ZIP64 (4.3.14, 4.3.15, 4.5.3) is used where a size or an offset needs it, and only there.
//!
//! Must not know: where the blocks are kept, or what is in them.

use crate::calendar::{Date, Moment};
use crate::deflate::{FINAL, Section};
use fillhouse_model::Timestamp;

/// The first number that a field of 32 bits cannot say: it stands there for one that is said elsewhere (4.4.1.4).
const ELSEWHERE: u64 = 0xffff_ffff;
/// 4.4.3: the version that reads deflate, and the one that reads ZIP64.
const DEFLATE_VERSION: u16 = 20;
const ZIP64_VERSION: u16 = 45;
/// 4.4.4, bit 11: the name is UTF-8.
const UTF8_NAME: u16 = 1 << 11;
/// 4.4.5
const DEFLATED: u16 = 8;
/// 4.4.2: the attributes are those of Unix.
const UNIX: u16 = 3 << 8;
/// 4.4.15: an ordinary file that its owner may write and all may read.
const ATTRIBUTES: u32 = 0o100_644 << 16;
/// 4.4.6: 1980-01-01T00:00:00Z and 2107-12-31T23:59:58Z, in seconds since 1970.
const FIRST_SECOND: i64 = 315_532_800;
const LAST_SECOND: i64 = 4_354_819_198;

/// An entry of a ZIP file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// What the file in it is called; at most 65,535 bytes.
    pub name: String,
    /// When it was last changed. Shown in UTC, to two seconds, and no earlier or later than 1980 to 2107.
    pub modified: Timestamp,
    /// Its blocks, without [`FINAL`].
    pub section: Section,
}

impl Entry {
    /// What stands before the blocks.
    ///
    /// # Panics
    /// The name is too long.
    pub fn head(&self) -> Vec<u8> {
        let mut head = Vec::with_capacity(64 + self.name.len());
        head.extend(b"PK\x03\x04");
        let extra = self.zip64_fields(0);
        self.put_description(&extra, &mut head);
        head.extend(self.name.as_bytes());
        put_zip64_extra(&extra, &mut head);
        head
    }

    /// What stands behind the blocks where it is the only entry: the end of the deflate stream, the central directory and
    /// its end.
    ///
    /// # Panics
    /// The name is too long.
    pub fn tail(&self) -> Vec<u8> {
        let mut tail = FINAL.to_vec();
        let mut directory = Directory::default();
        directory.begin(self);
        tail.extend(directory.end());
        tail
    }

    /// All that is between the head and the central directory.
    fn compressed_size(&self) -> u64 {
        self.section.deflated_bytes + FINAL.len() as u64
    }

    /// Whether either size is too large for 32 bits. Both of them then go into the extra field, as the local header wants
    /// it (4.5.3); the central header says the same, so that the two agree field by field.
    fn is_zip64(&self) -> bool {
        self.section.raw_bytes >= ELSEWHERE || self.compressed_size() >= ELSEWHERE
    }

    /// What is said of the entry at `offset` in 64 bits, in the order of 4.5.3.
    fn zip64_fields(&self, offset: u64) -> Vec<u64> {
        let sizes = [self.section.raw_bytes, self.compressed_size()];
        let sizes = sizes.into_iter().filter(|_| self.is_zip64());
        sizes.chain(Some(offset).filter(|offset| *offset >= ELSEWHERE)).collect()
    }

    /// What the local header (4.3.7) and the central one (4.3.12) have in common: all from the version needed to the length
    /// of the extra field, in which these numbers are.
    fn put_description(&self, extra: &[u64], out: &mut Vec<u8>) {
        let flags = if self.name.is_ascii() { 0 } else { UTF8_NAME };
        let (time, date) = dos_time(self.modified);
        for field in [version_needed(extra), flags, DEFLATED, time, date] {
            out.extend(field.to_le_bytes());
        }
        out.extend(self.section.crc32.to_le_bytes());
        for size in [self.compressed_size(), self.section.raw_bytes] {
            let size = if self.is_zip64() { ELSEWHERE } else { size };
            out.extend(low_u32(size).to_le_bytes());
        }
        let name_length = u16::try_from(self.name.len()).expect("an entry's name has at most 65,535 bytes");
        out.extend(name_length.to_le_bytes());
        let extra_length = if extra.is_empty() { 0 } else { 4 + bytes_of(extra) };
        out.extend(extra_length.to_le_bytes());
    }

    /// 4.3.12: the central header of the entry whose local one is at `offset`.
    fn put_central_header(&self, offset: u64, out: &mut Vec<u8>) {
        let extra = self.zip64_fields(offset);
        out.extend(b"PK\x01\x02");
        out.extend((UNIX | version_needed(&extra)).to_le_bytes());
        self.put_description(&extra, out);
        // No comment, the first disk, and nothing said of what is inside.
        out.extend([0; 6]);
        out.extend(ATTRIBUTES.to_le_bytes());
        out.extend(low_u32(offset).to_le_bytes());
        out.extend(self.name.as_bytes());
        put_zip64_extra(&extra, out);
    }
}

/// The entries of a ZIP file as it is written, first to last.
#[derive(Debug, Default)]
pub struct Directory {
    headers: Vec<u8>,
    entries: u16,
    /// Where the next entry begins.
    offset: u64,
}

impl Directory {
    /// Adds an entry, and gives what stands before its blocks. [`FINAL`] stands behind them.
    ///
    /// # Panics
    /// Its name is too long, or it is the 65,535th.
    pub fn begin(&mut self, entry: &Entry) -> Vec<u8> {
        let head = entry.head();
        entry.put_central_header(self.offset, &mut self.headers);
        assert!(self.entries < u16::MAX - 1, "there are too many entries");
        self.entries += 1;
        self.offset += head.len() as u64 + entry.compressed_size();
        head
    }

    /// What stands behind the last entry: the central directory and its end.
    pub fn end(&self) -> Vec<u8> {
        let mut end = self.headers.clone();
        let size = end.len() as u64;
        if self.offset >= ELSEWHERE {
            put_zip64_end(&mut end, u64::from(self.entries), size, self.offset);
        }
        put_end(&mut end, self.entries, size, self.offset);
        end
    }
}

/// 4.4.3, for a header with these numbers in its extra field.
fn version_needed(extra: &[u64]) -> u16 {
    if extra.is_empty() { DEFLATE_VERSION } else { ZIP64_VERSION }
}

/// How many bytes the numbers of an extra field take; there are three of them at most.
fn bytes_of(extra: &[u64]) -> u16 {
    extra.iter().map(|_| 8_u16).sum()
}

/// 4.5.3, where it is needed.
fn put_zip64_extra(extra: &[u64], out: &mut Vec<u8>) {
    if !extra.is_empty() {
        out.extend(1_u16.to_le_bytes());
        out.extend(bytes_of(extra).to_le_bytes());
        extra.iter().for_each(|number| out.extend(number.to_le_bytes()));
    }
}

/// 4.3.14 and 4.3.15: the end of a central directory of `size` bytes at `offset`, in 64 bits, and where that end is.
fn put_zip64_end(out: &mut Vec<u8>, entries: u64, size: u64, offset: u64) {
    out.extend(b"PK\x06\x06");
    // How long the rest of this record is.
    out.extend(44_u64.to_le_bytes());
    out.extend((UNIX | ZIP64_VERSION).to_le_bytes());
    out.extend(ZIP64_VERSION.to_le_bytes());
    // This disk, and that of the directory.
    out.extend([0; 8]);
    // Entries on this disk, and entries.
    for number in [entries, entries, size, offset] {
        out.extend(number.to_le_bytes());
    }
    out.extend(b"PK\x06\x07");
    out.extend(0_u32.to_le_bytes());
    out.extend((offset + size).to_le_bytes());
    // One disk in all.
    out.extend(1_u32.to_le_bytes());
}

/// 4.3.16: the end of a central directory of `size` bytes at `offset`.
fn put_end(out: &mut Vec<u8>, entries: u16, size: u64, offset: u64) {
    out.extend(b"PK\x05\x06");
    // This disk, that of the directory, entries on this disk, entries.
    for number in [0_u16, 0, entries, entries] {
        out.extend(number.to_le_bytes());
    }
    out.extend(low_u32(size).to_le_bytes());
    out.extend(low_u32(offset).to_le_bytes());
    // No comment.
    out.extend(0_u16.to_le_bytes());
}

/// The number, or the sign that it is said elsewhere.
fn low_u32(number: u64) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

/// 4.4.6: the time and the date as MS-DOS writes them, in UTC.
fn dos_time(instant: Timestamp) -> (u16, u16) {
    let second = instant.micros().div_euclid(1_000_000);
    let moment = Moment::new(second.clamp(FIRST_SECOND, LAST_SECOND));
    let date = Date::new(moment.day);
    let years = (date.year - 1980).unsigned_abs();
    let date = (years << 9) | (date.month << 5) | date.day;
    let time = (moment.hour << 11) | (moment.minute << 5) | (moment.second / 2);
    ((time & 0xffff) as u16, (date & 0xffff) as u16)
}

#[cfg(test)]
mod tests;
