//! The days of a form: those of its own time zone, else of its account's.
//!
//! Guarantees: a day means the same instants to a table, to a summary and to an export.
//!
//! Must not know: what is counted by days.

use fillhouse_model::{Account, Fault, Form, Period, TimeRange, Timestamp, time_zone};
use jiff::civil::Date;
use jiff::tz::TimeZone;

const DAY_MICROS: i64 = 24 * 3_600 * 1_000_000;
/// How many days are looked up in a list; outside of it, each instant is asked about by itself.
const MOST_LISTED: i64 = 40_000;

/// The days of a form.
#[derive(Debug, Clone)]
pub struct FormDays {
    zone: TimeZone,
    name: String,
}

impl FormDays {
    /// Those of a form of an account.
    ///
    /// # Errors
    /// Names `timezone` where this program knows no such zone.
    pub fn new(form: &Form, account: &Account) -> Result<Self, Fault> {
        let name = form.timezone.as_deref().unwrap_or(&account.timezone);
        Ok(Self { zone: time_zone("timezone", name)?, name: name.to_owned() })
    }

    /// What the zone is called.
    pub fn zone_name(&self) -> &str {
        &self.name
    }

    /// The instants from the beginning of the first day up to the end of the last one; none where no day is said.
    pub fn range(&self, from: Option<Date>, to: Option<Date>) -> Option<TimeRange> {
        let of = |day: Date| Period { from: day, to: day }.in_zone(&self.zone);
        (from.is_some() || to.is_some()).then(|| TimeRange {
            from: from.map_or(jiff::Timestamp::MIN.into(), |day| of(day).from),
            until: to.map_or(jiff::Timestamp::MAX.into(), |day| of(day).until),
        })
    }

    /// What its clocks show at an instant.
    pub fn clock(&self, instant: Timestamp) -> jiff::civil::DateTime {
        self.zone.to_datetime(instant.to_jiff())
    }

    /// The day that an instant is in, by its number since 1970.
    pub fn day_of(&self, instant: Timestamp) -> i64 {
        let date = self.clock(instant).date();
        // Where the clocks are put back over midnight, a date ends, begins, and ends again.
        let is_past = |day: Date| self.begin(day) <= instant.micros();
        number_of(match date.tomorrow() {
            Ok(next) if is_past(next) => next,
            _ if !is_past(date) => date.yesterday().unwrap_or(date),
            _ => date,
        })
    }

    fn begin(&self, day: Date) -> i64 {
        Period { from: day, to: day }.in_zone(&self.zone).from.micros()
    }

    /// The days that instants between these two are in.
    pub(crate) fn listed(&self, first: i64, last: i64) -> ListedDays<'_> {
        let at = |micros| Timestamp::from_micros(micros).map(|instant| self.day_of(instant));
        let (first, last) = at(first).zip(at(last)).unwrap_or((0, MOST_LISTED));
        // Where some date is far off, most are of these times nevertheless.
        let (first, last) = if last - first > MOST_LISTED { (0, MOST_LISTED) } else { (first, last) };
        let begins = (first..=last + 1).map_while(|day| Some(self.begin(date_of(day)?)));
        ListedDays { days: self, first, begins: begins.collect() }
    }
}

/// Days whose beginnings are at hand.
pub(crate) struct ListedDays<'a> {
    days: &'a FormDays,
    /// The number of the first.
    first: i64,
    /// When each begins.
    begins: Vec<i64>,
}

impl ListedDays<'_> {
    /// As [`FormDays::day_of`].
    pub(crate) fn day_of(&self, micros: i64) -> i64 {
        let from_list = || {
            let begin = *self.begins.first()?;
            // Days have more or less than 24 hours, so that this is right, or nearly so.
            let mut place = usize::try_from((micros - begin).div_euclid(DAY_MICROS)).ok()?;
            while *self.begins.get(place)? > micros {
                place = place.checked_sub(1)?;
            }
            while *self.begins.get(place + 1)? <= micros {
                place += 1;
            }
            Some(self.first + place as i64)
        };
        let by_itself = || Timestamp::from_micros(micros).map_or(0, |instant| self.days.day_of(instant));
        from_list().unwrap_or_else(by_itself)
    }
}

/// The day of this number since 1970; none outside of the calendar.
pub fn date_of(day: i64) -> Option<Date> {
    let span = jiff::Span::new().try_days(day).ok()?;
    Date::constant(1970, 1, 1).checked_add(span).ok()
}

/// The number of a day since 1970.
pub fn number_of(day: Date) -> i64 {
    i64::from(Date::constant(1970, 1, 1).until(day).map_or(0, |span| span.get_days()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn days(zone: &str) -> FormDays {
        FormDays { zone: time_zone("timezone", zone).unwrap(), name: zone.to_owned() }
    }

    fn micros(text: &str) -> i64 {
        text.parse::<Timestamp>().unwrap().micros()
    }

    #[test]
    fn a_day_begins_where_the_clocks_say() {
        let day = |zone: &str, at: &str| date_of(days(zone).day_of(at.parse().unwrap())).unwrap().to_string();
        assert_eq!(day("Europe/Berlin", "2026-03-31T21:59:59Z"), "2026-03-31");
        assert_eq!(day("Europe/Berlin", "2026-03-31T22:00:00Z"), "2026-04-01");
        assert_eq!(day("Asia/Beirut", "2026-03-28T21:59:59Z"), "2026-03-28");
        assert_eq!(day("Asia/Beirut", "2026-03-28T22:00:00Z"), "2026-03-29");
        assert_eq!(day("UTC", "0000-01-01T00:00:00Z"), "0000-01-01");
    }

    proptest! {
        /// Also where the clocks were put back a minute after midnight, and where a day was left out.
        #[test]
        fn an_instant_is_in_the_range_of_its_day(
            zone in prop::sample::select(vec!["UTC", "Europe/Berlin", "America/St_Johns", "Pacific/Apia", "Asia/Beirut"]),
            hour in 0_i64..200_000,
            minute in 0_i64..60,
        ) {
            let days = days(zone);
            let at = micros("1990-01-01T00:00:00Z") + (hour * 60 + minute) * 60_000_000;
            let instant = Timestamp::from_micros(at).unwrap();
            let number = days.day_of(instant);
            let date = date_of(number).unwrap();
            prop_assert_eq!(number_of(date), number);
            prop_assert!(days.range(Some(date), Some(date)).unwrap().contains(instant));
            let listed = days.listed(at - 40 * DAY_MICROS, at + 3 * DAY_MICROS);
            prop_assert_eq!((listed.day_of(at), listed.begins.len() > 40), (number, true));
            prop_assert_eq!(days.listed(i64::MIN, i64::MAX).day_of(at), number);
        }
    }

    #[test]
    fn a_minute_after_midnight_the_clocks_were_put_back() {
        let days = days("America/St_Johns");
        for minute in 0..240 {
            let at = micros("2006-10-29T01:00:00Z") + minute * 60_000_000;
            let instant = Timestamp::from_micros(at).unwrap();
            let date = date_of(days.day_of(instant)).unwrap();
            assert!(days.range(Some(date), Some(date)).unwrap().contains(instant), "{instant}");
            assert_eq!(days.listed(at, at).day_of(at), number_of(date));
        }
    }
}
