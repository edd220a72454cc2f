//! The audit log: who did what, when, to what.
//!
//! Guarantees: entries are only ever added, each in the transaction of what it tells of. One that tells of work under way may be
//! made to tell of more of it; none is ever taken back.
//!
//! Must not know: what is worth an entry.

use crate::value::{Row, params};
use crate::{Result, Tx};
use fillhouse_model::{AccountId, Timestamp, UserId};
use std::fmt;

const ADD: &str = "INSERT INTO audit (account_id, number, at, user_id, actor, what, subject) \
     VALUES ($1, $2, $3, $4, $5, $6, $7)";
const LIST: &str = "SELECT account_id, number, at, user_id, actor, what, subject FROM audit \
     WHERE account_id = $1 AND number < $2 ORDER BY number DESC LIMIT $3";
const AMEND: &str = "UPDATE audit SET subject = $1 WHERE account_id = $2 AND number = $3";
/// The counter that the numbers are from.
const COUNTER: &str = "audit";

/// An entry of the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditEntry {
    /// The account.
    pub account_id: AccountId,
    /// Its number, once it is stored: later ones have higher numbers.
    pub number: i64,
    /// When it was done.
    pub at: Timestamp,
    /// On whose behalf.
    pub user_id: UserId,
    /// By what: a token, a session of the console, the command line.
    pub actor: String,
    /// What was done, such as `form.deleted`.
    pub what: String,
    /// To what, such as `form 7`.
    pub subject: String,
}

impl AuditEntry {
    /// The same, of this.
    #[must_use]
    pub fn of(self, subject: impl fmt::Display) -> Self {
        Self { subject: subject.to_string(), ..self }
    }
}

impl Tx {
    /// Adds an entry, under the next number. Whoever else would add one waits until this unit of work is done: it is to come
    /// last in it.
    pub async fn audit(&mut self, entry: &AuditEntry) -> Result<()> {
        self.begin_audit(entry).await.map(drop)
    }

    /// The same for work that goes on in further units of work; gives its number, for them to [amend](Self::amend_audit) it.
    pub async fn begin_audit(&mut self, entry: &AuditEntry) -> Result<i64> {
        let number = self.next_number(COUNTER).await?;
        let AuditEntry { account_id, number: _, at, user_id, actor, what, subject } = entry;
        let values = params![account_id.0, number, *at, user_id.0, actor, what, subject];
        self.execute(ADD, values).await?;
        Ok(number)
    }

    /// Says anew to what it was done.
    pub async fn amend_audit(&mut self, account: AccountId, number: i64, subject: &str) -> Result<()> {
        self.execute(AMEND, params![subject, account.0, number]).await.map(drop)
    }

    /// Up to `limit` entries of an account before the number `before`, the latest first.
    pub async fn audited(
        &mut self,
        account: AccountId,
        before: Option<i64>,
        limit: i64,
    ) -> Result<Vec<AuditEntry>> {
        self.query(LIST, params![account.0, before.unwrap_or(i64::MAX), limit], read_entry).await
    }
}

fn read_entry(row: Row<'_>) -> Result<AuditEntry> {
    Ok(AuditEntry {
        account_id: AccountId(row.int(0)?),
        number: row.int(1)?,
        at: row.instant(2)?,
        user_id: UserId(row.int(3)?),
        actor: row.text(4)?,
        what: row.text(5)?,
        subject: row.text(6)?,
    })
}
