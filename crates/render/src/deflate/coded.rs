//! A block by codes of its own (RFC 1951, 3.2.7): counting what it is made of, and writing it.
//!
//! Guarantees: every symbol has a code, whether it was counted or not, so that a block can be written by what was counted of
//! some of it.
//!
//! Must not know: how copies are found.

use super::bits::{BitWriter, Bits};
use super::codes::{MOST_BITS, codes, lengths};
use super::find::Tokens;
use super::symbols::{DISTANCES, END, LITERALS, Symbol, of_distance, of_length};

/// What a symbol counts that is found, where one that was not counts one: a sample says little of what is rare.
const FOUND: u32 = 32;
/// The order in which the lengths of codes for lengths of codes are told.
const ORDER: [usize; 19] = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

/// How often there is what.
#[derive(Debug)]
pub(super) struct Counts {
    literals: [u32; LITERALS],
    distances: [u32; DISTANCES],
}

/// How symbols are written: bits, and how many. A copy's are put together beforehand, its further bits among them.
#[derive(Debug)]
pub(super) struct Codes {
    /// Behind the bytes one of no bits.
    literals: [Code; 257],
    end: Code,
    lengths: [Code; 259],
    distances: [Code; DISTANCES],
}

/// Up to 24 bits, and above them how many they are: a word, as that is what takes one load.
#[derive(Debug, Clone, Copy, Default)]
struct Code(u32);

/// Writes a block.
#[derive(Debug)]
pub(super) struct Coded<'a> {
    codes: &'a Codes,
    writer: BitWriter<'a>,
}

impl Counts {
    /// Of nothing yet.
    pub(super) fn new() -> Self {
        let mut counts = Self { literals: [1; LITERALS], distances: [1; DISTANCES] };
        counts.literals[END] = FOUND;
        counts
    }
}

impl Tokens for Counts {
    #[inline]
    fn literals(&mut self, bytes: u64, count: u32) {
        for byte in bytes.to_le_bytes().into_iter().take(count as usize) {
            self.literals[usize::from(byte)] += FOUND;
        }
    }

    #[inline]
    fn copy(&mut self, length: u32, distance: u16) {
        self.literals[of_length(length).number] += FOUND;
        self.distances[of_distance(distance).number] += FOUND;
    }
}

impl Codes {
    /// The codes for what was counted, which are told at the beginning of a block.
    pub(super) fn put(counts: &Counts, writer: &mut BitWriter<'_>) -> Self {
        let literal_bits = lengths(&counts.literals, MOST_BITS);
        let distance_bits = lengths(&counts.distances, MOST_BITS);
        put_head(&literal_bits, &distance_bits, writer);
        let of_literals = paired(codes(&literal_bits), literal_bits);
        let mut of_lengths = [Code::default(); 259];
        for (length, code) in (0..).zip(&mut of_lengths).skip(3) {
            let symbol = of_length(length);
            *code = Code::new(of_literals[symbol.number].bits().then(symbol.extra()));
        }
        let mut of_bytes = [Code::default(); 257];
        of_bytes[..END].copy_from_slice(&of_literals[..END]);
        Self {
            literals: of_bytes,
            end: of_literals[END],
            lengths: of_lengths,
            distances: paired(codes(&distance_bits), distance_bits),
        }
    }
}

impl Code {
    fn new(bits: Bits) -> Self {
        // A length's are 13 and 5 at most.
        Self((bits.value & 0x00FF_FFFF) as u32 | bits.count << 24)
    }

    #[inline]
    fn bits(self) -> Bits {
        Bits::new(u64::from(self.0 & 0x00FF_FFFF), self.0 >> 24)
    }
}

impl Symbol {
    /// What is said behind it.
    #[inline]
    fn extra(self) -> Bits {
        Bits::new(self.extra.into(), self.extra_bits)
    }
}

fn paired<const SYMBOLS: usize>(codes: [u16; SYMBOLS], bits: [u8; SYMBOLS]) -> [Code; SYMBOLS] {
    std::array::from_fn(|n| Code::new(Bits::new(codes[n].into(), bits[n].into())))
}

/// Tells of how many bits each symbol's code is. There is always one for each, so no runs of none are told.
fn put_head(literals: &[u8; LITERALS], distances: &[u8; DISTANCES], writer: &mut BitWriter<'_>) {
    let all = || literals.iter().chain(distances).copied().map(usize::from);
    let mut counts = [1; ORDER.len()];
    all().for_each(|bits| counts[bits] += FOUND);
    let bits = lengths(&counts, 7);
    let codes = paired(codes(&bits), bits);
    // Not the last block, and one with codes of its own.
    writer.put(Bits::new(0b100, 3));
    writer.put(Bits::new((LITERALS - 257) as u64, 5));
    writer.put(Bits::new(DISTANCES as u64 - 1, 5));
    writer.put(Bits::new(ORDER.len() as u64 - 4, 4));
    ORDER.iter().for_each(|&n| writer.put(Bits::new(bits[n].into(), 3)));
    all().map(|bits| codes[bits]).for_each(|code| writer.put(code.bits()));
}

impl<'a> Coded<'a> {
    pub(super) fn new(codes: &'a Codes, writer: BitWriter<'a>) -> Self {
        Self { codes, writer }
    }

    /// Ends the block, and what is written at a whole byte.
    pub(super) fn finish(mut self) {
        self.writer.put(self.codes.end.bits());
        self.writer.finish();
    }

    /// Writes the lowest bytes, at most four.
    #[inline]
    fn four(&mut self, bytes: u64, count: u32) {
        // Always four, of which some may have no bits: how many there are cannot be foreseen.
        let code = |n: u32| {
            let byte = usize::from(((bytes >> (8 * n)) & 0xFF) as u8);
            self.codes.literals[if n < count { byte } else { 256 }].bits()
        };
        self.writer.put(code(0).then(code(1)).then(code(2).then(code(3))));
    }
}

impl Tokens for Coded<'_> {
    #[inline]
    fn literals(&mut self, bytes: u64, count: u32) {
        self.four(bytes, count);
        if count > 4 {
            self.four(bytes >> 32, count - 4);
        }
    }

    #[inline]
    fn copy(&mut self, length: u32, distance: u16) {
        let symbol = of_distance(distance);
        let distance = self.codes.distances[symbol.number].bits().then(symbol.extra());
        self.writer.put(self.codes.lengths[length as usize].bits().then(distance));
    }
}
