//! Going on later with what was saved.

use super::kinds::KINDS;
use super::{FORM_TYPE, SURVEY, hidden, send};
use crate::house::{ALL, House};

#[tokio::test]
async fn what_was_saved_is_gone_on_with_at_its_address() {
    let house = House::idle().await;
    let saved = send(&house, SURVEY, "100=&101=1&101.other=a+poster&do=save").await;
    assert_eq!(saved.status, 303, "{}", saved.text());
    let location = saved.header("location").to_owned();
    assert!(
        location.starts_with("/f/acme/survey?resume=10000005-") && location.ends_with("&saved"),
        "{location}"
    );
    let page = house.get(&location).await;
    let address = location.trim_end_matches("&saved");
    assert!(page.text().contains(&format!("href=\"https://forms.example{address}\"")), "{}", page.text());
    assert!(page.text().contains("value=\"a poster\""), "{}", page.text());

    let word = hidden(&page, "resume").to_owned();
    let fields = format!("100=Ada&101=0&do=send&resume={word}");
    let sent = send(&house, SURVEY, &fields).await;
    assert_eq!((sent.status.as_u16(), sent.header("location")), (303, "/f/acme/survey/thanks"));
    let stored = house.get("/v1/forms/1/submissions/10000005").token(ALL).await;
    assert_eq!(stored.json()["status"], "Complete", "{}", stored.text());
    assert_eq!(stored.json()["answers"], serde_json::json!({ "100": "Ada", "101": [{ "position": 0 }] }));
    // Afterwards both lead to the thanks.
    assert_eq!(send(&house, SURVEY, &fields).await.header("location"), "/f/acme/survey/thanks");
    assert_eq!(house.get(address).await.status, 303);
}

#[tokio::test]
async fn what_was_sent_from_another_page_meanwhile_loses_nothing() {
    let house = House::idle().await;
    let saved = send(&house, SURVEY, "100=&do=save").await;
    let page = house.get(saved.header("location")).await;
    let word = hidden(&page, "resume").to_owned();
    let desk = send(&house, SURVEY, &format!("100=Ada&do=send&resume={word}")).await;
    assert_eq!(desk.header("location"), "/f/acme/survey/thanks");

    for way in ["send", "save"] {
        let phone = send(&house, SURVEY, &format!("100=Grace&do={way}&resume={word}")).await;
        assert_eq!(phone.status, 422, "{}", phone.text());
        assert!(
            phone.text().contains("not stored yet") && phone.text().contains("value=\"Grace\""),
            "{}",
            phone.text()
        );
        assert!(!phone.text().contains("name=\"resume\""), "{}", phone.text());
    }
    // What the page gives back is a submission of its own.
    assert_eq!(send(&house, SURVEY, "100=Grace&do=send").await.header("location"), "/f/acme/survey/thanks");
    for (id, name) in [(10_000_005, "Ada"), (10_000_006, "Grace")] {
        let stored = house.get(&format!("/v1/forms/1/submissions/{id}")).token(ALL).await;
        assert_eq!(stored.json()["answers"]["100"], name);
    }
}

#[tokio::test]
async fn what_an_api_has_saved_is_kept_by_the_page() {
    let house = House::idle().await;
    house.import(KINDS.to_owned()).await;
    let part = r#"{"8":"12","20":"https://forms.example/acme/files/f-0123456789abcdefABCDEFg_me.png","is_partial":true}"#;
    let word = house.post("/forms/kinds/answer").json(part).await.json()["submission_hash"].take();
    let page = house.get(&format!("/f/acme/kinds?resume={}", word.as_str().unwrap())).await;
    let (total, picture) = (hidden(&page, "8"), hidden(&page, "20.file"));
    let fields = format!("1=Ada&8={total}&20.file={picture}&resume={}&do=send", hidden(&page, "resume"));
    assert_eq!(send(&house, "/f/acme/kinds", &fields).await.status, 303);
    let stored = house.get("/v1/forms/7/submissions/10000005").token(ALL).await.json();
    assert_eq!(stored["answers"]["8"], "12");
    assert_eq!(stored["answers"]["20"], "https://forms.example/acme/files/f-0123456789abcdefABCDEFg_me.png");
}

#[tokio::test]
async fn nobody_goes_on_with_what_is_not_theirs() {
    let house = House::idle().await;
    for word in ["10000002-00", "10000002", "x-y", "10000002-%F0"] {
        let page = house.get(&format!("{SURVEY}?resume={word}")).await;
        assert_eq!(page.status, 422, "{word}");
        assert!(
            page.text().contains("not there any more") && !page.text().contains("Grace"),
            "{}",
            page.text()
        );
    }
}

#[tokio::test]
async fn a_form_that_takes_no_parts_offers_none() {
    let house = House::idle().await;
    house.import(WHOLE.to_owned()).await;
    assert!(!house.get("/f/acme/whole").await.text().contains("value=\"save\""));
    assert!(house.get(SURVEY).await.text().contains("value=\"save\""));
    let page = house.get("/f/acme/whole").await;
    house.pass(std::time::Duration::from_secs(9));
    let body = format!("stamp={}&1=x&do=save", hidden(&page, "stamp"));
    let refused = house.post("/f/acme/whole").header("content-type", FORM_TYPE).body(body).await;
    assert_eq!(refused.status, 422);
}

const WHOLE: &str = r#"{"kind":"form","id":9,"account_id":20002,"shortname":"form_Whole009","directory":"whole","slug":"whole","name":"Whole","state":"open","items":[{"id":"1","type":"text","label":"Name"}]}
"#;
