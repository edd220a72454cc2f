//! `exports/{id}`: how far an export is, now or as it goes on; that it is not wanted any more.
//!
//! Guarantees: nobody is kept waiting for longer than they said; who follows an export is told its end.
//!
//! Must not know: how a file is made.

use super::super::access::Reader;
use super::super::problem::Problem;
use super::shown::ShownExport;
use super::{number, queried};
use axum::Json;
use axum::extract::Path;
use axum::extract::rejection::PathRejection;
use axum::http::header::HeaderName;
use axum::http::{StatusCode, Uri};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse as _, Response};
use fillhouse_engine::{Error, Export, FormsReader};
use fillhouse_model::JobId;
use futures::StreamExt as _;
use std::time::Duration;

/// For how many seconds one may wait for a change.
const MOST_WAIT_SECONDS: u32 = 60;

pub(super) type InPath = Result<Path<String>, PathRejection>;

/// Tells how far an export is; with `wait`, as soon as its state is another, or after so many seconds.
#[utoipa::path(
    get,
    path = "/exports/{id}",
    params(
        ("id" = String, Path, description = "The export's id"),
        ("wait" = Option<u32>, Query, description = "For how many seconds to wait, 0 to 60", minimum = 0, maximum = 60),
    ),
    responses(
        (status = 200, description = "How far it is", body = ShownExport),
        (status = "4XX", description = "It is not told", body = Object, content_type = "application/problem+json"),
    ),
)]
pub(in super::super) async fn show(
    Reader(reader): Reader,
    path: InPath,
    uri: Uri,
) -> Result<Json<ShownExport>, Problem> {
    let id = named(path)?;
    let seconds =
        queried(&uri, "wait")?.map(|text| number(&text, "wait", 0, MOST_WAIT_SECONDS)).transpose()?;
    let limit = Duration::from_secs(seconds.unwrap_or(0).into());
    shown(&reader, reader.wait_for_export(&id, limit).await?).await
}

/// Tells how far an export is as it goes on, as server-sent events: `progress`, and at last the word for its last state.
#[utoipa::path(
    get,
    path = "/exports/{id}/events",
    params(("id" = String, Path, description = "The export's id")),
    responses(
        (status = 200, description = "Events, each with the export as its data", body = String,
            content_type = "text/event-stream"),
        (status = "4XX", description = "They are not sent", body = Object, content_type = "application/problem+json"),
    ),
)]
pub(in super::super) async fn events(Reader(reader): Reader, path: InPath) -> Result<Response, Problem> {
    let followed = reader.watch_export(&named(path)?).await?;
    let events = followed.then(move |export| {
        let reader = reader.clone();
        async move {
            let export = export?;
            let has_ended = export.has_ended();
            let shown = ShownExport::of(&reader, export).await?;
            let name = if has_ended { shown.state() } else { "progress" };
            Event::default().event(name).json_data(shown).map_err(Error::internal)
        }
    });
    // A proxy that gathers the answer would make the client wait for all of it.
    let headers = [(HeaderName::from_static("x-accel-buffering"), "no")];
    Ok((headers, Sse::new(events).keep_alive(KeepAlive::default())).into_response())
}

/// Cancels an export. One that has ended stays as it is.
#[utoipa::path(
    post,
    path = "/exports/{id}/cancel",
    params(("id" = String, Path, description = "The export's id")),
    responses(
        (status = 200, description = "The export as it is now", body = ShownExport),
        (status = "4XX", description = "It is not cancelled", body = Object, content_type = "application/problem+json"),
    ),
)]
pub(in super::super) async fn cancel(
    Reader(reader): Reader,
    path: InPath,
) -> Result<Json<ShownExport>, Problem> {
    let cancelled = reader.cancel_export(&named(path)?).await?;
    shown(&reader, cancelled).await
}

/// Deletes an export, which is cancelled first, and its file, unless another export has the same.
#[utoipa::path(
    delete,
    path = "/exports/{id}",
    params(("id" = String, Path, description = "The export's id")),
    responses(
        (status = 204, description = "It is deleted"),
        (status = "4XX", description = "It is not", body = Object, content_type = "application/problem+json"),
    ),
)]
pub(in super::super) async fn delete(Reader(reader): Reader, path: InPath) -> Result<StatusCode, Problem> {
    reader.delete_export(&named(path)?).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn shown(reader: &FormsReader, export: Export) -> Result<Json<ShownExport>, Problem> {
    Ok(Json(ShownExport::of(reader, export).await?))
}

/// The export that a path names.
pub(super) fn named(path: InPath) -> Result<JobId, Error> {
    let Path(id) = path.map_err(|_| Error::not_found("the export"))?;
    Ok(JobId(id))
}
