//! Logs: what they say of a request, and what they never say.

use crate::client::{Answer, Client};
use crate::dataset::{DataSet, TOKEN};
use crate::place::Place;
use reqwest::Method;
use serde_json::{Value, json};

/// In the query of a request, where only a log could repeat it.
const IN_QUERY: &str = "only-in-the-query-4711";

#[test]
fn requests_are_logged_with_an_id_and_without_secrets() {
    let place = Place::sqlite();
    place.import(DataSet::of(10).path());
    // Everything that can be logged.
    let mut server = place.server().env("FILLHOUSE_LOG", "trace").start();
    let answers = requests_with_secrets(server.url());
    server.stop();
    let said = server.output();
    for secret in [TOKEN, IN_QUERY, "token=", "wrong-secret-0123456789"] {
        let line = said.lines().find(|line| line.contains(secret));
        assert_eq!(line, None, "{secret} is in the log");
    }
    let lines: Vec<Value> = said.lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
    for answer in answers {
        let id = answer.headers["x-request-id"].to_str().unwrap();
        let line = lines.iter().find(|line| line["request_id"] == id && !line["status"].is_null());
        let line = line.unwrap_or_else(|| panic!("no line of {id}:\n{said}"));
        assert_eq!(line["status"], answer.status, "{line}");
    }
    let of_routes = lines.iter().filter(|line| line["route"] == "/api/v1.1/forms/fills").count();
    assert_eq!(of_routes, 3, "{said}");
}

/// Requests that carry the token in each way there is, one that is wrong, and more in the query.
fn requests_with_secrets(server: &str) -> Vec<Answer> {
    let client = Client::new();
    let fills = format!("{server}/api/v1.1/forms/fills");
    let request = json!({"id": 1, "date_from": "2026-01-01", "date_to": "2026-12-31"});
    let in_header = client.post(&fills, &request).unwrap();
    let task = in_header.json()["data"]["task_id"].as_str().unwrap().to_owned();
    let exported = client.finish(server, &task);

    let mut with_token = request.clone();
    with_token["token"] = json!(TOKEN);
    let as_json = [("content-type", "application/json")];
    let in_body = client.send(Method::POST, &fills, &as_json, with_token.to_string()).unwrap();
    assert_eq!(in_body.status, 200, "{}", in_body.text());

    let file = format!("{server}/api/download/forms/{}?token={TOKEN}&note={IN_QUERY}", exported.url);
    let in_query = client.get(&file);
    assert_eq!(in_query.status, 200, "{}", in_query.text());

    let nowhere = client.get(&format!("{server}/nowhere?token={TOKEN}&note={IN_QUERY}"));
    assert_eq!(nowhere.status, 404);
    let wrong = Client::with_token("wrong-secret-0123456789").post(&fills, &request).unwrap();
    assert_eq!(wrong.status, 403, "{}", wrong.text());
    vec![in_header, in_body, in_query, nowhere, wrong]
}

#[test]
fn a_request_keeps_the_id_that_it_came_with() {
    let place = Place::sqlite();
    let mut server = place.server().env("FILLHOUSE_LOG", "info").start();
    let headers = [("x-request-id", "from-a-proxy-17")];
    let url = format!("{}/nowhere", server.url());
    let answer = Client::new().send(Method::GET, &url, &headers, String::new()).unwrap();
    assert_eq!(answer.headers["x-request-id"], "from-a-proxy-17");
    server.stop();
    assert!(server.output().contains(r#""request_id":"from-a-proxy-17""#), "{}", server.output());
}
