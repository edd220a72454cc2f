//! What the program is packed with says of it what is true: the container, its neighbours, the service.
//!
//! No container is run: what is named in these files (paths, ports, settings, commands) is held against the program.

use crate::place::Place;
use crate::run::{fillhouse, in_repository, run};
use std::collections::BTreeSet;
use std::fs;

#[track_caller]
fn text(path: &str) -> String {
    fs::read_to_string(in_repository(path)).unwrap()
}

/// The variables that are settings, and the names of the commands.
fn known() -> (BTreeSet<String>, String) {
    let help = run(fillhouse().args(["serve", "--help"])).ok().text();
    let variables = names(&help).into_iter().collect();
    (variables, run(fillhouse().arg("--help")).ok().text())
}

/// All that begins as our variables do.
fn names(text: &str) -> Vec<String> {
    let mut names = Vec::new();
    for (at, _) in text.match_indices("FILLHOUSE_") {
        let is_letter = |c: char| c.is_ascii_uppercase() || c == '_';
        names.push(text[at..].chars().take_while(|c| is_letter(*c)).collect());
    }
    names
}

#[test]
fn the_container_names_what_there_is() {
    let (variables, commands) = known();
    let (docker, compose) = (text("Dockerfile"), text("compose.yaml"));
    let of_compose = |name: &String| name == "FILLHOUSE_DB_PASSWORD";
    for name in names(&docker).iter().chain(names(&compose).iter().filter(|name| !of_compose(name))) {
        assert!(variables.contains(name), "{name} is no setting");
    }
    for command in ["serve", "healthcheck"] {
        assert!(docker.contains(&format!("\"{command}\"")), "{command}");
        assert!(
            commands.lines().any(|line| line.trim_start().starts_with(&format!("{command} "))),
            "{command}"
        );
    }
    // One port, and one folder, all the way.
    assert!(docker.contains("FILLHOUSE_LISTEN=0.0.0.0:8080") && docker.contains("EXPOSE 8080\n"));
    assert!(compose.contains(":8080:8080\""), "{compose}");
    assert!(
        docker.contains("FILLHOUSE_DATA_DIR=/var/lib/fillhouse")
            && docker.contains("VOLUME /var/lib/fillhouse\n")
    );
    assert!(compose.contains("data:/var/lib/fillhouse\n"));
    // Whoever it is, it is not root.
    let last = docker.rfind("FROM ").unwrap();
    assert!(docker[last..].contains("\nUSER nonroot\n"));
    // The toolchain is the one that the crates ask for, and the package is there.
    let manifest = text("Cargo.toml");
    let version = manifest.lines().find_map(|line| line.strip_prefix("rust-version = \"")).unwrap();
    assert!(docker.contains(&format!("FROM rust:{}-", version.trim_end_matches('"'))), "{version}");
    assert!(docker.contains("--package fillhouse") && in_repository("crates/fillhouse/Cargo.toml").exists());
}

#[test]
fn what_the_container_says_to_a_server_is_understood() {
    let place = Place::sqlite();
    let server = place.serve();
    let port = server.url().rsplit_once(':').unwrap().1;
    // As in the image, where it listens at every address: asked there, one's own answers.
    let mut asking = place.command(&["healthcheck"]);
    run(asking.env("FILLHOUSE_LISTEN", format!("0.0.0.0:{port}"))).ok();
}

#[test]
fn the_page_of_settings_is_what_the_program_says() {
    let said = run(fillhouse().arg("settings")).ok().text();
    assert!(said == text("docs/settings.md"), "it is not: `cargo run -- settings > docs/settings.md`");
    let (variables, _) = known();
    variables.iter().for_each(|name| assert!(said.contains(&format!("`{name}`")), "{name}"));
}

#[test]
fn the_service_starts_what_there_is() {
    let unit = text("packaging/fillhouse.service");
    let (variables, commands) = known();
    names(&unit).iter().for_each(|name| assert!(variables.contains(name), "{name} is no setting"));
    let line = unit.lines().find_map(|line| line.strip_prefix("ExecStart=/usr/bin/fillhouse ")).unwrap();
    let command = line.split(' ').next().unwrap();
    assert!(commands.contains(&format!("  {command} ")), "{command}");
    // The settings that it names, each where it is commented out, too.
    let settings = text("packaging/fillhouse.toml");
    let keys = settings.lines().filter_map(|line| line.trim_start_matches("# ").split_once(" = "));
    let keys: Vec<String> = keys.map(|(key, _)| format!("FILLHOUSE_{}", key.to_uppercase())).collect();
    assert!(keys.len() > 2, "{keys:?}");
    keys.iter().for_each(|key| assert!(variables.contains(key), "{key} is no setting"));
}
