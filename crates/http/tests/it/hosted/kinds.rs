//! Every kind of item, as it is shown and as it is sent.

use super::{FORM_TYPE, hidden, send, shown, stamp};
use crate::house::{ALL, House};
use insta::assert_snapshot;

pub(super) const KINDS: &str = include_str!("kinds.jsonl");
const PAGE: &str = "/f/acme/kinds";
const ALL_FIELDS: &str = "1=Ada&2=one%0D%0Atwo&3=ada@example.org&4=%2B49+30+1&5=4.50&6=2026-04-01&7=campaign&10=5&11=7\
    &12=1&13=0&14=0&14=2&14.other=tea&15-0=1&16-0.0=a&16-0.1=b&17-0-0=0&17-1-0=1&18-0=x&18-1=y&do=send";

async fn house() -> House {
    let house = House::idle().await;
    house.import(KINDS.to_owned()).await;
    house
}

async fn stored(house: &House) -> String {
    house.get("/v1/forms/7/submissions/10000005").token(ALL).await.text().to_owned()
}

#[tokio::test]
async fn every_kind_of_item_is_shown() {
    let house = house().await;
    assert_snapshot!("every_kind", shown(&house.get(&format!("{PAGE}?7=campaign")).await));
}

#[tokio::test]
async fn every_kind_of_item_is_stored_and_shown_again() {
    let house = house().await;
    let again = send(&house, PAGE, &ALL_FIELDS.replace("5=4.50", "5=4,50")).await;
    assert_eq!(again.status, 422, "{}", again.text());
    assert_snapshot!("every_kind_filled_in", shown(&again));
    let sent = send(&house, PAGE, ALL_FIELDS).await;
    assert_eq!(sent.status, 303, "{}", sent.text());
    assert_snapshot!(stored(&house).await, @r#"{"kind":"submission","form_id":7,"id":10000005,"status":"Complete","date_start":"2026-05-01T08:00:20Z","date_finish":"2026-05-01T08:00:40Z","date_update":"2026-05-01T08:00:40Z","answers":{"1":"Ada","2":"one\ntwo","3":"ada@example.org","4":"+49 30 1","5":"4.50","6":"2026-04-01","7":"campaign","10":"5","11":"7","12":[{"position":1}],"13":[{"position":0}],"14":[{"position":0},{"position":2,"other":"tea"}],"15-0":[{"position":1}],"16-0":["a","b"],"17-0-0":[{"position":0}],"17-1-0":[{"position":1}],"18-0":"x","18-1":"y"}}"#);
}

#[tokio::test]
async fn files_are_sent_with_the_page_or_before_it() {
    let house = house().await;
    let stamp = stamp(&house, PAGE).await;
    let path = "/f/acme/kinds/files?name=r%C3%A9sum%C3%A9.txt";
    let before = house
        .post(path)
        .header("x-form-stamp", &stamp)
        .header("content-type", "text/plain")
        .body("hello")
        .await;
    assert_eq!(before.status, 201, "{}", before.text());
    let value = before.json()["value"].as_str().unwrap().to_owned();
    let parts = |fields: &[(&str, &str)], files: &[(&str, &str, &str)]| {
        let part = |head: String, content: &str| {
            format!("--b\r\nContent-Disposition: form-data; {head}\r\n\r\n{content}\r\n")
        };
        let fields = fields.iter().map(|(name, value)| part(format!("name=\"{name}\""), value));
        let files = files.iter().map(|(name, file, bytes)| {
            part(format!("name=\"{name}\"; filename=\"{file}\"\r\nContent-Type: text/plain"), bytes)
        });
        let body = fields.chain(files).collect::<Vec<_>>().concat();
        house.post(PAGE).header("content-type", "multipart/form-data; boundary=b").body(body + "--b--\r\n")
    };
    let fields = [("stamp", stamp.as_str()), ("1", ""), ("19.file", &value), ("do", "send")];
    let files = [("19", "b.txt", "second"), ("19", "", ""), ("20", "me.png", "a picture")];
    let again = parts(&fields, &files).await;
    assert_eq!(again.status, 422, "{}", again.text());
    for name in ["r\u{e9}sum\u{e9}.txt", "b.txt", "me.png"] {
        assert!(again.text().contains(&format!("<span>{name}</span>")), "{name}: {}", again.text());
    }
    // What was uploaded is kept by the page.
    let kept: Vec<&str> = again
        .text()
        .split("name=\"19.file\" value=\"")
        .skip(1)
        .map(|rest| rest.split('"').next().unwrap())
        .collect();
    assert_eq!(kept.len(), 2);
    let fields = [
        ("stamp", hidden(&again, "stamp")),
        ("1", "Ada"),
        ("19.file", kept[1]),
        ("20.file", hidden(&again, "20.file")),
    ];
    let sent = parts(&fields, &[]).await;
    assert_eq!(sent.status, 303, "{}", sent.text());
    let stored: serde_json::Value = serde_json::from_str(&stored(&house).await).unwrap();
    assert_eq!(stored["answers"]["19"][0]["name"], "b.txt");
    let url =
        stored["answers"]["20"].as_str().unwrap().strip_prefix("https://forms.example").unwrap().to_owned();
    assert_eq!(house.get(&url).await.text(), "a picture");
}

#[tokio::test]
async fn files_are_taken_only_from_those_who_have_the_page() {
    let house = house().await;
    let (own, other) = (stamp(&house, PAGE).await, stamp(&house, "/f/acme/survey").await);
    let upload =
        async |path: &str, stamp: &str| house.post(path).header("x-form-stamp", stamp).body("x").await;
    assert_eq!(upload("/f/acme/kinds/files?name=a", "").await.status, 403);
    assert_eq!(upload("/f/acme/kinds/files?name=a", &other).await.status, 403);
    assert_eq!(upload("/f/acme/survey/files?name=a", &other).await.status, 422);
    assert_eq!(upload("/f/acme/none/files?name=a", &own).await.status, 404);
    // A file that is elsewhere is none that was uploaded here.
    let foreign =
        format!("stamp={own}&1=Ada&19.file=https://evil.example/files/f-0123456789abcdefABCDEFg_a.txt a.txt");
    let refused = house.post(PAGE).header("content-type", FORM_TYPE).body(foreign).await;
    assert_eq!(refused.status, 422);
    let parts = "--b\r\nContent-Disposition: form-data; name=\"19\"; filename=\"a\"\r\n\r\nx\r\n--b--\r\n";
    let early = house.post(PAGE).header("content-type", "multipart/form-data; boundary=b").body(parts).await;
    assert_eq!(early.status, 400, "{}", early.text());
}
