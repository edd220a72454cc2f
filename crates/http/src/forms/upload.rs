//! Uploading one file from a page, before the rest of it is sent: what scripts do, to show how far it is.
//!
//! Guarantees: a file is read as it comes, and not held; it is taken only from somebody who was given the page.
//!
//! Must not know: where files are kept.

use super::page::{Way, find, value_of};
use super::values::file_value;
use super::words;
use crate::body::pieces;
use crate::visitor;
use axum::Json;
use axum::extract::multipart::MultipartError;
use axum::extract::{RawQuery, Request, State};
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse as _, Response};
use bytes::Bytes;
use fillhouse_engine::{Engine, Error, Result as EngineResult};
use fillhouse_model::{ErrorKind, Fault};
use futures::{Stream, StreamExt as _};
use serde_json::json;

/// The header that has the stamp of the page.
const STAMP: &str = "x-form-stamp";

/// Takes a file: the body itself; its name is behind the question mark.
pub(super) async fn upload(
    State(engine): State<Engine>,
    way: Way,
    RawQuery(query): RawQuery,
    request: Request,
) -> Response {
    match take(&engine, way, &query.unwrap_or_default(), request).await {
        Ok(response) => response,
        Err((status, message)) => (status, Json(json!({ "message": message }))).into_response(),
    }
}

type Refused = (StatusCode, String);

async fn take(engine: &Engine, way: Way, query: &str, request: Request) -> Result<Response, Refused> {
    let missing = |_| (StatusCode::NOT_FOUND, words::MISSING.to_owned());
    let (_, form) = find(engine, way, query).await.map_err(missing)?;
    if let Some(seconds) = visitor::address(&request).and_then(|address| engine.count_visit(address)) {
        return Err((StatusCode::TOO_MANY_REQUESTS, words::busy(seconds)));
    }
    let (head, body) = request.into_parts();
    let header =
        |name: &str| head.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let (stamp, media_type) = (header(STAMP), header(CONTENT_TYPE.as_str()));
    if form.stamp_age_seconds(stamp).await.map_err(|error| refused(&error))?.is_none() {
        return Err((StatusCode::FORBIDDEN, words::TOO_OLD.to_owned()));
    }
    let name = value_of(query, "name").unwrap_or_default();
    let file = form.upload(&name, Some(media_type), pieces(body)).await.map_err(|error| refused(&error))?;
    let value = file_value(&file.name, &file.url);
    let said = json!({ "name": file.name, "value": value, "size_bytes": file.size_bytes });
    Ok((StatusCode::CREATED, Json(said)).into_response())
}

fn refused(error: &Error) -> Refused {
    let status = match error.kind() {
        ErrorKind::NotFound => StatusCode::NOT_FOUND,
        ErrorKind::InvalidArgument => StatusCode::UNPROCESSABLE_ENTITY,
        ErrorKind::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        ErrorKind::Conflict => StatusCode::GONE,
        ErrorKind::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        ErrorKind::Unauthenticated | ErrorKind::UnknownToken | ErrorKind::Forbidden | ErrorKind::Internal => {
            tracing::error!(%error, "a file could not be stored");
            StatusCode::INTERNAL_SERVER_ERROR
        }
    };
    (status, error.message().to_owned())
}

/// The bytes of a file that comes as a part of a page.
pub(super) fn of_part(
    part: impl Stream<Item = Result<Bytes, MultipartError>> + Send,
) -> impl Stream<Item = EngineResult<Bytes>> + Send {
    part.map(|piece| piece.map_err(|error| Fault::new("body", error.body_text()).into()))
}
