//! The file of an export: for whoever has its address, while it holds.

use crate::house::{House, READ};
use insta::assert_snapshot;
use std::time::Duration;

/// The address of a file that is there, without what comes before its path.
async fn address(house: &House) -> String {
    let body = r#"{"columns":{"100":true},"is_async":true}"#;
    let started = house.post("/open/forms/1/submissions/export").token(READ).json(body).await;
    let job = started.json()["job_id"].as_str().unwrap().to_owned();
    let mut looks = tokio::time::interval(Duration::from_millis(5));
    let waiting = async {
        loop {
            let path = format!("/open/forms/1/submissions/export/{job}/status");
            let status = house.get(&path).token(READ).await.json();
            if let Some(url) = status["file_url"].as_str() {
                return url.strip_prefix("https://forms.example").unwrap().to_owned();
            }
            looks.tick().await;
        }
    };
    tokio::time::timeout(Duration::from_mins(1), waiting).await.expect("the export is completed in time")
}

#[tokio::test]
async fn a_file_needs_no_token() {
    let house = House::new().await;
    let address = address(&house).await;
    let answer = house.get(&address).await;
    assert!(
        answer
            .header("content-disposition")
            .starts_with("attachment; filename=\"customer-survey-submissions-")
    );
    assert_eq!(answer.header("content-type"), "text/csv; charset=utf-8");
    let part = house.get(&format!("/api{address}")).header("range", "bytes=0-2").await;
    assert_eq!((part.status.as_u16(), part.text()), (206, "id,"));
}

#[tokio::test]
async fn an_address_that_was_changed_opens_nothing() {
    let house = House::new().await;
    let address = address(&house).await;
    let (path, query) = address.split_once('?').unwrap();
    let (expires, signature) = query.split_once('&').unwrap();
    let turned = if signature.ends_with('0') { "1" } else { "0" };
    for changed in [
        path.to_owned(),
        format!("{path}?{expires}"),
        format!("{path}?{signature}"),
        format!("{path}?expires=99999999999&{signature}"),
        format!("{path}?{expires}&{}{turned}", &signature[..signature.len() - 1]),
        format!("{path}x?{query}"),
        format!("/open/exports/another/file.csv?{query}"),
        format!("{path}?{expires}&signature=%C3%A9"),
    ] {
        let answer = house.get(&changed).await;
        assert_eq!(answer.status.as_u16(), 403, "{changed}");
        assert_eq!(answer.json(), serde_json::json!({ "message": "Invalid signature." }), "{changed}");
    }
}

#[tokio::test]
async fn an_address_ends_with_its_file() {
    let house = House::new().await;
    let address = address(&house).await;
    house.pass(Duration::from_hours(24));
    assert_snapshot!(house.get(&address).await.shown(), @r#"
    404 application/json
    {"type":"error","message":"File not found."}
    "#);
}
