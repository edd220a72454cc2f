//! The fields of a page: what each item of a form looks like, with what is filled in and what is wrong.
//!
//! Guarantees: an answer that a field cannot show by itself is added to what it shows.
//!
//! Must not know: HTML, or what is right.

use super::values::{Values, column_of, file_of, files_of, is_last, other_of};
use crate::layout::{Beside, Layout};
use askama::Template;
use fillhouse_model::{Choice, Item, ItemType, Matches};
use std::collections::HashMap;

/// How many stars there are.
const STARS: u32 = 5;
/// How far a scale goes that does not say so itself.
const SCALE: u32 = 10;

/// One field, or a group of them.
#[derive(Template)]
#[template(path = "forms/field.html")]
pub(crate) struct Field {
    /// The name of what is sent; a group sends nothing.
    name: String,
    label: String,
    is_required: bool,
    /// What is said beside the label.
    beside: Beside,
    faults: Vec<String>,
    control: Control,
}

/// What is filled in.
enum Control {
    Line { kind: &'static str, mode: &'static str, autocomplete: &'static str, value: String },
    Text { value: String },
    Menu { options: Vec<Choosable> },
    Options { kind: &'static str, look: &'static str, options: Vec<Choosable> },
    Files { is_picture: bool, kept_name: String, kept: Vec<Kept> },
    Group { look: &'static str, fields: Vec<Field> },
    Hidden { value: String },
}

struct Choosable {
    value: String,
    label: String,
    is_chosen: bool,
    /// What is typed beside it.
    others: Vec<Other>,
}

/// A text beside a choice. Anybody can type one beside the last choice, and as many as there are already beside any.
struct Other {
    id: String,
    name: String,
    /// Said before what the box asks.
    label: String,
    /// Whether typing chooses the last choice.
    chooses: bool,
    value: String,
}

struct Kept {
    value: String,
    name: String,
}

/// What fields are made of, beside the items.
pub(super) struct Filling<'a> {
    pub(super) values: &'a Values,
    /// What is wrong, by item id.
    pub(super) faults: &'a HashMap<String, Vec<String>>,
    /// What the addresses of files begin with that were uploaded for the form.
    pub(super) prefix: &'a str,
    pub(super) layout: &'a Layout,
}

impl Field {
    /// Whether nobody sees it.
    pub(super) fn is_hidden(&self) -> bool {
        matches!(self.control, Control::Hidden { .. })
    }

    /// Whether something in it is wrong that is said beside it.
    pub(super) fn has_fault(&self) -> bool {
        let within = match &self.control {
            Control::Group { fields, .. } => fields.iter().any(Self::has_fault),
            _ => false,
        };
        within || !(self.faults.is_empty() || self.is_hidden())
    }

    /// The ids of what is said of it.
    fn described(&self) -> Option<String> {
        let help = (!self.beside.help.is_empty()).then(|| format!("h-{}", self.name));
        let fault = (!self.faults.is_empty()).then(|| format!("e-{}", self.name));
        let ids: Vec<String> = help.into_iter().chain(fault).collect();
        (!ids.is_empty()).then(|| ids.join(" "))
    }
}

impl Filling<'_> {
    /// The fields of these items.
    pub(super) fn fields(&self, items: &[Item]) -> Vec<Field> {
        items.iter().filter_map(|item| self.field(item)).collect()
    }

    /// The field of an item; none where there is nothing to be filled in.
    pub(super) fn field(&self, item: &Item) -> Option<Field> {
        let control = match item.kind {
            // What an API has set goes with the rest.
            ItemType::Calculation if self.value(item).is_empty() => return None,
            ItemType::Hidden | ItemType::Calculation => Control::Hidden { value: self.value(item) },
            ItemType::LongText => Control::Text { value: self.value(item) },
            ItemType::Text | ItemType::Email | ItemType::Phone | ItemType::Number | ItemType::Date => {
                line(item, self.value(item))
            }
            ItemType::Rating => self.numbers(item, "stars", STARS),
            ItemType::Scale => self.numbers(item, "scale", SCALE),
            ItemType::Dropdown => Control::Menu { options: self.options(item) },
            ItemType::Radio | ItemType::Checkbox => Control::Options {
                kind: if item.kind == ItemType::Radio { "radio" } else { "checkbox" },
                look: "list",
                options: self.options(item),
            },
            ItemType::File | ItemType::Signature => self.files(item),
            ItemType::List => Control::Group { look: "list", fields: self.fields(&item.children) },
            ItemType::MatrixChoice => Control::Group { look: "matrix", fields: self.fields(&item.children) },
            ItemType::MultiScale => Control::Group { look: "scales", fields: self.fields(&item.children) },
            ItemType::MatrixText => {
                let rows = item.children.iter().map(|row| self.row(row, &item.columns));
                Control::Group { look: "texts", fields: rows.collect() }
            }
        };
        Some(self.around(item, control))
    }

    fn around(&self, item: &Item, control: Control) -> Field {
        Field {
            name: item.id.clone(),
            label: item.label.clone(),
            is_required: item.required,
            beside: self.layout.beside.get(&item.id).cloned().unwrap_or_default(),
            faults: self.faults.get(&item.id).cloned().unwrap_or_default(),
            control,
        }
    }

    /// A row of texts, one a column.
    fn row(&self, item: &Item, columns: &[String]) -> Field {
        let cell = |(n, label): (usize, &String)| {
            let name = column_of(&item.id, n);
            let value = self.values.first(&name).to_owned();
            let control = Control::Line { kind: "text", mode: "text", autocomplete: "off", value };
            let (label, beside) = (label.clone(), Beside::default());
            Field { name, label, is_required: false, beside, faults: Vec::new(), control }
        };
        let fields = columns.iter().enumerate().map(cell).collect();
        self.around(item, Control::Group { look: "row", fields })
    }

    fn value(&self, item: &Item) -> String {
        self.values.first(&item.id).to_owned()
    }

    fn options(&self, item: &Item) -> Vec<Choosable> {
        let chosen = self.values.all(&item.id);
        let option = |choice: &Choice| {
            let value = choice.position.to_string();
            Choosable {
                is_chosen: chosen.contains(&value),
                label: choice.label.clone(),
                value,
                others: self.others(item, choice),
            }
        };
        item.choices.iter().map(option).collect()
    }

    fn others(&self, item: &Item, choice: &Choice) -> Vec<Other> {
        if !item.allow_other {
            return Vec::new();
        }
        let (name, chooses) = (other_of(item, choice.position), is_last(item, choice.position));
        let mut values: Vec<&str> = self.values.filled(&name).collect();
        if chooses && values.is_empty() {
            values.push("");
        }
        let label = if chooses { item.label.clone() } else { format!("{}: {}", item.label, choice.label) };
        let other = |(n, value): (usize, &str)| Other {
            id: if n == 0 { name.clone() } else { format!("{name}-{n}") },
            name: name.clone(),
            label: label.clone(),
            chooses,
            value: value.to_owned(),
        };
        values.into_iter().enumerate().map(other).collect()
    }

    /// Numbers from one on, or those that the item itself says.
    fn numbers(&self, item: &Item, look: &'static str, most: u32) -> Control {
        let given = self.value(item);
        let mut numbers: Vec<(String, String)> = if item.choices.is_empty() {
            (1..=most).map(|number| (number.to_string(), number.to_string())).collect()
        } else {
            item.choices.iter().map(|choice| (choice.position.to_string(), choice.label.clone())).collect()
        };
        if !given.is_empty() && !numbers.iter().any(|(value, _)| *value == given) {
            numbers.push((given.clone(), given.clone()));
        }
        let option = |(value, label): (String, String)| Choosable {
            is_chosen: value == given,
            value,
            label,
            others: Vec::new(),
        };
        let options = numbers.into_iter().map(option).collect();
        Control::Options { kind: "radio", look, options }
    }

    fn files(&self, item: &Item) -> Control {
        let kept_name = files_of(&item.id);
        let kept = self.values.all(&kept_name).iter().filter_map(|value| {
            let name = file_of(value, self.prefix)?.name;
            Some(Kept { value: value.clone(), name })
        });
        let kept = kept.collect();
        Control::Files { is_picture: item.kind == ItemType::Signature, kept_name, kept }
    }
}

fn line(item: &Item, value: String) -> Control {
    let (kind, mode) = match item.kind {
        ItemType::Email => ("email", "email"),
        ItemType::Phone => ("tel", "tel"),
        // A field of numbers changes what is typed into it, and hides what it does not like.
        ItemType::Number => ("text", "decimal"),
        ItemType::Date => ("date", "text"),
        _ => ("text", "text"),
    };
    Control::Line { kind, mode, autocomplete: autocomplete(item), value }
}

/// What a browser may fill in by itself.
fn autocomplete(item: &Item) -> &'static str {
    match (item.kind, &item.matches) {
        (ItemType::Email, _) | (_, Some(Matches::Email)) => return "email",
        (ItemType::Phone, _) | (_, Some(Matches::Phone)) => return "tel",
        (ItemType::Text, _) => {}
        _ => return "off",
    }
    match item.label.trim().to_lowercase().as_str() {
        "name" | "full name" | "your name" => "name",
        "first name" | "given name" => "given-name",
        "last name" | "family name" | "surname" => "family-name",
        "company" | "organisation" | "organization" => "organization",
        "address" | "street address" => "street-address",
        "city" | "town" => "address-level2",
        "country" => "country-name",
        "postcode" | "postal code" | "zip" | "zip code" => "postal-code",
        _ => "on",
    }
}
