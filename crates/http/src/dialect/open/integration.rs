//! An integration and its events as they are written, and as they are read from a request.
//!
//! Must not know: what makes a URL, a secret or a header good.

use super::error::Refusal;
use crate::body;
use fillhouse_engine::{DeliveryRecord, DeliveryState, NewIntegration};
use fillhouse_model::Fault;
use serde::Serialize;
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// The only kind of integration there is.
const WEBHOOK: &str = "webhook";

/// What became of a request to change something.
#[derive(Serialize, ToSchema)]
pub(super) struct Told {
    /// `success`
    r#type: &'static str,
    message: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    form_integration: Option<Integration>,
}

impl Told {
    pub(super) fn of(message: &'static str, made: Option<fillhouse_model::Integration>) -> Self {
        Self { r#type: "success", message, form_integration: made.map(Integration::from) }
    }
}

/// An integration.
#[derive(Serialize, ToSchema)]
#[expect(clippy::struct_field_names, reason = "the names are those that clients know")]
pub(super) struct Integration {
    id: i64,
    form_id: i64,
    /// `webhook`
    integration_id: &'static str,
    /// `active` or `inactive`
    status: &'static str,
    data: Data,
    /// Always null: there are no conditions.
    #[schema(value_type = Option<Object>)]
    logic: (),
    /// Always null.
    #[schema(value_type = Option<i64>)]
    oauth_id: (),
    created_at: String,
    updated_at: String,
    /// Always null.
    #[schema(value_type = Option<Object>)]
    provider: (),
}

#[derive(Serialize, ToSchema)]
#[expect(clippy::struct_field_names, reason = "the names are those that clients know")]
struct Data {
    webhook_url: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    webhook_secret: Option<String>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    #[schema(required = false)]
    webhook_headers: BTreeMap<String, String>,
}

impl From<fillhouse_model::Integration> for Integration {
    fn from(integration: fillhouse_model::Integration) -> Self {
        Self {
            id: integration.id.0,
            form_id: integration.form_id.0,
            integration_id: WEBHOOK,
            status: if integration.is_active { "active" } else { "inactive" },
            data: Data {
                webhook_url: integration.url,
                webhook_secret: integration.secret,
                webhook_headers: integration.headers.into_iter().collect(),
            },
            logic: (),
            oauth_id: (),
            created_at: integration.created_at.to_string(),
            updated_at: integration.updated_at.to_string(),
            provider: (),
        }
    }
}

/// What was sent, or is to be.
#[derive(Serialize, ToSchema)]
#[expect(clippy::struct_field_names, reason = "the names are those that clients know")]
pub(super) struct Event {
    /// The id that every attempt has in its `Webhook-Id`.
    id: String,
    /// What happened.
    event: String,
    submission_id: i64,
    /// When it happened, in UTC.
    #[schema(example = "2026-06-01 12:00")]
    date: String,
    /// `Success`, `Error`, or `Pending` while it is still to be sent.
    status: &'static str,
    /// How often it was tried.
    attempts: usize,
    /// The status that the last attempt was answered with.
    response_code: Option<i64>,
    /// What the last attempt came to; null before the first.
    data: Option<Outcome>,
}

#[derive(Serialize, ToSchema)]
struct Outcome {
    /// Why it did not do, where it did not.
    message: Option<String>,
    /// The beginning of the answer.
    response: Option<String>,
    /// The status of the answer.
    status: Option<i64>,
}

impl From<DeliveryRecord> for Event {
    fn from(record: DeliveryRecord) -> Self {
        let attempts = record.attempts.len();
        let data = record.attempts.into_iter().next_back().map(|last| Outcome {
            message: last.error,
            response: last.response,
            status: last.status,
        });
        let instant = record.created_at.to_string();
        Self {
            id: record.id,
            event: record.event,
            submission_id: record.submission_id.0,
            date: instant.get(..16).unwrap_or_default().replacen('T', " ", 1),
            status: match record.state {
                DeliveryState::Delivered => "Success",
                DeliveryState::Owed if attempts == 0 => "Pending",
                DeliveryState::Owed | DeliveryState::Failed | DeliveryState::Disabled => "Error",
            },
            attempts,
            response_code: data.as_ref().and_then(|last| last.status),
            data,
        }
    }
}

/// An integration to be made, or what one is to become.
#[derive(ToSchema)]
#[expect(
    dead_code,
    reason = "it says what may be sent; the fields are read one by one, to name those that are wrong"
)]
pub(super) struct Given {
    /// `webhook`
    #[schema(example = "webhook")]
    integration_id: String,
    /// `active` or `inactive`
    #[schema(example = "active")]
    status: String,
    /// Null or empty: there are no conditions.
    #[schema(required = false)]
    logic: Option<Value>,
    data: GivenData,
}

#[derive(ToSchema)]
#[expect(dead_code, clippy::struct_field_names, reason = "as above")]
struct GivenData {
    #[schema(example = "https://example.com/hook")]
    webhook_url: String,
    /// 12 to 255 characters.
    #[schema(required = false)]
    webhook_secret: Option<String>,
    /// Up to 10 headers.
    #[schema(required = false)]
    webhook_headers: Option<BTreeMap<String, String>>,
}

/// Reads what an integration is to be.
///
/// # Errors
/// The body is no JSON object, or its fields are not of the right kind; each is named.
pub(super) fn integration_of(body: &[u8]) -> Result<NewIntegration, Refusal> {
    let text = body::text(body).map_err(|fault| Refusal::from(fault).unreadable())?;
    let object: Map<String, Value> = serde_json::from_str(text)
        .map_err(|error| Refusal::from(Fault::new("body", format!("is not JSON: {error}"))).unreadable())?;
    let mut faults = Vec::new();
    if object.get("integration_id").and_then(Value::as_str) != Some(WEBHOOK) {
        faults.push(Fault::new("integration_id", "is not webhook, the only kind there is"));
    }
    let status = object.get("status").and_then(Value::as_str);
    if !matches!(status, Some("active" | "inactive")) {
        faults.push(Fault::new("status", "is neither active nor inactive"));
    }
    if object.get("logic").is_some_and(|logic| !is_empty(logic)) {
        faults.push(Fault::new("logic", "has conditions, which are not taken into account here"));
    }
    let none = Map::new();
    let data = object.get("data").and_then(Value::as_object).unwrap_or(&none);
    let url = text_of(data, "webhook_url", &mut faults);
    let secret = text_of(data, "webhook_secret", &mut faults);
    let headers = headers_of(data, &mut faults);
    if !faults.is_empty() {
        return Err(fillhouse_engine::Error::invalid(faults).into());
    }
    Ok(NewIntegration { url: url.unwrap_or_default(), is_active: status == Some("active"), secret, headers })
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Array(values) => values.is_empty(),
        Value::Object(fields) => fields.values().all(is_empty),
        _ => false,
    }
}

fn text_of(data: &Map<String, Value>, name: &str, faults: &mut Vec<Fault>) -> Option<String> {
    match data.get(name) {
        Some(Value::String(text)) if !text.is_empty() => return Some(text.clone()),
        None | Some(Value::Null | Value::String(_)) => {}
        Some(_) => faults.push(Fault::new(format!("data.{name}"), "is not a text")),
    }
    None
}

fn headers_of(data: &Map<String, Value>, faults: &mut Vec<Fault>) -> Vec<(String, String)> {
    const NAME: &str = "webhook_headers";
    match data.get(NAME) {
        Some(Value::Object(headers)) => {
            let texts = headers.iter().map(|(name, value)| Some((name.clone(), value.as_str()?.to_owned())));
            texts.collect::<Option<_>>().unwrap_or_else(|| {
                faults.push(Fault::new(format!("data.{NAME}"), "have a value that is not a text"));
                Vec::new()
            })
        }
        Some(value) if !is_empty(value) => {
            faults.push(Fault::new(format!("data.{NAME}"), "are not an object of names and values"));
            Vec::new()
        }
        _ => Vec::new(),
    }
}
