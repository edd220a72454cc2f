//! Dates as parameters have them: ISO 8601 in UTC, or a date with or without a time in the account's time zone.
//!
//! Must not know: what is done with them.

use fillhouse_model::{Fault, Timestamp, time_zone};
use jiff::civil::{Date, DateTime};

/// The instant that a text says; a day without a time says its first.
pub(super) fn instant(name: &str, text: &str, zone: &str) -> Result<Timestamp, Fault> {
    let text = text.trim();
    if text.ends_with(['Z', 'z']) || has_offset(text) {
        // A `+` that was not encoded has become a space.
        let text = text.replacen(' ', "T", usize::from(!text.contains(['T', 't']))).replace(' ', "+");
        return text.parse().map_err(|_| malformed(name));
    }
    let local: DateTime = match text.parse::<Date>() {
        Ok(day) if text.len() == 10 => day.into(),
        _ => text.parse().map_err(|_| malformed(name))?,
    };
    // A time that the clocks skip is the one that they show instead, and of one that they show twice it is the first.
    let zoned = local.to_zoned(time_zone(name, zone)?).map_err(|_| malformed(name))?;
    Ok(zoned.timestamp().into())
}

/// Whether the time is followed by an offset such as `+02:00`, the `+` of which may have become a space.
fn has_offset(text: &str) -> bool {
    matches!(text.as_bytes(), [.., b'+' | b'-' | b' ', _, _, b':', _, _]) && text.matches(':').count() > 1
}

fn malformed(name: &str) -> Fault {
    Fault::new(name, "is no date such as 2026-04-01T09:00:00Z, 2026-04-01 11:00:00 or 2026-04-01")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Option<String> {
        instant("after_date", text, "Europe/Berlin").ok().map(|instant| instant.to_string())
    }

    #[test]
    fn a_date_is_in_utc_or_on_the_clocks_of_the_account() {
        for (text, instant) in [
            ("2026-04-01T09:00:00Z", "2026-04-01T09:00:00Z"),
            ("2026-04-01T09:00:00.087Z", "2026-04-01T09:00:00.087Z"),
            ("2026-04-01 09:00:00Z", "2026-04-01T09:00:00Z"),
            ("2026-04-01T11:00:00+02:00", "2026-04-01T09:00:00Z"),
            ("2026-04-01T11:00:00 02:00", "2026-04-01T09:00:00Z"),
            ("2026-04-01 11:00:00", "2026-04-01T09:00:00Z"),
            ("2026-04-01T11:00:00", "2026-04-01T09:00:00Z"),
            ("2026-04-01 11:00:00.5", "2026-04-01T09:00:00.5Z"),
            ("2026-04-01", "2026-03-31T22:00:00Z"),
            ("2026-01-01", "2025-12-31T23:00:00Z"),
            // Skipped, and there twice.
            ("2026-03-29 02:30:00", "2026-03-29T01:30:00Z"),
            ("2026-10-25 02:30:00", "2026-10-25T00:30:00Z"),
        ] {
            assert_eq!(read(text).as_deref(), Some(instant), "{text}");
        }
    }

    #[test]
    fn what_is_no_date_is_refused() {
        for text in [
            "",
            "yesterday",
            "2026-02-30",
            "2026-04-01T25:00:00Z",
            "1775034000",
            "2026-04",
            "ää:ää:ä",
            "2026-04-01T09:00Q",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
