//! What a text needs to be a cell: quotes, and what keeps a spreadsheet from reading it as a formula.
//!
//! Texts are put at the end of `out` first and looked at there, so that the plain ones, nearly all, are copied once and
//! the others are mended in place.
//!
//! Must not know: columns.

use super::Delimiter;

/// Eight bytes, each 1.
const EACH: u64 = 0x0101_0101_0101_0101;

/// What keeps the texts of a column from being read as formulas. The numbers go into a layout's fingerprint.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Guard {
    /// Nothing.
    Off = 0,
    /// A `'` in front of what begins like a formula and is no number.
    Text = 1,
    /// The same, in a column of phone numbers, which people write in more ways than can be told apart elsewhere.
    Phone = 2,
}

/// Makes a cell of the text that `out` ends with, from `start` on.
#[inline]
pub(crate) fn finish_text(out: &mut Vec<u8>, start: usize, delimiter: Delimiter, guard: Guard) {
    if guard != Guard::Off && is_formula(&out[start..], guard) {
        out.insert(start, b'\'');
    }
    if needs_quotes(&out[start..], delimiter.byte()) {
        quote(out, start);
    }
}

/// Whether a reader would take the text apart: it has the delimiter, a quote or an end of line in it.
///
/// Cells are short, some 15 bytes, so a search that must be set up for each byte looked for costs more than it finds:
/// eight bytes at a time take a third of the time of `memchr`, and two thirds of that of a table.
#[inline]
fn needs_quotes(text: &[u8], delimiter: u8) -> bool {
    let delimiter = EACH * u64::from(delimiter);
    if let Some(last) = text.last_chunk::<8>() {
        // The last eight bytes overlap the ones before: looking twice is cheaper than a loop over what is left.
        return text
            .as_chunks::<8>()
            .0
            .iter()
            .fold(special(u64::from_le_bytes(*last), delimiter), |found, bytes| {
                found | special(u64::from_le_bytes(*bytes), delimiter)
            })
            != 0;
    }
    let mut bytes = 0;
    if let (Some(first), Some(last)) = (text.first_chunk::<4>(), text.last_chunk::<4>()) {
        bytes = u64::from(u32::from_le_bytes(*first)) << 32 | u64::from(u32::from_le_bytes(*last));
    } else {
        for &byte in text {
            bytes = bytes << 8 | u64::from(byte);
        }
    }
    special(bytes, delimiter) != 0
}

/// Not 0 where one of eight bytes is special; `delimiter` is that byte eight times.
#[inline]
fn special(bytes: u64, delimiter: u64) -> u64 {
    // Subtracting 1 turns on the top bit of a byte that is 0, and of one that had it on before. A borrow reaches the byte
    // above only from one that is 0, so whether there is any is always right.
    let zero = |bytes: u64| bytes.wrapping_sub(EACH) & !bytes;
    let quote = EACH * u64::from(b'"');
    let cr = EACH * u64::from(b'\r');
    let lf = EACH * u64::from(b'\n');
    (zero(bytes ^ delimiter) | zero(bytes ^ quote) | zero(bytes ^ cr) | zero(bytes ^ lf)) & (EACH << 7)
}

/// Puts quotes around what `out` ends with, from `start` on, and doubles those within.
#[cold]
fn quote(out: &mut Vec<u8>, start: usize) {
    let within = memchr::memchr_iter(b'"', &out[start..]).count();
    if within == 0 {
        out.insert(start, b'"');
        out.push(b'"');
        return;
    }
    // What is new is filled with quotes, so the last is in its place. The rest is moved from the end on, where no byte is
    // overwritten before it was moved itself.
    let mut from = out.len();
    out.resize(from + within + 2, b'"');
    let mut to = out.len() - 1;
    while from > start {
        from -= 1;
        to -= 1;
        out[to] = out[from];
        if out[from] == b'"' {
            to -= 1;
            out[to] = b'"';
        }
    }
    out[start] = b'"';
}

/// Whether a spreadsheet may take the text for a formula: it begins like one, and is neither a number nor a phone number.
#[inline]
fn is_formula(text: &[u8], guard: Guard) -> bool {
    match text {
        [b'=' | b'@' | b'\t' | b'\r', ..] => true,
        [sign @ (b'+' | b'-'), rest @ ..] => {
            let is_phone_number = match guard {
                Guard::Phone => is_phone_number(rest) || is_loose_phone_number(rest),
                Guard::Off | Guard::Text => *sign == b'+' && is_phone_number(rest),
            };
            !is_phone_number && !is_decimal(rest)
        }
        _ => false,
    }
}

/// Digits, and perhaps a point and more digits.
fn is_decimal(text: &[u8]) -> bool {
    let mut parts = text.splitn(2, |&byte| byte == b'.');
    parts.all(|part| !part.is_empty() && part.iter().all(u8::is_ascii_digit))
}

/// Digits, with spaces, hyphens and parentheses between them: what a phone number has behind its plus sign.
fn is_phone_number(text: &[u8]) -> bool {
    text.iter().any(u8::is_ascii_digit)
        && text.iter().all(|byte| byte.is_ascii_digit() || b" -()".contains(byte))
}

/// A phone number such as `49.30/123 ext. 5`. Not with parentheses: behind a letter they would call a function, and whoever
/// fills in a form is free to type one into a field for phone numbers.
fn is_loose_phone_number(text: &[u8]) -> bool {
    text.iter().all(|byte| byte.is_ascii_alphanumeric() || b" -.,/#*".contains(byte))
}
