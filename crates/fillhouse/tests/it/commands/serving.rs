//! `serve`: alone in its folder, and ended as it should be.

use crate::client::{Client, EXPORT_LIMIT};
use crate::dataset::{DataSet, FORM, TOKEN};
use crate::place::Place;
use fillhouse_testkit::wait_until;
use std::fs;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::{Duration, Instant};

/// Far more than an end takes, and far less than an orchestrator waits before it kills.
const END_LIMIT: Duration = Duration::from_secs(10);
const FROM: &str = "2026-01-01";
const TO: &str = "2026-12-31";

#[test]
fn a_second_server_in_the_folder_is_refused() {
    let place = Place::sqlite();
    let first = place.serve();
    let second = place.run(&["serve", "--listen", "127.0.0.1:0"]);
    assert_eq!(second.status, Some(1));
    let expected = format!("a server is running in {} already", place.data_dir().display());
    assert!(second.stderr.contains(&expected), "{}", second.stderr);
    assert_eq!(Client::new().get(&format!("{}/healthz", first.url())).status, 200);
}

#[test]
fn an_address_that_is_taken_is_told() {
    let (first, second) = (Place::sqlite(), Place::sqlite());
    let server = first.serve();
    let address = server.url().strip_prefix("http://").unwrap();
    let ran = second.run(&["serve", "--listen", address]);
    assert_eq!(ran.status, Some(1));
    assert!(ran.stderr.contains(&format!("cannot listen at {address}")), "{}", ran.stderr);
}

#[test]
fn asked_to_end_during_an_export_it_ends_and_the_export_goes_on_later() {
    let data = DataSet::of(20_000);
    let place = Place::sqlite();
    place.import(data.path());
    // A thread that renders: so that the export lasts.
    let mut server = place.server().env("FILLHOUSE_RENDER_THREADS", "1").start();
    let client = Client::new();
    let task = client.start_export(server.url(), FROM, TO);
    wait_until("the first block", EXPORT_LIMIT, || {
        let status = client.status(server.url(), &task);
        assert_ne!(status["status"], "completed", "there was no middle");
        status["progress"].as_u64().filter(|percent| *percent > 0)
    });
    let asked = Instant::now();
    assert_eq!(server.stop().code(), Some(0));
    assert!(asked.elapsed() < END_LIMIT, "it took {:?} to end", asked.elapsed());

    let server = place.serve();
    let exported = client.finish(server.url(), &task);
    let zip = data.folder().join("export.zip");
    fs::write(&zip, client.download(server.url(), &exported)).unwrap();
    assert_eq!(data.check_export(FORM, &zip, (FROM, TO)), exported.total);
}

/// A client that never finishes its request, and one that reads nothing of its answer, keep no server alive.
#[test]
fn asked_to_end_it_does_not_wait_for_clients_that_hang() {
    let data = DataSet::of(40_000);
    let place = Place::sqlite();
    place.import(data.path());
    let mut server = place.serve();
    let (exported, bytes) = Client::new().export(server.url(), FROM, TO);
    let download = format!(
        "GET /api/download/forms/{} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {TOKEN}\r\n\r\n",
        exported.url
    );
    let address = server.url().strip_prefix("http://").unwrap();
    let half_a_request = sent(address, "GET /healthz HTTP/1.1\r\nhost: x\r\n");
    let mut half_an_answer = sent(address, &download);
    let mut answer = vec![0; 12];
    half_an_answer.read_exact(&mut answer).unwrap();
    assert_eq!(answer, b"HTTP/1.1 200");

    let asked = Instant::now();
    assert_eq!(server.stop().code(), Some(0));
    assert!(asked.elapsed() < 2 * END_LIMIT, "it took {:?} to end", asked.elapsed());
    // However that ends: what was on its way is not all.
    half_an_answer.read_to_end(&mut answer).ok();
    assert!(answer.len() < bytes.len(), "all of the answer was on its way, so nothing hung");
    drop(half_a_request);
}

/// A connection on which this was sent.
fn sent(address: &str, request: &str) -> TcpStream {
    let mut connection = TcpStream::connect(address).unwrap();
    connection.write_all(request.as_bytes()).unwrap();
    connection
}
