//! The native dialect, `/v1`: what the console, the commands and new integrations speak.
//!
//! Guarantees: whatever goes wrong below its path is answered with a problem (RFC 9457).
//!
//! Must not know: another dialect; how a submission is checked or stored.

mod access;
mod exports;
mod files;
mod latest;
mod problem;
mod schedules;
mod submission;
mod submissions;

use crate::openapi::{Bearer, Dialect};
use crate::panics;
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use problem::Problem;
use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The routes, and what they say of themselves.
pub(crate) fn dialect() -> Dialect {
    let routes = OpenApiRouter::new()
        .routes(routes!(submissions::submit))
        .routes(routes!(submission::show, submission::change, submission::delete))
        .routes(routes!(files::upload))
        .routes(routes!(latest::link))
        .routes(routes!(latest::file))
        .routes(routes!(exports::ask, exports::list))
        .routes(routes!(exports::show, exports::delete))
        .routes(routes!(exports::events))
        .routes(routes!(exports::cancel))
        .routes(routes!(exports::file))
        .routes(routes!(exports::receipt))
        .routes(routes!(exports::receipt_key))
        .routes(routes!(exports::download))
        .routes(routes!(schedules::make, schedules::list))
        .routes(routes!(schedules::show, schedules::change, schedules::delete))
        .routes(routes!(schedules::run))
        .routes(routes!(schedules::runs));
    let (routes, document) = routes.split_for_parts();
    // Each route has limits of its own.
    let routes = with_problems(routes).layer(DefaultBodyLimit::disable());
    let (files, of_files) = OpenApiRouter::new().routes(routes!(files::download)).split_for_parts();
    let mut document = Document::openapi().nest("/v1", document);
    document.merge(of_files);
    let files = files.layer(panics::caught(panicked));
    Dialect { name: "native", routes: Router::new().nest("/v1", routes).merge(files), document }
}

#[derive(OpenApi)]
#[openapi(info(
    title = "Fillhouse",
    description = "Fillhouse's own API: what the console, the commands and new integrations speak."
), modifiers(&Bearer))]
struct Document;

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
