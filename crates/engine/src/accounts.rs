//! Accounts, as an operator names them.
//!
//! Must not know: callers; this is for the command line, which stands above all accounts.

use crate::{Engine, Error, Result};
use fillhouse_model::{Account, AccountId};

/// How many accounts are read at once.
const PAGE: i64 = 1_000;

impl Engine {
    /// The account of this id or `user_dir`.
    ///
    /// # Errors
    /// There is none.
    pub async fn account_named(&self, name: &str) -> Result<Account> {
        let id = name.parse().ok().map(AccountId);
        let mut after = AccountId(0);
        loop {
            let accounts = self.parts.store.read(move |tx| Box::pin(tx.accounts_after(after, PAGE))).await?;
            let Some(last) = accounts.last() else { return Err(Error::not_found(format!("account {name}"))) };
            after = last.id;
            let found = accounts.into_iter().find(|account| account.user_dir == name || Some(account.id) == id);
            if let Some(account) = found {
                return Ok(account);
            }
        }
    }
}
