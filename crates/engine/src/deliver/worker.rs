//! The worker: it leases what is due, has it posted, and writes down what came of it.
//!
//! Guarantees: one delivery at a time to a subscription, the first that is due; a few at a time to a host; what was leased
//! by a process that died is taken over when the lease ends, or at once when the process is back.
//!
//! Must not know: what is sent, or when to try again.

use super::client::{Client, Message};
use super::settle::{Verdict, attempt, settle};
use crate::engine::Parts;
use crate::{Engine, Result, counters, retry};
use fillhouse_model::{Subscription, Timestamp, WebhookId};
use fillhouse_store::{Delivery, DeliveryLease, Result as StoreResult, Tx};
use reqwest::Url;
use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::task::{Id, JoinError, JoinSet};

/// How many deliveries are under way at once.
const PLACES: usize = 32;
/// How many of them go to one host.
const PLACES_A_HOST: usize = 4;
/// How many subscriptions are looked at in one query.
const PAGE: i64 = 256;
/// How long a worker waits before it looks again for what nobody of this process owes.
const LOOK_EVERY: Duration = Duration::from_millis(500);
/// How long a lease lasts: longer than an attempt, and what is written of it.
const LEASE_MICROS: i64 = 30_000_000;
/// How long attempts under way may go on once the worker is told to stop.
const LEAVE_LIMIT: Duration = Duration::from_secs(5);
/// How many subscriptions that failed are remembered before all are forgotten: a bound, not a working set.
const MOST_RESTS: usize = 10_000;

/// A delivery that this process is to make.
struct Leased {
    delivery: Delivery,
    lease: DeliveryLease,
    subscription: Subscription,
    host: String,
}

/// What the worker knows of subscriptions while it works.
#[derive(Default)]
struct Board {
    /// What each task is delivering to: the subscription and its host.
    busy: HashMap<Id, (WebhookId, String)>,
    /// The subscriptions whose last attempts failed: until when they are left alone, and how many failed.
    rests: HashMap<WebhookId, (Timestamp, u32)>,
}

impl Engine {
    /// Makes deliveries until `stopped` is done; those under way may then come to their end.
    pub(crate) async fn deliver(&self, stopped: impl Future<Output = ()>) {
        self.release_own_deliveries().await;
        let mut board = Board::default();
        let mut running = JoinSet::new();
        let delivering = async {
            loop {
                match self.lease_due(&board).await {
                    Ok((client, leased)) => {
                        for one in leased {
                            let (id, host) = (one.subscription.id, one.host.clone());
                            let task = running.spawn(make(self.parts.clone(), client.clone(), one));
                            board.busy.insert(task.id(), (id, host));
                        }
                    }
                    Err(error) => tracing::warn!(%error, "looking for deliveries failed"),
                }
                tokio::select! {
                    Some(ended) = running.join_next_with_id() => board.end(ended, self.now()),
                    () = self.parts.outbox.owed.notified() => {}
                    () = tokio::time::sleep(LOOK_EVERY) => {}
                }
            }
        };
        tokio::select! {
            () = delivering => {}
            () = stopped => {}
        }
        let ending = async { while running.join_next().await.is_some() {} };
        tokio::time::timeout(LEAVE_LIMIT, ending).await.ok();
        running.shutdown().await;
        self.release_own_deliveries().await;
    }

    /// Ends the leases of this owner: it holds none, or is about to stop.
    async fn release_own_deliveries(&self) {
        let owner = self.parts.settings.owner.clone();
        let released = self.parts.store.write(move |tx| {
            let owner = owner.clone();
            Box::pin(async move { tx.release_deliveries(&owner).await })
        });
        if let Err(error) = released.await {
            tracing::warn!(%error, "the leases of deliveries could not be ended; they end by themselves");
        }
    }

    /// Leases a delivery for each subscription that has one due, as far as there are places, and gives who posts them.
    async fn lease_due(&self, board: &Board) -> Result<(Client, Vec<Leased>)> {
        let (client, now) = (self.delivery_client()?, self.now());
        let (mut leased, mut after) = (Vec::new(), WebhookId(0));
        while board.busy.len() + leased.len() < PLACES {
            let due =
                self.parts.store.read(move |tx| Box::pin(tx.due_subscriptions(after, PAGE, now))).await?;
            let Some(last) = due.last() else { break };
            after = *last;
            let wanted: Vec<WebhookId> = due.into_iter().filter(|id| board.is_free(*id, now)).collect();
            if !wanted.is_empty() {
                leased.extend(self.lease_each(wanted, board, &leased, now).await?);
            }
        }
        Ok((client, leased))
    }

    /// Leases the first delivery of each of these subscriptions, up to the places that are left.
    async fn lease_each(
        &self,
        wanted: Vec<WebhookId>,
        board: &Board,
        others: &[Leased],
        now: Timestamp,
    ) -> Result<Vec<Leased>> {
        let busy = board.busy.values().map(|(_, host)| host).chain(others.iter().map(|leased| &leased.host));
        let mut hosts: HashMap<String, usize> = HashMap::new();
        busy.for_each(|host| *hosts.entry(host.clone()).or_default() += 1);
        let (owner, wanted) = (self.parts.settings.owner.clone(), Arc::new(wanted));
        let leased = self.parts.store.write(move |tx| {
            let (owner, wanted, hosts) = (owner.clone(), wanted.clone(), hosts.clone());
            Box::pin(async move { lease_each(tx, &owner, &wanted, hosts, now).await })
        });
        Ok(leased.await?)
    }

    /// What uploads files to the server at this address, or elsewhere on the public network.
    ///
    /// # Errors
    /// Nothing may be sent there.
    pub(crate) fn upload_client(&self, endpoint: Option<&str>) -> Result<reqwest::Client, String> {
        Client::for_uploads(&self.parts.settings.deliveries.allowed, endpoint)
    }

    /// Made when it is first needed: many engines never deliver anything.
    pub(crate) fn delivery_client(&self) -> Result<Client> {
        let place = &self.parts.delivery_client;
        if let Some(client) = place.get() {
            return Ok(client.clone());
        }
        let client = Client::new(&self.parts.settings.deliveries.allowed)?;
        Ok(place.get_or_init(|| client).clone())
    }
}

async fn lease_each(
    tx: &mut Tx,
    owner: &str,
    wanted: &[WebhookId],
    mut hosts: HashMap<String, usize>,
    now: Timestamp,
) -> StoreResult<Vec<Leased>> {
    let mut leased = Vec::new();
    let mut places = PLACES.saturating_sub(hosts.values().sum());
    for id in wanted {
        if places == 0 {
            break;
        }
        let Some(subscription) = tx.subscription(*id).await? else {
            // It ended while something came to be owed to it.
            tx.call_off(*id, now).await?;
            continue;
        };
        let host = host(&subscription.url);
        let at_host = hosts.entry(host.clone()).or_default();
        if *at_host >= PLACES_A_HOST {
            continue;
        }
        let Some(delivery) = tx.due_delivery(*id, now).await? else { continue };
        if let Some(lease) = tx.lease_delivery(&delivery, owner, now.plus_micros(LEASE_MICROS)).await? {
            *at_host += 1;
            places -= 1;
            leased.push(Leased { delivery, lease, subscription, host });
        }
    }
    Ok(leased)
}

fn host(url: &str) -> String {
    let url: Option<Url> = url.parse().ok();
    url.and_then(|url| url.host_str().map(str::to_owned)).unwrap_or_default()
}

/// Makes a delivery, and says what came of it.
async fn make(parts: Arc<Parts>, client: Client, leased: Leased) -> Verdict {
    let Leased { delivery, lease, subscription, .. } = leased;
    let (began, start) = (parts.clock.now(), Instant::now());
    let answer = client.post(&Message::of(&subscription, &delivery)).await;
    let duration_ms = i64::try_from(start.elapsed().as_millis()).unwrap_or(i64::MAX);
    let now = parts.clock.now();
    let verdict = Verdict::of(&answer, delivery.tries, now, &parts.random);
    let attempt = attempt(&lease, answer, began, duration_ms);
    let (webhook, status) = (subscription.id, attempt.status);
    tracing::debug!(delivery = lease.id, %webhook, status, outcome = verdict.name(), "an attempt came to its end");
    metrics::counter!(counters::DELIVERY_ATTEMPTS, "outcome" => verdict.name()).increment(1);
    match settle(&parts.store, &lease, &subscription, &attempt, verdict, now).await {
        Ok(true) => {}
        Ok(false) => tracing::warn!(delivery = lease.id, "another has taken the delivery over"),
        // The lease ends by itself, and the delivery is made again.
        Err(error) => {
            tracing::warn!(delivery = lease.id, %error, "what became of a delivery was not written down");
        }
    }
    verdict
}

impl Board {
    /// Whether nobody is delivering to a subscription, and it is not to be left alone.
    fn is_free(&self, webhook: WebhookId, now: Timestamp) -> bool {
        self.busy.values().all(|(busy, _)| *busy != webhook)
            && self.rests.get(&webhook).is_none_or(|(until, _)| *until <= now)
    }

    /// Takes note of an attempt that came to its end.
    fn end(&mut self, ended: Result<(Id, Verdict), JoinError>, now: Timestamp) {
        let (task, verdict) = match ended {
            Ok((task, verdict)) => (task, Some(verdict)),
            Err(error) => {
                tracing::error!(%error, "an attempt broke off");
                (error.id(), None)
            }
        };
        let Some((webhook, _)) = self.busy.remove(&task) else { return };
        let failures = self.rests.remove(&webhook).map_or(0, |(_, failures)| failures) + 1;
        let asked = match verdict {
            Some(Verdict::Delivered | Verdict::Gone) => return,
            Some(Verdict::Again { asked, .. }) => asked,
            Some(Verdict::Failed) | None => None,
        };
        if self.rests.len() >= MOST_RESTS {
            self.rests.clear();
        }
        let rest = retry::rest(failures, now);
        self.rests.insert(webhook, (asked.map_or(rest, |asked| asked.max(rest)), failures));
    }
}
