//! Reading the answers that a client gives.
//!
//! Guarantees: a value that is no answer of its field is refused, and the refusal names the field.
//!
//! Must not know: what a form requires.

use crate::dialect::open::error::Refusal;
use crate::dialect::open::field::{Field, fields};
use crate::dialect::open::object::Keyed;
use fillhouse_model::{Answer, AnswerKind, Chosen, File, Form, Item, ItemType, Leaf};
use serde::Deserialize;
use serde_json::value::RawValue;
use std::borrow::Cow;
use std::collections::HashMap;

/// How long a text may be, in bytes.
const MOST_BYTES: usize = 1 << 20;
/// How many things may be typed beside the options of a list.
const MOST_OTHERS: usize = 100;

/// The answers that an object gives to a form, by item id. A key that is no field says something else, or nothing.
///
/// # Errors
/// What is wrong, by field.
pub(in crate::dialect::open) fn answers(
    form: &Form,
    given: &Keyed<'_>,
) -> Result<Vec<(String, Answer)>, Refusal> {
    let given = given.by_key();
    let (mut answers, mut wrong) = (Vec::new(), Vec::new());
    for field in &fields(form) {
        let id = field.id();
        let names = [id.as_str(), &id.to_ascii_uppercase(), &field.item.id];
        let Some(value) = names.iter().find_map(|name| given.get(name)) else { continue };
        match of_field(field, value) {
            Ok(found) => answers.extend(found),
            Err(message) => wrong.push((id, format!("{} {message}.", field.name))),
        }
    }
    if wrong.is_empty() { Ok(answers) } else { Err(Refusal::invalid(wrong)) }
}

type Read<T> = Result<T, Cow<'static, str>>;

fn of_field(field: &Field<'_>, value: &RawValue) -> Read<Vec<(String, Answer)>> {
    if is_null(value) {
        return Ok(Vec::new());
    }
    if field.is_matrix() {
        return rows(field, value);
    }
    let Some(leaf) = field.leaves.first() else { return Ok(Vec::new()) };
    let answer = if field.is_box() { checked(leaf, value)? } else { of_leaf(leaf, value)? };
    Ok(answer.map(|answer| (leaf.item.id.clone(), answer)).into_iter().collect())
}

fn rows(field: &Field<'_>, value: &RawValue) -> Read<Vec<(String, Answer)>> {
    let given: Keyed<'_> =
        serde_json::from_str(value.get()).map_err(|_| "is not an object of rows and columns")?;
    let mut answers = Vec::new();
    let rows: HashMap<&str, &Leaf<'_>> =
        field.leaves.iter().map(|row| (row.item.label.as_str(), row)).collect();
    for (label, value) in given.each().into_iter().filter(|(_, value)| !is_null(value)) {
        let row = rows.get(label);
        let row = row.ok_or_else(|| format!("has no row {label:?}"))?;
        answers.extend(of_leaf(row, value)?.map(|answer| (row.item.id.clone(), answer)));
    }
    Ok(answers)
}

/// Whether a box is checked.
fn checked(leaf: &Leaf<'_>, value: &RawValue) -> Read<Option<Answer>> {
    let position = leaf.item.choices.first().map_or(0, |choice| choice.position);
    match value.get() {
        "true" | "1" | "\"1\"" | "\"true\"" => {
            Ok(Some(Answer::Choices(vec![Chosen { position, other: None }])))
        }
        "false" | "0" | "\"0\"" | "\"false\"" | "\"\"" => Ok(None),
        _ => Err("is neither true nor false".into()),
    }
}

/// The answer of a leaf; none where the value says nothing.
fn of_leaf(leaf: &Leaf<'_>, value: &RawValue) -> Read<Option<Answer>> {
    let answer = match leaf.kind {
        AnswerKind::Text => Answer::Text(text(value)?),
        AnswerKind::Texts => Answer::Texts(many(value)?.into_iter().map(text).collect::<Read<_>>()?),
        AnswerKind::Choices => Answer::Choices(choices(leaf.item, value)?),
        AnswerKind::Files => Answer::Files(many(value)?.into_iter().map(file).collect::<Read<_>>()?),
    };
    Ok((!answer.is_blank()).then_some(answer))
}

fn is_null(value: &RawValue) -> bool {
    value.get() == "null"
}

/// A text; a number with the digits it was given in.
fn text(value: &RawValue) -> Read<String> {
    let given = value.get();
    let text = match given.as_bytes().first() {
        Some(b'"') => serde_json::from_str(given).map_err(|_| "is not a text")?,
        Some(b'0'..=b'9' | b'-' | b't' | b'f') => given.to_owned(),
        _ => return Err("is not a text".into()),
    };
    if text.len() > MOST_BYTES {
        return Err(format!("is longer than {MOST_BYTES} bytes").into());
    }
    Ok(text)
}

/// The values of a list; one that is no list stands for itself.
fn many(value: &RawValue) -> Read<Vec<&RawValue>> {
    if value.get().starts_with('[') {
        return serde_json::from_str(value.get()).map_err(|_| "is not a list".into());
    }
    Ok(vec![value])
}

fn choices(item: &Item, value: &RawValue) -> Read<Vec<Chosen>> {
    let given: Vec<String> = many(value)?.into_iter().map(text).collect::<Read<_>>()?;
    if given.len() > 1 && item.kind != ItemType::Checkbox {
        return Err("takes one option".into());
    }
    if given.len() > item.choices.len() + MOST_OTHERS {
        return Err("has more than there are options".into());
    }
    given.into_iter().filter(|label| !label.is_empty()).map(|label| choice(item, label)).collect()
}

/// The option of a label. What is none was typed beside the last option, where the item allows that.
fn choice(item: &Item, label: String) -> Read<Chosen> {
    if let Some(known) = item.choices.iter().find(|choice| choice.label == label) {
        return Ok(Chosen { position: known.position, other: None });
    }
    match item.choices.last() {
        Some(last) if item.allow_other => Ok(Chosen { position: last.position, other: Some(label) }),
        _ => Err(format!("has no option {label:?}").into()),
    }
}

#[derive(Deserialize)]
struct GivenFile {
    #[serde(alias = "url")]
    file_url: String,
    #[serde(alias = "name")]
    file_name: Option<String>,
}

fn file(value: &RawValue) -> Read<File> {
    const WRONG: &str = "is not a list of files with the addresses where they are";
    let given = if value.get().starts_with('"') {
        GivenFile { file_url: text(value)?, file_name: None }
    } else {
        serde_json::from_str(value.get()).map_err(|_| WRONG)?
    };
    let is_address = ["https://", "http://"].iter().any(|scheme| given.file_url.starts_with(scheme));
    if !is_address || given.file_url.len() > MOST_BYTES {
        return Err(WRONG.into());
    }
    let last = given.file_url.split(['?', '#']).next().and_then(|path| path.rsplit('/').next());
    let name = given.file_name.unwrap_or_else(|| last.unwrap_or_default().to_owned());
    Ok(File { name, url: given.file_url })
}
