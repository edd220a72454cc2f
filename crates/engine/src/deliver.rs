//! Deliveries: what subscriptions are owed, and making good on it.
//!
//! An event and what is owed for it are written in one transaction ([`Outbox::owe`]), the body as it is then. Workers make
//! the deliveries ([`crate::Engine::work`]): one at a time to a subscription, in the order of events, as far as what has to
//! be tried again allows.
//!
//! Guarantees: what is owed is delivered at least once, whoever dies meanwhile, or is given up after days and then found in
//! the log; no receiver is in another's way; nothing is sent to an address that is not of the public network, but for
//! those that the operator allows.
//!
//! Must not know: how a dialect manages subscriptions.

mod client;
mod guard;
mod outbox;
mod payload;
mod settle;
mod worker;

pub(crate) use client::{Client, Message, check_url};
pub(crate) use outbox::{Event, Outbox};
pub(crate) use payload::by_name;

use ipnet::IpNet;
use std::time::Duration;

/// How deliveries are made.
#[derive(Debug, Clone)]
pub struct DeliverySettings {
    /// The addresses that may be delivered to although they are not of the public network.
    pub allowed: Vec<IpNet>,
    /// How long the log of a delivery is kept.
    pub log_ttl: Duration,
}

impl Default for DeliverySettings {
    fn default() -> Self {
        Self { allowed: Vec::new(), log_ttl: Duration::from_hours(14 * 24) }
    }
}
