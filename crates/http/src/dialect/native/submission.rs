//! `forms/{form}/submissions/{id}`: one submission, looked at, changed or deleted.
//!
//! Guarantees: a submission of another form is not found.
//!
//! Must not know: what a submission is made of.

use super::access::{Reader, Writer};
use super::problem::Problem;
use super::submissions::must_be_json;
use crate::body;
use axum::body::Body;
use axum::extract::Path;
use axum::extract::rejection::PathRejection;
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse as _, Response};
use fillhouse_engine::{Edit, Error, FormRef, FoundSubmission};
use fillhouse_model::SubmissionId;

type InPath = Result<Path<(String, String)>, PathRejection>;

/// Gives a submission, as the interchange format writes it.
#[utoipa::path(
    get,
    path = "/forms/{form}/submissions/{id}",
    params(
        ("form" = String, Path, description = "The form's id, shortname, slug or directory"),
        ("id" = i64, Path, description = "The submission's id"),
    ),
    responses(
        (status = 200, description = "The submission", body = Object),
        (status = "4XX", description = "It is not given", body = Object, content_type = "application/problem+json"),
    ),
)]
pub(super) async fn show(Reader(reader): Reader, path: InPath) -> Result<Response, Problem> {
    let (form, id) = named(path)?;
    Ok(shown(&reader.submission(&form, id).await?))
}

/// Changes what the body names of a submission, its answers one by one. Where it names the `date_update` that the
/// submission had when it was read, others must not have changed it since.
#[utoipa::path(
    patch,
    path = "/forms/{form}/submissions/{id}",
    params(
        ("form" = String, Path, description = "The form's id, shortname, slug or directory"),
        ("id" = i64, Path, description = "The submission's id"),
    ),
    request_body(content = Object, description = "`{\"answers\": {…}, …}`; an answer of `null` is none"),
    responses(
        (status = 200, description = "The submission as it is now", body = Object),
        (status = "4XX", description = "It is not changed", body = Object, content_type = "application/problem+json"),
    ),
)]
pub(super) async fn change(
    Writer(writer): Writer,
    path: InPath,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Problem> {
    must_be_json(&headers)?;
    let (form, id) = named(path)?;
    let body = body::read(body).await.map_err(|error| Problem::from(error).unreadable())?;
    let body = body::text(&body).map_err(|fault| Problem::from(fault).unreadable())?;
    Ok(shown(&writer.replace_submission(&form, id, Edit::Document(body)).await?))
}

/// Deletes a submission.
#[utoipa::path(
    delete,
    path = "/forms/{form}/submissions/{id}",
    params(
        ("form" = String, Path, description = "The form's id, shortname, slug or directory"),
        ("id" = i64, Path, description = "The submission's id"),
    ),
    responses(
        (status = 204, description = "It is deleted"),
        (status = "4XX", description = "It is not", body = Object, content_type = "application/problem+json"),
    ),
)]
pub(super) async fn delete(Writer(writer): Writer, path: InPath) -> Result<StatusCode, Problem> {
    let (form, id) = named(path)?;
    writer.delete_submission(&form, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

fn named(path: InPath) -> Result<(FormRef, SubmissionId), Error> {
    let missing = || Error::not_found("the submission");
    let Path((form, id)) = path.map_err(|_| missing())?;
    Ok((FormRef::called(form), id.parse().map(SubmissionId).map_err(|_| missing())?))
}

fn shown(found: &FoundSubmission) -> Response {
    let media_type = [(CONTENT_TYPE, HeaderValue::from_static("application/json"))];
    (media_type, found.to_json()).into_response()
}
