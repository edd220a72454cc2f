//! Profiles: the documented examples in both formats, and everything around them.

mod one;
mod refused;
mod rules;
mod siblings;

use crate::ask::Answer;
use crate::house::{ALL, House};
use insta::assert_snapshot;
use std::time::Duration;

const GET_ALL: &str = "/api/v1.1/profiles/get_all";
const STATUS: &str = "/api/v1.1/tasks/status";
/// May read the profiles of account 20002.
const PEOPLE: &str = "people-0123456789abcdef0123456789abc";

/// Three profiles of account 20002, a segment of each kind, and an audience of account 20003.
const LINES: &str = r#"{"kind":"token","account_id":20002,"user_id":1,"name":"people","abilities":["profiles-read"],"secret":"people-0123456789abcdef0123456789abc"}
{"kind":"audience","id":1,"account_id":20002,"name":"Clients","fields":[{"name":"occupation","type":"string"},{"name":"age","type":"int"},{"name":"tags","type":"tags"}]}
{"kind":"audience","id":2,"account_id":20003,"name":"Others","fields":[]}
{"kind":"profile","audience_id":1,"id":"000000000000000000000001","email":"ada@example.org","phones":["+49 30 1"],"fields":{"occupation":"doctor","age":36,"tags":["a","b"]}}
{"kind":"profile","audience_id":1,"id":"000000000000000000000002","email":"grace@example.org","status":"subscribed","fields":{"occupation":"admiral","age":85}}
{"kind":"profile","audience_id":1,"id":"000000000000000000000003","fields":{"occupation":"doctor"}}
{"kind":"segment","id":1,"audience_id":1,"name":"Doctors","query":{"occupation":"doctor"}}
{"kind":"segment","id":2,"audience_id":1,"name":"Chosen","profiles":["000000000000000000000002"]}
{"kind":"segment","id":3,"audience_id":2,"name":"Theirs","query":{}}
"#;

async fn house() -> House {
    let house = House::new().await;
    house.import(LINES.to_owned()).await;
    house
}

/// The body of the documented request, with its token.
fn documented() -> String {
    format!(
        r#"{{
"token": "{PEOPLE}",
"source_type": "database",
"source_id": 1,
"file_format": "csv"
}}"#
    )
}

async fn start(house: &House, body: &str) -> String {
    let answer = house.post(GET_ALL).token(PEOPLE).json(body).await;
    answer.json()["data"]["task_id"].as_str().unwrap_or_else(|| panic!("{}", answer.text())).to_owned()
}

async fn status(house: &House, task: &str) -> Answer {
    house.post(STATUS).token(PEOPLE).json(&format!(r#"{{"task_id":"{task}"}}"#)).await
}

/// Waits for a task, and gives the path of its file.
async fn completed(house: &House, task: &str) -> String {
    let mut looks = tokio::time::interval(Duration::from_millis(5));
    let looking = async {
        loop {
            let data = status(house, task).await.json()["data"].take();
            match data["status"].as_str() {
                Some("queued" | "processing") => drop(looks.tick().await),
                Some("completed") => return data["result"]["urls"][0].as_str().unwrap().to_owned(),
                _ => panic!("the export came to {data}"),
            }
        }
    };
    tokio::time::timeout(Duration::from_mins(1), looking).await.expect("the export is completed in time")
}

async fn exported(house: &House, body: &str) -> String {
    let path = completed(house, &start(house, body).await).await;
    house.get(&path).token(PEOPLE).await.text().to_owned()
}

#[tokio::test]
async fn a_task_is_created() {
    let house = house().await;
    let answer = house.post(GET_ALL).json(&documented()).await;
    assert_snapshot!(answer.shown(), @r#"
    200 application/json
    {"data":{"task_id":"task_[uuid]"},"error":0,"error_text":"Successful operation"}
    "#);
    let body = format!(
        "<xml>
<token>{PEOPLE}</token>
<source_type>database</source_type>
<source_id>1</source_id>
<file_format>csv</file_format>
</xml>"
    );
    let answer = house.post(GET_ALL).xml(&body).await;
    assert_snapshot!(answer.shown(), @"
    200 application/xml; charset=utf-8
    <xml><data><task_id>task_[uuid]</task_id></data><error>0</error><error_text>Successful operation</error_text></xml>
    ");
}

#[tokio::test]
async fn a_task_is_completed_and_its_file_is_at_both_addresses() {
    let house = house().await;
    let task = start(&house, &documented()).await;
    let path = completed(&house, &task).await;
    assert_snapshot!(status(&house, &task).await.shown(), @r#"
    200 application/json
    {"data":{"status":"completed","progress":100,"result":{"errors":[],"source_id":1,"total":3,"type":"database","urls":["/api/download/data/[opaque]/1_database_export.csv"]}},"error":0,"error_text":"Successful operation"}
    "#);
    let bare = task.trim_start_matches("task_");
    let body = format!("<xml>\n<token>{PEOPLE}</token>\n<task_id>{bare}</task_id>\n</xml>");
    assert_snapshot!(house.post(STATUS).xml(&body).await.shown(), @"
    200 application/xml; charset=utf-8
    <xml><data><progress>100</progress><result><errors/><source_id>1</source_id><total>3</total><type>database</type><urls>/api/download/data/[opaque]/1_database_export.csv</urls></result><status>completed</status></data><error>0</error><error_text>Successful operation</error_text></xml>
    ");
    let csv = "\
id,email,phones,status,occupation,age,tags
000000000000000000000001,ada@example.org,+49 30 1,,doctor,36,a | b
000000000000000000000002,grace@example.org,,subscribed,admiral,85,
000000000000000000000003,,,,doctor,,
";
    let before = path.replace("/data/", "/");
    for ask in [
        house.get(&path).token(PEOPLE),
        house.get(&format!("{path}?token={PEOPLE}")),
        house.get(&before).token(PEOPLE),
        house.get(&format!("{before}?token={PEOPLE}")),
        house.get(&path).token(ALL),
    ] {
        let answer = ask.await;
        assert_eq!((answer.status.as_u16(), answer.text()), (200, csv));
        assert_eq!(answer.header("content-type"), "text/csv; charset=utf-8");
    }
}

#[tokio::test]
async fn a_task_waits_with_its_result_in_shape() {
    let house = House::idle().await;
    house.import(LINES.to_owned()).await;
    let task = start(&house, r#"{"source_type":"segment","source_id":2}"#).await;
    assert_snapshot!(status(&house, &task).await.shown(), @r#"
    200 application/json
    {"data":{"status":"queued","progress":0,"result":{"errors":[],"source_id":2,"total":0,"type":"segment","urls":[]}},"error":0,"error_text":"Successful operation"}
    "#);
}

#[tokio::test]
async fn segments_and_queries_say_who_is_exported() {
    let house = house().await;
    let numbers = async |body: &str| {
        let csv = exported(&house, body).await;
        csv.lines().skip(1).map(|line| line[23..24].to_owned()).collect::<String>()
    };
    for (body, expected) in [
        (r#"{"source_type":"segment","source_id":1}"#, "13"),
        (r#"{"source_type":"segment","source_id":2}"#, "2"),
        (r#"{"source_type":"database","source_id":1,"custom_request":{"occupation":"doctor"}}"#, "13"),
        (
            r#"{"source_type":"database","source_id":1,"custom_request":{"$or":[{"age":85},{"tags":"b"}]}}"#,
            "12",
        ),
        (r#"{"source_type":"segment","source_id":1,"custom_request":{"age":{"$exists":true}}}"#, "1"),
        (r#"{"source_type":"database","source_id":1,"custom_request":{}}"#, "123"),
        (r#"{"source_type":"database","source_id":1,"custom_request":null}"#, "123"),
    ] {
        assert_eq!(numbers(body).await, expected, "{body}");
    }
    for (request, expected) in [
        ("<occupation>doctor</occupation>", "13"),
        ("<age>36</age>", "1"),
        (r#"{"age":{"$gt":40}}"#, "2"),
        ("", "123"),
    ] {
        let body = format!(
            "<xml><source_type>database</source_type><source_id>1</source_id>\
             <custom_request>{request}</custom_request><format>json</format></xml>"
        );
        let answer = house.post(GET_ALL).token(PEOPLE).xml(&body).await;
        let task = answer.json()["data"]["task_id"].as_str().unwrap().to_owned();
        let csv = house.get(&completed(&house, &task).await).token(PEOPLE).await;
        let numbers: String = csv.text().lines().skip(1).map(|line| &line[23..24]).collect();
        assert_eq!(numbers, expected, "{request}");
    }
}

#[tokio::test]
async fn profiles_are_exported_as_json_too() {
    let house = house().await;
    let json = exported(&house, r#"{"source_type":"segment","source_id":2,"file_format":"json"}"#).await;
    assert_eq!(
        json,
        r#"[{"id":"000000000000000000000002","email":"grace@example.org","phones":[],"status":"subscribed","occupation":"admiral","age":85}]
"#
    );
    let task = start(&house, r#"{"source_type":"segment","source_id":1,"file_format":"json"}"#).await;
    assert!(completed(&house, &task).await.ends_with("/1_segment_export.json"));
}
