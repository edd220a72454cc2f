//! Accounts: as an operator names them, and as those see them who are let into one.
//!
//! Must not know: where a name came from.

use crate::{Caller, Engine, Error, Result};
use fillhouse_model::{Ability, Account, AccountId, Fault, Timestamp, User, time_zone};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

/// How long an account is believed without looking again, in microseconds.
const CACHE_MICROS: i64 = 1_000_000;
/// How many accounts are remembered before all are forgotten: a bound, not a working set.
const CACHED_ACCOUNTS: usize = 10_000;

/// How long an account's name may be, in characters.
const LONGEST_NAME: usize = 255;

/// The accounts that were looked up lately.
#[derive(Default)]
pub(crate) struct AccountCache {
    accounts: Mutex<HashMap<AccountId, (Arc<Account>, Timestamp)>>,
}

impl Engine {
    /// The account of this id or `user_dir`; for the command line, which stands above all accounts.
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

    async fn account(&self, id: AccountId) -> Result<Arc<Account>> {
        let now = self.now();
        if let Some(account) = self.parts.accounts.get(id, now) {
            return Ok(account);
        }
        let found = self.parts.store.read(move |tx| Box::pin(tx.account(id))).await?;
        let account = Arc::new(found.ok_or_else(|| Error::not_found(format!("account {id}")))?);
        self.parts.accounts.put(account.clone(), now);
        Ok(account)
    }
}

impl Caller {
    /// The account that the caller's token opens, as it was a second ago at most.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn account(&self) -> Result<Arc<Account>> {
        self.engine.account(self.token.account_id).await
    }
}

/// An account as those see it who work in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Workspace {
    /// The account.
    pub account: Arc<Account>,
    /// How many users it has.
    pub users: i64,
    /// Whether the caller may change it.
    pub is_writable: bool,
}

impl Caller {
    /// The account that the caller's token opens.
    ///
    /// # Errors
    /// The token lacks the ability.
    pub async fn workspace(&self) -> Result<Workspace> {
        self.must(Ability::WorkspacesRead)?;
        let account = self.account().await?;
        let id = account.id;
        let users = self.engine.parts.store.read(move |tx| Box::pin(tx.count_users(id))).await?;
        Ok(Workspace { account, users, is_writable: self.token.can(Ability::WorkspacesWrite) })
    }

    /// The user that the caller's token speaks for.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn user(&self) -> Result<User> {
        let id = self.token.user_id;
        let found = self.engine.parts.store.read(move |tx| Box::pin(tx.user(id))).await?;
        found.ok_or_else(|| Error::not_found(format!("user {id}")))
    }
}

/// A caller that may change its account.
#[derive(Clone)]
pub struct WorkspaceWriter {
    caller: Caller,
}

impl Caller {
    /// The handle for changing the account.
    ///
    /// # Errors
    /// [`ErrorKind::Forbidden`] where the token lacks the ability.
    ///
    /// [`ErrorKind::Forbidden`]: fillhouse_model::ErrorKind::Forbidden
    pub fn workspace_writer(&self) -> Result<WorkspaceWriter> {
        self.must(Ability::WorkspacesWrite)?;
        Ok(WorkspaceWriter { caller: self.clone() })
    }
}

impl WorkspaceWriter {
    /// The account that can be changed.
    pub fn account_id(&self) -> AccountId {
        self.caller.token.account_id
    }

    /// Gives the account another name, and gives it as it is then.
    ///
    /// # Errors
    /// The name is none; the fault is about `name`.
    pub async fn rename(&self, name: &str) -> Result<Workspace> {
        check_name("name", name)?;
        self.change(Some(name.to_owned()), None).await
    }

    /// Gives the account another time zone, and gives it as it is then. What days mean in exports that were asked for before
    /// stays as it was.
    ///
    /// # Errors
    /// There is no such time zone; the fault is about `timezone`.
    pub async fn set_timezone(&self, timezone: &str) -> Result<Workspace> {
        time_zone("timezone", timezone)?;
        self.change(None, Some(timezone.to_owned())).await
    }

    async fn change(&self, name: Option<String>, timezone: Option<String>) -> Result<Workspace> {
        let id = self.account_id();
        let engine = &self.caller.engine;
        let said = name.as_deref().or(timezone.as_deref()).unwrap_or_default();
        let entry =
            engine.entry(id, &self.caller.actor(), "account.changed").of(format!("account {id}: {said}"));
        let changed = engine.parts.store.write(move |tx| {
            let (name, timezone, entry) = (name.clone(), timezone.clone(), entry.clone());
            Box::pin(async move {
                if let Some(name) = &name {
                    tx.rename_account(id, name).await?;
                }
                if let Some(timezone) = &timezone {
                    tx.set_account_timezone(id, timezone).await?;
                }
                tx.audit(&entry).await?;
                Ok((tx.account(id).await?, tx.count_users(id).await?))
            })
        });
        let (account, users) = changed.await?;
        let account = Arc::new(account.ok_or_else(|| Error::not_found(format!("account {id}")))?);
        engine.parts.accounts.put(account.clone(), engine.now());
        Ok(Workspace { account, users, is_writable: true })
    }
}

/// # Errors
/// The text is no name; the fault is about `field`.
pub(crate) fn check_name(field: &str, text: &str) -> Result<(), Fault> {
    if text.trim().is_empty() || text.chars().count() > LONGEST_NAME || text.contains('\0') {
        return Err(Fault::new(field, format!("is not 1 to {LONGEST_NAME} characters long")));
    }
    Ok(())
}

impl AccountCache {
    fn get(&self, id: AccountId, now: Timestamp) -> Option<Arc<Account>> {
        let accounts = self.accounts.lock().unwrap_or_else(PoisonError::into_inner);
        let (account, seen) = accounts.get(&id)?;
        let age_micros = now.micros() - seen.micros();
        (0..CACHE_MICROS).contains(&age_micros).then(|| account.clone())
    }

    fn put(&self, account: Arc<Account>, now: Timestamp) {
        let mut accounts = self.accounts.lock().unwrap_or_else(PoisonError::into_inner);
        if accounts.len() >= CACHED_ACCOUNTS {
            accounts.clear();
        }
        accounts.insert(account.id, (account, now));
    }
}
