//! The worker: it begins a run for each schedule that is due, and goes on with runs for which there is something to do.
//!
//! Guarantees: of all workers of a database one begins a run when a schedule is due; a few runs at a time are of one account;
//! what was leased by a process that died is taken over when the lease ends, or at once when the process is back.
//!
//! Must not know: what a step of a run does.

use super::documents::when_from_json;
use super::manage::next_after;
use super::step::Leased;
use crate::{Engine, Random, Result, counters};
use fillhouse_model::{AccountId, LEASE_MICROS, Timestamp};
use fillhouse_store::{NewRun, Result as StoreResult, RunLease, RunRecord, Tx};
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;
use tokio::task::{Id, JoinSet};

/// How many runs are gone on with at once, and how many of them are of one account.
const PLACES: usize = 16;
const PLACES_AN_ACCOUNT: usize = 4;
/// How many rows are looked at in one query.
const PAGE: i64 = 1_000;
/// How many schedules that are due are begun in one transaction.
const BATCH: i64 = 100;
/// How long a worker waits before it looks again.
const LOOK_EVERY: Duration = Duration::from_millis(500);
/// How many looks come between two for schedules whose time zone is another by now.
const LOOKS_A_ZONE: u32 = 60;
/// How often a lease is renewed: three times before it would end.
const HEARTBEAT_EVERY: Duration = Duration::from_micros(LEASE_MICROS.unsigned_abs() / 4);
/// How long steps under way may go on once the worker is told to stop.
const LEAVE_LIMIT: Duration = Duration::from_secs(5);
/// What is said of a run that was still tried when it was the next one's turn.
const OVERTAKEN: &str = "it was the next run's turn before it was tried again";

/// What each task goes on with: the run and its account.
type Busy = HashMap<Id, (String, AccountId)>;

impl Engine {
    /// Runs schedules until `stopped` is done; steps under way may then come to their end.
    pub(crate) async fn run_schedules(&self, stopped: impl Future<Output = ()>) {
        self.release_own_runs().await;
        let mut busy = Busy::new();
        let mut running = JoinSet::new();
        let working = async {
            for look in 0_u32.. {
                match self.look_for_runs(look, &busy).await {
                    Ok(leased) => {
                        for one in leased {
                            let of = (one.run.id.clone(), one.run.account_id);
                            busy.insert(running.spawn(go_on(self.clone(), one)).id(), of);
                        }
                    }
                    Err(error) => tracing::warn!(%error, "looking for schedules failed"),
                }
                tokio::select! {
                    Some(ended) = running.join_next_with_id() => {
                        busy.remove(&ended.map_or_else(|error| error.id(), |(id, ())| id));
                    }
                    () = self.parts.schedule_rung.notified() => {}
                    () = tokio::time::sleep(LOOK_EVERY) => {}
                }
            }
        };
        tokio::select! {
            () = working => {}
            () = stopped => {}
        }
        let ending = async { while running.join_next().await.is_some() {} };
        tokio::time::timeout(LEAVE_LIMIT, ending).await.ok();
        running.shutdown().await;
        self.release_own_runs().await;
    }

    /// Ends the leases of this owner: it holds none, or is about to stop.
    async fn release_own_runs(&self) {
        let owner = self.parts.settings.owner.clone();
        let released = self.parts.store.write(move |tx| {
            let owner = owner.clone();
            Box::pin(async move { tx.release_runs(&owner).await })
        });
        if let Err(error) = released.await {
            tracing::warn!(%error, "the leases of runs could not be ended; they end by themselves");
        }
    }

    /// Begins the runs that are due, and leases those that can be gone on with, as far as there are places.
    async fn look_for_runs(&self, look: u32, busy: &Busy) -> Result<Vec<Leased>> {
        let (store, now) = (&self.parts.store, self.now());
        if look.is_multiple_of(LOOKS_A_ZONE) {
            store.write(move |tx| Box::pin(follow_zones(tx, now))).await?;
        }
        let seen = store.read(move |tx| {
            Box::pin(async move { Ok((tx.is_schedule_due(now).await?, tx.ready_runs(now, PAGE).await?)) })
        });
        let (is_due, mut ready) = seen.await?;
        if is_due {
            let random = self.parts.random.clone();
            store
                .write(move |tx| {
                    let random = random.clone();
                    Box::pin(async move { begin_due(tx, &random, now).await })
                })
                .await?;
            ready = store.read(move |tx| Box::pin(tx.ready_runs(now, PAGE))).await?;
        }
        let wanted = chosen(ready, busy);
        if wanted.is_empty() {
            return Ok(Vec::new());
        }
        let shared = Arc::new((wanted, self.parts.settings.owner.clone()));
        let leased = store.write(move |tx| {
            let shared = shared.clone();
            Box::pin(async move { lease_each(tx, &shared.0, &shared.1, now).await })
        });
        Ok(leased.await?)
    }
}

/// Counts the next times of schedules anew whose form or account has another time zone by now.
async fn follow_zones(tx: &mut Tx, now: Timestamp) -> StoreResult<()> {
    for schedule in tx.misplaced_schedules(PAGE).await? {
        // What is due by now is due.
        if let Some(next_at) = schedule.next_at.filter(|next_at| *next_at > now) {
            let when = when_from_json(&schedule.timing).ok();
            let next = when.and_then(|when| next_after(&when, now, &schedule.zone_now));
            tx.retime_schedule(&schedule.id, next_at, (next, &schedule.zone_now)).await?;
        }
    }
    Ok(())
}

/// Begins a run for each schedule that is due, however often it was since anybody looked.
async fn begin_due(tx: &mut Tx, random: &Random, now: Timestamp) -> StoreResult<()> {
    for schedule in tx.due_schedules(now, BATCH).await? {
        let Some(due_at) = schedule.next_at else { continue };
        let next = match when_from_json(&schedule.timing) {
            Ok(when) => next_after(&when, now, &schedule.zone_now),
            Err(error) => {
                tracing::error!(schedule = schedule.id, error, "a schedule is not readable");
                None
            }
        };
        if tx.retime_schedule(&schedule.id, due_at, (next, &schedule.zone_now)).await? {
            tx.give_up_run(&schedule.id, OVERTAKEN, now).await?;
            let run = NewRun { id: random.uuid(now), due_at, is_manual: false };
            tx.add_run(&schedule, &run, now).await?;
        }
    }
    Ok(())
}

/// Which of these runs are gone on with.
fn chosen(ready: Vec<RunRecord>, busy: &Busy) -> Vec<RunRecord> {
    let mut accounts: HashMap<AccountId, usize> = HashMap::new();
    busy.values().for_each(|(_, account)| *accounts.entry(*account).or_default() += 1);
    let mut wanted = Vec::new();
    for run in ready {
        if busy.len() + wanted.len() >= PLACES {
            break;
        }
        let of_account = accounts.entry(run.account_id).or_default();
        if *of_account < PLACES_AN_ACCOUNT && busy.values().all(|(id, _)| *id != run.id) {
            *of_account += 1;
            wanted.push(run);
        }
    }
    wanted
}

async fn lease_each(
    tx: &mut Tx,
    wanted: &[RunRecord],
    owner: &str,
    now: Timestamp,
) -> StoreResult<Vec<Leased>> {
    let mut leased = Vec::new();
    for run in wanted {
        let Some(lease) = tx.lease_run(run, owner, (now, now.plus_micros(LEASE_MICROS))).await? else {
            continue;
        };
        if let Some(schedule) = tx.schedule_of(run.account_id, &run.schedule_id).await? {
            leased.push(Leased { run: run.clone(), lease, schedule });
        }
    }
    Ok(leased)
}

/// Goes a step on with a run while its lease holds.
async fn go_on(engine: Engine, leased: Leased) {
    let outcome = tokio::select! {
        outcome = leased.step(&engine) => outcome,
        () = keep(&engine, &leased.lease) => {
            tracing::warn!(run = leased.run.id, "another has taken the run over");
            return;
        }
    };
    let (run, schedule, name) = (&leased.run.id, &leased.schedule.id, outcome.name());
    tracing::info!(run, schedule, outcome = name, "a run of a schedule went a step on");
    metrics::counter!(counters::SCHEDULE_STEPS, "outcome" => name).increment(1);
    match leased.settle(&engine, &outcome).await {
        Ok(true) => {}
        Ok(false) => tracing::warn!(run, "another has taken the run over"),
        // The lease ends by itself, and the step is made again.
        Err(error) => tracing::warn!(run, %error, "what became of a run was not written down"),
    }
}

/// Renews a lease until it is lost.
async fn keep(engine: &Engine, lease: &RunLease) {
    loop {
        tokio::time::sleep(HEARTBEAT_EVERY).await;
        let (renewed, now) = (lease.clone(), engine.now());
        let renewing = engine.parts.store.write(move |tx| {
            let renewed = renewed.clone();
            Box::pin(async move { tx.renew_run(&renewed, now.plus_micros(LEASE_MICROS)).await })
        });
        match renewing.await {
            Ok(true) => {}
            Ok(false) => return,
            Err(error) => tracing::warn!(run = lease.id, %error, "a lease was not renewed"),
        }
    }
}
