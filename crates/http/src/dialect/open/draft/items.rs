//! Properties, turned into items.
//!
//! Must not know: anything of a form but its properties.

use super::{GivenOptions, GivenProperty};
use crate::dialect::open::field::{CHECKED, Field, fields};
use crate::dialect::open::look::LAYOUT;
use crate::dialect::open::property::{is_hidden, type_of};
use crate::dialect::open::property_id::item_id;
use fillhouse_model::{Choice, Fault, Form, Item, ItemType};
use std::collections::{HashMap, HashSet};

/// What is typed beside this option where something else may be given than the others.
const OTHER: &str = "Other";
/// How many properties a form may have: as many as items.
const MOST_PROPERTIES: usize = 10_000;
/// How long a name may be, in bytes.
const MOST_NAME_BYTES: usize = 10_000;

/// The items that these properties are, in place of those of `before`.
pub(super) fn items(properties: &[GivenProperty], before: Option<&Form>) -> Result<Vec<Item>, Vec<Fault>> {
    if properties.len() > MOST_PROPERTIES {
        return Err(vec![Fault::new("properties", format!("are more than {MOST_PROPERTIES}"))]);
    }
    let fields = before.map(fields).unwrap_or_default();
    let (mut items, mut faults): (Vec<Item>, Vec<Fault>) = (Vec::new(), Vec::new());
    let by_id = by_id(&fields);
    let mut groups = HashSet::new();
    for (n, property) in properties.iter().enumerate() {
        let known = find(&by_id, property);
        if let Some(group) = known.and_then(group_of) {
            if groups.insert(group.id.as_str()) {
                items.push(group.clone());
            }
            continue;
        }
        if property.r#type.starts_with(LAYOUT) {
            continue;
        }
        match item(property, known) {
            Ok(item) => items.push(item),
            Err(fault) => faults.push(fault.within(&format!("properties[{n}]"))),
        }
    }
    if faults.is_empty() { Ok(items) } else { Err(faults) }
}

/// Where a property comes to be in its form.
pub(in crate::dialect::open) enum Place {
    /// It is the item of this number.
    Item(usize),
    /// It is a part of a group, and shown with this id.
    Known(String),
    /// Nowhere: it asks nothing.
    Layout,
}

/// Where each of these properties comes to be among [`items`] of them.
pub(in crate::dialect::open) fn places(properties: &[GivenProperty], before: Option<&Form>) -> Vec<Place> {
    let fields = before.map(fields).unwrap_or_default();
    let by_id = by_id(&fields);
    let mut groups = HashSet::new();
    let mut next = 0;
    let place = |property: &GivenProperty| {
        let known = find(&by_id, property);
        if let Some((group, field)) = known.and_then(|field| Some((group_of(field)?, field))) {
            next += usize::from(groups.insert(group.id.as_str()));
            return Place::Known(field.id());
        }
        if property.r#type.starts_with(LAYOUT) {
            return Place::Layout;
        }
        next += 1;
        Place::Item(next - 1)
    };
    properties.iter().map(place).collect()
}

fn by_id<'a, 'form>(fields: &'a [Field<'form>]) -> HashMap<String, &'a Field<'form>> {
    fields.iter().flat_map(|field| [(field.item.id.clone(), field), (field.id(), field)]).collect()
}

fn find<'a, 'form>(
    by_id: &HashMap<String, &'a Field<'form>>,
    property: &GivenProperty,
) -> Option<&'a Field<'form>> {
    by_id.get(&property.id).or_else(|| by_id.get(&property.id.to_ascii_lowercase())).copied()
}

/// The group that a field is a part of, of which clients see only the parts.
fn group_of<'form>(field: &Field<'form>) -> Option<&'form Item> {
    let top = field.leaves.first().and_then(|leaf| leaf.parents[0])?;
    (top.id != field.item.id).then_some(top)
}

fn item(property: &GivenProperty, known: Option<&Field<'_>>) -> Result<Item, Fault> {
    if property.name.len() > MOST_NAME_BYTES {
        return Err(Fault::new("name", format!("is longer than {MOST_NAME_BYTES} bytes")));
    }
    let kind = kind(property, known)?;
    let before = known.map(|field| field.item).filter(|item| item.kind == kind);
    let id = known.map(|field| field.item.id.clone()).or_else(|| item_id(&property.id));
    let required = property.required.unwrap_or(false);
    let is_matrix = kind == ItemType::MatrixChoice;
    let mut item = Item {
        id: id.unwrap_or_default(),
        kind,
        label: property.name.clone(),
        required: required && !is_matrix,
        choices: Vec::new(),
        allow_other: false,
        columns: Vec::new(),
        children: Vec::new(),
        matches: before.and_then(|before| before.matches.clone()),
    };
    if is_matrix {
        item.children = rows(property, before, required)?;
    } else if property.r#type == "checkbox" {
        item.choices = choices(&[CHECKED.to_owned()], before);
    } else if kind.has_choices() {
        item.allow_other = property.allow_creation.unwrap_or(false);
        item.choices = choices(&options(property, item.allow_other, before)?, before);
    }
    Ok(item)
}

/// The type of a property's item: the one it has, where it is shown as the property is.
fn kind(property: &GivenProperty, known: Option<&Field<'_>>) -> Result<ItemType, Fault> {
    let has_lines = property.multi_lines.unwrap_or(false);
    let is_hidden_here = property.hidden.unwrap_or(false);
    if let Some(field) = known.filter(|field| type_of(field) == property.r#type) {
        let kind = field.item.kind;
        let is_text = property.r#type == "text";
        let looks_the_same =
            has_lines == (kind == ItemType::LongText) && is_hidden_here == is_hidden(field.item);
        if !is_text || looks_the_same {
            return Ok(kind);
        }
    }
    plain_kind(&property.r#type, is_hidden_here, has_lines).ok_or_else(|| Fault::new("type", "is not known"))
}

/// The type of item that a property of this type becomes, where nothing is known of it; none where it is no type.
pub(in crate::dialect::open) fn plain_kind(word: &str, is_hidden: bool, has_lines: bool) -> Option<ItemType> {
    Some(match word {
        "text" | "url" | "barcode" if is_hidden => ItemType::Hidden,
        "text" if has_lines => ItemType::LongText,
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
    })
}

/// The names of a property's options.
fn options(
    property: &GivenProperty,
    allows_other: bool,
    before: Option<&Item>,
) -> Result<Vec<String>, Fault> {
    let field = if property.r#type == "select" { "select" } else { "multi_select" };
    let given = if field == "select" { &property.select } else { &property.multi_select };
    let Some(GivenOptions { options }) = given else {
        return Err(Fault::new(field, "is required"));
    };
    let mut names: Vec<String> = options.iter().map(|option| option.name.clone()).collect();
    let mut seen = HashSet::new();
    if !names.iter().all(|name| seen.insert(name.as_str())) {
        return Err(Fault::new(format!("{field}.options"), "has an option twice"));
    }
    // Where it is allowed already, the last option is the one beside which it is typed.
    let is_new = !before.is_some_and(|before| before.allow_other);
    if allows_other && is_new && !seen.contains(OTHER) {
        names.push(OTHER.to_owned());
    }
    Ok(names)
}

/// Choices of these labels. One that was there keeps its position, which is what answers hold.
fn choices(labels: &[String], before: Option<&Item>) -> Vec<Choice> {
    let known = before.map_or(&[][..], |before| before.choices.as_slice());
    let mut next = known.iter().map(|choice| choice.position + 1).max().unwrap_or(0);
    let mut choice = |label: &String| {
        let position = known.iter().find(|choice| choice.label == *label).map(|choice| choice.position);
        let position = position.unwrap_or_else(|| {
            next += 1;
            next - 1
        });
        Choice { position, label: label.clone() }
    };
    labels.iter().map(&mut choice).collect()
}

/// The rows of a matrix. One that was there keeps its id.
fn rows(property: &GivenProperty, before: Option<&Item>, required: bool) -> Result<Vec<Item>, Fault> {
    let (Some(labels), Some(columns)) = (&property.rows, &property.columns) else {
        return Err(Fault::new("rows", "are required, and columns with them"));
    };
    let known = before.map_or(&[][..], |before| before.children.as_slice());
    let row = |label: &String| {
        let row = known.iter().find(|row| row.label == *label);
        Item {
            id: row.map(|row| row.id.clone()).unwrap_or_default(),
            kind: row.map_or(ItemType::Radio, |row| row.kind),
            label: label.clone(),
            required,
            choices: choices(columns, row.or(known.first())),
            allow_other: row.is_some_and(|row| row.allow_other),
            columns: Vec::new(),
            children: Vec::new(),
            matches: row.and_then(|row| row.matches.clone()),
        }
    };
    Ok(labels.iter().map(row).collect())
}
