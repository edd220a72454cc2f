//! The commands, each run as its users run it.

mod accounts;
mod demo;
mod json;
mod logs;
mod printed;
mod serving;
mod settings;
mod tokens;

use crate::place::Place;

#[test]
fn migrating_twice_says_what_was_done_and_that_nothing_is_left() {
    for place in [Place::sqlite(), Place::postgres()] {
        let first = place.run(&["migrate"]).ok().text();
        assert!(first.starts_with("applied 0001_initial"), "{first}");
        assert_eq!(place.run(&["migrate"]).ok().text(), "the schema is up to date\n");
    }
}

#[test]
fn a_healthcheck_tells_a_server_that_is_ready_from_one_that_is_not_there() {
    let place = Place::sqlite();
    let mut server = place.serve();
    let url = server.url().to_owned();
    let ready = place.run(&["healthcheck", "--url", &url]).ok();
    assert!(ready.text().contains(r#""database":"ok""#), "{ready:?}");
    // The address of the settings is the one that a server of the same settings listens at.
    let address = url.strip_prefix("http://").unwrap();
    place.run(&["healthcheck", "--listen", address]).ok();
    server.stop();
    let gone = place.run(&["healthcheck", "--url", &url]);
    assert_eq!(gone.status, Some(1));
    assert!(gone.stderr.contains(&format!("no server answers at {url}")), "{gone:?}");
}
