//! The v1.1 dialect: exports as tasks, in JSON or XML, inside an envelope.
//!
//! Guarantees: whatever is asked below its paths is answered in its envelope.
//!
//! Must not know: another dialect; how an export is made.

mod call;
mod data;
mod databases;
mod document;
mod download;
mod error;
mod fill;
mod fills;
mod format;
mod forms;
mod parameters;
mod person;
mod profiles;
mod query;
mod rules;
mod segments;
mod tasks;
mod xml;

use crate::openapi::{Bearer, Dialect};
use crate::panics;
use axum::Router;
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::Response;
use format::Format;
use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The routes, and what they say of themselves.
pub(crate) fn dialect() -> Dialect {
    let methods = OpenApiRouter::new()
        .routes(routes!(fill::start))
        .routes(routes!(fills::start))
        .routes(routes!(forms::list))
        .routes(routes!(forms::get))
        .routes(routes!(tasks::status))
        .routes(routes!(profiles::get_all))
        .routes(routes!(profiles::get))
        .routes(routes!(profiles::list))
        .routes(routes!(profiles::import))
        .routes(routes!(profiles::update))
        .routes(routes!(profiles::add))
        .routes(routes!(profiles::import_batch))
        .routes(routes!(profiles::add_batch))
        .routes(routes!(profiles::delete))
        .routes(routes!(databases::list))
        .routes(routes!(databases::get))
        .routes(routes!(databases::fields))
        .routes(routes!(databases::wipe))
        .routes(routes!(segments::list))
        .routes(routes!(segments::get))
        .routes(routes!(segments::add))
        .routes(routes!(segments::add_member))
        .routes(routes!(segments::remove_member));
    let files = OpenApiRouter::new()
        .routes(routes!(download::download))
        .routes(routes!(download::profiles))
        .routes(routes!(download::profiles_as_before));
    let (methods, of_methods) = methods.split_for_parts();
    let (files, of_files) = files.split_for_parts();
    let document = Document::openapi().nest("/api/v1.1", of_methods).nest("/api/download", of_files);
    let routes =
        Router::new().nest("/api/v1.1", in_envelope(methods)).nest("/api/download", in_envelope(files));
    Dialect { name: "v1.1", routes, document }
}

#[derive(OpenApi)]
#[openapi(info(
    title = "Fillhouse, v1.1",
    description = "Exports as tasks, in JSON or XML, inside an envelope."
), components(schemas(document::Envelope)), modifiers(&Bearer))]
struct Document;

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
