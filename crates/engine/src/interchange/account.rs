//! The lines of accounts, their users and their tokens.
//!
//! Guarantees: a token's secret is never shown, not even by `Debug`.
//!
//! Must not know: how a secret is hashed.

use super::kind::Kind;
use super::line::Line;
use super::scalar::{Id, Short};
use fillhouse_model::{Account, AccountId, Fault, Token, User, UserId, time_zone};
use serde::Deserialize;
use std::fmt;

/// The fewest characters of a secret; one that is shorter could be guessed.
const SHORTEST_SECRET: usize = 16;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AccountDocument<'a> {
    #[serde(rename = "kind")]
    _kind: Kind,
    id: Id,
    #[serde(borrow)]
    user_dir: Short<'a>,
    name: Short<'a>,
    timezone: Option<Short<'a>>,
}

impl TryFrom<AccountDocument<'_>> for Account {
    type Error = Fault;

    fn try_from(document: AccountDocument<'_>) -> Result<Self, Fault> {
        let user_dir = String::from(document.user_dir);
        check_user_dir(&user_dir)?;
        let timezone = document.timezone.map_or_else(|| "UTC".to_owned(), String::from);
        time_zone("timezone", &timezone)?;
        Ok(Self { id: AccountId(document.id.0), user_dir, name: document.name.into(), timezone })
    }
}

/// # Errors
/// Addresses cannot be made with this directory.
pub(crate) fn check_user_dir(user_dir: &str) -> Result<(), Fault> {
    let speakable = |b: u8| b.is_ascii_alphanumeric() || b"-_.".contains(&b);
    // A path made only of dots leads elsewhere.
    if user_dir.bytes().all(|b| b == b'.') || !user_dir.bytes().all(speakable) {
        return Err(Fault::new("user_dir", "is not made of letters, digits, hyphens, dots and underscores"));
    }
    Ok(())
}

/// Writes the line of an account.
pub fn write_account(account: &Account, out: &mut Vec<u8>) {
    Line::new(Kind::Account, out)
        .put("id", &account.id.0)
        .put("user_dir", &account.user_dir)
        .put("name", &account.name)
        .put("timezone", &account.timezone)
        .end();
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct UserDocument<'a> {
    #[serde(rename = "kind")]
    _kind: Kind,
    id: Id,
    account_id: Id,
    #[serde(borrow)]
    email: Short<'a>,
    name: Option<Short<'a>>,
}

impl From<UserDocument<'_>> for User {
    fn from(document: UserDocument<'_>) -> Self {
        Self {
            id: UserId(document.id.0),
            account_id: AccountId(document.account_id.0),
            email: document.email.into(),
            name: document.name.map(String::from),
        }
    }
}

/// Writes the line of a user.
pub fn write_user(user: &User, out: &mut Vec<u8>) {
    Line::new(Kind::User, out)
        .put("id", &user.id.0)
        .put("account_id", &user.account_id.0)
        .put("email", &user.email)
        .put_some("name", user.name.as_ref())
        .end();
}

/// A token as a line gives it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenRecord {
    /// The account it opens.
    pub account_id: AccountId,
    /// The user it speaks for.
    pub user_id: UserId,
    /// What its owner calls it.
    pub name: String,
    /// The abilities it has, as written.
    pub abilities: Vec<String>,
    /// What it is known by.
    pub credential: Credential,
}

/// What a token is known by.
#[derive(Clone, PartialEq, Eq)]
pub enum Credential {
    /// The secret itself, which is to be hashed at once.
    Secret(String),
    /// The hash of the secret, in lower-case hex.
    Hash(String),
}

impl fmt::Debug for Credential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Secret(_) => f.write_str("Secret(_)"),
            Self::Hash(hash) => f.debug_tuple("Hash").field(hash).finish(),
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TokenDocument<'a> {
    #[serde(rename = "kind")]
    _kind: Kind,
    account_id: Id,
    user_id: Id,
    #[serde(borrow)]
    name: Short<'a>,
    abilities: Vec<Short<'a>>,
    secret: Option<Short<'a>>,
    hash: Option<Short<'a>>,
}

impl TryFrom<TokenDocument<'_>> for TokenRecord {
    type Error = Fault;

    fn try_from(document: TokenDocument<'_>) -> Result<Self, Fault> {
        Ok(Self {
            account_id: AccountId(document.account_id.0),
            user_id: UserId(document.user_id.0),
            name: document.name.into(),
            abilities: document.abilities.into_iter().map(String::from).collect(),
            credential: credential(document.secret.map(String::from), document.hash.map(String::from))?,
        })
    }
}

fn credential(secret: Option<String>, hash: Option<String>) -> Result<Credential, Fault> {
    match (secret, hash) {
        (Some(secret), None) => {
            // A token travels in a header, which carries no other characters.
            if secret.len() < SHORTEST_SECRET || !secret.bytes().all(|b| b.is_ascii_graphic()) {
                let says = format!("is not {SHORTEST_SECRET} or more visible ASCII characters");
                return Err(Fault::new("secret", says));
            }
            Ok(Credential::Secret(secret))
        }
        (None, Some(hash)) => {
            if hash.len() != 64 || !hash.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f')) {
                return Err(Fault::new("hash", "is not 64 lower-case hex digits"));
            }
            Ok(Credential::Hash(hash))
        }
        (Some(_), Some(_)) => Err(Fault::new("hash", "is given beside a secret")),
        (None, None) => Err(Fault::new("secret", "is missing, and so is hash")),
    }
}

/// Writes the line of a token, with the hash of its secret.
pub fn write_token(token: &Token, out: &mut Vec<u8>) {
    Line::new(Kind::Token, out)
        .put("account_id", &token.account_id.0)
        .put("user_id", &token.user_id.0)
        .put("name", &token.name)
        .put("abilities", &token.abilities)
        .put("hash", &token.hash)
        .end();
}
