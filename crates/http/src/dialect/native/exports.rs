//! `exports`: asking for the submissions of a form as a file, and the list of what was asked for.
//!
//! Guarantees: who asks again for what is there, or under way, is given that and makes no second one.
//!
//! Must not know: how a file is made.

mod file;
mod one;
mod receipt;
mod request;
mod shown;

use super::access::Reader;
use super::problem::Problem;
use super::submissions::{idempotency_key, must_be_json};
use crate::body;
use axum::Json;
use axum::body::Body;
use axum::http::header::LOCATION;
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::{IntoResponse as _, Response};
pub(super) use file::{__path_download, __path_file, download, file};
use fillhouse_engine::{Again, Estimate, ExportPage};
use fillhouse_model::{ErrorKind, Fault};
pub(super) use one::{
    __path_cancel, __path_delete, __path_events, __path_show, cancel, delete, events, show,
};
pub(super) use receipt::{__path_receipt, __path_receipt_key, receipt, receipt_key};
pub(super) use request::{ExportBody, Wish};
use serde::Serialize;
use shown::ShownExport;
use utoipa::ToSchema;

/// How many exports a page of the list has at most, and unless something else is said.
const MOST_LISTED: u32 = 100;
const LISTED: u32 = 20;

/// A page of the list.
#[derive(Serialize, ToSchema)]
pub(super) struct ShownExports {
    exports: Vec<ShownExport>,
    /// What to ask for the next page with; none on the last.
    next_cursor: Option<String>,
}

/// What an export would come to.
#[derive(Serialize, ToSchema)]
pub(super) struct ShownEstimate {
    rows: i64,
    /// Whether there will be exactly so many.
    rows_are_exact: bool,
    /// About how many bytes the file would have.
    bytes: i64,
    /// In about how many seconds it would be made, once it is its turn.
    seconds: i64,
}

/// Asks for an export; or, with `dry_run`, what it would come to.
#[utoipa::path(
    post,
    path = "/exports",
    params(("Idempotency-Key" = Option<String>, Header, description = "Makes a retry of the request safe")),
    request_body = ExportBody,
    responses(
        (status = 200, description = "It was asked for before, and is this; or what it would come to",
            body = Object),
        (status = 201, description = "It is being made", body = ShownExport),
        (status = "4XX", description = "It is not", body = Object, content_type = "application/problem+json"),
        (status = 503, description = "Something needed is not there just now", body = Object,
            content_type = "application/problem+json"),
    ),
)]
pub(super) async fn ask(Reader(reader): Reader, headers: HeaderMap, body: Body) -> Result<Response, Problem> {
    must_be_json(&headers)?;
    let key = idempotency_key(&headers)?;
    let body = body::read(body).await.map_err(|error| Problem::from(error).unreadable())?;
    let body = body::text(&body).map_err(|fault| Problem::from(fault).unreadable())?;
    let again = key.map(|key| Again::new(key, body)).transpose()?;
    let Wish { is_dry, request } = Wish::read(&reader, body).await?;
    if is_dry {
        let Estimate { rows, size_bytes, seconds, is_exact } = reader.estimate_export(request).await?;
        let told = ShownEstimate { rows, rows_are_exact: is_exact, bytes: size_bytes, seconds };
        return Ok(Json(told).into_response());
    }
    let asked = reader.ask_for_export(request, again).await?;
    let export = reader.follow_export(&asked.id).await?;
    let shown = ShownExport::of(&reader, export).await?;
    let status = if asked.is_new { StatusCode::CREATED } else { StatusCode::OK };
    Ok((status, [(LOCATION, format!("/v1/exports/{}", asked.id))], Json(shown)).into_response())
}

/// Lists the exports of the account's forms, the latest first, whatever they were asked for with.
#[utoipa::path(
    get,
    path = "/exports",
    params(
        ("limit" = Option<u32>, Query, description = "How many at most, 1 to 100; else 20", minimum = 1, maximum = 100),
        ("cursor" = Option<String>, Query, description = "The `next_cursor` of the page before"),
    ),
    responses(
        (status = 200, description = "The exports", body = ShownExports),
        (status = "4XX", description = "They are not listed", body = Object, content_type = "application/problem+json"),
    ),
)]
pub(super) async fn list(Reader(reader): Reader, uri: Uri) -> Result<Json<ShownExports>, Problem> {
    let limit = queried(&uri, "limit")?.map(|text| number(&text, "limit", 1, MOST_LISTED)).transpose()?;
    let limit = limit.unwrap_or(LISTED);
    let before = queried(&uri, "cursor")?.map(|text| shown::place(&text)).transpose()?;
    let mut found = reader.exports(ExportPage { form: None, before, limit: limit + 1 }).await?;
    let has_more = found.len() > limit as usize;
    found.truncate(limit as usize);
    let next_cursor = found.last().filter(|_| has_more).map(|last| shown::cursor(last.number));
    let mut exports = Vec::with_capacity(found.len());
    for export in found {
        exports.push(ShownExport::of(&reader, export).await?);
    }
    Ok(Json(ShownExports { exports, next_cursor }))
}

/// What is said behind the question mark under a name, once at most.
pub(super) fn queried(uri: &Uri, name: &str) -> Result<Option<String>, Fault> {
    let pairs = axum::extract::Query::<Vec<(String, String)>>::try_from_uri(uri)
        .map_err(|_| Fault::new("query", "is not readable"))?;
    let mut values = pairs.0.into_iter().filter(|(known, _)| known == name).map(|(_, value)| value);
    let value = values.next();
    match values.next() {
        Some(_) => Err(Fault::new(name, "is given more than once")),
        None => Ok(value),
    }
}

/// A whole number within bounds.
pub(super) fn number(text: &str, name: &str, least: u32, most: u32) -> Result<u32, Fault> {
    let number = text.parse().ok().filter(|number| (least..=most).contains(number));
    number.ok_or_else(|| Fault::new(name, format!("is not a number from {least} to {most}")))
}

/// What was wrong with a body: it is not even JSON, or what it says is at fault.
pub(super) fn refused(error: fillhouse_engine::Error, body: &str) -> Problem {
    let is_json = serde_json::from_str::<serde::de::IgnoredAny>(body).is_ok();
    let is_unreadable = error.kind() == ErrorKind::InvalidArgument && !is_json;
    let problem = Problem::from(error);
    if is_unreadable { problem.unreadable() } else { problem }
}
