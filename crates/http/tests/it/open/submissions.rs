//! One submission: shown, changed, deleted, and hidden from those whose it is not.

use crate::house::{ALL, House, OTHER, READ};
use insta::assert_snapshot;

const FIRST: &str = "/open/forms/1/submissions/10000001";

#[tokio::test]
async fn a_submission_is_shown() {
    let house = House::idle().await;
    assert_snapshot!(house.get(FIRST).token(READ).await.shown(), @r#"
    200 application/json
    {"data":{"100":"Ada, \"the first\"","101":"a poster","102":null,"status":"completed","created_at":"2026-03-31 22:00:00","id":10000001,"submission_id":"10000001"},"completion_time":null,"form_id":1,"id":10000001,"submission_id":"10000001"}
    "#);
    let unfinished = house.get("/api/open/forms/customer-survey/submissions/10000002").token(READ).await;
    assert_snapshot!(unfinished.shown(), @r#"
    200 application/json
    {"data":{"100":"Grace","101":null,"102":null,"status":"partial","created_at":"2026-04-02 10:00:00","id":10000002,"submission_id":"10000002"},"completion_time":null,"form_id":1,"id":10000002,"submission_id":"10000002"}
    "#);
}

#[tokio::test]
async fn a_submission_is_changed_whole() {
    let house = House::idle().await;
    let answer = house.put(FIRST).token(ALL).json(r#"{"100":"Grace","101":"A friend"}"#).await;
    assert_snapshot!(answer.shown(), @r#"
    200 application/json
    {"type":"success","message":"Record successfully updated.","data":{"data":{"100":"Grace","101":"A friend","102":null,"status":"completed","created_at":"2026-03-31 22:00:00","id":10000001,"submission_id":"10000001"},"completion_time":null,"form_id":1,"id":10000001,"submission_id":"10000001"}}
    "#);
    let shown = house.get(FIRST).token(READ).await;
    assert_eq!(shown.json(), answer.json()["data"]);
    // What is shown, sent back, is the same again.
    let same = house.put(FIRST).token(ALL).json(&shown.json()["data"].to_string()).await;
    assert_eq!(same.json()["data"], shown.json());
    let wrong = house.put(FIRST).token(ALL).json(r#"{"101":"A friend"}"#).await;
    assert_snapshot!(wrong.shown(), @r#"
    422 application/json
    {"message":"Name is required.","errors":{"100":["Name is required."]}}
    "#);
}

#[tokio::test]
async fn a_submission_is_deleted() {
    let house = House::idle().await;
    assert_snapshot!(house.delete(FIRST).token(ALL).await.shown(), @r#"
    200 application/json
    {"type":"success","message":"Record successfully removed."}
    "#);
    assert_snapshot!(house.delete(FIRST).token(ALL).await.shown(), @r#"
    404 application/json
    {"message":"Submission 10000001 was not found."}
    "#);
    assert_snapshot!(house.get(FIRST).token(ALL).await.shown(), @r#"
    404 application/json
    {"message":"Submission 10000001 was not found."}
    "#);
}

#[tokio::test]
async fn who_may_not_changes_nothing() {
    let house = House::idle().await;
    for (path, token, status) in [
        (FIRST, READ, 403),
        (FIRST, OTHER, 403),
        ("/open/forms/3/submissions/10000001", ALL, 403),
        ("/open/forms/3/submissions/10000001", OTHER, 404),
        ("/open/forms/2/submissions/10000001", ALL, 404),
        ("/open/forms/1/submissions/1", ALL, 404),
        ("/open/forms/1/submissions/first", ALL, 404),
    ] {
        for ask in [house.put(path).json(r#"{"100":"Eve"}"#), house.delete(path)] {
            assert_eq!(ask.token(token).await.status.as_u16(), status, "{path}");
        }
    }
    let shown = house.get(FIRST).token(READ).await;
    assert_eq!(shown.json()["data"]["100"], "Ada, \"the first\"");
}
