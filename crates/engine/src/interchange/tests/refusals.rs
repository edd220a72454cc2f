//! What is refused in a line of each kind, and what is said about it.

use super::{Copier, EVERY_KIND};
use crate::interchange::Record;

/// What is said about a line.
pub(super) fn said(line: &str) -> String {
    match Record::parse(line) {
        Ok(record) => panic!("{line} was taken for {record:?}"),
        Err(fault) => fault.to_string(),
    }
}

/// What is said about the example's first line that contains `part`, with something in it replaced.
fn said_of(part: &str, from: &str, to: &str) -> String {
    let mut copier = Copier::new();
    for line in EVERY_KIND.lines() {
        let here = line.contains(part);
        assert!(!here || line.contains(from), "{from} is not in {line}");
        let changed = if here { line.replacen(from, to, 1) } else { line.to_owned() };
        match copier.copy(&changed) {
            Ok(_) => assert!(!here, "was taken: {changed}"),
            Err(fault) => return fault.to_string(),
        }
    }
    panic!("{part} is not in the example");
}

fn assert_all(part: &str, cases: &[(&str, &str, &str)]) {
    for (from, to, expected) in cases {
        let said = said_of(part, from, to);
        assert!(said.starts_with(expected), "{from} -> {to}\n  said: {said}\n  not:  {expected}");
    }
}

#[test]
fn accounts_users_and_tokens_are_checked() {
    assert_all(
        r#""user_dir":"acme""#,
        &[
            (
                r#""id":20002"#,
                r#""id":0"#,
                "id: invalid value: integer `0`, expected a whole number of 1 or more",
            ),
            (r#""id":20002"#, r#""id":-1"#, "id: invalid type: integer `-1`, expected a whole number"),
            (r#""id":20002"#, r#""id":"1""#, r#"id: invalid type: string "1", expected a whole number"#),
            (r#""id":20002"#, r#""id":1.0"#, "id: invalid type: floating point"),
            (r#""id":20002"#, r#""id":9223372036854775808"#, "id: invalid value"),
            (r#""id":20002,"#, "", "id: is missing"),
            (r#""id":20002"#, r#""id":1,"id":2"#, "id: is given twice"),
            (
                r#""id":20002"#,
                r#""id":1,"colour":"red""#,
                "colour: is not known here, expected one of `kind`, `id`",
            ),
            (r#""acme""#, r#""a/b""#, "user_dir: is not made of letters"),
            (r#""acme""#, r#""..""#, "user_dir: is not made of letters"),
            (r#""acme""#, r#""""#, "user_dir: is not made of letters"),
            (r#""Acme""#, r#""A\u0000""#, "name: has a NUL character"),
            ("Europe/Berlin", "Mars/Base", r#"timezone: "Mars/Base" is not an IANA"#),
        ],
    );
    let long = format!(r#""{}""#, "ä".repeat(2_001));
    assert_all(r#""user_dir":"acme""#, &[(r#""Acme""#, &long, "name: is longer than 2000 characters")]);
    let hash = r#""hash":"0f1e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3c4b5a69788796a5b4c3d2e1f0""#;
    assert_all(
        r#""name":"all""#,
        &[
            (hash, r#""hash":"0F1E""#, "hash: is not 64 lower-case hex digits"),
            (hash, r#""secret":"0123456789abcde""#, "secret: is not 16 or more visible ASCII characters"),
            (hash, r#""secret":"with a space in it""#, "secret: is not 16 or more visible ASCII characters"),
            (hash, r#""secret":"0123456789abcdef","hash":"00""#, "hash: is given beside a secret"),
            (r#"["*"],"#, r#"["*"]}"#, ": is not JSON"),
            (r#""hash":"#, r#""secret":null,"hash":null,"has":"#, "has: is not known here"),
            (r#"["*"]"#, r#"["*",7]"#, "abilities[1]: invalid type"),
        ],
    );
    assert_eq!(
        said(r#"{"kind":"token","account_id":1,"user_id":1,"name":"n","abilities":[]}"#),
        "secret: is missing, and so is hash"
    );
}

#[test]
fn forms_and_what_belongs_to_them_are_checked() {
    assert_all(
        "form_6Ven2v7O",
        &[
            ("form_6Ven2v7O", "form_", "shortname: is not form_ followed by"),
            (r#""state":"open""#, r#""state":"ajar""#, "state: is neither open nor closed"),
            (r#""id":"100""#, r#""id":"x""#, "items[0].id: is not made of digits"),
            (
                r#""type":"long_text""#,
                r#""type":"poem""#,
                r#"items[1].type: "poem" is not one of text, long_text"#,
            ),
            (r#""matches":"phone""#, r#""matches":"field:""#, "items[3].matches: is not email, phone"),
            (
                r#""choices":[{"position":0"#,
                r#""choices":[{"posit":0"#,
                "items[11].choices[0].posit: is not known here",
            ),
            (
                r#"{"position":0,"label":"A friend"}"#,
                r#"[0,"A"]"#,
                "items[11].choices[0]: invalid type: sequence, expected an object",
            ),
            (r#""label":"Speed","#, "", "items[16].children[0].children[0].label: is missing"),
            (r#""partial":true"#, r#""partial":1"#, "partial: invalid type"),
        ],
    );
    assert_all(
        "results_labels",
        &[
            (r#""id":"10""#, r#""id":"""#, "id: is empty"),
            (r#"{"103":"phone","100":"name""#, r#"{"100":"a","100":"b""#, r#"labels: label "100" twice"#),
            (r#""phone""#, "5", "labels.103: invalid type"),
        ],
    );
    assert_all("results_view", &[(r#""100""#, "100", "columns[2]: invalid type: integer")]);
    assert_all(
        "hooks.example",
        &[
            ("https://hooks.example/in?x=1", "javascript:alert(1)", "url: is not an http or https URL"),
            ("result_completed", "", "event: is empty"),
        ],
    );
}

#[test]
fn audiences_profiles_and_segments_are_checked() {
    assert_all(
        r#""name":"Customers""#,
        &[
            (r#""name":"age""#, r#""name":"name""#, "fields[1].name: is used twice"),
            (r#""name":"age""#, r#""name":"""#, "fields[1].name: is empty"),
            (
                r#""type":"float""#,
                r#""type":"decimal""#,
                r#"fields[2].type: "decimal" is not one of string, int"#,
            ),
        ],
    );
    assert_all(
        "Ada@Example.com",
        &[
            ("507f1f77bcf86cd799439011", "507F1F77BCF86CD799439011", "id: is not 24 lower-case hex digits"),
            (r#""vip":true"#, r#""age":1"#, "fields.age: is given twice"),
            ("1e2", "1e999", "fields.extra.a[0]: is a number out of range"),
            ("[1e2", r#"[{"x":1,"\u0078":2}"#, "fields.extra.a[0].x: is given twice"),
            ("👍🏽", r"\ud83d", "fields.tags[1]: is not JSON: "),
            (r#""fields":{"#, r#""fields":[],"more":{"#, "more: is not known here"),
        ],
    );
    assert_all(
        "Grown up",
        &[
            (r#""query":{"#, r#""query":7,"q":{"#, "q: is not known here"),
            (
                r#""query":{"age":{"$gte":18},"#,
                r#""profiles":[],"query":{"#,
                "profiles: are given beside a query",
            ),
        ],
    );
    assert_all("Hand-picked", &[("\"000000000000000000000000\"", "\"0\"", "profiles[1]: is not 24")]);
    assert_all(
        r#""deleted":true"#,
        &[
            (r#""deleted":true"#, r#""name":"n","deleted":true"#, "name: is not for a segment that was"),
            (r#""deleted":true"#, r#""query":{},"deleted":true"#, "query: is not for a segment that was"),
            (r#""deleted":true"#, r#""profiles":[],"deleted":true"#, "profiles: is not for a segment"),
            (r#""deleted":true"#, r#""deleted":false"#, "name: is missing"),
        ],
    );
    assert_eq!(
        said(r#"{"kind":"segment","id":1,"audience_id":1,"name":"n"}"#),
        "query: is missing, and so are profiles"
    );
    assert_eq!(
        said(r#"{"kind":"segment","id":1,"audience_id":1,"name":"n","query":[]}"#),
        "query: invalid type: sequence, expected an object"
    );
}

#[test]
fn schedules_are_checked() {
    assert_all(
        r#""Every \"Monday\"""#,
        &[
            ("019e8304-1c00", "019E8304-1c00", "id: is not a UUID"),
            ("019e8304-1c00-7000-8000-000000000001", "1", "id: is not a UUID"),
            (r#""mode":"incremental""#, r#""mode":"all""#, "mode: is neither full nor incremental"),
            (r#""mode":"incremental","#, "", "delivered: is not for a schedule that exports everything"),
            (r#""at":"02:30""#, r#""at":"2:30""#, "when.at: is not a time"),
            (r#""on":"monday""#, r#""on":"Monday""#, "when.on: is not one of"),
            (r#","at":"02:30""#, "", "when: is neither"),
            (r#""every":"weekly","#, r#""cron":"0 0 * * *","#, "when: is neither"),
            (r#""every":"weekly""#, r#""each":"weekly""#, "when.each: is not known here"),
            (r#"{"every":"weekly","on":"monday","at":"02:30"}"#, r#"["weekly"]"#, "when: invalid type"),
            (r#""version":1"#, r#""version":2"#, "request: version 2"),
            (r#""version":1,"#, r#""version":1,"colour":"red","#, "request: has something in it"),
            (r#""version":1,"#, r#""version":1,"from":"yesterday","#, "request"),
            (r#""request":{"#, r#""request":7,"r":{"#, "r: is not known here"),
            (r#""asked":{"#, r#""asked":[],"a":{"#, "a: is not known here"),
            (r#""kind":"s3""#, r#""kind":"webhook""#, "destination.url: is missing"),
            (r#""kind":"s3""#, r#""kind":"store""#, "destination.bucket: is not for store"),
            (r#""kind":"s3""#, r#""kind":"ftp""#, "destination.kind: is not one of"),
            (r#""kind":"s3","#, "", "destination.kind: is missing"),
            (r#""prefix":"a/b""#, r#""prefix":"../b""#, "destination.prefix"),
            (
                r#""https://s3.example""#,
                r#""https://s3.example/x""#,
                "destination.endpoint: is not of the form",
            ),
            (r#""https://s3.example""#, r#""s3.example""#, "destination.endpoint: is not an http"),
            (r#""access_key_id":"AKIA","#, "", "destination.access_key_id: is missing"),
            (r#""delivered":true"#, r#""paused":true"#, "next_at: is given, and the schedule is paused"),
        ],
    );
    assert_all(
        "Every day",
        &[
            (r#""folder":"a/b""#, r#""folder":"../b""#, "destination.folder"),
            (r#""folder":"a/b""#, r#""folder":"a","file_name":"../b""#, "destination.file_name"),
            (r#""name":"Every day""#, r#""name":"""#, "name: is empty"),
        ],
    );
}
