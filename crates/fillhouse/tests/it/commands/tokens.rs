//! Tokens: made, listed and revoked on the command line while a server runs.

use crate::client::Client;
use crate::dataset::DataSet;
use crate::place::Place;
use fillhouse_testkit::{Server, wait_until};
use serde_json::json;
use std::time::Duration;

/// A server believes a token for a second without looking again; the rest is for a machine that runs many tests at once.
const REVOKED_LIMIT: Duration = Duration::from_secs(10);

#[test]
fn a_token_works_from_when_it_is_made_until_it_is_revoked() {
    for place in [Place::sqlite(), Place::postgres()] {
        place.import(DataSet::of(10).path());
        let server = place.serve();
        let made = place.run(&["token", "create", "--account", "acme", "--name", "for a while"]).ok();
        let secret = made.text().trim().to_owned();
        assert!(secret.len() == 64 && made.stderr.is_empty(), "{made:?}");
        let client = Client::with_token(&secret);
        assert_eq!(status_with(&client, &server), 200);

        let listed = place.run(&["token", "list"]).ok().text();
        let line = listed.lines().find(|line| line.contains("for a while")).unwrap();
        let prefix = line.split_whitespace().next().unwrap();
        assert!(!listed.contains(&secret) && !secret.starts_with(prefix), "{listed}");
        assert_eq!(listed.lines().count(), 1 + 5, "a header, and the data set's four:\n{listed}");

        let revoked = place.run(&["token", "revoke", prefix]).ok().text();
        assert_eq!(revoked, format!("revoked {prefix} (for a while)\n"));
        wait_until("the end of the token", REVOKED_LIMIT, || {
            (status_with(&client, &server) == 403).then_some(())
        });
        assert!(!place.run(&["token", "list"]).ok().text().contains("for a while"));
    }
}

/// What is answered to a request for an export.
fn status_with(client: &Client, server: &Server) -> u16 {
    let request = json!({"id": 1, "date_from": "2026-01-01", "date_to": "2026-01-02"});
    client.post(&format!("{}/api/v1.1/forms/fills", server.url()), &request).unwrap().status
}

#[test]
fn abilities_are_as_given_and_slips_are_told() {
    let place = Place::sqlite();
    place.import(DataSet::of(10).path());
    let server = place.serve();
    let made = place.run(&["token", "create", "--account", "20002", "--ability", "forms-write"]).ok();
    assert_eq!(status_with(&Client::with_token(made.text().trim()), &server), 403);
    for (arguments, expected) in [
        (&["token", "create", "--account", "nobody"][..], "nobody"),
        (&["token", "create", "--account", "acme", "--user", "457"], "no user of the account"),
        (
            &["token", "create", "--account", "acme", "--ability", "forms-reed"],
            "forms-reed is none of *, forms-read",
        ),
        (&["token", "revoke", "0123456789ab"], "0123456789ab"),
        (&["token", "revoke", ""], "exactly one"),
    ] {
        let ran = place.run(arguments);
        assert!(ran.status == Some(1) && ran.stderr.contains(expected), "{arguments:?}: {ran:?}");
    }
}
