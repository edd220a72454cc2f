//! Rows as lines: those of a large form that are as the form has them, but for the one that is worked at.
//!
//! What a line stands for is not on the page, and so not sent: the page of a form of hundreds of items is small, and so is
//! what comes back from it.
//!
//! Guarantees: no row is a line that is new, that was changed, or with which something is wrong.
//!
//! Must not know: what a row says.

use super::super::pairs::Faults;
use super::rows::Row;
use std::collections::HashMap;

/// Up to how many rows all are open.
const ALL_OPEN: usize = 20;

/// The rows of a form, by the ids of their items.
pub(super) fn known(rows: Vec<Row>) -> HashMap<String, Row> {
    rows.into_iter().filter(|row| !row.id.is_empty()).map(|row| (row.id.clone(), row)).collect()
}

/// Makes lines of the rows that may be some.
pub(super) fn fold(rows: &mut [Row], known: &HashMap<String, Row>, faults: &Faults) {
    let are_many = rows.len() > ALL_OPEN;
    for row in rows {
        let is_known = known.get(&row.id).is_some_and(|known| row.says_what(known));
        row.is_closed = are_many && is_known && !row.is_focused && faults.of_item(&row.path).is_empty();
    }
}
