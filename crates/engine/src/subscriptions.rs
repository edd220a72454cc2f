//! Subscriptions of both kinds as those see them who manage them: what there is, what was sent, sent once more, and a test.
//!
//! Guarantees: a subscription is reached through its own form only; what is sent once more is the same bytes under an id of
//! its own; a test goes the way that everything goes.
//!
//! Must not know: how a delivery is made.

use crate::hold::hold_form;
use crate::{Error, FormRef, Integrations, Query, Result, query};
use fillhouse_model::row::Row;
use fillhouse_model::{
    ErrorKind, FormId, Integration, Status, Subscription, SubscriptionKind, Webhook, WebhookId,
};
use fillhouse_store::{DeliveryRecord, Result as StoreResult, Tx};
use std::sync::Arc;

/// How many deliveries are shown.
const MOST_DELIVERIES: i64 = 100;

/// A subscription of a form, of either kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FormSubscription {
    /// One that is known by its URL; it has an id for its deliveries all the same.
    Webhook(WebhookId, Webhook),
    /// One that is known by its id.
    Integration(Integration),
}

impl FormSubscription {
    /// Its id.
    pub fn id(&self) -> WebhookId {
        match self {
            Self::Webhook(id, _) => *id,
            Self::Integration(integration) => integration.id,
        }
    }

    /// Where it posts.
    pub fn url(&self) -> &str {
        match self {
            Self::Webhook(_, webhook) => &webhook.url,
            Self::Integration(integration) => &integration.url,
        }
    }

    /// Whether anything is sent.
    pub fn is_active(&self) -> bool {
        match self {
            Self::Webhook(..) => true,
            Self::Integration(integration) => integration.is_active,
        }
    }
}

/// What became of something that was to be sent.
#[derive(Clone, Copy)]
enum Sent {
    Owed,
    /// The subscription is not in force.
    Inactive,
    /// There is no such subscription, or nothing was sent under that id.
    Missing,
}

impl Integrations {
    /// The subscriptions of a form, by id.
    ///
    /// # Errors
    /// There is no such form.
    pub async fn subscriptions(&self, form: &FormRef) -> Result<Vec<FormSubscription>> {
        let form = self.form(form).await?;
        Ok(self.engine.parts.store.read(move |tx| Box::pin(all(tx, form))).await?)
    }

    /// One of them.
    ///
    /// # Errors
    /// There is no such form, or it has no such subscription.
    pub async fn subscription(&self, form: &FormRef, id: WebhookId) -> Result<FormSubscription> {
        let all = self.subscriptions(form).await?;
        all.into_iter().find(|subscription| subscription.id() == id).ok_or_else(missing)
    }

    /// What a subscription was sent lately, or is still owed, the latest first.
    ///
    /// # Errors
    /// There is no such form, or it has no such subscription.
    pub async fn deliveries(&self, form: &FormRef, id: WebhookId) -> Result<Vec<DeliveryRecord>> {
        self.subscription(form, id).await?;
        let store = &self.engine.parts.store;
        Ok(store.read(move |tx| Box::pin(tx.recent_deliveries(id, MOST_DELIVERIES))).await?)
    }

    /// Sends once more what a subscription was sent, or was to be sent.
    ///
    /// # Errors
    /// There is no such form, subscription or delivery; the subscription is not active ([`ErrorKind::Conflict`]).
    pub async fn send_again(&self, form: &FormRef, id: WebhookId, delivery: &str) -> Result<()> {
        let (form, now) = (self.form(form).await?, self.engine.now());
        let (again, new_id) = (delivery.to_owned(), self.engine.parts.random.uuid(now));
        if again.contains('\0') {
            return Err(Error::not_found("the delivery"));
        }
        let sent = self.engine.parts.store.write(move |tx| {
            let (again, new_id) = (again.clone(), new_id.clone());
            Box::pin(async move {
                match active(tx, form, id).await? {
                    Ok(_) if tx.send_again(id, &again, &new_id, now).await? => Ok(Sent::Owed),
                    Ok(_) => Ok(Sent::Missing),
                    Err(sent) => Ok(sent),
                }
            })
        });
        self.told(sent.await?)
    }

    /// Sends a test: what would be sent of the latest submission of the form that was finished.
    ///
    /// # Errors
    /// There is no such form or subscription; it is not active, or nothing was filled in yet ([`ErrorKind::Conflict`]).
    pub async fn send_test(&self, form: &FormRef, id: WebhookId) -> Result<()> {
        let form_id = self.form(form).await?;
        let latest = Query { status: Some(Status::Complete), limit: 1, ..Query::default() };
        let page = query::find(&self.engine, self.account, form, &latest).await?;
        let Some(row) = page.rows.into_iter().next() else {
            let message = "the form has no finished submission yet, which could be sent for a test";
            return Err(Error::new(ErrorKind::Conflict, message));
        };
        Row::read(&row)?;
        let (outbox, now) = (self.engine.parts.outbox.clone(), self.engine.now());
        let shared = Arc::new((page.form.form.clone(), row));
        let sent = self.engine.parts.store.write(move |tx| {
            let (outbox, shared) = (outbox.clone(), shared.clone());
            Box::pin(async move {
                match active(tx, form_id, id).await? {
                    Ok(subscription) => {
                        outbox.owe_test(tx, &shared.0, &subscription, &shared.1, now).await?;
                        Ok(Sent::Owed)
                    }
                    Err(sent) => Ok(sent),
                }
            })
        });
        self.told(sent.await?)
    }

    fn told(&self, sent: Sent) -> Result<()> {
        match sent {
            Sent::Owed => {
                self.engine.parts.outbox.ring();
                Ok(())
            }
            Sent::Inactive => Err(Error::new(ErrorKind::Conflict, "the subscription is not active")),
            Sent::Missing => Err(missing()),
        }
    }
}

/// The subscriptions of a form, by id.
async fn all(tx: &mut Tx, form: FormId) -> StoreResult<Vec<FormSubscription>> {
    let mut all: Vec<FormSubscription> = Vec::new();
    for Subscription { id, form_id, url, event, kind } in tx.subscriptions_of(form).await? {
        if let SubscriptionKind::Result { handshake_key } = kind {
            all.push(FormSubscription::Webhook(id, Webhook { form_id, url, event, handshake_key }));
        }
    }
    all.extend(tx.integrations_of(form).await?.into_iter().map(FormSubscription::Integration));
    all.sort_by_key(FormSubscription::id);
    Ok(all)
}

/// A subscription that is in force, of a form that is there.
async fn active(tx: &mut Tx, form: FormId, id: WebhookId) -> StoreResult<Result<Subscription, Sent>> {
    // Held, so that it is not deleted meanwhile.
    if hold_form(tx, form).await?.is_none() {
        return Ok(Err(Sent::Missing));
    }
    if let Some(subscription) = tx.subscription(id).await?.filter(|found| found.form_id == form) {
        return Ok(Ok(subscription));
    }
    let is_there = tx.integration(id).await?.is_some_and(|found| found.form_id == form);
    Ok(Err(if is_there { Sent::Inactive } else { Sent::Missing }))
}

fn missing() -> Error {
    Error::not_found("the subscription")
}
