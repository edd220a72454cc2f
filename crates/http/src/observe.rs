//! What is noticed of every request: an id, a line in the log, a count; and the headers that every answer has.
//!
//! Guarantees: what is logged and counted has nothing of a path but the pattern of its route, and nothing of a query:
//! both may hold secrets. The line comes when the last byte was handed over, or when the client has gone.
//!
//! Must not know: any dialect.

mod counted;

use axum::body::Body;
use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, header};
use axum::middleware::Next;
use axum::response::Response;
use counted::{Counted, Line};
use fillhouse_engine::Engine;
use std::error::Error;
use std::sync::Arc;
use std::time::Instant;
use tracing::Instrument as _;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
/// How long an id may be that a client gives.
const MOST_ID_CHARS: usize = 128;
/// The route of a request that no route takes.
const NO_ROUTE: &str = "none";

/// Why a request failed, for the log only: an extension of its answer.
#[derive(Debug, Clone)]
pub(crate) struct Cause(Arc<str>);

impl Cause {
    pub(crate) fn new(text: impl Into<Arc<str>>) -> Self {
        Self(text.into())
    }

    /// An error and all that it came from.
    pub(crate) fn of(error: &(dyn Error + 'static)) -> Self {
        let chain = std::iter::successors(Some(error), |&error| error.source());
        let mut texts: Vec<String> = chain.map(ToString::to_string).collect();
        // A wrapper shows what it wraps as its own.
        texts.dedup();
        Self::new(texts.join(": "))
    }
}

/// Says what the metrics are that are counted here.
pub(crate) fn describe_metrics() {
    metrics::describe_counter!(counted::REQUESTS, "Requests that were answered");
    metrics::describe_histogram!(
        counted::SECONDS,
        metrics::Unit::Seconds,
        "How long requests took, to the last byte of the answer"
    );
}

/// Watches a request from its head to the last byte of its answer.
pub(crate) async fn observe(State(engine): State<Engine>, request: Request, next: Next) -> Response {
    let begun = Instant::now();
    let id = given_id(request.headers()).unwrap_or_else(|| engine.fresh_id());
    let (method, route) = (method_name(request.method()), route(&request));
    let span = tracing::info_span!("request", request_id = id);
    let mut response = next.run(request).instrument(span).await;
    put_headers(response.headers_mut(), &id);
    let cause = response.extensions_mut().remove::<Cause>();
    let line =
        Line { id, method, route, status: response.status(), cause: cause.map(|cause| cause.0), begun };
    response.map(|body| Body::new(Counted::new(body, line)))
}

fn given_id(headers: &HeaderMap) -> Option<String> {
    let id = headers.get(REQUEST_ID)?.to_str().ok()?;
    let is_sane = (1..=MOST_ID_CHARS).contains(&id.len())
        && id.bytes().all(|b| b.is_ascii_alphanumeric() || b"._-".contains(&b));
    is_sane.then(|| id.to_owned())
}

/// A client can make up methods, and each would be a metric of its own.
fn method_name(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        Method::OPTIONS => "OPTIONS",
        _ => "other",
    }
}

fn route(request: &Request) -> Arc<str> {
    match request.extensions().get::<MatchedPath>() {
        // The fallback of a nested router has a pattern that only axum knows.
        Some(matched) if !matched.as_str().contains("__private") => matched.as_str().into(),
        _ => NO_ROUTE.into(),
    }
}

fn put_headers(headers: &mut HeaderMap, id: &str) {
    if let Ok(id) = HeaderValue::from_str(id) {
        headers.insert(REQUEST_ID, id);
    }
    let mut put = |name: HeaderName, value| headers.insert(name, HeaderValue::from_static(value));
    put(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    put(header::REFERRER_POLICY, "no-referrer");
    // What comes with the program may be kept; nothing else says anything of it.
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("private, no-store"));
}
