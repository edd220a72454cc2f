//! Answers to a form by somebody without a token, whole or part by part.
//!
//! Guarantees: an unfinished submission is gone on with by nobody but who has the word that was given for it, and not once it
//! is finished.
//!
//! Must not know: the request's spelling.

use super::MOST_REVISIONS;
use super::commit::{Batch, NewBody, Outcome, Remember};
use super::known::must_be_open;
use crate::change::{by_slot, change};
use crate::matches::said_by;
use crate::random::hex;
use crate::submission::find;
use crate::{Error, FormRef, PublicForm, Result};
use fillhouse_model::matching::Marks;
use fillhouse_model::row::encode;
use fillhouse_model::{Answer, ErrorKind, Fault, Form, Status, Submission, SubmissionId, Timestamp};
use fillhouse_store::StoredForm;
use sha2::{Digest as _, Sha256};

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
    /// What makes it safe to send the same answers again: something that nobody else sends.
    pub once: Option<String>,
    /// Whom it is from, as far as the request says.
    pub visitor: Visitor,
}

/// What a request says about whom it is from.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Visitor {
    /// The browser.
    pub browser: Option<String>,
    /// The address.
    pub ip: Option<String>,
    /// `Desktop`, `Tablet` or `Mobile`.
    pub device: Option<String>,
    /// The page that led to the form.
    pub referrer: Option<String>,
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
        let id = self.id_of(word).await?;
        let (account, form): (_, FormRef) = (self.form().account_id, self.form_ref());
        let now = self.engine.now();
        let changed = change(&self.engine, account, &form, id, None, |found| {
            let (form, before) = (&found.stored.form, &found.submission);
            must_be_open(form)?;
            if before.status == Status::Complete {
                return Err(Fault::new("submission_hash", "is of a submission that is finished").into());
            }
            let after = submission(form, filled, now)?;
            let date_start = before.date_start.or(after.date_start);
            Ok(Submission {
                id: before.id,
                date_start,
                profile: before.profile,
                user_browser: after.user_browser.or_else(|| before.user_browser.clone()),
                user_ip: after.user_ip.or_else(|| before.user_ip.clone()),
                user_device: after.user_device.or_else(|| before.user_device.clone()),
                user_referrer: before.user_referrer.clone().or(after.user_referrer),
                ..after
            })
        });
        match changed.await {
            Ok(found) => Ok(found.submission.id),
            // It was deleted.
            Err(error) if error.kind() == ErrorKind::NotFound => {
                Err(Fault::new("submission_hash", "is not known").into())
            }
            Err(error) => Err(error),
        }
    }

    /// The id in a word that was given for an unfinished submission of this form.
    ///
    /// # Errors
    /// It is no such word.
    pub(crate) async fn id_of(&self, word: &str) -> Result<SubmissionId> {
        let unknown = || Fault::new("submission_hash", "is not known");
        let (id, signature) = word.split_once('-').ok_or_else(unknown)?;
        let id: i64 = id.parse().map_err(|_| unknown())?;
        let parts = [self.form().id.to_string(), id.to_string()];
        if self.engine.is_signed(PURPOSE, &[&parts[0], &parts[1]], signature).await? {
            return Ok(SubmissionId(id));
        }
        Err(unknown().into())
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
    let remember = filled.once.as_deref().map(|once| remember(once, &submission));
    Ok(Batch { account, form: form.id, revision: stored.revision, rows, remember })
}

/// What the same answers, sent again, are known by; other answers are another submission, whatever they came with.
fn remember(once: &str, submission: &Submission) -> Remember {
    let now = submission.date_update;
    let timeless = Submission {
        date_start: None,
        date_finish: None,
        date_update: now.plus_micros(-now.micros()),
        ..submission.clone()
    };
    let answers = encode(&timeless);
    let digest = |bytes: &[u8]| hex(&Sha256::digest(bytes));
    let key = format!("page {}", digest(&[once.as_bytes(), &[0], &answers].concat()));
    Remember { key, fingerprint: digest(&answers) }
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
        user_browser: filled.visitor.browser.clone(),
        user_ip: filled.visitor.ip.clone(),
        user_device: filled.visitor.device.clone(),
        user_referrer: filled.visitor.referrer.clone(),
        profile: None,
        answers: by_slot(form, &filled.answers, &[])?,
    })
}
