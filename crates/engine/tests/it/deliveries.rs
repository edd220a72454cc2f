//! Deliveries: what subscriptions are sent, when, and what becomes of what cannot be delivered.

use crate::clock::instant;
use crate::house::House;
use crate::samples::{ACCOUNT, FORM, choice_item, form, form_line, item, lines, people, plain, small_house};
use crate::waiting::wait_for;
use fillhouse_engine::{
    DeliveryRecord, DeliverySettings, DeliveryState, Engine, IntegrationFields, NewIntegration, NewWebhook,
    Settings, Submit,
};
use fillhouse_model::{Form, Integration, ItemType, WebhookId};
use fillhouse_testkit::{Received, Receiver, Reply};

mod bodies;
mod changes;
mod retries;
mod takeover;
mod tests;

/// A webhook of [`FORM`] that posts to a path of the receiver.
pub(crate) async fn hook(house: &House, receiver: &Receiver, path: &str, key: Option<&str>) {
    let new = NewWebhook {
        url: receiver.url(path),
        event: "result_completed".into(),
        handshake_key: key.map(str::to_owned),
    };
    house.writer().await.put_webhook(&FORM, new).await.unwrap();
}

/// An integration of [`FORM`] that posts to a path of the receiver.
pub(crate) async fn integration(house: &House, receiver: &Receiver, path: &str) -> Integration {
    let new = NewIntegration {
        url: receiver.url(path),
        is_active: true,
        secret: Some("a secret of both".into()),
        headers: vec![("X-Team".into(), "blue".into())],
    };
    let integrations = house.caller(crate::house::SECRET).await.integrations().unwrap();
    integrations.create(&FORM, new, FIELDS).await.unwrap()
}

pub(crate) const FIELDS: IntegrationFields =
    IntegrationFields { url: "url", secret: "secret", headers: "headers" };

/// The log of an integration.
pub(crate) async fn log(house: &House, id: WebhookId) -> Vec<DeliveryRecord> {
    let integrations = house.caller(crate::house::SECRET).await.integrations().unwrap();
    integrations.events(&FORM, id).await.unwrap()
}

/// Stores a submission of [`FORM`], and gives its id.
pub(crate) async fn submit(house: &House, body: &str) -> i64 {
    let request = Submit { form: &FORM, body, idempotency_key: None };
    house.writer().await.submit(request).await.unwrap()[0].0
}

/// Works until nothing is owed.
pub(crate) async fn work_until_settled(engine: &Engine) {
    let settled = wait_for("all to be delivered", async || {
        (engine.owed_deliveries().await.unwrap() == 0).then_some(())
    });
    engine.work(settled).await;
}

/// Works until so many attempts were written down.
pub(crate) async fn work_until_attempted(house: &House, count: i64) {
    let attempted = wait_for("the attempts", async || (house.count("attempts").await >= count).then_some(()));
    house.engine.work(attempted).await;
}
