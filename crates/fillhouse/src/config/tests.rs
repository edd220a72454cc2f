//! What the settings are, by example.

use super::*;

fn options(toml: &str) -> Options {
    toml::from_str(toml).unwrap()
}

#[test]
fn a_flag_wins_over_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("fillhouse.toml");
    std::fs::write(&file, "data_dir = \"/from/file\"\nartifact_ttl = \"90m\"\n").unwrap();
    let flags = Options { config: Some(file), data_dir: Some("/from/flag".into()), ..Options::default() };
    let config = flags.with_file().unwrap().resolve("unused").unwrap();
    assert_eq!(config.data_dir, Path::new("/from/flag"));
    assert_eq!(config.artifact_ttl, Duration::from_mins(90));
    assert_eq!(config.blobs, BlobUrl::Folder("/from/flag/blobs".into()));
}

#[test]
fn a_key_that_nobody_knows_is_an_error() {
    assert!(toml::from_str::<Options>("dat_dir = \"x\"").unwrap_err().to_string().contains("dat_dir"));
    let slip = [(OsString::from("FILLHOUSE_LISTENS"), OsString::from("x"))];
    let error = refuse_unknown_variables(slip.into_iter()).unwrap_err().to_string();
    assert!(error.contains("FILLHOUSE_LISTENS"), "{error}");
    let fine = [(OsString::from("FILLHOUSE_LISTEN"), OsString::from("x")), ("PATH".into(), "y".into())];
    assert!(refuse_unknown_variables(fine.into_iter()).is_ok());
}

#[test]
fn every_flag_has_its_variable_in_the_list() {
    use clap::CommandFactory as _;
    let command = crate::cli::Cli::command();
    let of_flags: BTreeSet<String> = command
        .get_arguments()
        .filter_map(|argument| argument.get_env())
        .map(|name| name.to_string_lossy().replace("FILLHOUSE_", ""))
        .collect();
    let listed: BTreeSet<String> = VARIABLES.into_iter().map(str::to_owned).collect();
    assert_eq!(of_flags, listed);
}

#[test]
fn impossible_values_name_their_setting() {
    for (toml, name) in [
        ("artifact_ttl = \"soon\"", "artifact-ttl"),
        ("ingest_batch = 0", "ingest-batch"),
        ("column_cache = \"much\"", "column-cache"),
        ("column_cache = \"99999999999GiB\"", "column-cache"),
        ("blob_url = \"ftp://x\"", "blob-url"),
        ("blob_url = \"s3://\"", "blob-url"),
        ("blob_url = \"s3://a/../b\"", "blob-url"),
        ("blob_url = \"s3://a b\"", "blob-url"),
        ("database_url = \"a\"\ndatabase_url_file = \"b\"", "database-url"),
    ] {
        let error = options(toml).resolve("data").err().unwrap().to_string();
        assert!(error.contains(name), "{toml}: {error}");
    }
}

#[test]
fn a_secret_is_read_from_its_file() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("url");
    std::fs::write(&file, "postgres://somewhere\n").unwrap();
    let toml = format!("database_url_file = {file:?}");
    assert_eq!(options(&toml).resolve("data").unwrap().database_url.as_deref(), Some("postgres://somewhere"));
}

#[test]
fn a_public_url_is_one_that_paths_can_be_put_behind() {
    let public_url =
        |url: &str| options(&format!("public_url = {url:?}")).resolve("x").map(|config| config.public_url);
    assert_eq!(public_url("https://forms.example/").unwrap().as_deref(), Some("https://forms.example"));
    assert_eq!(public_url("http://[::1]:80/a//").unwrap().as_deref(), Some("http://[::1]:80/a"));
    for bad in [
        "",
        "forms.example",
        "https://",
        "https:///",
        "ftp://a",
        "https://a?b",
        "https://a/#b",
        "https://a b",
    ] {
        assert!(public_url(bad).is_err(), "{bad}");
    }
}

#[test]
fn networks_are_listed_with_commas() {
    let networks = |text: &str| {
        let resolved = options(&format!("webhook_allow = {text:?}")).resolve("x");
        resolved.map(|config| config.webhook_allow.iter().map(ToString::to_string).collect::<Vec<_>>())
    };
    assert_eq!(networks("").unwrap(), Vec::<String>::new());
    assert_eq!(
        networks("10.0.0.0/8, fd00::/8,,127.0.0.1").unwrap(),
        ["10.0.0.0/8", "fd00::/8", "127.0.0.1/32"]
    );
    for bad in ["ten", "10.0.0.0/33", "10.0.0.0/8;fd00::/8", "10.0.0.0/8 fd00::/8"] {
        assert!(networks(bad).is_err(), "{bad}");
    }
}

#[test]
fn a_size_has_a_unit_or_none() {
    for (text, bytes) in [("256MiB", 256 << 20), ("1 GiB", 1 << 30), ("4KiB", 4_096), ("0", 0), ("500", 500)]
    {
        let config = options(&format!("column_cache = {text:?}")).resolve("data").unwrap();
        assert_eq!(config.column_cache_bytes, bytes);
    }
}

#[test]
fn blobs_are_in_a_folder_or_in_a_bucket() {
    let blobs = |url: &str| options(&format!("blob_url = {url:?}")).resolve("x").unwrap().blobs;
    let bucket =
        |bucket: &str, prefix: &str| BlobUrl::Bucket { bucket: bucket.into(), prefix: prefix.into() };
    assert_eq!(blobs("file:/srv/blobs"), BlobUrl::Folder("/srv/blobs".into()));
    assert_eq!(blobs("file:///srv/blobs"), BlobUrl::Folder("/srv/blobs".into()));
    assert_eq!(blobs("s3://acme"), bucket("acme", ""));
    assert_eq!(blobs("s3://acme/"), bucket("acme", ""));
    assert_eq!(blobs("s3://acme/fill/house/"), bucket("acme", "fill/house"));
}
