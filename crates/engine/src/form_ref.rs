//! Forms, as requests and commands name them.
//!
//! Guarantees: within an account a name is one form or none; on the command line, which stands above all accounts, a name that
//! is several forms is refused.
//!
//! Must not know: which dialect takes which names.

use crate::{Engine, Error, FormsReader, Result};
use fillhouse_model::{Account, AccountId, ErrorKind, FormId};
use fillhouse_store::{Result as StoreResult, Store, StoredForm, Tx};
use std::fmt;

/// How many forms are named to whoever has named none of them.
const MOST_NAMED: usize = 20;
/// How many accounts are read at once.
const ACCOUNTS_READ: i64 = 1_000;

/// A form, as a request names it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum FormRef {
    /// By its id.
    Id(FormId),
    /// By its shortname or slug.
    Name(String),
    /// By its directory.
    Directory(String),
    /// By any name that it has: its shortname or slug, else its directory, be it alone or as `user_dir/directory`.
    Called(String),
}

impl fmt::Display for FormRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Id(id) => write!(f, "form {id}"),
            Self::Name(name) | Self::Directory(name) | Self::Called(name) => write!(f, "form {name}"),
        }
    }
}

impl FormRef {
    /// A number is an id, and anything else a name of whatever kind.
    pub fn called(name: impl Into<String>) -> Self {
        let name = name.into();
        name.parse().map_or(Self::Called(name), |id| Self::Id(FormId(id)))
    }

    pub(crate) async fn find(&self, store: &Store, account: AccountId) -> Result<StoredForm> {
        let wanted = self.clone();
        let found = store.read(move |tx| {
            let wanted = wanted.clone();
            Box::pin(async move { wanted.find_in(tx, account).await })
        });
        found.await?.ok_or_else(|| self.missing())
    }

    /// That there is no such form.
    pub(crate) fn missing(&self) -> Error {
        match self {
            // Not every reader of a message takes such a name.
            Self::Name(name) | Self::Directory(name) | Self::Called(name) if name.contains('\0') => {
                Error::not_found("the form")
            }
            named => Error::not_found(named),
        }
    }

    /// The same within a unit of work; none where there is none.
    pub(crate) async fn find_in(&self, tx: &mut Tx, account: AccountId) -> StoreResult<Option<StoredForm>> {
        match self {
            // No form is called that, and PostgreSQL takes no such text to look for.
            Self::Name(name) | Self::Directory(name) | Self::Called(name) if name.contains('\0') => Ok(None),
            Self::Id(id) => tx.form_of(account, *id).await,
            Self::Name(name) => tx.form_named(account, name).await,
            Self::Directory(name) => tx.form_in(account, name).await,
            Self::Called(name) => match tx.form_named(account, name).await? {
                Some(found) => Ok(Some(found)),
                None => in_directory(tx, account, name).await,
            },
        }
    }
}

/// The account's form of this directory, which may be behind the account's own.
async fn in_directory(tx: &mut Tx, account: AccountId, name: &str) -> StoreResult<Option<StoredForm>> {
    let Some((user_dir, directory)) = name.split_once('/') else { return tx.form_in(account, name).await };
    let is_ours = tx.account(account).await?.is_some_and(|known| known.user_dir == user_dir);
    if is_ours { tx.form_in(account, directory).await } else { Ok(None) }
}

impl FormsReader {
    /// The id of a form.
    ///
    /// # Errors
    /// There is no such form; where it was named in whatever way, those that there are are told.
    pub async fn form_id(&self, form: &FormRef) -> Result<FormId> {
        let (store, account) = (&self.engine.parts.store, self.account);
        match form.find(store, account).await {
            Err(error) if error.kind() == ErrorKind::NotFound && matches!(form, FormRef::Called(_)) => {
                let forms = store.read(move |tx| Box::pin(tx.forms_of(account))).await?;
                let names = forms.into_iter().map(|known| known.form.directory).collect();
                Err(none_of(error.message(), names))
            }
            found => Ok(found?.form.id),
        }
    }
}

impl Engine {
    /// The account whose form has this id or any name that is given, for the command line, which stands above all accounts.
    ///
    /// # Errors
    /// There is no such form, or several accounts have one in this directory; those that there are are told.
    pub async fn account_of_form(&self, name: &str) -> Result<AccountId> {
        let wanted = FormRef::called(name);
        let found = self.parts.store.read(move |tx| {
            let wanted = wanted.clone();
            Box::pin(async move { anywhere(tx, &wanted).await })
        });
        let (found, all) = found.await?;
        match found.as_slice() {
            [account] => Ok(account.id),
            [] => Err(none_of(FormRef::called(name).missing().message(), all)),
            several => {
                let names: Vec<String> =
                    several.iter().map(|known| format!("{}/{name}", known.user_dir)).collect();
                let message = format!("there are several forms {name}: say which of {}", names.join(", "));
                Err(Error::new(ErrorKind::Conflict, message))
            }
        }
    }
}

/// The accounts that have such a form; where none has, all forms, as they may be named.
async fn anywhere(tx: &mut Tx, wanted: &FormRef) -> StoreResult<(Vec<Account>, Vec<String>)> {
    let (mut found, mut all) = (Vec::new(), Vec::new());
    let mut after = AccountId(0);
    loop {
        let accounts = tx.accounts_after(after, ACCOUNTS_READ).await?;
        let Some(last) = accounts.last() else { return Ok((found, all)) };
        after = last.id;
        for account in accounts {
            match wanted.find_in(tx, account.id).await? {
                // Names of other kinds are of one form everywhere.
                Some(form) if !is_directory_of(wanted, &form) => return Ok((vec![account], Vec::new())),
                Some(_) => found.push(account),
                None if all.len() <= MOST_NAMED => {
                    let forms = tx.forms_of(account.id).await?.into_iter();
                    all.extend(forms.map(|known| format!("{}/{}", account.user_dir, known.form.directory)));
                }
                None => {}
            }
        }
    }
}

fn is_directory_of(wanted: &FormRef, found: &StoredForm) -> bool {
    let fillhouse_model::Form { shortname, slug, directory, .. } = &found.form;
    matches!(wanted, FormRef::Called(name) if name == directory && ![shortname, slug].contains(&name))
}

/// That a form is not there, with the names of those that are.
fn none_of(missing: &str, mut names: Vec<String>) -> Error {
    if names.is_empty() {
        return Error::new(ErrorKind::NotFound, format!("{missing}: there is no form yet"));
    }
    let more = names.len().saturating_sub(MOST_NAMED);
    names.truncate(MOST_NAMED);
    let more = if more > 0 { " and more" } else { "" };
    Error::new(ErrorKind::NotFound, format!("{missing}: these are {}{more}", names.join(", ")))
}
