//! What is asked of the table of submissions, as it stands behind the question mark of its address.
//!
//! Guarantees: an address that is written here is read as the same again; what is not understood of one is told by the name of its
//! field.
//!
//! Must not know: how submissions are found.

mod chips;
mod read;

use super::cells::label;
use super::conditions::HOW;
use fillhouse_engine::{Condition, FormDays, LAST_ANSWERED, Operator, Query};
use fillhouse_model::{Form, Status, parse_date};
use jiff::civil::Date;

/// How many submissions a page has.
pub(super) const PAGE: u32 = 50;

/// What is asked.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Asked {
    pub(super) search: String,
    /// The first and the last day on which they were finished, or last changed if they are not; nothing is any.
    pub(super) from: String,
    pub(super) to: String,
    /// The name of a status; nothing is any.
    pub(super) status: String,
    /// What to sort by; nothing is the id.
    pub(super) sort: String,
    pub(super) ascending: bool,
    /// From 0.
    pub(super) page: u64,
    /// The names of the metas and the ids of the items in sight; nothing is what there is at first.
    pub(super) columns: Vec<String>,
    /// Item, comparison and text.
    pub(super) conditions: Vec<[String; 3]>,
}

impl Asked {
    /// The names and values behind the question mark.
    pub(super) fn pairs(&self) -> Vec<(&'static str, String)> {
        let mut pairs = Vec::new();
        let page = if self.page > 0 { (self.page.saturating_add(1)).to_string() } else { String::new() };
        let ascending = if self.ascending { "1" } else { "" };
        for (name, value) in [
            ("q", self.search.as_str()),
            ("from", &self.from),
            ("to", &self.to),
            ("status", &self.status),
            ("sort", &self.sort),
            ("up", ascending),
            ("page", &page),
        ] {
            if !value.is_empty() {
                pairs.push((name, value.to_owned()));
            }
        }
        pairs.extend(self.columns.iter().map(|column| ("column", column.clone())));
        for [item, how, text] in &self.conditions {
            pairs.extend(
                [("where", item), ("how", how), ("what", text)].map(|(name, text)| (name, text.clone())),
            );
        }
        pairs
    }

    /// The same without these names: what a form on a page takes along beside its fields.
    pub(super) fn without(&self, names: &[&str]) -> Vec<(&'static str, String)> {
        let mut pairs = self.pairs();
        pairs.retain(|(name, _)| !names.contains(name));
        pairs
    }

    /// The address of the same, behind the question mark.
    pub(super) fn to_query(&self) -> String {
        form_urlencoded::Serializer::new(String::new()).extend_pairs(self.pairs()).finish()
    }

    /// The same but for the days, the status, the order and the page.
    pub(super) fn of_answers(self) -> Self {
        Self { search: self.search, columns: self.columns, conditions: self.conditions, ..Self::default() }
    }

    /// The same of these days alone.
    pub(super) fn of_days(&self, from: Date, to: Date) -> Self {
        Self { page: 0, from: from.to_string(), to: to.to_string(), ..self.clone() }
    }

    /// The same, and that an item is answered so.
    pub(super) fn with(&self, item: &str, text: &str) -> Self {
        let mut asked = Self { page: 0, ..self.clone() };
        let condition = [item.to_owned(), "is".to_owned(), text.to_owned()];
        if !asked.conditions.contains(&condition) {
            asked.conditions.push(condition);
        }
        asked
    }

    /// The same, and that a number is from one on, and before another.
    pub(super) fn with_range(&self, item: &str, from: Option<String>, before: Option<String>) -> Self {
        let mut asked = Self { page: 0, ..self.clone() };
        for (how, text) in [("least", from), ("less", before)] {
            let Some(text) = text else { continue };
            asked.conditions.retain(|known| known[0] != item || known[1] != how);
            asked.conditions.push([item.to_owned(), how.to_owned(), text]);
        }
        asked
    }

    /// The first and the last day.
    pub(super) fn days(&self) -> (Option<Date>, Option<Date>) {
        let day = |text: &str| parse_date("", text).ok();
        (day(&self.from), day(&self.to))
    }

    /// The query that this is of a form with these days.
    pub(super) fn query(&self, form: &Form, days: &FormDays) -> Query {
        let (from, to) = self.days();
        let status = Status::from_name(&self.status);
        Query { dated: days.range(from, to), status, ..self.query_of_answers(form) }
    }

    /// The same but for the days and the status.
    pub(super) fn query_of_answers(&self, form: &Form) -> Query {
        let leaves = form.leaves();
        let condition = |(n, [item, how, text]): (usize, &[String; 3])| {
            let operator =
                HOW.iter().find(|(name, ..)| name == how).map_or(Operator::Contains, |(.., how)| *how);
            let leaf = leaves.iter().find(|leaf| leaf.item.id == *item);
            let choices = leaf.map_or(&[][..], |leaf| &leaf.item.choices);
            // People know a choice by its label.
            let chosen = choices.iter().find(|choice| choice.label.to_lowercase() == text.to_lowercase());
            let value = chosen.map_or_else(|| text.clone(), |choice| choice.position.to_string());
            let is_last = leaf.is_none() && item == LAST_ANSWERED;
            // And a question as well.
            let named =
                leaves.iter().find(|leaf| is_last && label(leaf).to_lowercase() == text.to_lowercase());
            let value = named.map_or(value, |leaf| leaf.item.id.clone());
            let is_choice = leaf.is_some_and(|leaf| leaf.item.kind.has_choices());
            let operator = if is_choice || is_last { Operator::Equals } else { operator };
            Condition { column: item.clone(), operator, value, named: format!("where[{n}]") }
        };
        Query {
            conditions: self.conditions.iter().enumerate().map(condition).collect(),
            any_text_contains: (!self.search.is_empty()).then(|| self.search.clone()),
            sort: if self.sort.is_empty() { "result_id".to_owned() } else { self.sort.clone() },
            descending: !self.ascending,
            page: self.page,
            limit: PAGE,
            ..Query::default()
        }
    }
}
