//! What all pages of the console have: a frame, and how a page is refused.
//!
//! Must not know: any page.

use super::words;
use crate::observe::Cause;
use askama::Template;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Redirect, Response};
use fillhouse_engine::Error;
use fillhouse_model::ErrorKind;

/// What the frame of a page shows.
#[derive(Debug, Clone)]
pub(super) struct Frame {
    /// The path that all addresses begin with.
    pub(super) base: String,
    /// The account's name; none where nobody is signed in.
    pub(super) account: Option<String>,
}

/// Why there is no page.
#[derive(Debug)]
pub(super) struct Refusal {
    status: StatusCode,
    text: String,
    cause: Option<Cause>,
}

#[derive(Template)]
#[template(path = "console/refused.html")]
struct Refused<'a> {
    frame: Frame,
    text: &'a str,
}

impl Refusal {
    pub(super) fn new(status: StatusCode, text: impl Into<String>) -> Self {
        Self { status, text: text.into(), cause: None }
    }

    pub(super) fn missing() -> Self {
        Self::new(StatusCode::NOT_FOUND, words::MISSING)
    }

    pub(super) fn failure() -> Self {
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, words::FAILED)
    }
}

impl From<Error> for Refusal {
    fn from(error: Error) -> Self {
        let refusal = |status| Self::new(status, format!("{}.", error.message()));
        match error.kind() {
            ErrorKind::NotFound => Self::missing(),
            ErrorKind::InvalidArgument => refusal(StatusCode::UNPROCESSABLE_ENTITY),
            ErrorKind::Unauthenticated | ErrorKind::UnknownToken => refusal(StatusCode::UNAUTHORIZED),
            ErrorKind::Forbidden => refusal(StatusCode::FORBIDDEN),
            ErrorKind::Conflict => refusal(StatusCode::CONFLICT),
            ErrorKind::TooLarge => refusal(StatusCode::PAYLOAD_TOO_LARGE),
            ErrorKind::Unavailable => {
                Self { cause: Some(Cause::of(&error)), ..refusal(StatusCode::SERVICE_UNAVAILABLE) }
            }
            ErrorKind::Internal => Self { cause: Some(Cause::of(&error)), ..Self::failure() },
        }
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let frame = Frame { base: String::new(), account: None };
        let mut response = rendered(self.status, &Refused { frame, text: &self.text });
        if let Some(cause) = self.cause {
            response.extensions_mut().insert(cause);
        }
        response
    }
}

/// A page.
pub(super) fn page(page: &impl Template) -> Response {
    rendered(StatusCode::OK, page)
}

pub(super) fn rendered(status: StatusCode, page: &impl Template) -> Response {
    match page.render() {
        Ok(html) => (status, Html(html)).into_response(),
        Err(error) => {
            let mut response = StatusCode::INTERNAL_SERVER_ERROR.into_response();
            response.extensions_mut().insert(Cause::of(&error));
            response
        }
    }
}

/// Sends a browser on, with a request of its own.
pub(super) fn see_other(to: &str) -> Response {
    Redirect::to(to).into_response()
}
