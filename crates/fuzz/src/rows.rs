//! Rows as they are stored, rendered: whatever the bytes are, they are rendered whole or not at all, and read back.
//!
//! Must not know: how a row is laid out.

use fillhouse_engine::interchange::Record;
use fillhouse_model::row::{Row, encode};
use fillhouse_model::{Answer, AnswerKind, Form, Submission};
use fillhouse_render::json::{ResultLayout, ResultWriter};
use fillhouse_render::{CsvOptions, Layout, RowWriter};
use std::sync::LazyLock;

/// A form with items of every kind.
static FORM: LazyLock<Form> = LazyLock::new(|| match Record::parse(include_str!("form.json")) {
    Ok(Record::Form(mut form)) => {
        form.assign_slots(&[]);
        form
    }
    other => panic!("it is no form: {other:?}"),
});

/// A row is decoded and encoded again, and written as CSV and as JSON.
pub(crate) fn rows(data: &[u8]) {
    let Ok(row) = Row::read(data) else { return };
    let kinds: Vec<AnswerKind> = FORM.slots.iter().map(|slot| slot.kind).collect();
    let decoded = row.decode(&kinds);
    let (csv, json) = (as_csv(&row), as_json(&row));
    let Ok(submission) = decoded else { return };
    let encoded = encode(&submission);
    let again = Row::read(&encoded).and_then(|row| row.decode(&kinds)).expect("what is encoded is decoded");
    // Unanswered slots at the end are in no row that was encoded.
    assert_eq!(encode(&again), encoded, "what is encoded is decoded as something else");
    check_csv(&csv.expect("a submission is written as CSV"), &submission);
    let json = json.expect("a submission is written as JSON");
    // Whoever stores an amount has seen that it is a number.
    if submission.payment_amount.as_deref().is_none_or(is_number) {
        check_json(&json, &submission);
    }
}

fn is_number(text: &str) -> bool {
    serde_json::from_str::<serde_json::Number>(text).is_ok()
}

fn as_csv(row: &Row<'_>) -> Option<Vec<u8>> {
    let layout = Layout::new(&FORM, CsvOptions::default());
    let mut out = b"before".to_vec();
    let is_written = RowWriter::new(&layout).write(row, &mut out).is_ok();
    assert!(is_written || out == b"before", "a row that cannot be written has left something");
    is_written.then(|| out.split_off(b"before".len()))
}

fn as_json(row: &Row<'_>) -> Option<Vec<u8>> {
    let layout = ResultLayout::new(&FORM);
    let mut out = b"before".to_vec();
    let is_written = ResultWriter::new(&layout).write(row, &mut out).is_ok();
    assert!(is_written || out == b"before", "a row that cannot be written has left something");
    is_written.then(|| out.split_off(b"before".len()))
}

/// Each column is there, and a text as it was given.
fn check_csv(line: &[u8], submission: &Submission) {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(line);
    let records: Vec<csv::StringRecord> = reader.records().map(|record| record.expect("it is CSV")).collect();
    let [cells] = records.as_slice() else { panic!("{} lines", records.len()) };
    let leaves = FORM.leaves();
    let metas = fillhouse_engine::META_NAMES.len();
    assert_eq!(cells.len(), metas + leaves.len());
    assert_eq!(&cells[0], submission.id.to_string());
    assert_eq!(&cells[5], submission.login_email.as_deref().unwrap_or_default());
    for (cell, leaf) in cells.iter().skip(metas).zip(leaves) {
        match submission.answers.get(leaf.slot).and_then(Option::as_ref) {
            None => assert_eq!(cell, ""),
            Some(Answer::Text(text)) => assert_eq!(cell, text),
            Some(_) => {}
        }
    }
}

/// It is JSON, with the same id and texts.
fn check_json(text: &[u8], submission: &Submission) {
    let value: serde_json::Value = serde_json::from_slice(text).expect("it is JSON");
    assert_eq!(value["id"], submission.id.to_string());
    for item in value["items"].as_array().expect("a result has items") {
        let leaf = FORM.leaves().into_iter().find(|leaf| item["id"] == leaf.item.id.as_str());
        let leaf = leaf.expect("an item is one of the form");
        if let Some(Some(Answer::Text(text))) = submission.answers.get(leaf.slot) {
            assert_eq!(item["value"], text.as_str());
        }
    }
}
