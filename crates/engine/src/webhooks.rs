//! Webhooks: the subscriptions that are known by their URL.
//!
//! Guarantees: whoever manages a form's webhooks may write to it; a URL that this server would not call is refused when
//! the webhook is made.
//!
//! Must not know: how a delivery is made.

use crate::deliver::check_url;
use crate::hold::hold_form;
use crate::{Error, FormRef, FormsReader, FormsWriter, Result};
use fillhouse_model::{Fault, Webhook};
use fillhouse_store::Error as StoreError;

/// The event there is.
pub(crate) const RESULT_COMPLETED: &str = "result_completed";
/// How many webhooks a form may have: a body is written for each of them with every submission.
const MOST_WEBHOOKS: usize = 50;
/// How long a handshake key may be.
const MOST_KEY_CHARS: usize = 2_000;

/// A webhook to be made, or to be changed where its form has one of its URL.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewWebhook {
    /// Where to post.
    pub url: String,
    /// What is subscribed to: `result_completed`.
    pub event: String,
    /// A word that is sent along.
    pub handshake_key: Option<String>,
}

/// What became of a webhook that was to be stored.
enum Made {
    Done,
    OneTooMany,
    /// The form was deleted just now.
    FormIsGone,
}

impl FormsReader {
    /// A form's webhooks, by URL.
    ///
    /// # Errors
    /// There is no such form.
    pub async fn webhooks(&self, form: &FormRef) -> Result<Vec<Webhook>> {
        let store = &self.engine.parts.store;
        let form = form.find(store, self.account).await?.form.id;
        Ok(store.read(move |tx| Box::pin(tx.webhooks_of(form))).await?)
    }
}

impl FormsWriter {
    /// Makes a webhook, or changes the one of its URL.
    ///
    /// # Errors
    /// There is no such form; the webhook is not valid, or one too many.
    pub async fn put_webhook(&self, form: &FormRef, new: NewWebhook) -> Result<Webhook> {
        let store = &self.engine.parts.store;
        let form_id = form.find(store, self.account).await?.form.id;
        let faults: Vec<Fault> = [check_event(&new.event), check_key(new.handshake_key.as_deref())]
            .into_iter()
            .chain([check_url("url", &new.url, &self.engine.parts.settings.deliveries)])
            .filter_map(Result::err)
            .collect();
        if !faults.is_empty() {
            return Err(Error::invalid(faults));
        }
        let NewWebhook { url, event, handshake_key } = new;
        let webhook = Webhook { form_id, url, event, handshake_key };
        let put = webhook.clone();
        let entry = self.engine.entry(self.account, &self.actor, "webhook.stored");
        let entry = entry.of(format!("webhook {} of form {form_id}", put.url));
        let store = async || {
            let (put, entry) = (put.clone(), entry.clone());
            let stored = store.write(move |tx| {
                let (put, entry) = (put.clone(), entry.clone());
                Box::pin(async move {
                    if hold_form(tx, form_id).await?.is_none() {
                        return Ok(Made::FormIsGone);
                    }
                    let known = tx.webhooks_of(form_id).await?;
                    if known.len() >= MOST_WEBHOOKS && known.iter().all(|webhook| webhook.url != put.url) {
                        return Ok(Made::OneTooMany);
                    }
                    tx.put_webhook(&put).await?;
                    tx.audit(&entry).await?;
                    Ok(Made::Done)
                })
            });
            stored.await
        };
        let made = match store().await {
            // Another stored one of the URL just now, which is seen the second time.
            Err(StoreError::Constraint(_)) => store().await?,
            other => other?,
        };
        match made {
            Made::Done => Ok(webhook),
            Made::FormIsGone => Err(Error::not_found(form)),
            Made::OneTooMany => {
                let message = format!("is of a webhook too many: a form has at most {MOST_WEBHOOKS}");
                Err(Fault::new("url", message).into())
            }
        }
    }

    /// Deletes the webhook of a URL; what is owed to it is called off.
    ///
    /// # Errors
    /// There is no such form, or it has no such webhook.
    pub async fn delete_webhook(&self, form: &FormRef, url: &str) -> Result<()> {
        let store = &self.engine.parts.store;
        let (form, now) = (form.find(store, self.account).await?.form.id, self.engine.now());
        let url = url.to_owned();
        let entry = self.engine.entry(self.account, &self.actor, "webhook.deleted");
        let entry = entry.of(format!("webhook {url} of form {form}"));
        let deleted = store.write(move |tx| {
            let (url, entry) = (url.clone(), entry.clone());
            Box::pin(async move {
                let is_deleted = tx.delete_webhook(form, &url, now).await?;
                if is_deleted {
                    tx.audit(&entry).await?;
                }
                Ok(is_deleted)
            })
        });
        if deleted.await? { Ok(()) } else { Err(Error::not_found("the webhook")) }
    }
}

fn check_event(event: &str) -> Result<(), Fault> {
    match event {
        RESULT_COMPLETED => Ok(()),
        _ => Err(Fault::new("event", format!("is not {RESULT_COMPLETED}, the only one there is"))),
    }
}

fn check_key(key: Option<&str>) -> Result<(), Fault> {
    match key {
        Some(key) if key.chars().count() > MOST_KEY_CHARS => {
            Err(Fault::new("handshake_key", format!("has more than {MOST_KEY_CHARS} characters")))
        }
        Some(key) if key.contains('\0') => Err(Fault::new("handshake_key", "has a NUL character in it")),
        _ => Ok(()),
    }
}
