//! Exports: at once and in the background, and the status of the latter, as the seed has it.

use crate::ask::Answer;
use crate::house::{ALL, APRIL, House, NOTHING, OTHER, READ};
use insta::assert_snapshot;
use serde_json::Value;
use std::time::Duration;

const EXPORT: &str = "/open/forms/1/submissions/export";
const COLUMNS: &str = r#"{"columns":{"102":true,"100":true,"101":false,"created_at":true}}"#;

async fn start(house: &House, body: &str) -> String {
    let body = body.replacen('{', r#"{"is_async":true,"#, 1);
    let answer = house.post(EXPORT).token(READ).json(&body).await;
    assert_eq!(answer.status.as_u16(), 200, "{}", answer.text());
    answer.json()["job_id"].as_str().unwrap().to_owned()
}

async fn status(house: &House, job: &str) -> Answer {
    house.get(&format!("{EXPORT}/{job}/status")).token(READ).await
}

/// The status of a job once it says `completed`.
async fn completed(house: &House, job: &str) -> Value {
    let mut looks = tokio::time::interval(Duration::from_millis(5));
    let waiting = async {
        loop {
            let status = status(house, job).await.json();
            match status["status"].as_str() {
                Some("processing") => drop(looks.tick().await),
                Some("completed") => return status,
                _ => panic!("the export came to {status}"),
            }
        }
    };
    tokio::time::timeout(Duration::from_mins(1), waiting).await.expect("the export is completed in time")
}

/// The path of a file's address.
fn path(status: &Value) -> &str {
    status["file_url"].as_str().unwrap().strip_prefix("https://forms.example").unwrap()
}

#[tokio::test]
async fn a_small_form_is_exported_at_once() {
    let house = House::idle().await;
    let answer = house.post(EXPORT).token(READ).json(COLUMNS).await;
    assert_eq!(
        answer.header("content-disposition"),
        "attachment; filename=customer-survey-submission-data.csv"
    );
    assert_snapshot!(answer.shown(), @r#"
    200 text/csv; charset=utf-8
    id,Stars,Name,created_at,status
    10000004,,Too late,2026-04-30 22:00,Completed
    10000003,5,Zoë,2026-04-30 21:59,Completed
    10000002,,Grace,2026-04-02 10:00,In Progress
    10000001,,"Ada, ""the first""",2026-03-31 22:00,Completed
    "#);
}

#[tokio::test]
async fn an_export_goes_its_way_in_the_background() {
    let house = House::idle().await;
    let body = COLUMNS.replacen('{', r#"{"is_async":true,"#, 1);
    let started =
        house.post("/api/open/forms/customer-survey/submissions/export").token(READ).json(&body).await;
    assert_snapshot!(started.shown(), @r#"
    200 application/json
    {"type":"success","message":"Export started. Large export will be processed in the background.","job_id":"[uuid]","is_async":true}
    "#);
    let job = started.json()["job_id"].as_str().unwrap().to_owned();
    let queued = status(&house, &job).await;
    assert_snapshot!(queued.shown(), @r#"
    200 application/json
    {"status":"processing","progress":0,"form_id":1,"user_id":1,"created_at":"2026-05-01T08:00:00.000Z","updated_at":"2026-05-01T08:00:00.000Z","job_id":"[uuid]"}
    "#);
    let other_spelling = house.get(&format!("/api{EXPORT}/status/{job}")).token(READ).await;
    assert_eq!(other_spelling.text(), queued.text());

    house.work();
    let done = completed(&house, &job).await;
    let mut shown = done.clone();
    shown["file_url"].take();
    assert_snapshot!(crate::ask::redacted(&shown.to_string()), @r#"{"created_at":"2026-05-01T08:00:00.000Z","expires_at":"2026-05-02T08:00:00.000Z","file_url":null,"form_id":1,"job_id":"[uuid]","processed_submissions":4,"progress":100,"status":"completed","total_submissions":4,"updated_at":"2026-05-01T08:00:00.000Z","user_id":1}"#);
    let at_once = house.post(EXPORT).token(READ).json(COLUMNS).await;
    let file = house.get(path(&done)).await;
    assert_eq!((file.status.as_u16(), file.text()), (200, at_once.text()));
    assert_eq!(file.header("content-type"), at_once.header("content-type"));
}

#[tokio::test]
async fn a_large_form_is_exported_in_the_background() {
    let house = House::new().await;
    let line = |n: i64| {
        format!(
            r#"{{"kind":"submission","form_id":1,"id":{},"status":"Complete","date_finish":"2026-04-03T00:00:00Z","date_update":"2026-04-03T00:00:00Z","answers":{{"100":"{n}"}}}}"#,
            10_000_100 + n
        ) + "\n"
    };
    house.import((0..996).map(line).collect()).await;
    let at_once = house.post(EXPORT).token(READ).json(COLUMNS).await;
    assert!(
        at_once.text().starts_with("id,Stars,Name,created_at,status\n10001095,"),
        "{}",
        &at_once.text()[..80]
    );
    house.import(line(996)).await;
    let answer = house.post(EXPORT).token(READ).json(COLUMNS).await;
    assert_eq!(answer.json()["is_async"], true);
    let done = completed(&house, answer.json()["job_id"].as_str().unwrap()).await;
    assert_eq!((&done["processed_submissions"], &done["total_submissions"]), (&1001.into(), &1001.into()));
    let file = house.get(path(&done)).await;
    assert_eq!(file.text().lines().count(), 1_002);
    let newest_taken = file.text().replacen("10001096,,996,2026-04-03 00:00,Completed\n", "", 1);
    assert_eq!(newest_taken, at_once.text());
}

#[tokio::test]
async fn chosen_submissions_are_exported() {
    let house = House::idle().await;
    let body = r#"{"columns":{"100":true},"submissionIds":[10000003,10000001]}"#;
    let answer = house.post(EXPORT).token(READ).json(body).await;
    assert_snapshot!(answer.shown(), @r#"
    200 text/csv; charset=utf-8
    id,Name,status
    10000003,Zoë,Completed
    10000001,"Ada, ""the first""",Completed
    "#);
    let body = r#"{"columns":{"100":true},"submissionIds":[10000001,7]}"#;
    assert_snapshot!(house.post(EXPORT).token(READ).json(body).await.shown(), @r#"
    422 application/json
    {"message":"submissionIds.1 is no submission of the form.","errors":{"submissionIds.1":["submissionIds.1 is no submission of the form."]}}
    "#);
}

#[tokio::test]
async fn what_a_form_has_no_more_is_exported_still() {
    let house = House::idle().await;
    let form = house.get("/open/forms/1").token(ALL).await.json();
    let body = serde_json::json!({ "properties": [form["properties"][2]] });
    let changed = house.put("/open/forms/1").token(ALL).json(&body.to_string()).await;
    assert_eq!(changed.status.as_u16(), 200, "{}", changed.text());
    let columns = r#"{"columns":{"102":true,"101":true,"100":true}}"#;
    let at_once = house.post(EXPORT).token(READ).json(columns).await;
    assert_snapshot!(at_once.shown(), @r#"
    200 text/csv; charset=utf-8
    id,Stars,Source (deleted),Name (deleted),status
    10000004,,,Too late,Completed
    10000003,5,,Zoë,Completed
    10000002,,,Grace,In Progress
    10000001,,Other: a poster,"Ada, ""the first""",Completed
    "#);
    let job = start(&house, columns).await;
    // What becomes of the form now is none of the job's business.
    let body = serde_json::json!({ "properties": form["properties"] });
    house.put("/open/forms/1").token(ALL).json(&body.to_string()).await;
    house.work();
    let done = completed(&house, &job).await;
    assert_eq!(house.get(path(&done)).await.text(), at_once.text());
}

#[tokio::test]
async fn columns_are_found_by_their_very_ids_and_told_apart() {
    let house = House::idle().await;
    let form = r#"{"kind":"form","id":5,"account_id":20002,"shortname":"form_Budget05","directory":"budget","slug":"budget","name":"Budget","state":"open","items":[{"id":"10","type":"text","label":"Budget (EUR) per year"},{"id":"1","type":"text","label":"Name"},{"id":"101","type":"text","label":"Name"}]}
{"kind":"submission","form_id":5,"id":10000050,"status":"Complete","date_finish":"2026-04-03T00:00:00Z","date_update":"2026-04-03T00:00:00Z","answers":{"10":"+33612345678","1":"1.10","101":"two\nlines, \"quoted\""}}
"#;
    let export = "/open/forms/budget/submissions/export";
    let body = r#"{"columns":{"101":true,"10":true,"1":true}}"#;
    let only = &form[..=form.find('\n').unwrap()];
    house.import(only.to_owned()).await;
    let empty = house.post(export).token(READ).json(body).await;
    assert_eq!(empty.text(), "id,Name (101),Budget (EUR) per year,Name (1)\n");
    house.import(form.to_owned()).await;
    assert_snapshot!(house.post(export).token(READ).json(body).await.shown(), @r#"
    200 text/csv; charset=utf-8
    id,Name (101),Budget (EUR) per year,Name (1)
    10000050,"two
    lines, ""quoted""",+33612345678,1.10
    "#);
    let in_query = house.post(&format!("{export}?columns[1]=1&columns%5B10%5D=0")).token(READ).await;
    assert_eq!(in_query.text(), "id,Name\n10000050,1.10\n");
}

#[tokio::test]
async fn what_cannot_be_exported_is_refused() {
    let house = House::idle().await;
    let post = |body: &str| house.post(EXPORT).token(READ).json(body);
    assert_snapshot!(post(r#"{"columns":{"100":true,"invalid_field":true}}"#).await.shown(), @r#"
    422 application/json
    {"message":"The columns contain invalid values: invalid_field","errors":{"columns":["The columns contain invalid values: invalid_field"]}}
    "#);
    assert_snapshot!(post("{}").await.shown(), @r#"
    422 application/json
    {"message":"The columns field is required.","errors":{"columns":["The columns field is required."]}}
    "#);
    assert_snapshot!(post(r#"{"columns":{"100":"perhaps"}}"#).await.shown(), @r#"
    422 application/json
    {"message":"The columns.100 field must be true or false.","errors":{"columns.100":["The columns.100 field must be true or false."]}}
    "#);
    assert_snapshot!(post(r#"{"columns":["100"]}"#).await.shown(), @r#"
    422 application/json
    {"message":"columns invalid type: sequence, expected an object.","errors":{"columns":["columns invalid type: sequence, expected an object."]}}
    "#);
    let other = house.post(EXPORT).token(OTHER).json(COLUMNS).await;
    assert_snapshot!(other.shown(), @r#"
    403 application/json
    {"message":"This action is unauthorized."}
    "#);
    let columns = r#"{"columns":{"status":true,"meta.attribution.utm_source":true,"nf-text":true}}"#;
    let answer = post(columns).await;
    assert_eq!(answer.text().lines().next(), Some("id,utm_source,status"));
}

#[tokio::test]
async fn a_job_is_seen_under_its_own_form_and_account_only() {
    let house = House::idle().await;
    let job = start(&house, COLUMNS).await;
    let not_found = house.get(&format!("{EXPORT}/no-such-job/status")).token(READ).await;
    assert_snapshot!(not_found.shown(), @r#"
    404 application/json
    {"type":"error","message":"Export job not found or has expired."}
    "#);
    for (form, token, code) in [
        ("2", READ, 404),
        ("old-survey", READ, 404),
        ("99", READ, 404),
        ("3", READ, 403),
        ("3", OTHER, 404),
        ("1", OTHER, 403),
        ("1", NOTHING, 403),
    ] {
        for path in [format!("{job}/status"), format!("status/{job}")] {
            let path = format!("/open/forms/{form}/submissions/export/{path}");
            assert_eq!(house.get(&path).token(token).await.status.as_u16(), code, "{path}");
        }
    }
    assert_eq!(house.get(&format!("{EXPORT}/{job}/status")).await.status.as_u16(), 401);
    // What was begun before a form was deleted is made, and can be followed.
    house.delete("/open/forms/1").token(ALL).await;
    house.work();
    completed(&house, &job).await;
}

#[tokio::test]
async fn a_status_is_gone_with_its_file() {
    let house = House::new().await;
    let job = start(&house, COLUMNS).await;
    completed(&house, &job).await;
    house.pass(Duration::from_hours(24));
    let gone = status(&house, &job).await;
    assert_snapshot!(gone.shown(), @r#"
    404 application/json
    {"type":"error","message":"Export job not found or has expired."}
    "#);
    let table = house.start(APRIL).await;
    assert_eq!(status(&house, &table).await.json()["form_id"], 1);
}
