//! The exports of the native dialect: asking, following, taking back.

use crate::ask::{Answer, redacted};
use crate::house::{ALL, House, NOTHING, OTHER, READ};
use insta::assert_snapshot;
use serde_json::{Value, json};
use std::io::{Cursor, Read as _};
use std::time::Duration;

const EXPORTS: &str = "/v1/exports";

async fn ask(house: &House, body: &Value) -> Answer {
    house.post(EXPORTS).token(READ).json(&body.to_string()).await
}

/// Asks for an export that must be taken, and gives its path.
async fn asked(house: &House, body: &Value) -> String {
    let answer = ask(house, body).await;
    assert_eq!(answer.status.as_u16(), 201, "{}", answer.text());
    answer.header("location").to_owned()
}

/// The export at a path, once it has ended.
async fn ended(house: &House, path: &str) -> Value {
    let waiting = async {
        loop {
            let export = house.get(&format!("{path}?wait=60")).token(READ).await.json();
            if !matches!(export["state"].as_str(), Some("queued" | "running")) {
                return export;
            }
        }
    };
    tokio::time::timeout(Duration::from_mins(1), waiting).await.expect("the export ends in time")
}

/// The file of an export at a path.
async fn content(house: &House, path: &str) -> String {
    let answer = house.get(&format!("{path}/file")).token(READ).await;
    assert_eq!(answer.status.as_u16(), 200, "{}", answer.text());
    answer.text().to_owned()
}

fn unzipped(answer: &Answer) -> String {
    let mut archive = zip::ZipArchive::new(Cursor::new(&answer.body)).unwrap();
    let mut text = String::new();
    archive.by_index(0).unwrap().read_to_string(&mut text).unwrap();
    text
}

/// The ids in the file that comes of a request.
async fn ids(house: &House, body: Value) -> Vec<String> {
    let answer = ask(house, &body).await;
    assert!(answer.status.is_success(), "{}", answer.text());
    let path = answer.header("location").to_owned();
    assert_eq!(ended(house, &path).await["state"], "completed");
    let csv = content(house, &path).await;
    csv.lines()
        .skip(1)
        .map(|line| line.split(',').next().unwrap().trim_start_matches("1000000").to_owned())
        .collect()
}

#[track_caller]
fn assert_fault(answer: &Answer, field: &str, message: &str) {
    assert_eq!(answer.status.as_u16(), 422, "{}", answer.text());
    assert_eq!(answer.json()["errors"], json!([{"field": field, "message": message}]));
}

#[tokio::test]
async fn an_export_goes_from_the_request_to_the_file() {
    let house = House::idle().await;
    let answer = ask(&house, &json!({"form": 1, "compression": "zip"})).await;
    assert_snapshot!(answer.shown(), @r#"
    201 application/json
    {"id":"[uuid]","form_id":1,"state":"queued","progress":0,"rows_written":0,"rows_total":4,"bytes_written":0,"eta_seconds":null,"queue_position":1,"attempt":0,"heartbeat_at":null,"created_at":"2026-05-01T08:00:00.000Z","finished_at":null,"expires_at":null,"file_name":null,"file_url":null,"sha256":null,"snapshot":4,"cursor":null,"error":null}
    "#);
    let path = answer.header("location").to_owned();
    let early = house.get(&format!("{path}/file")).token(READ).await;
    assert_eq!(
        (early.status.as_u16(), early.json()["detail"].as_str()),
        (409, Some("the export is not completed yet"))
    );

    house.work();
    let done = ended(&house, &path).await;
    let mut shown = done.clone();
    shown["file_url"].take();
    shown["cursor"].take();
    assert_snapshot!(redacted(&shown.to_string()), @r#"{"attempt":1,"bytes_written":508,"created_at":"2026-05-01T08:00:00.000Z","cursor":null,"error":null,"eta_seconds":null,"expires_at":"2026-05-02T08:00:00.000Z","file_name":"1_20001_form_export.zip","file_url":null,"finished_at":"2026-05-01T08:00:00.000Z","form_id":1,"heartbeat_at":"2026-05-01T08:00:00.000Z","id":"[uuid]","progress":100,"queue_position":null,"rows_total":3,"rows_written":3,"sha256":"f240bc763cfa8c0fe234e10f5f40422b1c62d7d449830752786cce2897b03e3a","snapshot":4,"state":"completed"}"#);
    let file = house.get(&format!("{path}/file")).token(READ).await;
    assert_eq!(file.header("etag"), format!("\"{}\"", done["sha256"].as_str().unwrap()));
    assert_eq!(file.body.len() as u64, done["bytes_written"].as_u64().unwrap());
    assert_eq!(unzipped(&file).lines().count(), 4);
    // Who has the address needs no token, and nobody else has it.
    let url = done["file_url"].as_str().unwrap().strip_prefix("https://forms.example").unwrap();
    assert_eq!(house.get(url).await.body, file.body);
    let part = house.get(url).header("range", "bytes=0-1").await;
    assert_eq!((part.status.as_u16(), part.text()), (206, "PK"));
    let head = house.head(&format!("{path}/file")).token(READ).await;
    assert_eq!(head.header("repr-digest"), file.header("repr-digest"));
    let (address, signature) = url.rsplit_once('=').unwrap();
    assert_eq!(house.get(&format!("{address}={}", "0".repeat(signature.len()))).await.status.as_u16(), 403);
    house.pass(Duration::from_hours(24));
    assert_eq!(house.get(url).await.status.as_u16(), 404);
    assert_eq!(ended(&house, &path).await["state"], "expired");
    assert_eq!(house.get(&format!("{path}/file")).token(READ).await.status.as_u16(), 404);
}

#[tokio::test]
async fn each_format_is_there() {
    let house = House::idle().await;
    house.work();
    for (format, name, begins) in [
        ("csv", "export.csv", &b"id,"[..]),
        ("json", "export.json", b"[\n{"),
        ("ndjson", "export.ndjson", b"{"),
        ("xlsx", "export.xlsx", b"PK"),
        ("parquet", "export.parquet", b"PAR1"),
    ] {
        let path = asked(&house, &json!({"form": 1, "format": format})).await;
        let done = ended(&house, &path).await;
        assert!(done["file_name"].as_str().unwrap().ends_with(name), "{done}");
        let file = house.get(&format!("{path}/file")).token(READ).await;
        assert!(file.body.starts_with(begins), "{format}: {:?}", &file.body[..8]);
    }
}

#[tokio::test]
async fn what_is_wanted_is_in_the_file_and_nothing_else() {
    let house = House::new().await;
    let filtered =
        |filter: Value| json!({"form": "customer-survey", "filter": filter, "include_incomplete": true});
    for (body, expected) in [
        (json!({"form": 1}), vec!["1", "3", "4"]),
        (json!({"form": "form_6Ven2v7O", "include_incomplete": true}), vec!["1", "2", "3", "4"]),
        // 22:00 of UTC is the next day in Berlin.
        (json!({"form": 1, "from": "2026-05-01"}), vec!["4"]),
        (json!({"form": 1, "to": "2026-04-01"}), vec!["1"]),
        (
            json!({"form": 1, "from": "2026-04-01", "to": "2026-04-30", "include_incomplete": true}),
            vec!["1", "2", "3"],
        ),
        (json!({"form": 1, "filter": {"status": "Incomplete"}}), vec!["2"]),
        (json!({"form": 1, "filter": {"ids": [10_000_004, 10_000_002]}}), vec!["2", "4"]),
        (filtered(json!({"answers": [{"item": "100", "contains": "GR"}]})), vec!["2"]),
        (filtered(json!({"answers": [{"item": "100", "begins": "ada"}]})), vec!["1"]),
        (filtered(json!({"answers": [{"item": "100", "ends": "late"}]})), vec!["4"]),
        (filtered(json!({"answers": [{"item": "101", "equals": "1"}]})), vec!["1"]),
        (filtered(json!({"answers": [{"item": "102", "at_least": "5.0"}]})), vec!["3"]),
        (filtered(json!({"answers": [{"item": "102", "less_than": "5"}]})), vec![]),
        (filtered(json!({"answers": [{"item": "result_status", "equals": "incomplete"}]})), vec!["2"]),
        (
            filtered(
                json!({"method": "or", "answers": [{"item": "102", "equals": "5"}, {"item": "100", "equals": "grace"}]}),
            ),
            vec!["2", "3"],
        ),
        (
            filtered(
                json!({"answers": [{"item": "102", "equals": "5"}, {"item": "100", "equals": "grace"}]}),
            ),
            vec![],
        ),
        (
            filtered(json!({"ids": [10_000_001, 10_000_003], "answers": [{"item": "100", "contains": "o"}]})),
            vec!["3"],
        ),
    ] {
        assert_eq!(ids(&house, body.clone()).await, expected, "{body}");
    }
    for (format, place) in [("json", "/0/id"), ("ndjson", "/id")] {
        let body = json!({"form": 1, "format": format, "filter": {"status": "Incomplete"}});
        let path = asked(&house, &body).await;
        ended(&house, &path).await;
        let result: Value = serde_json::from_str(&content(&house, &path).await).unwrap();
        assert_eq!(result.pointer(place), Some(&json!("10000002")), "{format}");
    }
    let options = json!({"delimiter": ";", "eol": "crlf", "header": "id", "bom": true, "formulas": "escape"});
    let body = json!({"form": 1, "columns": ["102", "id", "100"], "options": options, "to": "2026-04-30"});
    let path = asked(&house, &body).await;
    ended(&house, &path).await;
    assert_eq!(
        content(&house, &path).await,
        "\u{feff}102;id;100\r\n;10000001;\"Ada, \"\"the first\"\"\"\r\n5;10000003;Zo\u{eb}\r\n"
    );
}

#[tokio::test]
async fn the_submissions_of_a_profile_are_exported() {
    let house = House::new().await;
    let profile = r#"{"kind":"audience","id":5,"account_id":20002,"name":"People","fields":[]}
{"kind":"profile","audience_id":5,"id":"507f1f77bcf86cd799439011","email":"grace@acme.example","phones":[],"fields":{}}
{"kind":"submission","form_id":1,"id":10000005,"status":"Complete","date_finish":"2026-05-01T00:00:00Z","date_update":"2026-05-01T00:00:00Z","audience_id":5,"profile_id":"507f1f77bcf86cd799439011","answers":{"100":"Grace"}}
"#;
    house.import(profile.to_owned()).await;
    let of = |id: &str, audience: i64| json!({"form": 1, "filter": {"profile": {"audience_id": audience, "profile_id": id}}});
    assert_eq!(ids(&house, of("507f1f77bcf86cd799439011", 5)).await, ["5"]);
    for (id, audience) in [("507f1f77bcf86cd799439012", 5), ("507f1f77bcf86cd799439011", 6)] {
        assert_fault(&ask(&house, &of(id, audience)).await, "filter.profile", "is no profile of the account");
    }
}

#[tokio::test]
async fn what_is_not_understood_is_refused_by_its_name() {
    let house = House::idle().await;
    for (body, field, message) in [
        (json!({"form": 1, "format": "pdf"}), "format", "is not one of csv, json, ndjson, xlsx and parquet"),
        (
            json!({"form": 1, "compression": "rar"}),
            "compression",
            r#"is not one of "none", "zip", "gzip", "zstd""#,
        ),
        (
            json!({"form": 1, "format": "json", "columns": ["id", "99"]}),
            "columns[1]",
            "is no column of the form",
        ),
        (json!({"form": 1, "format": "ndjson", "options": {}}), "options", "is not for the format ndjson"),
        (
            json!({"form": 1, "format": "xlsx", "options": {"bom": true}}),
            "options.bom",
            "is not for the format xlsx",
        ),
        (
            json!({"form": 1, "format": "parquet", "options": {"eol": "lf"}}),
            "options.eol",
            "is not for the format parquet",
        ),
        (
            json!({"form": 1, "options": {"delimiter": "x"}}),
            "options.delimiter",
            r#"is not one of ",", ";", "\t", "|""#,
        ),
        (
            json!({"form": 1, "options": {"formulas": "no"}}),
            "options.formulas",
            r#"is not one of "raw", "escape""#,
        ),
        (json!({"form": 1, "from": "yesterday"}), "from", "is not a date of the form YYYY-MM-DD"),
        (json!({"form": 1, "from": "2026-04-02", "to": "2026-04-01"}), "from", "is after to"),
        (
            json!({"form": 1, "filter": {"status": "Done"}}),
            "filter.status",
            "is neither Complete nor Incomplete",
        ),
        (json!({"form": 1, "filter": {"method": "xor"}}), "filter.method", "is neither and nor or"),
        (
            json!({"form": 1, "filter": {"ids": [10_000_001, 7]}}),
            "filter.ids[1]",
            "is no submission of the form",
        ),
        (
            json!({"form": 1, "filter": {"answers": [{"item": "100", "equals": "a", "ends": "b"}]}}),
            "filter.answers[0]",
            "has not one of equals, contains, begins, ends, at_least and less_than",
        ),
        (
            json!({"form": 1, "filter": {"answers": [{"item": "999", "equals": "a"}]}}),
            "filter.answers[0].equals",
            "is no item of the form that is answered",
        ),
        (
            json!({"form": 1, "filter": {"answers": [{"item": "101", "contains": "a"}]}}),
            "filter.answers[0].contains",
            "a choice can only be searched for what is equal",
        ),
        (
            json!({"form": 1, "filter": {"profile": {"audience_id": 1, "profile_id": "x"}}}),
            "filter.profile.profile_id",
            "is no id of a profile",
        ),
        (json!({"form": [1]}), "form", "is neither an id nor a name"),
    ] {
        assert_fault(&ask(&house, &body).await, field, message);
    }
    let unknown = ask(&house, &json!({"form": 1, "colour": "red"})).await;
    assert_eq!((unknown.status.as_u16(), &unknown.json()["errors"][0]["field"]), (422, &json!("colour")));
    for (body, status) in
        [("{", 400), ("[]", 422), ("{}", 422), (r#"{"form":99}"#, 404), (r#"{"form":3}"#, 404)]
    {
        assert_eq!(house.post(EXPORTS).token(READ).json(body).await.status.as_u16(), status, "{body}");
    }
    assert_eq!(house.post(EXPORTS).token(READ).body("{}").await.status.as_u16(), 415);
    for (token, status) in [(NOTHING, 403), (OTHER, 404)] {
        assert_eq!(house.post(EXPORTS).token(token).json(r#"{"form":1}"#).await.status.as_u16(), status);
    }
}

#[tokio::test]
async fn who_asks_again_has_what_is_there() {
    let house = House::idle().await;
    let body = json!({"form": 1, "filter": {"status": "Complete"}});
    let path = asked(&house, &body).await;
    let again = ask(&house, &body).await;
    assert_eq!((again.status.as_u16(), again.header("location")), (200, path.as_str()));
    // In other words, and for the same.
    let same =
        ask(&house, &json!({"form": "customer-survey", "format": "csv", "filter": {"status": "Complete"}}))
            .await;
    assert_eq!(same.header("location"), path);
    assert_ne!(asked(&house, &json!({"form": 1})).await, path);
    house.work();
    ended(&house, &path).await;
    assert_eq!(ask(&house, &body).await.header("location"), path);

    let submission =
        house.post("/v1/forms/1/submissions").token(ALL).json(r#"{"answers":{"100":"Hedy"}}"#).await;
    assert_eq!(submission.status.as_u16(), 201);
    let later = asked(&house, &body).await;
    assert_eq!(ended(&house, &later).await["rows_written"], 4);
    house.pass(Duration::from_hours(24));
    asked(&house, &body).await;
}

#[tokio::test]
async fn a_double_click_makes_one_job() {
    let house = House::idle().await;
    let body = json!({"form": 1});
    let answers = futures_of(&house, &body, 8).await;
    let mut statuses: Vec<u16> = answers.iter().map(|answer| answer.status.as_u16()).collect();
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 200, 200, 200, 200, 200, 200, 201]);
    assert!(answers.iter().all(|answer| answer.json()["id"] == answers[0].json()["id"]));
}

async fn futures_of(house: &House, body: &Value, count: usize) -> Vec<Answer> {
    let mut asking = tokio::task::JoinSet::new();
    for _ in 0..count {
        let (router, body) = (house.router.clone(), body.to_string());
        asking.spawn(
            async move { crate::ask::Ask::new(&router, "POST", EXPORTS).token(READ).json(&body).await },
        );
    }
    asking.join_all().await
}

#[tokio::test]
async fn a_key_makes_a_retry_safe() {
    let house = House::idle().await;
    let keyed =
        |key: &str, body: &str| house.post(EXPORTS).token(ALL).header("idempotency-key", key).json(body);
    let first = keyed("k", r#"{"form":1}"#).await;
    assert_eq!(first.status.as_u16(), 201);
    let submission =
        house.post("/v1/forms/1/submissions").token(ALL).json(r#"{"answers":{"100":"Hedy"}}"#).await;
    assert_eq!(submission.status.as_u16(), 201);
    let again = keyed("k", r#"{"form":1}"#).await;
    assert_eq!((again.status.as_u16(), again.header("location")), (200, first.header("location")));
    assert_fault(
        &keyed("k", r#"{"form":1,"format":"json"}"#).await,
        "Idempotency-Key",
        "was used for another request",
    );
    assert_fault(&keyed("", r#"{"form":1}"#).await, "Idempotency-Key", "is not 1 to 255 characters long");
    house.delete(first.header("location")).token(ALL).await;
    assert_eq!(keyed("k", r#"{"form":1}"#).await.status.as_u16(), 409);
    // Of submissions, too.
    let stored = house.post("/v1/forms/1/submissions").token(ALL).header("idempotency-key", "s");
    assert_eq!(stored.json(r#"{"answers":{"100":"Hedy"}}"#).await.status.as_u16(), 201);
    assert_eq!(keyed("s", r#"{"form":1}"#).await.status.as_u16(), 422);
}

#[tokio::test]
async fn exports_are_listed_page_by_page() {
    let house = House::idle().await;
    let mut paths = Vec::new();
    for day in 1..=5 {
        paths.push(asked(&house, &json!({"form": 1, "from": format!("2026-04-0{day}")})).await);
    }
    let of_fills = house.start(crate::house::APRIL).await;
    let mut found = Vec::new();
    let mut cursor = String::new();
    loop {
        let page = house.get(&format!("{EXPORTS}?limit=2{cursor}")).token(READ).await.json();
        found.extend(
            page["exports"]
                .as_array()
                .unwrap()
                .iter()
                .map(|export| export["id"].as_str().unwrap().to_owned()),
        );
        match page["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break,
        }
    }
    let expected = paths.iter().map(|path| path.rsplit('/').next().unwrap().to_owned());
    let mut expected: Vec<_> = expected.chain([of_fills]).collect();
    expected.reverse();
    assert_eq!(found, expected);
    let theirs = house.get(EXPORTS).token(OTHER).await;
    assert_eq!(theirs.text(), r#"{"exports":[],"next_cursor":null}"#);
    for (query, field, message) in [
        ("limit=0", "limit", "is not a number from 1 to 100"),
        ("limit=101", "limit", "is not a number from 1 to 100"),
        ("limit=1&limit=2", "limit", "is given more than once"),
        ("cursor=x", "cursor", "is none that this list has given out"),
    ] {
        assert_fault(&house.get(&format!("{EXPORTS}?{query}")).token(READ).await, field, message);
    }
}

#[tokio::test]
async fn an_export_is_cancelled_and_deleted() {
    let house = House::idle().await;
    let path = asked(&house, &json!({"form": 1})).await;
    for _ in 0..2 {
        let cancelled = house.post(&format!("{path}/cancel")).token(READ).await;
        assert_eq!((cancelled.status.as_u16(), &cancelled.json()["state"]), (200, &json!("cancelled")));
    }
    assert_eq!(house.get(&format!("{path}/file")).token(READ).await.status.as_u16(), 409);
    house.work();
    // What was cancelled is not what one has who asks again.
    let second = asked(&house, &json!({"form": 1})).await;
    assert_eq!(ended(&house, &second).await["state"], "completed");
    assert_eq!(ended(&house, &path).await["state"], "cancelled");
    let stays = house.post(&format!("{second}/cancel")).token(READ).await;
    assert_eq!(stays.json()["state"], "completed");
    let url = ended(&house, &second).await["file_url"].as_str().unwrap().replace("https://forms.example", "");
    for path in [&path, &second] {
        assert_eq!(house.delete(path).token(READ).await.status.as_u16(), 204);
        for gone in [house.get(path), house.delete(path), house.get(&format!("{path}/file"))] {
            assert_eq!(gone.token(READ).await.status.as_u16(), 404);
        }
    }
    assert_eq!(house.get(&url).await.status.as_u16(), 404);
}

#[tokio::test]
async fn who_waits_is_told_of_a_change_at_once() {
    let house = House::idle().await;
    let path = asked(&house, &json!({"form": 1})).await;
    let router = house.router.clone();
    let waited = format!("{path}?wait=60");
    let waiting =
        tokio::spawn(async move { crate::ask::Ask::new(&router, "GET", &waited).token(READ).await });
    let cancelled = house.post(&format!("{path}/cancel")).token(READ).await;
    assert_eq!(cancelled.json()["state"], "cancelled");
    let told =
        tokio::time::timeout(Duration::from_secs(30), waiting).await.expect("it is told before it gives up");
    assert_eq!(told.unwrap().json()["state"], "cancelled");
    for bad in ["61", "-1", "x"] {
        let answer = house.get(&format!("{path}?wait={bad}")).token(READ).await;
        assert_fault(&answer, "wait", "is not a number from 0 to 60");
    }
}

#[tokio::test]
async fn who_listens_is_told_the_end() {
    let house = House::new().await;
    let path = asked(&house, &json!({"form": 1})).await;
    let answer = house.get(&format!("{path}/events")).token(READ).await;
    assert_eq!((answer.status.as_u16(), answer.header("content-type")), (200, "text/event-stream"));
    let last = answer.text().trim_end().rsplit("\n\n").next().unwrap();
    let (name, data) = last.split_once('\n').unwrap();
    assert_eq!(name, "event: completed");
    let data: Value = serde_json::from_str(data.strip_prefix("data: ").unwrap()).unwrap();
    assert_eq!(data, ended(&house, &path).await);
    for token in [NOTHING, OTHER] {
        let refused = house.get(&format!("{path}/events")).token(token).await;
        assert!(matches!(refused.status.as_u16(), 403 | 404), "{}", refused.status);
    }
}

#[tokio::test]
async fn a_cursor_gives_what_has_changed_since() {
    let house = House::new().await;
    let path = asked(&house, &json!({"form": 1, "format": "ndjson"})).await;
    let cursor = ended(&house, &path).await["cursor"].as_str().unwrap().to_owned();
    let snapshot = ended(&house, &path).await["snapshot"].as_i64().unwrap();
    house.delete("/v1/forms/1/submissions/10000001").token(ALL).await;
    house.post("/v1/forms/1/submissions").token(ALL).json(r#"{"answers":{"100":"Hedy"}}"#).await;
    let changes = json!({"form": 1, "columns": ["id", "result_status", "100"], "since": cursor});
    let since = asked(&house, &changes).await;
    ended(&house, &since).await;
    assert_eq!(
        content(&house, &since).await,
        "id,result_status,Name\n10000001,Deleted,\n10000005,Complete,Hedy\n"
    );
    let then = asked(&house, &json!({"form": 1, "columns": ["id", "100"], "as_of": snapshot})).await;
    ended(&house, &then).await;
    assert!(content(&house, &then).await.starts_with("id,Name\n10000001,\"Ada"));
    for (body, field, message) in [
        (json!({"form": 1, "since": "x"}), "since", "is the cursor of no export"),
        (json!({"form": 2, "since": cursor}), "since", "is a cursor of another form"),
        (json!({"form": 1, "as_of": 99}), "as_of", "is no change that the form has had"),
        (json!({"form": 1, "as_of": "yesterday"}), "as_of", "is no time such as 2026-04-01T09:00:00Z"),
        (
            json!({"form": 1, "as_of": "2026-04-30T00:00:00Z"}),
            "as_of",
            "is before all that is known of the form",
        ),
    ] {
        assert_fault(&ask(&house, &body).await, field, message);
    }
}

#[tokio::test]
async fn a_dry_run_says_what_it_would_come_to_and_makes_nothing() {
    let house = House::idle().await;
    let dry = |filter: Value| json!({"form": 1, "format": "ndjson", "filter": filter, "dry_run": true});
    let answer = ask(&house, &dry(json!({"status": "Complete"}))).await;
    let estimate = answer.json();
    assert_eq!(
        (answer.status.as_u16(), &estimate["rows"], &estimate["rows_are_exact"]),
        (200, &json!(3), &json!(true))
    );
    assert!(house.get(EXPORTS).token(READ).await.json()["exports"].as_array().unwrap().is_empty());
    assert_fault(
        &ask(&house, &dry(json!({"status": "Done"}))).await,
        "filter.status",
        "is neither Complete nor Incomplete",
    );
    let path = asked(&house, &json!({"form": 1, "format": "ndjson", "filter": {"status": "Complete"}})).await;
    house.work();
    let done = ended(&house, &path).await;
    assert_eq!((&estimate["rows"], &estimate["bytes"]), (&done["rows_written"], &done["bytes_written"]));
    // Now it is known, and need not be tried.
    assert_eq!(ask(&house, &dry(json!({"status": "Complete"}))).await.json(), {
        let mut known = estimate.clone();
        known["seconds"] = json!(0);
        known
    });
}

#[tokio::test]
async fn a_receipt_goes_with_the_file() {
    let house = House::new().await;
    let path = asked(&house, &json!({"form": 1})).await;
    let done = ended(&house, &path).await;
    let receipt = house.get(&format!("{path}/receipt")).token(READ).await;
    let manifest = &receipt.json()["manifest"];
    assert_eq!((&manifest["file"]["sha256"], &manifest["rows"]), (&done["sha256"], &json!(3)));
    let key = house.get("/v1/receipts/key").await.json();
    assert_eq!((&key["key"], &key["algorithm"]), (&manifest["key"], &json!("Ed25519")));
    let file = house.get(&format!("{path}/file")).token(READ).await;
    let read = fillhouse_engine::Receipt::from_json(receipt.text()).unwrap();
    read.check(&mut &file.body[..], key["key"].as_str()).unwrap();
    assert_eq!(house.get(&format!("{path}/receipt")).token(OTHER).await.status.as_u16(), 404);
}
