//! How a form's page is laid out, as the console's editor says it: help, placeholders, texts, lines and pages; and forms of
//! many items in it.

use super::Visitor;
use super::editor::{sent, with};
use crate::house::{ALL, House};
use serde_json::json;
use std::fmt::Write as _;
use std::io::Read as _;

const PAGED: &str = include_str!("../hosted/paged.jsonl");
const EDIT: &str = "/console/forms/8/edit";
const PAGE: &str = "/f/acme/paged";

async fn paged() -> House {
    let house = House::idle().await;
    house.import(PAGED.to_owned()).await;
    house
}

async fn properties(house: &House, form: i64) -> Vec<serde_json::Value> {
    let mut form = house.get(&format!("/open/forms/{form}")).token(ALL).await.json();
    serde_json::from_value(form["properties"].take()).unwrap()
}

/// The number of the row of this item.
fn row_of(page: &str, id: &str) -> usize {
    let mark = format!(".id\" value=\"{id}\">");
    let before = page.split(&mark).next().unwrap();
    assert!(before.len() < page.len(), "there is no {id} in {page}");
    before.rsplit("name=\"item.").next().unwrap().parse().unwrap()
}

#[tokio::test]
async fn pages_are_compressed_for_whoever_can_read_that_and_nothing_else_is() {
    let house = House::idle().await;
    let visitor = Visitor::of(&house, 20002).await;
    for path in ["/console/forms/1", "/f/acme/survey"] {
        let plain = visitor.get(path).await;
        let small = visitor.get(path).header("accept-encoding", "br, gzip").await;
        assert_eq!((plain.headers.get("content-encoding"), small.header("content-encoding")), (None, "gzip"));
        assert_eq!(small.header("vary"), "accept-encoding");
        let mut text = String::new();
        flate2::read::GzDecoder::new(&*small.body).read_to_string(&mut text).unwrap();
        assert_eq!(text.len(), plain.text().len(), "{path}");
        assert!(small.body.len() * 2 < text.len(), "{path}: {} of {}", small.body.len(), text.len());
    }
    for path in ["/assets/console.css", "/v1/exports"] {
        let whole = house.get(path).token(ALL).header("accept-encoding", "gzip").await;
        assert!(whole.status == 200 && !whole.headers.contains_key("content-encoding"), "{path}");
    }
}

#[tokio::test]
async fn a_form_of_several_pages_is_made_in_the_console() {
    let house = House::idle().await;
    let visitor = Visitor::of(&house, 20002).await;
    let path = "/console/new-form";
    let mut body = sent(visitor.get(path).await.text());
    for kind in ["text", "page", "says", "email", "divider"] {
        let page = visitor.post(path, &format!("{}&do=add", with(&body, "new_kind", kind))).await;
        body = sent(page.text());
    }
    for (name, value) in [
        ("name", "Two pages"),
        ("item.0.label", "Name"),
        ("item.0.help", "As in your\r\npassport & <nowhere else>"),
        ("item.0.placeholder", "Ada \"L\""),
        ("item.1.next", "Go on"),
        ("item.2.label", "Now about you.\r\n\r\nAll of it."),
        ("item.3.label", "E-mail"),
    ] {
        body = with(&body, name, value);
    }
    let made = visitor.post(path, &format!("{body}&do=save")).await;
    assert_eq!(made.status, 303, "{}", made.text());
    let edit = format!("{}/edit", made.header("location"));
    let form: i64 = made.header("location").rsplit('/').next().unwrap().parse().unwrap();
    let forms = house.get("/api/v2/acme/forms").token(ALL).await.json();
    let made = forms["forms"].as_array().unwrap().iter().find(|form| form["name"] == "Two pages").unwrap();
    let link =
        made["publish"]["link"].as_str().unwrap().trim_start_matches("https://forms.example").to_owned();
    let page = house.get(&link).await;
    for part in [
        "<p class=\"help\" id=\"h-100\">As in your<br>passport &#38; &#60;nowhere else&#62;</p>",
        "placeholder=\"Ada &#34;L&#34;\"",
        "data-next=\"Go on\"",
        "Page 2 of 2</h2>",
        "<div class=\"text\"><p>Now about you.</p><p>All of it.</p></div>",
        "<hr>",
    ] {
        assert!(page.text().contains(part), "{part}: {}", page.text());
    }
    // Clients of the open API see the same.
    let there = properties(&house, form).await;
    let types: Vec<_> = there.iter().map(|one| one["type"].as_str().unwrap()).collect();
    assert_eq!(types, ["text", "nf-page-break", "nf-text", "email", "nf-divider"]);
    assert_eq!(there[0]["help"], "<p>As in your</p><p>passport &amp; &lt;nowhere else&gt;</p>");
    assert_eq!(there[0]["placeholder"], "Ada \"L\"");
    let put = house.put(&format!("/open/forms/{form}")).token(ALL);
    let put = put.json(&json!({ "properties": there }).to_string()).await;
    assert_eq!(put.status, 200, "{}", put.text());
    assert_eq!(properties(&house, form).await, there);

    // What is moved goes over the end of a page; what stands before what is removed stays.
    let page = visitor.get(&edit).await;
    let page = visitor.post(&edit, &format!("{}&do=up:3", sent(page.text()))).await;
    let page = visitor.post(&edit, &format!("{}&do=up:2", sent(page.text()))).await;
    let page = visitor.post(&edit, &format!("{}&do=remove:0", sent(page.text()))).await;
    let page = visitor.post(&edit, &format!("{}&do=page:0", sent(page.text()))).await;
    let saved = visitor.post(&edit, &format!("{}&do=save", sent(page.text()))).await;
    assert_eq!(saved.status, 303, "{}", saved.text());
    let types: Vec<_> =
        properties(&house, form).await.iter().map(|one| one["type"].as_str().unwrap().to_owned()).collect();
    assert_eq!(types, ["email", "nf-page-break", "nf-page-break", "nf-text", "nf-divider"]);
}

#[tokio::test]
async fn what_a_client_has_said_stays_where_the_console_does_not_change_it() {
    let house = paged().await;
    let visitor = Visitor::of(&house, 20002).await;
    let (before, shown) = (properties(&house, 8).await, house.get(PAGE).await.text().len());
    let body = sent(visitor.get(EDIT).await.text());
    assert_eq!(visitor.post(EDIT, &format!("{body}&do=save")).await.status, 303);
    assert_eq!(properties(&house, 8).await, before);
    assert_eq!(house.get(PAGE).await.text().len(), shown);

    // One help is written anew, a group gets one, and a text is changed; the rest is as it came, hidden blocks included.
    let page = visitor.get(EDIT).await;
    let (number, group) = (row_of(page.text(), "5"), row_of(page.text(), "7"));
    let body = with(&sent(page.text()), &format!("item.{number}.help"), "None is fine");
    let body = with(&body, &format!("item.{group}.help"), "Where you live");
    let text = page.text().split("1 &#60; 2</textarea>").next().unwrap();
    let text = text.rsplit("name=\"item.").next().unwrap().split('.').next().unwrap().to_owned();
    let body = with(&body, &format!("item.{text}.label"), "Who comes?\nSay so.");
    assert_eq!(visitor.post(EDIT, &format!("{body}&do=save")).await.status, 303);
    let after = properties(&house, 8).await;
    assert_eq!(after.len(), before.len());
    for (was, is) in before.iter().zip(&after).filter(|(was, is)| was != is) {
        let changed = match is["id"].as_str().unwrap() {
            "5" => json!({ "help": "<p>None is fine</p>" }),
            "d" => json!({ "content": "<p>Who comes?</p><p>Say so.</p>" }),
            other => panic!("{other} was changed from {was} to {is}"),
        };
        let mut expected = was.clone();
        for (name, value) in changed.as_object().unwrap() {
            expected[name] = value.clone();
        }
        assert_eq!(*is, expected);
    }
    let page = house.get(PAGE).await;
    for part in [
        "None is fine</p>",
        "<p class=\"help\" id=\"h-7\">Where you live</p>",
        "<p>Say so.</p>",
        "Page 3 of 3",
    ] {
        assert!(page.text().contains(part), "{part}: {}", page.text());
    }
    // A client that sends back what it was shown takes nothing away, not even what it is not shown.
    let named = |mut one: serde_json::Value| {
        one["name"] = one["name"].as_str().unwrap_or("A block").into();
        one
    };
    let sent_back = json!({ "properties": after.into_iter().map(named).collect::<Vec<_>>() });
    let put = house.put("/open/forms/8").token(ALL).json(&sent_back.to_string()).await;
    assert_eq!(put.status, 200, "{}", put.text());
    assert_eq!(house.get(PAGE).await.text().len(), page.text().len());
}

#[tokio::test]
async fn who_laid_a_form_out_meanwhile_is_not_overruled_unasked() {
    let house = paged().await;
    let visitor = Visitor::of(&house, 20002).await;
    let page = visitor.get(EDIT).await;
    let name = format!("item.{}.help", row_of(page.text(), "8"));
    let body = sent(page.text());
    assert_eq!(visitor.post(EDIT, &format!("{}&do=save", with(&body, &name, "Theirs"))).await.status, 303);
    let refused = visitor.post(EDIT, &format!("{}&do=save", with(&body, &name, "Ours"))).await;
    assert_eq!(refused.status, 409, "{}", refused.text());
    assert_eq!(visitor.post(EDIT, &format!("{}&do=save", sent(refused.text()))).await.status, 303);
    assert!(house.get(PAGE).await.text().contains("Ours</p>"));
    let long = with(&sent(visitor.get(EDIT).await.text()), &name, &"x".repeat(20_001));
    let refused = visitor.post(EDIT, &format!("{long}&do=save")).await;
    assert!(
        refused.status == 422 && refused.text().contains("Help: is longer than 20000 characters."),
        "{}",
        refused.text()
    );
}

/// A form of so many items, each tenth of them a choice, with a page break after each hundred.
fn long_form(items: usize) -> String {
    let (mut lines, mut properties) = (Vec::new(), Vec::new());
    for n in 0..items {
        let id = (1000 + n).to_string();
        let label = format!("What do you think of the matter number {n}?");
        if n > 0 && n % 100 == 0 {
            properties.push(json!({ "id": format!("b{n}"), "type": "nf-page-break" }));
        }
        properties.push(json!({ "id": id, "help": "<p>Say what you think, and not what others do.</p>" }));
        lines.push(if n % 10 == 0 {
            let choices: Vec<_> =
                (0..5).map(|n| json!({ "position": n, "label": format!("Choice {n}") })).collect();
            json!({ "id": id, "type": "radio", "label": label, "choices": choices })
        } else {
            json!({ "id": id, "type": "long_text", "label": label })
        });
    }
    let form = json!({ "kind": "form", "id": 9, "account_id": 20002, "shortname": "form_Long0009", "directory": "long",
        "slug": "long", "name": "Long", "state": "open", "items": lines });
    let look = json!({ "properties": properties, "removed": [] });
    let look = json!({ "kind": "look", "form_id": 9, "dialect": "open", "look": look });
    let mut text = String::new();
    writeln!(text, "{form}\n{look}").unwrap();
    text
}

#[tokio::test]
async fn the_editor_of_a_long_form_is_small_and_opens_one_item_at_a_time() {
    let house = House::idle().await;
    house.import(long_form(500)).await;
    let visitor = Visitor::of(&house, 20002).await;
    let path = "/console/forms/9/edit";
    let first = visitor.get(path).await;
    assert_eq!(first.status, 200);
    assert!(first.text().len() < 150_000, "{} bytes", first.text().len());
    assert_eq!(first.text().matches("<div class=\"item line d0\">").count(), 500);

    // Each is opened by a button that sends the page; what was opened and left as it was is a line again.
    let opened = visitor.post(path, &format!("{}&do=open:250", sent(first.text()))).await;
    assert!(
        opened.text().contains(
            "name=\"item.250.label\" value=\"What do you think of the matter number 248?\" autofocus"
        )
    );
    assert_eq!(opened.text().matches("<div class=\"item line d0\">").count(), 499);
    let body = with(&sent(opened.text()), "item.250.help", "Now otherwise");
    let other = visitor.post(path, &format!("{body}&do=open:0")).await;
    assert_eq!(
        other.text().matches("<div class=\"item line d0\">").count(),
        498,
        "what was changed stays open"
    );
    let left = visitor.post(path, &format!("{}&do=open:3", sent(other.text()))).await;
    assert_eq!(left.text().matches("<div class=\"item line d0\">").count(), 498);
    let wrong = with(&sent(left.text()), "item.3.label", "");
    let wrong = visitor.post(path, &format!("{wrong}&do=save")).await;
    assert!(
        wrong.status == 422 && wrong.text().contains("id=\"e-3\">Label: is empty."),
        "{}",
        wrong.text().len()
    );

    let before = properties(&house, 9).await;
    let saved = visitor.post(path, &format!("{}&do=save", sent(left.text()))).await;
    assert_eq!(saved.status, 303, "{}", saved.text());
    let after = properties(&house, 9).await;
    assert_eq!((before.len(), after.len()), (504, 504));
    let differ: Vec<_> = before.iter().zip(&after).filter(|(was, is)| was != is).collect();
    assert_eq!(differ.len(), 1);
    assert_eq!((&differ[0].1["id"], &differ[0].1["help"]), (&json!("1248"), &json!("<p>Now otherwise</p>")));
}
