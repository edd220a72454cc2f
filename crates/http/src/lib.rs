//! The HTTP surfaces of Fillhouse: each dialect a folder, the pages of forms and the console, all of them over one engine.
//!
//! Guarantees: every answer has a request id and leaves one line in the log, without a secret in it; no request can
//! bring the server down.
//!
//! Must not know: SQL, or what a store is. A dialect must not know another dialect.

mod assets;
mod body;
mod console;
mod dialect;
mod file;
mod forms;
mod layout;
mod observe;
mod openapi;
mod ops;
mod panics;
mod path;
mod server;
mod squeeze;
mod token;
mod visitor;

pub use server::serve;

use axum::Router;
use axum::http::StatusCode;
use axum::middleware::from_fn_with_state;
use dialect::{native, open, v1_1, v2};
use fillhouse_engine::Engine;
use std::collections::BTreeMap;

/// Everything that is served. `metrics` gives the text for `/metrics`.
pub fn router(engine: Engine, metrics: impl Fn() -> String + Clone + Send + Sync + 'static) -> Router {
    observe::describe_metrics();
    fillhouse_engine::announce_counters();
    let (dialects, documents) = openapi::split(dialects());
    let routes = Router::new()
        .merge(ops::routes(metrics))
        .merge(openapi::routes(documents))
        .merge(dialects)
        .merge(forms::routes().merge(console::routes()).layer(squeeze::pages()))
        .merge(assets::routes())
        .fallback(async || (StatusCode::NOT_FOUND, "there is nothing here\n"))
        .layer(from_fn_with_state(engine.clone(), observe::observe))
        .with_state(engine);
    path::normalised(routes)
}

/// Everything that is spoken.
fn dialects() -> Vec<openapi::Dialect> {
    vec![v1_1::dialect(), v2::dialect(), open::dialect(), native::dialect()]
}

/// The OpenAPI document of each dialect, by the dialect's name.
pub fn documents() -> BTreeMap<&'static str, String> {
    openapi::split(dialects()).1
}
