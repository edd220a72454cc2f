//! Workers that die at whatever moment of a run.

use super::*;
use fillhouse_engine::Settings;
use fillhouse_testkit::{Receiver, Reply};
use std::time::Duration;

on_both!(
    a_run_survives_its_worker_at_every_moment,
    a_worker_that_is_back_delivers_again_at_once,
    another_delivers_when_the_lease_ends,
);

/// Dropped, a worker does nothing more, not even give its leases back: as with `kill -9`.
async fn a_run_survives_its_worker_at_every_moment(house: House) {
    let receiver = Receiver::start();
    house.import(&small_house()).await;
    let made = made(&house, ScheduleDraft { destination: webhook(receiver.url("/")), ..hourly() }).await;
    house.clock.advance_seconds(3_600);
    let settings = || Settings { owner: "dying".into(), ..house.settings() };
    for lives in 0..200_u64 {
        let engine = house.open(settings(), lives + 10).await;
        let limit = Duration::from_micros(500 * lives);
        tokio::time::timeout(limit, engine.work(std::future::pending())).await.unwrap_err();
        if states(&house, &made.id).await == [RunState::Delivered] {
            break;
        }
    }
    work_until_run(&house, &house.open(settings(), 5).await).await;
    assert_eq!(states(&house, &made.id).await, [RunState::Delivered]);
    // One export, and one piece of news, however often it was told.
    assert_eq!(house.count("jobs").await, 1);
    let mut bodies: Vec<_> = receiver.received().into_iter().map(|one| one.body).collect();
    bodies.dedup();
    assert_eq!(bodies.len(), 1);
}

/// A delivery that a worker had begun when it was killed.
async fn killed_with_a_delivery_in_hand(house: &House, receiver: &Receiver) {
    receiver.answer("/", [Reply::silence()]);
    house.import(&small_house()).await;
    made(house, ScheduleDraft { destination: webhook(receiver.url("/")), ..hourly() }).await;
    house.clock.advance_seconds(3_600);
    let dying = house.open(Settings { owner: "dying".into(), ..house.settings() }, 2).await;
    let working = tokio::spawn(async move { dying.work(std::future::pending()).await });
    wait_for("the delivery to begin", async || (receiver.received().len() == 1).then_some(())).await;
    working.abort();
    working.await.unwrap_err();
}

async fn a_worker_that_is_back_delivers_again_at_once(house: House) {
    let receiver = Receiver::start();
    killed_with_a_delivery_in_hand(&house, &receiver).await;
    let back = house.open(Settings { owner: "dying".into(), ..house.settings() }, 3).await;
    work_until_run(&house, &back).await;
    let requests = receiver.received();
    assert_eq!(requests.len(), 2);
    assert_eq!(requests[0].header("webhook-id"), requests[1].header("webhook-id"));
    assert_eq!(requests[0].body, requests[1].body);
}

async fn another_delivers_when_the_lease_ends(house: House) {
    let receiver = Receiver::start();
    killed_with_a_delivery_in_hand(&house, &receiver).await;
    assert_eq!(house.number("SELECT COUNT(*) FROM schedule_runs WHERE owner = 'dying'").await, 1);
    house.clock.advance_seconds(13);
    work_until_run(&house, &house.engine).await;
    assert_eq!(receiver.received().len(), 2);
    assert_eq!(house.count("jobs").await, 1);
}
