//! One submission, looked up by its id.
//!
//! Guarantees: a submission of another form is not found, nor is one of another account.
//!
//! Must not know: how it came to be, or how it is changed.

use crate::interchange::{Leaves, write_submission};
use crate::{Engine, Error, FormRef, FormsReader, Result};
use fillhouse_model::row::Row;
use fillhouse_model::{AccountId, AnswerKind, Form, Submission, SubmissionId};
use fillhouse_store::{Stored, StoredForm, form_of, ordinal_of};

/// A submission, and the form that says what its answers mean.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundSubmission {
    /// The form as it is now.
    pub form: Form,
    /// The submission.
    pub submission: Submission,
}

/// The same with what a change of it must know.
pub(crate) struct Found {
    pub(crate) stored: StoredForm,
    pub(crate) row: Stored,
    pub(crate) submission: Submission,
}

impl FormsReader {
    /// A submission of a form.
    ///
    /// # Errors
    /// There is no such form, or it has no such submission.
    pub async fn submission(&self, form: &FormRef, id: SubmissionId) -> Result<FoundSubmission> {
        Ok(find(&self.engine, self.account, form, id).await?.into())
    }
}

/// Looks a submission up, and the form in the same moment.
pub(crate) async fn find(
    engine: &Engine,
    account: AccountId,
    form: &FormRef,
    id: SubmissionId,
) -> Result<Found> {
    let wanted = form.clone();
    let found = engine.parts.store.read(move |tx| {
        let wanted = wanted.clone();
        Box::pin(async move {
            let Some(stored) = wanted.find_in(tx, account).await? else { return Ok(None) };
            let row = tx.submissions(account, &[id]).await?.pop().flatten();
            Ok(Some((stored, row)))
        })
    });
    let (stored, row) = found.await?.ok_or_else(|| Error::not_found(form))?;
    let row = row.filter(|row| form_of(row.key) == stored.form.id);
    let row = row.ok_or_else(|| Error::not_found(format!("submission {id}")))?;
    let submission = Row::read(&row.body)?.decode(&kinds(&stored.form))?;
    Ok(Found { stored, row, submission })
}

/// What each slot of a form holds.
pub(crate) fn kinds(form: &Form) -> Vec<AnswerKind> {
    form.slots.iter().map(|slot| slot.kind).collect()
}

impl Found {
    /// Whether it was the first of its form.
    pub(crate) fn is_first(&self) -> bool {
        ordinal_of(self.row.key) == 0
    }
}

impl From<Found> for FoundSubmission {
    fn from(found: Found) -> Self {
        Self { form: found.stored.form, submission: found.submission }
    }
}

impl FoundSubmission {
    /// The submission as a line of the interchange format, without the line's end.
    pub fn to_json(&self) -> String {
        let mut line = Vec::new();
        write_submission(&Leaves::of(&self.form), &self.submission, &mut line);
        String::from_utf8_lossy(&line).trim_end().to_owned()
    }
}
