//! The native dialect: storing submissions, and the problems that come of it.

use crate::ask::{Answer, Ask};
use crate::house::{ALL, APRIL, House, NOTHING, OTHER, READ};
use axum::http::StatusCode;
use insta::assert_snapshot;
use std::io::{Cursor, Read as _};

const SUBMISSIONS: &str = "/v1/forms/1/submissions";
const ADA: &str = r#"{"answers":{"100":"Ada"}}"#;

fn submit<'a>(house: &'a House, body: &str) -> Ask<'a> {
    house.post(SUBMISSIONS).token(ALL).json(body)
}

#[track_caller]
fn assert_problem(answer: &Answer, status: u16, detail: &str) {
    let json = answer.json();
    assert_eq!((answer.status.as_u16(), json["detail"].as_str()), (status, Some(detail)));
    assert_eq!(
        (json["status"].as_u64(), json["type"].as_str()),
        (Some(u64::from(status)), Some("about:blank"))
    );
    assert_eq!(answer.header("content-type"), "application/problem+json");
}

/// The ids of all of a form's submissions of the day on which the house is.
async fn ids(house: &House) -> Vec<String> {
    let url =
        house.export(&APRIL.replace("2026-04-01", "2026-05-01").replace("2026-04-30", "2026-05-02")).await;
    let answer = house.get(&format!("/api/download/forms/{url}")).token(ALL).await;
    let mut archive = zip::ZipArchive::new(Cursor::new(&answer.body)).unwrap();
    let mut csv = String::new();
    archive.by_index(0).unwrap().read_to_string(&mut csv).unwrap();
    csv.lines().skip(1).filter_map(|line| Some(line.split(',').next()?.to_owned())).collect()
}

#[tokio::test]
async fn a_submission_is_stored_and_so_are_many() {
    let house = House::new().await;
    assert_snapshot!(submit(&house, ADA).await.shown(), @r#"
    201 application/json
    {"ids":[10000005]}
    "#);
    let body =
        r#"{"submissions":[{"answers":{"100":"Grace","101":[{"position":0}]}},{"answers":{"100":"Hedy"}}]}"#;
    assert_snapshot!(submit(&house, body).await.shown(), @r#"
    201 application/json
    {"ids":[10000006,10000007]}
    "#);
    assert_eq!(ids(&house).await, ["10000004", "10000005", "10000006", "10000007"]);
}

#[tokio::test]
async fn a_form_is_named_by_its_id_its_shortname_or_its_slug() {
    let house = House::idle().await;
    for form in ["1", "form_6Ven2v7O", "customer-survey", "customer%2dsurvey"] {
        let answer = house.post(&format!("/v1/forms/{form}/submissions")).token(ALL).json(ADA).await;
        assert_eq!(answer.status, StatusCode::CREATED, "{form}");
    }
    for form in ["3", "999", "globex", "nobody", "..", "%00", "%ff", "a%2fb", "99999999999999999999"] {
        let answer = house.post(&format!("/v1/forms/{form}/submissions")).token(ALL).json(ADA).await;
        assert_eq!(
            (answer.status, answer.json()["status"].as_u64()),
            (StatusCode::NOT_FOUND, Some(404)),
            "{form}"
        );
    }
}

#[tokio::test]
async fn a_request_that_comes_again_is_answered_as_before_and_stores_nothing() {
    let house = House::new().await;
    let key = "8e03978e-40d5-43dd-bc93-6894a57f9324";
    let first = submit(&house, ADA).header("idempotency-key", key).await;
    let again = submit(&house, ADA).header("idempotency-key", key).await;
    assert_eq!((first.status, first.text()), (StatusCode::CREATED, r#"{"ids":[10000005]}"#));
    assert_eq!((again.status, again.text()), (first.status, first.text()));
    assert_eq!(ids(&house).await, ["10000004", "10000005"]);

    let other = submit(&house, r#"{"answers":{"100":"Grace"}}"#).header("idempotency-key", key).await;
    assert_snapshot!(other.shown(), @r#"
    422 application/problem+json
    {"type":"about:blank","title":"Unprocessable Entity","status":422,"detail":"Idempotency-Key: was used for another request","errors":[{"field":"Idempotency-Key","message":"was used for another request"}]}
    "#);
    // The key is another account's own affair.
    let theirs = house.post("/v1/forms/3/submissions").token(OTHER).header("idempotency-key", key);
    assert_eq!(theirs.json(r#"{"answers":{}}"#).await.status, StatusCode::CREATED);

    for bad in [String::new(), "k".repeat(256)] {
        let answer = submit(&house, ADA).header("idempotency-key", &bad).await;
        assert_problem(&answer, 422, "Idempotency-Key: is not 1 to 255 characters long");
    }
    let twice = submit(&house, ADA).header("idempotency-key", "a").header("idempotency-key", "b").await;
    assert_problem(&twice, 422, "Idempotency-Key: is given more than once");
    assert_eq!(ids(&house).await, ["10000004", "10000005"]);
}

#[tokio::test]
async fn all_that_is_wrong_is_said_at_once() {
    let house = House::new().await;
    let body = r#"{"submissions":[
        {"answers":{"101":[{"position":7}],"102":"many"}},
        {"answers":{"100":"Ada"}},
        {"answers":{"100":"Grace","999":"x"}},
        {"id":5,"answers":{"100":"Hedy"}}
    ]}"#;
    assert_snapshot!(submit(&house, body).await.shown(), @r#"
    422 application/problem+json
    {"type":"about:blank","title":"Unprocessable Entity","status":422,"detail":"submissions[0].answers.100: is required","errors":[{"field":"submissions[0].answers.100","message":"is required"},{"field":"submissions[0].answers.101[0].position","message":"7 is no choice of the item"},{"field":"submissions[0].answers.102","message":"is not a decimal number"},{"field":"submissions[2].answers.999","message":"the form has no such item"},{"field":"submissions[3].id","message":"is not taken for a new submission"}]}
    "#);
    assert_eq!(ids(&house).await, ["10000004"], "all are stored, or none");
}

#[tokio::test]
async fn a_body_of_another_shape_is_refused() {
    let house = House::idle().await;
    for (body, field, message) in [
        ("{}", "answers", "is missing"),
        ("[]", "body", "invalid type: sequence, expected an object"),
        (r#"[[{"answers":{"100":"Ada"}}]]"#, "body", "invalid type: sequence, expected an object"),
        (r#"{"answers":[]}"#, "answers", "invalid type: sequence, expected an object"),
        (r#"{"answers":{"100":1}}"#, "answers.100", "invalid type: integer `1`, expected a text"),
        (r#"{"answers":{"100":"Ada"},"color":"red"}"#, "color", "is not known here"),
        (r#"{"submissions":{}}"#, "submissions", "invalid type: map, expected a sequence"),
        (r#"{"submissions":[]}"#, "submissions", "holds 0 submissions, not 1 to 1000"),
        (r#"{"submissions":[1]}"#, "submissions[0]", "invalid type: integer `1`, expected an object"),
        (r#"{"submissions":[{}]}"#, "submissions[0].answers", "is missing"),
        (r#"{"submissions":[{"answers":{"100":"Ada"}}],"more":1}"#, "more", "is not known here"),
    ] {
        let answer = submit(&house, body).await;
        let json = answer.json();
        let error = &json["errors"][0];
        assert_eq!(
            (answer.status.as_u16(), error["field"].as_str()),
            (422, Some(field)),
            "{body}: {}",
            answer.text()
        );
        assert!(error["message"].as_str().unwrap().starts_with(message), "{body}: {}", answer.text());
    }
    let many = vec![ADA; 1_001].join(",");
    let answer = submit(&house, &format!(r#"{{"submissions":[{many}]}}"#)).await;
    assert_problem(&answer, 422, "submissions: holds 1001 submissions, not 1 to 1000");
    let many = vec![ADA; 1_000].join(",");
    let answer = submit(&house, &format!(r#"{{"submissions":[{many}]}}"#)).await;
    assert_eq!(answer.json()["ids"].as_array().unwrap().len(), 1_000);
}

#[tokio::test]
async fn a_body_that_cannot_be_read_is_refused() {
    let house = House::idle().await;
    for body in ["", "{", "{\"answers\":{}} {}", "{\"answers\":{\"100\":\"Ada}}"] {
        let answer = submit(&house, body).await;
        assert_eq!((answer.status.as_u16(), answer.json()["status"].as_u64()), (400, Some(400)), "{body}");
    }
    assert_problem(&submit(&house, "").body(&b"{\"a\":\"\xff\"}"[..]).await, 400, "body: is not UTF-8");
    let large = submit(&house, &format!("{ADA}{}", " ".repeat(10_000_000))).await;
    assert_problem(&large, 413, "the body is larger than 10000000 bytes");
    for content_type in ["", "text/plain", "application/xml", "application/x-www-form-urlencoded"] {
        let answer = house.post(SUBMISSIONS).token(ALL).header("content-type", content_type).body(ADA).await;
        assert_problem(&answer, 415, "the Content-Type is not application/json, the only one that is taken");
    }
    let answer = house
        .post(SUBMISSIONS)
        .token(ALL)
        .body(ADA)
        .header("content-type", "application/JSON; charset=utf-8");
    assert_eq!(answer.await.status, StatusCode::CREATED);
}

#[tokio::test]
async fn a_closed_form_takes_nothing() {
    let house = House::idle().await;
    let answer = house.post("/v1/forms/2/submissions").token(ALL).json(r#"{"answers":{"1":"Ada"}}"#).await;
    assert_snapshot!(answer.shown(), @r#"
    409 application/problem+json
    {"type":"about:blank","title":"Conflict","status":409,"detail":"the form is closed (manually)"}
    "#);
}

#[tokio::test]
async fn who_may_not_write_stores_nothing() {
    let house = House::idle().await;
    let ask = || house.post(SUBMISSIONS).json(ADA);
    let answer = ask().await;
    assert_problem(&answer, 401, "a token is required, and none was given");
    assert_eq!(answer.header("www-authenticate"), "Bearer");
    let answer = ask().token("unknown-0123456789abcdef0123456789ab").await;
    assert_problem(&answer, 401, "the token is not known");
    assert_eq!(answer.header("www-authenticate"), "Bearer error=\"invalid_token\"");
    for token in [READ, NOTHING] {
        assert_problem(&ask().token(token).await, 403, "the token lacks the ability forms-write");
    }
    let answer =
        house.post(&format!("{SUBMISSIONS}?token={ALL}")).json(&ADA.replace('{', r#"{"token":"x","#)).await;
    assert_problem(&answer, 401, "a token is required, and none was given");
    let answer = ask().token(ALL).token(READ).await;
    assert_problem(&answer, 400, "token: is given more than once, and differs");
}

#[tokio::test]
async fn one_submission_is_looked_at_changed_and_deleted() {
    let house = House::idle().await;
    let path = "/v1/forms/1/submissions/10000001";
    let before = house.get(path).token(READ).await;
    assert_snapshot!(before.shown(), @r#"
    200 application/json
    {"kind":"submission","form_id":1,"id":10000001,"status":"Complete","date_finish":"2026-03-31T22:00:00Z","date_update":"2026-03-31T22:00:00Z","answers":{"100":"Ada, \"the first\"","101":[{"position":1,"other":"a poster"}]}}
    "#);
    let changed = house.patch(path).token(ALL).json(r#"{"answers":{"102":"4"},"user_ip":"10.0.0.1"}"#).await;
    assert_snapshot!(changed.shown(), @r#"
    200 application/json
    {"kind":"submission","form_id":1,"id":10000001,"status":"Complete","date_finish":"2026-03-31T22:00:00Z","date_update":"2026-05-01T08:00:00Z","user_ip":"10.0.0.1","answers":{"100":"Ada, \"the first\"","101":[{"position":1,"other":"a poster"}],"102":"4"}}
    "#);
    assert_eq!(
        house.get("/v1/forms/customer-survey/submissions/10000001").token(READ).await.text(),
        changed.text()
    );

    let stale = house.patch(path).token(ALL).json(before.text()).await;
    assert_problem(&stale, 409, "the submission was changed since it was read");
    let wrong = house.patch(path).token(ALL).json(r#"{"answers":{"100":null,"999":"x"}}"#).await;
    assert_problem(&wrong, 422, "answers.999: the form has no such item");
    let no_json = house.patch(path).token(ALL).body("{}").await;
    assert_eq!(no_json.status.as_u16(), 415);

    let gone = house.delete(path).token(ALL).await;
    assert_eq!((gone.status.as_u16(), gone.text()), (204, ""));
    assert_problem(&house.get(path).token(READ).await, 404, "submission 10000001 was not found");
    assert_problem(&house.delete(path).token(ALL).await, 404, "submission 10000001 was not found");
}

#[tokio::test]
async fn one_submission_is_hidden_from_those_whose_it_is_not() {
    let house = House::idle().await;
    for (path, token, status) in [
        ("/v1/forms/1/submissions/10000001", OTHER, 404),
        ("/v1/forms/3/submissions/10000001", OTHER, 404),
        ("/v1/forms/2/submissions/10000001", ALL, 404),
        ("/v1/forms/1/submissions/first", ALL, 404),
        ("/v1/forms/1/submissions/10000001", NOTHING, 403),
        ("/v1/forms/1/submissions/10000001", "unknown-0123456789abcdef0123456789ab", 401),
    ] {
        for ask in [house.get(path), house.delete(path), house.patch(path).json("{}")] {
            assert_eq!(ask.token(token).await.status.as_u16(), status, "{path}");
        }
    }
    assert_eq!(house.get("/v1/forms/1/submissions/10000001").token(READ).await.status, StatusCode::OK);
}

#[tokio::test]
async fn unknown_paths_and_methods_are_problems_too() {
    let house = House::idle().await;
    for path in ["/v1", "/v1/", "/v1/nothing", "/v1/forms/1/submissions/2/3"] {
        assert_problem(&house.get(path).token(ALL).await, 404, "there is no such path");
    }
    let answer = house.get(SUBMISSIONS).token(ALL).await;
    assert_problem(&answer, 405, "the path does not take this method");
    assert_eq!(answer.header("allow"), "POST");
}
