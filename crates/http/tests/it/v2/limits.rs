//! How many calls an account may make, and what it is told of that.

use crate::ask::Answer;
use crate::house::{ALL, House, OTHER, READ};
use std::time::Duration;

const FORMS: &str = "/api/v2/acme/forms";

fn said(answer: &Answer) -> (u16, [&str; 3]) {
    let names = ["retry-after", "ratelimit", "ratelimit-policy"];
    (answer.status.as_u16(), names.map(|name| answer.header(name)))
}

#[tokio::test]
async fn every_answer_says_what_is_left() {
    let house = House::limited(50, 10_000).await;
    let policy = "\"minute\";q=50;w=60, \"day\";q=10000;w=86400";
    let answer = house.get(FORMS).token(READ).await;
    assert_eq!(said(&answer), (200, ["", "\"minute\";r=49;t=60, \"day\";r=9999;t=86400", policy]));
    house.pass(Duration::from_secs(20));
    // It is the account that is counted, not the token, and refusals are calls, too.
    let answer = house.get("/api/v2/acme/forms/none").token(ALL).await;
    assert_eq!(said(&answer), (404, ["", "\"minute\";r=48;t=40, \"day\";r=9998;t=86380", policy]));
    let answer = house.get(FORMS).await;
    assert_eq!(said(&answer), (401, ["", "", ""]));
}

#[tokio::test]
async fn one_call_too_many_is_refused_until_a_minute_has_passed() {
    let house = House::limited(2, 0).await;
    for _ in 0..2 {
        assert_eq!(house.get(FORMS).token(READ).await.status, 200);
    }
    house.pass(Duration::from_millis(500));
    for _ in 0..5 {
        let answer = house.get("/api/v2/acme/forms/survey/results").token(READ).await;
        assert_eq!(said(&answer), (429, ["60", "\"minute\";r=0;t=60", "\"minute\";q=2;w=60"]));
        let message = "Too many requests; Retry-After says when to go on.";
        let body = serde_json::json!({ "error": { "message": message, "status": 429 } });
        assert_eq!(answer.json(), body);
    }
    assert_eq!(house.get("/api/v2/globex/forms").token(OTHER).await.status, 200);
    // A client that was refused just now and pauses for a minute is let in.
    house.pass(Duration::from_mins(1));
    assert_eq!(house.get(FORMS).token(READ).await.status, 200);
}

#[tokio::test]
async fn a_day_has_its_own_limit() {
    let house = House::limited(0, 3).await;
    for _ in 0..3 {
        assert_eq!(house.get(FORMS).token(READ).await.status, 200);
        house.pass(Duration::from_hours(1));
    }
    let answer = house.get(FORMS).token(READ).await;
    assert_eq!(said(&answer), (429, ["75600", "\"day\";r=0;t=75600", "\"day\";q=3;w=86400"]));
    house.pass(Duration::from_hours(21));
    assert_eq!(house.get(FORMS).token(READ).await.status, 200);
}

#[tokio::test]
async fn where_there_is_no_limit_nothing_is_said_of_one() {
    let house = House::idle().await;
    assert_eq!(said(&house.get(FORMS).token(READ).await), (200, ["", "", ""]));
}
