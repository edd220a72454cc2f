//! `{user_dir}/forms/{form_dir}/webhooks`: who is told of a form's results.
//!
//! Must not know: how anybody is told.

use super::access::{Access, InForm};
use super::error::{Refusal, Refusals};
use super::given::Given;
use axum::Json;
use axum::body::Body;
use axum::http::Uri;
use fillhouse_engine::NewWebhook;
use serde::Serialize;
use utoipa::ToSchema;

/// Webhooks.
#[derive(Serialize, ToSchema)]
pub(super) struct Webhooks {
    webhooks: Vec<Webhook>,
}

/// One webhook.
#[derive(Serialize, ToSchema)]
pub(super) struct OneWebhook {
    webhook: Webhook,
}

#[derive(Serialize, ToSchema)]
struct Webhook {
    /// A word that is posted along with the result.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    handshake_key: Option<String>,
    /// What is subscribed to: `result_completed`.
    #[schema(example = "result_completed")]
    event: String,
    /// Where it is posted.
    #[schema(example = "https://example.com/hook")]
    url: String,
}

/// The URL of a webhook.
#[derive(ToSchema)]
#[expect(dead_code, reason = "it says what may be sent; the parameters are read wherever they come")]
pub(super) struct Named {
    /// Where it posts.
    #[schema(example = "https://example.com/hook")]
    url: String,
}

/// Nothing.
#[derive(Serialize, ToSchema)]
pub(super) struct Nothing {}

/// The webhooks of a form.
#[utoipa::path(
    get,
    path = "/{user_dir}/forms/{form_dir}/webhooks",
    params(
        ("user_dir" = String, Path, description = "The account's directory"),
        ("form_dir" = String, Path, description = "The form's directory"),
    ),
    responses((status = 200, description = "The webhooks, by URL", body = Webhooks), Refusals),
)]
pub(super) async fn list(place: InForm) -> Result<Json<Webhooks>, Refusal> {
    let webhooks = place.reader.webhooks(&place.form).await?;
    Ok(Json(Webhooks { webhooks: webhooks.into_iter().map(Webhook::from).collect() }))
}

/// Makes a webhook, or changes the one of its URL. The parameters may be in the body, as JSON (also within `webhook`) or as
/// a form, or behind the question mark.
#[utoipa::path(
    post,
    path = "/{user_dir}/forms/{form_dir}/webhooks",
    params(
        ("user_dir" = String, Path, description = "The account's directory"),
        ("form_dir" = String, Path, description = "The form's directory"),
        ("event" = Option<String>, Query, description = "`result_completed`"),
        ("handshake_key" = Option<String>, Query, description = "A word that is posted along with the result"),
        ("url" = Option<String>, Query, description = "Where to post"),
    ),
    request_body(content((Webhook = "application/json"), (Webhook = "application/x-www-form-urlencoded"))),
    responses((status = 200, description = "It is there now", body = OneWebhook), Refusals),
)]
pub(super) async fn put(access: Access, uri: Uri, body: Body) -> Result<Json<OneWebhook>, Refusal> {
    let (writer, form) = (access.caller.forms_writer()?, access.form());
    let given = Given::read(&uri, body).await?;
    let new = NewWebhook {
        url: given.required("url")?.to_owned(),
        event: given.required("event")?.to_owned(),
        handshake_key: given.one("handshake_key").map(str::to_owned),
    };
    let webhook = writer.put_webhook(&form, new).await?;
    Ok(Json(OneWebhook { webhook: webhook.into() }))
}

/// Deletes the webhook of a URL, which may be behind the question mark, or in the body as JSON or as a form.
#[utoipa::path(
    delete,
    path = "/{user_dir}/forms/{form_dir}/webhooks",
    params(
        ("user_dir" = String, Path, description = "The account's directory"),
        ("form_dir" = String, Path, description = "The form's directory"),
        ("url" = Option<String>, Query, description = "Where it posts"),
    ),
    request_body(content((Named = "application/json"), (Named = "application/x-www-form-urlencoded"))),
    responses((status = 200, description = "It is gone", body = Nothing), Refusals),
)]
pub(super) async fn delete(access: Access, uri: Uri, body: Body) -> Result<Json<Nothing>, Refusal> {
    let (writer, form) = (access.caller.forms_writer()?, access.form());
    let given = Given::read(&uri, body).await?;
    writer.delete_webhook(&form, given.required("url")?).await?;
    Ok(Json(Nothing {}))
}

impl From<fillhouse_model::Webhook> for Webhook {
    fn from(webhook: fillhouse_model::Webhook) -> Self {
        Self { handshake_key: webhook.handshake_key, event: webhook.event, url: webhook.url }
    }
}
