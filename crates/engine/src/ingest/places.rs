//! The places that a commit takes for its rows: ordinals and seqs of their forms, ids of their accounts.
//!
//! Guarantees: no place is taken for a row whose form has changed; forms are taken before accounts, each in the order of
//! their ids, as an import takes them too, so that two that take the same never wait for each other.
//!
//! Must not know: rows.

use super::commit::Batch;
use fillhouse_model::{AccountId, FormId, SubmissionId};
use fillhouse_store::{Error, Result, Taken, Tx, key_of};
use std::collections::BTreeMap;

/// What was taken, and is handed out in order.
pub(super) struct Places {
    /// By form and revision; those of a form that has changed are not in it.
    forms: BTreeMap<(FormId, i64), Taken>,
    ids: BTreeMap<AccountId, SubmissionId>,
}

impl Places {
    /// Takes places for all rows of these requests.
    pub(super) async fn take(tx: &mut Tx, batches: &[&Batch]) -> Result<Self> {
        let mut wanted: BTreeMap<(FormId, i64), i64> = BTreeMap::new();
        for batch in batches {
            *wanted.entry((batch.form, batch.revision)).or_default() += batch.rows.len() as i64;
        }
        let mut forms = BTreeMap::new();
        for ((form, revision), rows) in wanted {
            if let Some(taken) = tx.take_ordinals(form, revision, rows, rows).await? {
                forms.insert((form, revision), taken);
            }
        }
        let mut wanted: BTreeMap<AccountId, i64> = BTreeMap::new();
        for batch in batches.iter().filter(|batch| forms.contains_key(&(batch.form, batch.revision))) {
            *wanted.entry(batch.account).or_default() += batch.rows.len() as i64;
        }
        let mut ids = BTreeMap::new();
        for (account, rows) in wanted {
            let first = tx.take_submission_ids(account, rows).await?;
            ids.insert(account, first.ok_or_else(|| missing(account))?);
        }
        Ok(Self { forms, ids })
    }

    /// The forms among those to whose submissions there are subscriptions.
    pub(super) fn with_webhooks(&self) -> impl Iterator<Item = FormId> {
        self.forms.iter().filter(|(_, taken)| taken.has_webhooks).map(|((form, _), _)| *form)
    }

    /// The key, the seq and the id of the next row of a request; none where its form has changed.
    pub(super) fn next(&mut self, batch: &Batch) -> Option<(i64, i64, SubmissionId)> {
        let place = self.forms.get_mut(&(batch.form, batch.revision))?;
        let id = self.ids.get_mut(&batch.account)?;
        let next = (key_of(batch.form, place.first_ordinal), place.first_seq, *id);
        place.first_ordinal += 1;
        place.first_seq += 1;
        id.0 += 1;
        Some(next)
    }
}

fn missing(account: AccountId) -> Error {
    Error::Inconsistent { table: "accounts", id: account.to_string(), what: "it is missing".to_owned() }
}
