//! Writers that store submissions while servers are killed or stopped: what was acknowledged is there, once.

use crate::chance::{Chance, let_pass};
use crate::client::Client;
use crate::place::Place;
use crate::run::{run_with_input, signal};
use fillhouse_testkit::{Server, wait_until};
use reqwest::Method;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard};
use std::thread;
use std::time::Duration;

const WRITERS: u64 = 16;
/// How many requests a writer makes at most, should nobody tell it to end.
const MOST_REQUESTS: u64 = 50_000;
/// How many requests must have been answered before a server is killed.
const FEWEST_ANSWERS: u64 = 100;
/// The random rest of a server's life.
const LONGEST_REST: Duration = Duration::from_millis(400);
/// How long an answer may be waited for, restarts and all.
const ANSWER_LIMIT: Duration = Duration::from_mins(1);

const TOKEN: &str = "writers-token-0123456789";
const FORM: &str = r#"{"kind":"account","id":1,"user_dir":"acme","name":"Acme"}
{"kind":"user","id":1,"account_id":1,"email":"owner@acme.example"}
{"kind":"token","account_id":1,"user_id":1,"name":"writers","abilities":["*"],"secret":"writers-token-0123456789"}
{"kind":"form","id":1,"account_id":1,"shortname":"form_6Ven2v7O","directory":"form1","slug":"marks","name":"Marks","state":"open","items":[{"id":"100","type":"text","label":"Marker","required":true}]}
"#;

#[test]
fn sixteen_writers_and_five_kills_on_sqlite() {
    write_while_killed(&Place::sqlite(), 5);
}

#[test]
fn sixteen_writers_and_two_kills_on_postgres() {
    write_while_killed(&Place::postgres(), 2);
}

/// What all writers know.
struct Shared {
    /// Where the server is just now.
    url: Mutex<String>,
    answers: AtomicU64,
    is_over: AtomicBool,
}

impl Shared {
    fn at(server: &Server) -> Self {
        let url = Mutex::new(server.url().to_owned());
        Self { url, answers: AtomicU64::new(0), is_over: AtomicBool::new(false) }
    }

    fn url(&self) -> MutexGuard<'_, String> {
        self.url.lock().unwrap()
    }
}

/// Tells the writers to end when it is dropped, also where that is because of a panic.
struct Over<'a>(&'a Shared);

impl Drop for Over<'_> {
    fn drop(&mut self) {
        self.0.is_over.store(true, Ordering::Relaxed);
    }
}

/// The acknowledged ids, by marker.
type Acknowledged = BTreeMap<String, i64>;

fn write_while_killed(place: &Place, kills: u32) {
    import_form(place);
    let mut server = place.serve();
    let shared = Shared::at(&server);
    let acknowledged = write_meanwhile(&shared, || {
        let mut chance = Chance::new();
        for _ in 0..kills {
            be_busy(&shared);
            let_pass(chance.part_of(LONGEST_REST));
            server.kill_hard();
            server = place.serve();
            server.url().clone_into(&mut shared.url());
        }
        be_busy(&shared);
    });
    assert_eq!(server.stop().code(), Some(0));
    assert_eq!(stored(place), acknowledged);
}

/// Whatever a server had begun when it was stopped keeps nobody waiting until it wakes.
#[test]
fn writers_at_another_server_do_not_wait_for_one_that_was_stopped() {
    let place = Place::postgres();
    import_form(&place);
    let (mut first, sibling) = (place.serve(), place.sibling());
    let mut second = sibling.serve();
    let shared = Shared::at(&first);
    let mut elsewhere = Acknowledged::new();
    let mut acknowledged = write_meanwhile(&shared, || {
        be_busy(&shared);
        let_pass(Chance::new().part_of(LONGEST_REST));
        signal(&first, "STOP");
        elsewhere = write(WRITERS, &Shared::at(&second), 3);
        signal(&first, "CONT");
        be_busy(&shared);
    });
    acknowledged.append(&mut elsewhere);
    assert_eq!((first.stop().code(), second.stop().code()), (Some(0), Some(0)));
    assert_eq!(stored(&place), acknowledged);
}

fn import_form(place: &Place) {
    run_with_input(&mut place.command(&["import", "-"]), FORM.into()).ok();
}

/// Lets all writers write while something is done; what was acknowledged to them.
fn write_meanwhile(shared: &Shared, something: impl FnOnce()) -> Acknowledged {
    thread::scope(|scope| {
        let over = Over(shared);
        let writers: Vec<_> =
            (0..WRITERS).map(|writer| scope.spawn(move || write(writer, shared, MOST_REQUESTS))).collect();
        something();
        drop(over);
        writers.into_iter().flat_map(|writer| writer.join().unwrap()).collect()
    })
}

/// Waits until more requests were answered: by the server that is running now.
fn be_busy(shared: &Shared) {
    let before = shared.answers.load(Ordering::Relaxed);
    wait_until("answers", ANSWER_LIMIT, || {
        (shared.answers.load(Ordering::Relaxed) >= before + FEWEST_ANSWERS).then_some(())
    });
}

/// Stores submissions until it is over, one request after the other, but at most so many.
fn write(writer: u64, shared: &Shared, most: u64) -> Acknowledged {
    let client = Client::with_token(TOKEN);
    let mut acknowledged = Acknowledged::new();
    for request in 0..most {
        if shared.is_over.load(Ordering::Relaxed) {
            break;
        }
        // Some requests have one submission, others more.
        let markers: Vec<_> = (0..=request % 3).map(|n| format!("{writer}-{request}-{n}")).collect();
        let body = body(&markers);
        let key = format!("writer {writer}, request {request}");
        let ids = wait_until("an answer", ANSWER_LIMIT, || {
            let url = shared.url().clone();
            acknowledgement(&client, &url, &key, &body)
        });
        assert_eq!(ids.len(), markers.len());
        acknowledged.extend(markers.into_iter().zip(ids));
        shared.answers.fetch_add(1, Ordering::Relaxed);
    }
    acknowledged
}

fn body(markers: &[String]) -> Value {
    match markers {
        [marker] => json!({"answers": {"100": marker}}),
        markers => {
            let all: Vec<_> = markers.iter().map(|marker| json!({"answers": {"100": marker}})).collect();
            json!({"submissions": all})
        }
    }
}

/// The ids that were answered; none where no answer came, or one that asks to try again: the same request is sent once
/// more, under the same key.
fn acknowledgement(client: &Client, server: &str, key: &str, body: &Value) -> Option<Vec<i64>> {
    let url = format!("{server}/v1/forms/1/submissions");
    let bearer = format!("Bearer {TOKEN}");
    let headers =
        [("authorization", bearer.as_str()), ("content-type", "application/json"), ("idempotency-key", key)];
    let answer = client.send(Method::POST, &url, &headers, body.to_string()).ok()?;
    if answer.status == 503 {
        return None;
    }
    assert_eq!(answer.status, 201, "{}", answer.text());
    Some(answer.json()["ids"].as_array().unwrap().iter().map(|id| id.as_i64().unwrap()).collect())
}

/// The ids of what is stored, by marker; none is there twice.
fn stored(place: &Place) -> Acknowledged {
    let mut stored = Acknowledged::new();
    for line in String::from_utf8(place.dump()).unwrap().lines() {
        let line: Value = serde_json::from_str(line).unwrap();
        if line["kind"] == "submission" {
            let marker = line["answers"]["100"].as_str().unwrap().to_owned();
            let twice = stored.insert(marker, line["id"].as_i64().unwrap());
            assert!(twice.is_none(), "a marker is stored twice: {line}");
        }
    }
    stored
}
