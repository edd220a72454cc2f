//! The open dialect, `/open` and `/forms`: forms, their submissions and export jobs, as OpnForm's clients know them.
//!
//! Guarantees: whatever is asked below its paths is answered in JSON, with a `message` where it was refused; every path
//! is there twice, with and without `/api` before it.
//!
//! Must not know: another dialect; how anything is stored, checked or exported.

mod access;
mod answer;
mod draft;
mod error;
mod export;
mod field;
mod forms;
mod integration;
mod integrations;
mod job;
mod look;
mod object;
mod page;
mod property;
mod property_id;
mod said;
mod sent;
mod shape;
mod submission;
mod submissions;
mod tokens;
mod value;
mod workspaces;
mod zapier;

use crate::openapi::{Bearer, Dialect};
use crate::panics;
use axum::Router;
use axum::http::request::Parts;
use axum::response::{IntoResponse as _, Response};
use error::Refusal;
use fillhouse_engine::Engine;
pub(super) use look::{DIALECT, layout, written};
use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// Where the paths begin: as they are, and as clients of a server behind an ingress spell them.
const BASES: [&str; 2] = ["", "/api"];

/// The routes, and what they say of themselves.
pub(crate) fn dialect() -> Dialect {
    let groups = [
        ("/open", of_accounts()),
        ("/forms", of_everybody()),
        (
            "/settings",
            OpenApiRouter::new()
                .routes(routes!(tokens::list, tokens::create))
                .routes(routes!(tokens::delete)),
        ),
        ("/external", of_zapier()),
    ];
    let mut routes = Router::new();
    let mut document = Document::openapi();
    for (path, group) in groups {
        let (group, of_group) = group.split_for_parts();
        document = document.nest(path, of_group);
        for base in BASES {
            routes = routes.nest(&format!("{base}{path}"), with_messages(group.clone()));
        }
    }
    Dialect { name: "open", routes, document }
}

/// What is done with a token.
fn of_accounts() -> OpenApiRouter<Engine> {
    OpenApiRouter::new()
        .routes(routes!(workspaces::list))
        .routes(routes!(workspaces::create))
        .routes(routes!(workspaces::update))
        .routes(routes!(workspaces::forms))
        .routes(routes!(forms::list, forms::create))
        .routes(routes!(forms::show, forms::update, forms::delete))
        .routes(routes!(submissions::list))
        .routes(routes!(submissions::show, submissions::update, submissions::delete))
        .routes(routes!(export::start))
        .routes(routes!(integrations::list, integrations::create))
        .routes(routes!(integrations::update, integrations::delete))
        .routes(routes!(integrations::events))
        .routes(routes!(job::status))
        .routes(routes!(job::status_of))
        .routes(routes!(job::download))
}

/// What is asked by the tools that pass submissions on.
fn of_zapier() -> OpenApiRouter<Engine> {
    OpenApiRouter::new()
        .routes(routes!(tokens::validate))
        .routes(routes!(zapier::workspaces))
        .routes(routes!(zapier::forms))
        .routes(routes!(zapier::subscribe, zapier::unsubscribe))
        .routes(routes!(zapier::recent))
}

/// What everybody may do.
fn of_everybody() -> OpenApiRouter<Engine> {
    OpenApiRouter::new().routes(routes!(answer::answer))
}

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Fillhouse, open",
        description = "Forms, their submissions and export jobs, as OpnForm's clients know them."
    ),
    servers((url = "/"), (url = "/api")),
    components(schemas(error::Message, error::Invalid)),
    modifiers(&Bearer)
)]
struct Document;

/// These routes, and a message for all that goes wrong around them.
fn with_messages(routes: Router<Engine>) -> Router<Engine> {
    routes
        .fallback(async |head: Parts| Refusal::no_route(&head))
        .method_not_allowed_fallback(async |head: Parts| Refusal::no_method(&head))
        .layer(panics::caught(panicked))
}

fn panicked() -> Response {
    Refusal::failure().into_response()
}
