//! From the APIs of the originals, as our own server speaks them.

use super::{get, serve_freely, submissions, token_of};
use crate::client::Client;
use crate::dataset::{DataSet, TOKEN};
use crate::place::Place;
use crate::run::{run, start};
use fillhouse_testkit::{Receiver, Reply, Server, wait_until};
use reqwest::Method;
use serde_json::{Value, json};
use std::fs;
use std::process::Stdio;
use std::time::Duration;

const LIMIT: Duration = Duration::from_mins(1);
/// The directories of the first account's forms that have submissions.
const FORMS: [&str; 2] = ["form123", "more"];

fn from_formsite<'a>(server: &'a str, more: &[&'a str]) -> Vec<&'a str> {
    let asked = ["import", "--from", "formsite", "--user-dir", "acme", "--token", TOKEN, "--server", server];
    [&asked, more].concat()
}

/// All results of a form, as clients of the API see them.
fn results(server: &Server, token: &str, form: &str) -> Vec<Value> {
    let (mut results, mut after) = (Vec::new(), "0".to_owned());
    loop {
        let path = format!(
            "/api/v2/acme/forms/{form}/results?sort_id=result_id&sort_direction=asc&after_id={after}"
        );
        let page = get(server, token, &path)["results"].as_array().unwrap().clone();
        let Some(last) = page.last() else { return results };
        last["id"].as_str().unwrap().clone_into(&mut after);
        results.extend(page);
    }
}

#[track_caller]
fn same_results(there: &Server, here: &Place) {
    let (server, token) = (serve_freely(here), token_of(here, "acme"));
    for form in FORMS {
        let (theirs, ours) = (results(there, TOKEN, form), results(&server, &token, form));
        assert_eq!(theirs.len(), ours.len(), "{form}");
        for (theirs, ours) in theirs.iter().zip(&ours) {
            assert_eq!(theirs, ours, "{form}");
        }
        let items = format!("/api/v2/acme/forms/{form}/items");
        assert_eq!(get(there, TOKEN, &items), get(&server, &token, &items));
    }
}

#[test]
fn results_arrive_as_they_were_and_later_changes_follow() {
    let data = DataSet::of(350).with_more();
    let theirs = Place::sqlite();
    theirs.import(data.path());
    let there = serve_freely(&theirs);
    for ours in [Place::sqlite(), Place::postgres()] {
        let looked = ours.run(&[&from_formsite(there.url(), &["--dry-run"])[..], &[]].concat()).ok();
        assert!(looked.text().contains("form123: Customer Survey, 21 items, "), "{looked:?}");
        let first = ours.run(&from_formsite(there.url(), &[])).ok();
        let [added, 0, 0] = submissions(&first) else { panic!("{first:?}") };
        same_results(&there, &ours);
        let again = ours.run(&from_formsite(there.url(), &[])).ok();
        assert_eq!(submissions(&again), [0, 0, added]);

        let client = Client::new();
        let url = format!("{}/v1/forms/1/submissions", there.url());
        let new = json!({"answers": {"100": "New", "103": [{"position": 3, "other": "a poster"}]}});
        assert_eq!(client.post(&url, &new).unwrap().status, 201);
        let bearer = format!("Bearer {TOKEN}");
        let headers = [("authorization", bearer.as_str()), ("content-type", "application/json")];
        let edit = json!({"answers": {"113": format!("Moved, {added}")}}).to_string();
        let edited = client.send(Method::PATCH, &format!("{url}/10000007"), &headers, edit).unwrap();
        assert_eq!(edited.status, 200, "{}", edited.text());
        let third = ours.run(&from_formsite(there.url(), &["--form", "form123"])).ok();
        let [1, 1, _] = submissions(&third) else { panic!("{third:?}") };
        same_results(&there, &ours);
    }
}

#[test]
fn a_move_that_was_killed_goes_on() {
    let data = DataSet::of(450).with_more();
    let theirs = Place::sqlite();
    theirs.import(data.path());
    // It is let in five times a minute, and waits for the next.
    let limited = theirs.server().env("FILLHOUSE_RATE_LIMIT_PER_MINUTE", "5").start();
    let ours = Place::sqlite();
    let mut moving = ours.command(&from_formsite(limited.url(), &[]));
    let mut child = start(moving.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()));
    let fetched = ours.data_dir().join("imports/formsite-acme-form123.results");
    wait_until("some results", LIMIT, || {
        let lines = fs::read_to_string(&fetched).unwrap_or_default().lines().count();
        (lines >= 200).then_some(())
    });
    child.kill().unwrap();
    child.wait().unwrap();
    drop(limited);
    // As if it had been killed while it wrote.
    let torn = [fs::read(&fetched).unwrap(), b"{\"id\":\"99".to_vec()].concat();
    fs::write(&fetched, torn).unwrap();
    let there = serve_freely(&theirs);
    ours.run(&from_formsite(there.url(), &[])).ok();
    same_results(&there, &ours);
}

#[test]
fn it_waits_as_long_as_it_is_told_to() {
    let receiver = Receiver::start();
    let path = "/api/v2/acme/forms";
    let replies = [
        Reply::status(429).header("Retry-After", "1"),
        Reply::status(503),
        Reply::status(200).body(r#"{"forms":[]}"#),
    ];
    receiver.answer(path, replies);
    let ran = Place::sqlite().run(&from_formsite(&receiver.url(""), &[])).ok();
    assert!(ran.stderr.contains("a pause of 1 s"), "{ran:?}");
    assert_eq!(receiver.received().len(), 3);
    receiver.answer(path, [Reply::status(429).header("Retry-After", "80000")]);
    let ran = Place::sqlite().run(&from_formsite(&receiver.url(""), &[]));
    assert!(ran.status == Some(1) && ran.stderr.contains("run this again later"), "{ran:?}");
}

#[test]
fn a_form_that_is_another_is_left_alone() {
    let data = DataSet::of(10);
    let theirs = Place::sqlite();
    theirs.import(data.path());
    let there = serve_freely(&theirs);
    let ours = Place::sqlite();
    ours.import(data.path());
    let ran = ours.run(&from_formsite(there.url(), &["--account", "acme"]));
    assert!(ran.status == Some(1) && ran.stderr.contains("nothing was changed"), "{ran:?}");
    let ran = ours.run(&from_formsite(there.url(), &["--account", "nobody"]));
    assert!(ran.status == Some(1) && ran.stderr.contains("these are acme, globex"), "{ran:?}");
    let wrong =
        ["import", "--from", "formsite", "--user-dir", "acme", "--token", "x", "--server", there.url()];
    let ran = Place::sqlite().run(&wrong);
    assert!(ran.status == Some(1) && ran.stderr.contains("is it the right token"), "{ran:?}");
}

#[test]
fn files_are_copied_once() {
    let (theirs, receiver, data) = (Place::sqlite(), Receiver::start(), DataSet::of(0).with_more());
    let lines = fs::read_to_string(data.path()).unwrap().replace("https://files.example", &receiver.url(""));
    fs::write(data.path(), lines).unwrap();
    receiver.answer("/a.pdf", [Reply::status(404), Reply::status(404)]);
    theirs.import(data.path());
    let there = serve_freely(&theirs);
    let client = Client::new();
    let bearer = format!("Bearer {TOKEN}");
    let headers = [("authorization", bearer.as_str()), ("content-type", "application/pdf")];
    let upload = format!("{}/v1/forms/7/files?name=my%20cv.pdf", there.url());
    let uploaded = client.send(Method::POST, &upload, &headers, "%PDF-1.7".to_owned()).unwrap().json();
    let answers = json!({"answers": {"1": [{"name": "my cv.pdf", "url": uploaded["url"]}]}});
    let stored = client.post(&format!("{}/v1/forms/7/submissions", there.url()), &answers).unwrap();
    assert_eq!(stored.status, 201, "{}", stored.text());

    let ours = Place::sqlite();
    let first = ours.run(&from_formsite(there.url(), &["--with-files", "--form", "more"])).ok();
    assert!(first.stderr.contains("/a.pdf is not there"), "{first:?}");
    let again = ours.run(&from_formsite(there.url(), &["--with-files", "--form", "more"])).ok();
    assert_eq!(submissions(&again)[..2], [0, 0]);
    let fetched = |path: &str| receiver.received().iter().filter(|asked| asked.path == path).count();
    assert_eq!((fetched("/a.pdf"), fetched("/b.pdf?c=d,e")), (2, 1));
    drop(there);
    let server = serve_freely(&ours);
    let newest = results(&server, &token_of(&ours, "acme"), "more").pop().unwrap();
    let url = newest["items"][0]["values"][0]["value"].as_str().unwrap().to_owned();
    let path = url.split_once("/acme/files/").unwrap().1;
    let got = client.get(&format!("{}/acme/files/{path}", server.url()));
    assert_eq!((got.status, got.text().as_str()), (200, "%PDF-1.7"), "{url}");
}

/// All submissions of a form, as clients of the API see them, but for the form's id.
fn submissions_of(server: &Server, token: &str, form: &str) -> Vec<Value> {
    let mut all = Vec::new();
    for page in 1.. {
        let listed = get(server, token, &format!("/open/forms/{form}/submissions?per_page=100&page={page}"));
        all.extend(listed["data"].as_array().unwrap().iter().cloned());
        if listed["meta"]["last_page"].as_u64().unwrap() <= page {
            break;
        }
    }
    for submission in &mut all {
        submission.as_object_mut().unwrap().remove("form_id");
    }
    all
}

#[test]
fn open_submissions_arrive_as_they_were() {
    let data = DataSet::of(230).with_more();
    let theirs = Place::sqlite();
    theirs.import(data.path());
    let there = serve_freely(&theirs);
    let client = Client::new();
    let made = client.post(&format!("{}/open/forms", there.url()), &json!({
        "title": "Pets & people", "visibility": "public", "properties": [
            {"id": "3f0c2a51-9f0b-4bb0-9d0e-0a7a4d9c1b11", "type": "number", "name": "How many?"},
            {"id": "5a0c2a51-9f0b-4bb0-9d0e-0a7a4d9c1b12", "type": "multi_select", "name": "Which?", "allow_creation": true,
             "multi_select": {"options": [{"name": "Cat"}, {"name": "Dog"}]}},
            {"id": "6b0c2a51-9f0b-4bb0-9d0e-0a7a4d9c1b13", "type": "matrix", "name": "How?", "rows": ["Food", "Walks"],
             "columns": ["Good", "Bad"]},
            {"id": "7c0c2a51-9f0b-4bb0-9d0e-0a7a4d9c1b14", "type": "checkbox", "name": "Agreed?"},
        ]
    })).unwrap();
    assert!(made.status < 300, "{}", made.text());
    let listed = get(&there, TOKEN, "/open/forms");
    let form = listed["data"]
        .as_array()
        .or(listed.as_array())
        .unwrap()
        .iter()
        .find(|form| form["title"] == "Pets & people");
    let slug = form.unwrap()["slug"].as_str().unwrap().to_owned();
    let answered = client
        .post(
            &format!("{}/forms/{slug}/answer", there.url()),
            &json!({
                "3f0c2a51-9f0b-4bb0-9d0e-0a7a4d9c1b11": "4.50",
                "5a0c2a51-9f0b-4bb0-9d0e-0a7a4d9c1b12": ["Dog", "Newt"],
                "6b0c2a51-9f0b-4bb0-9d0e-0a7a4d9c1b13": {"Food": "Bad"},
                "7c0c2a51-9f0b-4bb0-9d0e-0a7a4d9c1b14": true, "completion_time": 61
            }),
        )
        .unwrap();
    assert_eq!(answered.status, 200, "{}", answered.text());

    let ours = Place::sqlite();
    let asked =
        ["import", "--from", "opnform", "--token", TOKEN, "--server", there.url(), "--user-dir", "acme"];
    let first = ours.run(&asked).ok();
    let [added, 0, 0] = submissions(&first) else { panic!("{first:?}") };
    assert_eq!(submissions(&ours.run(&asked).ok()), [0, 0, added]);
    let (server, token) = (serve_freely(&ours), token_of(&ours, "acme"));
    for theirs in ["customer-survey", slug.as_str()] {
        let listed = get(&server, &token, "/api/v2/acme/forms");
        let forms = listed["forms"].as_array().unwrap();
        let directory =
            forms.iter().find(|form| theirs.starts_with(form["directory"].as_str().unwrap())).unwrap();
        let path = directory["directory"].as_str().unwrap();
        // A form has a slug of its own here, which begins with the directory.
        let open = get(&server, &token, "/open/forms");
        let open = open["data"].as_array().or(open.as_array()).unwrap().clone();
        let form = open.iter().find(|form| form["slug"].as_str().unwrap().starts_with(path)).unwrap();
        let id = form["id"].to_string();
        assert_eq!(submissions_of(&there, TOKEN, theirs), submissions_of(&server, &token, &id), "{theirs}");
    }
    let ran = run(&mut ours.command(&["import", "--from", "opnform"]));
    assert!(ran.status == Some(1) && ran.stderr.contains("--token"), "{ran:?}");
}
