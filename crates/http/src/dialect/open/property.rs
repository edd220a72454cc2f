//! The properties of a form: its fields as clients see them.
//!
//! Guarantees: a property that is sent back as it was shown means the same item.
//!
//! Must not know: answers.

use super::field::Field;
use fillhouse_model::{Item, ItemType};
use serde::Serialize;
use serde_json::value::RawValue;
use std::borrow::Cow;
use utoipa::ToSchema;

/// A property, as far as it is known what it means.
#[derive(Serialize, ToSchema)]
pub(super) struct Property {
    /// What its answers are found under.
    pub(super) id: String,
    pub(super) r#type: Cow<'static, str>,
    name: String,
    pub(super) hidden: bool,
    required: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    multi_lines: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) select: Option<Options>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) multi_select: Option<Options>,
    /// Whether something else may be given than the options.
    #[serde(skip_serializing_if = "Option::is_none")]
    allow_creation: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    rows: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    columns: Option<Vec<String>>,
}

/// The options of a property.
#[derive(Serialize, ToSchema)]
pub(super) struct Options {
    #[schema(value_type = Vec<OwnChoice>)]
    pub(super) options: Vec<Choice>,
}

/// An option; its name is what an answer holds.
#[derive(Serialize)]
#[serde(untagged)]
pub(super) enum Choice {
    Own(OwnChoice),
    /// As it came, with all that was said of it.
    Kept(Box<RawValue>),
}

/// An option; its name is what an answer holds.
#[derive(Serialize, ToSchema)]
pub(super) struct OwnChoice {
    /// The name, where a client gave none.
    #[schema(value_type = serde_json::Value, required = false)]
    id: String,
    name: String,
}

impl Choice {
    fn named(name: &str) -> Self {
        Self::Own(OwnChoice { id: name.to_owned(), name: name.to_owned() })
    }

    /// What an answer holds; none of one that came.
    pub(super) fn name(&self) -> Option<&str> {
        match self {
            Self::Own(own) => Some(&own.name),
            Self::Kept(_) => None,
        }
    }
}

impl Property {
    /// The property that a field is shown as.
    pub(super) fn of(field: &Field<'_>) -> Self {
        let item = field.item;
        let r#type = type_of(field);
        let first = field.leaves.first().map_or(item, |leaf| leaf.item);
        let labels = || first.choices.iter().map(|choice| choice.label.clone()).collect();
        let is_list = matches!(r#type, "select" | "multi_select");
        Self {
            id: field.id(),
            r#type: r#type.into(),
            name: field.name.clone(),
            hidden: is_hidden(item),
            required: field.leaves.iter().any(|leaf| leaf.item.required),
            multi_lines: (r#type == "text").then_some(item.kind == ItemType::LongText),
            select: (r#type == "select").then(|| options(item)),
            multi_select: (r#type == "multi_select").then(|| options(item)),
            allow_creation: is_list.then_some(item.allow_other),
            rows: field.is_matrix().then(|| field.leaves.iter().map(|row| row.item.label.clone()).collect()),
            columns: field.is_matrix().then(labels),
        }
    }
}

/// Whether people who fill in the form do not see it.
pub(super) fn is_hidden(item: &Item) -> bool {
    matches!(item.kind, ItemType::Hidden | ItemType::Calculation)
}

/// The word for a field's type.
pub(super) fn type_of(field: &Field<'_>) -> &'static str {
    match field.item.kind {
        ItemType::Text | ItemType::LongText | ItemType::Hidden | ItemType::Calculation => "text",
        ItemType::Email => "email",
        ItemType::Phone => "phone_number",
        ItemType::Number => "number",
        ItemType::Date => "date",
        ItemType::Signature => "signature",
        ItemType::Rating => "rating",
        ItemType::Scale => "scale",
        ItemType::Radio | ItemType::Dropdown => "select",
        ItemType::Checkbox if field.is_box() => "checkbox",
        ItemType::Checkbox => "multi_select",
        ItemType::File => "files",
        ItemType::MatrixChoice => "matrix",
        // Groups are not fields but for the one above.
        ItemType::MatrixText | ItemType::MultiScale | ItemType::List => "nf-text",
    }
}

fn options(item: &Item) -> Options {
    Options { options: item.choices.iter().map(|choice| Choice::named(&choice.label)).collect() }
}
