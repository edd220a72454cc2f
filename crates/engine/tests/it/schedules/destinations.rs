//! Where files go.

use super::*;
use crate::deliveries::submit;
use crate::files::downloaded;
use fillhouse_engine::ExportState;
use fillhouse_testkit::Receiver;

on_both!(
    a_file_is_put_into_the_accounts_folder,
    a_file_of_a_fixed_name_takes_the_place_of_the_last,
    what_a_dead_attempt_left_is_gone,
    no_link_leads_out_of_the_folder,
    a_receiver_is_told_where_the_file_is,
);

/// A form with two submissions, and a schedule that is due.
async fn due(house: &House, destination: NewDestination) -> Schedule {
    house.import(&small_house()).await;
    submit(house, r#"{"answers":{"1":"Ada"}}"#).await;
    submit(house, r#"{"answers":{"1":"Grace"}}"#).await;
    let made = made(house, ScheduleDraft { destination, ..hourly() }).await;
    house.clock.advance_seconds(3_600);
    made
}

/// What is in a folder below that of the account, by name.
fn found(house: &House, folder: &str) -> Vec<String> {
    let entries = std::fs::read_dir(house.exports.path().join("acme").join(folder)).unwrap();
    let mut names: Vec<_> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

async fn a_file_is_put_into_the_accounts_folder(house: House) {
    let made = due(&house, folder("reports/weekly")).await;
    work_until_run(&house, &house.engine).await;
    let run = runs(&house, &made.id).await.pop().unwrap();
    let name = run.file_name.unwrap();
    assert_eq!((run.state, run.rows), (RunState::Delivered, Some(2)));
    assert_eq!(run.delivered_to, Some(format!("reports/weekly/{name}")));
    assert_eq!(found(&house, "reports/weekly"), std::slice::from_ref(&name));
    let export = house.reader().await.follow_export(&run.export_id.unwrap()).await.unwrap();
    let ExportState::Completed(artifact) = export.state else { panic!("{export:?}") };
    let bytes = std::fs::read(house.exports.path().join("acme/reports/weekly").join(name)).unwrap();
    assert_eq!(bytes, downloaded(&house.reader().await, &artifact).await);
    assert_eq!(run.size_bytes, Some(bytes.len() as i64));
}

async fn a_file_of_a_fixed_name_takes_the_place_of_the_last(house: House) {
    let destination = Destination::Folder { folder: String::new(), file_name: Some("survey.jsonl".into()) };
    due(&house, NewDestination { destination, secret: None }).await;
    for rows in [2, 3] {
        work_until_run(&house, &house.engine).await;
        assert_eq!(found(&house, ""), ["survey.jsonl"]);
        let text = std::fs::read_to_string(house.exports.path().join("acme/survey.jsonl")).unwrap();
        assert_eq!(text.lines().count(), rows);
        submit(&house, r#"{"answers":{"1":"Lin"}}"#).await;
        house.clock.advance_seconds(3_600);
    }
}

async fn what_a_dead_attempt_left_is_gone(house: House) {
    let destination = Destination::Folder { folder: String::new(), file_name: Some("survey.jsonl".into()) };
    let made = due(&house, NewDestination { destination, secret: None }).await;
    let run = schedules(&house).await.run(&made.id).await.unwrap();
    // By a worker that was killed while it wrote.
    let folder = house.exports.path().join("acme");
    std::fs::create_dir(&folder).unwrap();
    std::fs::write(folder.join(format!(".survey.jsonl.{}-1.part", run.id)), "half a").unwrap();
    work_until_run(&house, &house.engine).await;
    assert_eq!(found(&house, ""), ["survey.jsonl"]);
}

async fn no_link_leads_out_of_the_folder(house: House) {
    let elsewhere = tempfile::tempdir().unwrap();
    std::fs::create_dir(house.exports.path().join("acme")).unwrap();
    std::os::unix::fs::symlink(elsewhere.path(), house.exports.path().join("acme/out")).unwrap();
    let made = due(&house, folder("out")).await;
    work_until_tried(&house, 1).await;
    let run = runs(&house, &made.id).await.pop().unwrap();
    assert_eq!(run.state, RunState::Waiting);
    assert!(run.error.unwrap().starts_with("the folder cannot be written to"));
    assert_eq!(std::fs::read_dir(elsewhere.path()).unwrap().count(), 0);
}

async fn a_receiver_is_told_where_the_file_is(house: House) {
    let receiver = Receiver::start();
    let made = due(&house, webhook(receiver.url("/"))).await;
    work_until_run(&house, &house.engine).await;
    let run = runs(&house, &made.id).await.pop().unwrap();
    let told = receiver.received().pop().unwrap();
    let body: serde_json::Value = serde_json::from_slice(&told.body).unwrap();
    let url = body["file_url"].as_str().unwrap();
    let sha256 = body["sha256"].as_str().unwrap();
    let expected = serde_json::json!({
        "event": "export_completed", "schedule_id": made.id, "schedule_name": "Every hour", "run_id": run.id,
        "form_id": 7, "export_id": run.export_id.unwrap().0, "mode": "full", "rows": 2, "file_name": run.file_name.unwrap(),
        "media_type": "application/x-ndjson", "size_bytes": run.size_bytes.unwrap(), "sha256": sha256, "file_url": url,
        "expires_at": "2026-06-02T13:00:00.000Z",
    });
    assert_eq!(body, expected);
    assert_eq!(told.header("content-type"), "application/json");
    assert!(told.header("x-webhook-signature").starts_with("sha256="), "{told:?}");
    // Who has the address has the file.
    let path = url.strip_prefix("https://forms.example/v1/exports/files/").unwrap();
    let (path, query) = path.split_once("?expires=").unwrap();
    let ((id, name), (expires, signature)) =
        (path.split_once('/').unwrap(), query.split_once("&signature=").unwrap());
    let file = house.engine.download_signed(id, name, expires.parse().unwrap(), signature).await.unwrap();
    assert_eq!(file.facts.sha256, sha256);
}
