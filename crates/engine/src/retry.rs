//! When to try again, and when to give up.
//!
//! Guarantees: the pauses grow, and all of them together last for about three days; a receiver that says when to come back
//! is not called before, unless it asks for too long.
//!
//! Must not know: what is tried, or what else an attempt came to.

use crate::Random;
use fillhouse_model::Timestamp;

const SECOND: i64 = 1_000_000;
const MINUTE: i64 = 60 * SECOND;
const HOUR: i64 = 60 * MINUTE;

/// The pauses after the first, second, … attempt that failed: 72 hours in all.
const PAUSES: [i64; 12] = [
    5 * SECOND,
    30 * SECOND,
    2 * MINUTE,
    10 * MINUTE,
    30 * MINUTE,
    HOUR,
    2 * HOUR,
    4 * HOUR,
    8 * HOUR,
    12 * HOUR,
    20 * HOUR,
    24 * HOUR,
];
/// The longest that a receiver may ask us to stay away.
const LONGEST_RETRY_AFTER: i64 = 24 * HOUR;
/// The longest that a subscription is left alone because its last attempts failed, so that one that is dead does not take
/// up a place with each of its deliveries.
const LONGEST_REST: i64 = MINUTE;

/// When something of which `tries` attempts have failed is due again; none where that was the last.
pub(crate) fn next_attempt(
    tries: usize,
    retry_after: Option<Timestamp>,
    now: Timestamp,
    random: &Random,
) -> Option<Timestamp> {
    let pause = PAUSES.get(tries.checked_sub(1)?)?;
    let due = now.plus_micros(random.about(*pause));
    Some(retry_after.map_or(due, |asked| due.max(asked)))
}

/// Until when a receiver asks us to stay away, by its `Retry-After`: seconds, or a date.
pub(crate) fn retry_after(header: &str, now: Timestamp) -> Option<Timestamp> {
    let header = header.trim();
    let micros = match header.parse::<u64>() {
        Ok(seconds) => i64::try_from(seconds).ok().and_then(|seconds| seconds.checked_mul(SECOND)),
        Err(_) if header.bytes().all(|digit| digit.is_ascii_digit()) && !header.is_empty() => None,
        Err(_) => {
            let date = jiff::fmt::rfc2822::DateTimeParser::new().parse_timestamp(header).ok()?;
            Some(date.as_microsecond() - now.micros())
        }
    };
    Some(now.plus_micros(micros.unwrap_or(LONGEST_RETRY_AFTER).clamp(0, LONGEST_RETRY_AFTER)))
}

/// Until when a subscription is left alone after so many failures in a row.
pub(crate) fn rest(failures: u32, now: Timestamp) -> Timestamp {
    let doubled = SECOND.saturating_mul(1_i64 << failures.saturating_sub(1).min(30));
    now.plus_micros(doubled.min(LONGEST_REST))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now() -> Timestamp {
        "2026-06-01T12:00:00Z".parse().unwrap()
    }

    #[test]
    fn the_pauses_grow_for_about_three_days() {
        let random = Random::from_seed(3);
        let mut total = 0;
        for tries in 1..=PAUSES.len() {
            let due = next_attempt(tries, None, now(), &random).unwrap();
            let pause = due.micros() - now().micros();
            let planned = PAUSES[tries - 1];
            assert!((planned * 4 / 5..=planned * 6 / 5).contains(&pause), "{tries}: {pause}");
            total += pause;
        }
        assert!((60 * HOUR..=84 * HOUR).contains(&total), "{total}");
        assert_eq!(next_attempt(PAUSES.len() + 1, None, now(), &random), None);
        assert!(PAUSES.is_sorted());
    }

    #[test]
    fn a_receiver_says_when_to_come_back() {
        for (header, seconds) in [
            ("0", 0),
            ("120", 120),
            (" 7 ", 7),
            ("Mon, 01 Jun 2026 12:05:00 GMT", 300),
            ("Mon, 01 Jun 2026 11:00:00 GMT", 0),
            ("Mon, 01 Jun 2099 12:00:00 GMT", 24 * 3_600),
            ("99999999999999", 24 * 3_600),
            ("99999999999999999999999", 24 * 3_600),
        ] {
            let until = retry_after(header, now()).unwrap();
            assert_eq!(until, now().plus_micros(seconds * SECOND), "{header}");
        }
        for header in ["", "soon", "-5", "1.5"] {
            assert_eq!(retry_after(header, now()), None, "{header}");
        }
        let asked = retry_after("3600", now());
        assert_eq!(next_attempt(1, asked, now(), &Random::from_seed(1)), asked);
    }

    #[test]
    fn a_subscription_that_keeps_failing_is_left_alone_for_longer() {
        let seconds = |failures| (rest(failures, now()).micros() - now().micros()) / SECOND;
        assert_eq!([1, 2, 3, 6, 7, 99].map(seconds), [1, 2, 4, 32, 60, 60]);
    }
}
