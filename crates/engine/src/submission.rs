//! One submission, looked up by its id.
//!
//! Guarantees: a submission of another form is not found, nor is one of another account.
//!
//! Must not know: how it came to be, or how it is changed.

use crate::change::by_slot;
use crate::interchange::{Leaves, write_submission};
use crate::{Engine, Error, FormRef, FormsReader, Result};
use fillhouse_model::row::Row;
use fillhouse_model::{AccountId, Answer, AnswerKind, Form, Submission, SubmissionId, Timestamp};
use fillhouse_store::{Stored, StoredForm, form_of, ordinal_of};

/// A submission, and the form that says what its answers mean.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundSubmission {
    /// The form as it is now.
    pub form: Form,
    /// The submission.
    pub submission: Submission,
    /// Another with every change, which one that was made to this version can say: see [`Edit::AnswersTo`](crate::Edit).
    pub version: i64,
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

/// A submission as it was.
#[derive(Debug, Clone, PartialEq)]
pub struct EarlierVersion {
    /// The submission.
    pub submission: Submission,
    /// When it was replaced.
    pub replaced_at: Timestamp,
}

/// How many earlier versions are given.
const MOST_VERSIONS: i64 = 100;

impl FormsReader {
    /// The earlier versions of a submission, as far as they are kept, the latest first.
    ///
    /// # Errors
    /// There is no such form, or it has no such submission.
    pub async fn history(&self, form: &FormRef, id: SubmissionId) -> Result<Vec<EarlierVersion>> {
        let found = find(&self.engine, self.account, form, id).await?;
        let (key, kinds) = (found.row.key, kinds(&found.stored.form));
        let store = &self.engine.parts.store;
        let versions = store.read(move |tx| Box::pin(tx.versions_of(key, MOST_VERSIONS))).await?;
        let version = |(body, replaced_at): (Vec<u8>, Timestamp)| {
            Ok(EarlierVersion { submission: Row::read(&body)?.decode(&kinds)?, replaced_at })
        };
        versions.into_iter().map(version).collect()
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
        Self { form: found.stored.form, submission: found.submission, version: found.row.seq }
    }
}

impl FoundSubmission {
    /// Whether these are its answers, by item id.
    pub fn says(&self, answers: &[(String, Answer)]) -> bool {
        by_slot(&self.form, answers, &self.submission.answers)
            .is_ok_and(|slots| slots == self.submission.answers)
    }

    /// The submission as a line of the interchange format, without the line's end.
    pub fn to_json(&self) -> String {
        let mut line = Vec::new();
        write_submission(&Leaves::of(&self.form), &self.submission, &mut line);
        String::from_utf8_lossy(&line).trim_end().to_owned()
    }
}
