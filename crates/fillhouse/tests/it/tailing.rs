//! `fillhouse tail`: all that is there and all that comes, each once, whatever breaks off.

use crate::client::Client;
use crate::cutter::Cutter;
use crate::dataset::{DataSet, TOKEN};
use crate::place::Place;
use crate::run::{Ran, fillhouse, run, start};
use fillhouse_testkit::{Server, wait_until};
use reqwest::Method;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

const LIMIT: Duration = Duration::from_mins(1);

/// The command against a server.
fn tail(url: &str, arguments: &[&str]) -> Command {
    let mut command = fillhouse();
    command.args(["tail", "1"]).args(arguments);
    command.env("FILLHOUSE_SERVER", url).env("FILLHOUSE_TOKEN", TOKEN);
    command
}

/// The ids that lines say, in their order.
#[track_caller]
fn ids(lines: &str) -> Vec<String> {
    let id = |line: &str| serde_json::from_str::<Value>(line).unwrap()["id"].as_str().unwrap().to_owned();
    lines.lines().map(id).collect()
}

/// Stores submissions and gives their ids.
#[track_caller]
fn store(server: &Server, count: usize) -> Vec<String> {
    let submissions: Vec<_> =
        (0..count).map(|_| json!({"answers": {"100": "Ada", "103": [{"position": 0}]}})).collect();
    let url = format!("{}/v1/forms/1/submissions", server.url());
    let answer = Client::new().post(&url, &json!({"submissions": submissions})).unwrap();
    let ids = answer.json()["ids"].as_array().unwrap().clone();
    ids.iter().map(Value::to_string).collect()
}

/// What came behind `--since` on standard error.
#[track_caller]
fn cursor(ran: &Ran) -> String {
    let line = ran.stderr.lines().find_map(|line| line.strip_prefix("to go on: --since "));
    line.unwrap_or_else(|| panic!("no cursor: {ran:?}")).to_owned()
}

#[test]
fn it_goes_on_from_a_cursor_with_what_is_new_and_what_is_gone() {
    let data = DataSet::of(300);
    for place in [Place::sqlite(), Place::postgres()] {
        place.import(data.path());
        let server = place.serve();
        let all = run(&mut tail(server.url(), &["--include-incomplete"])).ok();
        assert_eq!(ids(&all.text()).len(), 300);
        let now = run(&mut tail(server.url(), &["--since", "now"])).ok();
        assert_eq!(now.text(), "");
        assert_eq!(cursor(&now), cursor(&all));
        let new = store(&server, 3);
        let gone = ids(&all.text())[7].clone();
        let bearer = format!("Bearer {TOKEN}");
        let url = format!("{}/v1/forms/1/submissions/{gone}", server.url());
        let deleted = Client::new().send(Method::DELETE, &url, &[("authorization", &bearer)], String::new());
        assert!(deleted.unwrap().status < 300);
        let next = run(&mut tail(server.url(), &["--since", &cursor(&all)])).ok();
        let expected: BTreeSet<_> = new.iter().cloned().chain([gone.clone()]).collect();
        assert_eq!(ids(&next.text()).into_iter().collect::<BTreeSet<_>>(), expected);
        assert!(next.text().contains(&format!(r#"{{"id":"{gone}","deleted":true}}"#)), "{next:?}");
        // The same of the folder.
        let folder = place.run(&["tail", "1", "--since", &cursor(&all)]).ok();
        assert_eq!((folder.text(), cursor(&folder)), (next.text(), cursor(&next)));
    }
}

/// A command that follows, into a file.
fn follow(url: &str, file: &str) -> Child {
    let mut command = tail(url, &["--follow", "--every", "1", "-o", file, "--include-incomplete"]);
    start(command.stdin(Stdio::null()).stderr(Stdio::null()))
}

#[test]
fn nothing_is_lost_or_told_twice_over_broken_lines_and_kills() {
    let data = DataSet::of(2_000);
    let place = Place::sqlite();
    place.import(data.path());
    let mut server = place.serve();
    let cutter = Cutter::to(server.url(), 300_000);
    let file = data.folder().join("lines.ndjson");
    let path = file.to_str().unwrap();
    let mut expected: BTreeSet<_> = (10_000_001..=10_002_000).map(|id: u64| id.to_string()).collect();
    let mut following = follow(cutter.url(), path);
    for round in 0..4 {
        expected.extend(store(&server, 40));
        wait_for(&file, expected.len() - if round % 2 == 0 { 0 } else { 40 });
        // At whatever it is.
        following.kill().unwrap();
        following.wait().unwrap();
        if round == 2 {
            // As if it had been killed while it wrote.
            let torn = [fs::read(&file).unwrap(), b"{\"id\":\"1000".to_vec()].concat();
            fs::write(&file, torn).unwrap();
        }
        following = follow(cutter.url(), path);
    }
    wait_for(&file, expected.len());
    // The server goes and comes back: who follows waits for it.
    server.stop();
    let server =
        place.server().env("FILLHOUSE_LISTEN", server.url().strip_prefix("http://").unwrap()).start();
    expected.extend(store(&server, 5));
    wait_for(&file, expected.len());
    following.kill().unwrap();
    following.wait().unwrap();
    let told = ids(&fs::read_to_string(&file).unwrap());
    assert_eq!(told.len(), expected.len(), "some are there twice");
    assert_eq!(told.into_iter().collect::<BTreeSet<_>>(), expected);
    assert!(cutter.connections() > 4, "nothing has broken off");
}

fn wait_for(file: &Path, lines: usize) {
    wait_until("the lines", LIMIT, || {
        let text = fs::read_to_string(file).unwrap_or_default();
        (text.lines().count() >= lines).then_some(())
    });
}

#[test]
fn an_interrupt_says_where_to_go_on() {
    let data = DataSet::of(20);
    let place = Place::sqlite();
    place.import(data.path());
    let server = place.serve();
    let file = data.folder().join("kept");
    let mut command = tail(server.url(), &["--follow", "--cursor-file", file.to_str().unwrap()]);
    let child = start(command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()));
    wait_until("the cursor", LIMIT, || file.exists().then_some(()));
    run(Command::new("sh").args(["-c", &format!("kill -INT {}", child.id())])).ok();
    let ended = child.wait_with_output().unwrap();
    let said = String::from_utf8(ended.stderr).unwrap();
    let kept: Value = serde_json::from_str(&fs::read_to_string(&file).unwrap()).unwrap();
    assert!(ended.status.success() && said.contains(kept["cursor"].as_str().unwrap()), "{said}");
    // And it goes on from there.
    let again = run(&mut tail(server.url(), &["--cursor-file", file.to_str().unwrap()])).ok();
    assert_eq!(again.text(), "");
}
