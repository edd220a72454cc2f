//! What the audit log says of the submissions of a form that came of a file: one entry, kept up with every batch.
//!
//! Guarantees: what is stored and what the log says of it are committed together, so that it is true of an import that was
//! killed, too.
//!
//! Must not know: how submissions are stored.

use super::Change;
use crate::Engine;
use crate::audit::Actor;
use fillhouse_model::{AccountId, FormId};
use fillhouse_store::{Result as StoreResult, Tx};

/// What was stored of a form and a file.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Written {
    /// The number of the entry that says so, once there is one.
    entry: Option<i64>,
    new: u64,
    replaced: u64,
}

impl Written {
    /// The same after these changes, which are written down, last in their unit of work.
    pub(super) async fn and(
        self,
        changes: &[Change],
        engine: &Engine,
        tx: &mut Tx,
        (account, form): (AccountId, FormId),
    ) -> StoreResult<Self> {
        let count = |wanted| changes.iter().filter(|change| **change == wanted).count() as u64;
        let (new, replaced) = (self.new + count(Change::Added), self.replaced + count(Change::Replaced));
        let subject = format!("form {form}: {new} new, {replaced} in place of what was there");
        let number = match self.entry {
            Some(number) => {
                tx.amend_audit(account, number, &subject).await?;
                number
            }
            None => {
                let actor = Actor::operator(tx, account).await?;
                let entry = engine.entry(account, &actor, "submissions.imported").of(subject);
                tx.begin_audit(&entry).await?
            }
        };
        Ok(Self { entry: Some(number), new, replaced })
    }
}
