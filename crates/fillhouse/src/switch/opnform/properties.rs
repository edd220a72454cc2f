//! Properties as items, and what they are answered with.
//!
//! Guarantees: the id of an item is the one that our open API shows as the property's own; what has no place here is told.
//!
//! Must not know: submissions as a whole.

use crate::switch::files::name_of;
use crate::switch::line::chosen;
use crate::switch::report::Report;
use anyhow::Result;
use fillhouse_model::{Choice, Item, ItemType};
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::{BTreeMap, HashMap};
use uuid::Uuid;

/// What a box is called that is ticked or not, and what is typed beside where something may be.
const CHECKED: &str = "Yes";
const OTHER: &str = "Other";
/// What begins the types of blocks that ask nothing.
const LAYOUT: &str = "nf-";

/// A property.
#[derive(Deserialize)]
#[expect(clippy::struct_excessive_bools, reason = "the API has them")]
pub(super) struct Property {
    id: String,
    r#type: String,
    name: Option<String>,
    #[serde(default)]
    hidden: bool,
    #[serde(default)]
    required: bool,
    #[serde(default)]
    multi_lines: bool,
    #[serde(default)]
    allow_creation: bool,
    select: Option<Options>,
    multi_select: Option<Options>,
    rows: Option<Vec<String>>,
    columns: Option<Vec<Value>>,
    logic: Option<Value>,
}

#[derive(Deserialize)]
struct Options {
    #[serde(default)]
    options: Vec<OptionShape>,
}

#[derive(Deserialize)]
struct OptionShape {
    name: String,
}

/// The items of a form, and which property each is.
pub(super) struct Mapping {
    pub(super) items: Vec<Item>,
    by_property: HashMap<String, usize>,
}

/// An item and its answer; or what cannot be one.
type Given = Result<(String, Value), String>;

impl Mapping {
    pub(super) fn of(properties: &[Property], report: &mut Report, form: &str) -> Result<Self> {
        let mut mapping = Self { items: Vec::new(), by_property: HashMap::new() };
        for (n, property) in properties.iter().enumerate() {
            if property.r#type.starts_with(LAYOUT) {
                report.say(form, format!("the block {:?}", property.label(n)))?;
                continue;
            }
            if property.logic.as_ref().is_some_and(|logic| !logic["conditions"].is_null()) {
                report.say(form, format!("the logic of {:?}", property.label(n)))?;
            }
            let Some(item) = property.item(n) else {
                report
                    .say(form, format!("the property {:?} of type {}", property.label(n), property.r#type))?;
                continue;
            };
            mapping.by_property.insert(property.id.clone(), mapping.items.len());
            mapping.items.push(item);
        }
        Ok(mapping)
    }

    /// What is answered to a property; none where it is none, or not answered.
    pub(super) fn answers(&self, property: &str, raw: &str) -> Option<Vec<Given>> {
        let item = &self.items[*self.by_property.get(property)?];
        let value: Value = serde_json::from_str(raw).ok()?;
        if value.is_null() {
            return None;
        }
        if item.kind == ItemType::MatrixChoice {
            let rows: BTreeMap<String, Value> = serde_json::from_value(value).ok()?;
            let row = |(label, value): (String, Value)| {
                let row = item.children.iter().find(|row| row.label == label);
                let Some(row) = row else {
                    return Some(Err(format!("{:?} has no row {label:?}", item.label)));
                };
                (!value.is_null()).then(|| picked(row, &value).map(|answer| (row.id.clone(), answer)))
            };
            return Some(rows.into_iter().filter_map(row).collect());
        }
        Some(vec![answer(item, &value, raw).map(|answer| (item.id.clone(), answer))])
    }
}

impl Property {
    /// The question; a number where there is none.
    fn label(&self, n: usize) -> String {
        let named = self.name.clone().filter(|name| !name.trim().is_empty());
        named.unwrap_or_else(|| format!("Field {}", n + 1))
    }

    fn item(&self, n: usize) -> Option<Item> {
        let kind = match self.r#type.as_str() {
            "text" | "url" | "barcode" if self.hidden => ItemType::Hidden,
            "text" if self.multi_lines => ItemType::LongText,
            "text" | "url" | "barcode" => ItemType::Text,
            "rich_text" => ItemType::LongText,
            "email" => ItemType::Email,
            "phone_number" => ItemType::Phone,
            "number" => ItemType::Number,
            "date" => ItemType::Date,
            "signature" => ItemType::Signature,
            "rating" => ItemType::Rating,
            "scale" | "slider" => ItemType::Scale,
            "select" => ItemType::Dropdown,
            "multi_select" | "checkbox" => ItemType::Checkbox,
            "files" => ItemType::File,
            "matrix" => ItemType::MatrixChoice,
            _ => return None,
        };
        let labels: Vec<String> = match kind {
            _ if self.r#type == "checkbox" => vec![CHECKED.to_owned()],
            ItemType::MatrixChoice => self.columns.iter().flatten().map(text_of).collect(),
            _ => {
                let options = self.select.as_ref().or(self.multi_select.as_ref());
                options
                    .iter()
                    .flat_map(|options| &options.options)
                    .map(|option| option.name.clone())
                    .collect()
            }
        };
        let id = item_id(&self.id, n);
        let allow_other = self.allow_creation && kind.has_choices();
        let labels = labels.into_iter().chain(allow_other.then(|| OTHER.to_owned()));
        let choices: Vec<Choice> =
            (0..).zip(labels).map(|(position, label)| Choice { position, label }).collect();
        let rows = self.rows.as_deref().unwrap_or_default().iter().enumerate();
        let of_row = |(n, label): (usize, &String)| Item {
            choices: choices.clone(),
            ..Item::plain(format!("{id}-{n}"), ItemType::Radio, label.clone())
        };
        Some(if kind == ItemType::MatrixChoice {
            Item { children: rows.map(of_row).collect(), ..Item::plain(id.clone(), kind, self.label(n)) }
        } else {
            Item { choices, allow_other, required: self.required, ..Item::plain(id, kind, self.label(n)) }
        })
    }
}

fn text_of(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// The id of an item: the property's own where that is digits; a UUID as the number that it is.
fn item_id(property: &str, n: usize) -> String {
    let is_item = |id: &str| {
        id.len() <= 60
            && id.split('-').all(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit()))
    };
    match Uuid::try_parse(property) {
        Ok(uuid) => format!("{:039}", uuid.as_u128()),
        Err(_) if is_item(property) => property.to_owned(),
        // Such as no property has that is a number.
        Err(_) => format!("{}", 900_000_000 + n),
    }
}

fn answer(item: &Item, value: &Value, raw: &str) -> Result<Value, String> {
    match item.kind {
        ItemType::File => {
            let files = value.as_array().cloned().unwrap_or_else(|| vec![value.clone()]);
            let file = |file: &Value| {
                let url = file["file_url"].as_str().or(file["url"].as_str()).or(file.as_str());
                let url = url.ok_or_else(|| format!("{:?}: {file} is no file", item.label))?;
                let name = file["file_name"].as_str().map_or_else(|| name_of(url), str::to_owned);
                Ok(json!({"name": name, "url": url}))
            };
            files.iter().map(file).collect()
        }
        kind if kind.has_choices() => picked(item, value),
        _ => match value {
            Value::String(text) => Ok(json!(text)),
            // With the digits that it came with.
            Value::Number(_) => Ok(json!(raw.trim())),
            Value::Bool(is_true) => Ok(json!(is_true.to_string())),
            other => Err(format!("{:?}: {other} is no text", item.label)),
        },
    }
}

/// The choices that labels mean.
fn picked(item: &Item, value: &Value) -> Result<Value, String> {
    let labels: Vec<&Value> = value.as_array().map_or_else(|| vec![value], |values| values.iter().collect());
    let mut picked = Vec::new();
    for label in labels {
        let label = match label {
            Value::Bool(false) => continue,
            Value::Bool(true) => CHECKED.to_owned(),
            other => text_of(other),
        };
        let other = item.choices.iter().rfind(|_| item.allow_other);
        match (item.choices.iter().find(|choice| choice.label == label), other) {
            (Some(choice), _) => picked.push(chosen(choice.position, None)),
            (None, Some(other)) => picked.push(chosen(other.position, Some(&label))),
            (None, None) => return Err(format!("{:?} has no choice {label:?}", item.label)),
        }
    }
    Ok(Value::Array(picked))
}
