//! The documented examples, in both formats.

use crate::house::{ALL, APRIL, FILLS, House, READ, STATUS};
use insta::assert_snapshot;
use std::io::{Cursor, Read as _};

#[tokio::test]
async fn a_task_is_created() {
    let house = House::idle().await;
    let body = r#"{
"id": 1,
"date_from": "2026-04-01",
"date_to": "2026-04-30"
}"#;
    let answer = house.post(FILLS).token(READ).json(body).await;
    assert_snapshot!(answer.shown(), @r#"
    200 application/json
    {"data":{"task_id":"[uuid]"},"error":0,"error_text":"Successful operation"}
    "#);

    let body = "<xml>
<id>1</id>
<date_from>2026-04-01</date_from>
<date_to>2026-04-30</date_to>
</xml>";
    let answer = house.post(FILLS).token(READ).xml(body).await;
    assert_snapshot!(answer.shown(), @"
    200 application/xml; charset=utf-8
    <xml><data><task_id>[uuid]</task_id></data><error>0</error><error_text>Successful operation</error_text></xml>
    ");
}

#[tokio::test]
async fn a_form_is_named_by_its_shortname_too() {
    let house = House::idle().await;
    let body = r#"{"shortname":"form_6Ven2v7O","date_from":"2026-04-01","date_to":"2026-04-30"}"#;
    let answer = house.post(FILLS).token(READ).json(body).await;
    assert_snapshot!(answer.shown(), @r#"
    200 application/json
    {"data":{"task_id":"[uuid]"},"error":0,"error_text":"Successful operation"}
    "#);

    let both = r#"{"id":1,"shortname":"form_6Ven2v7O","date_from":"2026-04-01","date_to":"2026-04-30"}"#;
    let answer = house.post(FILLS).token(READ).json(both).await;
    assert_snapshot!(answer.shown(), @r#"
    200 application/json
    {"data":{"task_id":"[uuid]"},"error":0,"error_text":"Successful operation"}
    "#);
}

#[tokio::test]
async fn a_task_waits_with_its_result_in_shape() {
    let house = House::idle().await;
    let task = house.start(APRIL).await;
    assert_snapshot!(house.status(&task).await.shown(), @r#"
    200 application/json
    {"data":{"status":"queued","progress":0,"result":{"form_id":1,"total":0,"url":""}},"error":0,"error_text":"Successful operation"}
    "#);

    let body = format!("<xml><task_id>task_{task}</task_id></xml>");
    let answer = house.post(STATUS).token(ALL).xml(&body).await;
    assert_snapshot!(answer.shown(), @"
    200 application/xml; charset=utf-8
    <xml><data><status>queued</status><progress>0</progress><result><form_id>1</form_id><total>0</total><url></url></result></data><error>0</error><error_text>Successful operation</error_text></xml>
    ");
}

#[tokio::test]
async fn a_task_is_completed_and_its_file_is_there() {
    let house = House::new().await;
    let task = house.start(APRIL).await;
    let url = house.export(APRIL).await;
    // The two tasks are of the same fills, and were made one after the other.
    let answer = house.status(&task).await;
    assert_eq!(answer.json()["data"]["result"]["url"], url);
    assert_snapshot!(answer.shown(), @r#"
    200 application/json
    {"data":{"status":"completed","progress":100,"result":{"form_id":1,"total":2,"url":"[opaque]/1_20001_form_export.zip"}},"error":0,"error_text":"Successful operation"}
    "#);
    let body = format!("<xml>\n<task_id>{task}</task_id>\n</xml>");
    let answer = house.post(STATUS).token(ALL).xml(&body).await;
    assert_snapshot!(answer.shown(), @"
    200 application/xml; charset=utf-8
    <xml><data><status>completed</status><progress>100</progress><result><form_id>1</form_id><total>2</total><url>[opaque]/1_20001_form_export.zip</url></result></data><error>0</error><error_text>Successful operation</error_text></xml>
    ");

    let answer = house.get(&format!("/api/download/forms/{url}")).token(READ).await;
    assert_eq!((answer.status.as_u16(), answer.header("content-type")), (200, "application/zip"));
    let mut archive = zip::ZipArchive::new(Cursor::new(&answer.body)).unwrap();
    assert_eq!(archive.len(), 1);
    let mut csv = String::new();
    archive.by_index(0).unwrap().read_to_string(&mut csv).unwrap();
    assert_snapshot!(csv, @r#"
    id,date_start,date_finish,date_update,result_status,login_email,login_username,payment_amount,payment_status,user_browser,user_ip,user_device,user_referrer,db_id,profile_id,Name,Source,Stars
    10000001,,2026-03-31T22:00:00Z,2026-03-31T22:00:00Z,Complete,,,,,,,,,,,"Ada, ""the first""",Other: a poster,
    10000003,,2026-04-30T21:59:59Z,2026-04-30T21:59:59Z,Complete,,,,,,,,,,,Zoë,,5
    "#);
}

#[tokio::test]
async fn unfinished_fills_are_exported_where_they_are_asked_for() {
    let house = House::new().await;
    let url = house
        .export(r#"{"id":1,"date_from":"2026-04-02","date_to":"2026-04-02","include_incomplete":true,"file_format":"csv"}"#)
        .await;
    let answer = house.get(&format!("/api/download/forms/{url}")).token(READ).await;
    let mut archive = zip::ZipArchive::new(Cursor::new(&answer.body)).unwrap();
    let mut csv = String::new();
    archive.by_index(0).unwrap().read_to_string(&mut csv).unwrap();
    let ids: Vec<&str> = csv.lines().skip(1).filter_map(|line| line.split(',').next()).collect();
    assert_eq!(ids, ["10000002"]);
}

#[tokio::test]
async fn fills_are_exported_as_json_where_that_is_asked_for() {
    let house = House::new().await;
    let url = house.export(&APRIL.replace('}', r#","file_format":"json"}"#)).await;
    assert!(url.ends_with("/1_20001_form_export.zip"), "{url}");
    let answer = house.get(&format!("/api/download/forms/{url}")).token(READ).await;
    let mut archive = zip::ZipArchive::new(Cursor::new(&answer.body)).unwrap();
    let mut json = String::new();
    archive.by_name("1_20001_form_export.json").unwrap().read_to_string(&mut json).unwrap();
    assert_snapshot!(json, @r#"
    [
    {"date_finish":"2026-03-31T22:00:00Z","date_update":"2026-03-31T22:00:00Z","id":"10000001","result_status":"Complete","user_browser":"","user_ip":"","user_device":"","user_referrer":"N/A","items":[{"id":"100","position":0,"value":"Ada, \"the first\""},{"id":"101","position":1,"values":[{"other":"a poster","position":1,"value":"Other"}]},{"id":"102","position":2,"value":""}]},
    {"date_finish":"2026-04-30T21:59:59Z","date_update":"2026-04-30T21:59:59Z","id":"10000003","result_status":"Complete","user_browser":"","user_ip":"","user_device":"","user_referrer":"N/A","items":[{"id":"100","position":0,"value":"Zoë"},{"id":"101","position":1,"values":[]},{"id":"102","position":2,"value":"5"}]}
    ]
    "#);
}
