//! The native dialect, `/v1`: what the console, the commands and new integrations speak.
//!
//! Guarantees: whatever goes wrong below its path is answered with a problem (RFC 9457).
//!
//! Must not know: another dialect; how a submission is checked or stored.

mod problem;
mod submissions;
mod writer;

use crate::panics;
use axum::Router;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use axum::routing::post;
use fillhouse_engine::Engine;
use problem::Problem;

/// The routes.
pub(crate) fn routes() -> Router<Engine> {
    let routes = Router::new().route("/forms/{form}/submissions", post(submissions::submit));
    Router::new().nest("/v1", with_problems(routes))
}

/// These routes, and a problem for all that goes wrong around them.
fn with_problems<S: Clone + Send + Sync + 'static>(routes: Router<S>) -> Router<S> {
    routes
        .fallback(async || Problem::new(StatusCode::NOT_FOUND, "there is no such path"))
        .method_not_allowed_fallback(async || {
            Problem::new(StatusCode::METHOD_NOT_ALLOWED, "the path does not take this method")
        })
        .layer(panics::caught(panicked))
}

fn panicked() -> Response {
    Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "the server has failed; its log says why").into_response()
}

#[cfg(test)]
mod tests;
