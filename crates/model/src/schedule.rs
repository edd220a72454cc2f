//! When the runs of a schedule are due: by the clocks of a time zone.
//!
//! A schedule is a cron line, be it spelled out or said as hourly, daily or weekly. Where its hours are any, its runs follow
//! each other as time passes, whatever the clocks do. Else they are at times of the day: one that the clocks skip is
//! at the first moment after the gap, and one that they show twice is at the first.
//!
//! Guarantees: what is next is later than what was asked from, so that nothing is due twice.
//!
//! Must not know: what is done when it is due.

use crate::{Fault, Timestamp};
use croner::Cron;
use croner::parser::{CronParser, Seconds, Year};
use jiff::civil::{DateTime, Time, Weekday};
use jiff::tz::{AmbiguousOffset, TimeZone};

/// How long a cron line may be, in bytes.
const MOST_CRON_BYTES: usize = 200;
/// How many fields it has: minute, hour, day of the month, month, day of the week.
const CRON_FIELDS: usize = 5;
/// How many times of a day at most are passed over because they were before: those of a night in which clocks go back.
const MOST_PASSED_OVER: usize = 3 * 24 * 60;

/// The days of the week, as they are called in requests and answers.
pub const WEEKDAYS: [(&str, Weekday); 7] = [
    ("monday", Weekday::Monday),
    ("tuesday", Weekday::Tuesday),
    ("wednesday", Weekday::Wednesday),
    ("thursday", Weekday::Thursday),
    ("friday", Weekday::Friday),
    ("saturday", Weekday::Saturday),
    ("sunday", Weekday::Sunday),
];

/// A time of the day as `HH:MM`.
pub fn clock(time: Time) -> String {
    format!("{:02}:{:02}", time.hour(), time.minute())
}

/// The time of the day that `HH:MM` is, and nothing else.
pub fn read_clock(text: &str) -> Option<Time> {
    let (hour, minute) = text.split_once(':').filter(|_| text.len() == 5)?;
    let number = |digits: &str| {
        let is_number = digits.len() == 2 && digits.bytes().all(|digit| digit.is_ascii_digit());
        digits.parse().ok().filter(|_| is_number)
    };
    Time::new(number(hour)?, number(minute)?, 0, 0).ok()
}

/// When something is to be done, again and again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum When {
    /// At the beginning of each hour.
    Hourly,
    /// Once a day.
    Daily {
        /// At which time.
        at: Time,
    },
    /// Once a week.
    Weekly {
        /// On which day.
        on: Weekday,
        /// At which time.
        at: Time,
    },
    /// By a cron line of five fields.
    Cron(String),
}

impl When {
    /// Whether there is such a time, now and again.
    ///
    /// # Errors
    /// The fault is of `field`.
    pub fn check(&self, field: &str, now: Timestamp) -> Result<(), Fault> {
        let line = self.line();
        if line.len() > MOST_CRON_BYTES {
            return Err(Fault::new(field, format!("is longer than {MOST_CRON_BYTES} bytes")));
        }
        if line.split_ascii_whitespace().count() != CRON_FIELDS {
            let fields = "minute, hour, day of the month, month and day of the week";
            return Err(Fault::new(field, format!("has not five fields: {fields}")));
        }
        parse(&line).map_err(|error| Fault::new(field, format!("is no cron line: {error}")))?;
        match self.next_after(now, &TimeZone::UTC) {
            Some(_) => Ok(()),
            None => Err(Fault::new(field, "is of a time that never comes")),
        }
    }

    /// The first time that is due after `now` by the clocks of `zone`; none where there is none any more.
    pub fn next_after(&self, now: Timestamp, zone: &TimeZone) -> Option<Timestamp> {
        let line = self.line();
        let cron = parse(&line).ok()?;
        if line.split_ascii_whitespace().nth(1) == Some("*") {
            let next = cron.find_next_occurrence(&now.to_jiff().to_zoned(zone.clone()), false).ok()?;
            return Some(next.timestamp().into());
        }
        let mut passed = zone.to_datetime(now.to_jiff());
        for _ in 0..MOST_PASSED_OVER {
            passed = cron.find_next_occurrence(&passed, false).ok()?;
            let instant = instant_of(passed, zone)?;
            if instant > now {
                return Some(instant);
            }
        }
        None
    }

    /// The cron line that says the same.
    fn line(&self) -> String {
        match self {
            Self::Hourly => "0 * * * *".to_owned(),
            Self::Daily { at } => format!("{} {} * * *", at.minute(), at.hour()),
            Self::Weekly { on, at } => {
                format!("{} {} * * {}", at.minute(), at.hour(), on.to_sunday_zero_offset())
            }
            Self::Cron(line) => line.clone(),
        }
    }
}

fn parse(line: &str) -> Result<Cron, croner::errors::CronError> {
    CronParser::builder().seconds(Seconds::Disallowed).year(Year::Disallowed).build().parse(line)
}

/// When the clocks of a zone first show this; where they skip it, the moment in which they do.
fn instant_of(shown: DateTime, zone: &TimeZone) -> Option<Timestamp> {
    let ambiguous = zone.to_ambiguous_timestamp(shown);
    let instant = match ambiguous.offset() {
        // By the clocks of before, the time is in the gap, and by those of after, it is before it.
        AmbiguousOffset::Gap { after, .. } => {
            let before = after.to_timestamp(shown).ok()?;
            zone.following(before).next()?.timestamp()
        }
        _ => ambiguous.earlier().ok()?,
    };
    Some(instant.into())
}

#[cfg(test)]
mod tests;
