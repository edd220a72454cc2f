//! Times that are due, by example, and by going through every minute of the nights in which clocks change.

use super::*;
use jiff::civil::time;
use proptest::prelude::*;

fn cron(line: &str) -> When {
    When::Cron(line.to_owned())
}

fn zone(name: &str) -> TimeZone {
    TimeZone::get(name).unwrap()
}

/// The first so many times that are due after `from`.
fn due(when: &When, from: &str, zone_name: &str, count: usize) -> Vec<String> {
    let mut now: Timestamp = from.parse().unwrap();
    let mut times = Vec::new();
    for _ in 0..count {
        now = when.next_after(now, &zone(zone_name)).unwrap();
        times.push(now.to_string());
    }
    times
}

#[test]
fn each_kind_has_its_times() {
    let six = time(6, 0, 0, 0);
    for (when, expected) in [
        (When::Hourly, ["2026-06-01T12:00:00Z", "2026-06-01T13:00:00Z"]),
        (When::Daily { at: six }, ["2026-06-02T04:00:00Z", "2026-06-03T04:00:00Z"]),
        (When::Weekly { on: Weekday::Wednesday, at: six }, ["2026-06-03T04:00:00Z", "2026-06-10T04:00:00Z"]),
        (cron("30 8 * * 1-5"), ["2026-06-02T06:30:00Z", "2026-06-03T06:30:00Z"]),
        (cron("*/20 * * * *"), ["2026-06-01T11:20:00Z", "2026-06-01T11:40:00Z"]),
        (cron("0 0 1 * *"), ["2026-06-30T22:00:00Z", "2026-07-31T22:00:00Z"]),
        // Either of the two days, as cron has it.
        (cron("0 12 13 * FRI"), ["2026-06-05T10:00:00Z", "2026-06-12T10:00:00Z"]),
    ] {
        assert_eq!(due(&when, "2026-06-01T11:00:00Z", "Europe/Berlin", 2), expected, "{when:?}");
    }
}

#[test]
fn what_is_next_is_later() {
    let hourly = When::Hourly;
    for (now, next) in [
        ("2026-06-01T11:59:59.999999Z", "2026-06-01T12:00:00Z"),
        ("2026-06-01T12:00:00Z", "2026-06-01T13:00:00Z"),
        ("2026-06-01T12:00:00.000001Z", "2026-06-01T13:00:00Z"),
    ] {
        assert_eq!(due(&hourly, now, "UTC", 1), [next]);
    }
}

/// In Berlin the clocks go from 02:00 to 03:00 on 29 March 2026, and from 03:00 back to 02:00 on 25 October.
#[test]
fn a_time_that_the_clocks_skip_is_at_the_end_of_the_gap() {
    let at = |line: &str, count| due(&cron(line), "2026-03-28T12:00:00Z", "Europe/Berlin", count);
    assert_eq!(at("30 2 * * *", 2), ["2026-03-29T01:00:00Z", "2026-03-30T00:30:00Z"]);
    // Two of them are at one moment, and so is what would be at that moment anyway: once.
    assert_eq!(
        at("0,30 2,3 * * *", 3),
        ["2026-03-29T01:00:00Z", "2026-03-29T01:30:00Z", "2026-03-30T00:00:00Z"]
    );
    assert_eq!(at("*/30 2 * * *", 2), ["2026-03-29T01:00:00Z", "2026-03-30T00:00:00Z"]);
    // Of every hour, there is one less.
    let hours = due(&When::Hourly, "2026-03-29T00:00:00Z", "Europe/Berlin", 2);
    assert_eq!(hours, ["2026-03-29T01:00:00Z", "2026-03-29T02:00:00Z"]);
    // Where midnight is skipped, too.
    assert_eq!(due(&cron("0 0 24 4 *"), "2026-04-01T00:00:00Z", "Africa/Cairo", 1), ["2026-04-23T22:00:00Z"],);
}

#[test]
fn a_time_that_the_clocks_show_twice_is_once() {
    let at = |line: &str, from: &str, count| due(&cron(line), from, "Europe/Berlin", count);
    let expected = ["2026-10-25T00:30:00Z", "2026-10-26T01:30:00Z"];
    assert_eq!(at("30 2 * * *", "2026-10-24T12:00:00Z", 2), expected);
    // Asked from within the second time, the first is over.
    assert_eq!(at("30 2 * * *", "2026-10-25T01:10:00Z", 1), ["2026-10-26T01:30:00Z"]);
    assert_eq!(
        at("*/30 2 * * *", "2026-10-24T12:00:00Z", 3),
        ["2026-10-25T00:00:00Z", "2026-10-25T00:30:00Z", "2026-10-26T01:00:00Z"]
    );
    // Every hour that passes, of which there is one more.
    let hours = due(&When::Hourly, "2026-10-24T23:30:00Z", "Europe/Berlin", 3);
    assert_eq!(hours, ["2026-10-25T00:00:00Z", "2026-10-25T01:00:00Z", "2026-10-25T02:00:00Z"]);
}

#[test]
fn what_is_no_line_is_refused() {
    let now = "2026-06-01T11:00:00Z".parse().unwrap();
    let told = |line: &str| cron(line).check("when.cron", now).unwrap_err().to_string();
    assert_eq!(
        told("0 30 2 * * *"),
        "when.cron: has not five fields: minute, hour, day of the month, month and day of the week"
    );
    for line in [
        "",
        "@daily",
        "* * * *",
        "60 * * * *",
        "0 24 * * *",
        "0 0 * 13 *",
        "0 0 * * 8",
        "a b c d e",
        "0 0 5-1-3 * *",
    ] {
        let told = told(line);
        assert!(told.starts_with("when.cron: "), "{line}: {told}");
    }
    assert_eq!(told("0 0 30 2 *"), "when.cron: is of a time that never comes");
    assert!(told(&format!("{}0 * * * *", "0,".repeat(200))).contains("200 bytes"));
    for line in ["0 0 29 2 *", "0 6 L * *", "15 10 * * MON#2", "0 0 * * 7"] {
        cron(line).check("when.cron", now).unwrap();
    }
}

/// Every minute from `from` on for so many hours in which a zone's clocks show this time of the day.
fn shown(from: Timestamp, hours: i64, zone: &TimeZone, time: Time) -> Vec<Timestamp> {
    let minutes = (0..hours * 60).map(|minute| from.plus_micros(minute * 60_000_000));
    minutes.filter(|instant| zone.to_datetime(instant.to_jiff()).time() == time).collect()
}

proptest! {
    /// Whatever the time of the day and wherever: each day has it once, at the first moment that the clocks show it, or
    /// at the end of the gap that they skip it in.
    #[test]
    fn every_day_has_its_time_once(
        hour in 0_i8..24,
        minute in 0_i8..60,
        name in prop::sample::select(vec![
            "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Africa/Cairo", "America/Santiago", "UTC",
        ]),
        day in 0_i64..365,
    ) {
        let (zone, at) = (zone(name), time(hour, minute, 0, 0));
        let begin: Timestamp = "2026-01-01T12:00:00Z".parse().unwrap();
        let begin = begin.plus_micros(day * 24 * 3_600_000_000);
        let end = begin.plus_micros(72 * 3_600_000_000);
        let (mut now, mut days) = (begin, Vec::new());
        loop {
            let next = When::Daily { at }.next_after(now, &zone).unwrap();
            prop_assert!(next > now);
            now = next;
            if now >= end { break }
            days.push(zone.to_datetime(now.to_jiff()).date());
            let shown = shown(now.plus_micros(-3 * 3_600_000_000), 3, &zone, at);
            prop_assert!(shown.is_empty(), "{} was shown before {}", at, now);
        }
        let mut distinct = days.clone();
        distinct.dedup();
        prop_assert_eq!(&distinct, &days);
        prop_assert!((2..=4).contains(&days.len()), "{:?}", days);
    }
}
