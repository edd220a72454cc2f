//! Accounts, as an operator names them.
//!
//! Must not know: callers; this is for the command line, which stands above all accounts.

use crate::{Engine, Error, Result};
use fillhouse_model::{Account, AccountId};

impl Engine {
    /// The account of this id or `user_dir`.
    ///
    /// # Errors
    /// There is none.
    pub async fn account_named(&self, name: &str) -> Result<Account> {
        let id = name.parse().ok().map(AccountId);
        let wanted = name.to_owned();
        let found = self.parts.store.read(move |tx| {
            let wanted = wanted.clone();
            Box::pin(async move {
                match id {
                    Some(id) if let Some(found) = tx.account(id).await? => Ok(Some(found)),
                    _ => tx.account_in(&wanted).await,
                }
            })
        });
        found.await?.ok_or_else(|| Error::not_found(format!("account {name}")))
    }
}
