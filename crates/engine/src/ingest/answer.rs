//! Answers to a form by somebody without a token, whole or part by part.
//!
//! Guarantees: an unfinished submission is gone on with by nobody but who has the word that was given for it, and not once it
//! is finished.
//!
//! Must not know: the request's spelling.

use super::MOST_REVISIONS;
use super::commit::{Batch, NewBody, Outcome};
use super::known::must_be_open;
use crate::change::{by_slot, change};
use crate::matches::said_by;
use crate::submission::find;
use crate::{Error, FormRef, PublicForm, Result};
use fillhouse_model::matching::Marks;
use fillhouse_model::row::encode;
use fillhouse_model::{Answer, ErrorKind, Fault, Form, Status, Submission, SubmissionId, Timestamp};
use fillhouse_store::StoredForm;

/// What a word for an unfinished submission is signed for.
const PURPOSE: &str = "unfinished submission";
/// The longest time that somebody is believed to have taken, in seconds: a year.
const MOST_SECONDS: i64 = 366 * 24 * 3_600;

/// What somebody filled in.
#[derive(Debug, Clone, Default)]
pub struct Filled {
    /// The answers, by item id.
    pub answers: Vec<(String, Answer)>,
    /// Whether it is not finished.
    pub is_partial: bool,
    /// How long it took, in seconds.
    pub seconds: Option<i64>,
    /// The word of the unfinished submission that this goes on with.
    pub goes_on_with: Option<String>,
}

/// What became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answered {
    /// Its id.
    pub id: SubmissionId,
    /// Whether it was the first of the form.
    pub is_first: bool,
    /// What to go on with it by; it cannot be guessed.
    pub word: String,
}

impl PublicForm {
    /// Stores what somebody filled in; it is durable when this returns.
    ///
    /// # Errors
    /// The form is closed, or these are no answers to it; there is no unfinished submission of that word.
    pub async fn answer(&self, filled: &Filled) -> Result<Answered> {
        let id = match &filled.goes_on_with {
            Some(word) => self.go_on(filled, word).await?,
            None => self.begin(filled).await?,
        };
        let form = self.form();
        let found = find(&self.engine, form.account_id, &self.form_ref(), id).await?;
        Ok(Answered { id, is_first: found.is_first(), word: self.word(id).await? })
    }

    async fn begin(&self, filled: &Filled) -> Result<SubmissionId> {
        let mut stored = self.stored.clone();
        for _ in 0..MOST_REVISIONS {
            let batch = batch(&stored, filled, self.engine.now())?;
            match self.engine.parts.ingest.commit(batch).await? {
                Outcome::StaleForm => {
                    stored = self.form_ref().find(&self.engine.parts.store, stored.form.account_id).await?;
                }
                outcome => return first(&super::ids(outcome)?),
            }
        }
        Err(Error::new(ErrorKind::Unavailable, "the form is being changed; try again"))
    }

    async fn go_on(&self, filled: &Filled, word: &str) -> Result<SubmissionId> {
        let unknown = || Fault::new("submission_hash", "is not known");
        let (id, signature) = word.split_once('-').ok_or_else(unknown)?;
        let id: i64 = id.parse().map_err(|_| unknown())?;
        if !self.engine.is_signed(PURPOSE, &[&self.form().id.to_string(), &id.to_string()], signature).await?
        {
            return Err(unknown().into());
        }
        let (account, form): (_, FormRef) = (self.form().account_id, self.form_ref());
        let now = self.engine.now();
        let changed = change(&self.engine, account, &form, SubmissionId(id), |form, before| {
            must_be_open(form)?;
            if before.status == Status::Complete {
                return Err(Fault::new("submission_hash", "is of a submission that is finished").into());
            }
            let after = submission(form, filled, now)?;
            let date_start = before.date_start.or(after.date_start);
            Ok(Submission { id: before.id, date_start, profile: before.profile, ..after })
        });
        match changed.await {
            Ok(found) => Ok(found.submission.id),
            // It was deleted.
            Err(error) if error.kind() == ErrorKind::NotFound => Err(unknown().into()),
            Err(error) => Err(error),
        }
    }

    /// What an unfinished submission is gone on with by.
    async fn word(&self, id: SubmissionId) -> Result<String> {
        let signature = self.engine.sign(PURPOSE, &[&self.form().id.to_string(), &id.to_string()]).await?;
        Ok(format!("{id}-{signature}"))
    }
}

fn first(ids: &[SubmissionId]) -> Result<SubmissionId> {
    ids.first().copied().ok_or_else(|| Error::internal("a submission was stored and has no id"))
}

/// The row of what was filled in, checked.
fn batch(stored: &StoredForm, filled: &Filled, now: Timestamp) -> Result<Batch> {
    let form = &stored.form;
    must_be_open(form)?;
    let submission = submission(form, filled, now)?;
    let faults = form.check_answers(&submission);
    if !faults.is_empty() {
        return Err(Error::invalid(faults));
    }
    let body = encode(&submission);
    let rows = vec![NewBody { matches: said_by(&Marks::of(form), &body)?, body }];
    let account = form.account_id;
    Ok(Batch { account, form: form.id, revision: stored.revision, rows, remember: None })
}

fn submission(form: &Form, filled: &Filled, now: Timestamp) -> Result<Submission> {
    let status = if filled.is_partial { Status::Incomplete } else { Status::Complete };
    // Whoever fills in a form says nothing of a status, but that there is more to come.
    form.check_status(status).map_err(|fault| Fault { field: "is_partial".into(), ..fault })?;
    let took = filled.seconds.filter(|seconds| (0..=MOST_SECONDS).contains(seconds));
    Ok(Submission {
        id: SubmissionId(0),
        status,
        date_start: took.map(|seconds| now.plus_micros(-seconds * 1_000_000)),
        date_finish: (!filled.is_partial).then_some(now),
        date_update: now,
        login_email: None,
        login_username: None,
        payment_amount: None,
        payment_status: None,
        user_browser: None,
        user_ip: None,
        user_device: None,
        user_referrer: None,
        profile: None,
        answers: by_slot(form, &filled.answers, &[])?,
    })
}
