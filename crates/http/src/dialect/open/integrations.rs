//! `open/forms/{form}/integrations`: who is told of a form's submissions, and how that went.
//!
//! Guarantees: an integration is found below its own form only.
//!
//! Must not know: how anybody is told.

use super::access::Manager;
use super::error::{Refusal, Refusals};
use super::integration::{Event, Given, Integration, Told, integration_of};
use super::sent::Sent;
use axum::Json;
use axum::extract::Path;
use axum::extract::rejection::PathRejection;
use fillhouse_engine::{Error, IntegrationFields};
use fillhouse_model::WebhookId;

/// How the fields are called that can be wrong.
const FIELDS: IntegrationFields = IntegrationFields {
    url: "data.webhook_url",
    secret: "data.webhook_secret",
    headers: "data.webhook_headers",
};

type InPath = Result<Path<(String, String)>, PathRejection>;

/// Lists the integrations of a form.
#[utoipa::path(
    get,
    path = "/forms/{form}/integrations",
    params(("form" = String, Path, description = "The form's id, else its slug")),
    responses((status = 200, description = "The integrations", body = Vec<Integration>), Refusals),
)]
pub(super) async fn list(manager: Manager) -> Result<Json<Vec<Integration>>, Refusal> {
    let all = manager.integrations.list(&manager.form).await?;
    Ok(Json(all.into_iter().map(Integration::from).collect()))
}

/// Makes an integration.
#[utoipa::path(
    post,
    path = "/forms/{form}/integrations",
    params(("form" = String, Path, description = "The form's id, else its slug")),
    request_body = Given,
    responses((status = 200, description = "It is there now", body = Told), Refusals),
)]
pub(super) async fn create(manager: Manager, Sent(body): Sent) -> Result<Json<Told>, Refusal> {
    let new = integration_of(&body)?;
    let made = manager.integrations.create(&manager.form, new, FIELDS).await?;
    Ok(Json(Told::of("Form Integration was created.", Some(made))))
}

/// Changes an integration.
#[utoipa::path(
    put,
    path = "/forms/{form}/integrations/{id}",
    params(
        ("form" = String, Path, description = "The form's id, else its slug"),
        ("id" = i64, Path, description = "The integration's id"),
    ),
    request_body = Given,
    responses((status = 200, description = "It is changed", body = Told), Refusals),
)]
pub(super) async fn update(manager: Manager, path: InPath, Sent(body): Sent) -> Result<Json<Told>, Refusal> {
    let (id, new) = (id(path)?, integration_of(&body)?);
    let changed = manager.integrations.update(&manager.form, id, new, FIELDS).await?;
    Ok(Json(Told::of("Form Integration was updated.", Some(changed))))
}

/// Deletes an integration.
#[utoipa::path(
    delete,
    path = "/forms/{form}/integrations/{id}",
    params(
        ("form" = String, Path, description = "The form's id, else its slug"),
        ("id" = i64, Path, description = "The integration's id"),
    ),
    responses((status = 200, description = "It is gone", body = Told), Refusals),
)]
pub(super) async fn delete(manager: Manager, path: InPath) -> Result<Json<Told>, Refusal> {
    manager.integrations.delete(&manager.form, id(path)?).await?;
    Ok(Json(Told::of("Form Integration was deleted.", None)))
}

/// Lists what an integration was sent lately, the latest first.
#[utoipa::path(
    get,
    path = "/forms/{form}/integrations/{id}/events",
    params(
        ("form" = String, Path, description = "The form's id, else its slug"),
        ("id" = i64, Path, description = "The integration's id"),
    ),
    responses((status = 200, description = "The events", body = Vec<Event>), Refusals),
)]
pub(super) async fn events(manager: Manager, path: InPath) -> Result<Json<Vec<Event>>, Refusal> {
    let log = manager.integrations.events(&manager.form, id(path)?).await?;
    Ok(Json(log.into_iter().map(Event::from).collect()))
}

fn id(path: InPath) -> Result<WebhookId, Refusal> {
    let missing = || Refusal::from(Error::not_found("the integration"));
    let Path((_, id)) = path.map_err(|_| missing())?;
    id.parse().map(WebhookId).map_err(|_| missing())
}
