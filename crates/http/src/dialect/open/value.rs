//! Answers as clients give and get them: texts, numbers, labels of options, rows of a matrix.
//!
//! Guarantees: what is shown of an answer, given back, is the same answer; a number is written as it was given, digit by
//! digit.
//!
//! Must not know: what becomes of an answer.

mod given;

pub(super) use given::answers;

use super::field::Field;
use fillhouse_model::{Answer, Chosen, Item, ItemType, Submission};
use serde::Serialize;
use serde_json::json;
use serde_json::value::{RawValue, to_raw_value};

/// What a submission answers to a field, as it is shown; `null` where it does not answer.
pub(super) fn shown(field: &Field<'_>, submission: &Submission) -> Box<RawValue> {
    let answer = |slot: usize| submission.answers.get(slot).and_then(Option::as_ref);
    if field.is_matrix() {
        let rows = field.leaves.iter().filter_map(|row| Some((&row.item.label, answer(row.slot)?, row.item)));
        let rows: Vec<_> = rows.map(|(label, answer, item)| (label, of_leaf(item, answer))).collect();
        return if rows.is_empty() { raw(&()) } else { raw(&Rows(rows)) };
    }
    let leaf = field.leaves.first();
    match leaf.and_then(|leaf| Some((leaf.item, answer(leaf.slot)?))) {
        None => raw(&()),
        Some((_, Answer::Choices(chosen))) if field.is_box() => raw(&!chosen.is_empty()),
        Some((item, answer)) => of_leaf(item, answer),
    }
}

fn of_leaf(item: &Item, answer: &Answer) -> Box<RawValue> {
    match answer {
        Answer::Text(text) => of_text(item.kind, text),
        Answer::Texts(texts) => raw(texts),
        Answer::Files(files) => {
            let files: Vec<_> =
                files.iter().map(|file| json!({ "file_url": file.url, "file_name": file.name })).collect();
            raw(&files)
        }
        Answer::Choices(chosen) => {
            let labels: Vec<String> = chosen.iter().map(|chosen| label(item, chosen)).collect();
            match labels.as_slice() {
                labels if item.kind == ItemType::Checkbox => raw(&labels),
                [] => raw(&()),
                [first, ..] => raw(first),
            }
        }
    }
}

/// A number stays a number, with the digits it was given in, where JSON can write those.
fn of_text(kind: ItemType, text: &str) -> Box<RawValue> {
    let is_number = matches!(kind, ItemType::Number | ItemType::Rating | ItemType::Scale);
    let is_plain = text.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'-' | b'.'));
    let number = (is_number && is_plain).then(|| RawValue::from_string(text.to_owned()).ok()).flatten();
    number.unwrap_or_else(|| raw(&text))
}

/// What stands for a choice: what was typed, else the label of the option.
fn label(item: &Item, chosen: &Chosen) -> String {
    if let Some(other) = &chosen.other {
        return other.clone();
    }
    let known = item.choices.iter().find(|choice| choice.position == chosen.position);
    known.map_or_else(|| chosen.position.to_string(), |choice| choice.label.clone())
}

/// The rows of a matrix, by label.
struct Rows<'a>(Vec<(&'a String, Box<RawValue>)>);

impl Serialize for Rows<'_> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(label, value)| (label, value)))
    }
}

/// A value as JSON.
pub(super) fn raw(value: &(impl Serialize + ?Sized)) -> Box<RawValue> {
    to_raw_value(value).expect("texts, numbers and lists of them always serialise")
}
