//! The list of submissions: pages that lose and repeat nothing, and what can be searched for.

use crate::ask::Answer;
use crate::house::{ALL, House, NOTHING, OTHER, READ};
use insta::assert_snapshot;

const LIST: &str = "/open/forms/1/submissions";

fn ids(answer: &Answer) -> Vec<i64> {
    let json = answer.json();
    json["data"].as_array().unwrap().iter().map(|submission| submission["id"].as_i64().unwrap()).collect()
}

async fn list(house: &House, query: &str) -> Answer {
    let answer = house.get(&format!("{LIST}{query}")).token(READ).await;
    assert_eq!(answer.status.as_u16(), 200, "{query}: {}", answer.text());
    answer
}

#[tokio::test]
async fn submissions_are_listed_the_latest_first() {
    let house = House::idle().await;
    let answer = list(&house, "?per_page=1&page=4").await;
    assert_snapshot!(answer.shown(), @r#"
    200 application/json
    {"data":[{"data":{"100":"Ada, \"the first\"","101":"a poster","102":null,"status":"completed","created_at":"2026-03-31 22:00:00","id":10000001,"submission_id":"10000001"},"completion_time":null,"form_id":1,"id":10000001,"submission_id":"10000001"}],"links":{"first":"https://forms.example/open/forms/1/submissions?per_page=1&page=1","last":"https://forms.example/open/forms/1/submissions?per_page=1&page=4","prev":"https://forms.example/open/forms/1/submissions?per_page=1&page=3","next":null},"meta":{"current_page":4,"from":4,"last_page":4,"links":[{"url":"https://forms.example/open/forms/1/submissions?per_page=1&page=3","label":"&laquo; Previous","active":false},{"url":"https://forms.example/open/forms/1/submissions?per_page=1&page=1","label":"1","active":false},{"url":"https://forms.example/open/forms/1/submissions?per_page=1&page=2","label":"2","active":false},{"url":"https://forms.example/open/forms/1/submissions?per_page=1&page=3","label":"3","active":false},{"url":"https://forms.example/open/forms/1/submissions?per_page=1&page=4","label":"4","active":true},{"url":null,"label":"Next &raquo;","active":false}],"path":"https://forms.example/open/forms/1/submissions","per_page":1,"to":4,"total":4}}
    "#);
    assert_eq!(ids(&list(&house, "").await), [10_000_004, 10_000_003, 10_000_002, 10_000_001]);
    let empty = house.get("/api/open/forms/old-survey/submissions").token(READ).await;
    assert_snapshot!(empty.shown(), @r#"
    200 application/json
    {"data":[],"links":{"first":"https://forms.example/api/open/forms/old-survey/submissions?page=1","last":"https://forms.example/api/open/forms/old-survey/submissions?page=1","prev":null,"next":null},"meta":{"current_page":1,"from":null,"last_page":1,"links":[{"url":null,"label":"&laquo; Previous","active":false},{"url":"https://forms.example/api/open/forms/old-survey/submissions?page=1","label":"1","active":true},{"url":null,"label":"Next &raquo;","active":false}],"path":"https://forms.example/api/open/forms/old-survey/submissions","per_page":100,"to":null,"total":0}}
    "#);
}

#[tokio::test]
async fn the_links_lead_through_all_pages_without_loss_or_repetition() {
    let house = House::idle().await;
    let line = |n: i64| {
        format!(
            r#"{{"kind":"submission","form_id":1,"id":{},"status":"Complete","date_finish":"2026-04-03T00:00:00Z","date_update":"2026-04-03T00:00:00Z","answers":{{"100":"né à {}"}}}}"#,
            10_000_100 + n,
            n % 2
        ) + "\n"
    };
    house.import((0..60).map(line).collect()).await;
    let mut found = Vec::new();
    let mut next = Some(format!("{LIST}?search=N%C3%89%20%C3%A0+1&status=completed&per_page=7"));
    while let Some(path) = next {
        let answer = house.get(&path).token(READ).await;
        found.extend(ids(&answer));
        assert!(found.len() <= 30, "a page comes again");
        let url = answer.json()["links"]["next"].as_str().map(str::to_owned);
        next = url.map(|url| url.strip_prefix("https://forms.example").unwrap().to_owned());
    }
    let expected: Vec<i64> = (0..60).rev().filter(|n| n % 2 == 1).map(|n| 10_000_100 + n).collect();
    assert_eq!(found, expected);
}

#[tokio::test]
async fn submissions_are_searched_for_and_told_apart_by_status() {
    let house = House::idle().await;
    for (query, expected) in [
        ("?search=ADA", &[10_000_001][..]),
        ("?search=a%20poster", &[10_000_001]),
        ("?search=%25", &[]),
        ("?search=_", &[]),
        ("?status=partial", &[10_000_002]),
        ("?status=completed", &[10_000_004, 10_000_003, 10_000_001]),
        ("?status=completed&search=zo%C3%AB", &[10_000_003]),
        ("?status=all&search=", &[10_000_004, 10_000_003, 10_000_002, 10_000_001]),
        ("?status=whatever&per_page=0&page=0", &[10_000_004, 10_000_003, 10_000_002, 10_000_001]),
        ("?per_page=-1&page=-1", &[10_000_004, 10_000_003, 10_000_002, 10_000_001]),
        ("?per_page=2&page=2", &[10_000_002, 10_000_001]),
        ("?page=99999999999999999999", &[10_000_004, 10_000_003, 10_000_002, 10_000_001]),
        ("?page=3", &[]),
    ] {
        assert_eq!(ids(&list(&house, query).await), expected, "{query}");
    }
    assert_eq!(list(&house, "?per_page=1000").await.json()["meta"]["per_page"], 100);
}

#[tokio::test]
async fn who_may_not_sees_no_list() {
    let house = House::idle().await;
    for (form, token, status) in [(1, NOTHING, 403), (1, OTHER, 403), (3, ALL, 403), (99, ALL, 404)] {
        let answer = house.get(&format!("/open/forms/{form}/submissions")).token(token).await;
        assert_eq!(answer.status.as_u16(), status, "{form}");
    }
}
