//! Tokens: how they are made, shown once, hashed, looked up and revoked.
//!
//! Guarantees: a secret is neither stored nor logged; it is compared by its hash, so that the comparison tells nothing of
//! it. A revoked token ends within [`CACHE_MICROS`], in every process.
//!
//! Must not know: abilities, beyond keeping them.

use crate::audit::Actor;
use crate::random::hex;
use crate::{Engine, Error, Result};
use fillhouse_model::{Ability, AccountId, Fault, Timestamp, Token, UserId};
use fillhouse_store::{AuditEntry, Result as StoreResult, Tx};
use sha2::{Digest as _, Sha256};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

/// How long a looked-up token is believed without looking again, in microseconds.
const CACHE_MICROS: i64 = 1_000_000;
/// How long a token's last use that was written down is good enough, in microseconds.
const NOTE_MICROS: i64 = 3_600 * 1_000_000;
/// How many tokens are remembered before all are forgotten: a bound, not a working set.
const CACHED_TOKENS: usize = 10_000;

/// The tokens that were looked up lately.
#[derive(Default)]
pub(crate) struct TokenCache {
    tokens: Mutex<HashMap<String, (Arc<Token>, Timestamp)>>,
    /// When the use of each token was last written down, by hash.
    noted: Mutex<HashMap<String, Timestamp>>,
}

/// A token to be made.
#[derive(Debug, Clone)]
pub struct NewToken {
    /// The account it opens.
    pub account_id: AccountId,
    /// The user it speaks for; the account's first one where none is named.
    pub user_id: Option<UserId>,
    /// What its owner calls it.
    pub name: String,
    /// Its abilities; `*` is all.
    pub abilities: Vec<String>,
}

/// A token that was just made.
#[derive(Debug, Clone)]
pub struct MadeToken {
    /// What to send with requests; nobody is told it again.
    pub secret: String,
    /// How it is listed.
    pub shown: ShownToken,
}

/// A token as it may be shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShownToken {
    /// The first 12 digits of its hash: what to revoke it by.
    pub prefix: String,
    /// The rest.
    pub token: Token,
}

/// How many digits of a hash name a token to people.
const PREFIX_CHARS: usize = 12;
/// How many tokens are read at once.
const PAGE: i64 = 1_000;

/// The hash under which a secret's token is stored: SHA-256, in lower-case hex. A secret has 256 random bits, so nothing
/// slower is called for.
pub(crate) fn hash(secret: &str) -> String {
    hex(&Sha256::digest(secret.as_bytes()))
}

/// What may do everything.
pub(crate) const ALL: &str = "*";

/// Whether this is the name of something that a token may do.
pub(crate) fn is_ability(name: &str) -> bool {
    name == ALL || Ability::ALL.iter().any(|known| known.name() == name)
}

impl ShownToken {
    fn of(token: Token) -> Self {
        Self { prefix: token.hash.chars().take(PREFIX_CHARS).collect(), token }
    }
}

impl Engine {
    pub(crate) async fn token_of(&self, secret: &str) -> Result<Option<Arc<Token>>> {
        let hash = hash(secret);
        let now = self.now();
        if let Some(token) = self.parts.tokens.get(&hash, now) {
            return Ok(Some(token));
        }
        let wanted = hash.clone();
        let found = self.parts.store.read(move |tx| {
            let wanted = wanted.clone();
            Box::pin(async move { tx.token(&wanted).await })
        });
        let found = found.await?.map(Arc::new);
        if let Some(token) = &found {
            self.parts.tokens.put(hash.clone(), token.clone(), now);
            self.note_use(hash, now).await;
        }
        Ok(found)
    }

    /// Writes down that a token is used, once in a while. Nobody is refused because that could not be written.
    async fn note_use(&self, hash: String, now: Timestamp) {
        if !self.parts.tokens.is_use_to_be_noted(&hash, now) {
            return;
        }
        let noted = self.parts.store.write(move |tx| {
            let hash = hash.clone();
            Box::pin(async move { tx.use_token(&hash, now).await })
        });
        if let Err(error) = noted.await {
            tracing::warn!(%error, "that a token was used could not be written down");
        }
    }

    /// Makes a token and gives it with its secret, which is shown nowhere else.
    ///
    /// # Errors
    /// There is no such account or ability, or the account has no such user.
    pub async fn create_token(&self, new: NewToken) -> Result<MadeToken> {
        if let Some(unknown) = new.abilities.iter().find(|name| !is_ability(name)) {
            let known: Vec<&str> = Ability::ALL.iter().map(|ability| ability.name()).collect();
            return Err(
                Fault::new("ability", format!("{unknown} is none of {ALL}, {}", known.join(", "))).into()
            );
        }
        let secret = self.parts.random.secret();
        let (hash, now) = (hash(&secret), self.now());
        let engine = self.clone();
        let created = self.parts.store.write(move |tx| {
            let (engine, new, hash) = (engine.clone(), new.clone(), hash.clone());
            Box::pin(async move {
                let NewToken { account_id, user_id, name, abilities } = new;
                if tx.account(account_id).await?.is_none() {
                    return Ok(Err(Fault::new("account", "does not exist")));
                }
                let user = match user_id {
                    None => tx.first_user(account_id).await?,
                    Some(id) => tx.user(id).await?.filter(|user| user.account_id == account_id),
                };
                let Some(user) = user else {
                    return Ok(Err(Fault::new("user", "is no user of the account")));
                };
                let token = Token { hash, account_id, user_id: user.id, name, abilities };
                tx.put_token(&token).await?;
                tx.date_token(&token.hash, now).await?;
                let may = format!(", may {}", token.abilities.join(", "));
                let entry = engine.operators_entry(tx, &token, "token.created", &may).await?;
                tx.audit(&entry).await?;
                Ok(Ok(token))
            })
        });
        let token = created.await?.map_err(Error::from)?;
        Ok(MadeToken { secret, shown: ShownToken::of(token) })
    }

    /// All tokens, in the order in which they were made.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn list_tokens(&self) -> Result<Vec<ShownToken>> {
        let mut tokens = Vec::new();
        let mut after = 0;
        loop {
            let page = self.parts.store.read(move |tx| Box::pin(tx.tokens_after(after, PAGE))).await?;
            let Some((_, last)) = page.last() else { return Ok(tokens) };
            after = *last;
            tokens.extend(page.into_iter().map(|(token, _)| ShownToken::of(token)));
        }
    }

    /// Deletes the token whose hash begins with `prefix`.
    ///
    /// # Errors
    /// None does, or more than one.
    pub async fn revoke_token(&self, prefix: &str) -> Result<ShownToken> {
        let mut matching = self.list_tokens().await?;
        matching.retain(|shown| shown.token.hash.starts_with(prefix));
        let mut matching = matching.into_iter();
        let (Some(shown), None) = (matching.next(), matching.next()) else {
            return Err(Fault::new("prefix", format!("{prefix:?} does not name exactly one token")).into());
        };
        let (engine, token) = (self.clone(), Arc::new(shown.token.clone()));
        self.parts.tokens.forget(&token.hash);
        self.parts
            .store
            .write(move |tx| {
                let (engine, token) = (engine.clone(), token.clone());
                Box::pin(async move {
                    if tx.delete_token(&token.hash).await? {
                        let entry = engine.operators_entry(tx, &token, "token.revoked", "").await?;
                        tx.audit(&entry).await?;
                    }
                    Ok(())
                })
            })
            .await?;
        Ok(shown)
    }

    /// The entry that whoever runs the program did something to a token.
    async fn operators_entry(
        &self,
        tx: &mut Tx,
        token: &Token,
        what: &'static str,
        more: &str,
    ) -> StoreResult<AuditEntry> {
        let actor = Actor::operator(tx, token.account_id).await?;
        let name = Actor::name_of_token(&token.name, &token.hash);
        Ok(self.entry(token.account_id, &actor, what).of(format!("{name}{more}")))
    }
}

impl TokenCache {
    fn get(&self, hash: &str, now: Timestamp) -> Option<Arc<Token>> {
        let tokens = self.tokens.lock().unwrap_or_else(PoisonError::into_inner);
        let (token, seen) = tokens.get(hash)?;
        let age_micros = now.micros() - seen.micros();
        (0..CACHE_MICROS).contains(&age_micros).then(|| token.clone())
    }

    fn put(&self, hash: String, token: Arc<Token>, now: Timestamp) {
        let mut tokens = self.tokens.lock().unwrap_or_else(PoisonError::into_inner);
        if tokens.len() >= CACHED_TOKENS {
            tokens.clear();
        }
        tokens.insert(hash, (token, now));
    }

    /// Whether the use of a token was not written down lately; then it is taken to be from now on.
    fn is_use_to_be_noted(&self, hash: &str, now: Timestamp) -> bool {
        let mut noted = self.noted.lock().unwrap_or_else(PoisonError::into_inner);
        let age_micros = noted.get(hash).map(|noted| now.micros() - noted.micros());
        if age_micros.is_some_and(|age| (0..NOTE_MICROS).contains(&age)) {
            return false;
        }
        if noted.len() >= CACHED_TOKENS {
            noted.clear();
        }
        noted.insert(hash.to_owned(), now);
        true
    }

    pub(crate) fn forget(&self, hash: &str) {
        self.tokens.lock().unwrap_or_else(PoisonError::into_inner).remove(hash);
    }
}
