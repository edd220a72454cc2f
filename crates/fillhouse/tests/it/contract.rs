//! The documents kept to: schemathesis calls every endpoint of each of them, well and badly, and looks at the answers.
//!
//! Guarantees: the calls are bounded in number and in time, and made up from the same seed every time.

use crate::run::{fillhouse, run_with_input};
use fillhouse_testkit::{Server, wait_until};
use std::env;
use std::process::{Command, Stdio};
use std::time::Duration;

const VARIABLE: &str = "FILLHOUSE_TEST_SCHEMATHESIS";
/// The token of `contract.jsonl`, which may do everything.
const TOKEN: &str = "contract-0123456789abcdef0123456789";
/// No fault of ours, and nothing but what the document says.
const CHECKS: &str =
    "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance";
/// How many calls of each operation are made up, beside those that try every limit.
const CALLS: &str = "12";
const LIMIT: Duration = Duration::from_mins(6);

#[test]
fn v1_1_keeps_to_its_document() {
    keeps_to_its_document("v1.1");
}

#[test]
fn v2_keeps_to_its_document() {
    keeps_to_its_document("v2");
}

#[test]
fn open_keeps_to_its_document() {
    keeps_to_its_document("open");
}

#[test]
fn native_keeps_to_its_document() {
    keeps_to_its_document("native");
}

fn keeps_to_its_document(dialect: &str) {
    let Some(schemathesis) = env::var_os(VARIABLE) else {
        panic!("{VARIABLE} is not set: run the tests with `cargo xtask test`");
    };
    let folder = tempfile::tempdir().unwrap();
    let mut import = fillhouse();
    import.args(["import", "-"]).env("FILLHOUSE_DATA_DIR", folder.path());
    run_with_input(&mut import, include_bytes!("contract.jsonl").to_vec()).ok();
    let server = Server::builder(env!("CARGO_BIN_EXE_fillhouse"))
        .args(["serve"])
        .data_dir(folder.path())
        .env("FILLHOUSE_LOG", "error")
        .env("FILLHOUSE_RATE_LIMIT_PER_MINUTE", "0")
        .env("FILLHOUSE_RATE_LIMIT_PER_DAY", "0")
        .start();
    let mut command = Command::new(schemathesis);
    command
        .args(["run", &format!("{}/openapi/{dialect}.json", server.url()), "--url", server.url()])
        .args(["--header", &format!("Authorization: Bearer {TOKEN}")])
        .args(["--checks", CHECKS, "--max-examples", CALLS, "--phases", "examples,coverage,fuzzing"])
        .args(["--seed", "1", "--warnings", "off", "--generation-database", "none"])
        .current_dir(folder.path())
        .stdin(Stdio::null())
        .stdout(Stdio::from(std::fs::File::create(folder.path().join("report")).unwrap()));
    let mut child = command.spawn().unwrap();
    let status = wait_until("the end of the calls", LIMIT, || child.try_wait().unwrap());
    let report = std::fs::read_to_string(folder.path().join("report")).unwrap();
    assert!(status.success(), "{report}");
}
