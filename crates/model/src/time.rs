//! Instants, as they are stored and compared: microseconds of UTC.
//!
//! Must not know: the present time; see [`crate::Clock`].

use std::fmt;
use std::str::FromStr;

/// An instant, in microseconds since 1970-01-01T00:00:00Z; from the year −9999 to 9999.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(i64);

/// The last instant that the calendar's library takes as microseconds; it is in the year 9999.
const LAST_MICROS: i64 = 253_402_207_200_000_000;

impl Timestamp {
    /// The instant `micros` microseconds after the epoch, where that is within the years −9999 to 9999.
    pub fn from_micros(micros: i64) -> Option<Self> {
        jiff::Timestamp::from_microsecond(micros).ok().map(|_| Self(micros))
    }

    /// Microseconds since the epoch.
    pub const fn micros(self) -> i64 {
        self.0
    }

    /// The instant `micros` later (or earlier, where negative); the last one there is, past the end.
    #[must_use]
    pub fn plus_micros(self, micros: i64) -> Self {
        let first = jiff::Timestamp::MIN.as_microsecond();
        Self(self.0.saturating_add(micros).clamp(first, LAST_MICROS))
    }

    /// RFC 3339 in UTC with whole seconds, such as `2026-04-01T09:00:00Z`: what the dialects show.
    pub fn to_seconds_string(self) -> String {
        format!("{:.0}", self.truncated_to_seconds())
    }

    /// RFC 3339 in UTC with three digits of the second, such as `2026-04-01T09:00:00.250Z`.
    pub fn to_millis_string(self) -> String {
        format!("{:.3}", self.to_jiff())
    }

    /// This instant for calculations with the calendar.
    pub fn to_jiff(self) -> jiff::Timestamp {
        jiff::Timestamp::from_microsecond(self.0).unwrap_or(jiff::Timestamp::MAX)
    }

    /// Formatting with no digits would round up; what is shown must not lie in the future.
    fn truncated_to_seconds(self) -> jiff::Timestamp {
        jiff::Timestamp::from_second(self.0.div_euclid(1_000_000)).unwrap_or(jiff::Timestamp::MIN)
    }
}

impl From<jiff::Timestamp> for Timestamp {
    fn from(instant: jiff::Timestamp) -> Self {
        Self(instant.as_microsecond().min(LAST_MICROS))
    }
}

impl fmt::Display for Timestamp {
    /// RFC 3339 in UTC with as many digits as it takes: reading it back gives the same instant.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.to_jiff().fmt(f)
    }
}

/// The text was not an RFC 3339 date and time with an offset.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("is not a date and time such as 2026-04-01T09:00:00Z")]
pub struct NotATimestamp;

impl FromStr for Timestamp {
    type Err = NotATimestamp;

    fn from_str(text: &str) -> Result<Self, NotATimestamp> {
        text.parse::<jiff::Timestamp>().map(Self::from).map_err(|_| NotATimestamp)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_shown_reads_back() {
        for text in ["2026-04-01T09:00:00Z", "2026-04-01T09:00:00.087Z", "1969-12-31T23:59:59.999999Z"] {
            assert_eq!(text.parse::<Timestamp>().unwrap().to_string(), text);
        }
    }

    #[test]
    fn whole_seconds_are_cut_never_rounded_up() {
        let just_before: Timestamp = "2026-04-01T08:59:59.999999Z".parse().unwrap();
        assert_eq!(just_before.to_seconds_string(), "2026-04-01T08:59:59Z");
        let before_the_epoch: Timestamp = "1969-12-31T23:59:59.5Z".parse().unwrap();
        assert_eq!(before_the_epoch.to_seconds_string(), "1969-12-31T23:59:59Z");
        assert_eq!(before_the_epoch.to_millis_string(), "1969-12-31T23:59:59.500Z");
    }

    #[test]
    fn the_last_instant_there_is_can_be_stored() {
        for last in [at_the_end(), at_the_end().plus_micros(5)] {
            assert_eq!(Timestamp::from_micros(last.micros()), Some(last));
        }
    }

    fn at_the_end() -> Timestamp {
        jiff::Timestamp::MAX.into()
    }

    #[test]
    fn a_date_without_an_offset_is_no_instant() {
        assert!("2026-04-01T09:00:00".parse::<Timestamp>().is_err());
        assert!("2026-02-30T09:00:00Z".parse::<Timestamp>().is_err());
    }
}
