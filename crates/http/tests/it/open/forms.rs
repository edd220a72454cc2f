//! Forms: shown, and refused to those who may not see them.

use crate::house::{ALL, House, NOTHING, OTHER, READ};
use insta::assert_snapshot;

#[tokio::test]
async fn a_form_is_shown_with_its_properties() {
    let house = House::idle().await;
    let answer = house.get("/open/forms/1").token(READ).await;
    assert_snapshot!(answer.shown(), @r#"
    200 application/json
    {"id":1,"slug":"customer-survey","title":"Customer survey","visibility":"public","tags":[],"views_count":0,"submissions_count":4,"created_at":"2026-05-01T08:00:00+00:00","updated_at":"2026-05-01T08:00:00+00:00","closes_at":null,"is_closed":false,"max_submissions_count":null,"max_number_of_submissions_reached":false,"workspace_id":20002,"share_url":"https://forms.example/forms/customer-survey","description":null,"properties":[{"id":"100","type":"text","name":"Name","hidden":false,"required":true,"multi_lines":false,"help":null,"placeholder":null,"width":"full"},{"id":"101","type":"select","name":"Source","hidden":false,"required":false,"select":{"options":[{"id":"A friend","name":"A friend"},{"id":"Other","name":"Other"}]},"allow_creation":true,"help":null,"placeholder":null,"width":"full"},{"id":"102","type":"number","name":"Stars","hidden":false,"required":false,"help":null,"placeholder":null,"width":"full"}],"removed_properties":[],"enable_partial_submissions":true}
    "#);
    for path in ["/api/open/forms/1", "/open/forms/customer-survey", "/open/forms/1/"] {
        assert_eq!(house.get(path).token(READ).await.text(), answer.text(), "{path}");
    }
    let all = house.get("/api/open/forms").token(READ).await.json();
    let ids: Vec<_> = all.as_array().unwrap().iter().map(|form| form["id"].as_i64().unwrap()).collect();
    assert_eq!(ids, [2, 1]);
}

#[tokio::test]
async fn who_may_not_see_a_form_is_told_nothing_of_it() {
    let house = House::idle().await;
    for (token, form, status, message) in [
        (None, "1", 401, "Unauthenticated."),
        (Some("unknown-0123456789abcdef0123456789ab"), "1", 401, "Unauthenticated."),
        (Some(NOTHING), "1", 403, "This action is unauthorized."),
        (Some(OTHER), "1", 403, "This action is unauthorized."),
        (Some(OTHER), "customer-survey", 403, "This action is unauthorized."),
        (Some(ALL), "999", 404, "Form 999 was not found."),
        (Some(ALL), "no-such-form", 404, "Form no-such-form was not found."),
        (Some(ALL), "%00", 404, "The form was not found."),
        (Some(ALL), "%ff", 404, "The form was not found."),
    ] {
        let ask = house.get(&format!("/open/forms/{form}"));
        let answer = match token {
            Some(token) => ask.token(token),
            None => ask,
        };
        let answer = answer.await;
        let said = serde_json::json!({ "message": message });
        assert_eq!((answer.status.as_u16(), answer.json()), (status, said), "{form}");
    }
}

#[tokio::test]
async fn unknown_paths_and_methods_have_a_message() {
    let house = House::idle().await;
    assert_snapshot!(house.get("/api/open/nothing").token(ALL).await.shown(), @r#"
    404 application/json
    {"message":"The route api/open/nothing could not be found."}
    "#);
    assert_snapshot!(house.head("/open/forms/1/2/3").await.shown(), @"404 application/json");
    assert_snapshot!(house.post("/open/forms/1").token(ALL).await.shown(), @r#"
    405 application/json
    {"message":"The POST method is not supported for route open/forms/1."}
    "#);
}
