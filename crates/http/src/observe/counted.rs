//! The body of an answer, counted as it goes out; then the line in the log.
//!
//! Guarantees: one line a request, also where the client goes in between.
//!
//! Must not know: what is in the body.

use super::Cause;
use axum::body::{Body, HttpBody};
use axum::http::StatusCode;
use bytes::Bytes;
use http_body::{Frame, SizeHint};
use metrics::Label;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Instant;

pub(super) const REQUESTS: &str = "fillhouse_http_requests_total";
pub(super) const SECONDS: &str = "fillhouse_http_request_seconds";

/// What is known of a request when its answer begins.
pub(super) struct Line {
    pub(super) id: String,
    pub(super) method: &'static str,
    pub(super) route: Arc<str>,
    pub(super) status: StatusCode,
    pub(super) cause: Option<Arc<str>>,
    pub(super) begun: Instant,
}

/// A body that is counted.
pub(super) struct Counted {
    inner: Body,
    line: Line,
    size_bytes: u64,
    /// Why the body broke off, where it did.
    broken: Option<Cause>,
}

impl Counted {
    pub(super) fn new(inner: Body, line: Line) -> Self {
        Self { inner, line, size_bytes: 0, broken: None }
    }
}

impl HttpBody for Counted {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let frame = ready!(Pin::new(&mut self.inner).poll_frame(context));
        match &frame {
            Some(Ok(frame)) => {
                self.size_bytes += frame.data_ref().map_or(0, |data| data.len() as u64);
            }
            Some(Err(error)) => self.broken = Some(Cause::of(error)),
            None => {}
        }
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}

impl Drop for Counted {
    /// The body is dropped when it was sent, and also when nobody is there to send it to.
    fn drop(&mut self) {
        let Self { line, size_bytes, broken, .. } = self;
        let Line { id, method, route, status, cause, begun } = line;
        let (method, status) = (*method, status.as_u16());
        let seconds = begun.elapsed().as_secs_f64();
        let labels = vec![
            Label::new("method", method),
            Label::new("route", route.clone()),
            Label::new("status", status.to_string()),
        ];
        metrics::counter!(REQUESTS, labels.clone()).increment(1);
        metrics::histogram!(SECONDS, labels).record(seconds);

        let milliseconds = (seconds * 1_000_000.0).round() / 1_000.0;
        let broken = broken.as_ref().map(|Cause(text)| &**text);
        let cause = broken.or(cause.as_deref());
        let line = "a request was answered";
        if status >= 500 || broken.is_some() {
            tracing::error!(
                request_id = id,
                method,
                route = &**route,
                status,
                milliseconds,
                bytes = size_bytes,
                cause,
                "{line}"
            );
        } else {
            tracing::info!(
                request_id = id,
                method,
                route = &**route,
                status,
                milliseconds,
                bytes = size_bytes,
                "{line}"
            );
            // What a client did wrong may have its data in it: it is for whoever looks closely.
            if let Some(cause) = cause {
                tracing::debug!(request_id = id, cause, "a request was refused");
            }
        }
    }
}
