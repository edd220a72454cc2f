//! Idempotency keys: what was answered to a request, for when it comes again.
//!
//! Must not know: how a request's fingerprint is made.

use crate::value::params;
use crate::{Result, Tx};
use fillhouse_model::{AccountId, Timestamp};

const FIND: &str = "SELECT fingerprint, response FROM idempotency_keys WHERE account_id = $1 AND key = $2";
const PUT: &str = "INSERT INTO idempotency_keys (account_id, key, fingerprint, response, created_at) \
     VALUES ($1, $2, $3, $4, $5)";
const DROP: &str = "DELETE FROM idempotency_keys WHERE created_at < $1";

/// What is known of a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remembered {
    /// What the request was, hashed.
    pub fingerprint: String,
    /// What was answered.
    pub response: String,
}

impl Tx {
    /// What was answered under this key of an account.
    pub async fn remembered(&mut self, account: AccountId, key: &str) -> Result<Option<Remembered>> {
        self.query_one(FIND, params![account.0, key], |row| {
            Ok(Remembered { fingerprint: row.text(0)?, response: row.text(1)? })
        })
        .await
    }

    /// Remembers what is answered under this key of an account.
    ///
    /// # Errors
    /// [`crate::Error::Constraint`] where the key is known.
    pub async fn remember(
        &mut self,
        account: AccountId,
        key: &str,
        answer: &Remembered,
        now: Timestamp,
    ) -> Result<()> {
        let values = params![account.0, key, &answer.fingerprint, &answer.response, now];
        self.execute(PUT, values).await.map(drop)
    }

    /// Forgets the keys that were first used before `before`; how many.
    pub async fn forget_keys(&mut self, before: Timestamp) -> Result<u64> {
        self.execute(DROP, params![before]).await
    }
}
