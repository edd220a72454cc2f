//! Forms as pages: what people are shown, and what becomes of what they send.

mod beside;
mod embedded;
mod hostile;
mod kinds;
mod pages;
mod saved;

use crate::ask::Answer;
use crate::house::{ALL, House};
use insta::assert_snapshot;
use std::time::Duration;

pub(super) const SURVEY: &str = "/f/acme/survey";
pub(super) const FORM_TYPE: &str = "application/x-www-form-urlencoded";

/// The value of a hidden field of a page.
pub(crate) fn hidden<'a>(page: &'a Answer, name: &str) -> &'a str {
    let mark = format!("name=\"{name}\" value=\"");
    page.text()
        .split_once(&mark)
        .and_then(|(_, rest)| rest.split('"').next())
        .expect("the page has the field")
}

/// The stamp of a page that was given long enough ago.
pub(super) async fn stamp(house: &House, path: &str) -> String {
    let page = house.get(path).await;
    assert_eq!(page.status, 200, "{}", page.text());
    house.pass(Duration::from_secs(20));
    hidden(&page, "stamp").to_owned()
}

/// Sends a page's fields, with a good stamp.
pub(super) async fn send(house: &House, path: &str, fields: &str) -> Answer {
    let stamp = stamp(house, path).await;
    house.post(path).header("content-type", FORM_TYPE).body(format!("stamp={stamp}&{fields}")).await
}

/// A page with a word for each thing that differs from run to run.
pub(super) fn shown(page: &Answer) -> String {
    let mut text = page.text().replace(&format!("value=\"{}\"", hidden(page, "stamp")), "value=\"[stamp]\"");
    while let Some(at) = text.find(".css?").or_else(|| text.find(".js?")) {
        let digits = at + text[at..].find('?').unwrap();
        let end = digits + text[digits..].find('"').unwrap();
        text.replace_range(digits..end, "");
    }
    format!("{}\n{text}", page.status.as_u16())
}

async fn stored(house: &House, id: i64) -> String {
    let answer = house.get(&format!("/v1/forms/1/submissions/{id}")).token(ALL).await;
    answer.text().to_owned()
}

#[tokio::test]
async fn a_form_is_a_page() {
    let house = House::idle().await;
    let page = house.get(SURVEY).await;
    assert_eq!(page.header("content-type"), "text/html; charset=utf-8");
    let policy = page.header("content-security-policy");
    assert!(policy.contains("default-src 'none'") && policy.contains("frame-ancestors *"), "{policy}");
    assert_eq!(page.header("cache-control"), "private, no-store");
    assert_snapshot!("survey", shown(&page));
}

#[tokio::test]
async fn what_is_filled_in_is_stored_as_any_other_submission() {
    let house = House::idle().await;
    let stamp = stamp(&house, SURVEY).await;
    let body = format!("stamp={stamp}&trap=&100=Ada+%26+co&101=1&101.other=a+poster&102=+5&do=send");
    let ask = || {
        let ask = house.post(SURVEY).header("content-type", FORM_TYPE).body(body.clone());
        let ask = ask.header("x-forwarded-for", "203.0.113.7").header("referer", "https://acme.example/");
        ask.header("user-agent", "Mozilla/5.0 (X11; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0")
    };
    let sent = ask().await;
    assert_eq!((sent.status.as_u16(), sent.header("location")), (303, "/f/acme/survey/thanks"));
    assert_snapshot!(stored(&house, 10_000_005).await, @r#"{"kind":"submission","form_id":1,"id":10000005,"status":"Complete","date_start":"2026-05-01T08:00:00Z","date_finish":"2026-05-01T08:00:20Z","date_update":"2026-05-01T08:00:20Z","user_browser":"Firefox","user_ip":"203.0.113.7","user_device":"Desktop","user_referrer":"https://acme.example/","answers":{"100":"Ada & co","101":[{"position":1,"other":"a poster"}],"102":"5"}}"#);
    // A second click, or a reload, stores nothing twice.
    house.pass(Duration::from_secs(3));
    assert_eq!(ask().await.status, 303);
    let overview = house.get("/open/forms/1/submissions").token(ALL).await;
    assert_eq!(overview.json()["meta"]["total"], 5, "{}", overview.text());

    let thanks = house.get("/f/acme/survey/thanks").await;
    assert!(thanks.text().contains("Your answers have been received."), "{}", thanks.text());
}

#[tokio::test]
async fn what_is_wrong_is_said_beside_its_field_and_nothing_is_lost() {
    let house = House::idle().await;
    let again = send(&house, SURVEY, "100=+&101=0&102=many+%22%3Cb%3E&do=send").await;
    assert_snapshot!("survey_with_faults", shown(&again));
    // The same page is sent again.
    let body = format!("stamp={}&100=Ada&102=3&do=send", hidden(&again, "stamp"));
    let sent = house.post(SURVEY).header("content-type", FORM_TYPE).body(body).await;
    assert_eq!(sent.status, 303, "{}", sent.text());
}

#[tokio::test]
async fn an_address_can_fill_in_fields() {
    let house = House::idle().await;
    let page = house.get("/f/acme/survey?100=Ada%20%22L%22&id102=4&101=Other&101.other=x&9=y").await;
    let text = page.text();
    assert!(text.contains(r#"name="100" value="Ada &#34;L&#34;""#), "{text}");
    assert!(text.contains(r#"value="1" checked"#) && text.contains(r#"name="102" value="4""#), "{text}");
}

#[tokio::test]
async fn a_form_that_is_closed_or_not_there_says_so() {
    let house = House::idle().await;
    let closed = house.get("/f/acme/old").await;
    assert_eq!(closed.status, 410);
    assert!(closed.text().contains("Old survey was closed by those who made it."), "{}", closed.text());
    assert_eq!(house.post("/f/acme/old").header("content-type", FORM_TYPE).body("1=x").await.status, 410);
    for path in ["/f/acme/none", "/f/nobody/survey", "/f/globex/survey", "/f/acme/%ff"] {
        let missing = house.get(path).await;
        assert_eq!(missing.status, 404, "{path}");
        assert!(missing.text().contains("There is no form here"), "{}", missing.text());
    }
    house.delete("/open/forms/1").token(ALL).await;
    assert_eq!(house.get(SURVEY).await.status, 404);
}
