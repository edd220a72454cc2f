//! Webhooks: made, changed, listed and deleted, as each of the clients in the field spells it.

use crate::ask::Answer;
use crate::house::{ALL, House, OTHER, READ};
use insta::assert_snapshot;

const HOOKS: &str = "/api/v2/acme/forms/survey/webhooks";
const FORM: &str = "application/x-www-form-urlencoded";

#[track_caller]
fn assert_error(answer: &Answer, status: u16, message: &str) {
    let said = serde_json::json!({ "error": { "message": message, "status": status } });
    assert_eq!((answer.status.as_u16(), answer.json()), (status, said));
}

#[tokio::test]
async fn a_webhook_is_made_listed_and_deleted_as_the_seed_says() {
    let house = House::idle().await;
    assert_snapshot!(house.get(HOOKS).token(READ).await.shown(), @r#"
    200 application/json
    {"webhooks":[]}
    "#);
    let body = r#"{"handshake_key":"TEST_KEY","event":"result_completed","url":"https://example.com/hook"}"#;
    assert_snapshot!(house.post(HOOKS).token(ALL).json(body).await.shown(), @r#"
    200 application/json
    {"webhook":{"handshake_key":"TEST_KEY","event":"result_completed","url":"https://example.com/hook"}}
    "#);
    assert_snapshot!(house.get(HOOKS).token(READ).await.shown(), @r#"
    200 application/json
    {"webhooks":[{"handshake_key":"TEST_KEY","event":"result_completed","url":"https://example.com/hook"}]}
    "#);
    let gone = house.delete(&format!("{HOOKS}?url=https%3A%2F%2Fexample.com%2Fhook")).token(ALL).await;
    assert_snapshot!(gone.shown(), @r#"
    200 application/json
    {}
    "#);
    assert_eq!(house.get(HOOKS).token(READ).await.text(), r#"{"webhooks":[]}"#);
}

#[tokio::test]
async fn a_webhook_of_the_same_url_is_changed() {
    let house = House::idle().await;
    let url = "https://example.com/hook";
    for (key, said) in [
        (
            r#""handshake_key":"one","#,
            r#"{"handshake_key":"one","event":"result_completed","url":"https://example.com/hook"}"#,
        ),
        ("", r#"{"event":"result_completed","url":"https://example.com/hook"}"#),
    ] {
        let body = format!(r#"{{{key}"event":"result_completed","url":"{url}"}}"#);
        house.post(HOOKS).token(ALL).json(&body).await;
        let all = house.get(HOOKS).token(READ).await;
        assert_eq!(all.text(), format!(r#"{{"webhooks":[{said}]}}"#));
    }
}

#[tokio::test]
async fn the_parameters_are_read_wherever_a_client_puts_them() {
    let house = House::idle().await;
    let made =
        r#"{"webhook":{"handshake_key":"k","event":"result_completed","url":"https://example.com/a?b=c"}}"#;
    let flat =
        r#"{"handshake_key":"k","event":"result_completed","url":"https://example.com/a?b=c","form":7}"#;
    let form = "event=result_completed&handshake_key=k&url=https%3A%2F%2Fexample.com%2Fa%3Fb%3Dc";
    for (media_type, query, body) in [
        ("application/json", String::new(), flat.to_owned()),
        ("application/json; charset=utf-8", String::new(), format!(r#"{{"webhook":{flat}}}"#)),
        (FORM, String::new(), form.to_owned()),
        // What a command line sends that says nothing of its type.
        (FORM, String::new(), flat.to_owned()),
        ("application/json", format!("?{form}"), String::new()),
        (FORM, format!("?{form}&url="), "url=".to_owned()),
        // The body goes first.
        ("application/json", "?url=https%3A%2F%2Fother.example&event=none".to_owned(), flat.to_owned()),
    ] {
        let ask = house.post(&format!("{HOOKS}{query}")).token(ALL).header("content-type", media_type);
        let answer = ask.body(body.clone()).await;
        assert_eq!((answer.status.as_u16(), answer.text()), (200, made), "{media_type} {query} {body}");
    }
    assert_eq!(house.get(HOOKS).token(READ).await.json()["webhooks"].as_array().unwrap().len(), 1);

    for (query, body) in [
        ("?url=https://example.com/a?b=c", ""),
        ("", "url=https%3A%2F%2Fexample.com%2Fa%3Fb%3Dc"),
        ("", r#"{"url":"https://example.com/a?b=c"}"#),
        ("", r#"{"webhook":{"url":"https://example.com/a?b=c"}}"#),
    ] {
        house.post(HOOKS).token(ALL).json(flat).await;
        let answer = house.delete(&format!("{HOOKS}{query}")).token(ALL).body(body).await;
        assert_eq!((answer.status.as_u16(), answer.text()), (200, "{}"), "{query} {body}");
    }
}

#[tokio::test]
async fn what_is_no_webhook_is_refused_by_name() {
    let house = House::idle().await;
    for (body, message) in [
        ("{}", "url: is missing."),
        (r#"{"url":"https://a.example"}"#, "event: is missing."),
        (
            r#"{"url":"https://a.example","event":"result_started"}"#,
            "event: is not result_completed, the only one there is.",
        ),
        (r#"{"url":"a.example","event":"result_completed"}"#, "url: is not an http or https URL."),
        (r#"{"url":"ftp://a.example","event":"result_completed"}"#, "url: is not an http or https URL."),
        (r#"{"url":"https://","event":"result_completed"}"#, "url: is not an http or https URL."),
        (r#"{"url":"https://a b","event":"result_completed"}"#, "url: is not an http or https URL."),
        (
            r#"{"url":"http://127.0.0.1/","event":"result_completed"}"#,
            "url: 127.0.0.1 is not on the public network, and the operator does not allow it.",
        ),
        (r#"{"url":1,"event":"result_completed"}"#, "url: is not a text."),
    ] {
        assert_error(&house.post(HOOKS).token(ALL).json(body).await, 422, message);
    }
    let long = format!(r#"{{"url":"https://a.example/{}","event":"result_completed"}}"#, "a".repeat(2_000));
    assert_error(&house.post(HOOKS).token(ALL).json(&long).await, 422, "url: is longer than 2000 bytes.");
    assert_eq!(house.post(HOOKS).token(ALL).json("{").await.status.as_u16(), 400);
    assert_error(&house.delete(HOOKS).token(ALL).await, 422, "url: is missing.");
    let unknown = house.delete(&format!("{HOOKS}?url=https://a.example")).token(ALL).await;
    assert_error(&unknown, 404, "The webhook was not found.");
}

#[tokio::test]
async fn a_form_has_so_many_webhooks_and_no_more() {
    let house = House::idle().await;
    for n in 0..50 {
        let body = format!(r#"{{"url":"https://a.example/{n}","event":"result_completed"}}"#);
        assert_eq!(house.post(HOOKS).token(ALL).json(&body).await.status.as_u16(), 200);
    }
    let body = r#"{"url":"https://a.example/50","event":"result_completed"}"#;
    let answer = house.post(HOOKS).token(ALL).json(body).await;
    assert_error(&answer, 422, "url: is of a webhook too many: a form has at most 50.");
    // One that is there can still be changed.
    let body = r#"{"url":"https://a.example/7","event":"result_completed","handshake_key":"k"}"#;
    assert_eq!(house.post(HOOKS).token(ALL).json(body).await.status.as_u16(), 200);
}

#[tokio::test]
async fn who_may_only_read_changes_nothing() {
    let house = House::idle().await;
    let body = r#"{"url":"https://a.example","event":"result_completed"}"#;
    let lacking = "The token lacks the ability forms-write.";
    assert_error(&house.post(HOOKS).token(READ).json(body).await, 403, lacking);
    assert_error(&house.delete(HOOKS).token(READ).json(body).await, 403, lacking);
    assert_error(&house.post(HOOKS).token(OTHER).json(body).await, 404, "The user directory was not found.");
    let elsewhere = house.post("/api/v2/acme/forms/none/webhooks").token(ALL).json(body).await;
    assert_eq!(elsewhere.status.as_u16(), 404);
    assert_eq!(house.get(HOOKS).token(READ).await.text(), r#"{"webhooks":[]}"#);
}
