//! Tokens, and the workspace that one opens.

use crate::house::{ALL, House, NOTHING, OTHER, READ};
use insta::assert_snapshot;

#[tokio::test]
async fn a_token_is_made_shown_once_and_deleted() {
    let house = House::idle().await;
    let body = r#"{"name":"reporting","abilities":["forms-read","fly"]}"#;
    let made = house.post("/settings/tokens").token(ALL).json(body).await.json();
    assert_eq!(made["message"], "Access token successfully created!");
    let secret = made["token"].as_str().unwrap();
    assert_eq!(house.get("/open/forms/1").token(secret).await.status.as_u16(), 200);
    assert_eq!(house.delete("/open/forms/1").token(secret).await.status.as_u16(), 403);

    let list = house.get("/api/settings/tokens").token(ALL).await;
    assert_snapshot!(list.shown(), @r#"
    200 application/json
    [{"id":1,"name":"all","abilities":["*"]},{"id":2,"name":"read","abilities":["forms-read"]},{"id":3,"name":"nothing","abilities":[]},{"id":5,"name":"reporting","abilities":["forms-read"]}]
    "#);
    let (number, _) = secret.split_once('|').unwrap();
    let path = format!("/settings/tokens/{number}");
    assert_eq!(house.delete(&path).token(OTHER).await.status.as_u16(), 404);
    assert_snapshot!(house.delete(&path).token(ALL).await.shown(), @"
    200 application/json
    []
    ");
    assert_eq!(house.get("/open/forms/1").token(secret).await.status.as_u16(), 401);
    assert_eq!(house.delete(&path).token(ALL).await.status.as_u16(), 404);
}

#[tokio::test]
async fn tokens_are_kept_by_those_who_may_do_everything() {
    let house = House::idle().await;
    for token in [READ, NOTHING] {
        for ask in [
            house.get("/settings/tokens"),
            house.post("/settings/tokens").json(r#"{"name":"a","abilities":["*"]}"#),
            house.delete("/settings/tokens/1"),
        ] {
            assert_eq!(ask.token(token).await.status.as_u16(), 403);
        }
    }
    assert_snapshot!(house.post("/settings/tokens").token(ALL).json("{}").await.shown(), @r#"
    422 application/json
    {"message":"The name field is required. (and 1 more error)","errors":{"abilities":["The abilities field is required."],"name":["The name field is required."]}}
    "#);
    assert_snapshot!(house.delete("/settings/tokens/one").token(ALL).await.shown(), @r#"
    404 application/json
    {"message":"The token was not found."}
    "#);
}

#[tokio::test]
async fn a_token_says_who_it_is() {
    let house = House::idle().await;
    assert_snapshot!(house.get("/external/zapier/validate").token(NOTHING).await.shown(), @r#"
    200 application/json
    {"name":"owner@acme.example","email":"owner@acme.example"}
    "#);
    assert_eq!(house.get("/external/zapier/validate").await.status.as_u16(), 401);
}

#[tokio::test]
async fn an_account_is_a_workspace() {
    let house = House::idle().await;
    assert_snapshot!(house.get("/open/workspaces").token(ALL).await.shown(), @r#"
    200 application/json
    [{"id":20002,"name":"Acme","icon":null,"settings":{},"max_file_size":10,"is_readonly":false,"is_admin":true,"users_count":1}]
    "#);
    assert_eq!(house.get("/open/workspaces").token(READ).await.status.as_u16(), 403);

    let page = house.get("/open/workspaces/20002/forms?per_page=1&page=2").token(READ).await;
    assert_snapshot!(serde_json::to_string_pretty(&page.json()).unwrap(), @r#"
    {
      "data": [
        {
          "closes_at": null,
          "created_at": "2026-05-01T08:00:00+00:00",
          "id": 1,
          "is_closed": false,
          "max_number_of_submissions_reached": false,
          "max_submissions_count": null,
          "share_url": "https://forms.example/forms/customer-survey",
          "slug": "customer-survey",
          "submissions_count": 4,
          "tags": [],
          "title": "Customer survey",
          "updated_at": "2026-05-01T08:00:00+00:00",
          "views_count": 0,
          "visibility": "public",
          "workspace_id": 20002
        }
      ],
      "links": {
        "first": "https://forms.example/open/workspaces/20002/forms?per_page=1&page=1",
        "last": "https://forms.example/open/workspaces/20002/forms?per_page=1&page=2",
        "next": null,
        "prev": "https://forms.example/open/workspaces/20002/forms?per_page=1&page=1"
      },
      "meta": {
        "current_page": 2,
        "from": 2,
        "last_page": 2,
        "links": [
          {
            "active": false,
            "label": "&laquo; Previous",
            "url": "https://forms.example/open/workspaces/20002/forms?per_page=1&page=1"
          },
          {
            "active": false,
            "label": "1",
            "url": "https://forms.example/open/workspaces/20002/forms?per_page=1&page=1"
          },
          {
            "active": true,
            "label": "2",
            "url": "https://forms.example/open/workspaces/20002/forms?per_page=1&page=2"
          },
          {
            "active": false,
            "label": "Next &raquo;",
            "url": null
          }
        ],
        "path": "https://forms.example/open/workspaces/20002/forms",
        "per_page": 1,
        "to": 2,
        "total": 2
      }
    }
    "#);
    for path in ["/open/workspaces/20003/forms", "/open/workspaces/1/forms"] {
        assert_eq!(house.get(path).token(READ).await.status.as_u16(), 403, "{path}");
    }
    let far = house.get("/open/workspaces/20002/forms?page=99999999999&per_page=-5").token(READ).await.json();
    assert_eq!((&far["meta"]["per_page"], &far["meta"]["total"]), (&10.into(), &2.into()));
}
