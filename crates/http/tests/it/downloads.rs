//! The file of an export: its headers, its bytes, the conditions that a client may set.

use crate::ask::redacted;
use crate::house::{APRIL, House, READ};
use axum::http::StatusCode;
use insta::assert_snapshot;

/// The headers of an answer but for its request id, a line each.
fn shown(answer: &crate::ask::Answer) -> String {
    let mut lines: Vec<String> = answer
        .headers
        .iter()
        .filter(|(name, _)| *name != "x-request-id" && *name != "content-length")
        .map(|(name, value)| format!("{name}: {}", value.to_str().unwrap()))
        .collect();
    lines.sort();
    let shown = format!("{}\n{}", answer.status.as_u16(), lines.join("\n"));
    let sha256 = answer.header("etag").trim_matches('"');
    let digest = answer.header("repr-digest");
    let shown = if sha256.is_empty() { shown } else { shown.replace(sha256, "[sha256]") };
    redacted(&if digest.is_empty() { shown } else { shown.replace(digest, "sha-256=:[digest]:") })
}

#[tokio::test]
async fn a_file_comes_with_all_that_is_known_of_it() {
    let house = House::new().await;
    let file = house.file().await;
    let answer = house.get(&file).token(READ).await;
    assert_snapshot!(shown(&answer), @r#"
    200
    accept-ranges: bytes
    cache-control: private, no-store
    content-disposition: attachment; filename="1_20001_form_export.zip"
    content-type: application/zip
    etag: "[sha256]"
    last-modified: Fri, 01 May 2026 08:00:00 GMT
    referrer-policy: no-referrer
    repr-digest: sha-256=:[digest]:
    x-accel-buffering: no
    x-content-type-options: nosniff
    "#);
    assert_eq!(answer.body.len().to_string(), answer.header("content-length"));

    let head = house.head(&file).token(READ).await;
    assert_eq!(shown(&head), shown(&answer));
    assert!(head.body.is_empty());
    let head = house.head(&file).token(READ).header("range", "bytes=0-1").await;
    assert_eq!(shown(&head), shown(&answer), "a range is of a GET only");
}

#[tokio::test]
async fn a_file_that_the_client_has_is_not_sent_again() {
    let house = House::new().await;
    let file = house.file().await;
    let whole = house.get(&file).token(READ).await;
    let (etag, modified) = (whole.header("etag"), whole.header("last-modified"));
    for (name, value) in [
        ("if-none-match", etag),
        ("if-none-match", &*format!("\"other\", W/{etag}")),
        ("if-none-match", "*"),
        ("if-modified-since", modified),
        ("if-modified-since", "Sat, 02 May 2026 08:00:00 GMT"),
    ] {
        for ask in [house.get(&file), house.head(&file)] {
            let answer = ask.token(READ).header(name, value).await;
            assert_eq!((answer.status.as_u16(), answer.body.len()), (304, 0), "{name}: {value}");
            assert_eq!(answer.header("etag"), etag);
        }
    }
    let answer = house.get(&file).token(READ).header("if-none-match", etag).await;
    assert_eq!(answer.header("content-length"), whole.header("content-length"));
    assert_snapshot!(shown(&answer), @r#"
    304
    accept-ranges: bytes
    cache-control: private, no-store
    etag: "[sha256]"
    last-modified: Fri, 01 May 2026 08:00:00 GMT
    referrer-policy: no-referrer
    repr-digest: sha-256=:[digest]:
    x-content-type-options: nosniff
    "#);
    for (name, value) in [
        ("if-none-match", "\"other\""),
        ("if-none-match", "no tag \u{7f}"),
        ("if-modified-since", "Thu, 30 Apr 2026 08:00:00 GMT"),
        ("if-modified-since", "yesterday"),
        ("if-match", etag),
        ("if-match", "*"),
        ("if-unmodified-since", modified),
    ] {
        let Ok(value) = axum::http::HeaderValue::from_bytes(value.as_bytes()) else { continue };
        let answer = house.get(&file).token(READ).header(name, value.to_str().unwrap()).await;
        assert_eq!((answer.status.as_u16(), &answer.body), (200, &whole.body), "{name}: {value:?}");
    }
    // The tag counts where both are given.
    let answer = house
        .get(&file)
        .token(READ)
        .header("if-none-match", "\"other\"")
        .header("if-modified-since", modified)
        .await;
    assert_eq!(answer.status, StatusCode::OK);
}

#[tokio::test]
async fn a_file_that_is_not_the_expected_one_is_not_sent() {
    let house = House::new().await;
    let file = house.file().await;
    let etag = house.head(&file).token(READ).await.header("etag").to_owned();
    for (name, value) in [
        ("if-match", "\"other\""),
        ("if-match", &*format!("W/{etag}")),
        ("if-unmodified-since", "Thu, 30 Apr 2026 08:00:00 GMT"),
    ] {
        let answer = house.get(&file).token(READ).header(name, value).await;
        let said = r#"{"error":412,"error_text":"the file is not the one that was expected"}"#;
        assert_eq!((answer.status.as_u16(), answer.text()), (412, said), "{name}: {value}");
    }
}

#[tokio::test]
async fn paths_that_climb_or_make_no_sense_are_not_found() {
    let house = House::new().await;
    let file = house.file().await;
    let (folder, name) = file.rsplit_once('/').unwrap();
    for path in [
        format!("{folder}/../{name}"),
        format!("{folder}/%2e%2e/{name}"),
        format!("{folder}/..%2f{name}"),
        format!("{folder}/%2F{name}"),
        format!("{folder}%2F{name}"),
        format!("{folder}/%2e/{name}"),
        format!("{folder}\\{name}"),
        format!("{folder}/{name}%00"),
        format!("{folder}%00/{name}"),
        format!("{folder}/{name}%ff"),
        format!("{folder}/{name}.csv"),
        format!("{folder}x/{name}"),
        format!("{folder}/%"),
        "/api/download/forms/../../../etc/passwd".to_owned(),
        "/api/download/forms/..%2f..%2f..%2fetc/passwd".to_owned(),
        "/api/download/forms/%2e%2e/%2e%2e".to_owned(),
        "/api/download/forms/renditions/1".to_owned(),
        format!("/api/download/forms/{}/a.zip", "a".repeat(60_000)),
        "/api/download".to_owned(),
    ] {
        // Not everything that can be sent can be said by our client.
        let Ok(uri) = path.parse::<axum::http::Uri>() else { continue };
        let answer = house.get(&uri.to_string()).token(READ).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
        assert_eq!(answer.json()["error"], 404, "{path}");
    }
    let answer = house.get(&format!("{folder}/nothing.zip")).token(READ).header("accept", "text/xml").await;
    assert_snapshot!(answer.shown(), @"
    404 application/xml; charset=utf-8
    <xml><error>404</error><error_text>the file was not found</error_text></xml>
    ");
}

#[tokio::test]
async fn a_file_is_named_after_its_own_form() {
    let house = House::new().await;
    // Two forms with the same items, nothing in either: all that differs is whose they are.
    house
        .import(
            r#"{"kind":"form","id":4,"account_id":20002,"shortname":"form_Twin0004","directory":"twin","slug":"twin","name":"Twin","state":"open","items":[{"id":"1","type":"text","label":"Name"}]}"#
                .to_owned(),
        )
        .await;
    for form in ["2", "4"] {
        let url = house.export(&APRIL.replace("\"id\":1", &format!("\"id\":{form}"))).await;
        let name = url.split('/').nth(1).unwrap();
        assert!(name.starts_with(&format!("{form}_")), "the file of form {form} is called {name}");
    }
}
