//! Servers that are killed, or stopped, in the middle of an export: it is completed all the same, with the same bytes.

use crate::chance::{Chance, let_pass};
use crate::client::{Client, EXPORT_LIMIT, Exported};
use crate::dataset::{DataSet, FORM};
use crate::place::Place;
use crate::run::{python_tool, run, signal};
use fillhouse_testkit::{Server, wait_until};
use std::time::{Duration, Instant};

/// Five blocks.
const ROWS: u32 = 40_000;
const FROM: &str = "2026-01-01";
const TO: &str = "2026-12-31";
/// How often a server is killed, unless this variable says otherwise.
const KILLS: u32 = 50;
const KILLS_VARIABLE: &str = "FILLHOUSE_TEST_KILLS";
/// One kill in so many, at least, must have hit an unfinished export for the test to have shown something.
const FEWEST_HITS: u32 = 5;
/// Within how long a server has swept blobs twice after its start, on a machine that runs many tests at once.
const SWEEP_LIMIT: Duration = Duration::from_mins(1);

/// A data folder on which an export was asked for, and nothing else.
struct Asked {
    place: Place,
    task: String,
}

impl Asked {
    fn new() -> Self {
        let data = DataSet::of(ROWS);
        let place = Place::sqlite();
        place.import(data.path());
        let mut server = place.serve();
        let task = Client::new().start_export(server.url(), FROM, TO);
        // The job is in the database from the moment on that it was answered.
        server.kill_hard();
        Self { place, task }
    }

    /// How long the export takes where nobody kills the server, and its file.
    fn undisturbed(&self) -> (Duration, Exported, Vec<u8>) {
        let place = self.place.copy();
        let (server, client) = (place.serve(), Client::new());
        let start = Instant::now();
        let exported = client.finish(server.url(), &self.task);
        let lasted = start.elapsed();
        let bytes = client.download(server.url(), &exported);
        (lasted, exported, bytes)
    }
}

#[test]
fn an_export_survives_fifty_kills_with_the_same_bytes() {
    let asked = Asked::new();
    let (lasted, control, bytes) = asked.undisturbed();
    let (mut chance, client, mut hits) = (Chance::new(), Client::new(), 0);
    let kills = kills(KILLS);
    for kill in 1..=kills {
        let place = asked.place.copy();
        let mut server = place.serve();
        let_pass(chance.part_of(lasted));
        server.kill_hard();
        let server = place.serve();
        hits += u32::from(client.status(server.url(), &asked.task)["status"] != "completed");
        let exported = client.finish(server.url(), &asked.task);
        assert_eq!(exported.total, control.total, "after kill {kill}");
        let same = client.download(server.url(), &exported) == bytes;
        assert!(same, "after kill {kill} the file has other bytes");
        swept(&place);
    }
    assert!(hits >= kills / FEWEST_HITS, "only {hits} of {kills} kills came before the export was completed");
}

/// How often a server is killed where nobody says how often.
pub(crate) fn kills(usually: u32) -> u32 {
    std::env::var(KILLS_VARIABLE).map_or(usually, |kills| kills.parse().unwrap())
}

/// Waits until every blob is that of a rendition.
#[track_caller]
pub(crate) fn swept(place: &Place) {
    let start = Instant::now();
    let last = wait_until("the checks", 2 * SWEEP_LIMIT, || {
        let checked = run(python_tool("check_blobs.py").arg(place.data_dir()));
        (checked.status == Some(0) || start.elapsed() > SWEEP_LIMIT).then_some(checked)
    });
    last.ok();
}

#[test]
fn another_server_takes_over_from_one_that_was_killed() {
    let data = DataSet::of(ROWS);
    let (mut first, task) = in_the_middle(&data, Place::postgres());
    first.server.kill_hard();
    let place = first.place.sibling();
    let second = place.serve();
    let (_, bytes) = finished(&data, &second, &task);
    let third_place = first.place.sibling();
    let third = third_place.serve();
    assert!(finished(&data, &third, &task).1 == bytes, "the file has other bytes elsewhere");
}

#[test]
fn a_server_that_was_stopped_and_wakes_late_changes_nothing() {
    let data = DataSet::of(ROWS);
    let (first, task) = in_the_middle(&data, Place::postgres());
    signal(&first.server, "STOP");
    let place = first.place.sibling();
    let second = place.serve();
    let (completed, bytes) = finished(&data, &second, &task);
    signal(&first.server, "CONT");
    wait_until("the late server to find its lease gone", EXPORT_LIMIT, || {
        // The second where it was stopped within a transaction, which the database has ended meanwhile.
        let said = first.server.output();
        ["the job is another's, or cancelled", "an attempt failed"]
            .iter()
            .any(|end| said.contains(end))
            .then_some(())
    });
    for server in [&first.server, &second] {
        let (exported, again) = finished(&data, server, &task);
        assert_eq!(exported, completed);
        assert!(again == bytes, "the file has other bytes now");
    }
}

/// A server, and its place.
struct Running {
    server: Server,
    place: Place,
}

/// A server that has done some blocks of an export and not all, and the export's task.
fn in_the_middle(data: &DataSet, place: Place) -> (Running, String) {
    place.import(data.path());
    // A thread that renders: so that there is a middle.
    let server = place.server().env("FILLHOUSE_RENDER_THREADS", "1").start();
    let client = Client::new();
    let task = client.start_export(server.url(), FROM, TO);
    wait_until("the first block", EXPORT_LIMIT, || {
        let status = client.status(server.url(), &task);
        assert_ne!(status["status"], "completed", "there was no middle");
        status["progress"].as_u64().filter(|percent| *percent > 0)
    });
    (Running { server, place }, task)
}

/// Waits for an export on this server, and compares its file with the data set.
#[track_caller]
fn finished(data: &DataSet, server: &Server, task: &str) -> (Exported, Vec<u8>) {
    let client = Client::new();
    let exported = client.finish(server.url(), task);
    let bytes = client.download(server.url(), &exported);
    let zip = data.folder().join("export.zip");
    std::fs::write(&zip, &bytes).unwrap();
    assert_eq!(data.check_export(FORM, &zip, (FROM, TO)), exported.total);
    (exported, bytes)
}
