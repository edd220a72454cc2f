//! The forms of an account, and who is shown them.

use crate::ask::Answer;
use crate::house::{ALL, House, NOTHING, OTHER, READ};
use insta::assert_snapshot;

const FORMS: &str = "/api/v2/acme/forms";

#[track_caller]
fn assert_error(answer: &Answer, status: u16, message: &str) {
    let said = serde_json::json!({ "error": { "message": message, "status": status } });
    assert_eq!((answer.status.as_u16(), answer.json()), (status, said));
    assert_eq!(answer.header("content-type"), "application/json");
}

#[tokio::test]
async fn the_forms_of_an_account_are_listed_with_what_they_hold() {
    let house = House::idle().await;
    let answer = house.get(FORMS).token(READ).await;
    assert_snapshot!(answer.shown(), @r#"
    200 application/json
    {"forms":[{"directory":"survey","name":"Customer survey","publish":{"embed_code":"<iframe src=\"https://forms.example/f/acme/survey?embed=1\" title=\"Customer survey\" width=\"100%\" height=\"600\" style=\"border: 0\"></iframe><script src=\"https://forms.example/assets/embed.js\" async></script>","link":"https://forms.example/f/acme/survey"},"state":"open","stats":{"filesSize":0,"resultsCount":4}},{"directory":"old","name":"Old survey","publish":{"embed_code":"<iframe src=\"https://forms.example/f/acme/old?embed=1\" title=\"Old survey\" width=\"100%\" height=\"600\" style=\"border: 0\"></iframe><script src=\"https://forms.example/assets/embed.js\" async></script>","link":"https://forms.example/f/acme/old"},"state":"closed (manually)","stats":{"filesSize":0,"resultsCount":0}}]}
    "#);
}

#[tokio::test]
async fn one_form_comes_in_a_list_of_one() {
    let house = House::idle().await;
    let answer = house.get("/api/v2/acme/forms/old").header("authorization", &format!("bearer {ALL}")).await;
    assert_snapshot!(answer.shown(), @r#"
    200 application/json
    {"forms":[{"directory":"old","name":"Old survey","publish":{"embed_code":"<iframe src=\"https://forms.example/f/acme/old?embed=1\" title=\"Old survey\" width=\"100%\" height=\"600\" style=\"border: 0\"></iframe><script src=\"https://forms.example/assets/embed.js\" async></script>","link":"https://forms.example/f/acme/old"},"state":"closed (manually)","stats":{"filesSize":0,"resultsCount":0}}]}
    "#);
    assert_eq!(house.get("/api/v2/acme//forms/old/").token(ALL).await.body, answer.body);
}

#[tokio::test]
async fn without_a_token_that_holds_nobody_is_let_in() {
    let house = House::idle().await;
    for path in [FORMS, "/api/v2/acme/forms/survey", "/api/v2/acme/forms/survey/items"] {
        let answer = house.get(path).await;
        assert_error(&answer, 401, "Missing access token.");
        assert_eq!(answer.header("www-authenticate"), "Bearer");
        assert_error(&house.get(path).token("unknown-0123456789abcdef").await, 401, "Invalid access token.");
        assert_error(&house.get(path).token(NOTHING).await, 403, "The token lacks the ability forms-read.");
        assert_error(&house.get(path).token(OTHER).await, 404, "The user directory was not found.");
        let twice = house.get(path).token(READ).token(ALL).await;
        assert_error(&twice, 400, "token: is given more than once, and differs.");
    }
}

#[tokio::test]
async fn what_is_not_there_is_answered_in_the_same_body() {
    let house = House::idle().await;
    for path in ["/api/v2/acme/forms/none", "/api/v2/acme/forms/%00", "/api/v2/acme/forms/none/items"] {
        let answer = house.get(path).token(READ).await;
        assert_eq!(answer.json()["error"]["status"], 404, "{path}");
    }
    // A form of another account, a directory of none, and what is no name at all.
    assert_error(
        &house.get("/api/v2/acme/forms/globex").token(READ).await,
        404,
        "Form globex was not found.",
    );
    for path in ["/api/v2/none/forms", "/api/v2/%ff/forms"] {
        assert_error(&house.get(path).token(READ).await, 404, "The user directory was not found.");
    }
    for path in ["/api/v2", "/api/v2/acme", "/api/v2/acme/none", "/api/v2/acme/forms/survey/none"] {
        assert_error(&house.get(path).token(READ).await, 404, "There is no such path.");
    }
    for path in [FORMS, "/api/v2/acme/forms/survey/items"] {
        let answer = house.post(path).token(READ).json("{}").await;
        assert_error(&answer, 405, "The path does not take this method.");
        assert_eq!(answer.header("allow"), "GET,HEAD");
    }
}
