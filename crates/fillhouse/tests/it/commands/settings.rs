//! Settings that cannot be: each is told, and no secret with it.

use crate::place::Place;
use crate::run::run;

/// What no message may show.
const PASSWORD: &str = "s3cr3t-p4ssw0rd";

#[test]
fn a_variable_that_is_no_setting_is_an_error() {
    let place = Place::sqlite();
    let ran = run(place.command(&["serve"]).env("FILLHOUSE_DATADIR", "elsewhere"));
    assert_eq!(ran.status, Some(1));
    assert!(ran.stderr.contains("FILLHOUSE_DATADIR, which is no setting"), "{ran:?}");
}

#[test]
fn a_database_url_that_does_not_work_is_told_without_its_password() {
    for (url, expected) in [
        ("postgres://me:PASSWORD@127.0.0.1:1/none", "cannot be opened"),
        ("postgres://me:PASSWORD@[broken/none", "cannot be read"),
        ("postgres://me:PASSWORD@127.0.0.1:1/none?sslmode=what", "its sslmode has to be"),
        ("mysql://me:PASSWORD@127.0.0.1/none", "postgres://"),
    ] {
        let url = url.replace("PASSWORD", PASSWORD);
        let place = Place::sqlite();
        for command in ["serve", "migrate"] {
            let by_variable = run(place.command(&[command]).env("FILLHOUSE_DATABASE_URL", &url));
            let by_flag = place.run(&[command, "--database-url", &url]);
            let file = place.data_dir().join("url");
            std::fs::write(&file, &url).unwrap();
            let by_file = place.run(&[command, "--database-url-file", file.to_str().unwrap()]);
            for ran in [by_variable, by_flag, by_file] {
                assert_eq!(ran.status, Some(1), "{ran:?}");
                assert!(ran.stderr.contains(expected), "{url}: {}", ran.stderr);
                assert!(!format!("{}{}", ran.stderr, ran.text()).contains(PASSWORD), "{ran:?}");
            }
        }
    }
}

#[test]
fn a_file_of_settings_that_is_wrong_is_told_by_the_line_and_without_its_password() {
    let place = Place::sqlite();
    let file = place.data_dir().join("fillhouse.toml");
    let url = format!("\"postgres://me:{PASSWORD}@db.example/fillhouse\"");
    for (settings, expected) in [
        (format!("# ours\n\ndatabse_url = {url}"), ":3: unknown field `databse_url`"),
        (format!("database_url = {}", url.trim_end_matches('"')), ":1: invalid basic string"),
        (format!("export_jobs = 2\ndatabase_url = [{url}]"), ":2: invalid type: sequence"),
    ] {
        std::fs::write(&file, &settings).unwrap();
        let ran = place.run(&["migrate", "--config", file.to_str().unwrap()]);
        assert_eq!(ran.status, Some(1), "{settings}");
        assert!(ran.stderr.contains(&format!("fillhouse.toml{expected}")), "{}", ran.stderr);
        assert!(!ran.stderr.contains(PASSWORD), "{}", ran.stderr);
    }
}

#[test]
fn the_help_shows_no_secret_of_the_environment() {
    let place = Place::sqlite();
    let url = format!("postgres://me:{PASSWORD}@db.example/fillhouse");
    let ran = run(place.command(&["serve", "--help"]).env("FILLHOUSE_DATABASE_URL", url)).ok();
    assert!(
        ran.text().contains("FILLHOUSE_DATABASE_URL") && !ran.text().contains(PASSWORD),
        "{}",
        ran.text()
    );
}

#[test]
fn a_command_that_is_none_is_told_with_those_there_are() {
    let ran = Place::sqlite().run(&["export-all"]);
    assert_eq!(ran.status, Some(2));
    assert!(ran.stderr.contains("export-all") && ran.stderr.contains("--help"), "{}", ran.stderr);
}
