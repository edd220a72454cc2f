//! What is known of a form that submissions come in for: found out once, not with each of them.
//!
//! Must not know: requests.

use crate::interchange::Leaves;
use crate::{Error, Result};
use fillhouse_model::matching::Marks;
use fillhouse_model::{ErrorKind, Form, FormState};
use fillhouse_store::StoredForm;

/// A form, and what its submissions are read and indexed by.
pub(crate) struct KnownForm {
    pub(super) stored: StoredForm,
    pub(super) leaves: Leaves,
    pub(super) marks: Marks,
}

impl KnownForm {
    pub(super) fn new(stored: StoredForm) -> Self {
        let (leaves, marks) = (Leaves::of(&stored.form), Marks::of(&stored.form));
        Self { stored, leaves, marks }
    }
}

/// Whether a form takes submissions.
///
/// # Errors
/// It does not ([`ErrorKind::Conflict`]); the error says its state.
pub(crate) fn must_be_open(form: &Form) -> Result<()> {
    if form.state == FormState::Open {
        return Ok(());
    }
    Err(Error::new(ErrorKind::Conflict, format!("the form is {}", form.state.as_str())))
}
