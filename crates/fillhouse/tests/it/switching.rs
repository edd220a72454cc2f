//! `fillhouse import --from`: what another server has, and what is in a table, arrives as it was.

mod apis;
mod tables;

use crate::client::Client;
use crate::place::Place;
use crate::run::Ran;
use fillhouse_testkit::Server;
use reqwest::Method;
use serde_json::Value;

/// What an API answers to this token.
#[track_caller]
fn get(server: &Server, token: &str, path: &str) -> Value {
    let bearer = format!("Bearer {token}");
    let url = format!("{}{path}", server.url());
    let answer = Client::new().send(Method::GET, &url, &[("authorization", &bearer)], String::new()).unwrap();
    assert_eq!(answer.status, 200, "{path}: {}", answer.text());
    answer.json()
}

/// A token of the account that things came to.
#[track_caller]
fn token_of(place: &Place, account: &str) -> String {
    place.run(&["token", "create", "--account", account]).ok().text().trim().to_owned()
}

/// A server that answers as often as it is asked.
fn serve_freely(place: &Place) -> Server {
    place.server().env("FILLHOUSE_RATE_LIMIT_PER_MINUTE", "0").start()
}

/// How many submissions were added, replaced and unchanged, as an import says it.
#[track_caller]
fn submissions(ran: &Ran) -> [u64; 3] {
    let line = ran.stderr.lines().find(|line| line.starts_with("submission "));
    let line = line.unwrap_or_else(|| panic!("no submissions: {ran:?}"));
    let counts: Vec<u64> = line.split_whitespace().filter_map(|word| word.parse().ok()).collect();
    counts.try_into().unwrap()
}
