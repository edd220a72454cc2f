//! Which format a request is taken in, and which one it is answered in.

use crate::ask::Answer;
use crate::house::{APRIL, FILLS, House, READ};
use insta::assert_snapshot;

const APRIL_XML: &str = "<xml><id>1</id><date_from>2026-04-01</date_from><date_to>2026-04-30</date_to></xml>";

#[track_caller]
fn assert_answers(answer: &Answer, media_type: &str) {
    assert_eq!(
        (answer.status.as_u16(), answer.header("content-type")),
        (200, media_type),
        "{}",
        answer.text()
    );
}

const JSON: &str = "application/json";
const XML: &str = "application/xml; charset=utf-8";

#[tokio::test]
async fn a_body_is_taken_as_what_it_says_it_is_or_as_what_it_looks_like() {
    let house = House::idle().await;
    for (content_type, body, answered) in [
        ("application/json; charset=utf-8", APRIL, JSON),
        ("Application/XML;charset=utf-8", APRIL_XML, XML),
        ("text/xml", APRIL_XML, XML),
        ("application/x-www-form-urlencoded", APRIL, JSON),
        ("text/plain", APRIL_XML, XML),
        ("", APRIL_XML, XML),
    ] {
        let answer = house.post(FILLS).token(READ).header("content-type", content_type).body(body).await;
        assert_answers(&answer, answered);
    }
    let answer = house.post(FILLS).token(READ).body(format!("\u{feff} \n{APRIL_XML}")).await;
    assert_answers(&answer, XML);
    for (content_type, body, said) in [
        ("application/xml", APRIL, "body: is not well-formed XML: there is text outside of the root"),
        ("application/json", APRIL_XML, "body: is not a JSON object"),
        ("text/plain", "id=1", "body: is neither JSON nor XML"),
        ("", "", "body: is neither JSON nor XML"),
    ] {
        let answer = house.post(FILLS).token(READ).header("content-type", content_type).body(body).await;
        assert_eq!(answer.status.as_u16(), 400);
        assert!(answer.text().contains(said), "{}", answer.text());
    }
}

#[tokio::test]
async fn an_answer_is_in_the_format_that_was_asked_for() {
    let house = House::idle().await;
    for (accept, answered) in [
        ("application/xml", XML),
        ("text/xml, */*;q=0.5", XML),
        ("application/json;q=0, application/xml", XML),
        ("application/json, application/xml", JSON),
        ("*/*", JSON),
        ("text/html", JSON),
    ] {
        let answer = house.post(FILLS).token(READ).header("accept", accept).json(APRIL).await;
        assert_answers(&answer, answered);
    }
    let path = format!("{FILLS}?format=xml");
    let answer = house.post(&path).token(READ).header("accept", JSON).json(APRIL).await;
    assert_answers(&answer, XML);
    let body = APRIL.replace('{', r#"{"format":"xml","#);
    assert_answers(&house.post(FILLS).token(READ).header("accept", JSON).json(&body).await, XML);
    let body = APRIL_XML.replace("<xml>", "<xml><format>json</format>");
    assert_answers(&house.post(FILLS).token(READ).xml(&body).await, JSON);

    let answer = house.post(&format!("{FILLS}?format=csv")).token(READ).json(APRIL).await;
    assert_snapshot!(answer.shown(), @r#"
    400 application/json
    {"error":400,"error_text":"format: is neither json nor xml"}
    "#);
    let answer = house.post(&path).token(READ).json(&APRIL.replace('{', r#"{"format":"json","#)).await;
    assert_snapshot!(answer.shown(), @r#"
    400 application/json
    {"error":400,"error_text":"format: is given more than once, and differs"}
    "#);
}

#[tokio::test]
async fn xml_is_taken_with_everything_that_means_nothing() {
    let house = House::idle().await;
    let body = "<?xml version=\"1.0\" encoding='UTF-8'?>\r\n<!-- the fills of April -->\n<xml >
        <id array='true'>\n 1 </id><unknown><a><b/></a></unknown><unknown/>
        <shortname>form_6&#x56;en<![CDATA[2v7]]>O</shortname>
        <date_from> 2026-04-<!-- the first -->01</date_from>
        <date_to>2026-04-30\n</date_to><include_incomplete>1</include_incomplete>
        </xml>\n<!-- the end -->\n";
    assert_answers(&house.post(FILLS).token(READ).xml(body).await, XML);
}

#[tokio::test]
async fn slashes_that_mean_nothing_are_tolerated() {
    let house = House::idle().await;
    for path in ["/api/v1.1//forms/fills", "//api/v1.1/forms/fills/", "/api//v1.1///forms/fills/?format=json"]
    {
        assert_answers(&house.post(path).token(READ).json(APRIL).await, JSON);
    }
}

#[tokio::test]
async fn a_fault_is_escaped_in_xml() {
    let house = House::idle().await;
    let body = "<xml><shortname>a&amp;&lt;b&gt;\u{e9}</shortname><date_from>2026-04-01</date_from>\
         <date_to>2026-04-30</date_to></xml>";
    let answer = house.post(FILLS).token(READ).xml(body).await;
    assert_snapshot!(answer.shown(), @"
    404 application/xml; charset=utf-8
    <xml><error>404</error><error_text>form a&amp;&lt;b&gt;é was not found</error_text></xml>
    ");
    let body =
        r#"{"shortname":"a\u0000b\u0001","date_from":"2026-04-01","date_to":"2026-04-30","format":"xml"}"#;
    let answer = house.post(FILLS).token(READ).json(body).await;
    assert_snapshot!(answer.shown(), @"
    404 application/xml; charset=utf-8
    <xml><error>404</error><error_text>the form was not found</error_text></xml>
    ");
    let answer = house.post(FILLS).token(READ).json(&body.replace("\\u0000", "")).await;
    assert_snapshot!(answer.shown(), @"
    404 application/xml; charset=utf-8
    <xml><error>404</error><error_text>form ab\u{fffd} was not found</error_text></xml>
    ");
}
