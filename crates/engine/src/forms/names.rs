//! The names and ids that are handed out for a form and its items.
//!
//! Guarantees: an id that is handed out was never that of another item of the form.
//!
//! Must not know: the store, which has the last word on whether a name is free.

use crate::Random;
use fillhouse_model::{Item, Slot};

/// How long what is taken from a form's name may be, in bytes.
const MOST_NAME_BYTES: usize = 60;
/// The first id that is handed out to an item: as in the field, where the lower ones are those of a form's own parts.
const FIRST_ID: u64 = 100;
/// Ids with more digits are not counted on from: they are numbers of another kind, such as UUIDs.
const MOST_DIGITS: usize = 15;

/// The names of a new form.
pub(super) struct Names {
    /// `form_` and 8 letters or digits.
    pub(super) shortname: String,
    /// What people would make of the form's name in an address, with something at its end that is not guessed.
    pub(super) slug: String,
}

impl Names {
    /// Names for a form that people call `name`, such as nobody has yet, as far as chance goes.
    pub(super) fn fresh(name: &str, random: &Random) -> Self {
        let letters = random.opaque();
        let (for_shortname, rest) = letters.split_at(8);
        let beginning = in_address(name);
        let joint = if beginning.is_empty() { "" } else { "-" };
        let slug = format!("{beginning}{joint}{}", rest[..6].to_ascii_lowercase());
        Self { shortname: format!("form_{for_shortname}"), slug }
    }
}

/// A name in lower case, with a hyphen for all that is neither letter nor digit.
fn in_address(name: &str) -> String {
    let mut address = String::new();
    for letter in name.chars() {
        match letter.to_ascii_lowercase() {
            letter if letter.is_ascii_alphanumeric() => address.push(letter),
            _ if address.is_empty() || address.ends_with('-') => {}
            _ => address.push('-'),
        }
        if address.len() == MOST_NAME_BYTES {
            break;
        }
    }
    address.trim_end_matches('-').to_owned()
}

/// Gives an id to each item that has none: one after the highest that the form has or had.
pub(super) fn give_ids(items: &mut [Item], slots: &[Slot]) {
    let mut last = FIRST_ID - 1;
    for slot in slots {
        last = last.max(number(&slot.item_id));
    }
    visit(items, &mut |item| last = last.max(number(&item.id)));
    for item in items {
        if item.id.is_empty() {
            last += 1;
            item.id = last.to_string();
        }
        give_child_ids(item, slots);
    }
}

/// The items below an item are called after it.
fn give_child_ids(item: &mut Item, slots: &[Slot]) {
    let parent = format!("{}-", item.id);
    let after = |id: &str| {
        let number = id.strip_prefix(&parent)?.split('-').next()?.parse::<u32>().ok()?;
        Some(u64::from(number) + 1)
    };
    let there = item.children.iter().map(|child| child.id.as_str());
    let known = there.chain(slots.iter().map(|slot| slot.item_id.as_str()));
    let mut next = known.filter_map(after).max().unwrap_or(0);
    for child in &mut item.children {
        if child.id.is_empty() {
            child.id = format!("{parent}{next}");
            next += 1;
        }
        give_child_ids(child, slots);
    }
}

fn visit(items: &[Item], look: &mut impl FnMut(&Item)) {
    for item in items {
        look(item);
        visit(&item.children, look);
    }
}

/// The number that an id begins with, where it is one that is counted on from.
fn number(id: &str) -> u64 {
    let digits = id.split('-').next().unwrap_or_default();
    if digits.len() > MOST_DIGITS { 0 } else { digits.parse().unwrap_or(0) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::{group, item};
    use fillhouse_model::{AnswerKind, ItemType};

    #[test]
    fn a_slug_is_made_of_the_name_and_of_chance() {
        for (name, beginning) in [
            ("Customer survey", "customer-survey-"),
            ("  What?! Again…  ", "what-again-"),
            ("Анкета", ""),
            ("Zoë & Co.", "zo-co-"),
        ] {
            let random = Random::from_seed(1);
            let Names { shortname, slug } = Names::fresh(name, &random);
            assert_eq!(shortname.len(), 13, "{shortname}");
            let chance = slug.strip_prefix(beginning).unwrap();
            assert!(chance.len() == 6 && !chance.contains('-'), "{slug}");
        }
        let long = Names::fresh(&"abc ".repeat(100), &Random::from_seed(1)).slug;
        assert!(long.len() <= MOST_NAME_BYTES + 7, "{long}");
    }

    #[test]
    fn an_id_is_never_that_of_an_item_that_was() {
        let slot = |id: &str| Slot { item_id: id.into(), kind: AnswerKind::Text };
        let uuid = "083962213926441204246911346327953152785";
        let mut items = vec![
            item("", ItemType::Text, "New"),
            item(uuid, ItemType::Text, "A UUID"),
            group(
                "",
                ItemType::List,
                "Group",
                vec![item("", ItemType::Text, "A"), item("", ItemType::Text, "B")],
            ),
        ];
        give_ids(&mut items, &[slot("120-3"), slot("7"), slot(uuid)]);
        assert_eq!((items[0].id.as_str(), items[1].id.as_str()), ("121", uuid));
        let children: Vec<&str> = items[2].children.iter().map(|child| child.id.as_str()).collect();
        assert_eq!((items[2].id.as_str(), children), ("122", vec!["122-0", "122-1"]));

        let mut below = vec![group("120", ItemType::List, "Group", vec![item("", ItemType::Text, "C")])];
        give_ids(&mut below, &[slot("120-3")]);
        assert_eq!(below[0].children[0].id, "120-4");
    }
}
