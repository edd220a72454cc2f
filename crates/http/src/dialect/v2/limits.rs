//! How an answer says what is left of an account's limits: `RateLimit` and `RateLimit-Policy`, and `Retry-After` where there
//! was nothing left.
//!
//! Guarantees: every answer to someone who is known has them, whatever it is.
//!
//! Must not know: how calls are counted.

use axum::extract::Request;
use axum::http::header::RETRY_AFTER;
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use axum::middleware::Next;
use axum::response::Response;
use fillhouse_engine::Counted;
use std::fmt::Write as _;
use std::sync::{Arc, OnceLock};

const POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");
const LEFT: HeaderName = HeaderName::from_static("ratelimit");

/// Where whoever counts a call leaves what became of it.
#[derive(Clone, Default)]
pub(super) struct Slot(Arc<OnceLock<Counted>>);

impl Slot {
    pub(super) fn put(&self, counted: Counted) {
        // A call is counted once; were it counted again, the first count would hold.
        self.0.set(counted).ok();
    }
}

/// Says what is left on the answer to a call.
pub(super) async fn say(mut request: Request, next: Next) -> Response {
    let slot = Slot::default();
    request.extensions_mut().insert(slot.clone());
    let mut response = next.run(request).await;
    if let Some(counted) = slot.0.get() {
        put(response.headers_mut(), counted);
    }
    response
}

fn put(headers: &mut HeaderMap, counted: &Counted) {
    if let Some(seconds) = counted.retry_after_seconds {
        headers.insert(RETRY_AFTER, HeaderValue::from(seconds));
    }
    let (mut policy, mut left) = (String::new(), String::new());
    for one in &counted.allowances {
        let comma = if policy.is_empty() { "" } else { ", " };
        // Writing to a text does not fail.
        write!(policy, "{comma}\"{}\";q={};w={}", one.name, one.most, one.seconds).ok();
        write!(left, "{comma}\"{}\";r={};t={}", one.name, one.left, one.renewed_in_seconds).ok();
    }
    for (name, text) in [(POLICY, policy), (LEFT, left)] {
        if let Ok(value) = HeaderValue::try_from(text)
            && !value.is_empty()
        {
            headers.insert(name, value);
        }
    }
}
