//! The rules of the values beside the answers, and of how long a text may be.

use super::{assert_said, new};

#[test]
fn texts_have_a_longest() {
    let answer = |bytes: usize| new(&format!(r#"{{"answers":{{"1":"{}"}}}}"#, "x".repeat(bytes)));
    assert!(answer(1 << 20).is_ok());
    assert_said(&answer((1 << 20) + 1), "answers.1: is longer than 1048576 bytes");
    let meta = |characters: usize| {
        let text = "ж".repeat(characters);
        new(&format!(r#"{{"user_referrer":"{text}","answers":{{}}}}"#))
    };
    assert!(meta(2_000).is_ok());
    assert_said(&meta(2_001), "user_referrer: is longer than 2000 characters");
}

#[test]
fn an_amount_is_a_decimal_and_stays_as_it_was_written() {
    let amount = |number: &str| new(&format!(r#"{{"payment_amount":{number},"answers":{{}}}}"#));
    for good in ["0", "12.50", "-3.10", "123456789012345678901234567.89"] {
        assert_eq!(amount(good).unwrap().payment_amount.as_deref(), Some(good));
    }
    assert_eq!(amount("null").unwrap().payment_amount, None);
    for bad in ["1e5", "\"5\"", "true", "[1]"] {
        assert_said(&amount(bad), "payment_amount: is not a decimal number without an exponent");
    }
    assert_said(&amount(&"1".repeat(31)), "payment_amount: is longer than 30 characters");
    assert_said(&amount("05"), ": is not JSON");
}

#[test]
fn a_profile_has_an_audience() {
    let with = |fields: &str| new(&format!(r#"{{{fields},"answers":{{}}}}"#));
    assert!(with(r#""audience_id":3,"profile_id":"507f1f77bcf86cd799439011""#).is_ok());
    assert_said(&with(r#""audience_id":3"#), "profile_id: is missing beside audience_id");
    let lone = r#""profile_id":"507f1f77bcf86cd799439011""#;
    assert_said(&with(lone), "audience_id: is missing beside profile_id");
}

#[test]
fn only_rfc_3339_with_an_offset_is_a_time() {
    let start = |text: &str| new(&format!(r#"{{"date_start":"{text}","answers":{{}}}}"#));
    for good in [
        "2026-04-01T09:00:00Z",
        "2026-04-01T09:00:00.123456789+05:45",
        "0001-01-01T00:00:00Z",
        "2026-04-01T09:00:00-12:00",
    ] {
        assert!(start(good).is_ok(), "{good}: {:?}", start(good));
    }
    for bad in [
        "",
        "2026-04-01",
        "2026-04-01T09:00:00",
        "2026-04-01 09:00:00Z",
        "20260401T090000Z",
        "2026-04-01T09:00Z",
        "2026-04-01T09:00:00.Z",
        "2026-04-01T09:00:00+02",
        "2026-04-01T09:00:00+02:00[Europe/Berlin]",
        "2026-02-30T09:00:00Z",
        "0000-12-31T23:59:59Z",
        "0001-01-01T00:00:00+01:00",
        "-002026-04-01T09:00:00Z",
        "2026-04-01T09:00:0éZ",
    ] {
        assert_said(&start(bad), "date_start: is not a date and time with an offset");
    }
}
