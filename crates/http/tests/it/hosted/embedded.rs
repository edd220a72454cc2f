//! A form within another page.

use super::{SURVEY, send};
use crate::house::{House, READ};

#[tokio::test]
async fn a_form_within_another_page_stays_there() {
    let house = House::idle().await;
    let page = house.get(&format!("{SURVEY}?embed=1")).await;
    assert!(page.text().contains("class=\"embedded\""), "{}", page.text());
    let sent = send(&house, &format!("{SURVEY}?embed=1"), "100=Ada&do=send").await;
    assert_eq!(sent.header("location"), "/f/acme/survey/thanks?embed=1");
    let saved = send(&house, &format!("{SURVEY}?embed=1"), "100=Ada&do=save").await;
    assert!(saved.header("location").ends_with("&saved&embed=1"), "{}", saved.header("location"));
}

#[tokio::test]
async fn the_code_to_embed_names_what_is_served() {
    let house = House::idle().await;
    let forms = house.get("/api/v2/acme/forms/survey").token(READ).await;
    let publish = &forms.json()["forms"][0]["publish"];
    let code = publish["embed_code"].as_str().unwrap();
    for address in code.split('"').filter_map(|part| part.strip_prefix("https://forms.example")) {
        assert_eq!(house.get(address).await.status, 200, "{address}");
    }
    assert_eq!(code.matches("https://forms.example").count(), 2, "{code}");
    assert_eq!(publish["link"], format!("https://forms.example{SURVEY}"));
    for (file, media_type) in [("form.css", "text/css"), ("form.js", "text/javascript")] {
        let asset = house.get(&format!("/assets/{file}")).await;
        assert_eq!(asset.header("content-type"), format!("{media_type}; charset=utf-8"));
        assert_eq!(asset.header("cache-control"), "public, max-age=3600");
    }
    assert_eq!(house.get("/assets/other.js").await.status, 404);
}
