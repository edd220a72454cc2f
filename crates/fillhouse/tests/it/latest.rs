//! The latest file of a form, queried where it is, by a reader that fetches parts of it.

use crate::dataset::{DataSet, TOKEN};
use crate::place::Place;
use crate::run::{in_repository, run};
use serde_json::Value;
use std::process::Command;

const VARIABLE: &str = "FILLHOUSE_TEST_READERS";

#[test]
fn one_column_takes_a_small_part_of_the_bytes() {
    let Some(python) = std::env::var_os(VARIABLE) else {
        panic!("{VARIABLE} is not set: run the tests with `cargo xtask test`");
    };
    let data = DataSet::of(20_000);
    let place = Place::sqlite();
    place.import(data.path());
    let server = place.serve();
    let tool = in_repository("tools/read_column.py");
    let link = format!("{}/v1/forms/1/latest", server.url());
    let authorization = format!("Authorization: Bearer {TOKEN}");
    let told = run(Command::new("curl").args(["-sSf", &link, "-H", &authorization])).ok().text();
    let address: Value = serde_json::from_str(&told).unwrap();
    let read = run(Command::new(python).arg(tool).args([address["url"].as_str().unwrap(), "City"])).ok();
    let read: Value = serde_json::from_str(&read.text()).unwrap();
    let number = |name: &str| read[name].as_u64().unwrap();
    assert!(number("rows") > 19_000 && number("values") > 10_000, "{read}");
    assert!(number("fetched") * 5 < number("bytes"), "{read}");
}
