//! What is asked of the table of submissions, as it stands behind the question mark of its address.
//!
//! Guarantees: an address that is written here is read as the same again.
//!
//! Must not know: how submissions are found.

use super::cells::label;
use super::conditions::HOW;
use super::words;
use fillhouse_engine::{Condition, Operator, Query};
use fillhouse_model::{Form, Leaf, Timestamp, parse_date};
use jiff::civil::Date;
use jiff::tz::TimeZone;

/// How many submissions a page has.
pub(super) const PAGE: u32 = 50;
/// How many columns there are where nobody chose any.
const COLUMNS: usize = 6;
/// How many conditions there may be.
const MOST_CONDITIONS: usize = 20;

/// What is asked.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Asked {
    pub(super) search: String,
    /// The first and the last day, in UTC, on which they were last changed; nothing is any.
    pub(super) from: String,
    pub(super) to: String,
    /// What to sort by; nothing is the id.
    pub(super) sort: String,
    pub(super) ascending: bool,
    /// From 0.
    pub(super) page: u64,
    /// The ids of the items in sight.
    pub(super) columns: Vec<String>,
    /// Item, comparison and text.
    pub(super) conditions: Vec<[String; 3]>,
}

impl Asked {
    pub(super) fn of(query: &str) -> Self {
        let mut asked = Self::default();
        let (mut items, mut hows, mut texts) = (Vec::new(), Vec::new(), Vec::new());
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            let value = value.into_owned();
            match &*name {
                "q" => asked.search = value,
                "from" if day(&value).is_some() => asked.from = value,
                "to" if day(&value).is_some() => asked.to = value,
                "sort" => asked.sort = value,
                "up" => asked.ascending = true,
                "page" => asked.page = value.parse::<u64>().unwrap_or(1).saturating_sub(1),
                "column" => asked.columns.push(value),
                "where" => items.push(value),
                "how" => hows.push(value),
                "what" => texts.push(value),
                _ => {}
            }
        }
        let conditions = items.into_iter().zip(hows).zip(texts).map(|((item, how), text)| [item, how, text]);
        asked.conditions =
            conditions.filter(|[item, _, text]| !item.is_empty() && !text.is_empty()).collect();
        asked.conditions.truncate(MOST_CONDITIONS);
        asked
    }

    /// The address of the same, behind the question mark.
    pub(super) fn to_query(&self) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        if !self.search.is_empty() {
            query.append_pair("q", &self.search);
        }
        for (name, day) in [("from", &self.from), ("to", &self.to)] {
            if !day.is_empty() {
                query.append_pair(name, day);
            }
        }
        if !self.sort.is_empty() {
            query.append_pair("sort", &self.sort);
        }
        if self.ascending {
            query.append_pair("up", "1");
        }
        if self.page > 0 {
            query.append_pair("page", &(self.page + 1).to_string());
        }
        for column in &self.columns {
            query.append_pair("column", column);
        }
        for [item, how, text] in &self.conditions {
            query.append_pair("where", item).append_pair("how", how).append_pair("what", text);
        }
        query.finish()
    }

    /// The same but for the days, the order and the page.
    pub(super) fn of_answers(self) -> Self {
        let none = String::new;
        Self { page: 0, sort: none(), ascending: false, from: none(), to: none(), ..self }
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

    /// What must hold of a submission, in words, each with the address without it.
    pub(super) fn chips(&self, form: &Form) -> Vec<(String, String)> {
        self.each(form).into_iter().map(|(said, without)| (said, without.to_query())).collect()
    }

    /// What must hold of a submission, in words, each with the same without it.
    fn each(&self, form: &Form) -> Vec<(String, Self)> {
        let first_page = Self { page: 0, ..self.clone() };
        let mut each = Vec::new();
        if !self.search.is_empty() {
            let said = format!("{}: “{}”", words::SEARCH, self.search);
            each.push((said, Self { search: String::new(), ..first_page.clone() }));
        }
        if !self.from.is_empty() {
            let said = format!("{} {}", words::SINCE, self.from);
            each.push((said, Self { from: String::new(), ..first_page.clone() }));
        }
        if !self.to.is_empty() {
            let said = format!("{} {}", words::UP_TO_DAY, self.to);
            each.push((said, Self { to: String::new(), ..first_page.clone() }));
        }
        let leaves = form.leaves();
        for (n, [item, how, text]) in self.conditions.iter().enumerate() {
            let leaf = leaves.iter().find(|leaf| leaf.item.id == *item);
            let name = leaf.map_or_else(|| item.clone(), label);
            let how = HOW.iter().find(|(known, ..)| known == how).map_or(HOW[0].1, |(_, word, _)| word);
            let mut without = first_page.clone();
            without.conditions.remove(n);
            each.push((format!("{name} {how} “{text}”"), without));
        }
        each
    }

    /// The leaves in sight: those that were chosen, else the first.
    pub(super) fn leaves<'form>(&self, form: &'form Form) -> Vec<Leaf<'form>> {
        let leaves = form.leaves();
        let chosen: Vec<Leaf<'form>> =
            leaves.iter().filter(|leaf| self.columns.contains(&leaf.item.id)).copied().collect();
        if chosen.is_empty() { leaves.into_iter().take(COLUMNS).collect() } else { chosen }
    }

    /// The query that this is of a form.
    pub(super) fn to_query_of(&self, form: &Form) -> Query {
        let leaves = form.leaves();
        let condition = |(n, [item, how, text]): (usize, &[String; 3])| {
            let operator =
                HOW.iter().find(|(name, ..)| name == how).map_or(Operator::Contains, |(.., how)| *how);
            let leaf = leaves.iter().find(|leaf| leaf.item.id == *item);
            let choices = leaf.map_or(&[][..], |leaf| &leaf.item.choices);
            // People know a choice by its label.
            let chosen = choices.iter().find(|choice| choice.label.to_lowercase() == text.to_lowercase());
            let value = chosen.map_or_else(|| text.clone(), |choice| choice.position.to_string());
            let is_choice = leaf.is_some_and(|leaf| leaf.item.kind.has_choices());
            let operator = if is_choice { Operator::Equals } else { operator };
            Condition { column: item.clone(), operator, value, named: format!("where[{n}]") }
        };
        Query {
            conditions: self.conditions.iter().enumerate().map(condition).collect(),
            any_text_contains: (!self.search.is_empty()).then(|| self.search.clone()),
            after: day(&self.from).and_then(midnight).map(|midnight| midnight.plus_micros(-1)),
            before: day(&self.to).and_then(|day| midnight(day.tomorrow().ok()?)),
            sort: if self.sort.is_empty() { "result_id".to_owned() } else { self.sort.clone() },
            descending: !self.ascending,
            page: self.page,
            limit: PAGE,
            ..Query::default()
        }
    }
}

/// The day that a text is.
fn day(text: &str) -> Option<Date> {
    parse_date("", text).ok()
}

/// When a day begins, in UTC.
fn midnight(day: Date) -> Option<Timestamp> {
    day.to_zoned(TimeZone::UTC).ok().map(|midnight| midnight.timestamp().into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_read_as_it_was_written() {
        let asked = Asked {
            search: "a&b=c".to_owned(),
            from: "2026-02-28".to_owned(),
            to: "2026-03-01".to_owned(),
            sort: "100".to_owned(),
            ascending: true,
            page: 4,
            columns: vec!["100".to_owned(), "101-0".to_owned()],
            conditions: vec![["100".to_owned(), "is".to_owned(), "\u{e9} +".to_owned()]],
        };
        assert_eq!(Asked::of(&asked.to_query()), asked);
        assert_eq!(Asked::of(""), Asked::default());
        assert_eq!(Asked::of("page=0&page=x&where=1&how=is&what=&from=2026-02-29&to=x"), Asked::default());
    }
}
