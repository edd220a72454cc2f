//! Cells: what a text, a number or a date looks like in a sheet.
//!
//! Guarantees: a text is read back as it was; a number or a date is one only where nothing of it is lost.
//!
//! Must not know: columns.

use crate::scalars::put_number;
use fillhouse_model::parse_date;

/// The places of the styles in the package.
pub(super) const HEADING: &str = " s=\"1\"";
const INSTANT: &[u8] = b"<c s=\"2\"><v>";
const DAY: &[u8] = b"<c s=\"3\"><v>";

/// 1970-01-01 as spreadsheets count days: 1900-01-01 is the first, and there was a 29 February 1900.
const EPOCH: i64 = 25_569;
/// The first day behind that 29 February, and 9999-12-31.
const DAYS: std::ops::RangeInclusive<i64> = 61..=2_958_465;
/// The digits of a number that spreadsheets keep.
const DIGITS: usize = 15;
const FIRST_TOO_LARGE: u64 = 1_000_000_000_000_000;
const SECONDS_OF_DAY: i64 = 86_400;

/// Appends a text that is not empty, in the style of these attributes.
pub(super) fn put_text(attributes: &str, text: &[u8], out: &mut Vec<u8>) {
    out.extend_from_slice(b"<c");
    out.extend_from_slice(attributes.as_bytes());
    out.extend_from_slice(b" t=\"inlineStr\"><is><t");
    let is_space = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_whitespace);
    if is_space(text.first()) || is_space(text.last()) {
        out.extend_from_slice(b" xml:space=\"preserve\"");
    }
    out.push(b'>');
    if text.iter().fold(false, |found, byte| found | may_need_care(*byte)) {
        put_escaped(&String::from_utf8_lossy(text), out);
    } else {
        out.extend_from_slice(text);
    }
    out.extend_from_slice(b"</t></is></c>");
}

/// Whether a byte may be one of what cannot be written as it is.
#[inline]
const fn may_need_care(byte: u8) -> bool {
    // 0xef begins U+FFFE and U+FFFF, and much else.
    byte < 0x20 || matches!(byte, b'&' | b'<' | b'>' | b'_' | 0xef)
}

#[cold]
fn put_escaped(text: &str, out: &mut Vec<u8>) {
    for (at, character) in text.char_indices() {
        match character {
            '&' => out.extend(b"&amp;"),
            '<' => out.extend(b"&lt;"),
            '>' => out.extend(b"&gt;"),
            // As it is, it would be read as U+000A.
            '\r' => out.extend(b"&#13;"),
            '\t' | '\n' => out.push(character as u8),
            '\0'..'\u{20}' | '\u{fffe}' | '\u{ffff}' => {
                out.extend(format!("_x{:04X}_", u32::from(character)).into_bytes());
            }
            '_' if is_escape(&text.as_bytes()[at..]) => out.extend(b"_x005F_"),
            _ => out.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes()),
        }
    }
}

/// Whether the text begins with what would be read as an escaped character.
fn is_escape(text: &[u8]) -> bool {
    matches!(text, [b'_', b'x', a, b, c, d, b'_', ..] if [a, b, c, d].iter().all(|digit| digit.is_ascii_hexdigit()))
}

/// Appends a whole number, unless it has more digits than spreadsheets keep; whether it did.
pub(super) fn put_whole(number: i64, out: &mut Vec<u8>) -> bool {
    let fits = number.unsigned_abs() < FIRST_TOO_LARGE;
    if fits {
        out.extend_from_slice(b"<c><v>");
        put_number(number, out);
        out.extend_from_slice(b"</v></c>");
    }
    fits
}

/// Appends a text as a number, where a spreadsheet would give back the same digits but for zeros at the end of a fraction;
/// whether it did.
pub(super) fn put_decimal(text: &[u8], out: &mut Vec<u8>) -> bool {
    let is_number = is_number(text);
    if is_number {
        out.extend_from_slice(b"<c><v>");
        out.extend_from_slice(text);
        out.extend_from_slice(b"</v></c>");
    }
    is_number
}

/// `-12.50`, but neither `007` nor `+1` nor `1e5`, which may be something else, nor what has too many digits.
pub(crate) fn is_number(text: &[u8]) -> bool {
    let digits = text.strip_prefix(b"-").unwrap_or(text);
    let (whole, fraction) = match digits.iter().position(|byte| *byte == b'.') {
        Some(point) => (&digits[..point], Some(&digits[point + 1..])),
        None => (digits, None),
    };
    let are_digits = |text: &[u8]| !text.is_empty() && text.iter().all(u8::is_ascii_digit);
    are_digits(whole)
        && fraction.is_none_or(are_digits)
        && (whole.len() == 1 || whole[0] != b'0')
        && whole.len() + fraction.map_or(0, <[u8]>::len) <= DIGITS
        && text != b"-0"
}

/// Appends a text of the form `2026-04-01` as a day, where spreadsheets know it; whether it did.
pub(super) fn put_day(text: &[u8], out: &mut Vec<u8>) -> bool {
    let Some(day) = day_of(text).map(|day| day + EPOCH).filter(|day| DAYS.contains(day)) else {
        return false;
    };
    out.extend_from_slice(DAY);
    put_number(day, out);
    out.extend_from_slice(b"</v></c>");
    true
}

/// The day that a text of the form `2026-04-01` names, since 1970-01-01.
pub(crate) fn day_of(text: &[u8]) -> Option<i64> {
    let date = parse_date("", std::str::from_utf8(text).ok()?).ok()?;
    let epoch = parse_date("", "1970-01-01").ok()?;
    Some(date.duration_since(epoch).as_secs() / SECONDS_OF_DAY)
}

/// Appends an instant in UTC, to the second, where spreadsheets know its day; whether it did.
pub(super) fn put_instant(micros: i64, out: &mut Vec<u8>) -> bool {
    // A second is some 0.0000116 of a day.
    const PARTS: i64 = 10_000_000_000;
    let second = micros.div_euclid(1_000_000);
    let day = second.div_euclid(SECONDS_OF_DAY) + EPOCH;
    if !DAYS.contains(&day) {
        return false;
    }
    out.extend_from_slice(INSTANT);
    put_number(day, out);
    let fraction = (second.rem_euclid(SECONDS_OF_DAY) * PARTS + SECONDS_OF_DAY / 2) / SECONDS_OF_DAY;
    if fraction > 0 {
        out.extend_from_slice(format!(".{fraction:010}").trim_end_matches('0').as_bytes());
    }
    out.extend_from_slice(b"</v></c>");
    true
}
