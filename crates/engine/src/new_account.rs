//! Making accounts: by whoever runs the program; or, while there is none, by whoever has the link that the server prints.
//!
//! Guarantees: an account comes with its first user, or not at all; the link is of no use once there is an account.
//!
//! Must not know: how the link is shown.

use crate::accounts::check_name;
use crate::audit::Actor;
use crate::interchange::check_user_dir;
use crate::sessions::begin_session;
use crate::{Engine, Error, Result};
use fillhouse_model::{Account, AccountId, ErrorKind, Fault, User, time_zone};
use fillhouse_store::{Error as StoreError, Result as StoreResult, SessionOwner, Tx};

/// What the link to the first account is signed for.
const PURPOSE: &str = "first account";

/// What an account begins with.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct NewAccount {
    /// The directory in its URLs; unique.
    pub user_dir: String,
    /// What people call it.
    pub name: String,
    /// The IANA name of its time zone.
    pub timezone: String,
    /// The e-mail address of its first user.
    pub email: String,
}

impl NewAccount {
    /// One in this directory, and named after it, where nothing else is said.
    pub fn in_directory(user_dir: &str) -> Self {
        let email = format!("owner@{user_dir}.invalid");
        Self { user_dir: user_dir.to_owned(), name: user_dir.to_owned(), timezone: "UTC".to_owned(), email }
    }

    /// # Errors
    /// All that is wrong with it.
    fn check(&self) -> Result<()> {
        let is_address =
            self.email.split_once('@').is_some_and(|(who, host)| !who.is_empty() && !host.is_empty());
        let address = is_address.then_some(()).ok_or_else(|| Fault::new("email", "is not an e-mail address"));
        let checks = [
            check_name("name", &self.name),
            check_name("user_dir", &self.user_dir).and_then(|()| check_user_dir(&self.user_dir)),
            check_name("email", &self.email).and(address),
            time_zone("timezone", &self.timezone).map(drop),
        ];
        let faults: Vec<Fault> = checks.into_iter().filter_map(Result::err).collect();
        if faults.is_empty() { Ok(()) } else { Err(Error::invalid(faults)) }
    }
}

impl Engine {
    /// Makes an account with its first user; for the command line.
    ///
    /// # Errors
    /// A field is wrong, or the directory is another account's.
    pub async fn create_account(&self, new: NewAccount) -> Result<Account> {
        new.check()?;
        let engine = self.clone();
        let made = self.parts.store.write(move |tx| {
            let (engine, new) = (engine.clone(), new.clone());
            Box::pin(async move { make(&engine, tx, new).await })
        });
        let (account, _) =
            made.await.map_err(raced)?.ok_or_else(|| Fault::new("user_dir", "is another account's"))?;
        Ok(account)
    }

    /// The address at which the first account is made; none where there is one.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn first_account_link(&self) -> Result<Option<String>> {
        if self.has_account().await? {
            return Ok(None);
        }
        let key = self.sign(PURPOSE, &[]).await?;
        Ok(Some(format!("{}/console/welcome?key={key}", self.public_url())))
    }

    /// Whether this is the key of that address, and there is no account still.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn is_welcome(&self, key: &str) -> Result<bool> {
        Ok(self.is_signed(PURPOSE, &[], key).await? && !self.has_account().await?)
    }

    /// Makes the first account, and gives the secret of a session in which its user is signed in.
    ///
    /// # Errors
    /// The key is of no use ([`ErrorKind::Unauthenticated`]); or a field is wrong.
    pub async fn make_first_account(&self, key: &str, new: NewAccount) -> Result<String> {
        if !self.is_welcome(key).await? {
            return Err(not_welcome());
        }
        new.check()?;
        let (engine, secret) = (self.clone(), self.parts.random.secret());
        let session = secret.clone();
        let made = self.parts.store.write(move |tx| {
            let (engine, new, session) = (engine.clone(), new.clone(), session.clone());
            Box::pin(async move {
                // Somebody else may have been quicker.
                if !tx.accounts_after(AccountId(0), 1).await?.is_empty() {
                    return Ok(false);
                }
                let Some((_, owner)) = make(&engine, tx, new).await? else { return Ok(false) };
                begin_session(tx, &session, owner, engine.now()).await?;
                Ok(true)
            })
        });
        if made.await.map_err(raced)? { Ok(secret) } else { Err(not_welcome()) }
    }

    async fn has_account(&self) -> Result<bool> {
        let first = self.parts.store.read(|tx| Box::pin(tx.accounts_after(AccountId(0), 1)));
        Ok(!first.await?.is_empty())
    }
}

fn not_welcome() -> Error {
    Error::new(ErrorKind::Unauthenticated, "the first account is made already, or the address is not whole")
}

/// Ids are looked up before they are used.
fn raced(error: StoreError) -> Error {
    match error {
        StoreError::Constraint(_) => {
            Error::new(ErrorKind::Unavailable, "another account was made at the same moment: try again")
        }
        error => error.into(),
    }
}

/// Makes an account and its first user; none where the directory is another's.
async fn make(engine: &Engine, tx: &mut Tx, new: NewAccount) -> StoreResult<Option<(Account, SessionOwner)>> {
    let NewAccount { user_dir, name, timezone, email } = new;
    if tx.account_in(&user_dir).await?.is_some() {
        return Ok(None);
    }
    let account = Account { id: tx.free_account_id().await?, user_dir, name, timezone };
    let user = User { id: tx.free_user_id().await?, account_id: account.id, email, name: None };
    tx.create_account(&account).await?;
    tx.create_user(&user).await?;
    let actor = Actor::operator(tx, account.id).await?;
    let entry = engine.entry(account.id, &actor, "account.created");
    tx.audit(&entry.of(format!("account {}: {}", account.id, account.name))).await?;
    let owner = SessionOwner { account_id: account.id, user_id: user.id };
    Ok(Some((account, owner)))
}
