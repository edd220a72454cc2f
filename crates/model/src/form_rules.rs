//! What makes a form valid, and what makes a submission one of its form.
//!
//! Guarantees: every fault names its field; an item tree that passes is at most three levels deep.
//!
//! Must not know: where the form or the submission came from.

use crate::{Answer, Fault, Form, Item, ItemType, Leaf, Status, Submission};
use std::collections::HashSet;

/// The most items that a form may have, all levels together.
const MOST_ITEMS: usize = 10_000;

impl Form {
    /// Checks the form's names and its item tree.
    ///
    /// # Errors
    /// The first fault, with the path of its field.
    pub fn check(&self) -> Result<(), Fault> {
        if !(1..=i64::from(i32::MAX)).contains(&self.id.0) {
            return Err(Fault::new("id", "is not between 1 and 2147483647"));
        }
        let suffix = self.shortname.strip_prefix("form_");
        if !suffix.is_some_and(|text| text.len() == 8 && text.bytes().all(|b| b.is_ascii_alphanumeric())) {
            return Err(Fault::new("shortname", "is not form_ followed by 8 letters or digits"));
        }
        for (field, name) in [("directory", &self.directory), ("slug", &self.slug)] {
            if name.is_empty() || !name.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(&b)) {
                return Err(Fault::new(
                    field,
                    "is not made of letters, digits, hyphens, dots and underscores",
                ));
            }
        }
        if let Some(zone) = &self.timezone {
            crate::time_zone("timezone", zone)?;
        }
        let mut seen = HashSet::new();
        check_items(&self.items, 0, &mut seen).map_err(|fault| fault.within("items"))?;
        if seen.len() > MOST_ITEMS {
            return Err(Fault::new("items", format!("are more than {MOST_ITEMS}")));
        }
        Ok(())
    }

    /// Checks whether a submission may have this status: an unfinished one is for forms that take such.
    ///
    /// # Errors
    /// It may not.
    pub fn check_status(&self, status: Status) -> Result<(), Fault> {
        match status {
            Status::Incomplete if !self.partial => {
                Err(Fault::new("status", "is not allowed: the form takes no unfinished submissions"))
            }
            Status::Incomplete | Status::Complete => Ok(()),
        }
    }

    /// Checks a submission's answers for what only a new one must hold to: required items, choices that the form has,
    /// numbers and dates that are such. Older submissions may predate a change of the form, so they are not checked again.
    pub fn check_answers(&self, submission: &Submission) -> Vec<Fault> {
        let mut faults = Vec::new();
        for leaf in self.leaves() {
            let answer = submission.answers.get(leaf.slot).and_then(Option::as_ref);
            let checked = match answer {
                Some(answer) if !answer.is_blank() => check_answer(&leaf, answer),
                _ if leaf.item.required && submission.status == Status::Complete => {
                    Err(Fault::new("", "is required"))
                }
                _ => Ok(()),
            };
            if let Err(fault) = checked {
                faults.push(fault.within(&leaf.item.id).within("answers"));
            }
        }
        faults
    }
}

fn check_items<'a>(items: &'a [Item], depth: usize, seen: &mut HashSet<&'a str>) -> Result<(), Fault> {
    for (n, item) in items.iter().enumerate() {
        check_item(item, depth, seen).map_err(|fault| fault.within(&format!("[{n}]")))?;
    }
    Ok(())
}

fn check_item<'a>(item: &'a Item, depth: usize, seen: &mut HashSet<&'a str>) -> Result<(), Fault> {
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    if item.id.len() > 60 || !item.id.split('-').all(digits) {
        return Err(Fault::new("id", "is not made of digits, or of digits joined by hyphens"));
    }
    if !seen.insert(&item.id) {
        return Err(Fault::new("id", format!("{} is used twice in the form", item.id)));
    }
    if item.label.trim().is_empty() {
        return Err(Fault::new("label", "is empty"));
    }
    if item.kind.is_parent() == item.children.is_empty() {
        let message = if item.children.is_empty() { "are missing" } else { "belong to no item of this type" };
        return Err(Fault::new("children", message));
    }
    if item.kind.is_parent() && (depth > 1 || (depth == 1 && item.kind == ItemType::MultiScale)) {
        return Err(Fault::new("children", "are nested too deep"));
    }
    let mut positions = HashSet::new();
    for (n, choice) in item.choices.iter().enumerate() {
        if !positions.insert(choice.position) {
            return Err(Fault::new(format!("choices[{n}].position"), "is used twice in the item"));
        }
    }
    check_items(&item.children, depth + 1, seen).map_err(|fault| fault.within("children"))
}

fn check_answer(leaf: &Leaf<'_>, answer: &Answer) -> Result<(), Fault> {
    match answer {
        Answer::Text(text) => check_text(leaf.item.kind, text),
        Answer::Choices(chosen) => {
            if chosen.len() > 1 && leaf.item.kind != ItemType::Checkbox {
                return Err(Fault::new("", "takes one choice"));
            }
            for (n, choice) in chosen.iter().enumerate() {
                if !leaf.item.choices.iter().any(|known| known.position == choice.position) {
                    return Err(Fault::new(
                        format!("[{n}].position"),
                        format!("{} is no choice of the item", choice.position),
                    ));
                }
                if choice.other.is_some() && !leaf.item.allow_other {
                    return Err(Fault::new(format!("[{n}].other"), "is not allowed for this item"));
                }
            }
            Ok(())
        }
        Answer::Texts(texts) => {
            let columns = leaf.parents.iter().flatten().last().map_or(0, |parent| parent.columns.len());
            if texts.len() == columns {
                Ok(())
            } else {
                Err(Fault::new("", format!("has {} texts for {columns} columns", texts.len())))
            }
        }
        Answer::Files(_) => Ok(()),
    }
}

fn check_text(kind: ItemType, text: &str) -> Result<(), Fault> {
    let fine = match kind {
        ItemType::Number | ItemType::Rating | ItemType::Scale => is_decimal(text),
        ItemType::Date => crate::parse_date("", text).is_ok(),
        ItemType::Email => {
            text.split_once('@').is_some_and(|(name, host)| !name.is_empty() && !host.is_empty())
        }
        _ => true,
    };
    let what = match kind {
        ItemType::Date => "a date of the form YYYY-MM-DD",
        ItemType::Email => "an e-mail address",
        _ => "a decimal number",
    };
    if fine { Ok(()) } else { Err(Fault::new("", format!("is not {what}"))) }
}

/// Whether the text is a decimal number: an optional minus sign, digits, and perhaps a point and digits.
fn is_decimal(text: &str) -> bool {
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    let number = text.strip_prefix('-').unwrap_or(text);
    number
        .split_once('.')
        .map_or_else(|| digits(number), |(whole, fraction)| digits(whole) && digits(fraction))
}

#[cfg(test)]
mod tests;
