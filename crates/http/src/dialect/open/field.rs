//! The fields of a form: what a client answers by one id, and the leaves that hold it.
//!
//! A leaf is a field of its own; a matrix of choices is one field with all its rows.
//!
//! Guarantees: every leaf of a form is in exactly one field.
//!
//! Must not know: how a field or a value is written.

use super::property_id::shown;
use fillhouse_model::{Form, Item, ItemType, Leaf};

/// One field.
pub(super) struct Field<'form> {
    /// The item that the field is: a leaf, or a matrix.
    pub(super) item: &'form Item,
    /// What it is called, with the groups it is in.
    pub(super) name: String,
    /// The leaves that hold its answer: itself, or the rows of the matrix.
    pub(super) leaves: Vec<Leaf<'form>>,
}

/// The label of the only choice of a box that is checked or not.
pub(super) const CHECKED: &str = "Yes";

/// The fields of a form, in its order.
pub(super) fn fields(form: &Form) -> Vec<Field<'_>> {
    let mut fields: Vec<Field<'_>> = Vec::new();
    for leaf in form.leaves() {
        let matrix = leaf.parents.iter().flatten().next_back().filter(|parent| is_matrix(parent));
        let item = matrix.copied().unwrap_or(leaf.item);
        match fields.last_mut().filter(|last| last.item.id == item.id) {
            Some(last) => last.leaves.push(leaf),
            None => {
                let above = leaf.parents.iter().flatten().filter(|parent| parent.id != item.id);
                let names: Vec<&str> = above.copied().chain([item]).map(|item| item.label.as_str()).collect();
                fields.push(Field { item, name: names.join(": "), leaves: vec![leaf] });
            }
        }
    }
    fields
}

/// Whether an item and the rows below it are one field: all rows have the same choices.
fn is_matrix(item: &Item) -> bool {
    let rows = &item.children;
    item.kind == ItemType::MatrixChoice
        && rows.iter().all(|row| row.kind.has_choices() && row.choices == rows[0].choices)
}

impl Field<'_> {
    /// Its id, as it is shown.
    pub(super) fn id(&self) -> String {
        shown(&self.item.id)
    }

    /// Whether it is a box that is checked or not.
    pub(super) fn is_box(&self) -> bool {
        matches!(&self.item.choices[..], [only] if only.label == CHECKED)
            && self.item.kind == ItemType::Checkbox
            && !self.item.allow_other
    }

    /// Whether its answer has rows.
    pub(super) fn is_matrix(&self) -> bool {
        self.item.kind == ItemType::MatrixChoice
    }
}
