//! Whatever is sent, the server answers, and never says that it failed.

use crate::house::{ALL, APRIL, FILLS, House, READ, STATUS};
use axum::http::HeaderValue;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use tokio::runtime::{Builder, Runtime};

const APRIL_XML: &str = "<?xml version=\"1.0\"?><xml><id array='true'>1</id><!-- a --><shortname>&#102;&lt;</shortname>\
     <date_from><![CDATA[2026-04-01]]></date_from><date_to>2026-04-30</date_to></xml>";
const SUBMISSION: &str =
    r#"{"submissions":[{"answers":{"100":"Ada","101":[{"position":1,"other":"x"}],"102":"5"}}]}"#;

fn runtime() -> Runtime {
    Builder::new_current_thread().enable_all().build().unwrap()
}

fn runner(cases: u32) -> TestRunner {
    TestRunner::new(Config { cases, failure_persistence: None, ..Config::default() })
}

/// Something that was well-formed before bytes were put in, taken out or repeated.
fn nearly(whole: &'static str) -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        prop::collection::vec(any::<u8>(), 0..4),
        prop::sample::select(vec![
            "<",
            ">",
            "</",
            "/>",
            "<a>",
            "<!--",
            "-->",
            "<![CDATA[",
            "]]>",
            "<!DOCTYPE a [",
            "<?",
            "?>",
            "&",
            ";",
            "&#",
            "\"",
            "'",
            "{",
            "}",
            "[",
            "]",
            ":",
            ",",
            "\\",
            "\\u",
            "null",
            "-",
            "9e999",
            "array=",
            "\u{feff}",
            "\0",
        ])
        .prop_map(|text| text.as_bytes().to_vec()),
    ];
    let edit = (any::<prop::sample::Index>(), 0_usize..6, piece);
    prop::collection::vec(edit, 1..4).prop_map(move |edits| {
        let mut bytes = whole.as_bytes().to_vec();
        for (place, removed, inserted) in edits {
            let place = place.index(bytes.len() + 1);
            let end = (place + removed).min(bytes.len());
            bytes.splice(place..end, inserted);
        }
        bytes
    })
}

fn body() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        prop::collection::vec(any::<u8>(), 0..200),
        nearly(APRIL),
        nearly(APRIL_XML),
        nearly(SUBMISSION),
        nearly(r#"{"task_id":"550e8400-e29b-41d4-a716-446655440000","format":"xml"}"#),
    ]
}

#[test]
fn no_body_makes_the_server_fail() {
    let runtime = runtime();
    let house = runtime.block_on(House::idle());
    let paths = vec![FILLS, STATUS, "/v1/forms/1/submissions"];
    let types = vec!["application/json", "application/xml", "text/plain"];
    let request = (prop::sample::select(paths), prop::sample::select(types), body());
    let asked = runner(1_000).run(&request, |(path, content_type, body)| {
        let ask = house.post(path).token(ALL).header("content-type", content_type).body(body);
        let answer = runtime.block_on(async { ask.await });
        prop_assert!(answer.status.as_u16() < 500, "{path}: {}", answer.text());
        let is_envelope = answer.text().contains("\"error\":") || answer.text().contains("<error>");
        prop_assert!(path.starts_with("/v1/") || is_envelope, "{path}: {}", answer.text());
        Ok(())
    });
    asked.unwrap();
}

#[test]
fn no_path_and_no_header_makes_the_server_fail() {
    let runtime = runtime();
    let house = runtime.block_on(House::new());
    let file = runtime.block_on(house.file());
    let part = prop_oneof![
        Just(file),
        prop::sample::select(vec![
            FILLS,
            STATUS,
            "/v1/forms/",
            "/submissions",
            "/readyz",
            "/api/download/forms/"
        ])
        .prop_map(str::to_owned),
        prop::sample::select(vec![
            "/", "//", "..", "%2e%2e", "%2F", "%00", "%ff", "%", "?", "&token=", "=", "\\", "*"
        ])
        .prop_map(str::to_owned),
        "[ -~]{0,8}",
    ];
    let names = vec![
        "range",
        "if-range",
        "if-match",
        "if-none-match",
        "if-modified-since",
        "if-unmodified-since",
        "accept",
        "authorization",
        "content-type",
        "x-request-id",
        "idempotency-key",
        "content-length",
    ];
    let value = prop_oneof![
        prop::collection::vec(prop_oneof![Just(b'\t'), 32_u8..127, 128_u8..=255], 0..20),
        "(bytes=)?[0-9]{0,21}-[0-9]{0,21}(,[0-9-]{0,4})?".prop_map(String::into_bytes),
        "(W/)?\"[ -~]{0,6}\"?(, \\*)?".prop_map(String::into_bytes),
        "(Mon|Fri), [0-9]{2} (May|Feb) [0-9]{4} [0-9]{2}:[0-9]{2}:[0-9]{2} GMT".prop_map(String::into_bytes),
    ];
    let request = (
        prop::sample::select(vec!["GET", "HEAD", "POST", "OPTIONS"]),
        prop::collection::vec(part, 1..4),
        prop::sample::select(names),
        value,
    );
    let asked = runner(1_000).run(&request, |(method, parts, name, value)| {
        let path = parts.concat();
        let (Ok(uri), Ok(value)) = (path.parse::<axum::http::Uri>(), HeaderValue::from_bytes(&value)) else {
            return Ok(());
        };
        let mut request = axum::http::Request::builder().method(method).uri(uri).header(name, value);
        if name != "authorization" {
            request = request.header("authorization", format!("Bearer {READ}"));
        }
        let request = request.body(axum::body::Body::from(APRIL)).unwrap();
        let answer = runtime.block_on(tower::ServiceExt::oneshot(house.router.clone(), request)).unwrap();
        prop_assert!(answer.status().as_u16() < 500, "{method} {path}: {}", answer.status());
        Ok(())
    });
    asked.unwrap();
}
