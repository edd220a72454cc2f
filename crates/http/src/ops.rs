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
use metrics::gauge;
use serde::Serialize;

/// The media type of what Prometheus reads.
const PROMETHEUS_TEXT: &str = "text/plain; version=0.0.4; charset=utf-8";

/// The routes; `metrics` gives the text of the metrics.
pub(crate) fn routes(metrics: impl Fn() -> String + Clone + Send + Sync + 'static) -> Router<Engine> {
    Router::new()
        .route("/healthz", get(async || "ok"))
        .route("/readyz", get(readyz))
        .route(
            "/metrics",
            get(async move |State(engine): State<Engine>| {
                gauge_what_waits(&engine).await;
                ([(CONTENT_TYPE, PROMETHEUS_TEXT)], metrics())
            }),
        )
        .layer(panics::caught(|| StatusCode::INTERNAL_SERVER_ERROR.into_response()))
}

/// How much is waiting, as the database says; where it does not answer, what it said last stays.
async fn gauge_what_waits(engine: &Engine) {
    if let Ok(jobs) = engine.unfinished_jobs().await {
        gauge!("fillhouse_jobs_unfinished").set(jobs as f64);
    }
    if let Ok(runs) = engine.unfinished_runs().await {
        gauge!("fillhouse_schedule_runs_unfinished").set(runs as f64);
    }
    if let Ok(deliveries) = engine.owed_deliveries().await {
        gauge!("fillhouse_deliveries_owed").set(deliveries as f64);
    }
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
