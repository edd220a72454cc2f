//! Bodies that are refused for what they are, whatever they say.

use crate::ask::{assert_refused, assert_refused_with};
use crate::house::{APRIL, FILLS, House, READ};
use axum::http::StatusCode;

#[tokio::test]
async fn a_body_that_is_broken_is_refused() {
    let house = House::idle().await;
    for body in
        ["{", "{]", "{\"id\":1,}", "{\"id\":1} {", "{\"id\":}", "{\"\\ud800\":1}", "{id:1}", "{'id':1}"]
    {
        assert_refused_with(&house.post(FILLS).token(READ).json(body).await, 400, "body: is not JSON: ");
    }
    for body in ["[]", "\"id\"", "1", "null", "", "  "] {
        assert_refused(&house.post(FILLS).token(READ).json(body).await, 400, "body: is not a JSON object");
    }
    let deep = "[".repeat(1_000_000);
    let answer = house.post(FILLS).token(READ).json(&format!("{{\"id\":{deep}")).await;
    assert_refused_with(&answer, 400, "body: is not JSON: ");
    let nested = format!("{{\"x\":{deep}{}}}", "]".repeat(1_000_000));
    assert_refused(
        &house.post(FILLS).token(READ).json(&nested).await,
        400,
        "id: is missing, and so is shortname",
    );
    for body in [&b"{\"id\":\"\xff\"}"[..], b"\x00\x01\x02", b"\xfe\xff\x00{"] {
        let answer =
            house.post(FILLS).token(READ).header("content-type", "application/json").body(body).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{}", answer.text());
    }
    let answer = house.post(FILLS).token(READ).body(&b"\xff"[..]).await;
    assert_refused(&answer, 400, "body: is not UTF-8");
}

#[tokio::test]
async fn xml_that_is_not_well_formed_or_means_to_do_harm_is_refused() {
    let house = House::idle().await;
    let deep = format!("<xml>{}{}</xml>", "<a>".repeat(32), "</a>".repeat(32));
    let billion = "<!DOCTYPE xml [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;\">]><xml><id>&b;</id></xml>";
    let file =
        "<!DOCTYPE xml [<!ENTITY f SYSTEM \"file:///etc/passwd\">]><xml><shortname>&f;</shortname></xml>";
    for (body, text) in [
        ("<xml><id>1</id>", "is not well-formed XML: it ends too early"),
        ("<xml></xml></xml>", "is not well-formed XML: close tag `</xml>` does not match any open tag"),
        ("<xml><id>1</date></xml>", "is not well-formed XML: expected `</id>`, but `</date>` was found"),
        ("<xml><id>1 & 2</id></xml>", "is not well-formed XML: "),
        ("<xml/>text", "is not well-formed XML: there is text outside of the root"),
        (
            "<xml/><!-- a --><?xml version=\"1.0\"?>",
            "is not well-formed XML: the declaration is not at its beginning",
        ),
        ("<data><id>1</id></data>", "has another root than one element called xml"),
        ("<xml/><xml/>", "has another root than one element called xml"),
        ("<?xml version=\"1.0\" encoding=\"utf-16\"?><xml/>", "is not declared as UTF-8"),
        ("<?php echo 1 ?><xml/>", "has a processing instruction, which is not taken"),
        ("<xml><id kind='int'>1</id></xml>", "has an attribute, which is not taken"),
        ("<xml xmlns='http://example.com'/>", "has an attribute, which is not taken"),
        ("<xml><id array='true' array='true'>1</id></xml>", "is not well-formed XML: "),
        ("<!DOCTYPE xml><xml/>", "has a document type, which is not taken"),
        (billion, "has a document type, which is not taken"),
        (file, "has a document type, which is not taken"),
        ("<xml><id>&nbsp;</id></xml>", "has an entity other than the five of XML and those of a character"),
        ("<xml><id>&#0;</id></xml>", "has an entity other than the five of XML and those of a character"),
        (
            "<xml><id>&#xFFFFFFFF;</id></xml>",
            "has an entity other than the five of XML and those of a character",
        ),
        ("<xml><id>\u{1}</id></xml>", "has a character that XML does not allow, U+0001"),
        (&deep, "is nested deeper than 32 levels"),
    ] {
        let answer = house.post(FILLS).token(READ).header("accept", "application/json").xml(body).await;
        assert_refused_with(&answer, 400, &format!("body: {text}"));
    }
    let shallow = format!("<xml>{}{}</xml>", "<a>".repeat(31), "</a>".repeat(31));
    let answer = house.post(FILLS).token(READ).header("accept", "application/json").xml(&shallow).await;
    assert_refused(&answer, 400, "id: is missing, and so is shortname");
}

#[tokio::test]
async fn a_body_that_is_too_large_is_refused() {
    let house = House::idle().await;
    let spaces = " ".repeat(10_000_000 - APRIL.len());
    let largest = house.post(FILLS).token(READ).json(&format!("{APRIL}{spaces}")).await;
    assert_eq!(largest.status, StatusCode::OK);
    let answer = house.post(FILLS).token(READ).json(&format!("{APRIL}{spaces} ")).await;
    assert_refused(&answer, 413, "the body is larger than 10000000 bytes");
    let answer = house.post(FILLS).xml(&format!("<xml>{spaces}{APRIL}</xml>")).await;
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(answer.header("content-type"), "application/xml; charset=utf-8");
}
