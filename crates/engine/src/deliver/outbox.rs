//! The outbox: what subscriptions are owed for an event, written down with the event.
//!
//! Guarantees: what is owed is committed with the event or not at all; its body is frozen then, so that every attempt sends
//! the same bytes.
//!
//! Must not know: what became of a delivery later.

use super::payload;
use crate::Random;
use fillhouse_model::row::Row;
use fillhouse_model::{Form, Status, SubmissionId, Subscription, SubscriptionKind, Timestamp};
use fillhouse_render::json::{ResultLayout, ResultWriter};
use fillhouse_store::{Error, NewDelivery, Result, Tx};
use std::sync::Arc;
use tokio::sync::Notify;

/// The event that a test is of.
pub(super) const TEST: &str = "test";
const MEDIA_TYPE: &str = "application/json";

/// A change of a submission, that subscriptions may be owed word of.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Event<'a> {
    /// The seq of the change.
    pub(crate) seq: i64,
    /// The row as it is now.
    pub(crate) row: &'a [u8],
    /// Whether the submission was not finished before.
    pub(crate) is_first: bool,
}

/// Where what is owed is written down.
#[derive(Debug, Clone)]
pub(crate) struct Outbox {
    random: Random,
    /// Rung when something is owed, so that a worker need not wait for its next look.
    pub(super) owed: Arc<Notify>,
}

impl Outbox {
    pub(crate) fn new(random: Random) -> Self {
        Self { random, owed: Arc::default() }
    }

    /// Writes down what the form's subscriptions are owed for these events, in the transaction that makes them; whether
    /// that is anything. Once it is committed, [`Outbox::ring`] spares the workers a wait.
    pub(crate) async fn owe(
        &self,
        tx: &mut Tx,
        form: &Form,
        events: &[Event<'_>],
        now: Timestamp,
    ) -> Result<bool> {
        let subscriptions = tx.subscriptions_of(form.id).await?;
        if subscriptions.is_empty() {
            return Ok(false);
        }
        let layout = ResultLayout::new(form);
        let mut writer = ResultWriter::new(&layout);
        let mut owed = Vec::new();
        for event in events {
            let row = Row::read(event.row).map_err(unreadable)?;
            if row.status == Status::Incomplete {
                continue;
            }
            let mut result = Vec::new();
            writer.write(&row, &mut result).map_err(unreadable)?;
            for subscription in subscriptions.iter().filter(|subscription| concerns(subscription, event)) {
                let body = body(form, subscription, &row, &result)?;
                owed.push(self.delivery(form, subscription, event.seq, SubmissionId(row.id), body, now));
            }
        }
        tx.owe(&owed, now).await?;
        Ok(!owed.is_empty())
    }

    /// Writes down that a subscription is owed word of a submission, as a test.
    pub(crate) async fn owe_test(
        &self,
        tx: &mut Tx,
        form: &Form,
        subscription: &Subscription,
        row: &[u8],
        now: Timestamp,
    ) -> Result<()> {
        let row = Row::read(row).map_err(unreadable)?;
        let mut result = Vec::new();
        ResultWriter::new(&ResultLayout::new(form)).write(&row, &mut result).map_err(unreadable)?;
        let body = body(form, subscription, &row, &result)?;
        let seq = tx.form_seq(form.id).await?;
        let owed = self.delivery(form, subscription, seq, SubmissionId(row.id), body, now);
        tx.owe(&[NewDelivery { event: TEST.to_owned(), ..owed }], now).await
    }

    /// Tells the workers of this process that something is owed.
    pub(crate) fn ring(&self) {
        self.owed.notify_one();
    }

    fn delivery(
        &self,
        form: &Form,
        subscription: &Subscription,
        seq: i64,
        submission_id: SubmissionId,
        body: Vec<u8>,
        now: Timestamp,
    ) -> NewDelivery {
        NewDelivery {
            id: self.random.uuid(now),
            account_id: form.account_id,
            form_id: form.id,
            webhook_id: subscription.id,
            submission_id,
            seq,
            event: subscription.event.clone(),
            media_type: MEDIA_TYPE,
            body,
        }
    }
}

/// What a subscription is sent of a submission, of which `result` is the bare result.
fn body(form: &Form, subscription: &Subscription, row: &Row<'_>, result: &[u8]) -> Result<Vec<u8>> {
    match &subscription.kind {
        SubscriptionKind::Result { handshake_key } => {
            Ok(payload::with_handshake_key(result, handshake_key.as_deref()))
        }
        SubscriptionKind::Integration { .. } => payload::by_name(form, row).map_err(unreadable),
    }
}

/// A result is completed once; an integration hears of later changes, too.
fn concerns(subscription: &Subscription, event: &Event<'_>) -> bool {
    match subscription.kind {
        SubscriptionKind::Result { .. } => event.is_first,
        SubscriptionKind::Integration { .. } => true,
    }
}

fn unreadable(error: impl std::fmt::Display) -> Error {
    Error::Driver(error.to_string())
}
