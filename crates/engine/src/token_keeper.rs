//! The tokens of one account, kept by whoever may do everything in it.
//!
//! Guarantees: a token is told to others by a number that says nothing of its secret.
//!
//! Must not know: other accounts.

use crate::audit::Actor;
use crate::tokens::{ALL, hash, is_ability};
use crate::{Caller, Engine, Error, Result};
use fillhouse_model::{AccountId, ErrorKind, Fault, Token, UserId};
use fillhouse_store::TokenDates;
use std::collections::BTreeMap;

/// The ability that stands for all.
/// How long a token's name may be, in characters.
const LONGEST_NAME: usize = 255;

impl Caller {
    /// That the token may do everything in its account.
    pub(crate) fn must_do_everything(&self) -> Result<()> {
        if self.token.abilities.iter().any(|ability| ability == ALL) {
            return Ok(());
        }
        Err(Error::new(ErrorKind::Forbidden, "the token lacks the ability *"))
    }
}

/// A caller that may do everything in its account.
#[derive(Clone)]
pub struct TokenKeeper {
    engine: Engine,
    account: AccountId,
    user: UserId,
    actor: Actor,
}

impl Caller {
    /// The handle for keeping tokens.
    ///
    /// # Errors
    /// [`ErrorKind::Forbidden`] where the token may not do everything.
    pub fn token_keeper(&self) -> Result<TokenKeeper> {
        self.must_do_everything()?;
        let Token { account_id: account, user_id: user, .. } = *self.token;
        Ok(TokenKeeper { engine: self.engine.clone(), account, user, actor: self.actor() })
    }
}

impl TokenKeeper {
    /// The account's tokens with their numbers, in the order in which they were made.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn tokens(&self) -> Result<Vec<(i64, Token)>> {
        let account = self.account;
        let tokens = self.engine.parts.store.read(move |tx| Box::pin(tx.tokens_of(account))).await?;
        Ok(tokens.into_iter().map(|(token, number)| (number, token)).collect())
    }

    /// When each of them was made and last used, as far as that is known, by its number. Of the last hour's uses one is known.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn dates(&self) -> Result<BTreeMap<i64, TokenDates>> {
        let account = self.account;
        Ok(self.engine.parts.store.read(move |tx| Box::pin(tx.token_dates(account))).await?)
    }

    /// Makes a token that speaks for the caller's user, and gives its secret. Abilities that are not known are passed over.
    ///
    /// # Errors
    /// The name is too long.
    pub async fn create(&self, name: &str, abilities: &[String]) -> Result<String> {
        if name.chars().count() > LONGEST_NAME {
            return Err(Fault::new("name", format!("is longer than {LONGEST_NAME} characters")).into());
        }
        let abilities: Vec<String> = abilities.iter().filter(|name| is_ability(name)).cloned().collect();
        let (account_id, user_id, name) = (self.account, self.user, name.to_owned());
        let (secret, now) = (self.engine.parts.random.secret(), self.engine.now());
        let entry = self.engine.entry(self.account, &self.actor, "token.created");
        let created = self.engine.parts.store.write(move |tx| {
            let entry = entry.clone();
            let (name, abilities, secret) = (name.clone(), abilities.clone(), secret.clone());
            Box::pin(async move {
                let number = tx.next_token_position().await?;
                let whole = format!("{number}|{secret}");
                let token = Token { hash: hash(&whole), account_id, user_id, name, abilities };
                tx.put_token_at(&token, number).await?;
                tx.date_token(&token.hash, now).await?;
                let may = token.abilities.join(", ");
                tx.audit(&entry.of(format!("token {number}: {}, may {may}", token.name))).await?;
                Ok(whole)
            })
        });
        Ok(created.await?)
    }

    /// Deletes the token of this number.
    ///
    /// # Errors
    /// The account has no such token.
    pub async fn delete(&self, number: i64) -> Result<()> {
        let account = self.account;
        let entry = self.engine.entry(account, &self.actor, "token.revoked");
        let deleted = self.engine.parts.store.write(move |tx| {
            let entry = entry.clone();
            Box::pin(async move {
                let Some(token) = tx.token_at(account, number).await? else { return Ok(None) };
                tx.delete_token(&token.hash).await?;
                tx.audit(&entry.of(format!("token {number}: {}", token.name))).await?;
                Ok(Some(token.hash))
            })
        });
        let hash = deleted.await?.ok_or_else(|| Error::not_found(format!("token {number}")))?;
        self.engine.parts.tokens.forget(&hash);
        Ok(())
    }
}
