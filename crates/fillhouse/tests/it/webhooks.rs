//! Webhooks of the real program: what it owed when it was killed, it delivers when it is back.

use crate::client::Client;
use crate::place::Place;
use crate::run::run_with_input;
use fillhouse_testkit::{Received, Receiver, Reply, Server, wait_until};
use serde_json::json;
use std::collections::BTreeSet;
use std::time::Duration;

const TOKEN: &str = "webhooks-token-0123456789";
/// How long a delivery may be waited for, on a machine that runs many tests at once.
const LIMIT: Duration = Duration::from_mins(1);
const SUBMISSIONS: usize = 5;

fn form(url: &str) -> String {
    format!(
        r#"{{"kind":"account","id":1,"user_dir":"acme","name":"Acme"}}
{{"kind":"user","id":1,"account_id":1,"email":"owner@acme.example"}}
{{"kind":"token","account_id":1,"user_id":1,"name":"all","abilities":["*"],"secret":"{TOKEN}"}}
{{"kind":"form","id":1,"account_id":1,"shortname":"form_6Ven2v7O","directory":"form1","slug":"marks","name":"Marks","state":"open","items":[{{"id":"100","type":"text","label":"Marker"}}]}}
{{"kind":"webhook","form_id":1,"url":"{url}","event":"result_completed","handshake_key":"open sesame"}}
"#
    )
}

fn serve(place: &Place) -> Server {
    place.server().env("FILLHOUSE_WEBHOOK_ALLOW", "127.0.0.0/8, ::1/128").start()
}

#[track_caller]
fn submit(server: &Server, marker: usize) {
    let url = format!("{}/v1/forms/1/submissions", server.url());
    let body = json!({"answers": {"100": format!("marker {marker}")}});
    let answer = Client::with_token(TOKEN).post(&url, &body).unwrap();
    assert_eq!(answer.status, 201, "{}", answer.text());
}

/// The markers that were received, each once.
fn markers(requests: &[Received]) -> BTreeSet<usize> {
    let is_of = |marker: &usize, request: &Received| request.text().contains(&format!("marker {marker}"));
    (0..SUBMISSIONS).filter(|marker| requests.iter().any(|request| is_of(marker, request))).collect()
}

#[test]
fn what_was_owed_when_the_server_was_killed_is_delivered() {
    let receiver = Receiver::start();
    let place = Place::sqlite();
    run_with_input(&mut place.command(&["import", "-"]), form(&receiver.url("/hook")).into()).ok();
    // Of the first it hears no answer, so that the server has it in hand, and owes the others, when it is killed.
    receiver.answer("/hook", [Reply::silence()]);
    let mut server = serve(&place);
    (0..SUBMISSIONS).for_each(|marker| submit(&server, marker));
    wait_until("the first delivery", LIMIT, || (!receiver.received().is_empty()).then_some(()));
    server.kill_hard();
    assert_eq!(receiver.received().len(), 1);
    let server = serve(&place);
    let requests = wait_until("all deliveries", LIMIT, || {
        let requests = receiver.received();
        (markers(&requests).len() == SUBMISSIONS && requests.len() > SUBMISSIONS).then_some(requests)
    });
    assert!(requests[0].text().ends_with(r#","handshake_key":"open sesame"}"#), "{}", requests[0].text());
    let ids: BTreeSet<&str> = requests.iter().map(|request| request.header("webhook-id")).collect();
    assert_eq!((ids.len(), requests.len()), (SUBMISSIONS, SUBMISSIONS + 1));
    assert_eq!(requests[0].body, requests[1].body);
    drop(server);
}
