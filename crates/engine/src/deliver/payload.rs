//! What subscriptions are sent.
//!
//! Guarantees: a body is one JSON object; the same row, form and subscription give the same bytes.
//!
//! Must not know: who is sent it.

use fillhouse_model::row::{Malformed, Row};
use fillhouse_model::{Answer, AnswerKind, Chosen, Form, ItemType, Leaf};
use serde::Serialize;
use serde::ser::{SerializeMap as _, Serializer};
use std::collections::HashMap;

/// A result object with the word that its receiver knows us by.
pub(super) fn with_handshake_key(result: &[u8], key: Option<&str>) -> Vec<u8> {
    let (Some(key), Some((b'}', rest))) = (key, result.split_last()) else { return result.to_vec() };
    let mut body = rest.to_vec();
    body.extend(b",\"handshake_key\":");
    put(&key, &mut body);
    body.push(b'}');
    body
}

/// A submission with its answers by the names of their fields, and by their ids.
#[derive(Serialize)]
struct Submitted<'a> {
    form_id: i64,
    form_title: &'a str,
    form_slug: &'a str,
    submission: InOrder<'a, &'a Value>,
    data: InOrder<'a, Field<'a>>,
    message: &'static str,
    submission_id: i64,
}

const MESSAGE: &str = "The keys of `submission` are names, which may change and may be alike: use `data`.";

#[derive(Serialize)]
struct Field<'a> {
    value: &'a Value,
    name: &'a str,
    r#type: &'static str,
}

/// An answer as it is sent.
#[derive(Serialize)]
#[serde(untagged)]
enum Value {
    Text(String),
    Texts(Vec<String>),
    Files(Vec<File>),
}

#[derive(Serialize)]
struct File {
    file_url: String,
    file_name: String,
}

/// An object whose keys come in the order of the form.
struct InOrder<'a, T>(Vec<(&'a str, T)>);

impl<T: Serialize> Serialize for InOrder<'_, T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        self.0.iter().try_for_each(|(key, value)| map.serialize_entry(key, value))?;
        map.end()
    }
}

/// The submission in `row` by the names of its fields. What was not answered is left out.
///
/// # Errors
/// The row is none of the form.
pub(crate) fn by_name(form: &Form, row: &Row<'_>) -> Result<Vec<u8>, Malformed> {
    let kinds: Vec<AnswerKind> = form.slots.iter().map(|slot| slot.kind).collect();
    let mut submission = row.decode(&kinds)?;
    let leaves = form.leaves();
    let names = names(&leaves);
    let answered: Vec<(&Leaf<'_>, &str, Value)> = leaves
        .iter()
        .zip(&names)
        .filter_map(|(leaf, name)| {
            let answer = submission.answers.get_mut(leaf.slot)?.take()?;
            (!answer.is_blank()).then(|| (leaf, name.as_str(), value(leaf, answer)))
        })
        .collect();
    let by_name = answered.iter().map(|(_, name, value)| (*name, value));
    let by_id = answered.iter().map(|(leaf, name, value)| {
        (leaf.item.id.as_str(), Field { value, name, r#type: type_of(leaf.item.kind) })
    });
    let submitted = Submitted {
        form_id: form.id.0,
        form_title: &form.name,
        form_slug: &form.slug,
        submission: InOrder(by_name.collect()),
        data: InOrder(by_id.collect()),
        message: MESSAGE,
        submission_id: row.id,
    };
    let mut body = Vec::new();
    put(&submitted, &mut body);
    Ok(body)
}

fn put(value: &impl Serialize, body: &mut Vec<u8>) {
    serde_json::to_writer(body, value).expect("memory takes every byte, and texts and numbers are JSON");
}

/// What each leaf is called: its label behind those of the items above it, and its id where others are called so, too.
fn names(leaves: &[Leaf<'_>]) -> Vec<String> {
    let label = |leaf: &Leaf<'_>| {
        let parents = leaf.parents.iter().flatten().map(|parent| parent.label.as_str());
        parents.chain([leaf.item.label.as_str()]).collect::<Vec<_>>().join(": ")
    };
    let mut names: Vec<String> = leaves.iter().map(label).collect();
    let mut uses: HashMap<String, usize> = HashMap::new();
    for name in &names {
        *uses.entry(name.clone()).or_default() += 1;
    }
    for (name, leaf) in names.iter_mut().zip(leaves) {
        if uses[name.as_str()] > 1 {
            *name = format!("{name} ({})", leaf.item.id);
        }
    }
    names
}

fn value(leaf: &Leaf<'_>, answer: Answer) -> Value {
    match answer {
        Answer::Text(text) => Value::Text(text),
        Answer::Texts(texts) => Value::Texts(texts),
        Answer::Files(files) => {
            let file = |file: fillhouse_model::File| File { file_url: file.url, file_name: file.name };
            Value::Files(files.into_iter().map(file).collect())
        }
        Answer::Choices(chosen) => {
            let mut labels: Vec<String> = chosen.into_iter().map(|chosen| label(leaf, chosen)).collect();
            match leaf.item.kind {
                ItemType::Checkbox => Value::Texts(labels),
                _ => Value::Text(labels.pop().unwrap_or_default()),
            }
        }
    }
}

/// What was chosen: the choice's label, with what was typed beside it.
fn label(leaf: &Leaf<'_>, chosen: Chosen) -> String {
    let choice = leaf.item.choices.iter().find(|choice| choice.position == chosen.position);
    let label = choice.map_or_else(|| chosen.position.to_string(), |choice| choice.label.clone());
    match chosen.other {
        Some(other) => format!("{label}: {other}"),
        None => label,
    }
}

/// The word for a field's type that receivers know.
fn type_of(kind: ItemType) -> &'static str {
    match kind {
        ItemType::Email => "email",
        ItemType::Phone => "phone_number",
        ItemType::Number => "number",
        ItemType::Date => "date",
        ItemType::Signature => "signature",
        ItemType::Rating => "rating",
        ItemType::Scale => "scale",
        ItemType::Radio | ItemType::Dropdown => "select",
        ItemType::Checkbox => "multi_select",
        ItemType::File => "files",
        ItemType::Text
        | ItemType::LongText
        | ItemType::Hidden
        | ItemType::Calculation
        | ItemType::MatrixChoice
        | ItemType::MatrixText
        | ItemType::MultiScale
        | ItemType::List => "text",
    }
}
