//! Blobs in a bucket of an S3 server, with the real program.

use crate::chance::{Chance, let_pass};
use crate::client::Client;
use crate::dataset::DataSet;
use crate::place::Place;
use std::time::{Duration, Instant};

/// Five blocks.
const ROWS: u32 = 40_000;
const FROM: &str = "2026-01-01";
const TO: &str = "2026-12-31";
/// How often the server is killed.
const KILLS: u32 = 8;

#[test]
fn an_export_with_blobs_in_a_bucket_survives_kills_with_the_same_bytes() {
    let data = DataSet::of(ROWS);
    let place = Place::sqlite().in_bucket();
    place.import(data.path());
    let client = Client::new();
    let task = {
        let mut server = place.serve();
        let task = client.start_export(server.url(), FROM, TO);
        // The job is in the database from the moment on that it was answered.
        server.kill_hard();
        task
    };
    // The same job where nothing is in the way: another would have another moment in its file.
    let (lasted, expected) = {
        let control = place.copy().out_of_bucket();
        let server = control.serve();
        let start = Instant::now();
        let exported = client.finish(server.url(), &task);
        (start.elapsed(), client.download(server.url(), &exported))
    };

    let mut server = place.serve();
    let mut chance = Chance::new();
    for _ in 0..KILLS {
        let_pass(chance.part_of(lasted.min(Duration::from_secs(2))));
        server.kill_hard();
        server = place.serve();
    }
    let exported = client.finish(server.url(), &task);
    assert!(client.download(server.url(), &exported) == expected, "the file has other bytes");
    assert!(!place.data_dir().join("blobs").exists());
    // Another server has nothing but the database's file and the bucket.
    server.kill_hard();
    let copy = place.copy();
    let other = copy.serve();
    assert!(client.download(other.url(), &exported) == expected, "the file has other bytes elsewhere");
}
