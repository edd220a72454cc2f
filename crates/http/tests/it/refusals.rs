//! What is refused: each with the status and the text that says what is wrong.

use crate::ask::{assert_refused, assert_refused_with};
use crate::house::{ALL, APRIL, FILLS, House, OTHER, READ, STATUS};
use axum::http::StatusCode;
use insta::assert_snapshot;
use std::time::Duration;

#[tokio::test]
async fn a_parameter_that_is_missing_or_of_another_type_is_named() {
    let house = House::idle().await;
    let days = r#""date_from":"2026-04-01","date_to":"2026-04-30""#;
    for (body, text) in [
        (format!("{{{days}}}"), "id: is missing, and so is shortname"),
        (format!("{{\"id\":null,{days}}}"), "id: is missing, and so is shortname"),
        (format!("{{\"id\":\"1\",{days}}}"), "id: is not a whole number"),
        (format!("{{\"id\":1.0,{days}}}"), "id: is not a whole number"),
        (format!("{{\"id\":[1],{days}}}"), "id: is not a whole number"),
        (format!("{{\"id\":true,{days}}}"), "id: is not a whole number"),
        (format!("{{\"id\":9223372036854775808,{days}}}"), "id: is not a whole number"),
        (format!("{{\"shortname\":1,{days}}}"), "shortname: is not a text"),
        (format!("{{\"shortname\":\"\\ud800\",{days}}}"), "shortname: is not a text"),
        (
            format!("{{\"shortname\":\"{}\",{days}}}", "a".repeat(1_001)),
            "shortname: is longer than 1000 characters",
        ),
        (r#"{"id":1,"date_to":"2026-04-30"}"#.to_owned(), "date_from: is missing"),
        (r#"{"id":1,"date_from":"2026-04-01"}"#.to_owned(), "date_to: is missing"),
        (r#"{"id":1,"date_from":20260401,"date_to":"2026-04-30"}"#.to_owned(), "date_from: is not a text"),
        (
            format!("{{\"id\":1,{days},\"include_incomplete\":1}}"),
            "include_incomplete: is neither true nor false",
        ),
        (
            format!("{{\"id\":1,{days},\"include_incomplete\":\"true\"}}"),
            "include_incomplete: is neither true nor false",
        ),
        (format!("{{\"id\":1,{days},\"file_format\":\"xlsx\"}}"), "file_format: is neither csv nor json"),
        (format!("{{\"id\":1,{days},\"file_format\":1}}"), "file_format: is not a text"),
        (format!("{{\"id\":1,\"id\":1,{days}}}"), "id: is given more than once"),
        (format!("{{\"id\":1,\"\\u0069d\":null,{days}}}"), "id: is given more than once"),
    ] {
        assert_refused_with(&house.post(FILLS).token(READ).json(&body).await, 400, text);
    }
    let answer = house.post(STATUS).token(READ).json("{}").await;
    assert_refused(&answer, 400, "task_id: is missing");
    let answer = house.post(STATUS).token(READ).json(r#"{"task_id":1}"#).await;
    assert_refused(&answer, 400, "task_id: is not a text");
}

#[tokio::test]
async fn a_parameter_of_another_type_is_named_in_xml_too() {
    let house = House::idle().await;
    let days = "<date_from>2026-04-01</date_from><date_to>2026-04-30</date_to>";
    for (body, text) in [
        (format!("<xml>{days}</xml>"), "id: is missing, and so is shortname"),
        (format!("<xml><id>one</id>{days}</xml>"), "id: is not a whole number"),
        (format!("<xml><id/>{days}</xml>"), "id: is not a whole number"),
        (format!("<xml><id><n>1</n></id>{days}</xml>"), "id: is not a whole number"),
        (format!("<xml><id>1</id><id>1</id>{days}</xml>"), "id: is given more than once"),
        (format!("<xml><shortname>a<b/></shortname>{days}</xml>"), "shortname: is not a text"),
        (
            "<xml><id>1</id><date_from/><date_to>2026-04-30</date_to></xml>".to_owned(),
            "date_from: is not a date",
        ),
        (
            format!("<xml><id>1</id>{days}<include_incomplete>yes</include_incomplete></xml>"),
            "include_incomplete: is neither true nor false",
        ),
    ] {
        let answer = house.post(FILLS).token(READ).header("accept", "application/json").xml(&body).await;
        assert_refused_with(&answer, 400, text);
    }
    // What belongs to something else is not taken for a parameter.
    let body = format!("<xml><id>1</id><a><id>2</id><token>x</token></a>{days}</xml>");
    assert_eq!(house.post(FILLS).token(READ).xml(&body).await.status, StatusCode::OK);
}

#[tokio::test]
async fn days_that_no_calendar_has_are_refused() {
    let house = House::idle().await;
    for (from, to, text) in [
        ("2026-02-30", "2026-04-30", "date_from: 2026-02-30 is not a day of the calendar"),
        ("2026-04-01", "2026-04-31", "date_to: 2026-04-31 is not a day of the calendar"),
        ("2025-02-29", "2026-04-30", "date_from: 2025-02-29 is not a day of the calendar"),
        ("01.04.2026", "2026-04-30", "date_from: is not a date of the form YYYY-MM-DD"),
        ("2026-4-1", "2026-04-30", "date_from: is not a date of the form YYYY-MM-DD"),
        ("", "2026-04-30", "date_from: is not a date of the form YYYY-MM-DD"),
        ("2026-04-01T00:00:00Z", "2026-04-30", "date_from: is not a date of the form YYYY-MM-DD"),
        ("2026-05-01", "2026-04-30", "date_from: is after date_to"),
    ] {
        let body = format!(r#"{{"id":1,"date_from":"{from}","date_to":"{to}"}}"#);
        assert_refused(&house.post(FILLS).token(READ).json(&body).await, 400, text);
    }
    let body = r#"{"id":1,"date_from":"0000-01-01","date_to":"9999-12-31"}"#;
    assert_eq!(house.post(FILLS).token(READ).json(body).await.status, StatusCode::OK);
}

#[tokio::test]
async fn what_is_not_there_or_not_ones_own_is_not_found() {
    let house = House::idle().await;
    let ask = async |token: &str, form: &str| {
        let body = format!(r#"{{{form},"date_from":"2026-04-01","date_to":"2026-04-30"}}"#);
        house.post(FILLS).token(token).json(&body).await
    };
    assert_refused(&ask(READ, r#""id":999"#).await, 404, "form 999 was not found");
    assert_refused(&ask(READ, r#""id":3"#).await, 404, "form 3 was not found");
    assert_refused(&ask(READ, r#""id":-1"#).await, 404, "form -1 was not found");
    assert_refused(
        &ask(READ, r#""id":9223372036854775807"#).await,
        404,
        "form 9223372036854775807 was not found",
    );
    assert_refused(
        &ask(OTHER, r#""shortname":"form_6Ven2v7O""#).await,
        404,
        "form form_6Ven2v7O was not found",
    );
    assert_refused(&ask(READ, r#""id":3,"shortname":"form_6Ven2v7O""#).await, 404, "form 3 was not found");
    for shortname in ["form_Closed01", "form_Globex03", "nobody", ""] {
        let answer = ask(READ, &format!(r#""id":1,"shortname":"{shortname}""#)).await;
        assert_refused(&answer, 400, "shortname: is not that of the form with this id");
    }

    let task = house.start(APRIL).await;
    let status = async |token: &str, task: &str| {
        house.post(STATUS).token(token).json(&format!(r#"{{"task_id":"{task}"}}"#)).await
    };
    assert_eq!(status(READ, &task).await.status, StatusCode::OK);
    assert_refused(&status(OTHER, &task).await, 404, "the task was not found");
    for unknown in ["550e8400-e29b-41d4-a716-446655440000", "", "task_", "1", "' OR 1=1 --", "a\\u0000b"] {
        assert_refused(&status(READ, unknown).await, 404, "the task was not found");
    }
}

#[tokio::test]
async fn a_task_whose_file_has_expired_is_not_found() {
    let house = House::new().await;
    let task = house.start(APRIL).await;
    let file = house.file().await;
    house.pass(Duration::from_hours(25));
    assert_refused(&house.status(&task).await, 404, "the task was not found");
    assert_refused(&house.get(&file).token(ALL).await, 404, "the file was not found");
}

#[tokio::test]
async fn unknown_paths_and_methods_are_refused_in_the_envelope() {
    let house = House::idle().await;
    for path in
        ["/api/v1.1", "/api/v1.1/", "/api/v1.1/forms/nothing", "/api/v1.1/forms/fills/x", "/api/download/a"]
    {
        assert_refused(&house.post(path).token(ALL).json(APRIL).await, 404, "there is no such path");
    }
    let answer = house.get(FILLS).token(READ).await;
    assert_refused(&answer, 405, "the path does not take this method");
    assert_eq!(answer.header("allow"), "POST");
    let answer = house.post("/api/download/forms/a/b.zip").token(READ).await;
    assert_refused(&answer, 405, "the path does not take this method");
    assert_eq!(answer.header("allow"), "GET,HEAD");
    let answer = house.get("/api/v1.1/forms/nothing?format=xml").await;
    assert_snapshot!(answer.shown(), @"
    404 application/xml; charset=utf-8
    <xml><error>404</error><error_text>there is no such path</error_text></xml>
    ");
}
