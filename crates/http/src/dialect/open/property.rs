//! The properties of a form: its fields as clients see them.
//!
//! Guarantees: a property that is sent back as it was shown means the same item.
//!
//! Must not know: answers.

use super::field::Field;
use fillhouse_model::{Item, ItemType};
use serde::Serialize;
use utoipa::ToSchema;

/// A property.
#[derive(Serialize, ToSchema)]
pub(super) struct Property {
    /// What its answers are found under.
    id: String,
    r#type: &'static str,
    name: String,
    hidden: bool,
    required: bool,
    help: Option<String>,
    placeholder: Option<String>,
    width: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    multi_lines: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    select: Option<Options>,
    #[serde(skip_serializing_if = "Option::is_none")]
    multi_select: Option<Options>,
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
    options: Vec<Choice>,
}

/// An option; its name is what an answer holds.
#[derive(Serialize, ToSchema)]
pub(super) struct Choice {
    id: String,
    name: String,
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
            r#type,
            name: field.name.clone(),
            hidden: is_hidden(item),
            required: field.leaves.iter().any(|leaf| leaf.item.required),
            help: None,
            placeholder: None,
            width: "full",
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
    let choice =
        |choice: &fillhouse_model::Choice| Choice { id: choice.label.clone(), name: choice.label.clone() };
    Options { options: item.choices.iter().map(choice).collect() }
}
