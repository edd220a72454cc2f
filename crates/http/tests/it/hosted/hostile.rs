//! Machines, and whoever means ill.

use super::{FORM_TYPE, SURVEY, hidden, send, stamp};
use crate::ask::Answer;
use crate::house::{ALL, House};
use std::time::Duration;

async fn post(house: &House, body: String) -> Answer {
    house.post(SURVEY).header("content-type", FORM_TYPE).body(body).await
}

async fn total(house: &House) -> serde_json::Value {
    house.get("/open/forms/1/submissions").token(ALL).await.json()["meta"]["total"].take()
}

#[tokio::test]
async fn who_is_too_fast_or_too_late_may_send_again() {
    let house = House::idle().await;
    let page = house.get(SURVEY).await;
    let stamp = hidden(&page, "stamp").to_owned();
    let fast = post(&house, format!("stamp={stamp}&100=Ada")).await;
    assert_eq!(fast.status, 422);
    assert!(
        fast.text().contains("That was quick") && fast.text().contains("value=\"Ada\""),
        "{}",
        fast.text()
    );
    // Not by starting over: the page keeps its age.
    assert_eq!(hidden(&fast, "stamp"), stamp);
    house.pass(Duration::from_hours(25));
    let late = post(&house, format!("stamp={stamp}&100=Ada")).await;
    assert!(late.text().contains("open for a long time") && late.text().contains("value=\"Ada\""));
    assert_eq!(total(&house).await, 4);
    house.pass(Duration::from_secs(2));
    assert_eq!(post(&house, format!("stamp={}&100=Ada", hidden(&late, "stamp"))).await.status, 303);
    assert_eq!(total(&house).await, 5);
}

#[tokio::test]
async fn what_machines_send_is_not_stored() {
    let house = House::idle().await;
    let good = stamp(&house, SURVEY).await;
    let other = stamp(&house, "/f/globex/globex").await;
    let forged = good.replacen(char::is_numeric, "0", 1);
    for body in [
        "100=Ada".to_owned(),
        "stamp=&100=Ada".to_owned(),
        format!("stamp={good}&trap=http://spam.example&100=Ada"),
        format!("stamp={forged}&100=Ada"),
        format!("stamp={other}&100=Ada"),
        format!("stamp={good}&100=Ada&101=7"),
        format!("stamp={good}&100=Ada&101=x"),
        format!("stamp={good}&100=Ada&101=0&101=1"),
        format!("stamp={good}&100=Ada&resume=10000001-00"),
        format!("stamp={good}&100={}", "x".repeat(20_000_000)),
        format!("stamp={good}&{}", "100=a&".repeat(60_000)),
    ] {
        let start: String = body.chars().take(120).collect();
        let refused = post(&house, body).await;
        assert!(refused.status.is_client_error(), "{start}: {}", refused.status);
    }
    assert_eq!(total(&house).await, 4);
}

#[tokio::test]
async fn nothing_that_was_given_is_run() {
    let house = House::idle().await;
    let bad = "%22%3E%3Cscript%3Ealert(1)%3C/script%3E%3C/textarea%3E";
    let again = send(&house, SURVEY, &format!("100={bad}&101.other={bad}&102={bad}")).await;
    let prefilled = house.get(&format!("{SURVEY}?100={bad}&101={bad}&embed={bad}&resume={bad}")).await;
    for page in [&again, &prefilled] {
        assert!(!page.text().contains("<script>"), "{}", page.text());
    }
    house.import(HOSTILE.to_owned()).await;
    let page = house.get("/f/acme/hostile").await;
    assert_eq!(page.status, 200);
    assert!(!page.text().contains("<script>") && !page.text().contains("<b>"), "{}", page.text());
}

const HOSTILE: &str = r#"{"kind":"form","id":8,"account_id":20002,"shortname":"form_Hostile8","directory":"hostile","slug":"hostile","name":"<script>x</script>","description":"<b>\n</textarea>","state":"open","items":[{"id":"1","type":"radio","label":"<b>","choices":[{"position":0,"label":"\"><script>"}],"allow_other":true},{"id":"2","type":"dropdown","label":"\"<b>","choices":[{"position":0,"label":"</option><script>"}],"allow_other":true},{"id":"3","type":"matrix_text","label":"<b>","columns":["\"<b>"],"children":[{"id":"3-0","type":"text","label":"<b>"}]}]}
"#;

#[tokio::test]
async fn an_address_that_sends_too_much_has_to_wait() {
    let house = House::idle().await;
    let send = async |address: &str| {
        let ask = house.post(SURVEY).header("content-type", FORM_TYPE);
        ask.header("x-forwarded-for", address).body("100=Ada").await
    };
    for _ in 0..60 {
        assert_eq!(send("2001:db8::1").await.status, 422);
    }
    // The same household.
    let refused = send("2001:db8::2").await;
    assert_eq!((refused.status.as_u16(), refused.header("retry-after")), (429, "60"));
    assert!(refused.text().contains("Please wait 60 seconds"), "{}", refused.text());
    assert_eq!(send("2001:db8:0:1::1").await.status, 422);
    house.pass(Duration::from_mins(1));
    assert_eq!(send("2001:db8::1").await.status, 422);
}
