//! Parts of a file: what a client gets that goes on where it was cut off.

use crate::ask::Answer;
use crate::house::{House, READ};
use axum::http::StatusCode;
use std::fmt::Write as _;

async fn range(house: &House, file: &str, range: &str) -> Answer {
    house.get(file).token(READ).header("range", range).await
}

#[tokio::test]
async fn every_part_is_a_part_of_the_whole() {
    let house = House::new().await;
    let file = house.file().await;
    let whole = house.get(&file).token(READ).await.body;
    // The head, the fills and the tail of this file are stored apart; so a range from everywhere crosses every border.
    for first in 0..whole.len() {
        let last = (first + 40).min(whole.len() - 1);
        let answer = range(&house, &file, &format!("bytes={first}-{last}")).await;
        assert_eq!(answer.status, StatusCode::PARTIAL_CONTENT);
        assert_eq!(answer.header("content-range"), format!("bytes {first}-{last}/{}", whole.len()));
        assert_eq!(answer.header("content-length"), (last + 1 - first).to_string());
        assert_eq!(answer.body, whole[first..=last], "{first}-{last}");
    }
    for (asked, from, until) in [
        ("bytes=0-0", 0, 1),
        ("bytes=7-", 7, whole.len()),
        ("bytes=0-99999999999999999999", 0, whole.len()),
        ("bytes=-5", whole.len() - 5, whole.len()),
        ("bytes=-100000", 0, whole.len()),
    ] {
        let answer = range(&house, &file, asked).await;
        assert_eq!((answer.status.as_u16(), &answer.body[..]), (206, &whole[from..until]), "{asked}");
    }
}

#[tokio::test]
async fn a_part_crosses_the_borders_of_blocks() {
    let house = House::new().await;
    let mut lines = String::new();
    for n in 0..17_000 {
        let date = "2026-04-10T12:00:00Z";
        writeln!(
            lines,
            r#"{{"kind":"submission","form_id":1,"id":{},"status":"Complete","date_finish":"{date}","date_update":"{date}","answers":{{"100":"Visitor {n}"}}}}"#,
            20_000_000 + n
        )
        .unwrap();
    }
    house.import(lines).await;
    let file = house.file().await;
    let whole = house.get(&file).token(READ).await.body;
    assert!(whole.len() > 90_000, "{} bytes are too few for this test", whole.len());
    for first in (0..whole.len()).step_by(997) {
        let last = (first + 70_000).min(whole.len() - 1);
        let answer = range(&house, &file, &format!("bytes={first}-{last}")).await;
        assert_eq!(answer.status, StatusCode::PARTIAL_CONTENT);
        assert!(answer.body == whole[first..=last], "{first}-{last}");
    }
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(&whole)).unwrap();
    let rows = csv::Reader::from_reader(archive.by_index(0).unwrap()).into_records().map(Result::unwrap);
    let ids: Vec<String> = rows.map(|row| row[0].to_owned()).collect();
    let expected = ["10000001", "10000003"].map(str::to_owned).into_iter();
    assert_eq!(ids, expected.chain((0..17_000).map(|n| (20_000_000 + n).to_string())).collect::<Vec<_>>());
}

#[tokio::test]
async fn a_part_beyond_the_end_is_refused() {
    let house = House::new().await;
    let file = house.file().await;
    let size_bytes = house.head(&file).token(READ).await.header("content-length").to_owned();
    for asked in [format!("bytes={size_bytes}-"), "bytes=1000000-2000000".to_owned(), "bytes=-0".to_owned()] {
        let answer = range(&house, &file, &asked).await;
        assert_eq!(answer.header("content-range"), format!("bytes */{size_bytes}"));
        let said = r#"{"error":416,"error_text":"the range is beyond the end of the file"}"#;
        assert_eq!((answer.status.as_u16(), answer.text()), (416, said), "{asked}");
    }
}

#[tokio::test]
async fn several_parts_and_what_is_no_range_give_the_whole() {
    let house = House::new().await;
    let file = house.file().await;
    let whole = house.get(&file).token(READ).await.body;
    for asked in ["bytes=0-1,4-5", "bytes=5-2", "bytes=a-", "lines=1-2", "bytes", "bytes=0-1\u{a0}", "="] {
        let answer = range(&house, &file, asked).await;
        assert_eq!((answer.status.as_u16(), &answer.body), (200, &whole), "{asked}");
        assert_eq!(answer.header("content-range"), "");
    }
}

#[tokio::test]
async fn a_part_is_only_given_to_whoever_has_the_rest_of_this_file() {
    let house = House::new().await;
    let file = house.file().await;
    let whole = house.head(&file).token(READ).await;
    let (etag, modified) = (whole.header("etag"), whole.header("last-modified"));
    for (condition, status) in [
        (etag, 206),
        (modified, 206),
        ("\"other\"", 200),
        (&*format!("W/{etag}"), 200),
        ("Sat, 02 May 2026 08:00:00 GMT", 200),
        ("nonsense", 200),
    ] {
        let ask = house.get(&file).token(READ).header("range", "bytes=0-3").header("if-range", condition);
        assert_eq!(ask.await.status.as_u16(), status, "{condition}");
    }
}
