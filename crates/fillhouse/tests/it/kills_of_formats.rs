//! Servers that are killed while they make files of every format: all are completed, with the same bytes.

use crate::chance::{Chance, let_pass};
use crate::client::{Answer, Client, EXPORT_LIMIT};
use crate::dataset::DataSet;
use crate::kills::{kills, swept};
use crate::place::Place;
use fillhouse_testkit::wait_until;
use serde_json::{Value, json};
use std::time::Instant;

/// Three blocks.
const ROWS: u32 = 20_000;
/// How often a server is killed, unless a variable says otherwise.
const KILLS: u32 = 6;

/// What is asked for at once.
fn requests() -> [Value; 5] {
    [
        json!({"form": 1, "format": "xlsx"}),
        json!({"form": 1, "format": "parquet"}),
        json!({"form": 1, "format": "ndjson", "compression": "zstd"}),
        json!({"form": 1, "format": "json", "compression": "gzip"}),
        json!({"form": 1, "format": "csv", "options": {"delimiter": ";"}}),
    ]
}

#[test]
fn files_of_every_format_survive_kills_with_the_same_bytes() {
    let data = DataSet::of(ROWS);
    let place = Place::sqlite();
    place.import(data.path());
    let client = Client::new();
    let ids = {
        let mut server = place.serve();
        let ids = requests().map(|request| {
            let asked = client.post(&format!("{}/v1/exports", server.url()), &request).unwrap();
            assert_eq!(asked.status, 201, "{}", asked.text());
            asked.json()["id"].as_str().unwrap().to_owned()
        });
        // The jobs are in the database from the moment on that they were answered.
        server.kill_hard();
        ids
    };
    let control = place.copy();
    let server = control.serve();
    let start = Instant::now();
    let expected = ids.each_ref().map(|id| finished(&client, server.url(), id));
    let lasted = start.elapsed();
    assert!(expected.iter().all(|bytes| bytes.len() > 100_000));

    let mut chance = Chance::new();
    for kill in 1..=kills(KILLS) {
        let place = place.copy();
        let mut server = place.serve();
        let_pass(chance.part_of(lasted));
        server.kill_hard();
        let server = place.serve();
        for ((id, expected), request) in ids.iter().zip(&expected).zip(requests()) {
            let same = finished(&client, server.url(), id) == *expected;
            assert!(same, "after kill {kill} the file has other bytes: {request}");
        }
        swept(&place);
    }
}

/// Waits for an export, and gives its file.
#[track_caller]
fn finished(client: &Client, server: &str, id: &str) -> Vec<u8> {
    let get = |path: &str| -> Answer { client.get_with_token(&format!("{server}/v1/exports/{id}{path}")) };
    wait_until("the export", EXPORT_LIMIT, || {
        let told = get("").json();
        assert_ne!(told["state"], "failed", "{told}");
        (told["state"] == "completed").then_some(())
    });
    let file = get("/file");
    assert_eq!(file.status, 200, "{}", file.text());
    file.body
}
