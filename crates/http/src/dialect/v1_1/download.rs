//! The file of a task.
//!
//! Guarantees: whatever is no id and no name of a file is not found, whoever asks.
//!
//! Must not know: how a file is served.

use super::document::Envelope;
use super::format::Format;
use super::query::Queried;
use crate::{file, token};
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::request::Parts;
use axum::response::Response;
use fillhouse_engine::{Download, Engine, Error, Result};

type InPath = Result<Path<(String, String)>, PathRejection>;

/// Gives the file, or what is asked for of it.
#[utoipa::path(
    get,
    path = "/forms/{opaque}/{name}",
    params(
        ("opaque" = String, Path, description = "What comes before the slash of the task's `url`"),
        ("name" = String, Path, description = "What comes after it"),
    ),
    responses(
        (status = 200, description = "The whole file", content_type = "application/octet-stream"),
        (status = 206, description = "The part that was asked for", content_type = "application/octet-stream"),
        (status = 304, description = "The client has it"),
        (status = "4XX", description = "There is no such file", body = Envelope),
    ),
)]
pub(super) async fn download(State(engine): State<Engine>, path: InPath, head: Parts) -> Response {
    let format = Format::without_body(&head);
    let found = match find(&engine, path, &head).await {
        Ok(found) => found,
        Err(error) => return format.fail(&error),
    };
    match file::answer(&found, &head.method, &head.headers) {
        Ok(response) => response,
        Err(refused) => {
            let mut response = format.refuse(refused.status, refused.message);
            response.headers_mut().extend(refused.headers);
            response
        }
    }
}

async fn find(engine: &Engine, path: InPath, head: &Parts) -> Result<Download> {
    let queried = Queried::of(&head.uri);
    let secret = token::find(&head.headers, queried.tokens.iter().map(String::as_str))?;
    let reader = engine.caller(secret).await?.forms_reader()?;
    let missing = || Error::not_found("the file");
    let Path((opaque, name)) = path.map_err(|_| missing())?;
    if !opaque.bytes().all(|b| b.is_ascii_alphanumeric()) {
        return Err(missing());
    }
    reader.download(&opaque, &name).await
}
