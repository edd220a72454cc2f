//! The latest file of a form, read where it is.

use crate::ask::Answer;
use crate::house::{ALL, House, NOTHING, OTHER, READ};
use std::time::Duration;

const FILE: &str = "/v1/forms/1/latest.parquet";

/// The address of the latest file of form 1, without the host.
async fn link(house: &House) -> String {
    let told = house.get("/v1/forms/customer-survey/latest").token(READ).await.json();
    told["url"].as_str().unwrap().strip_prefix("https://forms.example").unwrap().to_owned()
}

fn assert_is_parquet(answer: &Answer) {
    assert_eq!(
        (answer.status.as_u16(), answer.header("content-type")),
        (200, "application/vnd.apache.parquet")
    );
    assert!(answer.body.starts_with(b"PAR1") && answer.body.ends_with(b"PAR1"));
}

async fn rename(house: &House, name: &str) {
    let body = format!(r#"{{"answers":{{"100":"{name}"}}}}"#);
    let changed = house.patch("/v1/forms/1/submissions/10000003").token(ALL).json(&body).await;
    assert_eq!(changed.status.as_u16(), 200, "{}", changed.text());
}

#[tokio::test]
async fn everybody_who_has_its_address_reads_the_latest_file() {
    let house = House::new().await;
    let address = link(&house).await;
    assert!(address.starts_with(&format!("{FILE}?user=1&signature=")), "{address}");
    assert_eq!(link(&house).await, address);
    let whole = house.get(&address).await;
    assert_is_parquet(&whole);
    let with_token = house.get("/v1/forms/customer-survey/latest.parquet").token(READ).await;
    assert_eq!(with_token.body, whole.body);
    let part = house.get(&address).header("range", "bytes=0-3").await;
    assert_eq!((part.status.as_u16(), &*part.body), (206, &b"PAR1"[..]));
    assert_eq!(part.header("etag"), whole.header("etag"));
}

#[tokio::test]
async fn a_file_that_is_read_stays_and_then_is_the_latest_again() {
    let house = House::new().await;
    let address = link(&house).await;
    let before = house.get(&address).await;
    rename(&house, "Zoe").await;
    for _ in 0..3 {
        house.pass(Duration::from_secs(20));
        assert_eq!(house.get(&address).await.header("etag"), before.header("etag"));
    }
    house.pass(Duration::from_secs(31));
    let after = house.get(&address).await;
    assert_is_parquet(&after);
    assert_ne!(after.header("etag"), before.header("etag"));
    // Nobody is kept from what is new by asking all the time.
    rename(&house, "Grace").await;
    let mut tags = Vec::new();
    for _ in 0..31 {
        house.pass(Duration::from_secs(20));
        tags.push(house.get(&address).await.header("etag").to_owned());
    }
    tags.dedup();
    assert_eq!(tags.len(), 2);
}

#[tokio::test]
async fn others_are_not_given_it() {
    let house = House::new().await;
    let address = link(&house).await;
    for (path, token, status) in [
        (FILE, NOTHING, 403),
        (FILE, OTHER, 404),
        (FILE, "unknown", 401),
        ("/v1/forms/99/latest.parquet", READ, 404),
        ("/v1/forms/1/latest", OTHER, 404),
    ] {
        assert_eq!(house.get(path).token(token).await.status.as_u16(), status, "{path}");
    }
    assert_eq!(house.get(FILE).await.status.as_u16(), 401);
    for forged in [
        address.replace("user=1", "user=2"),
        address.replace("forms/1/", "forms/3/"),
        format!("{address}0"),
        format!("{FILE}?user=1&signature="),
    ] {
        assert_eq!(house.get(&forged).await.status.as_u16(), 403, "{forged}");
    }
}
