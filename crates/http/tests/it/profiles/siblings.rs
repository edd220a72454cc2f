//! The methods that put data in and look at it, in the shapes of their reference.

use super::{PEOPLE, house};
use crate::ask::assert_refused;
use crate::house::{ALL, House, READ};
use insta::assert_snapshot;

pub(super) async fn ask(house: &House, method: &str, body: &str) -> String {
    let path = format!("/api/v1.1/{method}");
    let answer = if body.starts_with('<') {
        house.post(&path).token(ALL).xml(body)
    } else {
        house.post(&path).token(ALL).json(body)
    };
    let answer = answer.await;
    assert!(answer.text().len() < 5_000);
    format!("{} {}", answer.status.as_u16(), answer.text())
}

#[tokio::test]
async fn a_profile_is_shown() {
    let house = house().await;
    assert_snapshot!(ask(&house, "profiles/get/", r#"{"db_id":1,"email":"ADA@example.org"}"#).await, @r#"200 {"data":{"id":"000000000000000000000001","db_id":1,"email":"ada@example.org","phones":["+49 30 1"],"status":null,"occupation":"doctor","age":36,"tags":["a","b"]},"error":0,"error_text":"Successful operation"}"#);
    assert_snapshot!(ask(&house, "profiles/get", "<xml><db_id>1</db_id><matching>phone</matching><phone>49301</phone></xml>").await, @"200 <xml><data><id>000000000000000000000001</id><db_id>1</db_id><email>ada@example.org</email><phones>+49 30 1</phones><status/><occupation>doctor</occupation><age>36</age><tags>a</tags><tags>b</tags></data><error>0</error><error_text>Successful operation</error_text></xml>");
    for (body, text) in [
        (
            r#"{"db_id":1,"email":"nobody@example.org"}"#,
            r#"404 {"error":404,"error_text":"the profile was not found"}"#,
        ),
        (
            r#"{"db_id":2,"email":"ada@example.org"}"#,
            r#"404 {"error":404,"error_text":"audience 2 was not found"}"#,
        ),
        (
            r#"{"db_id":1,"field_name":"occupation","field_value":"doctor"}"#,
            r#"409 {"error":409,"error_text":"more than one profile matches"}"#,
        ),
        (
            r#"{"db_id":1,"profile_id":"1"}"#,
            r#"400 {"error":400,"error_text":"profile_id: is not 24 hex digits"}"#,
        ),
        (r#"{"email":"ada@example.org"}"#, r#"400 {"error":400,"error_text":"db_id: is missing"}"#),
        (
            r#"{"db_id":1}"#,
            r#"400 {"error":400,"error_text":"email: is missing, and so are phone, profile_id and field_name"}"#,
        ),
    ] {
        assert_eq!(ask(&house, "profiles/get", body).await, text);
    }
}

#[tokio::test]
async fn profiles_are_listed_page_by_page() {
    let house = house().await;
    let body = r#"{"db_id":1,"from_id":"","limit":2,"fields":["_id","age"]}"#;
    assert_snapshot!(ask(&house, "profiles/list", body).await, @r#"200 {"data":[{"id":"000000000000000000000001","age":36},{"id":"000000000000000000000002","age":85}],"next_from_id":"000000000000000000000002","error":0,"error_text":"Successful operation"}"#);
    let body = r#"{"db_id":1,"from_id":"000000000000000000000001","query":{"$or":[{"occupation":"doctor"},{"age":1}]}}"#;
    assert_snapshot!(ask(&house, "profiles/list", body).await, @r#"200 {"data":[{"id":"000000000000000000000003","db_id":1,"email":null,"phones":[],"status":null,"occupation":"doctor"}],"next_from_id":"","error":0,"error_text":"Successful operation"}"#);
    let body = "<xml><db_id>1</db_id><limit>1</limit><fields>_id</fields><fields>email</fields></xml>";
    assert_snapshot!(ask(&house, "profiles/list", body).await, @"200 <xml><data><id>000000000000000000000001</id><email>ada@example.org</email></data><next_from_id>000000000000000000000001</next_from_id><error>0</error><error_text>Successful operation</error_text></xml>");
    for (body, text) in [
        (r#"{"db_id":1,"from_id":"x"}"#, "from_id: is not the id of a profile"),
        (r#"{"db_id":1,"limit":0}"#, "limit: is not 1 or more"),
        (r#"{"db_id":1,"query":{"$x":1}}"#, "query.$x: is not an operator that is known here"),
        (r#"{"db_id":1,"fields":[1]}"#, "fields: is not a list of texts"),
    ] {
        let answer = house.post("/api/v1.1/profiles/list").token(PEOPLE).json(body).await;
        assert_refused(&answer, 400, text);
    }
}

#[tokio::test]
async fn a_profile_is_imported_changed_and_deleted() {
    let house = house().await;
    let new = r#"{"db_id":1,"matching":"email","email":"new@example.org","data":{"occupation":"nurse","age":30,"phones":["7"]},"add_to_segments":[2]}"#;
    let answer = house.post("/api/v1.1/profiles/import").token(ALL).json(new).await;
    let id = answer.json()["profile_id"].as_str().unwrap().to_owned();
    assert_eq!(
        answer.text(),
        format!(r#"{{"profile_id":"{id}","error":0,"error_text":"Successful operation"}}"#)
    );
    let known = "<xml><db_id>1</db_id><data><email>NEW@example.org</email><age>31</age><tags>x</tags></data><remove_from_segments>2</remove_from_segments></xml>";
    assert_eq!(
        ask(&house, "profiles/import", known).await,
        format!(
            "200 <xml><profile_id>{id}</profile_id><error>0</error><error_text>Successful operation</error_text></xml>"
        )
    );
    let shown = ask(&house, "profiles/get", &format!(r#"{{"db_id":1,"profile_id":"{id}"}}"#)).await;
    assert_eq!(
        shown,
        format!(
            r#"200 {{"data":{{"id":"{id}","db_id":1,"email":"NEW@example.org","phones":["7"],"status":null,"occupation":"nurse","age":31,"tags":["x"]}},"error":0,"error_text":"Successful operation"}}"#
        )
    );
    assert!(ask(&house, "segments/get", r#"{"id":2}"#).await.contains(r#""count":1"#));
    let deleted = ask(&house, "profiles/delete", r#"{"db_id":1,"phone":7}"#).await;
    assert_eq!(
        deleted,
        format!(r#"200 {{"data":{{"profile_id":"{id}"}},"error":0,"error_text":"Successful operation"}}"#)
    );
    assert_snapshot!(ask(&house, "profiles/import", r#"{"db_id":1,"data":{"age":"x"}}"#).await, @r#"400 {"error":400,"error_text":"data.age: is not of the type int"}"#);
    assert_snapshot!(ask(&house, "profiles/import", r#"{"db_id":1}"#).await, @r#"400 {"error":400,"error_text":"data: is missing"}"#);
}

#[tokio::test]
async fn profiles_are_imported_many_at_a_time() {
    let house = house().await;
    let body =
        r#"{"db_id":1,"data":[{"email":"ada@example.org","age":37},{"email":"b@example.org"},{"age":"x"}]}"#;
    let answer = house.post("/api/v1.1/profiles/import_batch").token(ALL).json(body).await.json();
    let result = answer["result"].as_array().unwrap();
    assert_eq!(result[0]["profile_id"], "000000000000000000000001");
    assert_eq!((result[1]["error"].as_i64(), result[2]["error"].as_i64()), (Some(0), Some(400)));
    assert_eq!(result[2]["error_text"], "data.age: is not of the type int");
    let body = "<xml><db_id>1</db_id><data array='true'><email>ada@example.org</email></data></xml>";
    assert_snapshot!(ask(&house, "profiles/add_batch/", body).await, @"200 <xml><result><error>409</error><error_text>another profile has this e-mail address</error_text></result><error>0</error><error_text>Successful operation</error_text></xml>");
    let body =
        r#"{"db_id":1,"matching":"custom","field_name":"age","data":[{"age":37,"occupation":"poet"}]}"#;
    assert_snapshot!(ask(&house, "profiles/import_batch", body).await, @r#"200 {"result":[{"error":0,"error_text":"Successful operation","profile_id":"000000000000000000000001"}],"error":0,"error_text":"Successful operation"}"#);
    let body = r#"{"db_id":1,"matching":"profile_id","data":[{"id":"000000000000000000000003","age":1}]}"#;
    assert_snapshot!(ask(&house, "profiles/import_batch", body).await, @r#"200 {"result":[{"error":0,"error_text":"Successful operation","profile_id":"000000000000000000000003"}],"error":0,"error_text":"Successful operation"}"#);
}

#[tokio::test]
async fn databases_and_segments_are_listed_and_shown() {
    let house = house().await;
    assert_snapshot!(ask(&house, "/databases/list/", r#"{"from_id":1}"#).await, @r#"200 {"data":[{"id":1,"name":"Clients","ui_tags":[],"Groups":[]}],"next_from_id":0,"total_count":1,"error":0,"error_text":"Successful operation"}"#);
    assert_snapshot!(ask(&house, "databases/list", "<xml/>").await, @"200 <xml><data><id>1</id><name>Clients</name><ui_tags/><groups/></data><next_from_id>0</next_from_id><total_count>1</total_count><error>0</error><error_text>Successful operation</error_text></xml>");
    assert_snapshot!(ask(&house, "databases/get", r#"{"id":1}"#).await, @r#"200 {"data":{"id":1,"name":"Clients","suppress_id":0,"description":"","fields":[{"name":"occupation","type":"string"},{"name":"age","type":"int"},{"name":"tags","type":"tags"}]},"error":0,"error_text":"Successful operation"}"#);
    assert_snapshot!(ask(&house, "databases/get", r#"{"id":2}"#).await, @r#"404 {"error":404,"error_text":"audience 2 was not found"}"#);
    assert_snapshot!(ask(&house, "segments/list", r#"{"limit":1}"#).await, @r#"200 {"data":[{"id":1,"name":"Doctors","ui_tags":[],"Groups":[]}],"next_from_id":2,"total_count":2,"error":0,"error_text":"Successful operation"}"#);
    assert_snapshot!(ask(&house, "segments/get/", r#"{"id":1}"#).await, @r#"200 {"data":{"count":2,"id":1,"name":"Doctors","list_id":1,"is_static":false,"query":{"occupation":"doctor"},"segment":[]},"error":0,"error_text":"Successful operation"}"#);
    assert_snapshot!(ask(&house, "segments/get", "<xml><id>2</id></xml>").await, @"200 <xml><data><count>1</count><id>2</id><name>Chosen</name><list_id>1</list_id><is_static>true</is_static><query/><segment/></data><error>0</error><error_text>Successful operation</error_text></xml>");
    assert_snapshot!(ask(&house, "segments/get", r#"{"id":3}"#).await, @r#"404 {"error":404,"error_text":"segment 3 was not found"}"#);
}

#[tokio::test]
async fn segments_are_made_and_filled() {
    let house = house().await;
    assert_snapshot!(ask(&house, "segments/add", r#"{"name":"Old","list_id":1,"query":{"age":{"$gt":40}}}"#).await, @r#"200 {"data":{"id":4},"error":0,"error_text":"Successful operation"}"#);
    assert!(ask(&house, "segments/get", r#"{"id":4}"#).await.contains(r#""count":1"#));
    assert_snapshot!(ask(&house, "segments/add", "<xml><name>Fixed</name><list_id>1</list_id><is_static>true</is_static></xml>").await, @"200 <xml><data><id>5</id></data><error>0</error><error_text>Successful operation</error_text></xml>");
    let member = r#"{"segment_id":5,"db_id":1,"profile_id":"000000000000000000000003"}"#;
    assert_snapshot!(ask(&house, "profiles/segstatic/add", member).await, @r#"200 {"error":0,"error_text":"Successful operation"}"#);
    assert!(ask(&house, "segments/get", r#"{"id":5}"#).await.contains(r#""count":1"#));
    assert_snapshot!(ask(&house, "profiles/segstatic/remove", member).await, @r#"200 {"error":0,"error_text":"Successful operation"}"#);
    assert!(ask(&house, "segments/get", r#"{"id":5}"#).await.contains(r#""count":0"#));
    for (method, body, text) in [
        (
            "segments/add",
            r#"{"name":"x","list_id":1}"#,
            r#"400 {"error":400,"error_text":"query: is missing"}"#,
        ),
        ("segments/add", r#"{"list_id":1}"#, r#"400 {"error":400,"error_text":"name: is missing"}"#),
        (
            "segments/add",
            r#"{"name":"x","list_id":1,"query":{"$x":1}}"#,
            r#"400 {"error":400,"error_text":"query.$x: is not an operator that is known here"}"#,
        ),
        (
            "segments/add",
            r#"{"name":"x","list_id":1,"segment":[]}"#,
            r#"400 {"error":400,"error_text":"query: is missing"}"#,
        ),
        (
            "segments/add",
            r#"{"name":"x","list_id":2,"query":{}}"#,
            r#"404 {"error":404,"error_text":"audience 2 was not found"}"#,
        ),
        (
            "profiles/segstatic/add",
            r#"{"segment_id":1,"db_id":1,"profile_id":"000000000000000000000003"}"#,
            r#"409 {"error":409,"error_text":"the segment is not a fixed one"}"#,
        ),
    ] {
        assert_eq!(ask(&house, method, body).await, text, "{body}");
    }
}

#[tokio::test]
async fn forms_are_listed_and_shown() {
    let house = house().await;
    assert_snapshot!(ask(&house, "forms/list", r#"{"id":1,"limit":1}"#).await, @r#"200 {"data":[{"id":1,"group_id":0,"groups_id":[],"is_delete":false,"name":"Customer survey","shortname":"form_6Ven2v7O","descr":"","type":"basic","ui_tags":[],"is_nps":false,"is_published":true,"is_temporary":false,"total_report":{"is_form_fill":true,"posts":4},"createtime":"2026-05-01T08:00:00.000Z","updatetime":"2026-05-01T08:00:00.000Z"}],"total_count":2,"error":0,"error_text":"Successful operation"}"#);
    let open = r#"{"is_published":true}"#;
    assert!(ask(&house, "forms/list", open).await.contains(r#""total_count":1"#));
    let body = "<xml><shortname>form_6Ven2v7O</shortname><form>true</form><actions>true</actions></xml>";
    assert_snapshot!(ask(&house, "forms/get", body).await, @"200 <xml><data><id>1</id><group_id>0</group_id><groups_id/><is_delete>false</is_delete><name>Customer survey</name><shortname>form_6Ven2v7O</shortname><descr></descr><type>basic</type><ui_tags/><is_nps>false</is_nps><is_published>true</is_published><is_temporary>false</is_temporary><total_report><is_form_fill>true</is_form_fill><posts>4</posts></total_report><createtime>2026-05-01T08:00:00.000Z</createtime><updatetime>2026-05-01T08:00:00.000Z</updatetime><tz></tz><actions/><form><fields><name>field_100</name><label>Name</label><type>text</type><required>true</required><child/></fields><fields><name>field_101</name><label>Source</label><type>radio</type><required>false</required><child/></fields><fields><name>field_102</name><label>Stars</label><type>number</type><required>false</required><child/></fields></form></data><error>0</error><error_text>Successful operation</error_text></xml>");
    assert_snapshot!(ask(&house, "forms/get", r#"{"id":3}"#).await, @r#"404 {"error":404,"error_text":"form 3 was not found"}"#);
    assert_refused(
        &house.post("/api/v1.1/forms/list").token(PEOPLE).json("{}").await,
        403,
        "the token lacks the ability forms-read",
    );
    assert_eq!(house.post("/api/v1.1/forms/get").token(READ).json(r#"{"id":1}"#).await.status.as_u16(), 200);
}

#[tokio::test]
async fn lists_of_what_has_tags_or_groups_are_empty() {
    let house = house().await;
    for method in ["databases/list", "segments/list", "forms/list"] {
        let count = async |body: &str| {
            let shown = ask(&house, method, body).await;
            let shown: serde_json::Value = serde_json::from_str(shown.strip_prefix("200 ").unwrap()).unwrap();
            assert_eq!(
                shown["data"].as_array().unwrap().is_empty(),
                shown["total_count"] == 0,
                "{method} {body}"
            );
            shown["total_count"].as_i64().unwrap()
        };
        for nothing in ["{}", r#"{"ui_tags":[],"groups":null,"groups_id":[],"is_nps":false}"#] {
            assert!(count(nothing).await > 0, "{method} {nothing}");
        }
        for narrowed in [r#"{"ui_tags":["a"]}"#, r#"{"groups":[1]}"#, r#"{"groups_id":[1]}"#] {
            assert_eq!(count(narrowed).await, 0, "{method} {narrowed}");
        }
    }
    assert!(ask(&house, "forms/list", r#"{"is_nps":true}"#).await.contains(r#""total_count":0"#));
    let tagged = "<xml><ui_tags>a</ui_tags><ui_tags>b</ui_tags></xml>";
    assert!(
        ask(&house, "databases/list", tagged)
            .await
            .contains("<data/><next_from_id>0</next_from_id><total_count>0")
    );
    assert!(!ask(&house, "databases/list", "<xml><ui_tags/></xml>").await.contains("<data/>"));
}
