//! What a token may do that may only have submissions sent, and one that may only change the workspace.

use crate::house::{ALL, House, OTHER, READ};
use insta::assert_snapshot;

const LINES: &str = r#"{"kind":"token","account_id":20002,"user_id":1,"name":"tell","abilities":["manage-integrations"],"secret":"tell-0123456789abcdef0123456789abcde"}
{"kind":"token","account_id":20002,"user_id":1,"name":"admin","abilities":["workspaces-write"],"secret":"admin-0123456789abcdef0123456789abcd"}
"#;
const TELL: &str = "tell-0123456789abcdef0123456789abcde";
const ADMIN: &str = "admin-0123456789abcdef0123456789abcd";

async fn house() -> House {
    let house = House::idle().await;
    house.import(LINES.to_owned()).await;
    house
}

#[tokio::test]
async fn whoever_has_submissions_sent_can_look_at_them() {
    let house = house().await;
    for (path, status) in [
        ("/open/forms/1", 200),
        ("/open/forms/customer-survey/submissions", 200),
        ("/open/forms/1/submissions/10000001", 200),
        ("/open/forms/1/integrations", 200),
        ("/external/zapier/submissions/recent?form_id=1", 200),
        // Lists of forms, and exports, are for those who may read forms.
        ("/open/forms", 403),
        ("/open/workspaces/20002/forms", 403),
        ("/open/workspaces", 403),
        ("/open/forms/1/submissions/export/none/status", 403),
    ] {
        let answer = house.get(path).token(TELL).await;
        assert_eq!(answer.status.as_u16(), status, "{path}: {}", answer.text());
    }
    let export =
        house.post("/open/forms/1/submissions/export").token(TELL).json(r#"{"columns":{"100":true}}"#);
    assert_eq!(export.await.status.as_u16(), 403);
    let update = house.put("/open/forms/1/submissions/10000001").token(TELL).json(r#"{"100":"Eve"}"#);
    assert_eq!(update.await.status.as_u16(), 403);
}

#[tokio::test]
async fn a_workspace_gets_another_name() {
    let house = house().await;
    let renamed =
        house.put("/open/workspaces/20002").token(ADMIN).json(r#"{"name":"Acme & Co","emoji":"x"}"#);
    assert_snapshot!(renamed.await.shown(), @r#"
    200 application/json
    {"type":"success","message":"Workspace updated.","workspace_id":20002,"workspace":{"id":20002,"name":"Acme & Co","icon":null,"settings":{},"max_file_size":10,"is_readonly":false,"is_admin":true,"users_count":1}}
    "#);
    let list = house.get("/open/workspaces").token(ALL).await;
    assert_eq!(list.json()[0]["name"], "Acme & Co");
    for (path, token, body, status) in [
        ("/open/workspaces/20002", READ, r#"{"name":"Mine"}"#, 403),
        ("/open/workspaces/20002", OTHER, r#"{"name":"Mine"}"#, 403),
        ("/open/workspaces/one", ADMIN, r#"{"name":"Mine"}"#, 404),
        ("/open/workspaces/20002", ADMIN, r#"{"name":" "}"#, 422),
        ("/open/workspaces/20002", ADMIN, "{}", 422),
    ] {
        let answer = house.put(path).token(token).json(body).await;
        assert_eq!(answer.status.as_u16(), status, "{path} {body}: {}", answer.text());
    }
    let long = format!(r#"{{"name":"{}"}}"#, "x".repeat(256));
    assert_snapshot!(house.put("/open/workspaces/20002").token(ADMIN).json(&long).await.shown(), @r#"
    422 application/json
    {"message":"name is not 1 to 255 characters long.","errors":{"name":["name is not 1 to 255 characters long."]}}
    "#);
}

#[tokio::test]
async fn another_workspace_is_refused_in_so_many_words() {
    let house = house().await;
    let create =
        |token: &'static str, body: &str| house.post("/open/workspaces/create").token(token).json(body);
    assert_snapshot!(create(ADMIN, r#"{"name":"Second","emoji":"x"}"#).await.shown(), @r#"
    403 application/json
    {"type":"error","message":"A token opens one workspace here. Whoever runs this server can make another one, with tokens of its own."}
    "#);
    assert_snapshot!(create(ADMIN, "{}").await.shown(), @r#"
    422 application/json
    {"message":"The name field is required.","errors":{"name":["The name field is required."]}}
    "#);
    assert_snapshot!(create(READ, r#"{"name":"Second"}"#).await.shown(), @r#"
    403 application/json
    {"message":"This action is unauthorized."}
    "#);
}
