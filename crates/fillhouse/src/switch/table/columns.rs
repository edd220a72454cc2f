//! What the columns of a table mean: something of the submission itself, or answers to an item.
//!
//! Guarantees: the columns of our own tables are known by their names; a column that means nothing is told.
//!
//! Must not know: rows as a whole, and where they are stored.

use super::cells;
use crate::switch::guess::Answers;
use crate::switch::line::{SubmissionLine, TEXTS};
use crate::switch::report::Report;
use anyhow::{Result, bail};
use fillhouse_model::{AnswerKind, Choice, Form, Item, ItemType, Leaf};
use serde_json::value::RawValue;
use std::collections::HashSet;

/// The id of the first item of a new form.
const FIRST_ITEM: usize = 100;
/// The names of what is of the submission itself, beside texts.
const OTHERS: [&str; 8] = [
    "id",
    "date_start",
    "date_finish",
    "date_update",
    "result_status",
    "payment_amount",
    "db_id",
    "profile_id",
];

/// What a column means.
pub(super) enum Column {
    /// Something of the submission itself.
    Meta(&'static str),
    /// An item.
    Item(Box<Item>),
    /// Nothing.
    Nothing,
}

/// The columns.
pub(super) struct Columns {
    names: Vec<String>,
    meanings: Vec<Column>,
    /// How many columns each item's texts have.
    widths: Vec<usize>,
    kinds: Vec<AnswerKind>,
    answers: Vec<Answers>,
    form: Option<Form>,
    has_unfinished: bool,
}

impl Columns {
    /// The columns of a table that is about no form yet.
    pub(super) fn unknown(header: &[String]) -> Result<Self> {
        let is_ours = is_ours(header);
        let columns = header.iter().map(|name| meta(name, is_ours).map_or(Column::Nothing, Column::Meta));
        let count = header.len();
        let mut seen = HashSet::new();
        if let Some(twice) = header.iter().find(|name| !name.is_empty() && !seen.insert(*name)) {
            bail!("two columns are called {twice:?}: give one another name");
        }
        Ok(Self {
            names: header.to_vec(),
            meanings: columns.collect(),
            widths: vec![0; count],
            kinds: vec![AnswerKind::Text; count],
            answers: (0..count).map(|_| Answers::default()).collect(),
            form: None,
            has_unfinished: false,
        })
    }

    /// The columns of a table that is about this form.
    pub(super) fn of_form(header: &[String], form: Form) -> Result<Self> {
        let mut columns = Self::unknown(header)?;
        for (n, name) in header.iter().enumerate() {
            if matches!(columns.meanings[n], Column::Meta(_)) {
                continue;
            }
            let leaves = form.leaves();
            let mut found = leaves.iter().filter(|leaf| leaf.item.id == *name || name_of(leaf) == *name);
            let by_both =
                || leaves.iter().find(|leaf| format!("{} ({})", name_of(leaf), leaf.item.id) == *name);
            let leaf = match (found.next(), found.next()) {
                (Some(leaf), None) => Some(leaf),
                (Some(_), Some(_)) => {
                    bail!("{name:?} is what several items are called: use their ids instead")
                }
                (None, _) => by_both(),
            };
            if let Some(leaf) = leaf {
                columns.widths[n] =
                    leaf.parents.iter().flatten().map(|parent| parent.columns.len()).max().unwrap_or(0);
                columns.kinds[n] = leaf.kind;
                columns.meanings[n] = Column::Item(Box::new(leaf.item.clone()));
            }
        }
        columns.form = Some(form);
        Ok(columns)
    }

    /// One more row, of which the types of the columns can be told.
    pub(super) fn see(&mut self, cells: &[String]) {
        for ((cell, answers), column) in cells.iter().zip(&mut self.answers).zip(&self.meanings) {
            match column {
                Column::Meta("result_status") => self.has_unfinished |= cell == "Incomplete",
                Column::Meta(_) => {}
                _ => answers.see(cell),
            }
        }
    }

    /// Takes each column that means nothing yet for an item.
    pub(super) fn guess(&mut self) {
        let columns = self.names.iter().zip(&self.answers).zip(&mut self.meanings).zip(&mut self.kinds);
        for (n, (((name, answers), column), kind)) in columns.enumerate() {
            if name.trim().is_empty() || !matches!(column, Column::Nothing) {
                continue;
            }
            let (item_type, labels) = match answers.choices() {
                Some((labels, true)) => (ItemType::Checkbox, labels),
                Some((labels, false)) => (ItemType::Radio, labels),
                None => (answers.text_type(), Vec::new()),
            };
            if item_type.has_choices() {
                *kind = AnswerKind::Choices;
            }
            let choices = (0..).zip(labels).map(|(position, label)| Choice { position, label }).collect();
            let plain = Item::plain((FIRST_ITEM + n).to_string(), item_type, name.clone());
            *column = Column::Item(Box::new(Item { choices, ..plain }));
        }
    }

    /// The form that the table is about.
    pub(super) fn form(&self) -> Option<&Form> {
        self.form.as_ref()
    }

    pub(super) fn has_unfinished(&self) -> bool {
        self.has_unfinished
    }

    pub(super) fn items(&self) -> Vec<Item> {
        let item = |column: &Column| match column {
            Column::Item(item) => Some(Item::clone(item)),
            _ => None,
        };
        self.meanings.iter().filter_map(item).collect()
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (&String, &Column)> {
        self.names.iter().zip(&self.meanings)
    }

    /// Tells of the columns that mean nothing.
    pub(super) fn say(&self, report: &mut Report, file: &str) -> Result<()> {
        for (name, column) in self.iter() {
            if matches!(column, Column::Nothing) {
                let what = if self.form.is_some() { "is no item of the form" } else { "has no name" };
                report.say(file, format!("the column {name:?} {what}"))?;
            }
        }
        Ok(())
    }

    /// A row as a submission, without the form's id; an id and dates only where the row has them.
    pub(super) fn line(&self, cells: &[String], place: &str, report: &mut Report) -> Result<SubmissionLine> {
        let mut line = SubmissionLine { status: "Complete".to_owned(), ..SubmissionLine::default() };
        for (n, (cell, (name, column))) in cells.iter().zip(self.iter()).enumerate() {
            if cell.is_empty() {
                continue;
            }
            let put = match column {
                Column::Nothing => Ok(()),
                Column::Meta(meta) => put_meta(&mut line, meta, cell),
                Column::Item(item) => cells::answer(item, self.kinds[n], self.widths[n], cell)
                    .map(|answer| drop(line.answers.insert(item.id.clone(), answer))),
            };
            if let Err(what) = put {
                report.say(place, format!("{name}: {what}"))?;
            }
        }
        if line.status == "Incomplete" {
            line.date_finish = None;
        }
        Ok(line)
    }
}

/// Whether a table is one that we have written: others have ids of their own.
fn is_ours(header: &[String]) -> bool {
    ["id", "result_status"].iter().all(|name| header.iter().any(|known| known == name))
}

fn meta(name: &str, is_ours: bool) -> Option<&'static str> {
    let found = OTHERS.into_iter().chain(TEXTS).find(|meta| *meta == name);
    found.filter(|meta| is_ours || !matches!(*meta, "id" | "db_id" | "profile_id"))
}

/// What a leaf's column is called.
fn name_of(leaf: &Leaf<'_>) -> String {
    let parents = leaf.parents.iter().flatten().map(|parent| parent.label.as_str());
    parents.chain([leaf.item.label.as_str()]).collect::<Vec<_>>().join(": ")
}

/// The name of a type.
pub(super) fn type_name(kind: ItemType) -> &'static str {
    ItemType::ALL.into_iter().find(|(known, _)| *known == kind).map_or("text", |(_, name)| name)
}

fn put_meta(line: &mut SubmissionLine, meta: &'static str, cell: &str) -> Result<(), String> {
    match meta {
        "id" => line.id = cell.parse().map_err(|_| format!("{cell:?} is no number"))?,
        "date_start" => line.date_start = Some(cells::instant(cell)?),
        "date_finish" => line.date_finish = Some(cells::instant(cell)?),
        "date_update" => line.date_update = cells::instant(cell)?,
        "result_status" if matches!(cell, "Complete" | "Incomplete") => cell.clone_into(&mut line.status),
        "result_status" => return Err(format!("{cell:?} is neither Complete nor Incomplete")),
        "payment_amount" => {
            let is_number = cell.parse::<f64>().is_ok_and(f64::is_finite);
            let number = is_number.then(|| RawValue::from_string(cell.to_owned()).ok()).flatten();
            line.payment_amount = Some(number.ok_or_else(|| format!("{cell:?} is no number"))?);
        }
        "db_id" => line.audience_id = Some(cell.parse().map_err(|_| format!("{cell:?} is no number"))?),
        "profile_id" => line.profile_id = Some(cell.to_owned()),
        text => drop(line.texts.insert(text, cell.to_owned())),
    }
    Ok(())
}
