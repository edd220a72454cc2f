//! Integrations: made, changed, listed and deleted, with their events.

use crate::house::{ALL, House, OTHER, READ};
use insta::assert_snapshot;
use serde_json::json;

const INTEGRATIONS: &str = "/open/forms/1/integrations";
const WEBHOOK: &str = r#"{"integration_id":"webhook","status":"active","logic":null,
    "data":{"webhook_url":"https://example.com/in","webhook_secret":"a secret of both","webhook_headers":{"X-Team":"blue"}}}"#;

#[tokio::test]
async fn an_integration_is_made_changed_listed_and_deleted() {
    let house = House::idle().await;
    assert_snapshot!(house.get(INTEGRATIONS).token(ALL).await.shown(), @r#"
    200 application/json
    []
    "#);
    assert_snapshot!(house.post(INTEGRATIONS).token(ALL).json(WEBHOOK).await.shown(), @r#"
    200 application/json
    {"type":"success","message":"Form Integration was created.","form_integration":{"id":1,"form_id":1,"integration_id":"webhook","status":"active","data":{"webhook_url":"https://example.com/in","webhook_secret":"a secret of both","webhook_headers":{"X-Team":"blue"}},"logic":null,"oauth_id":null,"created_at":"2026-05-01T08:00:00Z","updated_at":"2026-05-01T08:00:00Z","provider":null}}
    "#);
    house.pass(std::time::Duration::from_mins(1));
    let body = r#"{"integration_id":"webhook","status":"inactive","logic":[],"data":{"webhook_url":"http://example.com/other","webhook_headers":[]}}"#;
    let changed = house.put("/api/open/forms/customer-survey/integrations/1").token(ALL).json(body).await;
    assert_snapshot!(changed.shown(), @r#"
    200 application/json
    {"type":"success","message":"Form Integration was updated.","form_integration":{"id":1,"form_id":1,"integration_id":"webhook","status":"inactive","data":{"webhook_url":"http://example.com/other"},"logic":null,"oauth_id":null,"created_at":"2026-05-01T08:00:00Z","updated_at":"2026-05-01T08:01:00Z","provider":null}}
    "#);
    let listed = house.get(INTEGRATIONS).token(ALL).await;
    assert_eq!(listed.json(), json!([changed.json()["form_integration"]]));
    assert_snapshot!(house.delete("/open/forms/1/integrations/1").token(ALL).await.shown(), @r#"
    200 application/json
    {"type":"success","message":"Form Integration was deleted."}
    "#);
    assert_eq!(house.get(INTEGRATIONS).token(ALL).await.text(), "[]");
}

#[tokio::test]
async fn the_events_say_what_was_sent_and_what_is_to_be() {
    let house = House::idle().await;
    house.post(INTEGRATIONS).token(ALL).json(WEBHOOK).await;
    house.post("/v1/forms/1/submissions").token(ALL).json(r#"{"answers":{"100":"Ada"}}"#).await;
    assert_snapshot!(house.get("/open/forms/1/integrations/1/events").token(ALL).await.shown(), @r#"
    200 application/json
    [{"id":"[uuid]","event":"submission","submission_id":10000005,"date":"2026-05-01 08:00","status":"Pending","attempts":0,"response_code":null,"data":null}]
    "#);
}

#[tokio::test]
async fn what_is_no_integration_is_refused_by_name() {
    let house = House::idle().await;
    let answer = house.post(INTEGRATIONS).token(ALL).json("{}").await;
    assert_snapshot!(answer.shown(), @r#"
    422 application/json
    {"message":"integration_id is not webhook, the only kind there is. (and 1 more error)","errors":{"integration_id":["integration_id is not webhook, the only kind there is."],"status":["status is neither active nor inactive."]}}
    "#);
    for (data, field, message) in [
        ("{}", "data.webhook_url", "data.webhook_url is missing."),
        (r#"{"webhook_url":7}"#, "data.webhook_url", "data.webhook_url is not a text."),
        (r#"{"webhook_url":"nowhere"}"#, "data.webhook_url", "data.webhook_url is not an http or https URL."),
        (
            r#"{"webhook_url":"https://a.example","webhook_secret":"short"}"#,
            "data.webhook_secret",
            "data.webhook_secret is not 12 to 255 characters long.",
        ),
        (
            r#"{"webhook_url":"https://a.example","webhook_headers":{"Host":"b"}}"#,
            "data.webhook_headers.Host",
            "data.webhook_headers.Host is not yours to set.",
        ),
        (
            r#"{"webhook_url":"https://a.example","webhook_headers":{"a b":"c"}}"#,
            "data.webhook_headers",
            "data.webhook_headers has a name that no header can have.",
        ),
        (
            r#"{"webhook_url":"https://a.example","webhook_headers":{"a":"b\r\nc: d"}}"#,
            "data.webhook_headers.a",
            "data.webhook_headers.a is not up to 255 visible ASCII characters.",
        ),
        (
            r#"{"webhook_url":"https://a.example","webhook_headers":{"a":1}}"#,
            "data.webhook_headers",
            "data.webhook_headers have a value that is not a text.",
        ),
    ] {
        let body = format!(r#"{{"integration_id":"webhook","status":"active","data":{data}}}"#);
        let answer = house.post(INTEGRATIONS).token(ALL).json(&body).await;
        assert_eq!(answer.status.as_u16(), 422, "{data}");
        assert_eq!(answer.json()["errors"], json!({ field: [message] }), "{data}");
    }
    let conditions = WEBHOOK.replace(r#""logic":null"#, r#""logic":{"conditions":[{"a":1}]}"#);
    assert_eq!(house.post(INTEGRATIONS).token(ALL).json(&conditions).await.status.as_u16(), 422);
    assert_eq!(house.post(INTEGRATIONS).token(ALL).json("[").await.status.as_u16(), 400);
    assert_eq!(house.get(INTEGRATIONS).token(ALL).await.text(), "[]");
}

#[tokio::test]
async fn an_integration_is_of_its_form_and_account() {
    let house = House::idle().await;
    house.post(INTEGRATIONS).token(ALL).json(WEBHOOK).await;
    for path in
        ["/open/forms/2/integrations/1", "/open/forms/1/integrations/2", "/open/forms/1/integrations/x"]
    {
        for answer in [
            house.put(path).token(ALL).json(WEBHOOK).await,
            house.delete(path).token(ALL).await,
            house.get(&format!("{path}/events")).token(ALL).await,
        ] {
            let said = (answer.status.as_u16(), answer.json());
            assert_eq!(said, (404, json!({ "message": "The integration was not found." })), "{path}");
        }
    }
    for (token, status, message) in [
        (READ, 403, "This action is unauthorized."),
        (OTHER, 403, "This action is unauthorized."),
        ("unknown-0123456789abcdef", 401, "Unauthenticated."),
    ] {
        let one = "/open/forms/1/integrations/1";
        for answer in [
            house.get(INTEGRATIONS).token(token).await,
            house.post(INTEGRATIONS).token(token).json(WEBHOOK).await,
            house.put(one).token(token).json(WEBHOOK).await,
            house.delete(one).token(token).await,
            house.get(&format!("{one}/events")).token(token).await,
        ] {
            assert_eq!((answer.status.as_u16(), answer.json()), (status, json!({ "message": message })));
        }
    }
    let missing = house.get("/open/forms/99/integrations").token(ALL).await;
    assert_eq!(missing.json(), json!({ "message": "Form 99 was not found." }));
    assert_eq!(house.get(INTEGRATIONS).token(ALL).await.json().as_array().unwrap().len(), 1);
}
