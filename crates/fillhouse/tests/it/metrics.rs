//! What those ask who run the server: is it alive, is it ready, how does it do.

use crate::client::Client;
use crate::dataset::DataSet;
use crate::place::Place;
use fillhouse_testkit::wait_until;
use serde_json::json;
use std::path::Path;
use std::time::Duration;

/// How long a server may take to notice, on a machine that runs many tests at once.
const NOTICE_LIMIT: Duration = Duration::from_secs(30);

#[test]
fn a_server_is_alive_and_ready() {
    for place in [Place::sqlite(), Place::postgres()] {
        let server = place.serve();
        let client = Client::new();
        let alive = client.get(&format!("{}/healthz", server.url()));
        assert_eq!((alive.status, alive.text().trim()), (200, "ok"));
        let ready = wait_until("the worker", NOTICE_LIMIT, || {
            Some(client.get(&format!("{}/readyz", server.url()))).filter(|ready| ready.status == 200)
        });
        assert_eq!(ready.json(), json!({"database": "ok", "blobs": "ok", "worker": "ok"}));
    }
}

#[test]
fn a_server_counts_what_it_did() {
    let place = Place::sqlite();
    place.import(DataSet::of(10).path());
    let server = place.serve();
    let client = Client::new();
    client.export(server.url(), "2026-01-01", "2026-12-31");
    client.export(server.url(), "2026-01-01", "2026-12-31");
    let metrics = client.get(&format!("{}/metrics", server.url()));
    assert!(metrics.headers["content-type"].to_str().unwrap().starts_with("text/plain"));
    let text = metrics.text();
    let fills =
        r#"fillhouse_http_requests_total{method="POST",route="/api/v1.1/forms/fills",status="200"} 2"#;
    // What did not happen is counted, too: a picture of it is not empty.
    let nothing_waits = [
        "fillhouse_jobs_failed_total 0",
        r#"fillhouse_delivery_attempts_total{outcome="failed"} 0"#,
        "fillhouse_jobs_unfinished 0",
        "fillhouse_deliveries_owed 0",
    ];
    let done = [fills, "fillhouse_jobs_completed_total 2", "fillhouse_renditions_made_total 1"];
    for line in done.into_iter().chain(nothing_waits) {
        assert!(text.lines().any(|found| found == line), "{line} is not in:\n{text}");
    }
    assert!(text.contains("fillhouse_http_request_seconds_bucket{"), "{text}");
}

/// Whoever asks the dashboard for what is not counted sees an empty picture.
#[test]
fn the_dashboard_asks_for_what_is_counted() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let read = |path: &str| std::fs::read_to_string(root.join(path)).unwrap();
    let dashboard: serde_json::Value = serde_json::from_str(&read("docs/grafana.json")).unwrap();
    let documented = read("docs/operating.md");
    let mut asked = 0;
    for panel in dashboard["panels"].as_array().unwrap() {
        for target in panel["targets"].as_array().unwrap() {
            let query = target["expr"].as_str().unwrap();
            let is_part = |letter: char| !letter.is_ascii_lowercase() && letter != '_';
            for name in query.split(is_part).filter(|word| word.starts_with("fillhouse_")) {
                assert!(documented.contains(&format!("`{}`", name.trim_end_matches("_bucket"))), "{name}");
                asked += 1;
            }
        }
    }
    assert!(asked >= 8, "{asked}");
}

#[test]
fn a_server_whose_database_has_gone_is_alive_and_not_ready() {
    let mut place = Place::postgres();
    let server = place.serve();
    let client = Client::new();
    place.drop_database();
    let unready = wait_until("the loss to be noticed", NOTICE_LIMIT, || {
        Some(client.get(&format!("{}/readyz", server.url()))).filter(|ready| ready.status == 503)
    });
    let unready = unready.json();
    let reason = unready["database"].as_str().unwrap();
    assert!(reason.contains("does not exist"), "{unready}");
    assert_eq!(unready["blobs"], "ok", "{unready}");
    assert_eq!(client.get(&format!("{}/healthz", server.url())).status, 200);
    let checked = Place::sqlite().run(&["healthcheck", "--url", server.url()]);
    assert!(checked.status == Some(1) && checked.text().contains("does not exist"), "{checked:?}");
}
