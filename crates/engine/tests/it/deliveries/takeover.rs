//! Workers that die with a delivery in hand, or wake up late.

use super::*;

on_both!(
    a_worker_that_is_back_makes_its_delivery_again_at_once,
    another_takes_over_when_the_lease_ends,
    two_workers_deliver_each_event_once,
);

/// A delivery that a worker had begun when it was killed: it was received, and nobody answered.
async fn killed_with_a_delivery_in_hand(house: &House, receiver: &Receiver) {
    receiver.answer("/", [Reply::silence()]);
    house.import(&small_house()).await;
    hook(house, receiver, "/", None).await;
    submit(house, r#"{"answers":{"1":"Ada"}}"#).await;
    let dying = house.open(Settings { owner: "dying".into(), ..house.settings() }, 2).await;
    let working = tokio::spawn(async move { dying.work(std::future::pending()).await });
    wait_for("the delivery to begin", async || (receiver.received().len() == 1).then_some(())).await;
    working.abort();
    working.await.unwrap_err();
}

async fn a_worker_that_is_back_makes_its_delivery_again_at_once(house: House) {
    let receiver = Receiver::start();
    killed_with_a_delivery_in_hand(&house, &receiver).await;
    let back = house.open(Settings { owner: "dying".into(), ..house.settings() }, 3).await;
    work_until_settled(&back).await;
    let requests = receiver.received();
    assert_eq!(requests.len(), 2);
    assert_eq!(requests[0].header("webhook-id"), requests[1].header("webhook-id"));
    assert_eq!(requests[0].body, requests[1].body);
}

async fn another_takes_over_when_the_lease_ends(house: House) {
    let receiver = Receiver::start();
    killed_with_a_delivery_in_hand(&house, &receiver).await;
    // A later event waits for its turn.
    submit(&house, r#"{"answers":{"1":"Grace"}}"#).await;
    assert_eq!(house.number("SELECT COUNT(*) FROM deliveries WHERE owner = 'dying'").await, 1);
    house.clock.advance_seconds(31);
    work_until_settled(&house.engine).await;
    let texts: Vec<String> = receiver.received().iter().map(Received::text).collect();
    assert_eq!(texts.len(), 3);
    assert!(texts[1].contains("Ada") && texts[2].contains("Grace"), "{texts:?}");
}

async fn two_workers_deliver_each_event_once(house: House) {
    let receiver = Receiver::start();
    house.import(&small_house()).await;
    for path in ["/a", "/b", "/c"] {
        hook(&house, &receiver, path, None).await;
    }
    let other = house.open(Settings { owner: "other".into(), ..house.settings() }, 2).await;
    let working = tokio::spawn(async move { other.work(std::future::pending()).await });
    for n in 0..20 {
        submit(&house, &format!(r#"{{"answers":{{"1":"{n}"}}}}"#)).await;
    }
    work_until_settled(&house.engine).await;
    working.abort();
    let mut ids: Vec<String> =
        receiver.received().iter().map(|received| received.header("webhook-id").to_owned()).collect();
    assert_eq!(ids.len(), 60);
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), 60);
}
