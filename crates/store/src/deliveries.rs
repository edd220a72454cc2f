//! Deliveries: what is owed to subscriptions, who is at it, and what came of each attempt.
//!
//! Guarantees: what an attempt came to is written only while its lease is the delivery's latest; a worker that woke up late
//! changes nothing. What is owed is found by subscription, so that many deliveries to one are in nobody's way.
//!
//! Must not know: when to try again, or what is sent.

use crate::value::{Param, Row, params};
use crate::{Error, Result, Tx};
use fillhouse_model::{AccountId, FormId, SubmissionId, Timestamp, WebhookId};

const OWE: &str = "INSERT INTO deliveries (id, account_id, form_id, webhook_id, submission_id, seq, event, media_type, \
     body, state, attempt, tries, due_at, lease_until, created_at) \
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'owed', 0, 0, $10, $11, $12)";
// From subscription to subscription, each found with one look at the index, however much is owed to it.
const DUE: &str = "WITH RECURSIVE owed (id) AS ( \
         SELECT MIN(webhook_id) FROM deliveries WHERE state = 'owed' AND webhook_id > $1 \
         UNION ALL \
         SELECT (SELECT MIN(webhook_id) FROM deliveries WHERE state = 'owed' AND webhook_id > owed.id) \
         FROM owed WHERE owed.id IS NOT NULL) \
     SELECT id FROM owed WHERE id IS NOT NULL \
     AND EXISTS (SELECT 1 FROM deliveries WHERE state = 'owed' AND webhook_id = owed.id AND due_at <= $2) \
     AND NOT EXISTS (SELECT 1 FROM deliveries WHERE owner IS NOT NULL AND webhook_id = owed.id AND lease_until > $2) \
     LIMIT $3";
const HEAD: &str = "SELECT id, attempt, tries, form_id, submission_id, event, media_type, body, created_at, \
     due_at, lease_until FROM deliveries WHERE state = 'owed' AND webhook_id = $1 ORDER BY due_at, seq LIMIT 1";
const LEASE: &str = "UPDATE deliveries SET attempt = attempt + 1, owner = $1, lease_until = $2 \
     WHERE id = $3 AND attempt = $4 AND state = 'owed'";
const SETTLE: &str = "UPDATE deliveries SET state = $1, tries = tries + 1, due_at = $2, owner = NULL, \
     lease_until = $3, finished_at = $4 WHERE id = $5 AND attempt = $6 AND state = 'owed'";
const ADD_ATTEMPT: &str = "INSERT INTO attempts (delivery_id, number, at, status, error, duration_ms, response) \
     VALUES ($1, $2, $3, $4, $5, $6, $7)";
const CALL_OFF: &str = "UPDATE deliveries SET state = 'disabled', owner = NULL, finished_at = $1 \
     WHERE webhook_id = $2 AND state = 'owed'";
const RELEASE: &str =
    "UPDATE deliveries SET lease_until = $1, owner = NULL WHERE owner = $2 AND state = 'owed'";
const OWED: &str = "SELECT COUNT(*) FROM deliveries WHERE state = 'owed'";
const RECENT: &str = "SELECT id, submission_id, event, state, created_at, due_at FROM deliveries \
     WHERE webhook_id = $1 ORDER BY created_at DESC, seq DESC LIMIT $2";
const ATTEMPTS: &str = "SELECT number, at, status, error, duration_ms, response FROM attempts \
     WHERE delivery_id = $1 ORDER BY number";
// The log of what is sent once more stays as it is.
const SEND_AGAIN: &str = "INSERT INTO deliveries (id, account_id, form_id, webhook_id, submission_id, seq, event, \
     media_type, body, state, attempt, tries, due_at, lease_until, created_at) \
     SELECT CAST($1 AS TEXT), account_id, form_id, webhook_id, submission_id, seq, event, media_type, body, 'owed', \
     0, 0, CAST($2 AS BIGINT), 0, CAST($2 AS BIGINT) FROM deliveries WHERE id = $3 AND webhook_id = $4";
const OLD: &str = "SELECT id FROM deliveries WHERE finished_at < $1 ORDER BY finished_at LIMIT $2";
const DROP_ATTEMPTS: &str = "DELETE FROM attempts WHERE delivery_id = $1";
const DROP: &str = "DELETE FROM deliveries WHERE id = $1";

/// What became of a delivery so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeliveryState {
    /// It is still to be made.
    Owed,
    /// The receiver has taken it.
    Delivered,
    /// It was tried for long enough.
    Failed,
    /// Its subscription ended before it was made.
    Disabled,
}

impl DeliveryState {
    const ALL: [Self; 4] = [Self::Owed, Self::Delivered, Self::Failed, Self::Disabled];

    /// The word for it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Owed => "owed",
            Self::Delivered => "delivered",
            Self::Failed => "failed",
            Self::Disabled => "disabled",
        }
    }
}

/// A delivery to be made: what is sent, as it was when the event happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewDelivery {
    /// Its id.
    pub id: String,
    /// The account of the form.
    pub account_id: AccountId,
    /// The form.
    pub form_id: FormId,
    /// The subscription.
    pub webhook_id: WebhookId,
    /// The submission that it tells of.
    pub submission_id: SubmissionId,
    /// The seq of the change that it tells of: the order of events.
    pub seq: i64,
    /// What happened.
    pub event: String,
    /// The media type of the body.
    pub media_type: &'static str,
    /// What is sent.
    pub body: Vec<u8>,
}

/// A delivery that is due.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    /// Its id.
    pub id: String,
    /// How often it was leased.
    pub attempt: i64,
    /// How many attempts came to an end.
    pub tries: i64,
    /// The form.
    pub form_id: FormId,
    /// The submission that it tells of.
    pub submission_id: SubmissionId,
    /// What happened.
    pub event: String,
    /// The media type of the body.
    pub media_type: String,
    /// What is sent.
    pub body: Vec<u8>,
    /// When it came to be owed.
    pub created_at: Timestamp,
}

/// A worker's hold on a delivery: the attempt is the fencing token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeliveryLease {
    /// The delivery.
    pub id: String,
    /// The attempt that the worker was given.
    pub attempt: i64,
}

/// What an attempt came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attempt {
    /// Its number; those that nobody lived to tell of are missing.
    pub number: i64,
    /// When it began.
    pub at: Timestamp,
    /// The status of the response, where there was one.
    pub status: Option<i64>,
    /// Why it did not do.
    pub error: Option<String>,
    /// How long it took.
    pub duration_ms: i64,
    /// The beginning of the response.
    pub response: Option<String>,
}

/// What an attempt makes of its delivery.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Settled {
    /// It has come to its end.
    Ended(DeliveryState),
    /// It is due again then.
    DueAgain(Timestamp),
}

/// A delivery as its log has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeliveryRecord {
    /// Its id.
    pub id: String,
    /// The submission that it tells of.
    pub submission_id: SubmissionId,
    /// What happened.
    pub event: String,
    /// What became of it so far.
    pub state: DeliveryState,
    /// When it came to be owed.
    pub created_at: Timestamp,
    /// When it is or was due.
    pub due_at: Timestamp,
    /// Its attempts, first to last.
    pub attempts: Vec<Attempt>,
}

impl Tx {
    /// Writes down what is owed from `now` on.
    pub async fn owe(&mut self, deliveries: &[NewDelivery], now: Timestamp) -> Result<()> {
        let lists: Vec<Vec<Param<'_>>> = deliveries.iter().map(|owed| values_of(owed, now)).collect();
        self.execute_each(OWE, &lists).await.map(drop)
    }

    /// Up to `limit` subscriptions after `after` that have a delivery due at `now` and nobody at one, by id.
    pub async fn due_subscriptions(
        &mut self,
        after: WebhookId,
        limit: i64,
        now: Timestamp,
    ) -> Result<Vec<WebhookId>> {
        self.query(DUE, params![after.0, now, limit], |row| row.int(0).map(WebhookId)).await
    }

    /// The first delivery that is owed to a subscription, where it is due at `now` and nobody is at it. One that is
    /// behind it is not given: it is not its turn.
    pub async fn due_delivery(&mut self, webhook: WebhookId, now: Timestamp) -> Result<Option<Delivery>> {
        let read = |row: Row<'_>| {
            let is_due = row.instant(9)? <= now && row.instant(10)? <= now;
            Ok(is_due.then_some(read_delivery(row)?))
        };
        Ok(self.query_one(HEAD, params![webhook.0], read).await?.flatten())
    }

    /// Leases a delivery until `until`; none where another came before.
    pub async fn lease_delivery(
        &mut self,
        delivery: &Delivery,
        owner: &str,
        until: Timestamp,
    ) -> Result<Option<DeliveryLease>> {
        let values = params![owner, until, &delivery.id, delivery.attempt];
        let is_leased = self.execute(LEASE, values).await? == 1;
        Ok(is_leased.then(|| DeliveryLease { id: delivery.id.clone(), attempt: delivery.attempt + 1 }))
    }

    /// Writes down what an attempt came to, and what that makes of the delivery; whether the lease still held.
    pub async fn settle_delivery(
        &mut self,
        lease: &DeliveryLease,
        attempt: &Attempt,
        settled: Settled,
        now: Timestamp,
    ) -> Result<bool> {
        let (state, due_at, finished_at) = match settled {
            Settled::Ended(state) => (state, now, Some(now)),
            Settled::DueAgain(at) => (DeliveryState::Owed, at, None),
        };
        let values = params![state.name(), due_at, 0, finished_at, &lease.id, lease.attempt];
        if self.execute(SETTLE, values).await? == 0 {
            return Ok(false);
        }
        let Attempt { number, at, status, error, duration_ms, response } = attempt;
        let values =
            params![&lease.id, *number, *at, *status, error.as_deref(), *duration_ms, response.as_deref()];
        self.execute(ADD_ATTEMPT, values).await?;
        Ok(true)
    }

    /// Calls off what is owed to a subscription; how many deliveries.
    pub async fn call_off(&mut self, webhook: WebhookId, now: Timestamp) -> Result<u64> {
        self.execute(CALL_OFF, params![now, webhook.0]).await
    }

    /// Ends the leases that `owner` holds, which the caller knows to be dead; how many.
    pub async fn release_deliveries(&mut self, owner: &str) -> Result<u64> {
        self.execute(RELEASE, params![0, owner]).await
    }

    /// How many deliveries are still to be made.
    pub async fn owed_deliveries(&mut self) -> Result<i64> {
        Ok(self.query_one(OWED, &[], |row| row.int(0)).await?.unwrap_or(0))
    }

    /// The last `limit` deliveries to a subscription, the latest first, with their attempts.
    pub async fn recent_deliveries(&mut self, webhook: WebhookId, limit: i64) -> Result<Vec<DeliveryRecord>> {
        let mut records = self.query(RECENT, params![webhook.0, limit], read_record).await?;
        for record in &mut records {
            record.attempts = self.query(ATTEMPTS, params![&record.id], read_attempt).await?;
        }
        Ok(records)
    }

    /// Owes a subscription the same as in an earlier delivery once more, from `now` on; `false` where there is none of the
    /// id `again`.
    pub async fn send_again(
        &mut self,
        webhook: WebhookId,
        again: &str,
        new_id: &str,
        now: Timestamp,
    ) -> Result<bool> {
        Ok(self.execute(SEND_AGAIN, params![new_id, now, again, webhook.0]).await? > 0)
    }

    /// Drops up to `limit` deliveries that came to an end before `before`, with their attempts; how many.
    pub async fn drop_deliveries(&mut self, before: Timestamp, limit: i64) -> Result<u64> {
        let ids = self.query(OLD, params![before, limit], |row| row.text(0)).await?;
        let lists: Vec<Vec<Param<'_>>> = ids.iter().map(|id| params![id].to_vec()).collect();
        self.execute_each(DROP_ATTEMPTS, &lists).await?;
        self.execute_each(DROP, &lists).await
    }
}

fn values_of(owed: &NewDelivery, now: Timestamp) -> Vec<Param<'_>> {
    let NewDelivery { id, account_id, form_id, webhook_id, submission_id, seq, event, media_type, body } =
        owed;
    params![
        id,
        account_id.0,
        form_id.0,
        webhook_id.0,
        submission_id.0,
        *seq,
        event,
        *media_type,
        body.as_slice(),
        now,
        0,
        now
    ]
    .to_vec()
}

fn read_delivery(row: Row<'_>) -> Result<Delivery> {
    Ok(Delivery {
        id: row.text(0)?,
        attempt: row.int(1)?,
        tries: row.int(2)?,
        form_id: FormId(row.int(3)?),
        submission_id: SubmissionId(row.int(4)?),
        event: row.text(5)?,
        media_type: row.text(6)?,
        body: row.bytes(7)?.to_vec(),
        created_at: row.instant(8)?,
    })
}

fn read_record(row: Row<'_>) -> Result<DeliveryRecord> {
    let (id, state) = (row.text(0)?, row.text(3)?);
    let state = DeliveryState::ALL
        .into_iter()
        .find(|known| known.name() == state)
        .ok_or_else(|| Error::inconsistent("deliveries", &id, format!("{state:?} is no state")))?;
    Ok(DeliveryRecord {
        id,
        submission_id: SubmissionId(row.int(1)?),
        event: row.text(2)?,
        state,
        created_at: row.instant(4)?,
        due_at: row.instant(5)?,
        attempts: Vec::new(),
    })
}

fn read_attempt(row: Row<'_>) -> Result<Attempt> {
    Ok(Attempt {
        number: row.int(0)?,
        at: row.instant(1)?,
        status: row.int_or_null(2)?,
        error: row.text_or_null(3)?,
        duration_ms: row.int(4)?,
        response: row.text_or_null(5)?,
    })
}
