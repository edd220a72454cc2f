//! Numbers, sizes and times as people read them.
//!
//! Must not know: what they are of.

use fillhouse_model::Timestamp;

/// A number of things with its thousands apart: the one way in which pages write such. What numbers somebody, or was given as an
/// answer, is written as it is.
pub(super) fn number(number: impl Into<i128>) -> String {
    let number = number.into();
    let digits = number.unsigned_abs().to_string();
    let mut said = String::from(if number < 0 { "-" } else { "" });
    for (n, digit) in digits.chars().enumerate() {
        if n > 0 && (digits.len() - n) % 3 == 0 {
            said.push(',');
        }
        said.push(digit);
    }
    said
}

/// So many bytes.
pub(super) fn size(size_bytes: i64) -> String {
    let (mut size, mut unit) = (size_bytes as f64, "bytes");
    for larger in ["kB", "MB", "GB", "TB"] {
        if size < 1_000.0 {
            break;
        }
        (size, unit) = (size / 1_000.0, larger);
    }
    if unit == "bytes" { format!("{size_bytes} {unit}") } else { format!("{size:.1} {unit}") }
}

/// So many seconds.
pub(super) fn seconds(seconds: i64) -> String {
    match seconds {
        ..=1 => "a second".to_owned(),
        2..=119 => format!("{seconds} seconds"),
        120..=7_199 => format!("{} minutes", (seconds + 30) / 60),
        7_200..=172_799 => format!("{} hours", (seconds + 1_800) / 3_600),
        _ => format!("{} days", (seconds + 43_200) / 86_400),
    }
}

/// So many things, by their words for one and for several.
pub(super) fn count(count: i64, one: &str, several: &str) -> String {
    if count == 1 { format!("1 {one}") } else { format!("{} {several}", number(count)) }
}

/// When, in UTC, to the minute.
pub(super) fn minute(instant: Timestamp) -> String {
    let date = instant.to_seconds_string();
    date.get(..16).map_or(date.clone(), |minutes| minutes.replace('T', " "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_sizes_and_times_are_said() {
        let said = [0, 999, 1_000, -1_234_567].map(number);
        assert_eq!(said, ["0", "999", "1,000", "-1,234,567"]);
        assert_eq!([0, 999, 1_000, 2_345_678].map(size), ["0 bytes", "999 bytes", "1.0 kB", "2.3 MB"]);
        assert_eq!(
            [0, 90, 150, 7_200, 900_000].map(seconds),
            ["a second", "90 seconds", "3 minutes", "2 hours", "10 days"]
        );
        assert_eq!((count(1, "row", "rows").as_str(), count(0, "row", "rows").as_str()), ("1 row", "0 rows"));
        assert_eq!(minute("2026-05-01T08:00:59Z".parse().unwrap()), "2026-05-01 08:00");
    }
}
