//! The v2 dialect: forms, their items and their results, in JSON.
//!
//! Guarantees: whatever is asked below its path is answered in JSON, and whatever goes wrong with the dialect's error.
//!
//! Must not know: another dialect; how results are searched or sorted.

mod access;
mod dates;
mod error;
mod forms;
mod given;
mod items;
mod limits;
mod parameters;
mod query;
mod results;
mod webhooks;

use crate::openapi::{Bearer, Dialect};
use crate::panics;
use axum::Router;
use axum::http::StatusCode;
use axum::middleware::from_fn;
use axum::response::{IntoResponse as _, Response};
use error::Refusal;
use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The routes, and what they say of themselves.
pub(crate) fn dialect() -> Dialect {
    let routes = OpenApiRouter::new()
        .routes(routes!(forms::list))
        .routes(routes!(forms::one))
        .routes(routes!(items::list))
        .routes(routes!(results::list))
        .routes(routes!(webhooks::list, webhooks::put, webhooks::delete));
    let (routes, document) = routes.split_for_parts();
    let document = Document::openapi().nest("/api/v2", document);
    Dialect { name: "v2", routes: Router::new().nest("/api/v2", with_errors(routes)), document }
}

#[derive(OpenApi)]
#[openapi(info(
    title = "Fillhouse, v2",
    description = "Forms, their items and their results, in JSON."
), components(schemas(error::Body)), modifiers(&Bearer))]
struct Document;

/// These routes, and the dialect's error for all that goes wrong around them.
fn with_errors<S: Clone + Send + Sync + 'static>(routes: Router<S>) -> Router<S> {
    routes
        .fallback(async || Refusal::new(StatusCode::NOT_FOUND, "There is no such path."))
        .method_not_allowed_fallback(async || {
            Refusal::new(StatusCode::METHOD_NOT_ALLOWED, "The path does not take this method.")
        })
        .layer(panics::caught(panicked))
        .layer(from_fn(limits::say))
}

fn panicked() -> Response {
    Refusal::new(StatusCode::INTERNAL_SERVER_ERROR, "The server has failed; its log says why.")
        .into_response()
}

#[cfg(test)]
mod tests;
