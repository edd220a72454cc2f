//! `--json`: what programs read of commands is one value on standard output, and nothing else is there.

use crate::dataset::DataSet;
use crate::place::Place;
use crate::run::{Ran, fillhouse, run};
use serde_json::{Value, json};
use std::fs;

/// The one line that a command has printed, as JSON.
#[track_caller]
fn said(ran: &Ran) -> Value {
    assert_eq!(ran.text().lines().count(), 1, "{ran:?}");
    serde_json::from_str(&ran.text()).unwrap_or_else(|error| panic!("{error}: {ran:?}"))
}

#[test]
fn an_import_and_a_dump_say_what_they_have_read_and_written() {
    let data = DataSet::of(10);
    let place = Place::sqlite();
    let path = data.path().to_str().unwrap();
    let size = fs::metadata(path).unwrap().len();
    let imported = place.run(&["import", path, "--json"]).ok();
    assert_eq!(imported.stderr, "");
    let imported = said(&imported);
    assert_eq!(imported["kinds"]["submission"], json!({"added": 10, "replaced": 0, "unchanged": 0}));
    assert_eq!((&imported["bad_lines"], &imported["bytes"]), (&json!(0), &json!(size)));

    let file = data.folder().join("all.jsonl.gz");
    let dumped = said(&place.run(&["dump", file.to_str().unwrap(), "--json"]).ok());
    assert_eq!((&dumped["file"], &dumped["lines"]), (&json!(file), &imported["lines"]));
    let ran = place.run(&["dump", "--json"]).ok();
    let beside: Value = serde_json::from_str(&ran.stderr).unwrap();
    assert_eq!(beside, json!({"file": "-", "lines": dumped["lines"], "bytes": ran.stdout.len()}));
    assert_eq!(dumped["bytes"], beside["bytes"], "bytes are those of the lines, compressed or not");

    // What was read before a bad line is told, too, and the error as ever.
    fs::write(&file, "").unwrap();
    fs::write(data.folder().join("bad.jsonl"), "{\"kind\":\"what\"}\n").unwrap();
    let bad = place.run(&["import", path, data.folder().join("bad.jsonl").to_str().unwrap(), "--json"]);
    assert!(bad.status == Some(1) && bad.stderr.starts_with("error: "), "{bad:?}");
    assert_eq!(said(&bad)["kinds"]["submission"]["unchanged"], 10);
}

#[test]
fn a_move_says_what_it_would_read_and_what_it_has_read() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("people.csv");
    let file = path.to_str().unwrap();
    fs::write(&path, "Name,Pet\nAda,Cat\nAlan,Dog\nGrace,Cat\nLinus,Dog\nKen,Cat\nJean,Dog\n").unwrap();
    let place = Place::sqlite();
    let looked = said(&place.run(&["import", "--from", "csv", file, "--dry-run", "--json"]).ok());
    let columns = json!([
        {"name": "Name", "is": "item", "type": "text", "choices": []},
        {"name": "Pet", "is": "item", "type": "radio", "choices": ["Cat", "Dog"]},
    ]);
    assert_eq!(looked["read"], json!([{"file": file, "rows": 6, "columns": columns}]));
    let moved = said(&place.run(&["import", "--from", "csv", file, "--json"]).ok());
    assert_eq!(moved["read"], json!([{"file": file, "rows": 6, "id": 1}]));
    assert_eq!((&moved["not_taken_over"], &moved["kinds"]["submission"]["added"]), (&json!(0), &json!(6)));
}

#[test]
fn tokens_and_accounts_say_what_was_made_and_what_there_is() {
    let place = Place::sqlite();
    let account = said(&place.run(&["account", "create", "acme", "--json"]).ok());
    assert!(account["sign_in_link"].as_str().unwrap().starts_with("http://"), "{account}");
    assert_eq!((&account["id"], &account["user_dir"]), (&json!(1), &json!("acme")));
    let asked =
        ["token", "create", "--account", "acme", "--name", "mine", "--ability", "forms-read", "--json"];
    let mut made = said(&place.run(&asked).ok());
    assert_eq!(made["secret"].as_str().unwrap().len(), 64);
    made.as_object_mut().unwrap().remove("secret");
    assert_eq!((&made["name"], &made["abilities"]), (&json!("mine"), &json!(["forms-read"])));
    assert_eq!(said(&place.run(&["token", "list", "--json"]).ok()), json!([made]));
    let id = made["id"].as_str().unwrap();
    assert_eq!(said(&place.run(&["token", "revoke", id, "--json"]).ok()), made);
    assert_eq!(said(&place.run(&["token", "list", "--json"]).ok()), json!([]));
}

#[test]
fn migrations_and_backups_say_what_was_done() {
    let data = DataSet::of(10);
    let place = Place::sqlite();
    let first = said(&place.run(&["migrate", "--json"]).ok());
    assert_eq!(first["applied"][0], "0001_initial");
    assert_eq!(said(&place.run(&["migrate", "--json"]).ok()), json!({"applied": []}));
    place.import(data.path());
    let backup = data.folder().join("backup");
    let made = said(&place.run(&["backup", backup.to_str().unwrap(), "--json"]).ok());
    let copy = Place::sqlite();
    let restored = said(&copy.run(&["restore", backup.to_str().unwrap(), "--json"]).ok());
    assert_eq!(restored["data_dir"], json!(copy.data_dir()));
    for key in ["made_at", "made_by", "blobs"] {
        assert_eq!(restored[key], made[key], "{key}");
    }
}

#[test]
fn checks_say_what_they_have_found() {
    let data = DataSet::of(10);
    let place = Place::sqlite();
    place.import(data.path());
    let file = data.folder().join("a.csv");
    let path = file.to_str().unwrap();
    let exported = place.run(&["export", "1", "-o", path, "--receipt", "--json"]).ok();
    assert_eq!(exported.stderr, "");
    let exported = said(&exported);
    let verified = said(&run(fillhouse().args(["verify", path, "--json"])).ok());
    assert_eq!(verified["rows"], exported["rows_written"]);
    assert_eq!(
        (&verified["name"], &verified["size_bytes"]),
        (&exported["file_name"], &exported["bytes_written"])
    );
    fs::write(&file, "id\n").unwrap();
    let spoilt = run(fillhouse().args(["verify", path, "--json"]));
    assert!(spoilt.status == Some(1) && spoilt.stdout.is_empty(), "{spoilt:?}");

    let mut server = place.serve();
    let url = server.url().to_owned();
    let parts = json!({"database": "ok", "blobs": "ok", "worker": "ok"});
    let expected = json!({"url": url, "is_ready": true, "parts": parts});
    assert_eq!(said(&place.run(&["healthcheck", "--url", &url, "--json"]).ok()), expected);
    server.stop();
    let gone = place.run(&["healthcheck", "--url", &url, "--json"]);
    assert!(gone.status == Some(1) && gone.stdout.is_empty(), "{gone:?}");
}
