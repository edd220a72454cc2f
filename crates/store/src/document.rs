//! Documents: the one JSON form of the parts of a noun that are no plain column, such as the items of a form.
//!
//! The database keeps them as text, and the interchange format has the same form inside its lines. What holds only by
//! default is left out, the keys have one order, and what is not ASCII stays as it is.
//!
//! Guarantees: reading gives back what was written; writing what was read gives the same bytes again; a key that has no
//! meaning here is refused, never dropped.
//!
//! Must not know: the rules that a form or an audience must keep, or which column or line a document is in.

mod audience;
mod item;
mod labels;
mod named;
mod object;
mod slot;
mod value;

pub use audience::FieldDocument;
pub use item::{ChoiceDocument, ItemDocument};
pub use labels::LabelsDocument;
pub use object::{Object, objects};

use fillhouse_model::{Field, Item, Json, Slot};
use serde::Serialize;
use serde::de::DeserializeOwned;
use slot::SlotDocument;
use value::ValueDocument;

/// A stored text is not the document that it should be: something else wrote it.
#[derive(Debug, thiserror::Error)]
#[error("the {what} are malformed: {cause}")]
pub struct DocumentError {
    what: &'static str,
    cause: serde_json::Error,
}

/// The items of a form as JSON.
pub fn items_to_json(items: &[Item]) -> String {
    to_json(&items.iter().map(ItemDocument::from).collect::<Vec<_>>())
}

/// The items that [`items_to_json`] wrote.
pub fn items_from_json(json: &str) -> Result<Vec<Item>, DocumentError> {
    let items: Vec<Object<ItemDocument<'_>>> = from_json("items", json)?;
    Ok(items.into_iter().map(|item| item.0.into()).collect())
}

/// The fields of an audience as JSON.
pub fn fields_to_json(fields: &[Field]) -> String {
    to_json(&fields.iter().map(FieldDocument::from).collect::<Vec<_>>())
}

/// The fields that [`fields_to_json`] wrote.
pub fn fields_from_json(json: &str) -> Result<Vec<Field>, DocumentError> {
    let fields: Vec<Object<FieldDocument<'_>>> = from_json("fields", json)?;
    Ok(fields.into_iter().map(|field| field.0.into()).collect())
}

/// The slots of a form as JSON: pairs of item id and kind of answer, in the order of the slots.
pub fn slots_to_json(slots: &[Slot]) -> String {
    to_json(&slots.iter().map(SlotDocument::from).collect::<Vec<_>>())
}

/// The slots that [`slots_to_json`] wrote.
pub fn slots_from_json(json: &str) -> Result<Vec<Slot>, DocumentError> {
    let slots: Vec<SlotDocument<'_>> = from_json("slots", json)?;
    Ok(slots.into_iter().map(Slot::from).collect())
}

/// The abilities of a token as JSON.
pub fn abilities_to_json(abilities: &[String]) -> String {
    to_json(abilities)
}

/// The abilities that [`abilities_to_json`] wrote.
pub fn abilities_from_json(json: &str) -> Result<Vec<String>, DocumentError> {
    from_json("abilities", json)
}

/// The columns of a view as JSON.
pub fn columns_to_json(columns: &[String]) -> String {
    to_json(columns)
}

/// The columns that [`columns_to_json`] wrote.
pub fn columns_from_json(json: &str) -> Result<Vec<String>, DocumentError> {
    from_json("columns", json)
}

/// The phone numbers of a profile as JSON.
pub fn phones_to_json(phones: &[String]) -> String {
    to_json(phones)
}

/// The phone numbers that [`phones_to_json`] wrote.
pub fn phones_from_json(json: &str) -> Result<Vec<String>, DocumentError> {
    from_json("phones", json)
}

/// Any JSON value, such as the fields of a profile.
pub fn value_from_json(json: &str) -> Result<Json, DocumentError> {
    from_json::<ValueDocument>("value", json).map(|value| value.0)
}

/// Item ids and labels as a JSON object, in the order given.
pub fn labels_to_json(labels: &[(String, String)]) -> String {
    to_json(&LabelsDocument::from(labels))
}

/// The labels that [`labels_to_json`] wrote.
pub fn labels_from_json(json: &str) -> Result<Vec<(String, String)>, DocumentError> {
    from_json::<LabelsDocument<'_>>("labels", json).map(Vec::from)
}

fn to_json(document: &(impl Serialize + ?Sized)) -> String {
    serde_json::to_string(document).expect("a document has nothing in it that JSON has no form for")
}

fn from_json<T: DeserializeOwned>(what: &'static str, json: &str) -> Result<T, DocumentError> {
    serde_json::from_str(json).map_err(|cause| DocumentError { what, cause })
}

#[cfg(test)]
mod tests;
