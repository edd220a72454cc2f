//! Beginning: the first account, made on a page or on the command line, and folders in which nothing is.

use crate::client::Client;
use crate::place::Place;
use fillhouse_testkit::wait_until;
use serde_json::json;
use std::time::Duration;

const PRINT_LIMIT: Duration = Duration::from_secs(20);

#[test]
fn a_server_without_accounts_prints_where_the_first_is_made() {
    let place = Place::sqlite();
    let server = place.serve();
    let link = wait_until("the link", PRINT_LIMIT, || {
        let said = server.output();
        let link =
            said.lines().find_map(|line| line.strip_prefix("there is no account yet: make the first at "));
        link.map(str::to_owned)
    });
    let page = Client::new().get(&link);
    assert_eq!(page.status, 200, "{}", page.text());
    assert!(page.text().contains("Welcome to Fillhouse"), "{}", page.text());
}

#[test]
fn accounts_are_made_and_listed() {
    for place in [Place::sqlite(), Place::postgres()] {
        let made = place.run(&["account", "create", "acme", "--timezone", "Europe/Berlin"]).ok().text();
        assert!(
            made.starts_with("account 1 (acme) is made: sign in to the console, once, at http://127.0.0.1:"),
            "{made}"
        );
        place
            .run(&["account", "create", "globex", "--name", "Globex Ltd", "--email", "g@globex.example"])
            .ok();
        let listed = place.run(&["account", "list", "--json"]).ok().text();
        let listed: serde_json::Value = serde_json::from_str(&listed).unwrap();
        let expected = json!([
            {"id": 1, "user_dir": "acme", "name": "acme", "timezone": "Europe/Berlin"},
            {"id": 2, "user_dir": "globex", "name": "Globex Ltd", "timezone": "UTC"},
        ]);
        assert_eq!(listed, expected);
        let listed = place.run(&["account", "list"]).ok().text();
        assert_eq!(listed.lines().count(), 3, "{listed}");
        place.run(&["token", "create", "--account", "globex"]).ok();
        let refused = place.run(&["account", "create", "acme"]);
        assert!(
            refused.status == Some(1) && refused.stderr.contains("user_dir: is another account's"),
            "{refused:?}"
        );
        let unknown = place.run(&["token", "create", "--account", "acmee"]);
        assert!(unknown.stderr.contains("these are acme, globex"), "{unknown:?}");
    }
}

#[test]
fn what_only_looks_makes_no_store() {
    for command in [
        &["dump", "-"][..],
        &["token", "list"],
        &["account", "list"],
        &["console", "--account", "acme"],
        &["token", "create", "--account", "acme"],
    ] {
        let place = Place::sqlite();
        let ran = place.run(command);
        assert!(ran.status == Some(1) && ran.stderr.contains("there is no store in"), "{command:?}: {ran:?}");
        assert!(!place.data_dir().join("fillhouse.sqlite").exists(), "{command:?}");
    }
}
