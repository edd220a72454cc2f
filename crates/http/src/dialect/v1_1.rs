//! The v1.1 dialect: exports as tasks, in JSON or XML, inside an envelope.
//!
//! Guarantees: whatever is asked below its paths is answered in its envelope.
//!
//! Must not know: another dialect; how an export is made.

mod call;
mod data;
mod download;
mod error;
mod fills;
mod format;
mod parameters;
mod query;
mod tasks;
mod xml;

use crate::panics;
use axum::Router;
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::Response;
use axum::routing::{get, post};
use fillhouse_engine::Engine;
use format::Format;

/// The routes.
pub(crate) fn routes() -> Router<Engine> {
    let methods =
        Router::new().route("/forms/fills", post(fills::start)).route("/tasks/status", post(tasks::status));
    let files = Router::new().route("/forms/{opaque}/{name}", get(download::download));
    Router::new().nest("/api/v1.1", in_envelope(methods)).nest("/api/download", in_envelope(files))
}

/// These routes, and the envelope for all that goes wrong around them.
fn in_envelope<S: Clone + Send + Sync + 'static>(routes: Router<S>) -> Router<S> {
    routes
        .fallback(async |head: Parts| {
            Format::without_body(&head).refuse(StatusCode::NOT_FOUND, "there is no such path")
        })
        .method_not_allowed_fallback(async |head: Parts| {
            Format::without_body(&head)
                .refuse(StatusCode::METHOD_NOT_ALLOWED, "the path does not take this method")
        })
        .layer(panics::caught(panicked))
}

/// What was asked for is lost with the handler, so the answer is in JSON.
fn panicked() -> Response {
    Format::Json.refuse(StatusCode::INTERNAL_SERVER_ERROR, "the server has failed; its log says why")
}

#[cfg(test)]
mod tests;
