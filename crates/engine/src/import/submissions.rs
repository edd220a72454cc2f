//! Importing submissions, many in one transaction.
//!
//! Guarantees: what is found to be bad is found before anything is changed.
//!
//! Must not know: other kinds.

use super::Change;
use super::batch::{Applied, Manner, is_full};
use super::known::KnownForm;
use super::written::Written;
use crate::files::{keep_files, keep_files_instead};
use crate::hold::hold_form;
use crate::links::link_faults;
use crate::matches::said_by;
use crate::{Engine, Error, Result};
use fillhouse_model::matching::Marks;
use fillhouse_model::row::{Row, encode};
use fillhouse_model::{
    AccountId, AudienceId, ErrorKind, Fault, FormId, ProfileId, Submission, SubmissionId, Timestamp,
};
use fillhouse_store::{
    Error as StoreError, NewRow, Result as StoreResult, Stored, StoredForm, Tx, Widening, form_of, key_of,
};
use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

/// How often a batch is tried again because others stored the same ids at the same moment.
const TRIES: usize = 5;

/// Submissions of one form, each once.
pub(super) struct SubmissionBatch {
    form: Arc<KnownForm>,
    ids: HashSet<SubmissionId>,
    rows: Vec<Line>,
}

#[derive(Clone)]
struct Line {
    number: u64,
    id: SubmissionId,
    profile: Option<(AudienceId, ProfileId)>,
    body: Vec<u8>,
}

/// What came of a batch in its transaction.
enum Outcome {
    Applied(Vec<Change>, Written),
    /// The lines at these places are bad; nothing was changed.
    Bad(BTreeMap<usize, Fault>),
}

impl SubmissionBatch {
    pub(super) fn new(form: Arc<KnownForm>) -> Self {
        Self { form, ids: HashSet::new(), rows: Vec::new() }
    }

    /// Whether the batch has a place for this submission.
    pub(super) fn takes(&self, form: &Arc<KnownForm>, id: SubmissionId) -> bool {
        !is_full(self.rows.len()) && Arc::ptr_eq(&self.form, form) && !self.ids.contains(&id)
    }

    pub(super) fn push(&mut self, number: u64, submission: &Submission) {
        self.ids.insert(submission.id);
        let (id, profile) = (submission.id, submission.profile);
        self.rows.push(Line { number, id, profile, body: encode(submission) });
    }

    pub(super) fn form(&self) -> FormId {
        self.form.id
    }

    pub(super) async fn apply(self, engine: Engine, manner: Manner) -> Result<Applied> {
        let Manner { now, skip_bad, written } = manner;
        let apply = Apply { form: self.form.id, account: self.form.account_id, now, written };
        let (mut rows, mut bad) = (Arc::new(self.rows), Vec::new());
        for _ in 0..TRIES {
            let (owner, shared) = (engine.clone(), rows.clone());
            let applied = engine.parts.store.write(move |tx| {
                let (engine, rows) = (owner.clone(), shared.clone());
                Box::pin(async move { apply.run(&engine, tx, &rows).await })
            });
            match applied.await {
                Ok(Outcome::Applied(changes, written)) => {
                    let of = Some((apply.form, written));
                    return Ok(Applied { kind: "submission", of, changes, bad });
                }
                Ok(Outcome::Bad(faults)) => {
                    let (good, refused) = without(&rows, faults, skip_bad);
                    rows = Arc::new(good);
                    bad.extend(refused);
                }
                // One of the ids was handed out just now; next time it is seen.
                Err(StoreError::Constraint(_)) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Err(Error::new(ErrorKind::Unavailable, "others keep storing submissions of the same ids"))
    }
}

/// The lines that may be applied, and those that are bad. Without skipping, all from the first bad one on are left out.
fn without(
    rows: &[Line],
    mut faults: BTreeMap<usize, Fault>,
    skip_bad: bool,
) -> (Vec<Line>, Vec<(u64, Fault)>) {
    let (mut good, mut bad) = (Vec::with_capacity(rows.len()), Vec::new());
    for (place, row) in rows.iter().enumerate() {
        match faults.remove(&place) {
            None => good.push(row.clone()),
            Some(fault) => {
                bad.push((row.number, fault));
                if !skip_bad {
                    break;
                }
            }
        }
    }
    (good, bad)
}

#[derive(Clone, Copy)]
struct Apply {
    form: FormId,
    account: AccountId,
    now: Timestamp,
    written: Written,
}

impl Apply {
    async fn run(self, engine: &Engine, tx: &mut Tx, rows: &[Line]) -> StoreResult<Outcome> {
        let Some(held) = hold_form(tx, self.form).await? else { return Err(missing(self.form)) };
        let ids: Vec<SubmissionId> = rows.iter().map(|row| row.id).collect();
        let before = tx.submissions(self.account, &ids).await?;
        let faults = self.faults(tx, rows, &before).await?;
        if !faults.is_empty() {
            return Ok(Outcome::Bad(faults));
        }
        let bodies = before.iter().map(|stored| stored.as_ref().map(|stored| &stored.body));
        let changes: Vec<Change> =
            bodies.zip(rows).map(|(before, row)| Change::of(before, &row.body)).collect();
        if changes.iter().all(|change| *change == Change::Unchanged) {
            return Ok(Outcome::Applied(changes, self.written));
        }
        self.store(tx, &held, rows, &before, &changes).await?;
        let written = self.written.and(&changes, engine, tx, (self.account, self.form)).await?;
        Ok(Outcome::Applied(changes, written))
    }

    async fn store(
        self,
        tx: &mut Tx,
        held: &StoredForm,
        rows: &[Line],
        before: &[Option<Stored>],
        changes: &[Change],
    ) -> StoreResult<()> {
        let count = |wanted| changes.iter().filter(|change| **change == wanted).count() as i64;
        let (added, replaced) = (count(Change::Added), count(Change::Replaced));
        let taken = tx.take_ordinals(self.form, held.revision, added, added + replaced).await?;
        let taken = taken.ok_or_else(|| missing(self.form))?;
        if let Some(last) = rows.iter().map(|row| row.id).max() {
            tx.reserve_submission_ids(self.account, last).await?;
        }
        let marks = Marks::of(&held.form);
        let mut widening = Widening::default();
        let (mut new, mut others, mut matches) = (Vec::new(), Vec::new(), Vec::new());
        for ((row, before), change) in rows.iter().zip(before).zip(changes) {
            if *change == Change::Unchanged {
                continue;
            }
            let seq = taken.first_seq + (new.len() + others.len()) as i64;
            let next_key = key_of(self.form, taken.first_ordinal + new.len() as i64);
            let key = before.as_ref().map_or(next_key, |stored| stored.key);
            let read = Row::read(&row.body).map_err(|error| StoreError::Driver(error.to_string()))?;
            let before_bytes = before.as_ref().map(|stored| stored.body.len());
            widening.hold(key, seq, (&read, row.body.len()), before_bytes);
            matches.extend(said_by(&marks, &row.body)?.into_iter().map(|value| (key, value)));
            let target = if before.is_none() { &mut new } else { &mut others };
            target.push(NewRow { key, id: row.id, seq, body: row.body.clone() });
        }
        tx.insert_submissions(self.account, &new).await?;
        keep_files(tx, self.account, &new).await?;
        tx.replace_submissions(&others, self.now).await?;
        keep_files_instead(tx, self.account, &others, self.now).await?;
        let replaced: Vec<i64> = others.iter().map(|row| row.key).collect();
        tx.drop_matches(&replaced).await?;
        tx.put_matches(self.form, &matches).await?;
        tx.widen_blocks(self.form, &widening, self.now).await
    }

    /// What is wrong with the lines, by place.
    async fn faults(
        self,
        tx: &mut Tx,
        rows: &[Line],
        before: &[Option<Stored>],
    ) -> StoreResult<BTreeMap<usize, Fault>> {
        let mut faults = BTreeMap::new();
        for (place, form) in
            before.iter().enumerate().filter_map(|(n, stored)| Some((n, form_of(stored.as_ref()?.key))))
        {
            if form != self.form {
                faults.insert(place, Fault::new("id", format!("is the id of a submission of form {form}")));
            }
        }
        let linked: Vec<(usize, (AudienceId, ProfileId))> =
            rows.iter().enumerate().filter_map(|(place, row)| Some((place, row.profile?))).collect();
        let keys: Vec<_> = linked.iter().map(|(_, key)| *key).collect();
        for ((place, _), fault) in linked.iter().zip(link_faults(tx, self.account, &keys).await?) {
            if let Some(fault) = fault {
                faults.entry(*place).or_insert(fault);
            }
        }
        Ok(faults)
    }
}

fn missing(form: FormId) -> StoreError {
    StoreError::Inconsistent { table: "forms", id: form.to_string(), what: "it is missing".to_owned() }
}
