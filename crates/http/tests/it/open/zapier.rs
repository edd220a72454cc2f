//! What tools ask that pass submissions on.

use crate::house::{ALL, House, NOTHING, OTHER, READ};
use insta::assert_snapshot;
use serde_json::json;

const WEBHOOK: &str = "/external/zapier/webhook";

#[tokio::test]
async fn workspaces_and_forms_can_be_chosen() {
    let house = House::idle().await;
    assert_snapshot!(house.get("/external/zapier/workspaces").token(READ).await.shown(), @r#"
    200 application/json
    [{"id":20002,"name":"Acme"}]
    "#);
    assert_snapshot!(house.get("/api/external/zapier/forms?workspace_id=20002").token(READ).await.shown(), @r#"
    200 application/json
    [{"id":2,"name":"Old survey","label":"Old survey"},{"id":1,"name":"Customer survey","label":"Customer survey"}]
    "#);
    assert_snapshot!(house.get("/external/zapier/forms?workspace_id=20003").token(READ).await.shown(), @r#"
    403 application/json
    {"message":"This action is unauthorized."}
    "#);
}

#[tokio::test]
async fn submissions_are_sent_until_they_are_not_wanted_any_more() {
    let house = House::idle().await;
    let hook = r#"{"form_id":1,"hookUrl":"https://hooks.example/1"}"#;
    for _ in 0..2 {
        let told = house.post(WEBHOOK).token(ALL).json(hook).await;
        assert_eq!((told.status.as_u16(), told.text()), (200, "[]"));
    }
    let made = house.get("/open/forms/1/integrations").token(ALL).await.json();
    assert_eq!(made.as_array().unwrap().len(), 1, "{made}");
    assert_eq!(made[0]["data"], json!({ "webhook_url": "https://hooks.example/1" }));
    assert_snapshot!(house.delete(WEBHOOK).token(ALL).json(hook).await.shown(), @"
    200 application/json
    []
    ");
    assert_eq!(house.get("/open/forms/1/integrations").token(ALL).await.text(), "[]");

    let by_slug = r#"{"form_id":"customer-survey","hookUrl":"https://hooks.example/1"}"#;
    assert_eq!(house.post(WEBHOOK).token(ALL).json(by_slug).await.status.as_u16(), 200);
    let queried = format!("{WEBHOOK}?form_id=1&hookUrl=https%3A%2F%2Fhooks.example%2F1");
    assert_eq!(house.delete(&queried).token(ALL).await.text(), "[]");
    assert_eq!(house.get("/open/forms/1/integrations").token(ALL).await.text(), "[]");
}

#[tokio::test]
async fn the_latest_submissions_are_shown_as_they_are_sent() {
    let house = House::idle().await;
    let recent = house.get("/external/zapier/submissions/recent?form_id=1").token(READ).await;
    let recent = recent.json();
    let ids: Vec<_> = recent.as_array().unwrap().iter().map(|one| one["submission_id"].clone()).collect();
    assert_eq!(ids, [10_000_004, 10_000_003, 10_000_001], "the second is not finished");
    assert_snapshot!(recent[2].to_string(), @r#"{"data":{"100":{"name":"Name","type":"text","value":"Ada, \"the first\""},"101":{"name":"Source","type":"select","value":"Other: a poster"}},"form_id":1,"form_slug":"customer-survey","form_title":"Customer survey","message":"The keys of `submission` are names, which may change and may be alike: use `data`.","submission":{"Name":"Ada, \"the first\"","Source":"Other: a poster"},"submission_id":10000001}"#);
    let empty = house.get("/external/zapier/submissions/recent?form_id=2").token(READ).await;
    assert_eq!(empty.text(), "[]");
}

#[tokio::test]
async fn who_may_not_learns_and_changes_nothing() {
    let house = House::idle().await;
    let hook = r#"{"form_id":1,"hookUrl":"https://hooks.example/1"}"#;
    for (token, status) in [(READ, 403), (NOTHING, 403), (OTHER, 403)] {
        for ask in [house.post(WEBHOOK), house.delete(WEBHOOK)] {
            assert_eq!(ask.token(token).json(hook).await.status.as_u16(), status, "{token}");
        }
    }
    let recent = "/external/zapier/submissions/recent";
    for (path, token, status) in [
        ("?form_id=1", NOTHING, 403),
        ("?form_id=1", OTHER, 403),
        ("?form_id=99", READ, 404),
        ("", READ, 422),
    ] {
        let answer = house.get(&format!("{recent}{path}")).token(token).await;
        assert_eq!(answer.status.as_u16(), status, "{path}: {}", answer.text());
    }
    for path in ["workspaces", "forms"] {
        let answer = house.get(&format!("/external/zapier/{path}")).token(NOTHING).await;
        assert_eq!(answer.status.as_u16(), 403);
    }
    let wrong = house.post(WEBHOOK).token(ALL).json(r#"{"form_id":[1],"hookUrl":"hooks.example"}"#).await;
    assert_snapshot!(wrong.shown(), @r#"
    422 application/json
    {"message":"form_id is not the id of a form.","errors":{"form_id":["form_id is not the id of a form."]}}
    "#);
    assert_snapshot!(house.post(WEBHOOK).token(ALL).json("{}").await.shown(), @r#"
    422 application/json
    {"message":"form_id is required. (and 1 more error)","errors":{"form_id":["form_id is required."],"hookUrl":["hookUrl is required."]}}
    "#);
    let wrong = house.post(WEBHOOK).token(ALL).json(r#"{"form_id":1,"hookUrl":"hooks.example"}"#).await;
    assert_snapshot!(wrong.shown(), @r#"
    422 application/json
    {"message":"hookUrl is not an http or https URL.","errors":{"hookUrl":["hookUrl is not an http or https URL."]}}
    "#);
}
