//! Subscriptions of both kinds, and that forms know how many they have.

use crate::database::{Db, at};
use crate::samples::{FORM, prepare};
use fillhouse_model::{FormId, Integration, Subscription, SubscriptionKind, Webhook, WebhookId};
use fillhouse_store::Taken;

conformance! {
    webhooks_are_stored_replaced_and_listed,
    integrations_are_stored_replaced_and_listed,
    the_ids_of_the_two_kinds_never_meet,
    whoever_takes_ordinals_learns_of_subscriptions,
    a_subscription_says_where_to_and_what,
    one_that_is_not_active_is_no_subscription,
}

pub(crate) fn webhook(host: &str, key: Option<&str>) -> Webhook {
    Webhook {
        form_id: FORM,
        url: format!("https://{host}/hook"),
        event: "result_completed".into(),
        handshake_key: key.map(Into::into),
    }
}

pub(crate) fn integration(id: i64) -> Integration {
    Integration {
        id: WebhookId(id),
        form_id: FORM,
        url: format!("https://example.org/{id}"),
        is_active: true,
        secret: Some("a secret of ours".into()),
        headers: vec![("X-Team".into(), "blue".into()), ("Accept".into(), "*/*".into())],
        created_at: at(1),
        updated_at: at(2),
    }
}

/// Whether whoever takes ordinals is told of subscriptions.
async fn has_webhooks(db: &Db) -> bool {
    let taken: Option<Taken> = write!(db, |tx| tx.take_ordinals(FORM, 1, 0, 0).await).unwrap();
    taken.unwrap().has_webhooks
}

async fn webhooks_are_stored_replaced_and_listed(db: Db) {
    prepare(&db).await;
    let (a, b, changed) = (webhook("a", None), webhook("b", Some("k")), webhook("b", None));
    let url = b.url.clone();
    write!(db, [a, b], |tx| {
        tx.put_webhook(&b).await?;
        tx.put_webhook(&a).await
    })
    .unwrap();
    assert_eq!(read!(db, [url], |tx| tx.webhook(FORM, &url).await).unwrap(), Some(b.clone()));
    assert_eq!(read!(db, |tx| tx.webhook(FORM, "https://c").await).unwrap(), None);
    assert_eq!(read!(db, |tx| tx.webhooks_of(FORM).await).unwrap(), [a.clone(), b]);

    let before = read!(db, |tx| tx.subscriptions_of(FORM).await).unwrap();
    write!(db, [changed], |tx| tx.put_webhook(&changed).await).unwrap();
    assert_eq!(read!(db, |tx| tx.webhooks_of(FORM).await).unwrap(), [a, changed]);
    assert_eq!(read!(db, |tx| tx.webhooks_of(FormId(8)).await).unwrap(), []);
    // What is owed to it stays owed: it is the same subscription.
    let after = read!(db, |tx| tx.subscriptions_of(FORM).await).unwrap();
    assert_eq!(after.iter().map(|it| it.id).collect::<Vec<_>>(), [before[0].id, before[1].id]);

    assert!(write!(db, [url], |tx| tx.delete_webhook(FORM, &url, at(5)).await).unwrap());
    assert!(!write!(db, [url], |tx| tx.delete_webhook(FORM, &url, at(5)).await).unwrap());
    assert_eq!(read!(db, |tx| tx.webhooks_of(FORM).await).unwrap().len(), 1);
}

async fn integrations_are_stored_replaced_and_listed(db: Db) {
    prepare(&db).await;
    let plain = Integration { secret: None, headers: Vec::new(), ..integration(4) };
    write!(db, [plain], |tx| {
        tx.put_integration(&integration(9), at(3)).await?;
        tx.put_integration(&plain, at(3)).await
    })
    .unwrap();
    assert_eq!(read!(db, |tx| tx.integrations_of(FORM).await).unwrap(), [plain.clone(), integration(9)]);
    assert_eq!(read!(db, |tx| tx.integration(WebhookId(4)).await).unwrap(), Some(plain));
    assert_eq!(read!(db, |tx| tx.webhooks_of(FORM).await).unwrap(), []);

    let stopped = Integration { is_active: false, url: "https://other.example/".into(), ..integration(9) };
    write!(db, [stopped], |tx| tx.put_integration(&stopped, at(4)).await).unwrap();
    assert_eq!(read!(db, |tx| tx.integration(WebhookId(9)).await).unwrap(), Some(stopped));
    // The ids go on after those that were given from outside.
    assert_eq!(write!(db, |tx| tx.next_integration_id().await).unwrap(), WebhookId(10));
    assert!(write!(db, |tx| tx.delete_subscription(WebhookId(9), at(5)).await).unwrap());
    assert_eq!(read!(db, |tx| tx.integration(WebhookId(9)).await).unwrap(), None);
    assert!(!write!(db, |tx| tx.delete_subscription(WebhookId(9), at(5)).await).unwrap());
}

async fn the_ids_of_the_two_kinds_never_meet(db: Db) {
    prepare(&db).await;
    let ids = write!(db, |tx| {
        tx.put_webhook(&webhook("a", None)).await?;
        let id = tx.next_integration_id().await?;
        tx.put_integration(&integration(id.0), at(3)).await?;
        tx.put_webhook(&webhook("b", None)).await?;
        tx.subscriptions_of(FORM).await
    });
    let ids: Vec<i64> = ids.unwrap().iter().map(|it| it.id.0).collect();
    assert_eq!(ids, [1, (1 << 40) + 1, (1 << 40) + 2]);
    // An integration is not found by the id of a webhook.
    assert_eq!(read!(db, |tx| tx.integration(WebhookId((1 << 40) + 1)).await).unwrap(), None);
}

async fn whoever_takes_ordinals_learns_of_subscriptions(db: Db) {
    prepare(&db).await;
    assert!(!has_webhooks(&db).await);
    write!(db, |tx| tx.put_webhook(&webhook("a", None)).await).unwrap();
    assert!(has_webhooks(&db).await);
    write!(db, |tx| tx.put_integration(&integration(1), at(3)).await).unwrap();
    write!(db, |tx| tx.delete_webhook(FORM, "https://a/hook", at(4)).await).unwrap();
    assert!(has_webhooks(&db).await);
    assert!(write!(db, |tx| tx.stop_subscription(WebhookId(1), at(5)).await).unwrap());
    assert!(!has_webhooks(&db).await);
    // A form that is stored anew keeps what it has.
    write!(db, |tx| tx.put_integration(&integration(1), at(6)).await).unwrap();
    write!(db, |tx| {
        let form = tx.form(FORM).await?.expect("it was prepared").form;
        tx.put_form(&form).await
    })
    .unwrap();
    let taken = write!(db, |tx| tx.take_ordinals(FORM, 2, 0, 0).await).unwrap();
    assert!(taken.unwrap().has_webhooks);
}

async fn a_subscription_says_where_to_and_what(db: Db) {
    prepare(&db).await;
    write!(db, |tx| {
        tx.put_webhook(&webhook("a", Some("k"))).await?;
        tx.put_integration(&integration(1), at(3)).await
    })
    .unwrap();
    let of_webhook = Subscription {
        id: WebhookId((1 << 40) + 1),
        form_id: FORM,
        url: "https://a/hook".into(),
        event: "result_completed".into(),
        kind: SubscriptionKind::Result { handshake_key: Some("k".into()) },
    };
    let Integration { secret, headers, .. } = integration(1);
    let of_integration = Subscription {
        id: WebhookId(1),
        form_id: FORM,
        url: "https://example.org/1".into(),
        event: "submission".into(),
        kind: SubscriptionKind::Integration { secret, headers },
    };
    let all = read!(db, |tx| tx.subscriptions_of(FORM).await).unwrap();
    assert_eq!(all, [of_integration.clone(), of_webhook]);
    assert_eq!(read!(db, |tx| tx.subscription(WebhookId(1)).await).unwrap(), Some(of_integration));
}

async fn one_that_is_not_active_is_no_subscription(db: Db) {
    prepare(&db).await;
    let idle = Integration { is_active: false, ..integration(1) };
    write!(db, [idle], |tx| tx.put_integration(&idle, at(3)).await).unwrap();
    assert_eq!(read!(db, |tx| tx.subscription(WebhookId(1)).await).unwrap(), None);
    assert_eq!(read!(db, |tx| tx.subscriptions_of(FORM).await).unwrap(), []);
}
