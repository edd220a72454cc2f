//! Answers and settings as forms of the web send them: as pairs, and in parts.

use crate::ask::Ask;
use crate::house::{ALL, House};
use insta::assert_snapshot;
use std::fmt::Write as _;

const ANSWER: &str = "/forms/customer-survey/answer";
const LINES: &str = r#"{"kind":"form","id":9,"account_id":20002,"shortname":"form_Every009","directory":"every","slug":"every","name":"Every","state":"open","partial":true,"items":[{"id":"1","type":"checkbox","label":"Pets","choices":[{"position":0,"label":"Cat"},{"position":1,"label":"Dog"}]},{"id":"2","type":"matrix_choice","label":"Rate","children":[{"id":"2-0","type":"radio","label":"Food","choices":[{"position":0,"label":"Bad"},{"position":1,"label":"Good"}]},{"id":"2-1","type":"radio","label":"The staff","choices":[{"position":0,"label":"Bad"},{"position":1,"label":"Good"}]}]},{"id":"3","type":"checkbox","label":"I agree","choices":[{"position":0,"label":"Yes"}]},{"id":"4","type":"file","label":"Papers"}]}
"#;

fn pairs<'a>(ask: Ask<'a>, body: &str) -> Ask<'a> {
    ask.header("content-type", "application/x-www-form-urlencoded; charset=UTF-8").body(body.to_owned())
}

/// A body in parts: a name and a value each, the name with what else its part says of itself.
fn in_parts<'a>(ask: Ask<'a>, parts: &[(&str, &str)]) -> Ask<'a> {
    let mut body = String::new();
    for (name, value) in parts {
        let _ = write!(body, "--limit\r\nContent-Disposition: form-data; name={name}\r\n\r\n{value}\r\n");
    }
    ask.header("content-type", "multipart/form-data; boundary=limit").body(body + "--limit--\r\n")
}

async fn data(house: &House, form: i64, id: &str) -> serde_json::Value {
    let stored = house.get(&format!("/open/forms/{form}/submissions/{id}")).token(ALL).await;
    stored.json()["data"].clone()
}

#[tokio::test]
async fn a_form_is_answered_with_pairs() {
    let house = House::idle().await;
    let body = "100=Ada+%26+Grace&101=a%20newspaper&102=4.50&completion_time=45&captcha=";
    let answer = pairs(house.post(ANSWER), body).await;
    assert_snapshot!(answer.shown(), @r#"
    200 application/json
    {"type":"success","message":"Form submission saved.","submission_id":"10000005","is_first_submission":false,"redirect":false}
    "#);
    let stored = house.get("/open/forms/1/submissions/10000005").token(ALL).await;
    assert_snapshot!(stored.shown(), @r#"
    200 application/json
    {"data":{"100":"Ada & Grace","101":"a newspaper","102":4.50,"status":"completed","created_at":"2026-05-01 07:59:15","id":10000005,"submission_id":"10000005"},"completion_time":45,"form_id":1,"id":10000005,"submission_id":"10000005"}
    "#);
}

#[tokio::test]
async fn lists_rows_boxes_and_files_come_in_brackets() {
    let house = House::idle().await;
    house.import(LINES.to_owned()).await;
    let address = "https%3A%2F%2Ffiles.example%2Fa.pdf";
    let body = format!(
        "1%5B%5D=Cat&1[]=Dog&2[Food]=Good&2[The+staff]=Bad&3=0&3=1&4[0][file_url]={address}&4[0][file_name]=A.pdf"
    );
    for ask in [
        pairs(house.post("/api/forms/every/answer"), &body),
        in_parts(
            house.post("/forms/9/answer"),
            &[
                ("\"1[]\"", "Cat"),
                ("\"1[]\"", "Dog"),
                ("\"2[Food]\"", "Good"),
                ("\"2[The staff]\"", "Bad"),
                ("\"3\"", "1"),
                ("\"4[0][file_url]\"", "https://files.example/a.pdf"),
                ("\"4[0][file_name]\"", "A.pdf"),
                ("\"photo\"; filename=\"\"", ""),
            ],
        ),
    ] {
        let answer = ask.await;
        assert_eq!(answer.status.as_u16(), 200, "{}", answer.text());
        let data = data(&house, 9, answer.json()["submission_id"].as_str().unwrap()).await;
        assert_eq!(data["1"], serde_json::json!(["Cat", "Dog"]));
        assert_eq!(data["2"], serde_json::json!({ "Food": "Good", "The staff": "Bad" }));
        assert_eq!(data["3"], true);
        assert_eq!(data["4"][0]["file_name"], "A.pdf", "{data}");
    }
}

#[tokio::test]
async fn parts_are_put_together_from_pairs_too() {
    let house = House::idle().await;
    let first = pairs(house.post(ANSWER), "102=3&is_partial=1").await.json();
    let word = first["submission_hash"].as_str().unwrap();
    let last = pairs(house.post(ANSWER), &format!("100=Ada&102=3&is_partial=0&submission_hash={word}")).await;
    assert_eq!(last.json()["submission_id"], "10000005", "{}", last.text());
}

#[tokio::test]
async fn what_is_wrong_with_pairs_is_named() {
    let house = House::idle().await;
    assert_snapshot!(pairs(house.post(ANSWER), "102=many").await.shown(), @r#"
    422 application/json
    {"message":"Name is required. (and 1 more error)","errors":{"100":["Name is required."],"102":["Stars is not a decimal number."]}}
    "#);
    let deep = format!("a{}=1", "[b]".repeat(20));
    assert_snapshot!(pairs(house.post(ANSWER), &deep).await.shown(), @r#"
    400 application/json
    {"message":"body has a name with too many brackets."}
    "#);
    let file = [("\"100\"; filename=\"a.txt\"", "hello")];
    assert_snapshot!(in_parts(house.post(ANSWER), &file).await.shown(), @r#"
    422 application/json
    {"message":"100 is a file: give the address of one that was uploaded.","errors":{"100":["100 is a file: give the address of one that was uploaded."]}}
    "#);
    let broken = house.post(ANSWER).header("content-type", "multipart/form-data; boundary=x").body("--y\r\n");
    assert_eq!(broken.await.status.as_u16(), 400);
    let nameless = house.post(ANSWER).header("content-type", "multipart/form-data").body("");
    assert_eq!(nameless.await.status.as_u16(), 400);
    // What says that it is a form, as some tools do of all they send, and is JSON.
    assert_eq!(pairs(house.post(ANSWER), r#" {"100":"Ada"}"#).await.status.as_u16(), 200);
}

#[tokio::test]
async fn settings_come_as_pairs_too() {
    let house = House::idle().await;
    let body = "integration_id=webhook&status=active&data[webhook_url]=https://example.com/in";
    let made = pairs(house.post("/open/forms/1/integrations").token(ALL), body).await;
    assert_eq!(
        made.json()["form_integration"]["data"]["webhook_url"],
        "https://example.com/in",
        "{}",
        made.text()
    );
    let body = "name=reporting&abilities[]=forms-read";
    let made = pairs(house.post("/settings/tokens").token(ALL), body).await;
    assert_eq!(made.json()["message"], "Access token successfully created!", "{}", made.text());
}
