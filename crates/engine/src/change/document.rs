//! What a document of the interchange format makes of a submission that is there.
//!
//! Guarantees: what the document does not name stays; one that was read before others changed the submission is refused.
//!
//! Must not know: how the outcome is stored.

use crate::interchange::{Leaves, SubmissionDocument, read_object};
use crate::{Error, Result};
use fillhouse_model::{ErrorKind, Fault, Form, Submission, Timestamp};

/// The submission that a document makes of `before`, which is of `form`.
pub(super) fn edited(form: &Form, before: &Submission, text: &str, now: Timestamp) -> Result<Submission> {
    let document: SubmissionDocument<'_> = read_object(text).map_err(|fault| match fault.field.as_str() {
        "" => Fault::new("body", fault.message),
        _ => fault,
    })?;
    if document.date_update().is_some_and(|seen| seen != before.date_update) {
        return Err(Error::new(ErrorKind::Conflict, "the submission was changed since it was read"));
    }
    Ok(document.bind_edit(form.id, &Leaves::of(form), before, now)?)
}
