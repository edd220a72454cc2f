//! Cells, read as answers and as dates.
//!
//! Guarantees: what our own tables write is read as what it was.
//!
//! Must not know: columns.

use crate::switch::files::name_of;
use crate::switch::guess::JOINT;
use crate::switch::line::chosen;
use fillhouse_model::{AnswerKind, Item};
use serde_json::{Value, json};

/// What a cell that is not empty answers; else why it is no answer.
pub(super) fn answer(item: &Item, kind: AnswerKind, columns: usize, cell: &str) -> Result<Value, String> {
    match kind {
        AnswerKind::Text => Ok(json!(cell)),
        AnswerKind::Texts => {
            let mut texts: Vec<&str> = cell.split(JOINT).collect();
            if texts.len() > columns {
                return Err(format!("has {} texts for {columns} columns", texts.len()));
            }
            texts.resize(columns, "");
            Ok(json!(texts))
        }
        AnswerKind::Files => {
            Ok(cell.split(JOINT).map(|url| json!({"name": name_of(url), "url": url})).collect())
        }
        AnswerKind::Choices => choices(item, cell),
    }
}

/// The choices that labels mean. What was typed beside one stands behind its label, and may look like several.
fn choices(item: &Item, cell: &str) -> Result<Value, String> {
    let mut picked: Vec<(u32, Option<String>)> = Vec::new();
    for part in cell.split(JOINT) {
        if let Some(choice) = item.choices.iter().find(|choice| choice.label == part) {
            picked.push((choice.position, None));
            continue;
        }
        let typed = item.choices.iter().find_map(|choice| {
            let rest = part.strip_prefix(choice.label.as_str())?.strip_prefix(": ")?;
            item.allow_other.then(|| (choice.position, Some(rest.to_owned())))
        });
        match (typed, picked.last_mut(), item.choices.last()) {
            (Some(typed), ..) => picked.push(typed),
            (None, Some((_, Some(before))), _) => {
                before.push_str(JOINT);
                before.push_str(part);
            }
            (None, _, Some(last)) if item.allow_other => picked.push((last.position, Some(part.to_owned()))),
            _ => return Err(format!("{part:?} is no choice of the item")),
        }
    }
    Ok(picked.iter().map(|(position, other)| chosen(*position, other.as_deref())).collect())
}

/// A time as the interchange format takes it: one without an offset is in UTC, and a day is its beginning.
pub(super) fn instant(cell: &str) -> Result<String, String> {
    if cell.parse::<jiff::Timestamp>().is_ok() {
        return Ok(cell.to_owned());
    }
    let civil: Result<jiff::civil::DateTime, _> = cell.parse();
    let civil = civil.map_err(|_| format!("{cell:?} is no time such as 2026-04-01T09:00:00Z"))?;
    let instant = civil.to_zoned(jiff::tz::TimeZone::UTC).map_err(|_| format!("{cell:?} is out of range"))?;
    Ok(instant.timestamp().to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use fillhouse_model::{Choice, ItemType};

    fn item(allow_other: bool) -> Item {
        let choices = ["Cat", "Dog", "Other"];
        Item {
            id: "1".to_owned(),
            kind: ItemType::Checkbox,
            label: "Pets".to_owned(),
            required: false,
            choices: (0..)
                .zip(choices.map(str::to_owned))
                .map(|(position, label)| Choice { position, label })
                .collect(),
            allow_other,
            columns: Vec::new(),
            children: Vec::new(),
            matches: None,
        }
    }

    #[test]
    fn labels_are_choices_and_what_was_typed_stays_whole() {
        let read = |cell| choices(&item(true), cell);
        assert_eq!(read("Dog | Cat").unwrap(), json!([{"position": 1}, {"position": 0}]));
        let typed = json!([{"position": 0}, {"position": 2, "other": "a | b: c"}]);
        assert_eq!(read("Cat | Other: a | b: c").unwrap(), typed);
        assert_eq!(read("Bird").unwrap(), json!([{"position": 2, "other": "Bird"}]));
        assert!(choices(&item(false), "Bird").unwrap_err().contains("Bird"));
    }

    #[test]
    fn times_are_read_with_and_without_an_offset() {
        assert_eq!(instant("2026-04-01T09:00:00+02:00").unwrap(), "2026-04-01T09:00:00+02:00");
        assert_eq!(instant("2026-04-01 09:00:00").unwrap(), "2026-04-01T09:00:00Z");
        assert_eq!(instant("2026-04-01").unwrap(), "2026-04-01T00:00:00Z");
        assert!(instant("yesterday").is_err());
    }
}
