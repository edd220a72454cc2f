//! Looks: what clients say of a form's properties that means nothing to its answers, kept and given back as it came: help,
//! placeholders, widths, blocks of text between the questions, and the properties that are asked no more.
//!
//! Guarantees: what is known of a property comes from its item, whatever was kept of it; the order is the form's, with the
//! blocks where they were between its questions.
//!
//! Must not know: what any of it means, which `layout.rs` does of some, or how it is stored.

mod kept;
mod layout;
mod plain;
mod written;

use super::draft::places;
use super::draft::{GivenForm, Place, plain_kind};
use super::field::{Field, fields};
use super::property::{Choice, Options, Property, is_hidden};
use super::property_id::shown;
use super::value::raw;
use fillhouse_model::{Form, Item, ItemType};
use kept::Kept;
pub(super) use kept::Named;
pub(in crate::dialect) use layout::layout;
use serde::Serialize;
use serde_json::value::RawValue;
use std::collections::{HashMap, HashSet};
use utoipa::openapi::schema::{AnyOfBuilder, ObjectBuilder};
use utoipa::openapi::{Ref, RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};
pub(in crate::dialect) use written::written;

/// What this dialect is called where its looks are kept.
pub(in crate::dialect) const DIALECT: &str = "open";
/// How many of the properties that are asked no more are kept, the latest.
const MOST_REMOVED: usize = 500;
/// What begins the types of properties that are answered nothing to.
pub(super) const LAYOUT: &str = "nf-";
/// What a property says of itself besides what is known of it, where nobody said.
const USUAL: [(&str, &str); 3] = [("help", "null"), ("placeholder", "null"), ("width", "\"full\"")];
/// The types that items have no type of their own for: they are shown as long as the item is of the type that they became.
const OTHER_TYPES: [&str; 4] = ["url", "barcode", "rich_text", "slider"];
/// What is known of a property, and not taken from what was kept.
const OWN: [&str; 11] = [
    "id",
    "type",
    "name",
    "hidden",
    "required",
    "multi_lines",
    "select",
    "multi_select",
    "allow_creation",
    "rows",
    "columns",
];

/// A property as it is shown: what is known of it, and what was said of it besides.
#[derive(Serialize)]
#[serde(untagged)]
pub(super) enum ShownProperty {
    Asked(Asked),
    /// A block that asks nothing, as it came.
    Layout(Box<RawValue>),
}

// Written by hand, since a block may look like a property: what is derived says that it is exactly one of both.
impl PartialSchema for ShownProperty {
    fn schema() -> RefOr<Schema> {
        let block = ObjectBuilder::new().description(Some("A block that asks nothing, as it came"));
        AnyOfBuilder::new().item(Ref::from_schema_name(Asked::name())).item(block).into()
    }
}

impl ToSchema for ShownProperty {
    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        schemas.push((Asked::name().into_owned(), Asked::schema()));
        Asked::schemas(schemas);
    }
}

/// A property that asks something.
#[derive(Serialize, ToSchema)]
pub(super) struct Asked {
    #[serde(flatten)]
    own: Property,
    /// `help`, `placeholder`, `width`, and whatever else was said.
    #[serde(flatten)]
    #[schema(value_type = Object)]
    others: Named,
}

/// The properties of a form, and those that it had.
#[derive(Default)]
pub(super) struct Shown {
    pub(super) properties: Vec<ShownProperty>,
    pub(super) removed: Vec<Box<RawValue>>,
}

/// What is shown of a form's properties, with what was kept of its look.
pub(super) fn properties(form: &Form, look: Option<&str>) -> Shown {
    let kept = Kept::read(look);
    let fields = fields(form);
    let mut blocks = kept.blocks(&fields.iter().map(Field::id).collect());
    let (said, mut properties) = (kept.by_id(), Vec::new());
    for field in &fields {
        let id = field.id();
        properties.extend(blocks.before.remove(&id).into_iter().flatten().map(ShownProperty::Layout));
        properties.push(ShownProperty::Asked(asked(field, said.get(&id).copied())));
    }
    properties.extend(blocks.last.into_iter().map(ShownProperty::Layout));
    let is_there: HashSet<&str> =
        fields.iter().flat_map(|field| &field.leaves).map(|leaf| leaf.item.id.as_str()).collect();
    let matrices: HashSet<&str> =
        fields.iter().filter(|field| field.is_matrix()).map(|field| field.item.id.as_str()).collect();
    // A row that a matrix has no more is no property.
    let is_row = |id: &str| id.rsplit_once('-').is_some_and(|(above, _)| matrices.contains(above));
    let mut seen = HashSet::new();
    let gone = form.slots.iter().map(|slot| slot.item_id.as_str());
    let gone = gone.filter(|id| !is_there.contains(id) && !is_row(id));
    let gone: Vec<&str> = gone.filter(|id| seen.insert(*id)).collect();
    Shown { properties, removed: kept.removed(&gone) }
}

fn asked(field: &Field<'_>, kept: Option<&Named>) -> Asked {
    let mut own = Property::of(field);
    let said = |name: &str| kept.and_then(|kept| kept.get(name));
    if let Some(other) = said("type").and_then(text).filter(|word| OTHER_TYPES.contains(&word.as_str())) {
        let item = field.item;
        let kind = plain_kind(&other, is_hidden(item), item.kind == ItemType::LongText);
        if kind == Some(item.kind) {
            own.r#type = other.into();
        }
    }
    if own.r#type != "text" && said("hidden").is_some_and(|hidden| hidden.get() == "true") {
        own.hidden = true;
    }
    for (name, options) in [("select", &mut own.select), ("multi_select", &mut own.multi_select)] {
        if let (Some(options), Some(said)) = (options, said(name)) {
            keep_options(options, said);
        }
    }
    let mut others: Vec<(String, Box<RawValue>)> = Vec::new();
    for (name, usual) in USUAL {
        let value = said(name)
            .map_or_else(|| RawValue::from_string(usual.to_owned()).ok(), |said| Some(said.to_owned()));
        others.extend(value.map(|value| (name.to_owned(), value)));
    }
    let is_other = |name: &str| !OWN.contains(&name) && USUAL.iter().all(|(usual, _)| *usual != name);
    let more = kept.into_iter().flat_map(|kept| &kept.0).filter(|(name, _)| is_other(name));
    others.extend(more.map(|(name, value)| (name.clone(), value.clone())));
    Asked { own, others: Named(others) }
}

/// Puts the options that came in place of those of the same names.
fn keep_options(options: &mut Options, said: &RawValue) {
    let Ok(said) = serde_json::from_str::<Named>(said.get()) else { return };
    let list = said.get("options").and_then(|list| serde_json::from_str::<Vec<Named>>(list.get()).ok());
    let named =
        list.into_iter().flatten().filter_map(|option| Some((option.get("name").and_then(text)?, option)));
    let by_name: HashMap<String, Named> = named.collect();
    for option in &mut options.options {
        if let Some(came) = option.name().and_then(|name| by_name.get(name)) {
            *option = Choice::Kept(raw(came));
        }
    }
}

fn text(value: &RawValue) -> Option<String> {
    serde_json::from_str(value.get()).ok()
}

/// What is to be kept of a form that a client has given, in place of `kept`; none where it says nothing of properties.
pub(super) fn of_given(
    given: &GivenForm,
    sent: &[Named],
    before: Option<&Form>,
    after: &Form,
    kept: Option<&str>,
) -> Option<String> {
    let given = given.properties.as_ref()?;
    let properties = sent.iter().zip(places(given, before)).map(|(sent, place)| match place {
        Place::Item(n) => match after.items.get(n) {
            Some(item) => sent.with("id", raw(&shown(&item.id))),
            None => sent.clone(),
        },
        Place::Known(id) => sent.with("id", raw(&id)),
        Place::Layout => sent.clone(),
    });
    let mut properties: Vec<Named> = properties.collect();
    properties.extend(of_groups(after, &Kept::read(kept)));
    let gone = before.map(|before| gone(before, after, kept)).unwrap_or_default();
    Some(Kept { properties, removed: gone }.to_json())
}

/// What was kept of groups, which clients see only the parts of.
fn of_groups(form: &Form, kept: &Kept) -> Vec<Named> {
    let fields: HashSet<String> = fields(form).iter().map(Field::id).collect();
    let groups = Item::each(&form.items).into_iter().map(|item| shown(&item.id));
    let groups: HashSet<String> = groups.filter(|id| !fields.contains(id)).collect();
    let is_group = |one: &&Named| one.id().is_some_and(|id| groups.contains(&id));
    kept.properties.iter().filter(is_group).cloned().collect()
}

/// The properties of a form that are asked no more, as they were shown last.
fn gone(before: &Form, after: &Form, kept: Option<&str>) -> Vec<Named> {
    let is_there: HashSet<String> = fields(after).iter().map(Field::id).collect();
    let was = Kept::read(kept);
    let said = was.by_id();
    let asked = fields(before).into_iter().map(|field| asked(&field, said.get(&field.id()).copied()));
    let asked = asked.filter(|asked| !is_there.contains(&asked.own.id));
    let now = asked.filter_map(|asked| serde_json::from_str::<Named>(raw(&asked).get()).ok());
    let now: Vec<Named> = now.collect();
    let ids: HashSet<String> = now.iter().filter_map(Named::id).chain(is_there).collect();
    let earlier = was.removed.iter().filter(|one| one.id().is_some_and(|id| !ids.contains(&id)));
    let mut gone: Vec<Named> = earlier.cloned().chain(now).collect();
    gone.drain(..gone.len().saturating_sub(MOST_REMOVED));
    gone
}

/// The ids of the blocks that ask nothing.
pub(super) fn layout_ids(look: Option<&str>) -> HashSet<String> {
    Kept::read(look).layout_ids()
}
