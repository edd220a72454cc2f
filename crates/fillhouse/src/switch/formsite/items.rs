//! The items of a form, by what its API says of them and what they were answered with.
//!
//! Guarantees: an item that is made here is answered as it was there: with a text, with choices, with files, with texts.
//!
//! Must not know: results as a whole.

use crate::switch::guess::Answers;
use crate::switch::report::Report;
use anyhow::Result;
use fillhouse_model::{Choice, Item, ItemType};
use serde::Deserialize;
use std::cell::Cell;
use std::collections::{BTreeMap, HashSet};

/// The items as the API lists them: each, then those below it.
#[derive(Deserialize)]
pub(super) struct Known {
    pub(super) items: Vec<KnownItem>,
}

#[derive(Deserialize)]
pub(super) struct KnownItem {
    id: String,
    label: String,
    #[serde(default)]
    children: Vec<String>,
}

/// An item of a result.
#[derive(Deserialize)]
pub(super) struct SeenItem {
    pub(super) id: String,
    pub(super) value: Option<String>,
    pub(super) values: Option<Vec<SeenValue>>,
}

#[derive(Deserialize)]
pub(super) struct SeenValue {
    pub(super) position: u32,
    pub(super) value: String,
    pub(super) other: Option<String>,
}

/// All answers to an item.
#[derive(Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is seen for itself")]
pub(super) struct Seen {
    texts: Answers,
    has_values: bool,
    most_values: usize,
    labels: BTreeMap<u32, String>,
    /// Two texts were seen at one position: it is no choice.
    is_ambiguous: bool,
    has_other: bool,
    has_non_address: bool,
    is_of_form: Cell<bool>,
    is_text_row: Cell<bool>,
    columns: Cell<usize>,
}

impl Seen {
    pub(super) fn see(&mut self, item: &SeenItem) {
        if let Some(text) = &item.value {
            self.texts.see(text);
        }
        let Some(values) = &item.values else { return };
        self.has_values = true;
        self.most_values = self.most_values.max(values.len());
        for value in values {
            let known = self.labels.entry(value.position).or_insert_with(|| value.value.clone());
            self.is_ambiguous |= *known != value.value;
            self.has_other |= value.other.is_some();
            let is_address = value.value.starts_with("https://") || value.value.starts_with("http://");
            self.has_non_address |= !is_address;
        }
    }

    /// Whether the form has the item; known when its items are.
    pub(super) fn is_of_form(&self) -> bool {
        self.is_of_form.get()
    }

    /// Whether its values are texts of a row of a matrix.
    pub(super) fn is_text_row(&self) -> bool {
        self.is_text_row.get()
    }

    /// How many texts such a row has.
    pub(super) fn columns(&self) -> usize {
        self.columns.get()
    }

    /// Whether its values are files.
    pub(super) fn is_files(&self) -> bool {
        let has_some = !self.labels.is_empty();
        !self.is_text_row() && has_some && (self.is_ambiguous || !self.has_non_address)
    }
}

/// A form has three levels at most; so that an answer that says otherwise leads nowhere.
const MOST_LEVELS: usize = 3;

impl Known {
    /// The items, as far as they can be told.
    pub(super) fn items(
        &self,
        seen: &BTreeMap<String, Seen>,
        report: &mut Report,
        form: &str,
    ) -> Result<Vec<Item>> {
        let below: HashSet<&str> =
            self.items.iter().flat_map(|item| &item.children).map(String::as_str).collect();
        let by_id: BTreeMap<&str, &KnownItem> =
            self.items.iter().map(|item| (item.id.as_str(), item)).collect();
        let making = Making { by_id, seen };
        let tops = self.items.iter().filter(|item| !below.contains(item.id.as_str()));
        let items: Vec<Item> = tops.map(|item| making.item(item, 0)).collect();
        let guessed = seen.values().filter(|seen| seen.is_text_row()).count();
        if guessed > 0 {
            report.say(
                form,
                format!("the names of the columns of {guessed} rows of texts, which the API does not tell"),
            )?;
        }
        Ok(items)
    }
}

/// What items are made of.
struct Making<'a> {
    by_id: BTreeMap<&'a str, &'a KnownItem>,
    seen: &'a BTreeMap<String, Seen>,
}

impl Making<'_> {
    fn item(&self, known: &KnownItem, level: usize) -> Item {
        let children: Vec<&KnownItem> = match level {
            level if level + 1 < MOST_LEVELS => {
                known.children.iter().filter_map(|id| self.by_id.get(id.as_str()).copied()).collect()
            }
            _ => Vec::new(),
        };
        if children.is_empty() {
            return self.leaf(known, ItemType::Radio);
        }
        let seen: Vec<&Seen> = children.iter().filter_map(|child| self.seen.get(&child.id)).collect();
        let mut parent = bare(known, ItemType::List);
        if children.iter().any(|child| !child.children.is_empty()) {
            parent.kind = ItemType::MultiScale;
            parent.children = children.iter().map(|child| self.item(child, level + 1)).collect();
        } else if seen.iter().all(|seen| !seen.has_values) {
            parent.children = children.iter().map(|child| self.leaf(child, ItemType::Radio)).collect();
        } else if seen.iter().any(|seen| seen.is_ambiguous) {
            parent.kind = ItemType::MatrixText;
            let columns = seen.iter().flat_map(|seen| seen.labels.keys()).max().map_or(1, |last| last + 1);
            parent.columns = (1..=columns).map(|column| format!("Column {column}")).collect();
            seen.iter().for_each(|seen| {
                seen.is_text_row.set(true);
                seen.columns.set(parent.columns.len());
            });
            parent.children = children.iter().map(|child| self.marked(child, ItemType::Text)).collect();
        } else {
            parent.kind = ItemType::MatrixChoice;
            let most = seen.iter().map(|seen| seen.most_values).max().unwrap_or(0);
            let kind = if most > 1 { ItemType::Checkbox } else { ItemType::Radio };
            // The rows share their choices; not every one was made in every row.
            let labels: BTreeMap<u32, String> = seen.iter().flat_map(|seen| seen.labels.clone()).collect();
            let row = |child: &&KnownItem| Item { choices: choices(&labels), ..self.marked(child, kind) };
            parent.children = children.iter().map(row).collect();
        }
        parent
    }

    fn leaf(&self, known: &KnownItem, single: ItemType) -> Item {
        let item = self.marked(known, ItemType::Text);
        let Some(seen) = self.seen.get(&known.id) else { return item };
        if !seen.has_values {
            return Item { kind: seen.texts.text_type(), ..item };
        }
        if seen.is_files() {
            return Item { kind: ItemType::File, ..item };
        }
        let kind = if seen.most_values > 1 { ItemType::Checkbox } else { single };
        Item { kind, choices: choices(&seen.labels), allow_other: seen.has_other, ..item }
    }

    fn marked(&self, known: &KnownItem, kind: ItemType) -> Item {
        if let Some(seen) = self.seen.get(&known.id) {
            seen.is_of_form.set(true);
        }
        bare(known, kind)
    }
}

fn bare(known: &KnownItem, kind: ItemType) -> Item {
    let label =
        if known.label.trim().is_empty() { format!("Item {}", known.id) } else { known.label.clone() };
    Item::plain(known.id.clone(), kind, label)
}

fn choices(labels: &BTreeMap<u32, String>) -> Vec<Choice> {
    labels.iter().map(|(position, label)| Choice { position: *position, label: label.clone() }).collect()
}
