//! The items that a form has no more, as they were when they were there last: their answers are stored still.
//!
//! Guarantees: what the form has now stays as it is, and is there once.
//!
//! Must not know: who wants to see them.

use fillhouse_model::{Form, Item};
use std::collections::HashSet;

/// The form with the items behind its own that it had in one of these revisions, the first one first, and has no more.
pub(crate) fn with_removed(mut form: Form, ever: &[Vec<Item>]) -> Form {
    let mut known = HashSet::new();
    note(&form.items, &mut known);
    for item in ever.iter().rev().flatten() {
        let mut gone = Vec::new();
        collect(item, &known, &mut gone);
        note(&gone, &mut known);
        form.items.extend(gone);
    }
    form
}

fn note(items: &[Item], known: &mut HashSet<String>) {
    for item in items {
        known.insert(item.id.clone());
        note(&item.children, known);
    }
}

/// Adds to `gone` what of an item is not known: all of it but for what is below it and known; or what is below it.
fn collect(item: &Item, known: &HashSet<String>, gone: &mut Vec<Item>) {
    let mut below = Vec::new();
    item.children.iter().for_each(|child| collect(child, known, &mut below));
    if known.contains(&item.id) {
        gone.append(&mut below);
    } else if item.children.is_empty() || !below.is_empty() {
        gone.push(Item { children: below, ..item.clone() });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::{form, group, item};
    use fillhouse_model::ItemType;

    fn called(id: &str, label: &str) -> Item {
        item(id, ItemType::Text, label)
    }

    fn labels(form: &Form) -> Vec<(&str, &str)> {
        form.items.iter().map(|item| (item.id.as_str(), item.label.as_str())).collect()
    }

    #[test]
    fn what_was_removed_is_as_it_was_last() {
        let now = vec![called("1", "Name")];
        let ever = [
            vec![called("900", "Old"), called("901", "Twice"), called("1", "What?")],
            vec![called("901", "Renamed")],
            now.clone(),
        ];
        let whole = with_removed(Form { items: now, ..form() }, &ever);
        assert_eq!(labels(&whole), [("1", "Name"), ("901", "Renamed"), ("900", "Old")]);
    }

    #[test]
    fn what_was_below_an_item_that_is_there_is_found() {
        let grid = |rows: &[&str]| {
            vec![group("9", ItemType::MatrixChoice, "Grid", rows.iter().map(|id| called(id, id)).collect())]
        };
        let now = Form { items: grid(&["1"]), ..form() };
        let whole = with_removed(now, &[grid(&["1", "2"]), grid(&["3"])]);
        assert_eq!(labels(&whole), [("9", "Grid"), ("3", "3"), ("2", "2")]);
    }
}
