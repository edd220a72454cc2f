//! The fills of one user, as documented, and by every way in which a user is known.

use crate::ask::Answer;
use crate::house::{ALL, House, NOTHING, OTHER, READ};
use insta::assert_snapshot;
use std::io::{Cursor, Read as _};

const FILL: &str = "/api/v1.1/forms/fill";
/// Three of the form's submissions are from Ada: one by her address, one by her number, one by a link; and one is not
/// finished.
const LINES: &str = r#"{"kind":"audience","id":3,"account_id":20002,"name":"Customers","fields":[{"name":"customer_no","type":"int"}]}
{"kind":"audience","id":4,"account_id":20003,"name":"Others","fields":[]}
{"kind":"profile","audience_id":3,"id":"507f1f77bcf86cd799439011","email":"User@example.com","phones":["+7 900 123-45-67"],"fields":{"customer_no":42}}
{"kind":"profile","audience_id":3,"id":"507f1f77bcf86cd799439012","email":"twin@example.com","phones":[],"fields":{}}
{"kind":"profile","audience_id":3,"id":"507f1f77bcf86cd799439013","email":"TWIN@example.com","phones":[],"fields":{}}
{"kind":"profile","audience_id":3,"id":"507f1f77bcf86cd799439014","email":"nobody@example.com","phones":[],"fields":{}}
{"kind":"form","id":5,"account_id":20002,"shortname":"form_Fill0005","directory":"fill","slug":"fill","name":"Fill","state":"open","partial":true,"items":[{"id":"1","type":"email","label":"Mail","matches":"email"},{"id":"2","type":"phone","label":"Phone","matches":"phone"},{"id":"3","type":"text","label":"Number","matches":"field:customer_no"}]}
{"kind":"submission","form_id":5,"id":10000051,"status":"Complete","date_finish":"2026-04-01T00:00:00Z","date_update":"2026-04-01T00:00:00Z","answers":{"1":" USER@example.com"}}
{"kind":"submission","form_id":5,"id":10000052,"status":"Complete","date_finish":"2026-04-02T00:00:00Z","date_update":"2026-04-02T00:00:00Z","answers":{"1":"else@example.com","2":"79001234567"}}
{"kind":"submission","form_id":5,"id":10000053,"status":"Complete","date_finish":"2026-04-03T00:00:00Z","date_update":"2026-04-03T00:00:00Z","answers":{"1":"else@example.com"}}
{"kind":"submission","form_id":5,"id":10000054,"status":"Complete","date_finish":"2026-04-04T00:00:00Z","date_update":"2026-04-04T00:00:00Z","audience_id":3,"profile_id":"507f1f77bcf86cd799439011","answers":{}}
{"kind":"submission","form_id":5,"id":10000055,"status":"Incomplete","date_update":"2026-04-05T00:00:00Z","answers":{"1":"user@example.com"}}
{"kind":"submission","form_id":5,"id":10000056,"status":"Complete","date_finish":"2026-04-06T00:00:00Z","date_update":"2026-04-06T00:00:00Z","answers":{"3":"42"}}
"#;

/// There is no worker in it: whatever is completed was so at once.
async fn house() -> House {
    let house = House::idle().await;
    house.import(LINES.to_owned()).await;
    house
}

async fn ask(house: &House, body: &str) -> Answer {
    house.post(FILL).token(READ).json(body).await
}

/// The ids in the file of the fills that are asked for.
async fn ids(house: &House, body: &str) -> Vec<String> {
    let answer = ask(house, body).await;
    let task = answer.json()["data"]["task_id"].as_str().expect("a task").to_owned();
    let status = house.status(&task).await.json();
    assert_eq!(status["data"]["status"], "completed", "{body}");
    let url = status["data"]["result"]["url"].as_str().unwrap().to_owned();
    let file = house.get(&format!("/api/download/forms/{url}")).token(READ).await;
    let mut archive = zip::ZipArchive::new(Cursor::new(&file.body)).unwrap();
    let mut csv = String::new();
    archive.by_index(0).unwrap().read_to_string(&mut csv).unwrap();
    let ids: Vec<String> =
        csv.lines().skip(1).map(|line| line.split(',').next().unwrap().to_owned()).collect();
    assert_eq!(status["data"]["result"]["total"], ids.len());
    ids
}

#[tokio::test]
async fn a_task_is_created_and_completed_as_documented() {
    let house = house().await;
    let body = r#"{
"id": 5,
"db_id": 3,
"email": "user@example.com",
"matching": "email",
"file_format": "csv"
}"#;
    let answer = ask(&house, body).await;
    assert_snapshot!(answer.shown(), @r#"
    200 application/json
    {"data":{"task_id":"[uuid]"},"error":0,"error_text":"Successful operation"}
    "#);
    let body = "<xml>
<id>5</id>
<db_id>3</db_id>
<email>user@example.com</email>
<matching>email</matching>
<file_format>csv</file_format>
</xml>";
    let answer = house.post(FILL).token(READ).xml(body).await;
    assert_snapshot!(answer.shown(), @"
    200 application/xml; charset=utf-8
    <xml><data><task_id>[uuid]</task_id></data><error>0</error><error_text>Successful operation</error_text></xml>
    ");
    let task = answer.text().split("task_id>").nth(1).unwrap().trim_end_matches("</").to_owned();
    assert_snapshot!(house.status(&task).await.shown(), @r#"
    200 application/json
    {"data":{"status":"completed","progress":100,"result":{"form_id":5,"total":4,"url":"[opaque]/5_20002_form_export.zip"}},"error":0,"error_text":"Successful operation"}
    "#);
}

#[tokio::test]
async fn a_user_is_found_by_whatever_a_profile_is_known_by() {
    let house = house().await;
    let all = ["10000051", "10000052", "10000054", "10000056"];
    for who in [
        r#""email":"user@example.com""#,
        r#""matching":"email_profile","email":"USER@EXAMPLE.COM","phone":"1""#,
        r#""phone":"+79001234567""#,
        r#""profile_id":"507F1F77BCF86CD799439011""#,
        r#""field_name":"customer_no","field_value":42"#,
        r#""matching":"custom","field_name":"customer_no","field_value":"42","email":"nobody@example.com""#,
    ] {
        assert_eq!(ids(&house, &format!(r#"{{"id":5,"db_id":3,{who}}}"#)).await, all, "{who}");
    }
    let nobody = r#"{"shortname":"form_Fill0005","db_id":3,"email":"nobody@example.com"}"#;
    assert!(ids(&house, nobody).await.is_empty());
}

#[tokio::test]
async fn fills_are_found_as_soon_as_they_are_stored() {
    let house = house().await;
    let body = r#"{"answers":{"1":"nobody@example.com"}}"#;
    let stored = house.post("/v1/forms/5/submissions").token(ALL).json(body).await;
    let id = stored.json()["ids"][0].to_string();
    let asked = r#"{"id":5,"db_id":3,"email":"nobody@example.com"}"#;
    assert_eq!(ids(&house, asked).await, std::slice::from_ref(&id));
    // The form speaks of e-mail addresses no more.
    let form = LINES.lines().find(|line| line.contains(r#""kind":"form""#)).unwrap();
    house.import(form.replace(r#","matches":"email""#, "")).await;
    assert!(ids(&house, asked).await.is_empty());
    house.import(form.to_owned()).await;
    assert_eq!(ids(&house, asked).await, [id]);
}

#[tokio::test]
async fn what_cannot_be_answered_says_why() {
    let house = house().await;
    for (body, status, text) in [
        (r#"{"db_id":3,"email":"a"}"#, 400, "id: is missing, and so is shortname"),
        (r#"{"id":5,"email":"a"}"#, 400, "db_id: is missing"),
        (r#"{"id":5,"db_id":"3x","email":"a"}"#, 400, "db_id: is not a whole number"),
        (r#"{"id":5,"db_id":3}"#, 400, "email: is missing, and so are phone, profile_id and field_name"),
        (
            r#"{"id":5,"db_id":3,"email":" "}"#,
            400,
            "email: is missing, and so are phone, profile_id and field_name",
        ),
        (
            r#"{"id":5,"db_id":3,"matching":"phone","email":"a"}"#,
            400,
            "phone: is missing, and matching asks for it",
        ),
        (
            r#"{"id":5,"db_id":3,"matching":"name","email":"a"}"#,
            400,
            "matching: is none of email, phone, profile_id and custom",
        ),
        (r#"{"id":5,"db_id":3,"profile_id":"x"}"#, 400, "profile_id: is not 24 hex digits"),
        (r#"{"id":5,"db_id":3,"field_name":"x"}"#, 400, "field_value: is missing beside field_name"),
        (r#"{"id":5,"db_id":3,"email":["a"]}"#, 400, "email: is not a text"),
        (
            r#"{"id":5,"db_id":3,"email":"a","file_format":"xml"}"#,
            400,
            "file_format: is neither csv nor json",
        ),
        (r#"{"id":5,"db_id":3,"email":"who@example.com"}"#, 404, "the profile was not found"),
        (r#"{"id":5,"db_id":3,"field_name":"none","field_value":"x"}"#, 404, "the profile was not found"),
        (r#"{"id":5,"db_id":3,"email":"twin@example.com"}"#, 409, "more than one profile matches"),
        (r#"{"id":5,"db_id":4,"email":"user@example.com"}"#, 404, "database 4 was not found"),
        (r#"{"id":3,"db_id":3,"email":"user@example.com"}"#, 404, "form 3 was not found"),
    ] {
        let answer = ask(&house, body).await;
        let json = answer.json();
        assert_eq!((answer.status.as_u16(), json["error_text"].as_str()), (status, Some(text)), "{body}");
        assert_eq!(json["error"], status);
    }
    let body = r#"{"id":5,"db_id":3,"email":"user@example.com"}"#;
    assert_eq!(house.post(FILL).json(body).await.status.as_u16(), 401);
    assert_eq!(house.post(FILL).token(NOTHING).json(body).await.status.as_u16(), 403);
    assert_eq!(house.post(FILL).token(OTHER).json(body).await.status.as_u16(), 404);
}
