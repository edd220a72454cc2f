//! Paths into a document, such as `address.city`.
//!
//! Guarantees: each value is looked at at most once, however lists and objects are nested.
//!
//! Must not know: what is tested there.

use crate::Json;

/// Names one below the other, at least one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Path(Vec<String>);

impl Path {
    pub(super) fn new(names: Vec<String>) -> Self {
        Self(names)
    }

    /// The names, from the outermost.
    pub fn names(&self) -> &[String] {
        &self.0
    }

    /// What is at this path in a document. A path through a list leads into each object in it, or, with a number, to the
    /// element of that place. None stands for an object, or whatever else is no list, in which the path ends too early.
    pub(super) fn find<'d>(&self, document: &'d Json) -> Vec<Option<&'d Json>> {
        let mut found = Vec::new();
        find(document, &self.0, &mut found);
        found
    }
}

fn find<'d>(value: &'d Json, names: &[String], found: &mut Vec<Option<&'d Json>>) {
    let Some((first, rest)) = names.split_first() else { return found.push(Some(value)) };
    match value {
        Json::Object(_) => match value.member(first) {
            Some(member) => find(member, rest, found),
            None => found.push(None),
        },
        Json::List(items) => match first.parse::<usize>() {
            Ok(place) => items.get(place).into_iter().for_each(|item| find(item, rest, found)),
            Err(_) => {
                let objects = items.iter().filter(|item| matches!(item, Json::Object(_)));
                objects.for_each(|item| find(item, names, found));
            }
        },
        _ => found.push(None),
    }
}
