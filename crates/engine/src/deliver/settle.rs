//! What an attempt makes of its delivery, and of its subscription.
//!
//! Guarantees: it is written down in one transaction, and only while the attempt's lease is the latest.
//!
//! Must not know: how the attempt was made.

use super::client::Answer;
use crate::{Random, retry};
use fillhouse_model::{Subscription, SubscriptionKind, Timestamp};
use fillhouse_store::{Attempt, DeliveryLease, DeliveryState, Result, Settled, Store};

/// What an attempt came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    /// The receiver has taken it.
    Delivered,
    /// The receiver is gone for good: 410.
    Gone,
    /// It is to be tried again.
    Again {
        /// When.
        at: Timestamp,
        /// Until when the receiver wants to be left alone.
        asked: Option<Timestamp>,
    },
    /// It was tried for long enough.
    Failed,
}

impl Verdict {
    /// What an answer means for a delivery of which `tries` attempts came to an end before.
    pub(super) fn of(answer: &Answer, tries: i64, now: Timestamp, random: &Random) -> Self {
        match answer.status {
            Some(200..=299) => Self::Delivered,
            Some(410) => Self::Gone,
            _ => {
                let asked = answer.retry_after.as_deref().and_then(|header| retry::retry_after(header, now));
                let tries = usize::try_from(tries).unwrap_or(usize::MAX).saturating_add(1);
                match retry::next_attempt(tries, asked, now, random) {
                    Some(at) => Self::Again { at, asked },
                    None => Self::Failed,
                }
            }
        }
    }

    /// The word for it in metrics.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Delivered => "delivered",
            Self::Gone => "gone",
            Self::Again { .. } => "again",
            Self::Failed => "failed",
        }
    }

    fn settled(self) -> Settled {
        match self {
            Self::Delivered => Settled::Ended(DeliveryState::Delivered),
            Self::Gone => Settled::Ended(DeliveryState::Disabled),
            Self::Failed => Settled::Ended(DeliveryState::Failed),
            Self::Again { at, .. } => Settled::DueAgain(at),
        }
    }
}

/// The log's line of an attempt.
pub(super) fn attempt(lease: &DeliveryLease, answer: Answer, at: Timestamp, duration_ms: i64) -> Attempt {
    let refused = answer.status.filter(|status| !(200..=299).contains(status));
    let error = answer.error.or_else(|| refused.map(|status| format!("it answered {status}")));
    let status = answer.status.map(i64::from);
    Attempt { number: lease.attempt, at, status, error, duration_ms, response: answer.body }
}

/// Writes down what an attempt came to; whether the lease still held. A subscription whose receiver is gone ends.
pub(super) async fn settle(
    store: &Store,
    lease: &DeliveryLease,
    subscription: &Subscription,
    attempt: &Attempt,
    verdict: Verdict,
    now: Timestamp,
) -> Result<bool> {
    let shared = std::sync::Arc::new((lease.clone(), subscription.clone(), attempt.clone()));
    let settled = store.write(move |tx| {
        let shared = shared.clone();
        Box::pin(async move {
            let (lease, subscription, attempt) = &*shared;
            if !tx.settle_delivery(lease, attempt, verdict.settled(), now).await? {
                return Ok(false);
            }
            if verdict == Verdict::Gone {
                match subscription.kind {
                    SubscriptionKind::Result { .. } => tx.delete_subscription(subscription.id, now).await?,
                    SubscriptionKind::Integration { .. } => {
                        tx.stop_subscription(subscription.id, now).await?
                    }
                };
            }
            Ok(true)
        })
    });
    settled.await
}
