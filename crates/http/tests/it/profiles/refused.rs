//! What is refused of profiles, and to whom.

use super::{GET_ALL, PEOPLE, STATUS, completed, documented, house, start};
use crate::ask::{assert_refused, assert_refused_with};
use crate::house::{APRIL, FILLS, NOTHING, OTHER, READ};

#[tokio::test]
async fn a_request_that_cannot_be_meant_is_refused_and_says_why() {
    let house = house().await;
    let of = |rest: &str| format!(r#"{{"source_type":"database","source_id":1,{rest}}}"#);
    for (body, text) in [
        (r#"{"source_id":1}"#.to_owned(), "source_type: is missing"),
        (r#"{"source_type":"database"}"#.to_owned(), "source_id: is missing"),
        (
            r#"{"source_type":"list","source_id":1}"#.to_owned(),
            "source_type: is neither database nor segment",
        ),
        (r#"{"source_type":"database","source_id":"1"}"#.to_owned(), "source_id: is not a whole number"),
        (of(r#""file_format":"xls""#), "file_format: is neither csv nor json"),
        (of(r#""custom_request":[]"#), "custom_request: is not an object"),
        (of(r#""custom_request":"x""#), "custom_request: is not an object"),
        (
            of(r#""custom_request":{"$where":"1"}"#),
            "custom_request.$where: is not an operator that is known here",
        ),
        (
            of(r#""custom_request":{"a":{"$regex":"("}}"#),
            "custom_request.a.$regex: is not a regular expression that is taken here",
        ),
    ] {
        assert_refused_with(&house.post(GET_ALL).token(PEOPLE).json(&body).await, 400, text);
    }
    for (kind, id, text) in [
        ("database", 9, "audience 9 was not found"),
        ("database", 2, "audience 2 was not found"),
        ("segment", 9, "segment 9 was not found"),
        ("segment", 3, "segment 3 was not found"),
    ] {
        let body = format!(r#"{{"source_type":"{kind}","source_id":{id}}}"#);
        assert_refused(&house.post(GET_ALL).token(PEOPLE).json(&body).await, 404, text);
    }
}

#[tokio::test]
async fn a_task_and_its_file_are_for_those_who_could_have_asked_for_it() {
    let house = house().await;
    let body = documented().replace(PEOPLE, "");
    assert_refused(
        &house.post(GET_ALL).token(READ).json(&body).await,
        403,
        "the token lacks the ability profiles-read",
    );
    let task = start(&house, &documented()).await;
    let path = completed(&house, &task).await;
    let ask = |token: &str| house.post(STATUS).token(token).json(&format!(r#"{{"task_id":"{task}"}}"#));
    assert_refused(&ask(READ).await, 403, "the token lacks the ability profiles-read");
    assert_refused(&ask(NOTHING).await, 403, "the token lacks the ability forms-read");
    assert_refused(&ask(OTHER).await, 404, "the task was not found");
    assert_refused(&house.get(&path).token(READ).await, 403, "the token lacks the ability profiles-read");
    assert_refused(&house.get(&path).token(OTHER).await, 404, "the file was not found");
    assert_refused(&house.get(&path).await, 401, "a token is required, and none was given");
    let as_fills = path.replace("/data/", "/forms/");
    assert_refused(&house.get(&as_fills).token(READ).await, 404, "the file was not found");

    let answer = house.post(FILLS).token(READ).json(APRIL).await;
    let fills = answer.json()["data"]["task_id"].as_str().unwrap().to_owned();
    let answer = house.post(STATUS).token(PEOPLE).json(&format!(r#"{{"task_id":"{fills}"}}"#)).await;
    assert_refused(&answer, 403, "the token lacks the ability forms-read");
}

#[tokio::test]
async fn whoever_may_only_read_changes_nothing() {
    let house = house().await;
    for method in [
        "profiles/import",
        "profiles/update",
        "profiles/add",
        "profiles/import_batch",
        "profiles/add_batch",
        "profiles/delete",
        "segments/add",
        "profiles/segstatic/add",
        "profiles/segstatic/remove",
    ] {
        let answer = house.post(&format!("/api/v1.1/{method}")).token(PEOPLE).json("{}").await;
        assert_refused(&answer, 403, "the token lacks the ability profiles-write");
    }
}
