//! Help, placeholders and several pages, as a client of the open API has asked for them.

use super::{FORM_TYPE, hidden, send, shown};
use crate::house::{ALL, House};
use insta::assert_snapshot;
use serde_json::json;

const PAGED: &str = include_str!("paged.jsonl");
const PAGE: &str = "/f/acme/paged";

async fn house() -> House {
    let house = House::idle().await;
    house.import(PAGED.to_owned()).await;
    house
}

#[tokio::test]
async fn a_form_of_several_pages_has_all_of_them_one_below_the_other() {
    let house = house().await;
    let page = house.get(PAGE).await;
    assert_eq!(page.status, 200);
    assert_snapshot!("pages", shown(&page));
    assert_eq!(house.get("/assets/pages.js").await.header("content-type"), "text/javascript; charset=utf-8");
}

#[tokio::test]
async fn the_page_with_the_first_fault_is_opened() {
    let house = house().await;
    let good = "1=Ada&2=ada@example.org&4=2&5=0&6-0.0=Grace";
    for (wrong, opens) in [
        ("1=+&2=ada@example.org&4=many&5=0&6-0.0=Grace", 1),
        ("1=Ada&2=ada@example.org&4=many&5=0&6-0.0=Grace", 2),
        ("1=Ada&2=ada@example.org&5=0", 2),
    ] {
        let again = send(&house, PAGE, &format!("{wrong}&3=campaign&8=nothing+lost&do=send")).await;
        assert_eq!(again.status, 422, "{wrong}");
        let text = again.text();
        assert!(text.contains(&format!("data-opens=\"{opens}\"")), "{wrong}: {text}");
        assert!(text.contains("nothing lost</textarea>") && hidden(&again, "3") == "campaign", "{text}");
    }
    let again = send(&house, PAGE, "1=Ada&2=none&do=send").await;
    assert_snapshot!("pages_with_faults", shown(&again));

    // Whoever only has to send it again is where that is done.
    let page = house.get(PAGE).await;
    let body = format!("stamp={}&{good}&do=send", hidden(&page, "stamp"));
    let early = house.post(PAGE).header("content-type", FORM_TYPE).body(body).await;
    assert_eq!(early.status, 422);
    assert!(early.text().contains("data-opens=\"3\""), "{}", early.text());
    let sent = send(&house, PAGE, &format!("{good}&do=send")).await;
    assert_eq!(sent.status, 303, "{}", sent.text());
}

#[tokio::test]
async fn what_was_saved_is_gone_on_with_at_the_page_where_it_was_left() {
    let house = house().await;
    for (left, opens) in
        [("page=2&", 2), ("page=77&", 3), ("page=0&", 1), ("page=&", 1), ("page=x&", 1), ("", 1)]
    {
        let saved = send(&house, PAGE, &format!("{left}1=Ada&8=later&do=save")).await;
        assert_eq!(saved.status, 303, "{left}: {}", saved.text());
        let page = house.get(saved.header("location")).await;
        assert!(page.text().contains("later</textarea>"), "{left}: {}", page.text());
        let address = page.text().split("<a class=\"address\" href=\"https://forms.example").nth(1).unwrap();
        let address = address.split('"').next().unwrap().replace("&#38;", "&");
        let again = house.get(&address).await;
        for page in [page, again] {
            assert!(page.text().contains(&format!("data-opens=\"{opens}\"")), "{left}: {}", page.text());
        }
    }
}

#[tokio::test]
async fn what_a_client_says_of_a_form_is_on_its_page() {
    let house = House::idle().await;
    let form = json!({ "title": "Made", "properties": [
        { "id": "3f0c2a51-9f0b-4bb0-9d0e-0a7a4d9c1b11", "type": "email", "name": "E-mail",
          "help": "Tom & <i>Jerry</i>", "placeholder": "you@example.org" },
        { "id": "grid", "type": "matrix", "name": "Rate", "rows": ["Food"], "columns": ["Bad", "Good"], "help": "Be fair" },
        { "id": "break", "type": "nf-page-break", "name": "Next" },
        { "id": "last", "type": "select", "name": "Colour", "select": { "options": [{ "name": "Red" }] }, "help": "Any" },
    ] });
    let made = house.post("/open/forms").token(ALL).json(&form.to_string()).await;
    assert_eq!(made.status, 200, "{}", made.text());
    let forms = house.get("/api/v2/acme/forms").token(ALL).await.json();
    let link = forms["forms"].as_array().unwrap().iter().find(|form| form["name"] == "Made").unwrap()["publish"]
        ["link"]
        .clone();
    let path = link.as_str().unwrap().trim_start_matches("https://forms.example").to_owned();
    let text = house.get(&path).await.text().to_owned();
    let email = "083804529624658407131091155093693405969"; // The UUID as a number.
    for part in [
        format!("<p class=\"help\" id=\"h-{email}\">Tom &#38; Jerry</p>"),
        format!("placeholder=\"you@example.org\" aria-describedby=\"h-{email}\">"),
        "<p class=\"help\" id=\"h-100\">Be fair</p>".to_owned(),
        "<h2 id=\"page-2\" tabindex=\"-1\">Page 2 of 2</h2>".to_owned(),
        "<p class=\"help\" id=\"h-101\">Any</p>".to_owned(),
    ] {
        assert!(text.contains(&part), "{part}: {text}");
    }
    // A form that nothing was said of is one page, and needs no script for more.
    let plain = house.get(super::SURVEY).await;
    assert!(!plain.text().contains("pages.js") && !plain.text().contains("class=\"page\""));
}
