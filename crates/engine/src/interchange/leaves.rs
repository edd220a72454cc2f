//! The leaves of one form, for finding them by id a million times.
//!
//! Must not know: what any answer is.

use fillhouse_model::{AnswerKind, Form, FormId, Item};
use std::collections::{HashMap, HashSet};

/// What reading and writing submissions needs to know of their form.
#[derive(Debug, Clone)]
pub struct Leaves {
    form_id: FormId,
    slot_count: usize,
    in_order: Vec<LeafSlot>,
    by_id: HashMap<Box<str>, usize>,
    groups: HashSet<Box<str>>,
}

/// One leaf, and where its answers are.
#[derive(Debug, Clone)]
pub(super) struct LeafSlot {
    pub(super) id: Box<str>,
    pub(super) slot: usize,
    pub(super) kind: AnswerKind,
}

impl Leaves {
    /// The leaves of a form whose slots are assigned.
    pub fn of(form: &Form) -> Self {
        let in_order: Vec<LeafSlot> = form
            .leaves()
            .iter()
            .map(|leaf| LeafSlot { id: leaf.item.id.as_str().into(), slot: leaf.slot, kind: leaf.kind })
            .collect();
        let mut groups = HashSet::new();
        collect_groups(&form.items, &mut groups);
        Self {
            form_id: form.id,
            slot_count: form.slots.len(),
            by_id: in_order.iter().enumerate().map(|(n, leaf)| (leaf.id.clone(), n)).collect(),
            in_order,
            groups,
        }
    }

    /// The form.
    pub fn form_id(&self) -> FormId {
        self.form_id
    }

    /// How many answers a submission of the form may have, leaves that are gone included.
    pub(super) fn slot_count(&self) -> usize {
        self.slot_count
    }

    /// The leaves in the order of the form.
    pub(super) fn in_order(&self) -> &[LeafSlot] {
        &self.in_order
    }

    /// The leaf of an id.
    pub(super) fn get(&self, id: &str) -> Option<&LeafSlot> {
        self.by_id.get(id).map(|n| &self.in_order[*n])
    }

    /// Whether an item has this id and holds others instead of an answer.
    pub(super) fn is_group(&self, id: &str) -> bool {
        self.groups.contains(id)
    }
}

fn collect_groups(items: &[Item], groups: &mut HashSet<Box<str>>) {
    for item in items.iter().filter(|item| item.kind.is_parent()) {
        groups.insert(item.id.as_str().into());
        collect_groups(&item.children, groups);
    }
}
