//! The positions of choices, which are what answers hold.
//!
//! Guarantees: a choice that is new to an item has a position that no other choice of the item ever had, so that an old
//! answer never shows a label that nobody chose.
//!
//! Must not know: labels.

use fillhouse_model::Item;
use std::collections::HashMap;

/// Gives the choices of `items` that `before` does not have positions beyond all that were there `ever`.
pub(super) fn keep_apart(items: &mut [Item], before: &[Item], ever: &[Vec<Item>]) {
    let mut highest: HashMap<&str, u32> = HashMap::new();
    for items in ever {
        visit(items, &mut |item| {
            for choice in &item.choices {
                let known = highest.entry(&item.id).or_insert(choice.position);
                *known = choice.position.max(*known);
            }
        });
    }
    let mut there: HashMap<&str, Vec<u32>> = HashMap::new();
    visit(before, &mut |item| {
        there.insert(&item.id, item.choices.iter().map(|choice| choice.position).collect());
    });
    for item in items {
        move_new(item, &there, &highest);
    }
}

fn move_new(item: &mut Item, there: &HashMap<&str, Vec<u32>>, highest: &HashMap<&str, u32>) {
    if let Some(highest) = highest.get(item.id.as_str()) {
        let there = there.get(item.id.as_str()).map_or(&[][..], Vec::as_slice);
        let given = item.choices.iter().map(|choice| choice.position).max().unwrap_or(0);
        let mut next = given.max(*highest);
        let new = item.choices.iter_mut().filter(|choice| !there.contains(&choice.position));
        for choice in new.filter(|choice| choice.position <= *highest) {
            next = next.saturating_add(1);
            choice.position = next;
        }
    }
    for child in &mut item.children {
        move_new(child, there, highest);
    }
}

fn visit<'a>(items: &'a [Item], see: &mut impl FnMut(&'a Item)) {
    for item in items {
        see(item);
        visit(&item.children, see);
    }
}
