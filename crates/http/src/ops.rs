//! What those ask who run the server: is it alive, is it ready, how does it do.
//!
//! Must not know: any dialect.

use crate::panics;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;
use axum::routing::get;
use axum::{Json, Router};
use fillhouse_engine::{Engine, Readiness};
use serde::Serialize;

/// The media type of what Prometheus reads.
const PROMETHEUS_TEXT: &str = "text/plain; version=0.0.4; charset=utf-8";

/// The routes; `metrics` gives the text of the metrics.
pub(crate) fn routes(metrics: impl Fn() -> String + Clone + Send + Sync + 'static) -> Router<Engine> {
    Router::new()
        .route("/healthz", get(async || "ok"))
        .route("/readyz", get(readyz))
        .route("/metrics", get(async move || ([(CONTENT_TYPE, PROMETHEUS_TEXT)], metrics())))
        .layer(panics::caught(|| StatusCode::INTERNAL_SERVER_ERROR.into_response()))
}

/// Each part, `ok` or the reason why not.
#[derive(Serialize)]
struct Report {
    database: String,
    blobs: String,
    worker: String,
}

async fn readyz(State(engine): State<Engine>) -> impl IntoResponse {
    let Readiness { database, blobs, worker } = engine.readiness().await;
    let is_ready = database.is_ok() && blobs.is_ok() && worker.is_ok();
    let status = if is_ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    let word = |part: Result<(), String>| part.err().unwrap_or_else(|| "ok".to_owned());
    (status, Json(Report { database: word(database), blobs: word(blobs), worker: word(worker) }))
}
