//! What is said of lines that are no record at all, or that go too far.

use super::EVERY_KIND;
use super::refusals::said;
use crate::interchange::canonical_object;

#[test]
fn a_line_says_its_kind() {
    assert_eq!(said("{}"), "kind: is missing");
    assert_eq!(said(r#"{"id":1}"#), "kind: is missing");
    assert_eq!(said(r#"{"kind":7}"#), "kind: invalid type: integer `7`, expected the name of a kind");
    assert!(said(r#"{"kind":"poem"}"#).starts_with(r#"kind: "poem" is not one of account, user, token"#));
    assert_eq!(said("[1]"), ": invalid type: sequence, expected an object");
    assert_eq!(said(r#"{"kind":"user","kind":"user","id":1}"#), "kind: is given twice");
}

#[test]
fn what_is_not_json_is_said_with_its_place() {
    assert_eq!(said(""), ": is not JSON: EOF while parsing a value at line 1 column 0");
    assert_eq!(said(r#"{"kind":"user","id":}"#), ": is not JSON: expected value at line 1 column 21");
    assert!(said(r#"{"kind":"user","id":1"#).starts_with(": is not JSON: EOF while parsing an object"));
    let valid = EVERY_KIND.lines().next().expect("the example has lines");
    assert!(said(&format!("{valid} x")).starts_with(": is not JSON: trailing characters"));
}

#[test]
fn no_object_is_nested_too_deep() {
    let nested = |levels: usize| format!("{}{{}}{}", r#"{"a":"#.repeat(levels - 1), "}".repeat(levels - 1));
    assert_eq!(canonical_object(&nested(64)), Ok(nested(64)));
    let fault = canonical_object(&nested(65)).unwrap_err();
    assert!(fault.field.starts_with("a.a.a"), "{fault}");
    assert_eq!(fault.message, "is nested deeper than 64 levels");
    assert!(canonical_object(&nested(100_000)).is_err());
}

#[test]
fn a_fault_is_short_whatever_the_line() {
    let long = "x".repeat(100_000);
    let line = format!(r#"{{"kind":"user","id":"{long}"}}"#);
    assert!(said(&line).len() < 1_100);
    let line = format!(r#"{{"kind":"user","{long}":1}}"#);
    assert!(said(&line).len() < 1_100);
    assert!(canonical_object(&format!(r#"{{"{long}":1,"{long}":1}}"#)).unwrap_err().field.len() < 600);
}
