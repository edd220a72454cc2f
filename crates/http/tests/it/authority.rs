//! Every operation of every document, asked by whoever must not: a list made from the router itself.
//!
//! Guarantees: an operation that nobody thought of here fails the test, so that none is forgotten.

use crate::ask::{Answer, Ask};
use crate::house::{ALL, House, NOTHING, OTHER};
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// All that is of account 20002 has this word in it.
const WORD: &str = "zebra";
const UNKNOWN: &str = "nobody-0123456789abcdef0123456789ab";

/// A form, an audience and a segment of account 20002, all with the id 1001, and what is in them.
const LINES: &str = r#"{"kind":"form","id":1001,"account_id":20002,"shortname":"form_Zebra001","directory":"zebra","slug":"zebra","name":"zebra","state":"open","partial":true,"items":[{"id":"100","type":"email","label":"zebra","matches":"email"}]}
{"kind":"audience","id":1001,"account_id":20002,"name":"zebra","fields":[{"name":"kind","type":"string"}]}
{"kind":"profile","audience_id":1001,"id":"507f1f77bcf86cd799439011","email":"zebra@example.com","phones":["1"],"fields":{"kind":"zebra"}}
{"kind":"segment","id":1001,"audience_id":1001,"name":"zebra","profiles":["507f1f77bcf86cd799439011"]}
{"kind":"submission","form_id":1001,"id":10001001,"status":"Complete","date_finish":"2026-04-01T00:00:00Z","date_update":"2026-04-01T00:00:00Z","answers":{"100":"zebra@example.com"}}
"#;

const SCHEDULE: &str = r#"{"name":"zebra","when":{"every":"hourly"},"export":{"form":1001}}"#;

/// An operation of a document.
struct Operation {
    method: String,
    path: String,
    is_public: bool,
}

/// What there is to ask for in the house.
struct Things {
    task: String,
    /// The opaque name and the name of the task's file.
    file: (String, String),
    integration: String,
    schedule: String,
}

fn operations() -> Vec<Operation> {
    let mut operations = Vec::new();
    for document in fillhouse_http::documents().values() {
        let document: Value = serde_json::from_str(document).unwrap();
        for (path, methods) in document["paths"].as_object().unwrap() {
            for (method, operation) in
                methods.as_object().unwrap().iter().filter(|(name, _)| *name != "parameters")
            {
                let open = |security: &Value| {
                    security.as_array().is_some_and(|all| all.iter().any(|one| one == &json!({})))
                };
                let is_public = open(&operation["security"]) || operation["security"] == json!([]);
                // What is said of servers in a document: everything is below this, too.
                let servers = document["servers"].as_array().into_iter().flatten();
                let prefixes = servers.filter_map(|server| server["url"].as_str()).chain([""]);
                for prefix in prefixes.map(|prefix| prefix.trim_end_matches('/')).collect::<BTreeSet<_>>() {
                    let path = format!("{prefix}{path}");
                    operations.push(Operation { method: method.to_uppercase(), path, is_public });
                }
            }
        }
    }
    operations
}

impl Operation {
    /// The address at which it meets what is of account 20002.
    fn address(&self, things: &Things) -> String {
        let parts = self.path.split('/').map(|part| {
            match part.strip_prefix('{').and_then(|part| part.strip_suffix('}')) {
                None => part.to_owned(),
                Some(name) => self.value(name, things),
            }
        });
        let address = parts.collect::<Vec<_>>().join("/");
        // What it is about is behind the question mark.
        if address.ends_with("/recent") { address + "?form_id=1001" } else { address }
    }

    fn value(&self, name: &str, things: &Things) -> String {
        match name {
            "user_dir" => "acme".to_owned(),
            "form_dir" => WORD.to_owned(),
            "form" => "1001".to_owned(),
            "workspace" => "20002".to_owned(),
            "id" if self.path.contains("/integrations/") => things.integration.clone(),
            "id" if self.path.contains("/exports/") => things.task.clone(),
            "id" if self.path.contains("/schedules/") => things.schedule.clone(),
            "submission" | "id" => "10001001".to_owned(),
            "job" | "job_id" => things.task.clone(),
            "token" => "1".to_owned(),
            "opaque" | "file" => things.file.0.clone(),
            "name" => things.file.1.clone(),
            other => panic!("what would a stranger put for {{{other}}} of {}?", self.path),
        }
    }

    /// Whether it names nothing of anybody's: it is about whatever is of the caller's own account.
    fn is_of_the_caller(&self) -> bool {
        const NAMES_NOTHING: [&str; 10] = [
            "/databases/list",
            "/forms/list",
            "/segments/list",
            "/open/forms",
            "/open/workspaces",
            "/settings/tokens",
            "/zapier/validate",
            "/zapier/workspaces",
            "/zapier/forms",
            "/workspaces/create",
        ];
        let is_list = self.method == "GET"
            && (self.path.ends_with("/v1/exports") || self.path.ends_with("/v1/schedules"));
        is_list || NAMES_NOTHING.iter().any(|end| self.path.ends_with(end))
    }

    /// Whether it says no more than who has the token.
    fn is_about_the_token(&self) -> bool {
        self.path.ends_with("/zapier/validate")
    }

    fn ask<'a>(&self, house: &'a House, things: &Things) -> Ask<'a> {
        let ask = Ask::new(&house.router, &self.method, &self.address(things));
        match (self.method.as_str(), self.path.as_str()) {
            ("GET", _) => ask,
            // Elsewhere the word means another thing.
            (_, "/v1/exports") => ask.json(r#"{"form":1001}"#),
            ("POST", "/v1/schedules") => ask.json(SCHEDULE),
            _ => ask.json(&body(things).to_string()),
        }
    }
}

/// A body that every operation finds what it needs in.
fn body(things: &Things) -> Value {
    json!({
        "id": 1001, "db_id": 1001, "source_id": 1001, "source_type": "database", "segment_id": 1001, "list_id": 1001,
        "task_id": things.task, "email": "zebra@example.com", "profile_id": "507f1f77bcf86cd799439011",
        "date_from": "2026-04-01", "date_to": "2026-04-30", "is_static": true, "name": "x", "title": "x",
        "data": {"webhook_url": "https://example.com/hook", "email": "zebra@example.com"},
        "answers": {"100": "x@example.com"}, "properties": [], "columns": {"100": true}, "100": "x@example.com",
        "event": "result_completed", "url": "https://example.com/hook",
        "integration_id": "webhook", "status": "active", "abilities": [], "form_id": 1001,
        "hookUrl": "https://example.com/hook",
    })
}

async fn house() -> (House, Things) {
    let house = House::new().await;
    house.import(LINES.to_owned()).await;
    let request = r#"{"id":1001,"date_from":"2026-04-01","date_to":"2026-04-30"}"#;
    let url = house.export(request).await;
    let task = house.start(request).await;
    let (opaque, name) = url.split_once('/').unwrap();
    let file = (opaque.to_owned(), name.to_owned());
    let integration = json!({"integration_id":"webhook","status":"active","data":{"webhook_url":"https://zebra.example/hook"}});
    let made = house.post("/open/forms/1001/integrations").token(ALL).json(&integration.to_string()).await;
    let integration = made.json()["form_integration"]["id"].to_string();
    let schedule = house.post("/v1/schedules").token(ALL).json(SCHEDULE).await;
    let schedule = schedule.json()["id"].as_str().unwrap().to_owned();
    (house, Things { task, file, integration, schedule })
}

/// All that is of account 20002, a line a thing.
async fn belongings(house: &House) -> BTreeSet<String> {
    let path = house.folder.path().join("dump.jsonl");
    house.engine.dump(std::fs::File::create(&path).unwrap(), |_| {}).await.unwrap();
    let lines = std::fs::read_to_string(&path).unwrap();
    lines.lines().filter(|line| line.contains(WORD) || line.contains("20002")).map(str::to_owned).collect()
}

#[track_caller]
fn assert_refused(operation: &Operation, who: &str, answer: &Answer) {
    let Operation { method, path, .. } = operation;
    let text = String::from_utf8_lossy(&answer.body);
    assert!(
        matches!(answer.status.as_u16(), 401 | 403 | 404),
        "{who}: {method} {path}: {} {text}",
        answer.status
    );
    assert!(!text.contains(WORD), "{who}: {method} {path} told: {text}");
}

#[tokio::test]
async fn whoever_must_not_gets_nothing_and_changes_nothing() {
    let (house, things) = house().await;
    let before = belongings(&house).await;
    let operations = operations();
    assert!(operations.len() > 30, "there are only {}", operations.len());
    for operation in operations.iter().filter(|operation| !operation.is_public) {
        let ask = || operation.ask(&house, &things);
        assert_refused(operation, "no token", &ask().await);
        assert_refused(operation, "an unknown token", &ask().token(UNKNOWN).await);
        if !operation.is_about_the_token() {
            assert_refused(operation, "a token without abilities", &ask().token(NOTHING).await);
        }
        let strangers = ask().token(OTHER).await;
        if operation.is_of_the_caller() {
            let text = String::from_utf8_lossy(&strangers.body).into_owned();
            assert!(!text.contains(WORD), "{} told: {text}", operation.path);
        } else {
            assert_refused(operation, "another account's token", &strangers);
        }
    }
    assert_eq!(belongings(&house).await, before);
}

/// What everybody may ask, by design: each is named here, so that no other becomes public unnoticed.
#[test]
fn what_is_public_is_meant_to_be() {
    let public: BTreeSet<String> = operations()
        .iter()
        .filter(|operation| operation.is_public)
        .map(|operation| format!("{} {}", operation.method, operation.path))
        .collect();
    let meant = [
        "GET /api/open/exports/{file}/{name}",
        "GET /open/exports/{file}/{name}",
        "GET /v1/exports/files/{file}/{name}",
        "GET /v1/receipts/key",
        "GET /{user_dir}/files/{file}",
        "POST /api/forms/{form}/answer",
        "POST /forms/{form}/answer",
    ];
    assert_eq!(public, meant.map(str::to_owned).into());
}
