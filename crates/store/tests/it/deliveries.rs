//! Deliveries: what is owed, whose turn it is, leases and their fence, and the log.

use crate::database::{Db, at};
use crate::samples::{ACCOUNT, FORM, prepare};
use crate::webhooks::{integration, webhook};
use fillhouse_model::{SubmissionId, WebhookId};
use fillhouse_store::{Attempt, DeliveryLease, DeliveryRecord, DeliveryState, NewDelivery, Settled};

conformance! {
    what_is_owed_is_due_at_once_in_the_order_of_events,
    one_at_a_time_is_made_to_a_subscription,
    one_that_is_due_again_waits_and_lets_others_pass,
    a_subscription_without_anything_due_is_passed_over,
    a_lease_that_ended_is_anybodys,
    a_worker_that_lost_its_lease_changes_nothing,
    the_leases_of_the_dead_are_ended,
    what_is_called_off_is_not_made,
    a_subscription_that_ends_is_owed_nothing,
    the_log_has_every_attempt,
    old_logs_are_dropped,
}

const HOOK: WebhookId = WebhookId(1);
const OTHER: WebhookId = WebhookId(2);

fn owed(webhook: WebhookId, seq: i64) -> NewDelivery {
    NewDelivery {
        id: format!("d-{webhook}-{seq}"),
        account_id: ACCOUNT,
        form_id: FORM,
        webhook_id: webhook,
        submission_id: SubmissionId(100 + seq),
        seq,
        event: "result_completed".into(),
        media_type: "application/json",
        body: format!("{{\"id\":\"{seq}\"}}").into_bytes(),
    }
}

async fn owe(db: &Db, webhook: WebhookId, seqs: &[i64], seconds: i64) {
    let deliveries: Vec<NewDelivery> = seqs.iter().map(|seq| owed(webhook, *seq)).collect();
    write!(db, [deliveries], |tx| tx.owe(&deliveries, at(seconds)).await).unwrap();
}

async fn due(db: &Db, seconds: i64) -> Vec<i64> {
    let due = read!(db, |tx| tx.due_subscriptions(WebhookId(0), 10, at(seconds)).await).unwrap();
    due.into_iter().map(|id| id.0).collect()
}

/// Leases the first delivery to a subscription for ten seconds.
async fn lease(db: &Db, webhook: WebhookId, owner: &str, seconds: i64) -> Option<DeliveryLease> {
    let owner = owner.to_owned();
    write!(db, [owner], |tx| {
        let Some(delivery) = tx.due_delivery(webhook, at(seconds)).await? else { return Ok(None) };
        tx.lease_delivery(&delivery, &owner, at(seconds + 10)).await
    })
    .unwrap()
}

fn attempt(number: i64, status: i64) -> Attempt {
    Attempt { number, at: at(1), status: Some(status), error: None, duration_ms: 12, response: None }
}

async fn settle(db: &Db, lease: &DeliveryLease, settled: Settled, seconds: i64) -> bool {
    let attempt = attempt(lease.attempt, 200);
    write!(db, [lease, attempt], |tx| tx.settle_delivery(&lease, &attempt, settled, at(seconds)).await)
        .unwrap()
}

const DELIVERED: Settled = Settled::Ended(DeliveryState::Delivered);

async fn what_is_owed_is_due_at_once_in_the_order_of_events(db: Db) {
    owe(&db, HOOK, &[3, 1, 2], 5).await;
    owe(&db, HOOK, &[4], 6).await;
    assert!(due(&db, 4).await.is_empty());
    assert_eq!(due(&db, 5).await, [1]);
    for seq in 1..=4 {
        let delivery = read!(db, |tx| tx.due_delivery(HOOK, at(9)).await).unwrap().unwrap();
        assert_eq!((delivery.submission_id, delivery.body), (SubmissionId(100 + seq), owed(HOOK, seq).body));
        let lease = lease(&db, HOOK, "w", 9).await.unwrap();
        assert!(settle(&db, &lease, DELIVERED, 9).await);
    }
    assert!(due(&db, 99).await.is_empty());
    assert_eq!(read!(db, |tx| tx.owed_deliveries().await).unwrap(), 0);
}

async fn one_at_a_time_is_made_to_a_subscription(db: Db) {
    owe(&db, HOOK, &[1, 2], 5).await;
    owe(&db, OTHER, &[1], 5).await;
    assert_eq!(due(&db, 5).await, [1, 2]);
    let first = lease(&db, HOOK, "w", 5).await.unwrap();
    assert_eq!(due(&db, 5).await, [2]);
    assert_eq!(lease(&db, HOOK, "x", 5).await, None);
    assert!(settle(&db, &first, DELIVERED, 6).await);
    assert_eq!(lease(&db, HOOK, "x", 6).await.unwrap().id, "d-1-2");
}

async fn one_that_is_due_again_waits_and_lets_others_pass(db: Db) {
    owe(&db, HOOK, &[1, 2], 5).await;
    let first = lease(&db, HOOK, "w", 5).await.unwrap();
    assert!(settle(&db, &first, Settled::DueAgain(at(30)), 6).await);
    let second = lease(&db, HOOK, "w", 6).await.unwrap();
    assert_eq!(second.id, "d-1-2");
    assert!(settle(&db, &second, DELIVERED, 7).await);
    assert_eq!((due(&db, 29).await, due(&db, 30).await), (vec![], vec![1]));
    let again = lease(&db, HOOK, "w", 30).await.unwrap();
    assert_eq!(again, DeliveryLease { id: "d-1-1".into(), attempt: 2 });
}

async fn a_subscription_without_anything_due_is_passed_over(db: Db) {
    for id in 1..=5 {
        owe(&db, WebhookId(id), &[1], id).await;
    }
    assert_eq!(due(&db, 3).await, [1, 2, 3]);
    let page = read!(db, |tx| tx.due_subscriptions(WebhookId(2), 2, at(9)).await).unwrap();
    assert_eq!(page, [WebhookId(3), WebhookId(4)]);
    assert_eq!(read!(db, |tx| tx.due_subscriptions(WebhookId(5), 2, at(9)).await).unwrap(), []);
}

async fn a_lease_that_ended_is_anybodys(db: Db) {
    owe(&db, HOOK, &[1], 5).await;
    lease(&db, HOOK, "w", 5).await.unwrap();
    assert_eq!((due(&db, 14).await, due(&db, 15).await), (vec![], vec![1]));
    assert_eq!(lease(&db, HOOK, "x", 15).await.unwrap().attempt, 2);
}

async fn a_worker_that_lost_its_lease_changes_nothing(db: Db) {
    owe(&db, HOOK, &[1], 5).await;
    let late = lease(&db, HOOK, "w", 5).await.unwrap();
    let latest = lease(&db, HOOK, "x", 15).await.unwrap();
    assert!(!settle(&db, &late, DELIVERED, 16).await);
    assert_eq!(db.count("attempts").await, 0);
    assert!(settle(&db, &latest, DELIVERED, 17).await);
    // What has come to its end stays so.
    assert!(!settle(&db, &latest, Settled::DueAgain(at(20)), 18).await);
    assert!(due(&db, 99).await.is_empty());
}

async fn the_leases_of_the_dead_are_ended(db: Db) {
    owe(&db, HOOK, &[1], 5).await;
    owe(&db, OTHER, &[1], 5).await;
    lease(&db, HOOK, "dead", 5).await.unwrap();
    lease(&db, OTHER, "alive", 5).await.unwrap();
    assert_eq!(write!(db, |tx| tx.release_deliveries("dead").await).unwrap(), 1);
    assert_eq!(due(&db, 6).await, [1]);
}

async fn what_is_called_off_is_not_made(db: Db) {
    owe(&db, HOOK, &[1, 2], 5).await;
    owe(&db, OTHER, &[1], 5).await;
    let under_way = lease(&db, HOOK, "w", 5).await.unwrap();
    assert_eq!(write!(db, |tx| tx.call_off(HOOK, at(6)).await).unwrap(), 2);
    assert_eq!(due(&db, 99).await, [2]);
    assert!(!settle(&db, &under_way, Settled::DueAgain(at(30)), 7).await);
    let states = read!(db, |tx| tx.recent_deliveries(HOOK, 10).await).unwrap();
    assert!(states.iter().all(|record| record.state == DeliveryState::Disabled), "{states:?}");
}

async fn a_subscription_that_ends_is_owed_nothing(db: Db) {
    prepare(&db).await;
    let ids = write!(db, |tx| {
        tx.put_webhook(&webhook("a", None)).await?;
        tx.put_integration(&integration(1), at(3)).await?;
        tx.put_integration(&integration(2), at(3)).await?;
        tx.subscriptions_of(FORM).await
    });
    let ids: Vec<WebhookId> = ids.unwrap().into_iter().map(|it| it.id).collect();
    for id in &ids {
        owe(&db, *id, &[1], 5).await;
    }
    assert_eq!(due(&db, 5).await.len(), 3);
    write!(db, |tx| tx.delete_webhook(FORM, "https://a/hook", at(6)).await).unwrap();
    write!(db, |tx| tx.delete_subscription(WebhookId(1), at(6)).await).unwrap();
    write!(db, |tx| {
        let idle = fillhouse_model::Integration { is_active: false, ..integration(2) };
        tx.put_integration(&idle, at(6)).await
    })
    .unwrap();
    assert_eq!(read!(db, |tx| tx.owed_deliveries().await).unwrap(), 0);
}

async fn the_log_has_every_attempt(db: Db) {
    owe(&db, HOOK, &[1, 2], 5).await;
    let first = lease(&db, HOOK, "w", 5).await.unwrap();
    let failed = Attempt {
        number: 1,
        at: at(5),
        status: None,
        error: Some("connection refused".into()),
        duration_ms: 1_500,
        response: None,
    };
    let again = Settled::DueAgain(at(7));
    write!(db, [first, failed], |tx| tx.settle_delivery(&first, &failed, again, at(6)).await).unwrap();
    let second = lease(&db, HOOK, "w", 8).await.unwrap();
    assert!(settle(&db, &second, DELIVERED, 8).await);
    let log = read!(db, |tx| tx.recent_deliveries(HOOK, 10).await).unwrap();
    let record = |seq: i64, state, due, attempts| DeliveryRecord {
        id: format!("d-1-{seq}"),
        submission_id: SubmissionId(100 + seq),
        event: "result_completed".into(),
        state,
        created_at: at(5),
        due_at: at(due),
        attempts,
    };
    let delivered = record(2, DeliveryState::Delivered, 8, vec![attempt(1, 200)]);
    assert_eq!(log, [delivered.clone(), record(1, DeliveryState::Owed, 7, vec![failed])]);
    assert_eq!(read!(db, |tx| tx.recent_deliveries(HOOK, 1).await).unwrap(), [delivered]);
}

async fn old_logs_are_dropped(db: Db) {
    owe(&db, HOOK, &[1, 2, 3], 5).await;
    for seconds in [10, 20] {
        let lease = lease(&db, HOOK, "w", seconds).await.unwrap();
        assert!(settle(&db, &lease, DELIVERED, seconds).await);
    }
    assert_eq!(write!(db, |tx| tx.drop_deliveries(at(20), 10).await).unwrap(), 1);
    assert_eq!((db.count("deliveries").await, db.count("attempts").await), (2, 1));
    assert_eq!(write!(db, |tx| tx.drop_deliveries(at(999), 10).await).unwrap(), 1);
    // What is still owed stays, however old.
    assert_eq!((db.count("deliveries").await, db.count("attempts").await), (1, 0));
}
