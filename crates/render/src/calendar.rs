//! Days and times of day in UTC, for writers that show millions of instants.
//!
//! Guarantees: agrees with the model's spelling of an instant, which the tests of [`crate::csv`] hold it to.
//!
//! Must not know: formats.

/// A second, as a day and the time of that day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Moment {
    /// Days since 1970-01-01.
    pub(crate) day: i64,
    /// 0 to 23.
    pub(crate) hour: u64,
    /// 0 to 59.
    pub(crate) minute: u64,
    /// 0 to 59.
    pub(crate) second: u64,
}

/// A day of the Gregorian calendar. Before the year 1 is the year 0, and before that −1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Date {
    pub(crate) year: i64,
    /// 1 to 12.
    pub(crate) month: u64,
    /// 1 to 31.
    pub(crate) day: u64,
}

impl Moment {
    /// The instant `second` seconds after 1970-01-01T00:00:00Z.
    pub(crate) fn new(second: i64) -> Self {
        let of_day = second.rem_euclid(86_400).unsigned_abs();
        Self {
            day: second.div_euclid(86_400),
            hour: of_day / 3600,
            minute: of_day / 60 % 60,
            second: of_day % 60,
        }
    }
}

impl Date {
    /// The date `days` days after 1970-01-01, as far off as a [`Moment`] can be.
    pub(crate) fn new(days: i64) -> Self {
        // Counted from 1 March of the year 0: a cycle of 400 years begins there, each of 146,097 days, and the leap day
        // is the last of a year that begins in March.
        let since_march_0 = days + 719_468;
        let cycle = since_march_0.div_euclid(146_097);
        let of_cycle = since_march_0.rem_euclid(146_097).unsigned_abs();
        // With the leap days that went before taken away, every year of the cycle has 365 days.
        let year = (of_cycle - of_cycle / 1460 + of_cycle / 36_524 - of_cycle / 146_096) / 365;
        let of_year = of_cycle - (365 * year + year / 4 - year / 100);
        // From March on, the months have 31, 30, 31, 30, 31 days and so again: 153 in five of them.
        let since_march = (5 * of_year + 2) / 153;
        let month = if since_march < 10 { since_march + 3 } else { since_march - 9 };
        Self {
            year: cycle * 400 + year.cast_signed() + i64::from(month < 3),
            month,
            day: of_year - (153 * since_march + 2) / 5 + 1,
        }
    }
}
