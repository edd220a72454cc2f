//! Changing and deleting submissions that are there.
//!
//! Guarantees: a change is a seq of its form, and what it replaces is kept as a version; two that change the same submission
//! at once do so one after the other, and the second sees what the first did; what is owed to subscriptions is committed
//! with the change.
//!
//! Must not know: who asked, or in which words.

mod document;

use crate::deliver::{Event, Outbox};
use crate::files::{drop_files_of, keep_files_instead};
use crate::hold::hold_form;
use crate::links::link_faults;
use crate::matches::said_by;
use crate::submission::{Found, FoundSubmission, find};
use crate::{Engine, Error, FormRef, FormsWriter, Result};
use document::edited;
use fillhouse_model::matching::Marks;
use fillhouse_model::row::{Row, encode};
use fillhouse_model::{
    AccountId, Answer, ErrorKind, Fault, Form, Leaf, Status, Submission, SubmissionId, Timestamp,
};
use fillhouse_store::{AuditEntry, Error as StoreError, NewRow, Result as StoreResult, Tx, Widening};
use std::collections::HashMap;
use std::sync::Arc;

/// How often a change is tried again because the submission or its form was changed in between.
const TRIES: usize = 5;

/// What is to become of a submission.
#[derive(Debug, Clone, Copy)]
pub enum Edit<'a> {
    /// What a document of the interchange format names is changed, its answers one by one; all else stays.
    Document(&'a str),
    /// These are its answers, by item id; what they do not name is unanswered.
    Answers(&'a [(String, Answer)]),
    /// The same, made to this version of it, and to no other.
    AnswersTo(i64, &'a [(String, Answer)]),
}

impl FormsWriter {
    /// Changes a submission of a form, and gives it as it is then.
    ///
    /// # Errors
    /// There is no such form or submission; what it would be is none of the form; or it is of another version by now
    /// ([`ErrorKind::Conflict`]).
    pub async fn replace_submission(
        &self,
        form: &FormRef,
        id: SubmissionId,
        edit: Edit<'_>,
    ) -> Result<FoundSubmission> {
        let now = self.engine.now();
        let entry = self.engine.entry(self.account, &self.actor, "submission.changed");
        let changed = change(&self.engine, self.account, form, id, Some(entry), |found| {
            let (form, before) = (&found.stored.form, &found.submission);
            let answers = match edit {
                Edit::Document(text) => return edited(form, before, text, now),
                Edit::AnswersTo(version, _) if version != found.row.seq => {
                    return Err(Error::new(ErrorKind::Conflict, "the submission was changed meanwhile"));
                }
                Edit::Answers(answers) | Edit::AnswersTo(_, answers) => answers,
            };
            let answers = by_slot(form, answers, &before.answers)?;
            Ok(Submission { answers, date_update: now, ..before.clone() })
        });
        Ok(changed.await?.into())
    }

    /// Deletes a submission of a form.
    ///
    /// # Errors
    /// There is no such form or submission.
    pub async fn delete_submission(&self, form: &FormRef, id: SubmissionId) -> Result<()> {
        let found = find(&self.engine, self.account, form, id).await?;
        let (now, account) = (self.engine.now(), self.account);
        let (form_id, key) = (found.stored.form.id, found.row.key);
        let entry = self.engine.entry(account, &self.actor, "submission.deleted");
        let entry = entry.of(format!("submission {id} of form {form_id}"));
        let deleted = self.engine.parts.store.write(move |tx| {
            let entry = entry.clone();
            Box::pin(async move {
                let Some(held) = hold_form(tx, form_id).await? else { return Ok(false) };
                let Some(there) = tx.submissions(account, &[id]).await?.pop().flatten() else {
                    return Ok(false);
                };
                let seq = next_seq(tx, &held.form, held.revision).await?;
                tx.delete_submission(key, seq, now).await?;
                tx.drop_matches(&[key]).await?;
                drop_files_of(tx, account, id).await?;
                let mut widening = Widening::default();
                widening.lose(key, seq, there.body.len());
                tx.widen_blocks(form_id, &widening, now).await?;
                tx.audit(&entry).await?;
                Ok(true)
            })
        });
        if deleted.await? { Ok(()) } else { Err(Error::not_found(format!("submission {id}"))) }
    }
}

/// Puts what `edit` makes of a submission in its place. An entry for the audit log is of whoever changes what others have
/// sent.
pub(crate) async fn change(
    engine: &Engine,
    account: AccountId,
    form: &FormRef,
    id: SubmissionId,
    entry: Option<AuditEntry>,
    edit: impl Fn(&Found) -> Result<Submission>,
) -> Result<Found> {
    for _ in 0..TRIES {
        let found = find(engine, account, form, id).await?;
        let after = edit(&found)?;
        check(&found.stored.form, &found.submission, &after)?;
        check_link(engine, account, &found.submission, &after).await?;
        let subject = format!("submission {id} of form {}", found.stored.form.id);
        let entry = entry.clone().map(|entry| entry.of(subject));
        let change = Arc::new(Change { entry, ..Change::new(account, &found, &after)? });
        let (now, outbox) = (engine.now(), engine.parts.outbox.clone());
        let put = engine.parts.store.write(move |tx| {
            let (change, outbox) = (change.clone(), outbox.clone());
            Box::pin(async move { change.put(tx, &outbox, now).await })
        });
        match put.await? {
            Put::Stale => {}
            Put::Done { owes } => {
                if owes {
                    engine.parts.outbox.ring();
                }
                return Ok(Found { submission: after, ..found });
            }
        }
    }
    Err(Error::new(ErrorKind::Unavailable, "the submission is being changed; try again"))
}

/// These answers by slot. What is in `before` of leaves that the form no longer has stays there.
///
/// # Errors
/// The form has no such item, or it is answered otherwise.
pub(crate) fn by_slot(
    form: &Form,
    answers: &[(String, Answer)],
    before: &[Option<Answer>],
) -> Result<Vec<Option<Answer>>, Fault> {
    let leaves = form.leaves();
    let mut slots = before.to_vec();
    slots.resize(form.slots.len(), None);
    leaves.iter().for_each(|leaf| slots[leaf.slot] = None);
    let leaves: HashMap<&str, &Leaf<'_>> = leaves.iter().map(|leaf| (leaf.item.id.as_str(), leaf)).collect();
    for (id, answer) in answers {
        let leaf = leaves.get(id.as_str());
        let fault = |message| Fault::new(format!("answers.{id}"), message);
        let leaf = leaf.ok_or_else(|| fault("the form has no such item"))?;
        if leaf.kind != answer.kind() {
            return Err(fault("is no answer of this item"));
        }
        slots[leaf.slot] = Some(answer.clone());
    }
    Ok(slots)
}

/// Whether a submission may become another. What was wrong with it before is not held against the change, unless it
/// finishes the submission: the form may have been another when it was filled in.
fn check(form: &Form, before: &Submission, after: &Submission) -> Result<()> {
    let mut faults = form.check_answers(after);
    if before.status == after.status {
        let before = form.check_answers(before);
        faults.retain(|fault| !before.contains(fault));
    } else {
        faults.extend(form.check_status(after.status).err());
    }
    if faults.is_empty() { Ok(()) } else { Err(Error::invalid(faults)) }
}

/// Whether the profile that a submission is linked to from now on is there.
async fn check_link(
    engine: &Engine,
    account: AccountId,
    before: &Submission,
    after: &Submission,
) -> Result<()> {
    let Some(link) = after.profile.filter(|_| after.profile != before.profile) else { return Ok(()) };
    let found =
        engine.parts.store.read(move |tx| Box::pin(async move { link_faults(tx, account, &[link]).await }));
    let faults: Vec<Fault> = found.await?.into_iter().flatten().collect();
    if faults.is_empty() { Ok(()) } else { Err(Error::invalid(faults)) }
}

/// A change on its way into the store.
struct Change {
    account: AccountId,
    form: Form,
    revision: i64,
    id: SubmissionId,
    key: i64,
    /// The seq of what it replaces.
    seq: i64,
    body: Vec<u8>,
    matches: Vec<(i64, String)>,
    /// Whether the submission was not finished before.
    was_unfinished: bool,
    /// What the audit log has of it.
    entry: Option<AuditEntry>,
}

/// What became of a change.
enum Put {
    /// It is stored; whether anything is owed for it.
    Done { owes: bool },
    /// The submission or the form is not what the change was made for.
    Stale,
}

impl Change {
    fn new(account: AccountId, found: &Found, after: &Submission) -> Result<Self> {
        let form = &found.stored.form;
        let (key, body) = (found.row.key, encode(after));
        let matches = said_by(&Marks::of(form), &body)?.into_iter().map(|value| (key, value)).collect();
        let (revision, seq) = (found.stored.revision, found.row.seq);
        let was_unfinished = found.submission.status == Status::Incomplete;
        let (form, id) = (form.clone(), after.id);
        Ok(Self { account, form, revision, id, key, seq, body, matches, was_unfinished, entry: None })
    }

    /// Stores it, with what is owed for it.
    async fn put(&self, tx: &mut Tx, outbox: &Outbox, now: Timestamp) -> StoreResult<Put> {
        let form_id = self.form.id;
        let held = hold_form(tx, form_id).await?;
        if held.is_none_or(|held| held.revision != self.revision) {
            return Ok(Put::Stale);
        }
        let there = tx.submissions(self.account, &[self.id]).await?.pop().flatten();
        let Some(there) = there.filter(|there| there.seq == self.seq) else { return Ok(Put::Stale) };
        let seq = next_seq(tx, &self.form, self.revision).await?;
        let row = Row::read(&self.body).map_err(|error| StoreError::Driver(error.to_string()))?;
        let mut widening = Widening::default();
        widening.hold(self.key, seq, (&row, self.body.len()), Some(there.body.len()));
        let new = NewRow { key: self.key, id: self.id, seq, body: self.body.clone() };
        let new = [new];
        tx.replace_submissions(&new, now).await?;
        keep_files_instead(tx, self.account, &new, now).await?;
        tx.drop_matches(&[self.key]).await?;
        tx.put_matches(form_id, &self.matches).await?;
        tx.widen_blocks(form_id, &widening, now).await?;
        let event = Event { seq, row: &self.body, is_first: self.was_unfinished };
        let owes = outbox.owe(tx, &self.form, &[event], now).await?;
        if let Some(entry) = &self.entry {
            tx.audit(entry).await?;
        }
        Ok(Put::Done { owes })
    }
}

/// The next seq of a form that is held.
async fn next_seq(tx: &mut Tx, form: &Form, revision: i64) -> StoreResult<i64> {
    let taken = tx.take_ordinals(form.id, revision, 0, 1).await?;
    let missing = || StoreError::Busy(format!("form {} was changed although it was held", form.id));
    taken.map(|taken| taken.first_seq).ok_or_else(missing)
}
