//! Submissions by day, as a picture with its axes.
//!
//! Guarantees: where days are chosen, they are what it shows; a bar leads to its own days alone.
//!
//! Must not know: how anything is counted.

use super::asked::Asked;
use super::draw::{Bar, dates_below, leading_bars};
use super::say::{count, number};
use fillhouse_engine::{date_of, number_of};
use std::collections::BTreeMap;

/// How many bars there are at most; of more days, each bar is of several.
const MOST_BARS: i64 = 120;
/// How many steps the numbers at the side go up in, at most.
const MOST_STEPS: u64 = 4;
/// How many parts the dates below make of the picture, at most.
const MOST_PARTS: usize = 4;

/// The picture.
pub(super) struct OverTime {
    pub(super) bars: String,
    /// The numbers at the side, from above.
    pub(super) scale: Vec<String>,
    pub(super) dates: String,
    /// What it shows, in words.
    pub(super) said: String,
}

/// Of how many submissions are of which day.
pub(super) fn over_time(days: &BTreeMap<i64, u64>, today: i64, asked: &Asked) -> OverTime {
    let (first, last) = range(days, today, asked);
    let each = (last - first) / MOST_BARS + 1;
    let begins: Vec<i64> = (0..=(last - first) / each).map(|place| first + place * each).collect();
    let counts: Vec<u64> =
        begins.iter().map(|begin| days.range(begin..&(begin + each)).map(|(_, n)| n).sum()).collect();
    let most = counts.iter().max().copied().unwrap_or(0);
    let (step, top) = scale(most);
    let bar = |(begin, count): (&i64, &u64)| {
        let end = (begin + each - 1).min(last);
        let (from, to) = (date_of(*begin)?, date_of(end)?);
        let said = format!("{}: {}", span_of(*begin, end), number(*count));
        Some(Bar { count: *count, query: asked.of_days(from, to).to_query(), said })
    };
    let bars: Vec<Bar> = begins.iter().zip(&counts).filter_map(bar).collect();
    // The picture ends with its last day, and not where its last bar begins.
    let shown =
        |n: usize| if n > 0 && n + 1 == begins.len() { last } else { begins.get(n).copied().unwrap_or(last) };
    let ticks: Vec<_> = ticks(begins.len()).map(|n| (n, day(shown(n)))).collect();
    let days_said = count(last - first + 1, "day", "days");
    let span = match each {
        1 => "in a day".to_owned(),
        each => format!("in one of the spans of {each} days"),
    };
    OverTime {
        bars: leading_bars(&bars, top, step, "days"),
        scale: (0..=top / step).rev().map(|n| number(n * step)).collect(),
        dates: dates_below(&ticks, begins.len()),
        said: format!("{days_said}, {}; at most {} {span}.", span_of(first, last), number(most)),
    }
}

/// A day, as it is written.
fn day(day: i64) -> String {
    date_of(day).map(|date| date.to_string()).unwrap_or_default()
}

/// The days from one to another.
fn span_of(first: i64, last: i64) -> String {
    if first == last { day(first) } else { format!("{} – {}", day(first), day(last)) }
}

/// The first and the last day that are shown.
fn range(days: &BTreeMap<i64, u64>, today: i64, asked: &Asked) -> (i64, i64) {
    let (from, to) = asked.days();
    let (from, to) = (from.map(number_of), to.map(number_of));
    let known = (days.keys().next().copied(), days.keys().next_back().copied());
    let last = to.unwrap_or_else(|| today.max(known.1.unwrap_or(today)).max(from.unwrap_or(i64::MIN)));
    let first = from.or(known.0).unwrap_or(last);
    (first.min(last), last)
}

/// The steps of the scale, and where it ends: numbers that people count in.
fn scale(most: u64) -> (u64, u64) {
    let mut step = 1_u64;
    for factor in [2, 5, 10].into_iter().cycle() {
        if step.saturating_mul(MOST_STEPS) >= most {
            break;
        }
        step = match factor {
            5 => step / 2 * 5,
            _ => step * 2,
        };
    }
    (step, most.max(1).div_ceil(step) * step)
}

/// The bars that have their date below.
fn ticks(bars: usize) -> impl Iterator<Item = usize> {
    let last = bars.saturating_sub(1);
    let parts = last.clamp(1, MOST_PARTS);
    let mut places: Vec<usize> = (0..=parts).map(|n| n * last / parts).collect();
    places.dedup();
    places.into_iter()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scales_are_of_round_numbers() {
        for (most, expected) in [
            (0, (1, 1)),
            (1, (1, 1)),
            (4, (1, 4)),
            (5, (2, 6)),
            (9, (5, 10)),
            (21, (10, 30)),
            (702, (200, 800)),
            (12_345, (5_000, 15_000)),
        ] {
            assert_eq!(scale(most), expected, "{most}");
        }
    }

    fn said(days: &[(i64, u64)], query: &str) -> (String, usize) {
        let days = days.iter().copied().collect();
        let shown = over_time(&days, 20_600, &Asked::of(query));
        (shown.said, shown.bars.matches("<a ").count())
    }

    #[test]
    fn the_days_that_are_chosen_are_what_is_shown() {
        let days = [(20_544, 3), (20_550, 1)];
        assert_eq!(said(&days, ""), ("57 days, 2026-04-01 – 2026-05-27; at most 3 in a day.".to_owned(), 57));
        let one = "1 day, 2026-04-01; at most 3 in a day.".to_owned();
        assert_eq!(said(&days[..1], "from=2026-04-01&to=2026-04-01"), (one, 1));
        let until = "7 days, 2026-04-01 – 2026-04-07; at most 3 in a day.".to_owned();
        assert_eq!(said(&days, "to=2026-04-07"), (until, 7));
        let none = "31 days, 2026-01-01 – 2026-01-31; at most 0 in a day.".to_owned();
        assert_eq!(said(&[], "from=2026-01-01&to=2026-01-31"), (none, 31));
        let all = said(&days, "from=0001-01-01&to=9999-12-31");
        assert!(all.0.contains("in one of the spans of 30434 days.") && all.1 == 120, "{all:?}");
        let to_come = said(&[], "from=2027-01-01");
        assert_eq!(to_come.0, "1 day, 2027-01-01; at most 0 in a day.");
    }
}
