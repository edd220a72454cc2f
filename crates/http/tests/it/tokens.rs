//! Who is let in: where a token may stand, and what it must be able to do.

use crate::ask::assert_refused;
use crate::house::{ALL, APRIL, FILLS, House, NOTHING, OTHER, READ, STATUS};
use insta::assert_snapshot;

const UNKNOWN: &str = "unknown-0123456789abcdef0123456789ab";

#[tokio::test]
async fn without_a_token_that_holds_nobody_is_let_in() {
    let house = House::new().await;
    let file = house.file().await;
    let task = r#"{"task_id":"550e8400-e29b-41d4-a716-446655440000"}"#;
    for (path, body) in [(FILLS, APRIL), (STATUS, task), (&*file, "")] {
        let ask = || if body.is_empty() { house.get(path) } else { house.post(path).json(body) };
        let answer = ask().await;
        assert_refused(&answer, 401, "a token is required, and none was given");
        assert_eq!(answer.header("www-authenticate"), "Bearer");
        for nothing in ["Bearer", "Bearer ", "Basic YTpi", "Token abc", ""] {
            let answer = ask().header("authorization", nothing).await;
            assert_refused(&answer, 401, "a token is required, and none was given");
        }
        assert_refused(&ask().token(UNKNOWN).await, 403, "the token is not known");
        assert_refused(&ask().token(NOTHING).await, 403, "the token lacks the ability forms-read");
    }
}

#[tokio::test]
async fn what_is_anothers_does_not_exist() {
    let house = House::new().await;
    let file = house.file().await;
    assert_refused(&house.get(&file).token(OTHER).await, 404, "the file was not found");
    assert_refused(&house.get(&format!("{file}?token={OTHER}")).await, 404, "the file was not found");
}

#[tokio::test]
async fn a_token_may_stand_in_three_places() {
    let house = House::new().await;
    let file = house.file().await;
    let with_token = |token: &str| APRIL.replace('{', &format!("{{\"token\":\"{token}\","));
    for ask in [
        house.post(FILLS).header("authorization", &format!("bearer {READ}")).json(APRIL),
        house.post(FILLS).header("authorization", &format!("BEARER   {READ} ")).json(APRIL),
        house.post(FILLS).json(&with_token(READ)),
        house.post(FILLS).xml(&format!(
            "<xml><token> {READ}\n</token><id>1</id><date_from>2026-04-01</date_from><date_to>2026-04-30</date_to></xml>"
        )),
        house.post(&format!("{FILLS}?token={READ}")).json(APRIL),
        house.post(&format!("{FILLS}?token={READ}")).token(READ).json(&with_token(READ)),
        house.post(&format!("{FILLS}?token=")).token(READ).json(&with_token("")),
        house.get(&file).token(READ),
        house.get(&format!("{file}?token={READ}")),
        house.get(&format!("{file}?a=b&token={}", READ.replace('-', "%2D"))),
    ] {
        let answer = ask.await;
        assert_eq!(answer.status.as_u16(), 200, "{}", String::from_utf8_lossy(&answer.body));
    }
}

#[tokio::test]
async fn two_tokens_that_differ_are_refused() {
    let house = House::idle().await;
    let with_token = |token: &str| APRIL.replace('{', &format!("{{\"token\":\"{token}\","));
    for ask in [
        house.post(FILLS).token(READ).json(&with_token(ALL)),
        house.post(&format!("{FILLS}?token={ALL}")).token(READ).json(APRIL),
        house.post(&format!("{FILLS}?token={ALL}")).json(&with_token(READ)),
        house.post(FILLS).token(READ).token(ALL).json(APRIL),
        house.get(&format!("/api/download/forms/a/b.zip?token={ALL}&token={READ}")),
    ] {
        assert_refused(&ask.await, 400, "token: is given more than once, and differs");
    }
    let twice = with_token(READ).replace('{', &format!("{{\"token\":\"{READ}\","));
    assert_refused(&house.post(FILLS).json(&twice).await, 400, "token: is given more than once");
    let number = APRIL.replace('{', "{\"token\":12345678901234567890,");
    assert_refused(&house.post(FILLS).json(&number).await, 400, "token: is not a text");
}

#[tokio::test]
async fn the_body_is_read_before_the_token_and_the_token_before_the_parameters() {
    let house = House::idle().await;
    let answer = house.post(FILLS).json("{").await;
    assert_eq!(answer.status.as_u16(), 400, "{}", answer.text());
    let answer = house.post(FILLS).json(r#"{"id":"wrong","date_from":1}"#).await;
    assert_snapshot!(answer.shown(), @r#"
    401 application/json
    {"error":401,"error_text":"a token is required, and none was given"}
    "#);
    let answer = house.post(&format!("{FILLS}?format=csv")).token(UNKNOWN).json("{}").await;
    assert_snapshot!(answer.shown(), @r#"
    403 application/json
    {"error":403,"error_text":"the token is not known"}
    "#);
}
