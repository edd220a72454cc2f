//! Exports of a large data set, compared cell by cell with what `tools/check_export.py` computes from the data set.

use crate::client::{Client, Exported};
use crate::dataset::{DataSet, FORM, FORM_OF_MORE};
use crate::place::Place;
use crate::run::{python_tool, run};
use fillhouse_testkit::Server;
use std::fs;
use std::io::{Cursor, Read as _};
use std::path::{Path, PathBuf};
use std::process::Command;

/// The period of everything that a data set has.
const ALL: (&str, &str) = ("2026-01-01", "2026-12-31");
const A_MONTH: (&str, &str) = ("2026-04-01", "2026-04-30");
/// Of 23 hours in the account's time zone.
const CLOCKS_CHANGE_IN_BERLIN: (&str, &str) = ("2026-03-29", "2026-03-29");
/// Of 23 hours there, on another day.
const CLOCKS_CHANGE_IN_NEW_YORK: (&str, &str) = ("2026-03-08", "2026-03-08");
const BEFORE_EVERYTHING: (&str, &str) = ("2025-06-01", "2025-06-30");

#[test]
fn a_hundred_thousand_submissions_on_sqlite() {
    let data = DataSet::of(100_000);
    let place = Place::sqlite();
    place.import(data.path());
    let server = place.serve();
    assert!(export_of(&data, &server, ALL) > 97_000);
    assert!(export_of(&data, &server, A_MONTH) > 9_000);
    assert!(export_of(&data, &server, CLOCKS_CHANGE_IN_BERLIN) > 250);
    nothing_is_exported(&data, &server);
}

#[test]
fn twenty_thousand_submissions_on_postgres_of_a_form_with_its_own_time_zone() {
    let data = DataSet::of(20_000);
    let without = fs::read_to_string(data.path()).unwrap();
    let with = r#"{"kind":"form","timezone":"America/New_York","id":1,"#;
    fs::write(data.path(), without.replacen(r#"{"kind":"form","id":1,"#, with, 1)).unwrap();
    let place = Place::postgres();
    place.import(data.path());
    let server = place.serve();
    assert!(export_of(&data, &server, ALL) > 19_000);
    assert!(export_of(&data, &server, A_MONTH) > 1_900);
    assert!(export_of(&data, &server, CLOCKS_CHANGE_IN_NEW_YORK) > 40);
    nothing_is_exported(&data, &server);
}

#[test]
fn every_kind_of_item_on_both_databases() {
    let data = DataSet::of(10).with_more();
    let client = Client::of_form(FORM_OF_MORE);
    for place in [Place::sqlite(), Place::postgres()] {
        place.import(data.path());
        let server = place.serve();
        assert_eq!(export_by(&client, &data, &server, ALL), 3);
        // Of two submissions, both of midnight in Tokyo, one is of this day.
        assert_eq!(export_by(&client, &data, &server, ("2026-04-01", "2026-04-01")), 2);
    }
}

#[test]
fn the_check_finds_what_is_wrong() {
    let data = DataSet::of(50);
    let place = Place::sqlite();
    place.import(data.path());
    let server = place.serve();
    let (exported, bytes) = Client::new().export(server.url(), ALL.0, ALL.1);
    let zip = kept(&data, &exported, &bytes);
    let of_another = DataSet::of(51);
    let lines = fs::read_to_string(data.path()).unwrap();
    let other_city = lines.replacen("\"113\":\"", "\"113\":\"New ", 1);
    for (is_there, expected) in [
        (fs::read_to_string(of_another.path()).unwrap(), "row 2, column"),
        (other_city, "row 1, column 29 (City)"),
        (lines.replacen("\"label\":\"Stars\"", "\"label\":\"Marks\"", 1), "row 0, column 27 (Marks)"),
    ] {
        fs::write(data.path(), is_there).unwrap();
        let mut checking = python_tool("check_export.py");
        let form = FORM.to_string();
        checking.arg(data.path()).arg(&zip).args(["--form", &form, "--from", ALL.0, "--to", ALL.1]);
        let ran = run(&mut checking);
        assert!(ran.status == Some(1) && ran.stderr.contains(expected), "{expected}: {ran:?}");
    }
}

/// Exports a period, and compares the file with the data set; how many rows it has.
#[track_caller]
fn export_of(data: &DataSet, server: &Server, period: (&str, &str)) -> u64 {
    export_by(&Client::new(), data, server, period)
}

#[track_caller]
fn export_by(client: &Client, data: &DataSet, server: &Server, period: (&str, &str)) -> u64 {
    let (exported, bytes) = client.export(server.url(), period.0, period.1);
    let zip = kept(data, &exported, &bytes);
    run(Command::new("unzip").arg("-t").arg(&zip)).ok();
    assert_eq!(data.check_export(client.form, &zip, period), exported.total);
    exported.total
}

/// An empty period gives a file of a header.
#[track_caller]
fn nothing_is_exported(data: &DataSet, server: &Server) {
    assert_eq!(export_of(data, server, BEFORE_EVERYTHING), 0);
    let (_, bytes) = Client::new().export(server.url(), BEFORE_EVERYTHING.0, BEFORE_EVERYTHING.1);
    let csv = unzipped(&bytes);
    assert!(csv.starts_with("id,date_start,") && csv.find('\n') == Some(csv.len() - 1), "{csv}");
}

/// The file under the name that the server gave it.
fn kept(data: &DataSet, exported: &Exported, bytes: &[u8]) -> PathBuf {
    let zip = data.folder().join(Path::new(&exported.url).file_name().unwrap());
    fs::write(&zip, bytes).unwrap();
    zip
}

fn unzipped(zip: &[u8]) -> String {
    let mut csv = String::new();
    let mut archive = zip::ZipArchive::new(Cursor::new(zip)).unwrap();
    archive.by_index(0).unwrap().read_to_string(&mut csv).unwrap();
    csv
}
