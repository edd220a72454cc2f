//! The demo: what it prints is there, and works.

use super::printed::Request;
use crate::chance::{Chance, let_pass};
use crate::client::Client;
use crate::place::Place;
use crate::run::{PROGRAM, fillhouse, run, run_with_input};
use fillhouse_testkit::{Server, wait_until};
use std::path::Path;
use std::time::Duration;

/// How long the sample may take to load, on a machine that runs many tests at once.
const DEMO_LIMIT: Duration = Duration::from_mins(2);
/// About as long as it takes.
const LOADING: Duration = Duration::from_secs(1);

#[test]
fn once_in_an_empty_folder_it_shows_an_export_and_how_to_make_one() {
    let folder = tempfile::tempdir().unwrap();
    let shown = once(folder.path());
    assert!(shown.contains("Loaded the sample"), "{shown}");
    for part in ["on SQLite", "Which café?", "Recommend us?", "… and 19995 more"] {
        assert!(shown.contains(part), "{part} is not in:\n{shown}");
    }
    let requests = requests(&shown);
    assert_eq!(requests.len(), 3, "{shown}");
    let file = folder.path().join("fillhouse-demo").join(requests[1].output.as_ref().unwrap());
    assert!(shown.contains(file.file_name().unwrap().to_str().unwrap()));
    assert!(file.is_file(), "the file that it names is not there");

    let again = once(folder.path());
    assert!(again.contains("The sample data is there already."), "{again}");
    assert!(again.contains("Which café?") && again.contains("more, in "), "{again}");
}

/// Runs the demo in a folder, with no setting but a free port.
fn once(folder: &Path) -> String {
    let mut demo = fillhouse();
    run(demo.args(["demo", "--once", "--listen", "127.0.0.1:0"]).current_dir(folder)).ok().text()
}

#[test]
fn the_requests_that_it_prints_work() {
    let mut server = Server::builder(PROGRAM).args(["demo"]).start();
    let shown = wait_until("the end of the demo's export", DEMO_LIMIT, || {
        Some(server.output()).filter(|shown| shown.contains("Serving until you press Ctrl-C."))
    });
    let token = shown.lines().find_map(|line| line.strip_prefix("The token is ")).unwrap().trim();
    assert_eq!(token.len(), 64, "{token}");
    let client = Client::with_token(token);
    let [export, download, submission] = &requests(&shown)[..] else { panic!("not three requests: {shown}") };

    let answer = export.send(&client).json();
    assert_eq!(answer["error"], 0, "{answer}");
    let task = answer["data"]["task_id"].as_str().unwrap();
    assert_eq!(client.finish(server.url(), task).total, 20_000);

    let file = download.send(&client);
    assert!(file.status == 200 && file.body.starts_with(b"PK"), "{}", file.text());
    assert!(download.url.ends_with(download.output.as_ref().unwrap()));

    let stored = submission.send(&client);
    assert_eq!(stored.status, 201, "{}", stored.text());
    assert_eq!(stored.json()["ids"].as_array().unwrap().len(), 1);
    assert_eq!(server.stop().code(), Some(0));
}

/// However far it came, the next one shows everything.
#[test]
fn one_that_was_killed_while_it_loaded_is_begun_anew() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("fillhouse-demo");
    let mut killed = Server::builder(PROGRAM).args(["demo"]).data_dir(&data).start();
    let_pass(Chance::new().part_of(LOADING));
    killed.kill_hard();
    let shown = once(folder.path());
    assert!(shown.contains("… and 19995 more"), "{shown}");
}

#[test]
fn it_keeps_off_the_data_of_others() {
    let place = Place::sqlite();
    let theirs = r#"{"kind":"account","id":1,"user_dir":"acme","name":"Acme"}"#;
    run_with_input(&mut place.command(&["import", "-"]), theirs.into()).ok();
    let before = place.dump();
    let ran = place.run(&["demo", "--once", "--listen", "127.0.0.1:0"]);
    assert!(ran.status == Some(1) && ran.stderr.contains("there is other data here"), "{ran:?}");
    assert!(place.dump() == before);
}

/// What it prints to be tried.
fn requests(shown: &str) -> Vec<Request> {
    shown.lines().filter(|line| line.trim_start().starts_with("curl ")).map(Request::parse).collect()
}
