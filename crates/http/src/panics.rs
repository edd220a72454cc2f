//! Panics: a fault of ours in one request must not be the end of others.
//!
//! Guarantees: a handler that panics is answered for, without details; the log has them.
//!
//! Must not know: how a dialect says that the server failed.

use crate::observe::Cause;
use axum::response::Response;
use std::any::Any;
use tower_http::catch_panic::{CatchPanicLayer, ResponseForPanic};

/// A layer that answers with `answer` for handlers that panic.
pub(crate) fn caught(answer: fn() -> Response) -> CatchPanicLayer<Caught> {
    CatchPanicLayer::custom(Caught(answer))
}

/// Answers for a panic.
#[derive(Clone, Copy)]
pub(crate) struct Caught(fn() -> Response);

impl ResponseForPanic for Caught {
    type ResponseBody = axum::body::Body;

    fn response_for_panic(&mut self, panic: Box<dyn Any + Send>) -> Response {
        let message = panic.downcast_ref::<&str>().copied();
        let message = message.or_else(|| panic.downcast_ref::<String>().map(String::as_str));
        let mut response = (self.0)();
        let cause = format!("a handler panicked: {}", message.unwrap_or("it does not say why"));
        response.extensions_mut().insert(Cause::new(cause));
        response
    }
}
