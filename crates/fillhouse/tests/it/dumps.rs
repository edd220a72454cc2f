//! Import and dump: everything comes back as it was, on either database, compressed or not, interrupted or not.

use crate::client::Client;
use crate::dataset::{DataSet, TOKEN};
use crate::place::Place;
use crate::run::{run, run_with_input, start};
use reqwest::Method;
use std::fs;
use std::io::{Read as _, Write as _};
use std::path::Path;
use std::process::{Command, Stdio};

#[test]
fn a_store_moves_between_the_databases_and_back() {
    let data = DataSet::of(2_000).with_more();
    let first = Place::sqlite();
    first.import(data.path());
    let dump = first.dump();
    let lines = dump.split(|byte| *byte == b'\n').count() - 1;
    assert!(lines > 2_200, "{lines} lines");
    let second = moved(&dump, Place::postgres());
    assert!(second.dump() == dump, "PostgreSQL gives something else back");
    let third = moved(&second.dump(), Place::sqlite());
    assert!(third.dump() == dump, "SQLite gives something else back");
    a_new_submission_gets_a_new_id(&second);
}

/// A place with what was dumped elsewhere.
fn moved(dump: &[u8], to: Place) -> Place {
    run_with_input(&mut to.command(&["import", "-"]), dump.to_vec()).ok();
    to
}

/// The tokens have moved, and ids go on where they were.
fn a_new_submission_gets_a_new_id(place: &Place) {
    let server = place.serve();
    let bearer = format!("Bearer {TOKEN}");
    let headers = [("authorization", bearer.as_str()), ("content-type", "application/json")];
    let url = format!("{}/v1/forms/1/submissions", server.url());
    let body = r#"{"answers": {"100": "Ada"}}"#.to_owned();
    let answer = Client::new().send(Method::POST, &url, &headers, body).unwrap();
    assert_eq!(answer.text(), r#"{"ids":[10002001]}"#, "{answer:?}");
}

#[test]
fn files_are_compressed_by_their_names() {
    let data = DataSet::of(500);
    let place = Place::sqlite();
    place.import(data.path());
    let plain = place.dump();
    for (name, magic) in
        [("all.jsonl", &b"{\"kind\""[..]), ("all.jsonl.gz", b"\x1f\x8b"), ("all.zst", b"\x28\xb5\x2f\xfd")]
    {
        let file = data.folder().join(name);
        let path = file.to_str().unwrap();
        assert!(place.run(&["dump", path]).ok().stdout.is_empty());
        assert!(fs::read(&file).unwrap().starts_with(magic), "{name}");
        let other = Place::sqlite();
        other.import(&file);
        assert!(other.dump() == plain, "{name} gives something else back");
    }
    let read_gzip = "import gzip, sys; sys.stdout.buffer.write(gzip.open(sys.argv[1]).read())";
    let unpacked =
        run(Command::new("python3").args(["-c", read_gzip]).arg(data.folder().join("all.jsonl.gz")));
    assert!(unpacked.ok().stdout == plain, "another program reads something else");
    let left: Vec<_> = fs::read_dir(data.folder()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert!(left.iter().all(|name| !name.to_string_lossy().ends_with(".partial")), "{left:?}");
}

#[test]
fn whoever_has_read_enough_ends_a_command_quietly() {
    let data = DataSet::of(10_000);
    let place = Place::sqlite();
    place.import(data.path());
    for asked in [&["dump"][..], &["export", "1", "-o", "-"], &["tail", "1"], &["completions", "bash"]] {
        let mut command = place.command(asked);
        let mut child = start(command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()));
        let mut first = [0; 10];
        child.stdout.take().unwrap().read_exact(&mut first).unwrap();
        let ended = child.wait_with_output().unwrap();
        let said = String::from_utf8(ended.stderr).unwrap();
        assert!(ended.status.success() && !said.contains("error"), "{asked:?}: {said}");
    }
}

#[test]
fn the_same_again_changes_nothing() {
    let data = DataSet::of(300);
    let place = Place::sqlite();
    let first = place.import(data.path()).stderr;
    assert_counts(&first, "submission", [300, 0, 0]);
    let before = place.dump();
    let again = place.import(data.path()).stderr;
    assert_counts(&again, "submission", [0, 0, 300]);
    assert_counts(&again, "profile", [0, 0, 200]);
    assert_counts(&again, "form", [0, 0, 3]);
    assert!(place.dump() == before);
    let changed = fs::read_to_string(data.path()).unwrap().replacen("\"113\":\"", "\"113\":\"New ", 1);
    let changed = run_with_input(&mut place.command(&["import", "-"]), changed.into()).ok();
    assert_counts(&changed.stderr, "submission", [0, 1, 299]);
}

/// What an import said of a kind: how many were added, replaced and unchanged.
#[track_caller]
fn assert_counts(summary: &str, kind: &str, expected: [u64; 3]) {
    let line = summary.lines().find(|line| line.split_whitespace().next() == Some(kind));
    let line = line.unwrap_or_else(|| panic!("nothing of {kind}: {summary}"));
    let counts: Vec<u64> = line.split_whitespace().filter_map(|word| word.parse().ok()).collect();
    assert_eq!(counts, expected, "{line}");
}

#[test]
fn a_bad_line_ends_an_import_or_is_skipped() {
    let data = DataSet::of(10);
    let text = fs::read_to_string(data.path()).unwrap();
    let mut lines: Vec<_> = text.lines().collect();
    let bad = lines.len() - 5;
    // A position that is below 0: those of the data set are not.
    let spoilt = lines[bad].replacen(r#""103":[{"position":"#, r#""103":[{"position":-"#, 1);
    lines[bad] = &spoilt;
    fs::write(data.path(), lines.join("\n") + "\n").unwrap();
    let path = data.path().to_str().unwrap();
    let place_of_fault = format!("{path}:{}: answers.103[0].position", bad + 1);

    let place = Place::sqlite();
    let ran = place.run(&["import", path]);
    assert_eq!(ran.status, Some(1));
    assert!(ran.stderr.contains(&place_of_fault), "{}", ran.stderr);
    assert_eq!(submissions(&place.dump()), 5, "what came before it is stored");

    let skipping = place.run(&["import", "--skip-bad", path]).ok();
    assert!(skipping.stderr.contains(&format!("skipped: {place_of_fault}")), "{}", skipping.stderr);
    assert_counts(&skipping.stderr, "submission", [4, 0, 5]);
    assert!(skipping.stderr.contains("1 skipped"), "{}", skipping.stderr);
    assert_eq!(submissions(&place.dump()), 9);
}

#[test]
fn an_import_that_was_killed_is_run_again() {
    let data = DataSet::of(20_000);
    let control = Place::sqlite();
    control.import(data.path());
    let whole = control.dump();

    let place = Place::sqlite();
    import_half_of(data.path(), &place);
    let part = submissions(&place.dump());
    assert!((1..20_000).contains(&part), "{part} submissions: this was not the middle");
    place.import(data.path());
    assert!(place.dump() == whole, "it is not what one undisturbed import gives");
}

/// Gives an import half of a file and kills it while it waits for the rest.
fn import_half_of(file: &Path, place: &Place) {
    let mut importing = place.command(&["import", "-"]);
    let mut child = start(importing.stdin(Stdio::piped()).stderr(Stdio::null()));
    let text = fs::read(file).unwrap();
    // Once this is written the import has read all of it but what a pipe holds, and stored all but its last batches.
    child.stdin.as_mut().unwrap().write_all(&text[..text.len() / 2]).unwrap();
    child.kill().unwrap();
    child.wait().unwrap();
}

/// How many submissions a dump has.
fn submissions(dump: &[u8]) -> usize {
    let text = std::str::from_utf8(dump).unwrap();
    text.lines().filter(|line| line.starts_with(r#"{"kind":"submission""#)).count()
}
