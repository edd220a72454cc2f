//! The `Range` header: which bytes of a file are wanted.
//!
//! Guarantees: a range that is given is not empty and within the file.
//!
//! Must not know: what is in the file.

use axum::http::HeaderMap;
use axum::http::header::RANGE;
use std::ops::Range;

/// What is wanted of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Wanted {
    /// All of it: no range is given, or none that is understood, or several.
    Whole,
    /// These bytes.
    Part(Range<u64>),
    /// Bytes that it does not have.
    Beyond,
}

/// What is wanted of a file of this size.
pub(super) fn wanted(headers: &HeaderMap, size_bytes: u64) -> Wanted {
    let mut given = headers.get_all(RANGE).iter();
    let (Some(range), None) = (given.next(), given.next()) else { return Wanted::Whole };
    range.to_str().ok().and_then(|text| parse(text, size_bytes)).unwrap_or(Wanted::Whole)
}

/// None where the text is no single range of bytes.
fn parse(text: &str, size_bytes: u64) -> Option<Wanted> {
    let (unit, spec) = text.split_once('=')?;
    if !unit.trim().eq_ignore_ascii_case("bytes") {
        return None;
    }
    let (first, last) = spec.trim().split_once('-')?;
    let range = match (number(first), number(last)) {
        (Some(first), Some(last)) if first <= last => first..last.saturating_add(1).min(size_bytes),
        (Some(first), None) if last.is_empty() => first..size_bytes,
        (None, Some(suffix)) if first.is_empty() => size_bytes.saturating_sub(suffix)..size_bytes,
        _ => return None,
    };
    Some(if range.is_empty() { Wanted::Beyond } else { Wanted::Part(range) })
}

/// A number of digits only; one that is too large is as large as can be.
fn number(text: &str) -> Option<u64> {
    let is_number = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    is_number.then(|| text.parse().unwrap_or(u64::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of_ten(text: &str) -> Wanted {
        let mut headers = HeaderMap::new();
        headers.insert(RANGE, text.parse().unwrap());
        wanted(&headers, 10)
    }

    #[test]
    fn one_range_is_understood() {
        for (text, range) in [
            ("bytes=0-0", 0..1),
            ("bytes=2-4", 2..5),
            ("bytes=9-", 9..10),
            ("bytes=5-99999999999999999999999", 5..10),
            ("bytes=-3", 7..10),
            ("bytes=-11", 0..10),
            ("BYTES = 0-9", 0..10),
        ] {
            assert_eq!(of_ten(text), Wanted::Part(range), "{text}");
        }
    }

    #[test]
    fn what_is_beyond_the_end_is_refused() {
        for text in ["bytes=10-", "bytes=10-11", "bytes=99999999999999999999999-", "bytes=-0"] {
            assert_eq!(of_ten(text), Wanted::Beyond, "{text}");
        }
        let mut headers = HeaderMap::new();
        headers.insert(RANGE, "bytes=0-".parse().unwrap());
        assert_eq!(wanted(&headers, 0), Wanted::Beyond);
    }

    #[test]
    fn what_is_not_understood_is_passed_over() {
        for text in [
            "bytes=4-2",
            "bytes=-",
            "bytes=a-b",
            "bytes=1-2,4-5",
            "rows=1-2",
            "bytes",
            "bytes=+1-2",
            "bytes=1 - 2",
        ] {
            assert_eq!(of_ten(text), Wanted::Whole, "{text}");
        }
        let mut headers = HeaderMap::new();
        headers.append(RANGE, "bytes=0-1".parse().unwrap());
        headers.append(RANGE, "bytes=2-3".parse().unwrap());
        assert_eq!(wanted(&headers, 10), Wanted::Whole);
    }
}
