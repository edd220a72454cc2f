//! Importing submissions, many in one transaction.
//!
//! Guarantees: what is found to be bad is found before anything is changed; the lines before it are applied all the same.
//!
//! Must not know: other kinds.

use super::known::KnownForm;
use super::{Applied, BATCH_LINES, Batch, Change};
use crate::{Error, Result};
use fillhouse_model::row::{Row, encode};
use fillhouse_model::{AudienceId, ErrorKind, Fault, ProfileId, Submission, SubmissionId, Timestamp};
use fillhouse_store::{NewRow, Result as StoreResult, Store, Stored, Tx, Widening, form_of, key_of};
use std::collections::{BTreeSet, HashSet};
use std::sync::Arc;

/// How often a batch is tried again because its form was changed in between.
const MOST_REVISIONS: usize = 5;

/// Submissions of one form, each once.
pub(super) struct SubmissionBatch {
    form: Arc<KnownForm>,
    ids: HashSet<SubmissionId>,
    rows: Vec<Line>,
}

#[derive(Clone)]
struct Line {
    line: u64,
    id: SubmissionId,
    profile: Option<(AudienceId, ProfileId)>,
    body: Vec<u8>,
}

/// What came of a batch in its transaction.
enum Outcome {
    Applied(Vec<Change>),
    /// The line at this place is bad; nothing was changed.
    Bad(usize, Fault),
    /// The form has another revision; nothing was changed.
    StaleForm,
}

impl SubmissionBatch {
    pub(super) fn new(form: Arc<KnownForm>) -> Self {
        Self { form, ids: HashSet::new(), rows: Vec::new() }
    }

    /// Whether the batch has a place for this submission.
    pub(super) fn takes(&self, form: &Arc<KnownForm>, id: SubmissionId) -> bool {
        self.rows.len() < BATCH_LINES && Arc::ptr_eq(&self.form, form) && !self.ids.contains(&id)
    }

    pub(super) fn push(&mut self, line: u64, submission: &Submission) {
        self.ids.insert(submission.id);
        let (id, profile) = (submission.id, submission.profile);
        self.rows.push(Line { line, id, profile, body: encode(submission) });
    }

    pub(super) async fn apply(self, store: &Store, now: Timestamp) -> Result<Applied> {
        let Self { form, mut rows, .. } = self;
        match try_apply(store, &form, &rows, now).await? {
            (changes, None) => Ok(Applied { kind: "submission", changes, bad: None, rest: None }),
            (_, Some((place, fault))) => {
                let rest = rows.split_off(place + 1);
                let line = rows.pop().map_or(0, |bad| bad.line);
                let (changes, still_bad) = try_apply(store, &form, &rows, now).await?;
                if still_bad.is_some() {
                    return Err(Error::internal("lines that were good are bad a moment later"));
                }
                let rest = SubmissionBatch { form, ids: rest.iter().map(|row| row.id).collect(), rows: rest };
                let rest = Some(Batch::Submissions(rest));
                Ok(Applied { kind: "submission", changes, bad: Some((line, fault)), rest })
            }
        }
    }
}

async fn try_apply(
    store: &Store,
    form: &KnownForm,
    rows: &[Line],
    now: Timestamp,
) -> Result<(Vec<Change>, Option<(usize, Fault)>)> {
    let mut revision = form.revision;
    let rows = Arc::new(rows.to_vec());
    for _ in 0..MOST_REVISIONS {
        let (shared, id, account) = (rows.clone(), form.id, form.account_id);
        let applied = store.write(move |tx| {
            let rows = shared.clone();
            let apply = Apply { form: id, account, revision, now };
            Box::pin(async move { apply.run(tx, &rows).await })
        });
        match applied.await? {
            Outcome::Applied(changes) => return Ok((changes, None)),
            Outcome::Bad(place, fault) => return Ok((Vec::new(), Some((place, fault)))),
            // Slots stay what they are whatever becomes of a form, so the rows are good for the new revision, too.
            Outcome::StaleForm => {
                let reloaded = KnownForm::load(store, form.id).await?;
                revision = reloaded.ok_or_else(|| Error::not_found("the form"))?.revision;
            }
        }
    }
    Err(Error::new(ErrorKind::Unavailable, "the form is being changed all the time"))
}

struct Apply {
    form: fillhouse_model::FormId,
    account: fillhouse_model::AccountId,
    revision: i64,
    now: Timestamp,
}

impl Apply {
    async fn run(&self, tx: &mut Tx, rows: &[Line]) -> StoreResult<Outcome> {
        let ids: Vec<SubmissionId> = rows.iter().map(|row| row.id).collect();
        let before = tx.submissions(self.account, &ids).await?;
        if let Some((place, fault)) = self.find_fault(tx, rows, &before).await? {
            return Ok(Outcome::Bad(place, fault));
        }
        let changes: Vec<Change> = before
            .iter()
            .zip(rows)
            .map(|(before, row)| Change::of(before.as_ref().map(|stored| &stored.body), &row.body))
            .collect();
        let count = |wanted| changes.iter().filter(|change| **change == wanted).count() as i64;
        let (added, replaced) = (count(Change::Added), count(Change::Replaced));
        if added + replaced == 0 {
            return Ok(Outcome::Applied(changes));
        }
        let Some(taken) = tx.take_ordinals(self.form, self.revision, added, added + replaced).await? else {
            return Ok(Outcome::StaleForm);
        };
        let mut widening = Widening::default();
        let (mut new, mut changed) = (Vec::new(), Vec::new());
        for ((row, before), change) in rows.iter().zip(&before).zip(&changes) {
            let seq = taken.first_seq + (new.len() + changed.len()) as i64;
            let is_new = *change == Change::Added;
            let key = match before {
                Some(stored) => stored.key,
                None => key_of(self.form, taken.first_ordinal + new.len() as i64),
            };
            if *change == Change::Unchanged {
                continue;
            }
            let read = Row::read(&row.body).map_err(|error| fillhouse_store::Error::Driver(error.to_string()))?;
            widening.hold(key, seq, &read, is_new);
            let target = if is_new { &mut new } else { &mut changed };
            target.push(NewRow { key, id: row.id, seq, body: row.body.clone() });
        }
        tx.insert_submissions(self.account, &new).await?;
        tx.replace_submissions(&changed, self.now).await?;
        tx.widen_blocks(self.form, &widening).await?;
        if let Some(last) = ids.iter().max() {
            tx.reserve_submission_ids(self.account, *last).await?;
        }
        Ok(Outcome::Applied(changes))
    }

    async fn find_fault(
        &self,
        tx: &mut Tx,
        rows: &[Line],
        before: &[Option<Stored>],
    ) -> StoreResult<Option<(usize, Fault)>> {
        for (place, stored) in before.iter().enumerate() {
            if let Some(stored) = stored
                && form_of(stored.key) != self.form
            {
                let message = format!("is the id of a submission of form {}", form_of(stored.key));
                return Ok(Some((place, Fault::new("id", message))));
            }
        }
        let linked: Vec<(usize, (AudienceId, ProfileId))> =
            rows.iter().enumerate().filter_map(|(place, row)| Some((place, row.profile?))).collect();
        let mut known = BTreeSet::new();
        for audience in linked.iter().map(|(_, (audience, _))| *audience).collect::<BTreeSet<_>>() {
            if tx.audience(audience).await?.is_some_and(|found| found.account_id == self.account) {
                known.insert(audience);
            }
        }
        let keys: Vec<_> = linked.iter().map(|(_, key)| *key).collect();
        let profiles = tx.profiles(&keys).await?;
        for ((place, (audience, id)), profile) in linked.into_iter().zip(profiles) {
            if !known.contains(&audience) {
                return Ok(Some((place, Fault::new("audience_id", format!("audience {audience} does not exist")))));
            }
            if profile.is_none() {
                return Ok(Some((place, Fault::new("profile_id", format!("profile {id} does not exist")))));
            }
        }
        Ok(None)
    }
}
