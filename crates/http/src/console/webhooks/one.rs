//! One webhook: changed, tested, deleted, and what it was sent.
//!
//! Must not know: what is sent, or how.

use super::super::pairs::{Faults, Pairs};
use super::super::say::{count, minute};
use super::super::session::part;
use super::super::view::{Frame, Refusal, rendered, see_other};
use super::super::words;
use super::{FIELDS, InHooks, Wish, kind_said};
use askama::Template;
use axum::extract::FromRequestParts;
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::Response;
use fillhouse_engine::{DeliveryRecord, DeliveryState, Engine, FormSubscription};
use fillhouse_model::{ErrorKind, WebhookId};

/// A webhook, and somebody who is signed in to its account.
pub(in crate::console) struct InHook {
    here: InHooks,
    hook: FormSubscription,
}

impl FromRequestParts<Engine> for InHook {
    type Rejection = Refusal;

    async fn from_request_parts(head: &mut Parts, engine: &Engine) -> Result<Self, Refusal> {
        let here = InHooks::from_request_parts(head, engine).await?;
        let id = part(head, engine, "webhook").await.ok_or_else(Refusal::missing)?;
        let hook = here.hooks.subscription(&here.place.form, WebhookId(id)).await?;
        Ok(Self { here, hook })
    }
}

impl InHook {
    fn path(&self) -> String {
        format!("{}/{}", self.here.path(), self.hook.id())
    }
}

/// A delivery as it is shown.
struct Sent {
    id: String,
    at: String,
    event: String,
    submission: i64,
    state: &'static str,
    /// When it is tried next.
    next: String,
    attempts: Vec<String>,
    attempts_said: String,
}

impl Sent {
    fn of(record: DeliveryRecord) -> Self {
        let is_owed = record.state == DeliveryState::Owed;
        let attempts: Vec<String> = record.attempts.iter().map(attempt).collect();
        Self {
            at: minute(record.created_at),
            event: record.event,
            submission: record.submission_id.0,
            state: record.state.name(),
            next: if is_owed { minute(record.due_at) } else { String::new() },
            attempts_said: count(attempts.len() as i64, "attempt", "attempts"),
            attempts,
            id: record.id,
        }
    }
}

/// An attempt in a line.
fn attempt(attempt: &fillhouse_engine::Attempt) -> String {
    let status = attempt.status.map(|status| format!(", status {status}")).unwrap_or_default();
    let error = attempt.error.as_deref().map(|error| format!(", {error}")).unwrap_or_default();
    let response = attempt.response.as_deref().filter(|text| !text.trim().is_empty());
    let response = response.map(|text| format!(": {text}")).unwrap_or_default();
    format!("{} UTC, {} ms{status}{error}{response}", attempt.at.to_seconds_string(), attempt.duration_ms)
}

#[derive(Template)]
#[template(path = "console/webhook.html")]
struct Shown {
    frame: Frame,
    form: i64,
    name: String,
    path: String,
    kind: &'static str,
    is_integration: bool,
    wish: Wish,
    faults: Faults,
    notice: Option<String>,
    deliveries: Vec<Sent>,
    is_waiting: bool,
}

impl InHook {
    async fn page(self, wish: Wish, faults: Faults, notice: Option<String>) -> Result<Response, Refusal> {
        let path = self.path();
        let deliveries = self.here.hooks.deliveries(&self.here.place.form, self.hook.id()).await?;
        let is_waiting = deliveries.iter().any(|record| record.state == DeliveryState::Owed);
        let status = if notice.is_some() { StatusCode::CONFLICT } else { faults.status() };
        let shown = Shown {
            form: self.here.form.id.0,
            name: self.here.form.name.clone(),
            frame: self.here.place.frame,
            path,
            kind: kind_said(&self.hook),
            is_integration: matches!(self.hook, FormSubscription::Integration(_)),
            wish,
            faults,
            notice,
            deliveries: deliveries.into_iter().map(Sent::of).collect(),
            is_waiting,
        };
        Ok(rendered(status, &shown))
    }
}

/// Shows a webhook.
pub(in crate::console) async fn show(here: InHook) -> Result<Response, Refusal> {
    let wish = Wish::of_hook(&here.hook);
    here.page(wish, Faults::default(), None).await
}

/// Changes a webhook.
pub(in crate::console) async fn save(here: InHook, pairs: Pairs) -> Result<Response, Refusal> {
    let mut wish = Wish::of(&pairs);
    let form = &here.here.place.form;
    let saved = match &here.hook {
        FormSubscription::Webhook(_, webhook) => {
            // It is known by its URL.
            wish.url.clone_from(&webhook.url);
            here.here.place.writer.put_webhook(form, wish.webhook()).await.map(drop)
        }
        FormSubscription::Integration(integration) => match wish.integration() {
            Ok(new) => here.here.hooks.update(form, integration.id, new, FIELDS).await.map(drop),
            Err(fault) => Err(fault.into()),
        },
    };
    match saved {
        Ok(()) => Ok(see_other(&here.path())),
        Err(error) if error.kind() == ErrorKind::InvalidArgument => {
            let faults = Faults::new(error.faults());
            here.page(wish, faults, None).await
        }
        Err(error) => Err(error.into()),
    }
}

/// Deletes a webhook.
pub(in crate::console) async fn delete(here: InHook) -> Result<Response, Refusal> {
    let form = &here.here.place.form;
    match &here.hook {
        FormSubscription::Webhook(_, webhook) => {
            here.here.place.writer.delete_webhook(form, &webhook.url).await?;
        }
        FormSubscription::Integration(integration) => here.here.hooks.delete(form, integration.id).await?,
    }
    Ok(see_other(&here.here.path()))
}

/// Sends a test.
pub(in crate::console) async fn test(here: InHook) -> Result<Response, Refusal> {
    let sent = here.here.hooks.send_test(&here.here.place.form, here.hook.id()).await;
    here.answer(sent).await
}

/// Sends something once more.
pub(in crate::console) async fn send_again(here: InHook, pairs: Pairs) -> Result<Response, Refusal> {
    let sent = here.here.hooks.send_again(&here.here.place.form, here.hook.id(), pairs.one("delivery")).await;
    here.answer(sent).await
}

impl InHook {
    async fn answer(self, sent: fillhouse_engine::Result<()>) -> Result<Response, Refusal> {
        match sent {
            Ok(()) => Ok(see_other(&self.path())),
            Err(error) if error.kind() == ErrorKind::Conflict => {
                let wish = Wish::of_hook(&self.hook);
                self.page(wish, Faults::default(), Some(format!("{}.", error.message()))).await
            }
            Err(error) => Err(error.into()),
        }
    }
}
