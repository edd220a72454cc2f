//! Answering a form, for everybody.

use crate::house::{ALL, House};
use insta::assert_snapshot;

const ANSWER: &str = "/forms/customer-survey/answer";

#[tokio::test]
async fn a_form_is_answered_without_a_token() {
    let house = House::idle().await;
    let body = r#"{"100":"Ada","101":"a newspaper","102":4.50,"completion_time":45,"captcha":"passed over"}"#;
    let answer = house.post(ANSWER).json(body).await;
    assert_snapshot!(answer.shown(), @r#"
    200 application/json
    {"type":"success","message":"Form submission saved.","submission_id":"10000005","is_first_submission":false,"redirect":false}
    "#);
    let stored = house.get("/open/forms/1/submissions/10000005").token(ALL).await;
    assert_snapshot!(stored.shown(), @r#"
    200 application/json
    {"data":{"100":"Ada","101":"a newspaper","102":4.50,"status":"completed","created_at":"2026-05-01 07:59:15","id":10000005,"submission_id":"10000005"},"completion_time":45,"form_id":1,"id":10000005,"submission_id":"10000005"}
    "#);

    house.import(EMPTY.to_owned()).await;
    let first = house.post("/api/forms/9/answer").json(r#"{"1":"Ada"}"#).await;
    assert_eq!(first.json()["is_first_submission"], true, "{}", first.text());
}

const EMPTY: &str = r#"{"kind":"form","id":9,"account_id":20002,"shortname":"form_Empty009","directory":"empty","slug":"empty","name":"Empty","state":"open","items":[{"id":"1","type":"text","label":"Name"}]}
"#;

#[tokio::test]
async fn parts_are_put_together_by_a_word_that_cannot_be_guessed() {
    let house = House::idle().await;
    let first = house.post(ANSWER).json(r#"{"102":"3","is_partial":true}"#).await;
    let json = first.json();
    assert_eq!((&json["type"], &json["message"]), (&"success".into(), &"Partial submission saved".into()));
    let word = json["submission_hash"].as_str().unwrap().to_owned();
    assert_eq!(json.as_object().unwrap().len(), 3, "{}", first.text());

    let wrong = house.post(ANSWER).json(r#"{"100":"Eve","submission_hash":"10000005-00"}"#).await;
    assert_snapshot!(wrong.shown(), @r#"
    422 application/json
    {"message":"submission_hash is not known.","errors":{"submission_hash":["submission_hash is not known."]}}
    "#);
    let last = house.post(ANSWER).json(&format!(r#"{{"100":"Ada","102":3,"submission_id":"{word}"}}"#)).await;
    assert_eq!(last.json()["submission_id"], "10000005", "{}", last.text());
    let again = house.post(ANSWER).json(&format!(r#"{{"100":"Eve","submission_hash":"{word}"}}"#)).await;
    assert_snapshot!(again.shown(), @r#"
    422 application/json
    {"message":"submission_hash is of a submission that is finished.","errors":{"submission_hash":["submission_hash is of a submission that is finished."]}}
    "#);
}

#[tokio::test]
async fn what_is_wrong_is_named_by_property() {
    let house = House::idle().await;
    assert_snapshot!(house.post(ANSWER).json(r#"{"101":"","102":"many"}"#).await.shown(), @r#"
    422 application/json
    {"message":"Name is required. (and 1 more error)","errors":{"100":["Name is required."],"102":["Stars is not a decimal number."]}}
    "#);
    assert_snapshot!(house.post(ANSWER).json(r#"{"100":{"a":1},"101":["A friend","Other"]}"#).await.shown(), @r#"
    422 application/json
    {"message":"Name is not a text. (and 1 more error)","errors":{"100":["Name is not a text."],"101":["Source takes one option."]}}
    "#);
    assert_snapshot!(house.post(ANSWER).json("{").await.shown(), @r#"
    400 application/json
    {"message":"body is not JSON: EOF while parsing an object at line 1 column 1."}
    "#);
    assert_snapshot!(house.post("/forms/old-survey/answer").json(r#"{"1":"Ada"}"#).await.shown(), @r#"
    403 application/json
    {"message":"This form is closed."}
    "#);
    assert_snapshot!(house.post("/forms/no-such-form/answer").json("{}").await.shown(), @r#"
    404 application/json
    {"message":"Form no-such-form was not found."}
    "#);
    assert_snapshot!(house.get(ANSWER).await.shown(), @r#"
    405 application/json
    {"message":"The GET method is not supported for route forms/customer-survey/answer."}
    "#);
}
