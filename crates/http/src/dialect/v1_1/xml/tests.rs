//! What the writer writes, the reader reads. What it refuses is tested from the outside.

use super::*;
use crate::dialect::v1_1::data::Data;
use proptest::prelude::*;

const KNOWN: [&str; 3] = ["id", "text", "error_text"];

proptest! {
    /// Whatever the text, and however many there are.
    #[test]
    fn what_is_written_is_read(fields in prop::collection::vec((0..KNOWN.len(), any::<String>()), 0..5)) {
        let fields: Vec<(&'static str, String)> = fields.into_iter().map(|(n, text)| (KNOWN[n], text)).collect();
        let written = fields.iter().map(|(name, text)| (*name, Data::from(text.as_str()))).collect();
        let xml = Data::Object(written).to_xml();
        let replaced = |c: char| if is_allowed(c) { c } else { char::REPLACEMENT_CHARACTER };
        let expected: Vec<Element> =
            fields.iter().map(|(name, text)| (*name, Some(text.chars().map(replaced).collect()))).collect();
        prop_assert_eq!(read(&xml, &KNOWN), Ok(expected));
    }

    /// A reader that cannot be brought down.
    #[test]
    fn whatever_is_read_is_read_or_refused(text in "[<>/!?&;#x a\\[\\]\"'=-]{0,60}") {
        drop(read(&text, &KNOWN));
        drop(read(&format!("<xml>{text}</xml>"), &KNOWN));
    }
}

#[test]
fn lists_and_objects_are_written_by_their_names() {
    let empty = Data::List(vec![]);
    let list = Data::List(vec!["a\r".into(), "<&>\"'".into(), 7.into()]);
    let data =
        Data::Object(vec![("none", empty), ("text", list), ("id", Data::Object(vec![("deep", 1.into())]))]);
    let xml = data.to_xml();
    assert_eq!(
        xml,
        "<xml><none/><text>a&#13;</text><text>&lt;&amp;&gt;\"'</text><text>7</text><id><deep>1</deep></id></xml>"
    );
    assert_eq!(data.to_json(), r#"{"none":[],"text":["a\r","<&>\"'",7],"id":{"deep":1}}"#);
    let text = |text: &str| ("text", Some(text.to_owned()));
    assert_eq!(read(&xml, &KNOWN).unwrap(), [text("a\r"), text("<&>\"'"), text("7"), ("id", None)]);
}

#[test]
fn a_text_is_what_is_in_its_element_and_nothing_else() {
    let read = |inside: &str| read(&format!("<xml><id>{inside}</id> <x><id>no</id></x></xml>"), &KNOWN);
    let text = |text: &str| Ok(vec![("id", Some(text.to_owned()))]);
    assert_eq!(read("a&amp;<!-- b --><![CDATA[<c>&amp;]]>&#x64;\r\ne"), text("a&<c>&amp;d\ne"));
    assert_eq!(read(""), text(""));
    assert_eq!(read(" a "), text(" a "));
    assert_eq!(read("a<b/>c"), Ok(vec![("id", None)]));
}
