//! Moving in: what a command needs that brings forms and submissions from elsewhere, beside the importer.
//!
//! Guarantees: no id is given to two, whoever stores something meanwhile.
//!
//! Must not know: where things come from.

use crate::links::link_faults;
use crate::{Engine, Error, Result};
use fillhouse_model::{Account, AccountId, AudienceId, Fault, FormId, ProfileId, SubmissionId, Timestamp};

/// How many accounts are read at once.
const PAGE: i64 = 1_000;

impl Engine {
    /// All accounts, by id.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn accounts(&self) -> Result<Vec<Account>> {
        let mut accounts: Vec<Account> = Vec::new();
        loop {
            let after = accounts.last().map_or(AccountId(0), |account| account.id);
            let page = self.parts.store.read(move |tx| Box::pin(tx.accounts_after(after, PAGE))).await?;
            if page.is_empty() {
                return Ok(accounts);
            }
            accounts.extend(page);
        }
    }

    /// An id that no form has. Whoever is quicker may have it by the time that it is used, which is an error then.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn free_form_id(&self) -> Result<FormId> {
        Ok(self.parts.store.read(|tx| Box::pin(tx.free_form_id())).await?)
    }

    /// So many ids of submissions of an account that nobody else will be given, one after the other; the first of them.
    ///
    /// # Errors
    /// There is no such account.
    pub async fn take_submission_ids(&self, account: AccountId, count: i64) -> Result<SubmissionId> {
        let taken = self.parts.store.write(move |tx| Box::pin(tx.take_submission_ids(account, count)));
        taken.await?.ok_or_else(|| Error::not_found(format!("account {account}")))
    }

    /// What is wrong with a submission of an account that says that it is from this profile; nothing where the profile is there.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn link_fault(
        &self,
        account: AccountId,
        link: (AudienceId, ProfileId),
    ) -> Result<Option<Fault>> {
        let found =
            self.parts.store.read(move |tx| Box::pin(async move { link_faults(tx, account, &[link]).await }));
        Ok(found.await?.into_iter().flatten().next())
    }

    /// What time it is, by the clock of this engine.
    pub fn time(&self) -> Timestamp {
        self.now()
    }
}
