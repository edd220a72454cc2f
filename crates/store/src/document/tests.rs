//! The form of each document, letter by letter, and what is no document.

use super::*;
use fillhouse_model::{AnswerKind, Choice, FieldType, ItemType, Matches};

fn leaf(id: &str, kind: ItemType) -> Item {
    Item::plain(id, kind, "Größe")
}

#[test]
fn items_are_written_in_one_order_without_their_defaults() {
    let choice = Choice { position: 3, label: "Say \"other\"".into() };
    let items = [
        leaf("1", ItemType::LongText),
        Item {
            required: true,
            choices: vec![choice],
            allow_other: true,
            matches: Some(Matches::Field("customer_no".into())),
            ..leaf("2", ItemType::Radio)
        },
        Item {
            columns: vec!["a".into(), "b".into()],
            children: vec![leaf("3-0", ItemType::Text)],
            ..leaf("3", ItemType::MatrixText)
        },
    ];
    let json = items_to_json(&items);
    let expected = [
        r#"[{"id":"1","type":"long_text","label":"Größe"}"#,
        r#"{"id":"2","type":"radio","label":"Größe","required":true,"choices":[{"position":3,"label":"Say \"other\""}],"allow_other":true,"matches":"field:customer_no"}"#,
        r#"{"id":"3","type":"matrix_text","label":"Größe","columns":["a","b"],"children":[{"id":"3-0","type":"text","label":"Größe"}]}]"#,
    ];
    assert_eq!(json, expected.join(","));
    assert_eq!(items_from_json(&json).unwrap(), items);
}

#[test]
fn every_type_and_every_match_reads_back() {
    let every_match = [Matches::Email, Matches::Phone, Matches::Field("field:x".into())];
    let types = ItemType::ALL.map(|(kind, _)| leaf("1", kind));
    let matches = every_match.map(|matches| Item { matches: Some(matches), ..leaf("1", ItemType::Text) });
    let items: Vec<Item> = types.into_iter().chain(matches).collect();
    assert_eq!(items_from_json(&items_to_json(&items)).unwrap(), items);

    let fields = FieldType::ALL.map(|(kind, name)| Field { name: name.into(), kind });
    let json = fields_to_json(&fields);
    assert!(json.starts_with(r#"[{"name":"string","type":"string"},{"name":"int","type":"int"},"#));
    assert_eq!(fields_from_json(&json).unwrap(), fields);
}

#[test]
fn slots_are_pairs() {
    let kinds = [AnswerKind::Text, AnswerKind::Choices, AnswerKind::Texts, AnswerKind::Files];
    let slots = kinds.map(|kind| Slot { item_id: "100".into(), kind });
    let json = slots_to_json(&slots);
    assert_eq!(json, r#"[["100","text"],["100","choices"],["100","texts"],["100","files"]]"#);
    assert_eq!(slots_from_json(&json).unwrap(), slots);
}

#[test]
fn labels_and_lists_keep_their_order() {
    let labels = ["9", "10", "1"].map(|id| (id.to_owned(), format!("label {id}")));
    let json = labels_to_json(&labels);
    assert_eq!(json, r#"{"9":"label 9","10":"label 10","1":"label 1"}"#);
    assert_eq!(labels_from_json(&json).unwrap(), labels);
    let texts = ["b".to_owned(), "a".to_owned()];
    let written = [abilities_to_json(&texts), columns_to_json(&texts), phones_to_json(&texts)];
    assert_eq!(written, [r#"["b","a"]"#; 3]);
    for read in [abilities_from_json, columns_from_json, phones_from_json] {
        assert_eq!(read(&written[0]).unwrap(), texts);
    }
}

#[test]
fn what_has_no_meaning_is_refused() {
    let refused = |item: &str| items_from_json(&format!("[{item}]")).unwrap_err().to_string();
    let cases = [
        (r#"{"id":"1","type":"text","label":"A","colour":"red"}"#, "unknown field `colour`"),
        (r#"{"id":"1","label":"A"}"#, "missing field `type`"),
        (r#"{"id":"1","type":"poem","label":"A"}"#, r#""poem" is not one of text, long_text"#),
        (r#"{"id":"1","type":"text","label":"A","matches":"field:"}"#, "is not email, phone"),
        (r#"["1","text","A"]"#, "expected an object"),
        (r#"{"id":"1","type":"radio","label":"A","choices":[[0,"B"]]}"#, "expected an object"),
        (r#"{"id":"1","type":"radio","label":"A","choices":[{"position":-1,"label":"B"}]}"#, "expected u32"),
    ];
    for (item, reason) in cases {
        let said = refused(item);
        assert!(said.contains(reason), "{item}: {said}");
    }
    let twice = labels_from_json(r#"{"1":"a","1":"b"}"#).unwrap_err();
    assert!(twice.to_string().starts_with(r#"the labels are malformed: label "1" twice"#));
    assert!(slots_from_json(r#"[["1","text","more"]]"#).is_err());
}
