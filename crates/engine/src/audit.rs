//! The audit log: who did what, when, to what.
//!
//! Guarantees: what is done and its entry are committed together; whoever reads the log may do everything in the account.
//!
//! Must not know: how an entry is shown.

use crate::{Caller, Engine, Result};
use fillhouse_model::{AccountId, UserId};
use fillhouse_store::{AuditEntry, Result as StoreResult, Tx};
use std::sync::Arc;

/// How many digits of a token's hash name it.
const PREFIX_CHARS: usize = 12;

/// Whoever does something.
#[derive(Debug, Clone)]
pub(crate) struct Actor {
    pub(crate) user: UserId,
    /// What it is done by: a token, the console, the command line.
    pub(crate) by: Arc<str>,
}

/// What whoever runs the program does things by.
pub(crate) const COMMAND_LINE: &str = "command line";

impl Actor {
    /// Whoever runs the program on the store itself, who speaks for the account's first user.
    pub(crate) async fn operator(tx: &mut Tx, account: AccountId) -> StoreResult<Self> {
        let user = tx.first_user(account).await?.map_or(UserId(0), |user| user.id);
        Ok(Self { user, by: COMMAND_LINE.into() })
    }

    /// What a token is called in the log: by its name, and by what `fillhouse token list` calls it.
    pub(crate) fn name_of_token(name: &str, hash: &str) -> Arc<str> {
        let prefix: String = hash.chars().take(PREFIX_CHARS).collect();
        format!("token {name} ({prefix})").into()
    }
}

impl Engine {
    /// The entry that `actor` did something, just now; it still has to be said to what.
    pub(crate) fn entry(&self, account_id: AccountId, actor: &Actor, what: &'static str) -> AuditEntry {
        AuditEntry {
            account_id,
            number: 0,
            at: self.now(),
            user_id: actor.user,
            actor: actor.by.as_ref().to_owned(),
            what: what.to_owned(),
            subject: String::new(),
        }
    }
}

impl Caller {
    pub(crate) fn actor(&self) -> Actor {
        Actor { user: self.token.user_id, by: self.by.clone() }
    }

    /// Up to `limit` entries of the account's log before the number `before`, the latest first.
    ///
    /// # Errors
    /// The caller may not do everything in the account ([`ErrorKind::Forbidden`]).
    ///
    /// [`ErrorKind::Forbidden`]: fillhouse_model::ErrorKind::Forbidden
    pub async fn audit_log(&self, before: Option<i64>, limit: u32) -> Result<Vec<AuditEntry>> {
        self.must_do_everything()?;
        let account = self.token.account_id;
        let store = &self.engine.parts.store;
        Ok(store.read(move |tx| Box::pin(tx.audited(account, before, limit.into()))).await?)
    }
}
