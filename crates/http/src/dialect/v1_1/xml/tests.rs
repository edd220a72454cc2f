//! What the writer writes, the reader reads. What it refuses is tested from the outside.

use super::*;
use crate::dialect::v1_1::data::Data;
use proptest::prelude::*;

fn node(text: &str) -> Node {
    Node { text: text.to_owned(), ..Node::default() }
}

const KNOWN: [&str; 3] = ["id", "text", "error_text"];

proptest! {
    /// Whatever the text, and however many there are.
    #[test]
    fn what_is_written_is_read(fields in prop::collection::vec((0..KNOWN.len(), any::<String>()), 0..5)) {
        let fields: Vec<(&'static str, String)> = fields.into_iter().map(|(n, text)| (KNOWN[n], text)).collect();
        let written =
            fields.iter().map(|(name, text)| ((*name).into(), Data::from(text.as_str()))).collect();
        let xml = Data::Object(written).to_xml();
        let replaced = |c: char| if is_allowed(c) { c } else { char::REPLACEMENT_CHARACTER };
        let expected: Vec<Element> =
            fields.iter().map(|(name, text)| (*name, node(&text.chars().map(replaced).collect::<String>()))).collect();
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
    let data = Data::from([("none", empty), ("text", list), ("id", Data::from([("deep", 1.into())]))]);
    let xml = data.to_xml();
    assert_eq!(
        xml,
        "<xml><none/><text>a&#13;</text><text>&lt;&amp;&gt;\"'</text><text>7</text><id><deep>1</deep></id></xml>"
    );
    assert_eq!(data.to_json(), r#"{"none":[],"text":["a\r","<&>\"'",7],"id":{"deep":1}}"#);
    let text = |text: &str| ("text", node(text));
    let deep = Node { children: vec![("deep".to_owned(), node("1"))], ..Node::default() };
    assert_eq!(read(&xml, &KNOWN).unwrap(), [text("a\r"), text("<&>\"'"), text("7"), ("id", deep)]);
}

#[test]
fn a_text_is_what_is_in_its_element_and_nothing_else() {
    let read = |inside: &str| read(&format!("<xml><id>{inside}</id> <x><id>no</id></x></xml>"), &KNOWN);
    let text = |text: &str| Ok(vec![("id", node(text))]);
    assert_eq!(read("a&amp;<!-- b --><![CDATA[<c>&amp;]]>&#x64;\r\ne"), text("a&<c>&amp;d\ne"));
    assert_eq!(read(""), text(""));
    assert_eq!(read(" a "), text(" a "));
    assert_eq!(read("a<b/>c").unwrap()[0].1.text(), None);
}

#[test]
fn what_is_in_an_element_is_an_object() {
    let json = |inside: &str| read(&format!("<xml><id>{inside}</id></xml>"), &KNOWN).unwrap()[0].1.to_json();
    assert_eq!(json(" a\"b "), r#""a\"b""#);
    assert_eq!(
        json("<a>1</a><b><c>x</c><d/></b><a>2</a><e array='true'>3</e>"),
        r#"{"a":["1","2"],"b":{"c":"x","d":""},"e":["3"]}"#
    );
}
