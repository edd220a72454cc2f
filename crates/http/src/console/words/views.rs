//! What the page of views and labels says.
//!
//! Must not know: where it is said.

pub(in crate::console) const VIEWS: &str = "Views and labels";
pub(in crate::console) const VIEWS_HINT: &str =
    "A view is a choice of columns: of the table here, and of results that are asked for with it.";
pub(in crate::console) const LABELS: &str = "Labels";
pub(in crate::console) const LABELS_HINT: &str = "Labels take the place of the questions where results are asked for with them; \
    an item without one keeps its question.";
pub(in crate::console) const VIEW: &str = "View";
pub(in crate::console) const NEW_VIEW: &str = "New view";
pub(in crate::console) const NEW_LABELS: &str = "New labels";
pub(in crate::console) const ID: &str = "Id";
pub(in crate::console) const NAME: &str = "Name";
pub(in crate::console) const COLUMNS: &str = "Columns";
pub(in crate::console) const SAVE_VIEW: &str = "Save the view";
pub(in crate::console) const SAVE_LABELS: &str = "Save the labels";
pub(in crate::console) const DELETE: &str = "Delete";
