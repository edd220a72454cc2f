//! Schedules: made, shown, changed, run and deleted.

use crate::ask::{Answer, redacted};
use crate::house::{ALL, House, READ};
use insta::assert_snapshot;
use serde_json::{Value, json};
use std::time::Duration;

const SCHEDULES: &str = "/v1/schedules";

fn nightly() -> Value {
    json!({"name": "Nightly", "when": {"every": "daily", "at": "02:30"}, "export": {"form": "customer-survey"}})
}

async fn make(house: &House, body: &Value) -> Answer {
    house.post(SCHEDULES).token(ALL).json(&body.to_string()).await
}

/// Makes a schedule that must be taken, and gives its path.
async fn made(house: &House, body: &Value) -> String {
    let answer = make(house, body).await;
    assert_eq!(answer.status.as_u16(), 201, "{}", answer.text());
    answer.header("location").to_owned()
}

/// The last run of the schedule at a path, once it has ended.
async fn ended(house: &House, path: &str) -> Value {
    let mut looks = tokio::time::interval(Duration::from_millis(5));
    let waiting = async {
        loop {
            looks.tick().await;
            let run = house.get(path).token(READ).await.json()["last_run"].take();
            if matches!(run["state"].as_str(), Some("delivered" | "failed")) {
                return run;
            }
        }
    };
    tokio::time::timeout(Duration::from_mins(1), waiting).await.expect("the run ends in time")
}

#[tokio::test]
async fn a_schedule_goes_from_the_request_to_the_file() {
    let house = House::idle().await;
    let body = json!({
        "name": "Weekly", "when": {"every": "weekly", "on": "monday", "at": "06:00"}, "mode": "incremental",
        "export": {"form": 1, "format": "csv", "filter": {"status": "Complete"}},
        "destination": {"kind": "folder", "folder": "reports"},
    });
    let answer = make(&house, &body).await;
    assert_snapshot!(answer.shown(), @r#"
    201 application/json
    {"id":"[uuid]","form_id":1,"name":"Weekly","when":{"every":"weekly","on":"monday","at":"06:00"},"timezone":"Europe/Berlin","export":{"filter":{"status":"Complete"},"form":1,"format":"csv"},"mode":"incremental","destination":{"kind":"folder","folder":"reports"},"paused":false,"next_run_at":"2026-05-04T04:00:00.000Z","created_at":"2026-05-01T08:00:00.000Z","updated_at":"2026-05-01T08:00:00.000Z","last_run":null}
    "#);
    let path = answer.header("location").to_owned();
    let listed = house.get(SCHEDULES).token(READ).await.json();
    assert_eq!(listed, json!({"schedules": [answer.json()], "next_cursor": null}));
    house.pass(Duration::from_hours(68));
    house.work();
    let run = ended(&house, &path).await;
    assert_snapshot!(redacted(&run.to_string()), @r#"{"attempt":1,"delivered_to":"reports/1_20001_form_export.csv","due_at":"2026-05-04T04:00:00.000Z","error":null,"export_id":"[uuid]","file_name":"1_20001_form_export.csv","finished_at":"2026-05-04T04:00:00.000Z","id":"[uuid]","manual":false,"mode":"full","next_retry_at":null,"rows":3,"size_bytes":461,"started_at":"2026-05-04T04:00:00.000Z","state":"delivered"}"#);
    let file =
        std::fs::read_to_string(house.folder.path().join("exports/acme/reports/1_20001_form_export.csv"));
    assert_eq!(file.unwrap().lines().count(), 4);
    let runs = house.get(&format!("{path}/runs")).token(READ).await.json();
    assert_eq!(runs, json!({"runs": [run], "next_cursor": null}));
}

#[tokio::test]
async fn a_schedule_is_changed_in_what_is_named() {
    let house = House::idle().await;
    let path = made(&house, &nightly()).await;
    let change = async |body: Value| {
        let answer = house.patch(&path).token(ALL).json(&body.to_string()).await;
        assert_eq!(answer.status.as_u16(), 200, "{}", answer.text());
        answer.json()
    };
    let before = house.get(&path).token(READ).await.json();
    assert_eq!(before["next_run_at"], "2026-05-02T00:30:00.000Z");
    house.pass(Duration::from_hours(1));
    let renamed = change(json!({"name": "Late"})).await;
    assert_eq!((&renamed["name"], &renamed["next_run_at"]), (&json!("Late"), &before["next_run_at"]));
    let retimed = change(json!({"when": {"cron": "0 */6 * * *"}})).await;
    assert_eq!(retimed["when"], json!({"cron": "0 */6 * * *"}));
    assert_eq!(retimed["next_run_at"], "2026-05-01T10:00:00.000Z");
    let paused = change(json!({"paused": true})).await;
    assert_eq!((&paused["paused"], &paused["next_run_at"]), (&json!(true), &Value::Null));
    let other = change(json!({"export": {"form": 2}, "paused": false})).await;
    assert_eq!((&other["form_id"], &other["export"]), (&json!(2), &json!({"form": 2})));
    assert_eq!(
        house.get("/v1/schedules?form=old-survey").token(READ).await.json()["schedules"],
        json!([other])
    );
    assert_eq!(house.get("/v1/schedules?form=1").token(READ).await.json()["schedules"], json!([]));
}

/// A bucket, with other members.
fn s3(others: &Value) -> Value {
    let mut destination = json!({"kind": "s3", "bucket": "acme-exports", "access_key_id": "AKIAOFACME",
        "secret_access_key": "a/secret+key"});
    for (name, value) in others.as_object().unwrap() {
        destination[name] = value.clone();
    }
    destination
}

#[tokio::test]
async fn the_keys_of_a_bucket_come_in_and_never_out() {
    let house = House::idle().await;
    let mut body = nightly();
    body["destination"] = s3(&json!({"prefix": "a/b", "region": "eu-central-1"}));
    let answer = make(&house, &body).await;
    let shown = json!({"kind": "s3", "bucket": "acme-exports", "prefix": "a/b", "region": "eu-central-1", "has_secret": true});
    assert_eq!(answer.json()["destination"], shown);
    let again = house.get(answer.header("location")).token(READ).await;
    for text in [answer.text(), again.text()] {
        assert!(!text.contains("AKIAOFACME") && !text.contains("a/secret+key"), "{text}");
    }
}

#[tokio::test]
async fn a_secret_comes_in_and_never_out() {
    let house = House::idle().await;
    let mut body = nightly();
    body["destination"] =
        json!({"kind": "webhook", "url": "https://example.com/hook", "secret": "a secret of both"});
    let answer = make(&house, &body).await;
    let shown = json!({"kind": "webhook", "url": "https://example.com/hook", "has_secret": true});
    assert_eq!(answer.json()["destination"], shown);
    assert!(!answer.text().contains("a secret of both"));
    let path = answer.header("location");
    assert!(!house.get(path).token(READ).await.text().contains("a secret of both"));
    let without = json!({"destination": {"kind": "webhook", "url": "https://example.com/other"}});
    let changed = house.patch(path).token(ALL).json(&without.to_string()).await;
    assert_eq!(changed.json()["destination"]["has_secret"], false);
}

#[tokio::test]
async fn what_cannot_be_is_refused_by_the_name_of_its_field() {
    let house = House::idle().await;
    for (member, value, field) in [
        ("name", json!(""), "name"),
        ("name", json!(5), "name"),
        ("colour", json!("red"), "colour"),
        ("mode", json!("half"), "mode"),
        ("when", json!({}), "when"),
        ("when", json!({"every": "yearly"}), "when.every"),
        ("when", json!({"every": "daily"}), "when.at"),
        ("when", json!({"every": "daily", "at": "6:00"}), "when.at"),
        ("when", json!({"every": "daily", "at": "24:00"}), "when.at"),
        ("when", json!({"every": "daily", "at": "06:00", "on": "monday"}), "when.on"),
        ("when", json!({"every": "hourly", "at": "06:00"}), "when.at"),
        ("when", json!({"every": "weekly", "at": "06:00"}), "when.on"),
        ("when", json!({"every": "weekly", "at": "06:00", "on": "Monday"}), "when.on"),
        ("when", json!({"cron": "0 0 31 2 *"}), "when.cron"),
        ("when", json!({"cron": "* * * * * *"}), "when.cron"),
        ("when", json!({"cron": "0 * * * *", "at": "06:00"}), "when.at"),
        ("export", json!({}), "export.form"),
        ("export", json!([]), "export"),
        ("export", json!({"form": 1, "format": "pdf"}), "export.format"),
        ("export", json!({"form": 1, "columns": ["none"]}), "export.columns[0]"),
        ("export", json!({"form": 1, "filter": {"ids": [5]}}), "export.filter.ids[0]"),
        ("export", json!({"form": 1, "dry_run": true}), "export.dry_run"),
        ("export", json!({"form": 1, "as_of": 1}), "export.as_of"),
        ("export", json!({"form": 1, "since": "1-1-00"}), "export.since"),
        ("destination", json!({"kind": "fax"}), "destination.kind"),
        ("destination", json!({"kind": "store", "url": "https://example.com"}), "destination.url"),
        ("destination", json!({"kind": "folder", "folder": "a/../.."}), "destination.folder"),
        ("destination", json!({"kind": "folder", "file_name": "a/b"}), "destination.file_name"),
        ("destination", json!({"kind": "webhook"}), "destination.url"),
        ("destination", json!({"kind": "s3", "bucket": "acme"}), "destination.access_key_id"),
        ("destination", s3(&json!({"bucket": "A"})), "destination.bucket"),
        ("destination", s3(&json!({"endpoint": "http://10.0.0.1"})), "destination.endpoint"),
        ("destination", s3(&json!({"prefix": "../a"})), "destination.prefix"),
        ("destination", s3(&json!({"secret": "a secret of both"})), "destination.secret"),
        ("destination", json!({"kind": "webhook", "url": "http://127.0.0.1/"}), "destination.url"),
        (
            "destination",
            json!({"kind": "webhook", "url": "https://a.example", "secret": "x"}),
            "destination.secret",
        ),
    ] {
        let mut body = nightly();
        body[member] = value.clone();
        let answer = make(&house, &body).await;
        assert_eq!(answer.status.as_u16(), 422, "{value}: {}", answer.text());
        assert_eq!(answer.json()["errors"][0]["field"], field, "{value}: {}", answer.text());
    }
    let mut body = nightly();
    body["export"] = json!({"form": 9});
    assert_eq!(make(&house, &body).await.status.as_u16(), 404);
    assert_eq!(house.post(SCHEDULES).token(ALL).json("{").await.status.as_u16(), 400);
    assert_eq!(house.post(SCHEDULES).token(ALL).body("{}").await.status.as_u16(), 415);
    assert_eq!(house.get("/v1/schedules?cursor=x").token(READ).await.status.as_u16(), 422);
    assert_eq!(house.get("/v1/schedules?limit=0").token(READ).await.status.as_u16(), 422);
}

#[tokio::test]
async fn who_may_only_read_may_only_look() {
    let house = House::idle().await;
    let path = made(&house, &nightly()).await;
    assert_eq!(house.get(&path).token(READ).await.status.as_u16(), 200);
    for answer in [
        house.post(SCHEDULES).token(READ).json(&nightly().to_string()).await,
        house.patch(&path).token(READ).json("{}").await,
        house.post(&format!("{path}/run")).token(READ).await,
        house.delete(&path).token(READ).await,
    ] {
        assert_eq!(answer.status.as_u16(), 403, "{}", answer.text());
    }
}

#[tokio::test]
async fn lists_go_on_where_a_page_ended() {
    let house = House::idle().await;
    for n in 0..3 {
        let mut body = nightly();
        body["name"] = json!(format!("n{n}"));
        made(&house, &body).await;
        house.pass(Duration::from_secs(1));
    }
    let names = |page: &Value| -> Vec<String> {
        let schedules = page["schedules"].as_array().unwrap();
        schedules.iter().map(|one| one["name"].as_str().unwrap().to_owned()).collect()
    };
    let first = house.get("/v1/schedules?limit=2").token(READ).await.json();
    assert_eq!(names(&first), ["n0", "n1"]);
    let cursor = first["next_cursor"].as_str().unwrap();
    let second = house.get(&format!("/v1/schedules?limit=2&cursor={cursor}")).token(READ).await.json();
    assert_eq!((names(&second), &second["next_cursor"]), (vec!["n2".to_owned()], &Value::Null));
}

#[tokio::test]
async fn a_schedule_is_run_now_and_deleted() {
    let house = House::idle().await;
    let mut body = nightly();
    body["paused"] = json!(true);
    let path = made(&house, &body).await;
    let run = house.post(&format!("{path}/run")).token(ALL).await;
    assert_eq!((run.status.as_u16(), &run.json()["state"]), (201, &json!("waiting")));
    assert_eq!(run.json()["manual"], true);
    assert_eq!(house.post(&format!("{path}/run")).token(ALL).await.status.as_u16(), 409);
    house.work();
    assert_eq!(ended(&house, &path).await["state"], "delivered");
    assert_eq!(house.delete(&path).token(ALL).await.status.as_u16(), 204);
    for answer in [house.get(&path).token(READ).await, house.get(&format!("{path}/runs")).token(READ).await] {
        assert_eq!(answer.status.as_u16(), 404);
    }
}
