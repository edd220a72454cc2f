//! The lines of subscriptions to what happens to a form: webhooks and integrations.
//!
//! Must not know: whether a subscription would be taken from a client; what is dumped must be read.

use super::form::filled;
use super::kind::Kind;
use super::line::{Line, Shown};
use super::scalar::{Id, Instant, Short};
use fillhouse_model::{Fault, FormId, Integration, Webhook, WebhookId};
use fillhouse_store::document::LabelsDocument;
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WebhookDocument<'a> {
    #[serde(rename = "kind")]
    _kind: Kind,
    form_id: Id,
    #[serde(borrow)]
    url: Short<'a>,
    event: Short<'a>,
    handshake_key: Option<Short<'a>>,
}

impl TryFrom<WebhookDocument<'_>> for Webhook {
    type Error = Fault;

    fn try_from(document: WebhookDocument<'_>) -> Result<Self, Fault> {
        Ok(Self {
            form_id: FormId(document.form_id.0),
            url: http_url("url", document.url.into())?,
            event: filled("event", document.event)?,
            handshake_key: document.handshake_key.map(String::from),
        })
    }
}

/// Writes the line of a webhook.
pub fn write_webhook(webhook: &Webhook, out: &mut Vec<u8>) {
    Line::new(Kind::Webhook, out)
        .put("form_id", &webhook.form_id.0)
        .put("url", &webhook.url)
        .put("event", &webhook.event)
        .put_some("handshake_key", webhook.handshake_key.as_ref())
        .end();
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct IntegrationDocument<'a> {
    #[serde(rename = "kind")]
    _kind: Kind,
    id: Id,
    form_id: Id,
    #[serde(borrow)]
    url: Short<'a>,
    active: bool,
    secret: Option<Short<'a>>,
    headers: Option<LabelsDocument<'a>>,
    created_at: Instant,
    updated_at: Instant,
}

impl TryFrom<IntegrationDocument<'_>> for Integration {
    type Error = Fault;

    fn try_from(document: IntegrationDocument<'_>) -> Result<Self, Fault> {
        Ok(Self {
            id: WebhookId(document.id.0),
            form_id: FormId(document.form_id.0),
            url: http_url("url", document.url.into())?,
            is_active: document.active,
            secret: document.secret.map(String::from),
            headers: document.headers.map(Vec::from).unwrap_or_default(),
            created_at: document.created_at.0,
            updated_at: document.updated_at.0,
        })
    }
}

/// Writes the line of an integration.
pub fn write_integration(integration: &Integration, out: &mut Vec<u8>) {
    let headers = LabelsDocument::from(integration.headers.as_slice());
    Line::new(Kind::Integration, out)
        .put("id", &integration.id.0)
        .put("form_id", &integration.form_id.0)
        .put("url", &integration.url)
        .put("active", &integration.is_active)
        .put_some("secret", integration.secret.as_ref())
        .put_some("headers", (!integration.headers.is_empty()).then_some(headers))
        .put("created_at", &Shown(integration.created_at))
        .put("updated_at", &Shown(integration.updated_at))
        .end();
}

/// A URL that may be posted to, as far as a line tells.
pub(super) fn http_url(field: &str, url: String) -> Result<String, Fault> {
    let host = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
    if host.is_none_or(str::is_empty) {
        return Err(Fault::new(field, "is not an http or https URL"));
    }
    Ok(url)
}
