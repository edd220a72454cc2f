//! Looking after a store: backups while a server runs, the doctor, and what shells and `man` know of the commands.

use crate::client::Client;
use crate::dataset::{DataSet, TOKEN};
use crate::place::Place;
use crate::run::{Ran, fillhouse, run};
use fillhouse_testkit::Server;
use reqwest::Method;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;

fn store(client: &Client, server: &str, name: &str) -> i64 {
    let answers = json!({"answers": {"100": name, "103": [{"position": 0}]}});
    let answer = client.post(&format!("{server}/v1/forms/1/submissions"), &answers).unwrap();
    answer.json()["ids"][0].as_i64().unwrap()
}

/// The ids of all submissions of a dump.
fn ids(dump: &[u8]) -> BTreeSet<i64> {
    let lines = std::str::from_utf8(dump).unwrap().lines();
    let submissions = lines.filter(|line| line.starts_with(r#"{"kind":"submission""#));
    submissions.map(|line| serde_json::from_str::<Value>(line).unwrap()["id"].as_i64().unwrap()).collect()
}

/// A new place with what a backup has.
#[track_caller]
fn restored(backup: &Path) -> Place {
    let place = Place::sqlite();
    place.run(&["restore", backup.to_str().unwrap()]).ok();
    place
}

#[test]
fn a_backup_is_of_one_moment_while_a_server_is_written_to() {
    let data = DataSet::of(2_000);
    let place = Place::sqlite();
    place.import(data.path());
    let mut server = place.serve();
    let client = Client::new();
    let (export, _) = client.export(server.url(), "2026-01-01", "2026-12-31");
    let headers = [("authorization", &*format!("Bearer {TOKEN}")), ("content-type", "image/png")];
    let upload = format!("{}/v1/forms/1/files?name=a.png", server.url());
    let uploaded = client.send(Method::POST, &upload, &headers, "a picture".to_owned()).unwrap().json();
    let has_file = json!({"answers": {"100": "Ada", "103": [{"position": 0}], "109": uploaded["url"]}});
    assert_eq!(
        client.post(&format!("{}/v1/forms/1/submissions", server.url()), &has_file).unwrap().status,
        201
    );

    let (is_over, last) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicU64::new(0)));
    let writing = thread::spawn({
        let (url, is_over, last) = (server.url().to_owned(), is_over.clone(), last.clone());
        move || {
            let client = Client::new();
            while !is_over.load(Ordering::Relaxed) {
                last.store(store(&client, &url, "Grace").cast_unsigned(), Ordering::Relaxed);
            }
        }
    });
    fillhouse_testkit::wait_until("a submission", std::time::Duration::from_mins(1), || {
        (last.load(Ordering::Relaxed) > 0).then_some(())
    });
    let backup = data.folder().join("backup");
    let before = last.load(Ordering::Relaxed);
    let first = place.run(&["backup", backup.to_str().unwrap(), "--json"]).ok();
    let first: Value = serde_json::from_str(&first.text()).unwrap();
    assert_eq!(fs::metadata(&backup).unwrap().permissions().mode() & 0o077, 0, "others can look into it");
    is_over.store(true, Ordering::Relaxed);
    writing.join().unwrap();
    let copy = restored(&backup);
    let there = ids(&copy.dump());
    // All that was stored before, and of what came meanwhile a beginning.
    let newest = there.last().unwrap().cast_unsigned();
    assert!(
        newest >= before && there.len() as u64 == newest - 10_000_000,
        "{newest}, {before}, {}",
        there.len()
    );
    let again = copy.serve();
    let file = uploaded["url"].as_str().unwrap().rsplit_once("/files/").unwrap().1.to_owned();
    assert_eq!(client.get(&format!("{}/acme/files/{file}", again.url())).text(), "a picture");
    assert!(!client.download(again.url(), &export).is_empty());

    // A second one into the same folder copies what is new.
    client.export(server.url(), "2026-02-01", "2026-03-31");
    let second = place.run(&["backup", backup.to_str().unwrap(), "--json"]).ok();
    let second: Value = serde_json::from_str(&second.text()).unwrap();
    server.stop();
    assert!(second["blobs"].as_i64() > first["blobs"].as_i64(), "{second}");
    assert!(second["copied_blobs"].as_i64() < first["copied_blobs"].as_i64(), "{first} {second}");
    assert!(restored(&backup).dump() == place.dump(), "it is not what was there");
}

#[test]
fn what_is_no_whole_backup_is_not_restored_and_nothing_is_written_over() {
    let data = DataSet::of(50);
    let place = Place::sqlite();
    place.import(data.path());
    let backup = data.folder().join("backup");
    let path = backup.to_str().unwrap();
    fails(&place.run(&["restore", path]), "is no backup");
    place.run(&["backup", path]).ok();
    fails(&place.run(&["restore", path]), "there is a store in");
    let running = Place::sqlite();
    let server: Server = running.serve();
    fails(&running.run(&["restore", path]), "a server is running in");
    drop(server);
    let mut bytes = fs::read(backup.join("fillhouse.sqlite")).unwrap();
    *bytes.last_mut().unwrap() ^= 1;
    fs::write(backup.join("fillhouse.sqlite"), bytes).unwrap();
    fails(&Place::sqlite().run(&["restore", path]), "not whole");
    fails(&Place::postgres().run(&["restore", path]), "the backup is of SQLite");
}

#[track_caller]
fn fails(ran: &Ran, expected: &str) {
    assert!(ran.status == Some(1) && ran.stderr.contains(expected), "{expected}: {ran:?}");
}

/// What the doctor says of everything, by what it looked at.
#[track_caller]
fn examined(place: &Place, more: &[&str]) -> (Option<i32>, Vec<Value>) {
    let ran = place.run(&[&["doctor", "--json"], more].concat());
    let found: Value = serde_json::from_str(&ran.text()).unwrap_or_else(|error| panic!("{error}: {ran:?}"));
    (ran.status, found.as_array().unwrap().clone())
}

#[track_caller]
fn is_found(found: &[Value], what: &str, state: &str, says: &str) {
    let finding = found.iter().find(|finding| finding["what"] == what);
    let finding = finding.unwrap_or_else(|| panic!("nothing of {what}: {found:?}"));
    assert_eq!(finding["state"], state, "{finding}");
    assert!(finding["says"].as_str().unwrap().contains(says), "{finding}");
    assert_eq!(finding["to_do"].is_string(), state != "ok", "{finding}");
}

#[test]
fn the_doctor_finds_nothing_where_all_is_well() {
    let data = DataSet::of(300);
    for (place, kind) in [(Place::sqlite(), "sqlite"), (Place::postgres(), "postgres")] {
        place.import(data.path());
        fs::set_permissions(place.data_dir(), fs::Permissions::from_mode(0o750)).unwrap();
        let server = place.serve();
        Client::new().export(server.url(), "2026-01-01", "2026-12-31");
        let address = server.url().strip_prefix("http://").unwrap();
        let (status, found) = examined(&place, &["--listen", address, "--public-url", server.url()]);
        assert_eq!(status, Some(0), "{found:?}");
        is_found(&found, "database", "ok", kind);
        is_found(&found, "rows and blobs", "ok", "1 blobs are where they should be");
        is_found(&found, "server", "ok", "is ready");
        is_found(&found, "public URL", "warning", "not encrypted");
        for what in ["data folder", "schema", "blobs", "clock", "work"] {
            is_found(&found, what, "ok", "");
        }
        let text = place.run(&["doctor", "--quick", "--listen", address]).ok().text();
        assert!(text.contains("ok       schema") && !text.contains("rows and blobs"), "{text}");
    }
}

#[test]
fn the_doctor_says_what_is_wrong_and_what_to_do() {
    let data = DataSet::of(300);
    let place = Place::sqlite();
    place.import(data.path());
    let server = place.serve();
    Client::new().export(server.url(), "2026-01-01", "2026-12-31");
    drop(server);
    let mut blobs = vec![place.blob_folder()];
    while blobs.last().unwrap().is_dir() {
        let inside = fs::read_dir(blobs.last().unwrap()).unwrap().next().unwrap().unwrap().path();
        blobs.push(inside);
    }
    fs::remove_file(blobs.last().unwrap()).unwrap();
    fs::set_permissions(place.data_dir(), fs::Permissions::from_mode(0o755)).unwrap();
    let (status, found) = examined(&place, &["--public-url", "http://127.0.0.1:1"]);
    assert_eq!(status, Some(1), "{found:?}");
    is_found(&found, "rows and blobs", "error", "1 blobs are not as they should be: renditions/");
    is_found(&found, "data folder", "warning", "every user");
    is_found(&found, "server", "warning", "none runs");
    is_found(&found, "public URL", "error", "does not answer");
    is_found(&found, "database", "ok", "sound");

    // A copy, of which all is in one file.
    let backup = data.folder().join("backup");
    place.run(&["backup", backup.to_str().unwrap()]).ok();
    let mut bytes = fs::read(backup.join("fillhouse.sqlite")).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle..middle + 6_000].fill(0xa5);
    let spoilt = Place::sqlite();
    fs::write(spoilt.data_dir().join("fillhouse.sqlite"), bytes).unwrap();
    let (status, found) = examined(&spoilt, &[]);
    assert_eq!(status, Some(1));
    let is_error = |finding: &Value| finding["what"] == "database" && finding["state"] == "error";
    assert!(found.iter().any(is_error), "{found:?}");

    let nowhere = place.data_dir().join("nowhere");
    let (status, found) = examined(&Place::sqlite(), &["--data-dir", nowhere.to_str().unwrap()]);
    assert_eq!(status, Some(1));
    is_found(&found, "database", "error", "there is none in");
    assert!(!nowhere.exists(), "it made a folder");
    let unreachable = ["--database-url", "postgres://nobody@127.0.0.1:1/none"];
    is_found(&examined(&Place::sqlite(), &unreachable).1, "database", "error", "cannot be opened");
}

#[test]
fn shells_and_man_know_the_commands() {
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let script = run(fillhouse().args(["completions", shell])).ok().text();
        assert!(script.contains("export") && script.contains("include-incomplete"), "{shell}");
    }
    let folder = tempfile::tempdir().unwrap();
    let pages = folder.path().join("pages");
    run(fillhouse().args(["man", pages.to_str().unwrap()])).ok();
    let page = fs::read_to_string(pages.join("fillhouse-export.1")).unwrap();
    assert!(page.contains(".TH") && page.contains("compression"), "{page}");
    assert!(pages.join("fillhouse-token-create.1").exists() && pages.join("fillhouse.1").exists());
    assert!(run(fillhouse().args(["man"])).ok().text().contains("fillhouse"));
}

#[test]
fn a_backup_of_postgresql_is_of_one_moment_too_and_restored_whole_or_not_at_all() {
    let data = DataSet::of(2_000);
    let place = Place::postgres();
    place.import(data.path());
    let server = place.serve();
    let client = Client::new();
    let (export, _) = client.export(server.url(), "2026-01-01", "2026-12-31");
    let backup = data.folder().join("backup");
    let path = backup.to_str().unwrap();
    let first = place.run(&["backup", path, "--json"]).ok();
    let first: Value = serde_json::from_str(&first.text()).unwrap();
    assert_eq!(first["database"], "fillhouse.pgdump");
    assert_eq!(fs::metadata(&backup).unwrap().permissions().mode() & 0o077, 0, "others can look into it");
    store(&client, server.url(), "later");

    let copy = Place::postgres();
    copy.run(&["restore", path]).ok();
    assert_eq!(ids(&copy.dump()).len() + 1, ids(&place.dump()).len());
    copy.run(&["doctor", "--quick"]).ok();
    let again = copy.serve();
    assert!(!client.download(again.url(), &export).is_empty());
    drop(again);
    // Nothing is written over, and each kind goes to its own.
    let there = copy.dump();
    fails(&copy.run(&["restore", path]), "nothing was restored");
    assert!(copy.dump() == there, "it was written over");
    fails(&Place::sqlite().run(&["restore", path]), "the backup is of PostgreSQL");

    // A second one is brought up to date; what is no whole backup is not restored.
    let second = place.run(&["backup", path, "--json"]).ok();
    let second: Value = serde_json::from_str(&second.text()).unwrap();
    assert_eq!(second["copied_blobs"], 0, "{first} {second}");
    drop(server);
    let whole = Place::postgres();
    whole.run(&["restore", path]).ok();
    assert!(whole.dump() == place.dump(), "it is not what was there");
    let mut bytes = fs::read(backup.join("fillhouse.pgdump")).unwrap();
    *bytes.last_mut().unwrap() ^= 1;
    fs::write(backup.join("fillhouse.pgdump"), bytes).unwrap();
    fails(&Place::postgres().run(&["restore", path]), "not whole");
}

#[test]
fn who_has_no_pg_dump_is_told_what_to_install() {
    let place = Place::postgres();
    let folder = tempfile::tempdir().unwrap();
    let mut command = place.command(&["backup", folder.path().to_str().unwrap()]);
    fails(&run(command.env("PATH", folder.path())), "postgresql-client");
    assert!(!folder.path().join("backup.json").exists());
}
