//! Columns that somebody named, among those that there are.
//!
//! Guarantees: what is wrong with a name is a fault of its place in `columns`.
//!
//! Must not know: what the columns are.

use fillhouse_model::Fault;
use std::collections::{HashMap, HashSet};

/// The places in `known` of the columns that `columns` names, in the order in which it does.
///
/// # Errors
/// One is not known, one is there twice, or there is none at all.
pub(crate) fn places_of<'a>(
    columns: &'a [String],
    known: impl Iterator<Item = &'a str>,
) -> Result<Vec<usize>, Fault> {
    if columns.is_empty() {
        return Err(Fault::new("columns", "is empty"));
    }
    let known: HashMap<&str, usize> = known.zip(0..).collect();
    let mut seen = HashSet::new();
    let place = |(n, name): (usize, &'a String)| {
        let fault = |message| Err(Fault::new(format!("columns[{n}]"), message));
        match known.get(name.as_str()) {
            None => fault("is no column of the form"),
            Some(_) if !seen.insert(name) => fault("is there twice"),
            Some(&place) => Ok(place),
        }
    };
    columns.iter().enumerate().map(place).collect()
}
