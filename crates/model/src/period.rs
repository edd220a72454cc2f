//! Periods: whole days of a time zone, as the instants they begin and end at.
//!
//! Must not know: which form or account a time zone came from.

use crate::{Fault, Timestamp};
use jiff::civil::Date;
use jiff::tz::TimeZone;

/// Whole days, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Period {
    /// The first day.
    pub from: Date,
    /// The last day, not before the first.
    pub to: Date,
}

/// A half-open range of instants: from `from`, up to but without `until`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TimeRange {
    /// The first instant in it.
    pub from: Timestamp,
    /// The first instant after it.
    pub until: Timestamp,
}

impl TimeRange {
    /// Whether `instant` is in the range.
    pub fn contains(&self, instant: Timestamp) -> bool {
        self.from <= instant && instant < self.until
    }
}

impl Period {
    /// The period from `from` to `to`.
    ///
    /// # Errors
    /// Names `date_from` where it is after `date_to`.
    pub fn new(from: Date, to: Date) -> Result<Self, Fault> {
        if from > to {
            return Err(Fault::new("date_from", "is after date_to"));
        }
        Ok(Self { from, to })
    }

    /// The instants of these days in `zone`. A day on which the clocks change has 23 or 25 hours, and where midnight
    /// itself is skipped, the day begins at the first instant that its clocks show.
    pub fn in_zone(&self, zone: &TimeZone) -> TimeRange {
        let start_of = |day: Date| day.to_zoned(zone.clone()).and_then(|midnight| midnight.start_of_day());
        // Of the days that a date can name, only some at the end of the year 9999 begin after the last instant.
        let or_last =
            |start: Result<jiff::Zoned, _>| start.map_or(jiff::Timestamp::MAX, |start| start.timestamp());
        let from = or_last(start_of(self.from));
        let until = or_last(self.to.tomorrow().and_then(start_of));
        TimeRange { from: from.into(), until: until.into() }
    }
}

/// Reads a day in the one spelling that the dialects document, `YYYY-MM-DD`.
///
/// # Errors
/// Names `field` where the text is spelled otherwise, or where no calendar has that day.
pub fn parse_date(field: &str, text: &str) -> Result<Date, Fault> {
    let shape = text.len() == 10
        && text.bytes().enumerate().all(
            |(n, b)| {
                if n == 4 || n == 7 { b == b'-' } else { b.is_ascii_digit() }
            },
        );
    if !shape {
        return Err(Fault::new(field, "is not a date of the form YYYY-MM-DD"));
    }
    text.parse().map_err(|_| Fault::new(field, format!("{text} is not a day of the calendar")))
}

/// The time zone of an IANA name.
///
/// # Errors
/// Names `field` where there is no such zone.
pub fn time_zone(field: &str, name: &str) -> Result<TimeZone, Fault> {
    TimeZone::get(name).map_err(|_| Fault::new(field, format!("{name:?} is not an IANA time zone")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn range(from: &str, to: &str, zone: &str) -> (String, String) {
        let day = |text| parse_date("d", text).unwrap();
        let range = Period::new(day(from), day(to)).unwrap().in_zone(&time_zone("timezone", zone).unwrap());
        (range.from.to_string(), range.until.to_string())
    }

    #[test]
    fn a_day_is_as_long_as_its_clocks_say() {
        let pair = |a: &str, b: &str| (a.to_owned(), b.to_owned());
        assert_eq!(
            range("2026-03-29", "2026-03-29", "Europe/Berlin"),
            pair("2026-03-28T23:00:00Z", "2026-03-29T22:00:00Z")
        );
        assert_eq!(
            range("2026-10-25", "2026-10-25", "Europe/Berlin"),
            pair("2026-10-24T22:00:00Z", "2026-10-25T23:00:00Z")
        );
        assert_eq!(
            range("2026-04-01", "2026-04-30", "UTC"),
            pair("2026-04-01T00:00:00Z", "2026-05-01T00:00:00Z")
        );
        // Midnight itself is skipped in Beirut when summer time begins.
        assert_eq!(
            range("2026-03-29", "2026-03-29", "Asia/Beirut"),
            pair("2026-03-28T22:00:00Z", "2026-03-29T21:00:00Z")
        );
    }

    #[test]
    fn impossible_days_and_other_spellings_are_refused() {
        for bad in [
            "2026-02-30",
            "2026-13-01",
            "2026-4-1",
            "01.04.2026",
            "2026-04-01T00:00:00Z",
            "",
            "20260401",
            "+026-04-01",
        ] {
            let fault = parse_date("date_from", bad).unwrap_err();
            assert_eq!(fault.field, "date_from", "{bad}");
        }
    }

    #[test]
    fn the_first_and_the_last_day_there_are_hold_nothing_of_between() {
        for (zone, day) in
            [("UTC", "9999-12-31"), ("Pacific/Kiritimati", "9999-12-31"), ("Pacific/Niue", "0000-01-01")]
        {
            let day = parse_date("d", day).unwrap();
            let range = Period::new(day, day).unwrap().in_zone(&time_zone("timezone", zone).unwrap());
            assert!(range.from <= range.until, "{range:?}");
            assert!(!range.contains("2026-04-01T09:00:00Z".parse().unwrap()), "{range:?}");
        }
        let (from, until) = range("0000-01-01", "9999-12-31", "UTC");
        assert_eq!((from.as_str(), until.as_str()), ("0000-01-01T00:00:00Z", "9999-12-30T22:00:00Z"));
    }

    #[test]
    fn a_period_does_not_run_backwards() {
        let day = |text| parse_date("d", text).unwrap();
        assert_eq!(Period::new(day("2026-04-02"), day("2026-04-01")).unwrap_err().field, "date_from");
    }
}
