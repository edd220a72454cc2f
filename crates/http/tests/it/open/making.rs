//! Forms that clients make, change and delete.

use crate::ask::redacted;
use crate::house::{ALL, House, OTHER, READ};
use insta::assert_snapshot;
use serde_json::{Value, json};

const NAME: &str = "3f0c2a51-9f0b-4bb0-9d0e-0a7a4d9c1b11";

fn survey() -> Value {
    json!({
        "title": "Customer survey",
        "workspace_id": 20002,
        "visibility": "public",
        "enable_partial_submissions": true,
        "properties": [
            { "id": NAME, "type": "text", "name": "Name", "required": true },
            { "id": "intro", "type": "nf-text", "name": "Intro", "content": "Hello" },
            { "id": "about", "type": "text", "name": "About you", "multi_lines": true },
            { "id": "7", "type": "select", "name": "Colour", "allow_creation": true,
              "select": { "options": [{ "id": "Red", "name": "Red" }, { "id": "Blue", "name": "Blue" }] } },
            { "id": "terms", "type": "checkbox", "name": "I agree" },
            { "id": "grid", "type": "matrix", "name": "Rate", "rows": ["Food", "Staff"], "columns": ["Bad", "Good"] },
        ]
    })
}

async fn made(house: &House) -> Value {
    let answer = house.post("/open/forms").token(ALL).json(&survey().to_string()).await;
    assert_eq!(answer.status.as_u16(), 200, "{}", answer.text());
    answer.json()["form"].clone()
}

#[tokio::test]
async fn a_form_is_made_with_the_ids_that_its_properties_have() {
    let house = House::idle().await;
    let answer = house.post("/open/forms").token(ALL).json(&survey().to_string()).await;
    let mut shown = answer.json();
    let slug = shown["form"]["slug"].take();
    let slug = slug.as_str().unwrap();
    assert!(slug.starts_with("customer-survey-") && slug.len() == 22, "{slug}");
    shown["form"]["share_url"].take();
    assert_snapshot!(redacted(&shown.to_string()), @r#"{"form":{"closes_at":null,"created_at":"2026-05-01T08:00:00+00:00","description":null,"enable_partial_submissions":true,"id":4,"is_closed":false,"max_number_of_submissions_reached":false,"max_submissions_count":null,"properties":[{"help":null,"hidden":false,"id":"[uuid]","multi_lines":false,"name":"Name","placeholder":null,"required":true,"type":"text","width":"full"},{"content":"Hello","id":"intro","name":"Intro","type":"nf-text"},{"help":null,"hidden":false,"id":"100","multi_lines":true,"name":"About you","placeholder":null,"required":false,"type":"text","width":"full"},{"allow_creation":true,"help":null,"hidden":false,"id":"7","name":"Colour","placeholder":null,"required":false,"select":{"options":[{"id":"Red","name":"Red"},{"id":"Blue","name":"Blue"},{"id":"Other","name":"Other"}]},"type":"select","width":"full"},{"help":null,"hidden":false,"id":"101","name":"I agree","placeholder":null,"required":false,"type":"checkbox","width":"full"},{"columns":["Bad","Good"],"help":null,"hidden":false,"id":"102","name":"Rate","placeholder":null,"required":false,"rows":["Food","Staff"],"type":"matrix","width":"full"}],"removed_properties":[],"share_url":null,"slug":null,"submissions_count":0,"tags":[],"title":"Customer survey","updated_at":"2026-05-01T08:00:00+00:00","views_count":0,"visibility":"public","workspace_id":20002},"message":"Form created.","type":"success"}"#);
}

#[tokio::test]
async fn a_form_is_answered_by_the_ids_it_was_made_with() {
    let house = House::idle().await;
    let made = made(&house).await;
    let slug = made["slug"].as_str().unwrap();
    let body = json!({ NAME: "Ada", "7": "teal", "8": "", "101": true, "102": { "Food": "Good" } });
    let answered = house.post(&format!("/forms/{slug}/answer")).json(&body.to_string()).await;
    assert_eq!(answered.status.as_u16(), 200, "{}", answered.text());
    let id = answered.json()["submission_id"].as_str().unwrap().to_owned();
    let stored = house.get(&format!("/open/forms/{slug}/submissions/{id}")).token(READ).await;
    assert_snapshot!(stored.shown(), @r#"
    200 application/json
    {"data":{"[uuid]":"Ada","100":null,"7":"teal","101":true,"102":{"Food":"Good"},"status":"completed","created_at":"2026-05-01 08:00:00","id":10000005,"submission_id":"10000005"},"completion_time":null,"form_id":4,"id":10000005,"submission_id":"10000005"}
    "#);
}

#[tokio::test]
async fn a_form_sent_back_as_it_was_shown_stays_as_it_is() {
    let house = House::idle().await;
    let made = made(&house).await;
    for path in ["/open/forms/1".to_owned(), format!("/open/forms/{}", made["id"])] {
        let before = house.get(&path).token(ALL).await.json();
        let again = house.put(&path).token(ALL).json(&before.to_string()).await;
        assert_eq!(again.json()["form"], before, "{}", again.text());
        assert_eq!(again.json()["message"], "Form updated.");
    }
}

#[tokio::test]
async fn a_form_is_changed_in_part() {
    let house = House::idle().await;
    let closed = house.put("/open/forms/1").token(ALL).json(r#"{"visibility":"closed"}"#).await;
    assert_eq!(closed.json()["form"]["is_closed"], true, "{}", closed.text());
    assert_eq!(house.post("/forms/1/answer").json(r#"{"100":"Ada"}"#).await.status.as_u16(), 403);
    let body = r#"{"title":"Survey","visibility":"public","properties":[{"id":"100","type":"text","name":"Your name"}]}"#;
    let changed = house.put("/open/forms/1").token(ALL).json(body).await.json();
    let form = &changed["form"];
    assert_eq!((&form["title"], &form["properties"][0]["name"]), (&"Survey".into(), &"Your name".into()));
    let removed: Vec<_> =
        form["removed_properties"].as_array().unwrap().iter().map(|one| &one["name"]).collect();
    assert_eq!(removed, ["Source", "Stars"]);
    let stored = house.get("/open/forms/1/submissions/10000001").token(ALL).await;
    assert_eq!(stored.json()["data"]["100"], "Ada, \"the first\"");
}

#[tokio::test]
async fn a_form_is_deleted() {
    let house = House::idle().await;
    let answer = house.delete("/open/forms/customer-survey").token(ALL).await.json();
    assert_eq!((&answer["type"], &answer["message"]), (&"success".into(), &"Form was deleted.".into()));
    assert_eq!(answer["form"]["id"], 1);
    for path in ["/open/forms/1", "/open/forms/customer-survey", "/open/forms/1/submissions/10000001"] {
        assert_eq!(house.get(path).token(ALL).await.status.as_u16(), 404, "{path}");
    }
}

#[tokio::test]
async fn what_is_no_form_is_refused() {
    let house = House::idle().await;
    let post = |body: &str| house.post("/open/forms").token(ALL).json(body);
    assert_snapshot!(post("{}").await.shown(), @r#"
    422 application/json
    {"message":"title is required. (and 1 more error)","errors":{"properties":["properties is required."],"title":["title is required."]}}
    "#);
    let body = r#"{"title":" ","visibility":"secret","properties":[]}"#;
    assert_snapshot!(post(body).await.shown(), @r#"
    422 application/json
    {"message":"visibility is not public, closed or draft.","errors":{"visibility":["visibility is not public, closed or draft."]}}
    "#);
    let body = r#"{"title":"A","properties":[{"type":"poem","name":"B"},{"type":"select","name":"C"}]}"#;
    assert_snapshot!(post(body).await.shown(), @r#"
    422 application/json
    {"message":"properties.0.type is not known. (and 1 more error)","errors":{"properties.0.type":["properties.0.type is not known."],"properties.1.select":["properties.1.select is required."]}}
    "#);
    let body = r#"{"title":"A","properties":[{"type":"text","name":5}]}"#;
    assert_snapshot!(post(body).await.shown(), @r#"
    422 application/json
    {"message":"properties.0.name invalid type: integer `5`, expected a string.","errors":{"properties.0.name":["properties.0.name invalid type: integer `5`, expected a string."]}}
    "#);
    let body = r#"{"title":"A","properties":[],"workspace_id":20003}"#;
    assert_snapshot!(post(body).await.shown(), @r#"
    403 application/json
    {"message":"This action is unauthorized."}
    "#);
}

#[tokio::test]
async fn who_may_not_makes_and_changes_nothing() {
    let house = House::idle().await;
    let made = house.post("/open/forms").token(READ).json(&survey().to_string()).await;
    assert_eq!(made.status.as_u16(), 403);
    for (path, token, status) in
        [("/open/forms/1", READ, 403), ("/open/forms/1", OTHER, 403), ("/open/forms/99", ALL, 404)]
    {
        for ask in [house.put(path).json(r#"{"title":"Mine"}"#), house.delete(path)] {
            assert_eq!(ask.token(token).await.status.as_u16(), status, "{path}");
        }
    }
    assert_eq!(house.get("/open/forms/1").token(READ).await.json()["title"], "Customer survey");
}
