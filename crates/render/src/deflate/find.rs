//! What of a text was written before it, and is said by where that is.
//!
//! Guarantees: what is told, one after the other, is the text; a copy is told of only where the bytes were compared. It is
//! looked for once a word, and once behind each copy: of text that people wrote or that has columns, nearly all that comes
//! again comes again by words, and to look at each byte takes longer than to write what is found so.
//!
//! Must not know: how literals and copies are coded.

/// The most bits of the number of a place in [`Finder::last`].
const PLACE_BITS: u32 = 13;
/// How many bytes a copy has at least. Shorter ones take as many bits as their bytes.
const SHORTEST: u32 = 5;
/// Up to how many bytes of a copy eight more are compared, of which it may then have 258 at most.
const LONGEST: u32 = 248;
/// How far back a copy goes.
const WINDOW_BYTES: u16 = 32_767;
/// How many bytes are looked at from where a word begins; the last of a text are literals.
const LOOKAHEAD_BYTES: usize = 16;

/// Takes what is found, in the order of the text.
pub(super) trait Tokens {
    /// The lowest `count` bytes of `bytes`, of 1 to 8.
    fn literals(&mut self, bytes: u64, count: u32);

    /// So many bytes, of 3 to 258, as they stand `distance` before, of 1 to 32,768.
    fn copy(&mut self, length: u32, distance: u16);
}

/// Looks for what was before.
#[derive(Debug)]
pub(super) struct Finder {
    /// Where bytes of this hash were looked for last, modulo 65,536.
    last: Box<[u16; 1 << PLACE_BITS]>,
}

impl Default for Finder {
    fn default() -> Self {
        Self { last: Box::new([0; 1 << PLACE_BITS]) }
    }
}

impl Finder {
    /// Tells `tokens` the text.
    pub(super) fn find(&mut self, text: &[u8], tokens: &mut impl Tokens) {
        // Too far from all that it could be before; and what is found by it later is compared like all else.
        self.last.fill(WINDOW_BYTES);
        let mut at = 0;
        while at + LOOKAHEAD_BYTES <= text.len() {
            at += self.step(text, at, tokens);
        }
        for &byte in text.get(at..).unwrap_or_default() {
            tokens.literals(byte.into(), 1);
        }
    }

    /// Tells of a copy, or of literals up to the next word, and gives how many bytes that was.
    #[inline]
    #[expect(clippy::cast_possible_truncation, reason = "places are known modulo 65,536")]
    #[expect(
        clippy::needless_bitwise_bool,
        reason = "one branch, since what either test says cannot be foreseen"
    )]
    fn step(&mut self, text: &[u8], at: usize, tokens: &mut impl Tokens) -> usize {
        let bytes = eight(text, at);
        let here = at as u16;
        let distance = here.wrapping_sub(std::mem::replace(&mut self.last[place(bytes)], here));
        let before = at.saturating_sub(usize::from(distance & WINDOW_BYTES));
        let differ = bytes ^ eight(text, before);
        if (distance.wrapping_sub(1) < WINDOW_BYTES) & (differ << (64 - 8 * SHORTEST) == 0) {
            let length = alike(text, at, before, differ);
            tokens.copy(length, distance);
            return length as usize;
        }
        let count = word_bytes(bytes);
        tokens.literals(bytes, count);
        count as usize
    }
}

/// Where in [`Finder::last`] the first [`SHORTEST`] of eight bytes are.
#[inline]
fn place(bytes: u64) -> usize {
    // The golden ratio's digits, by which neighbours are spread (Knuth, The Art of Computer Programming 3, 6.4).
    ((bytes << (64 - 8 * SHORTEST)).wrapping_mul(0x9E37_79B9_7F4A_7C15) >> (64 - PLACE_BITS)) as usize
}

/// How many bytes at two places are the same; `differ` says where the first eight are not.
#[inline]
fn alike(text: &[u8], at: usize, before: usize, differ: u64) -> u32 {
    let next = eight(text, at + 8) ^ eight(text, before + 8);
    // Both are counted, so that there is no branch for the half of all copies that are longer than eight bytes.
    let (first, second) = (differ.trailing_zeros() / 8, next.trailing_zeros() / 8);
    let mut length = if first == 8 { 8 + second } else { first };
    if length < 16 {
        return length;
    }
    while length <= LONGEST && at + length as usize + 8 <= text.len() {
        let differ = eight(text, at + length as usize) ^ eight(text, before + length as usize);
        length += differ.trailing_zeros() / 8;
        if differ != 0 {
            break;
        }
    }
    length
}

/// How many of eight bytes come before the next that a word may begin with, at least one: a space, an end of line, or
/// punctuation below `0`, which a word is taken to have in front.
#[inline]
fn word_bytes(bytes: u64) -> u32 {
    const EACH: u64 = 0x0101_0101_0101_0101;
    let behind_the_first = bytes >> 8;
    // The top bit of a byte is set where that byte is below `0`; a borrow is only ever taken by those above such a one.
    let begins = behind_the_first.wrapping_sub(EACH * u64::from(b'0')) & !behind_the_first & (EACH << 7);
    1 + (begins | 1 << 63).trailing_zeros() / 8
}

/// Eight bytes from there on. There are as many.
#[inline]
fn eight(text: &[u8], at: usize) -> u64 {
    text.get(at..).and_then(<[u8]>::first_chunk).map_or(0, |bytes| u64::from_le_bytes(*bytes))
}
