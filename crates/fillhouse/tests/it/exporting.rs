//! `fillhouse export`: from a server and from its folder, over lines that break, and what it says where it cannot.

use crate::cutter::Cutter;
use crate::dataset::{DataSet, TOKEN};
use crate::place::Place;
use crate::run::{Ran, fillhouse, run};
use fillhouse_testkit::Server;
use serde_json::Value;
use std::fs;
use std::path::Path;

/// Runs a command against a server, without any folder.
#[track_caller]
fn at(url: &str, arguments: &[&str]) -> Ran {
    let mut command = fillhouse();
    run(command.args(arguments).env("FILLHOUSE_SERVER", url).env("FILLHOUSE_TOKEN", TOKEN))
}

fn name(folder: &Path, file: &str) -> String {
    folder.join(file).to_str().unwrap().to_owned()
}

#[test]
fn a_server_and_its_folder_give_the_same_file() {
    let data = DataSet::of(3_000);
    for place in [Place::sqlite(), Place::postgres()] {
        place.import(data.path());
        let [a, b, c, d] = ["a.csv", "b.csv", "c.csv", "d.csv"].map(|file| name(place.data_dir(), file));
        let mut server = place.serve();
        let ran = at(server.url(), &["export", "1", "-o", &a]).ok();
        assert!(ran.text().starts_with(&format!("{a}: ")) && ran.text().contains(" rows, "), "{ran:?}");
        // While a server runs there, and by another of the form's names.
        place.run(&["export", "form_6Ven2v7O", "-o", &b]).ok();
        server.stop();
        place.run(&["export", "1", "-o", &c, "--receipt"]).ok();
        let bytes = fs::read(&a).unwrap();
        assert!(String::from_utf8_lossy(&bytes).lines().count() > 2_900, "it is all there");
        assert!(fs::read(&b).unwrap() == bytes && fs::read(&c).unwrap() == bytes, "the bytes differ");
        let verified = run(fillhouse().args(["verify", &c])).ok();
        assert!(verified.text().contains(&format!("{} bytes", bytes.len())), "{verified:?}");
        assert!(place.run(&["export", "1", "-o", "-"]).ok().stdout == bytes);
        // Nobody has made these blocks yet: without a server, the command does it all by itself.
        place.run(&["export", "1", "-o", &d, "--header", "id", "--delimiter", ";"]).ok();
        assert!(fs::read_to_string(&d).unwrap().starts_with("id;date_start;"));
    }
}

#[test]
fn what_is_asked_for_is_what_comes() {
    let data = DataSet::of(400);
    let place = Place::sqlite();
    place.import(data.path());
    let server = place.serve();
    let file = name(data.folder(), "cities.ndjson.gz");
    let asked = ["export", "1", "-o", &file, "--filter", "113^b", "--from", "2026-01-01", "--json"];
    let said: Value = serde_json::from_str(&at(server.url(), &asked).ok().text()).unwrap();
    assert_eq!((&said["state"], &said["path"]), (&Value::from("completed"), &Value::from(file.as_str())));
    let lines = run(std::process::Command::new("gzip").args(["-dc", &file])).ok().text();
    assert_eq!(said["rows_written"], lines.lines().count());
    assert!(lines.lines().count() > 5, "{lines}");
    for line in lines.lines() {
        let result: Value = serde_json::from_str(line).unwrap();
        let items = result["items"].as_array().unwrap();
        let city = items.iter().find(|item| item["id"] == "113").unwrap()["value"].as_str().unwrap();
        assert!(city.starts_with(['B', 'b']), "{city}");
    }
    let estimate = at(server.url(), &["export", "1", "--dry-run", "--json"]).ok();
    let estimate: Value = serde_json::from_str(&estimate.text()).unwrap();
    assert!(estimate["rows"].as_i64().unwrap() > 300, "{estimate}");
}

#[test]
fn a_download_goes_on_where_it_broke_off() {
    let data = DataSet::of(20_000);
    let place = Place::sqlite();
    place.import(data.path());
    let server = place.serve();
    let whole = at(server.url(), &["export", "1", "-o", "-"]).ok().stdout;
    let size = u64::try_from(whole.len()).unwrap();
    let cutter = Cutter::to(server.url(), size / 6);
    let file = name(data.folder(), "broken.csv");
    at(cutter.url(), &["export", "1", "-o", &file]).ok();
    assert!(fs::read(&file).unwrap() == whole, "the bytes differ");
    assert!(cutter.connections() > 5, "it has not broken off");
    assert!(cutter.passed_bytes() < size + size / 2, "it began anew");
    assert!(at(cutter.url(), &["export", "1", "-o", "-"]).ok().stdout == whole, "the stream differs");

    // What was left by a command that was killed is used, if it is of this file; else it is dropped.
    for (left, most) in
        [(whole[..whole.len() / 2].to_vec(), size * 3 / 4), (b"of another".to_vec(), size * 3)]
    {
        fs::remove_file(&file).unwrap();
        fs::write(format!("{file}.partial"), left).unwrap();
        let line = Cutter::to(server.url(), u64::MAX);
        at(line.url(), &["export", "1", "-o", &file]).ok();
        assert!(fs::read(&file).unwrap() == whole, "the bytes differ");
        assert!(line.passed_bytes() < most, "{} bytes", line.passed_bytes());
        assert!(!Path::new(&format!("{file}.partial")).exists());
    }
}

#[test]
fn what_goes_wrong_is_told_with_what_to_do() {
    let data = DataSet::of(10);
    let place = Place::sqlite();
    place.import(data.path());
    let mut server = place.serve();
    let url = server.url().to_owned();
    let wrong_token = ["export", "1", "--server", &url, "--token", "no-such-token-0123"];
    fails(&run(fillhouse().args(wrong_token)), "`fillhouse token create");
    fails(&run(fillhouse().args(["export", "1", "--server", &url])), "--token");
    fails(&at(&url, &["export", "nothing"]), "form");
    fails(&at(&url, &["export", "1", "--from", "yesterday", "-o", "x.csv"]), "from");
    fails(&at(&url, &["export", "1", "--filter", "what"]), "ITEM=TEXT");
    fails(&at(&url, &["export", "1", "-o", "-", "--json"]), "leave out --json");
    let odd = name(data.folder(), "a.foo");
    fails(&at(&url, &["export", "1", "-o", &odd]), "the ending .foo names no format; .csv, .json,");
    at(&url, &["export", "1", "-o", &odd, "--format", "json"]).ok();
    at(&url, &["export", "1", "-o", data.folder().to_str().unwrap()]).ok();
    fails(&place.run(&["export", "nothing"]), "form nothing");
    let nowhere = place.data_dir().join("nowhere");
    let there = ["export", "1", "--data-dir", nowhere.to_str().unwrap()];
    fails(&run(fillhouse().args(there)), "there is no store in");
    assert!(!nowhere.exists(), "it made a folder");
    server.stop();
    fails(&at(&url, &["export", "1"]), "is it running");
}

#[test]
fn a_form_is_asked_for_by_any_of_its_names() {
    let data = DataSet::of(20);
    for place in [Place::sqlite(), Place::postgres()] {
        place.import(data.path());
        let server = place.serve();
        let by_id = place.run(&["export", "1", "-o", "-"]).ok().stdout;
        // Two accounts have a form in this directory: a token is of one of them.
        for name in ["form123", "acme/form123", "customer-survey"] {
            assert!(at(server.url(), &["export", name, "-o", "-"]).ok().stdout == by_id, "{name}");
        }
        assert!(place.run(&["export", "acme/form123", "-o", "-"]).ok().stdout == by_id);
        fails(&place.run(&["export", "form123", "-o", "-"]), "say which of acme/form123, globex/form123");
        let globex = place.run(&["export", "globex/form123", "-o", "-"]).ok().text();
        assert_eq!(globex.lines().count(), 1, "it has no submissions: {globex}");
        place.run(&["export", "form124", "--dry-run"]).ok();
        let lines = place.run(&["tail", "acme/form123"]).ok().stdout;
        assert!(lines.len() > 1_000 && at(server.url(), &["tail", "form123"]).ok().stdout == lines);
        // What there is not is told with what there is, and of other accounts only to whoever has the folder.
        let expected = "form form125 was not found: these are acme/form123, acme/form124, globex/form123\n";
        fails(&place.run(&["export", "form125"]), expected);
        for name in ["form125", "globex/form123"] {
            let expected = format!("form {name} was not found: these are form123, form124\n");
            fails(&at(server.url(), &["export", name]), &expected);
            fails(&at(server.url(), &["tail", name]), &expected);
        }
    }
    let empty = Place::sqlite();
    empty.run(&["account", "create", "acme"]).ok();
    fails(&empty.run(&["export", "form123"]), "form form123 was not found: there is no form yet");
}

#[track_caller]
fn fails(ran: &Ran, expected: &str) {
    assert!(ran.status == Some(1) && ran.stderr.contains(expected), "{expected}: {ran:?}");
}

#[test]
fn a_file_is_there_when_it_is_whole_and_not_before() {
    let data = DataSet::of(10);
    let place = Place::sqlite();
    place.import(data.path());
    let server: Server = place.serve();
    let file = name(data.folder(), "x.csv");
    // It breaks before any answer is whole.
    let cutter = Cutter::to(server.url(), 20);
    let ran = at(cutter.url(), &["export", "1", "-o", &file]);
    assert!(ran.status == Some(1) && !Path::new(&file).exists(), "{ran:?}");
}
