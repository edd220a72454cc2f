//! `forms/{form}/submissions`: storing what was filled in.
//!
//! Guarantees: a body is held once, and read where it lies.
//!
//! Must not know: what a submission is made of.

use super::access::Writer;
use super::problem::Problem;
use crate::body;
use axum::Json;
use axum::body::Body;
use axum::extract::Path;
use axum::extract::rejection::PathRejection;
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, StatusCode};
use fillhouse_engine::{Error, FormRef, Submit};
use fillhouse_model::{ErrorKind, Fault};
use serde::Serialize;

const IDEMPOTENCY_KEY: &str = "idempotency-key";

/// The ids of what was stored, in the order in which it came.
#[derive(Serialize, utoipa::ToSchema)]
pub(super) struct Stored {
    ids: Vec<i64>,
}

/// Stores one submission, or many.
#[utoipa::path(
    post,
    path = "/forms/{form}/submissions",
    params(
        ("form" = String, Path, description = "The form's id, shortname, slug or directory"),
        ("Idempotency-Key" = Option<String>, Header, description = "Makes a retry of the request safe"),
    ),
    request_body(content = serde_json::Value, description = "`{\"answers\": {…}, …}`, or `{\"submissions\": […]}`"),
    responses(
        (status = 201, description = "They are stored", body = Stored),
        (status = "4XX", description = "They are not", body = Object, content_type = "application/problem+json"),
    ),
)]
pub(super) async fn submit(
    Writer(writer): Writer,
    form: Result<Path<String>, PathRejection>,
    headers: HeaderMap,
    body: Body,
) -> Result<(StatusCode, Json<Stored>), Problem> {
    must_be_json(&headers)?;
    let Path(form) = form.map_err(|_| Error::not_found("the form"))?;
    let form = FormRef::called(form);
    let idempotency_key = idempotency_key(&headers)?;
    let body = body::read(body).await.map_err(|error| Problem::from(error).unreadable())?;
    let body = body::text(&body).map_err(|fault| Problem::from(fault).unreadable())?;
    match writer.submit(Submit { form: &form, body, idempotency_key }).await {
        Ok(ids) => Ok((StatusCode::CREATED, Json(Stored { ids: ids.into_iter().map(|id| id.0).collect() }))),
        Err(error) if error.kind() == ErrorKind::InvalidArgument && !is_json(body) => {
            Err(Problem::from(error).unreadable())
        }
        Err(error) => Err(error.into()),
    }
}

pub(super) fn must_be_json(headers: &HeaderMap) -> Result<(), Problem> {
    let given = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let media_type = given.split(';').next().unwrap_or_default().trim();
    if media_type.eq_ignore_ascii_case("application/json") {
        return Ok(());
    }
    let detail = "the Content-Type is not application/json, the only one that is taken";
    Err(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, detail))
}

pub(super) fn idempotency_key(headers: &HeaderMap) -> Result<Option<&str>, Fault> {
    let mut keys = headers.get_all(IDEMPOTENCY_KEY).iter();
    let Some(key) = keys.next() else { return Ok(None) };
    if keys.next().is_some() {
        return Err(Fault::new("Idempotency-Key", "is given more than once"));
    }
    key.to_str()
        .map(Some)
        .map_err(|_| Fault::new("Idempotency-Key", "is not made of visible ASCII characters"))
}

/// Asked of what was refused only: whoever sends good submissions does not wait for it.
fn is_json(body: &str) -> bool {
    serde_json::from_str::<serde::de::IgnoredAny>(body).is_ok()
}
