//! One commit of many requests.
//!
//! Guarantees: all of them or none; ordinals, seqs and ids are handed out in the order of the requests; a request whose
//! key is known, or whose form has changed, leaves no trace.
//!
//! Must not know: what is in a row but its place for the id.

use super::places::Places;
use crate::deliver::{Event, Outbox};
use crate::files::keep_files;
use fillhouse_model::row::{Row, set_id};
use fillhouse_model::{AccountId, FormId, SubmissionId, Timestamp};
use fillhouse_store::{Error, NewRow, Remembered, Result, Store, StoredForm, Tx, Widening, form_of};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The rows of a request, on their way to a commit.
#[derive(Debug)]
pub(crate) struct Batch {
    pub(crate) account: AccountId,
    pub(crate) form: FormId,
    /// The revision of the form that the rows were checked against.
    pub(crate) revision: i64,
    /// The rows, without their ids.
    pub(crate) rows: Vec<NewBody>,
    pub(crate) remember: Option<Remember>,
}

/// A row on its way to a commit.
#[derive(Debug)]
pub(crate) struct NewBody {
    pub(crate) body: Vec<u8>,
    /// What it says about whom it is from, as it is indexed.
    pub(crate) matches: Vec<String>,
}

/// What makes a retry of a request safe.
#[derive(Debug, Clone)]
pub(crate) struct Remember {
    pub(crate) key: String,
    /// The digest of the request.
    pub(crate) fingerprint: String,
}

/// What became of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// Its submissions are stored, now or under its key before.
    Stored(Vec<SubmissionId>),
    /// Its key was used for another request.
    OtherRequest,
    /// The form has changed; the rows must be checked again.
    StaleForm,
}

/// Where requests are committed, and what is owed for them is written down.
pub(super) struct Committer {
    pub(super) store: Store,
    pub(super) outbox: Outbox,
}

impl Committer {
    /// Commits the requests and says what became of each.
    pub(super) async fn commit(&self, waiting: Arc<Vec<Arc<Batch>>>, now: Timestamp) -> Result<Vec<Outcome>> {
        let outbox = self.outbox.clone();
        let committed = self.store.write(move |tx| {
            let (waiting, outbox) = (waiting.clone(), outbox.clone());
            Box::pin(async move { Commit::default().run(tx, &waiting, &outbox, now).await })
        });
        let (outcomes, owes) = committed.await?;
        if owes {
            self.outbox.ring();
        }
        Ok(outcomes)
    }
}

/// What a request was answered under its key, if it was.
pub(super) async fn answered(
    store: &Store,
    account: AccountId,
    remember: &Remember,
) -> Result<Option<Outcome>> {
    let (key, fingerprint) = (remember.key.clone(), remember.fingerprint.clone());
    let before = store.read(move |tx| {
        let key = key.clone();
        Box::pin(async move { tx.remembered(account, &key).await })
    });
    before.await?.map(|before| answer_as_before(&before, &fingerprint)).transpose()
}

#[derive(Default)]
struct Commit {
    /// The keys that are new in this commit, and what was answered under each; an empty response until then.
    answered: BTreeMap<(AccountId, String), Remembered>,
    /// The rows to store, by account.
    rows: BTreeMap<AccountId, Vec<NewRow>>,
    widenings: BTreeMap<FormId, Widening>,
    /// The keys of rows with what they say about whom they are from.
    matches: BTreeMap<FormId, Vec<(i64, String)>>,
}

/// What a commit has to do for a request.
enum Standing {
    /// Nothing: its key is known.
    Known(Outcome),
    /// Whatever it does for an earlier one of the same key.
    SameKey,
    /// To store it.
    New,
}

impl Commit {
    /// What became of each request, and whether anything is owed for them.
    async fn run(
        mut self,
        tx: &mut Tx,
        waiting: &[Arc<Batch>],
        outbox: &Outbox,
        now: Timestamp,
    ) -> Result<(Vec<Outcome>, bool)> {
        let mut standings = Vec::with_capacity(waiting.len());
        for batch in waiting {
            standings.push(self.standing(tx, batch).await?);
        }
        let all = || waiting.iter().map(|batch| &**batch).zip(&standings);
        let new: Vec<&Batch> =
            all().filter(|(_, standing)| matches!(standing, Standing::New)).map(|(batch, _)| batch).collect();
        let mut places = Places::take(tx, &new).await?;
        let mut outcomes = Vec::with_capacity(waiting.len());
        for (batch, standing) in waiting.iter().zip(standings) {
            outcomes.push(match standing {
                Standing::Known(outcome) => outcome,
                Standing::SameKey => self.repeat(batch)?,
                Standing::New => self.place(batch, &mut places)?,
            });
        }
        self.store(tx, now).await?;
        let owes = self.owe(tx, &places, outbox, now).await?;
        Ok((outcomes, owes))
    }

    async fn standing(&mut self, tx: &mut Tx, batch: &Batch) -> Result<Standing> {
        let Some(Remember { key, fingerprint }) = &batch.remember else { return Ok(Standing::New) };
        let of_account = (batch.account, key.clone());
        if self.answered.contains_key(&of_account) {
            return Ok(Standing::SameKey);
        }
        if let Some(before) = tx.remembered(batch.account, key).await? {
            return answer_as_before(&before, fingerprint).map(Standing::Known);
        }
        let unanswered = Remembered { fingerprint: fingerprint.clone(), response: String::new() };
        self.answered.insert(of_account, unanswered);
        Ok(Standing::New)
    }

    /// Gives ids and places to the rows of a request, unless its form has changed.
    fn place(&mut self, batch: &Batch, places: &mut Places) -> Result<Outcome> {
        let mut ids = Vec::with_capacity(batch.rows.len());
        for NewBody { body, matches } in &batch.rows {
            let Some((key, seq, id)) = places.next(batch) else { return Ok(Outcome::StaleForm) };
            let mut body = body.clone();
            set_id(&mut body, id);
            let row = Row::read(&body).map_err(|error| Error::Driver(error.to_string()))?;
            self.widenings.entry(batch.form).or_default().hold(key, seq, (&row, body.len()), None);
            let of_form = self.matches.entry(batch.form).or_default();
            of_form.extend(matches.iter().map(|value| (key, value.clone())));
            self.rows.entry(batch.account).or_default().push(NewRow { key, id, seq, body });
            ids.push(id);
        }
        if let Some(Remember { key, .. }) = &batch.remember
            && let Some(answer) = self.answered.get_mut(&(batch.account, key.clone()))
        {
            answer.response = to_text(&ids);
        }
        Ok(Outcome::Stored(ids))
    }

    /// Answers the second of two equal keys in this commit as the first was answered.
    fn repeat(&self, batch: &Batch) -> Result<Outcome> {
        let Some(Remember { key, fingerprint }) = &batch.remember else { return Ok(Outcome::StaleForm) };
        match self.answered.get(&(batch.account, key.clone())) {
            Some(first) if !first.response.is_empty() => answer_as_before(first, fingerprint),
            _ => Ok(Outcome::StaleForm),
        }
    }

    /// Writes down what is owed for the new rows; whether that is anything.
    async fn owe(&self, tx: &mut Tx, places: &Places, outbox: &Outbox, now: Timestamp) -> Result<bool> {
        let mut owes = false;
        for id in places.with_webhooks() {
            // It cannot have changed since its places were taken.
            let Some(StoredForm { form, .. }) = tx.form(id).await? else { continue };
            let rows = self.rows.get(&form.account_id).into_iter().flatten();
            let events: Vec<Event<'_>> = rows
                .filter(|row| form_of(row.key) == id)
                .map(|row| Event { seq: row.seq, row: &row.body, is_first: true })
                .collect();
            owes |= outbox.owe(tx, &form, &events, now).await?;
        }
        Ok(owes)
    }

    async fn store(&self, tx: &mut Tx, now: Timestamp) -> Result<()> {
        for (account, rows) in &self.rows {
            tx.insert_submissions(*account, rows).await?;
            keep_files(tx, *account, rows).await?;
        }
        for (form, widening) in &self.widenings {
            tx.widen_blocks(*form, widening, now).await?;
        }
        for (form, matches) in &self.matches {
            tx.put_matches(*form, matches).await?;
        }
        for ((account, key), answer) in &self.answered {
            if !answer.response.is_empty() {
                tx.remember(*account, key, answer, now).await?;
            }
        }
        Ok(())
    }
}

fn answer_as_before(before: &Remembered, fingerprint: &str) -> Result<Outcome> {
    if before.fingerprint != fingerprint {
        return Ok(Outcome::OtherRequest);
    }
    Ok(Outcome::Stored(from_text(&before.response)?))
}

fn to_text(ids: &[SubmissionId]) -> String {
    ids.iter().map(SubmissionId::to_string).collect::<Vec<_>>().join(" ")
}

fn from_text(text: &str) -> Result<Vec<SubmissionId>> {
    let unreadable = |error: std::num::ParseIntError| Error::Inconsistent {
        table: "idempotency_keys",
        id: text.to_owned(),
        what: error.to_string(),
    };
    text.split(' ').map(|id| id.parse().map(SubmissionId).map_err(unreadable)).collect()
}
