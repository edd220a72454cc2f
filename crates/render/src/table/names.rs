//! What the columns of answers are called.
//!
//! Guarantees: no two names are equal, and none is that of a meta.
//!
//! Must not know: how names are written down.

use super::META_NAMES;
use fillhouse_model::Leaf;
use std::collections::HashMap;

/// Each leaf's label behind those of the items above it. Labels that are equal get the item's id, all of them.
pub(super) fn by_label(leaves: &[Leaf<'_>]) -> Vec<String> {
    let mut names: Vec<String> = leaves.iter().map(full_label).collect();
    let mut told_apart = vec![false; names.len()];
    // An id can make a label equal to one that was unlike any other (`A (2)`), which then gets its own id. This ends:
    // each round gives at least one more leaf its id, and of two that have theirs, the ends differ.
    loop {
        let equal = equal_ones(&names, &told_apart);
        if equal.is_empty() {
            return names;
        }
        for n in equal {
            names[n] = format!("{} ({})", names[n], leaves[n].item.id);
            told_apart[n] = true;
        }
    }
}

fn full_label(leaf: &Leaf<'_>) -> String {
    let mut label = String::new();
    for parent in leaf.parents.iter().flatten() {
        label += &parent.label;
        label += ": ";
    }
    label + &leaf.item.label
}

/// The names, by number, that another column has too, but for those that were told apart already.
fn equal_ones(names: &[String], told_apart: &[bool]) -> Vec<usize> {
    let mut uses: HashMap<&str, usize> = META_NAMES.into_iter().map(|name| (name, 1)).collect();
    for name in names {
        *uses.entry(name).or_default() += 1;
    }
    let equal = |&n: &usize| !told_apart[n] && uses[names[n].as_str()] > 1;
    (0..names.len()).filter(equal).collect()
}
