//! Signing in to the console: by a link that is good once, which begins a session.
//!
//! Guarantees: a secret is stored as its hash; a link is good for one, once, for a day; a session ends after a month, or when
//! its owner says so.
//!
//! Must not know: cookies.

use crate::tokens::hash;
use crate::{Caller, Engine, Error, Result};
use fillhouse_model::{AccountId, Fault, Timestamp, Token};
use fillhouse_store::{Result as StoreResult, SessionOwner, Tx};
use std::sync::Arc;

const DAY_MICROS: i64 = 24 * 3_600 * 1_000_000;
/// How long a link is good.
const LINK_MICROS: i64 = DAY_MICROS;
/// How long a session lasts.
const SESSION_MICROS: i64 = 30 * DAY_MICROS;

impl Engine {
    /// A link by which somebody signs in as the first user of an account, once.
    ///
    /// # Errors
    /// There is no such account, or it has no user.
    pub async fn sign_in_link(&self, account_id: AccountId) -> Result<String> {
        let secret = self.parts.random.secret();
        let (hash, expires_at) = (hash(&secret), self.now().plus_micros(LINK_MICROS));
        let made = self.parts.store.write(move |tx| {
            let hash = hash.clone();
            Box::pin(async move {
                let Some(user) = tx.first_user(account_id).await? else { return Ok(false) };
                let owner = SessionOwner { account_id, user_id: user.id };
                tx.put_session(&hash, true, owner, expires_at).await?;
                Ok(true)
            })
        });
        if !made.await? {
            return Err(Fault::new("account", "has no user who could sign in").into());
        }
        Ok(format!("{}/console/sign-in?link={secret}", self.public_url()))
    }

    /// A link for the first account, where nobody is signed in and there is somebody who could be.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn first_sign_in_link(&self) -> Result<Option<String>> {
        let now = self.now();
        let first = self.parts.store.read(move |tx| {
            Box::pin(async move {
                if tx.count_sessions(now).await? > 0 {
                    return Ok(None);
                }
                let accounts = tx.accounts_after(AccountId(0), 1).await?;
                let Some(account) = accounts.into_iter().next() else { return Ok(None) };
                Ok(tx.first_user(account.id).await?.map(|_| account.id))
            })
        });
        match first.await? {
            Some(account) => Ok(Some(self.sign_in_link(account).await?)),
            None => Ok(None),
        }
    }

    /// Begins a session with a link's secret, and gives the session's.
    ///
    /// # Errors
    /// The link is not known, was used, or is too old.
    pub async fn sign_in(&self, link: &str) -> Result<String> {
        let secret = self.parts.random.secret();
        let (link, session, now) = (hash(link), secret.clone(), self.now());
        let begun = self.parts.store.write(move |tx| {
            let (link, session) = (link.clone(), session.clone());
            Box::pin(async move {
                let Some(owner) = tx.take_link(&link, now).await? else { return Ok(false) };
                begin_session(tx, &session, owner, now).await?;
                Ok(true)
            })
        });
        if begun.await? { Ok(secret) } else { Err(Fault::new("link", "is not good any more").into()) }
    }

    /// Who is signed in with this secret.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn signed_in(&self, secret: &str) -> Result<Option<Caller>> {
        let (hash, now) = (hash(secret), self.now());
        let wanted = hash.clone();
        let found = self.parts.store.read(move |tx| {
            let wanted = wanted.clone();
            Box::pin(async move { tx.session(&wanted, now).await })
        });
        let Some(SessionOwner { account_id, user_id }) = found.await? else { return Ok(None) };
        let (name, abilities) = ("console".to_owned(), vec!["*".to_owned()]);
        let token = Arc::new(Token { hash, account_id, user_id, name, abilities });
        Ok(Some(Caller { engine: self.clone(), token, by: "console".into() }))
    }

    /// Ends a session.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn sign_out(&self, secret: &str) -> Result<()> {
        let hash = hash(secret);
        let ending = self.parts.store.write(move |tx| {
            let hash = hash.clone();
            Box::pin(async move { tx.end_session(&hash).await })
        });
        Ok(ending.await?)
    }

    /// Drops the sessions and links that have expired.
    pub(crate) async fn drop_sessions(&self) -> Result<(), Error> {
        let now = self.now();
        self.parts.store.write(move |tx| Box::pin(tx.drop_sessions(now))).await?;
        Ok(())
    }
}

/// Begins a session whose secret this is.
pub(crate) async fn begin_session(
    tx: &mut Tx,
    secret: &str,
    owner: SessionOwner,
    now: Timestamp,
) -> StoreResult<()> {
    tx.put_session(&hash(secret), false, owner, now.plus_micros(SESSION_MICROS)).await
}
