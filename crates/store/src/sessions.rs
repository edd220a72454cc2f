//! Sessions: who is signed in to the console, and who may sign in by a link.
//!
//! Guarantees: a link is taken once, by one.
//!
//! Must not know: secrets; only their hashes.

use crate::value::{Row, params};
use crate::{Result, Tx};
use fillhouse_model::{AccountId, Timestamp, UserId};

const PUT: &str =
    "INSERT INTO sessions (hash, is_link, account_id, user_id, expires_at) VALUES ($1, $2, $3, $4, $5)";
const FIND: &str =
    "SELECT account_id, user_id FROM sessions WHERE hash = $1 AND is_link = 0 AND expires_at > $2";
const TAKE_LINK: &str = "DELETE FROM sessions WHERE hash = $1 AND is_link = 1 AND expires_at > $2 \
     RETURNING account_id, user_id";
const END: &str = "DELETE FROM sessions WHERE hash = $1";
const COUNT: &str = "SELECT COUNT(*) FROM sessions WHERE is_link = 0 AND expires_at > $1";
const DROP: &str = "DELETE FROM sessions WHERE expires_at <= $1";

/// Whose a session is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SessionOwner {
    /// The account that it opens.
    pub account_id: AccountId,
    /// The user it speaks for.
    pub user_id: UserId,
}

impl Tx {
    /// Stores a session, or a link that begins one.
    pub async fn put_session(
        &mut self,
        hash: &str,
        is_link: bool,
        owner: SessionOwner,
        expires_at: Timestamp,
    ) -> Result<()> {
        let values = params![hash, i64::from(is_link), owner.account_id.0, owner.user_id.0, expires_at];
        self.execute(PUT, values).await.map(drop)
    }

    /// Whose session this is, unless it has expired by `now`.
    pub async fn session(&mut self, hash: &str, now: Timestamp) -> Result<Option<SessionOwner>> {
        self.query_one(FIND, params![hash, now], read_owner).await
    }

    /// Takes a link, which is gone by it.
    pub async fn take_link(&mut self, hash: &str, now: Timestamp) -> Result<Option<SessionOwner>> {
        self.query_one(TAKE_LINK, params![hash, now], read_owner).await
    }

    /// Ends a session.
    pub async fn end_session(&mut self, hash: &str) -> Result<()> {
        self.execute(END, params![hash]).await.map(drop)
    }

    /// How many are signed in at `now`.
    pub async fn count_sessions(&mut self, now: Timestamp) -> Result<i64> {
        Ok(self.query_one(COUNT, params![now], |row| row.int(0)).await?.unwrap_or(0))
    }

    /// Drops what has expired by `now`.
    pub async fn drop_sessions(&mut self, now: Timestamp) -> Result<u64> {
        self.execute(DROP, params![now]).await
    }
}

fn read_owner(row: Row<'_>) -> Result<SessionOwner> {
    Ok(SessionOwner { account_id: AccountId(row.int(0)?), user_id: UserId(row.int(1)?) })
}
