//! A profile that must be there, one that must be new, and a database that is emptied.

use super::siblings::ask;
use super::{PEOPLE, house};
use crate::ask::assert_refused;
use crate::house::{ALL, OTHER};
use insta::assert_snapshot;

#[tokio::test]
async fn an_update_changes_who_is_there_and_makes_nobody() {
    let house = house().await;
    let known =
        r#"{"db_id":1,"matching":"email","email":"ADA@example.org","data":{"age":50},"skip_triggers":true}"#;
    assert_snapshot!(ask(&house, "profiles/update", known).await, @r#"200 {"profile_id":"000000000000000000000001","error":0,"error_text":"Successful operation"}"#);
    assert!(
        ask(&house, "profiles/get", r#"{"db_id":1,"email":"ada@example.org"}"#).await.contains(r#""age":50"#)
    );
    let known = "<xml><db_id>1</db_id><data><email>ada@example.org</email><age>51</age></data></xml>";
    assert_snapshot!(ask(&house, "profiles/update/", known).await, @"200 <xml><profile_id>000000000000000000000001</profile_id><error>0</error><error_text>Successful operation</error_text></xml>");
    for (body, status, text) in [
        (r#"{"db_id":1,"email":"nobody@example.org","data":{"age":1}}"#, 404, "the profile was not found"),
        (r#"{"db_id":1,"data":{"email":"nobody@example.org"}}"#, 404, "the profile was not found"),
        (r#"{"db_id":1,"data":{"age":1}}"#, 400, "email: is missing"),
        (
            r#"{"db_id":1,"email":"ada@example.org","data":{"age":"x"}}"#,
            400,
            "data.age: is not of the type int",
        ),
        (r#"{"db_id":9,"email":"ada@example.org","data":{}}"#, 404, "audience 9 was not found"),
    ] {
        let answer = house.post("/api/v1.1/profiles/update").token(ALL).json(body).await;
        assert_refused(&answer, status, text);
    }
    assert!(!ask(&house, "profiles/list", r#"{"db_id":1}"#).await.contains("nobody@"));
}

#[tokio::test]
async fn an_added_profile_is_new() {
    let house = house().await;
    let body = r#"{"db_id":1,"data":{"email":"new@example.org","age":30},"add_to_segments":[2]}"#;
    let answer = house.post("/api/v1.1/profiles/add").token(ALL).json(body).await;
    let id = answer.json()["profile_id"].as_str().unwrap().to_owned();
    assert_eq!(
        answer.text(),
        format!(r#"{{"profile_id":"{id}","error":0,"error_text":"Successful operation"}}"#)
    );
    // Nobody is looked for, but an e-mail address is that of one.
    assert_snapshot!(ask(&house, "profiles/add", body).await, @r#"409 {"error":409,"error_text":"another profile has this e-mail address"}"#);
    let nameless = r#"{"db_id":1,"email":"ada@example.org","data":{"age":30}}"#;
    let other = house.post("/api/v1.1/profiles/add").token(ALL).json(nameless).await.json();
    assert_ne!(other["profile_id"], "000000000000000000000001");
}

#[tokio::test]
async fn the_fields_of_a_database_are_listed() {
    let house = house().await;
    let shown = ask(&house, "databases/get", r#"{"id":1}"#).await;
    let fields = ask(&house, "databases/fields_get", r#"{"id":1}"#).await;
    let json = |text: &str| -> serde_json::Value {
        serde_json::from_str(text.strip_prefix("200 ").unwrap()).unwrap()
    };
    assert_eq!(json(&fields)["data"], json(&shown)["data"]["fields"]);
    assert_eq!(ask(&house, "databases/fields_get", r#"{"db_id":1}"#).await, fields);
    assert_snapshot!(ask(&house, "databases/fields_get", "{}").await, @r#"400 {"error":400,"error_text":"id: is missing"}"#);
    assert_snapshot!(ask(&house, "databases/fields_get", r#"{"id":9}"#).await, @r#"404 {"error":404,"error_text":"audience 9 was not found"}"#);
}

#[tokio::test]
async fn a_database_is_emptied_by_whoever_may_do_everything() {
    let house = house().await;
    let wipe =
        |token: &'static str, body: &str| house.post("/api/v1.1/databases/wipe").token(token).json(body);
    assert_refused(&wipe(PEOPLE, r#"{"id":1}"#).await, 403, "the token lacks the ability *");
    assert_refused(&wipe(OTHER, r#"{"id":1}"#).await, 404, "audience 1 was not found");
    assert_refused(&wipe(ALL, "{}").await, 400, "id: is missing");
    let listed = ask(&house, "profiles/list", r#"{"db_id":1,"fields":["id"]}"#).await;
    let there = listed.matches("\"id\"").count();
    assert!(there > 0, "{listed}");
    let said = format!(
        r#"200 {{"data":{{"count_action":0,"count_profile":{there}}},"error":0,"error_text":"Successful operation"}}"#
    );
    assert_eq!(ask(&house, "databases/wipe", r#"{"id":1}"#).await, said);
    assert_snapshot!(ask(&house, "profiles/list", r#"{"db_id":1}"#).await, @r#"200 {"data":[],"next_from_id":"","error":0,"error_text":"Successful operation"}"#);
    assert_snapshot!(ask(&house, "databases/wipe", "<xml><id>1</id></xml>").await, @"200 <xml><data><count_action>0</count_action><count_profile>0</count_profile></data><error>0</error><error_text>Successful operation</error_text></xml>");
}
