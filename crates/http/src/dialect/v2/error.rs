//! How this dialect says that something went wrong: `{"error": {"message", "status"}}`, with the status of the answer.
//!
//! Must not know: what went wrong; it is told.

use crate::observe::Cause;
use axum::Json;
use axum::http::header::{HeaderName, RETRY_AFTER, WWW_AUTHENTICATE};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use fillhouse_engine::Error;
use fillhouse_model::{ErrorKind, Fault};
use serde::Serialize;
use std::collections::BTreeMap;
use utoipa::openapi::{Content, Ref, RefOr, ResponseBuilder};
use utoipa::{IntoResponses, ToSchema};

/// The body of every answer that is no success.
#[derive(Serialize, ToSchema)]
#[schema(as = Error)]
pub(super) struct Body {
    error: Said,
}

/// What went wrong.
#[derive(Serialize, ToSchema)]
struct Said {
    /// What went wrong, in a sentence.
    #[schema(example = "Invalid access token.")]
    message: String,
    /// The status of the answer.
    #[schema(example = 401)]
    status: u16,
}

/// A refusal, on its way to the client.
#[derive(Debug)]
pub(super) struct Refusal {
    status: StatusCode,
    message: String,
    extra: Option<(HeaderName, &'static str)>,
    cause: Option<Cause>,
}

impl Refusal {
    /// A refusal without anything to it but this.
    pub(super) fn new(status: StatusCode, message: impl Into<String>) -> Self {
        Self { status, message: message.into(), extra: None, cause: None }
    }

    /// The same refusal where the request cannot be read at all: it is not a parameter that is wrong.
    #[must_use]
    pub(super) fn unreadable(self) -> Self {
        let status = match self.status {
            StatusCode::UNPROCESSABLE_ENTITY => StatusCode::BAD_REQUEST,
            other => other,
        };
        Self { status, ..self }
    }
}

/// The status of a kind, and the header that goes with it.
fn status(kind: ErrorKind) -> (StatusCode, Option<(HeaderName, &'static str)>) {
    match kind {
        ErrorKind::NotFound => (StatusCode::NOT_FOUND, None),
        ErrorKind::InvalidArgument => (StatusCode::UNPROCESSABLE_ENTITY, None),
        ErrorKind::Unauthenticated => (StatusCode::UNAUTHORIZED, Some((WWW_AUTHENTICATE, "Bearer"))),
        ErrorKind::UnknownToken => {
            (StatusCode::UNAUTHORIZED, Some((WWW_AUTHENTICATE, "Bearer error=\"invalid_token\"")))
        }
        ErrorKind::Forbidden => (StatusCode::FORBIDDEN, None),
        ErrorKind::Conflict => (StatusCode::CONFLICT, None),
        ErrorKind::TooLarge => (StatusCode::PAYLOAD_TOO_LARGE, None),
        ErrorKind::Unavailable => (StatusCode::SERVICE_UNAVAILABLE, Some((RETRY_AFTER, "5"))),
        ErrorKind::Internal => (StatusCode::INTERNAL_SERVER_ERROR, None),
    }
}

/// What is said: clients know two of the messages by heart, and the others are made sentences. What begins with the name
/// of a parameter stays as it is, for the name's sake.
fn message(error: &Error) -> String {
    match error.kind() {
        ErrorKind::Unauthenticated => "Missing access token.".to_owned(),
        ErrorKind::UnknownToken => "Invalid access token.".to_owned(),
        ErrorKind::InvalidArgument => format!("{}.", error.message()),
        _ => {
            let mut rest = error.message().chars();
            rest.next()
                .map_or_else(String::new, |first| format!("{}{}.", first.to_uppercase(), rest.as_str()))
        }
    }
}

impl From<Error> for Refusal {
    fn from(error: Error) -> Self {
        let (status, extra) = status(error.kind());
        Self { status, message: message(&error), extra, cause: Some(Cause::of(&error)) }
    }
}

impl From<Fault> for Refusal {
    fn from(fault: Fault) -> Self {
        Error::from(fault).into()
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let said = Said { message: self.message, status: self.status.as_u16() };
        let mut response = (self.status, Json(Body { error: said })).into_response();
        if let Some((name, value)) = self.extra {
            response.headers_mut().insert(name, HeaderValue::from_static(value));
        }
        if let Some(cause) = self.cause {
            response.extensions_mut().insert(cause);
        }
        response
    }
}

/// What every route may answer instead of what it is for.
pub(super) struct Refusals;

impl IntoResponses for Refusals {
    fn responses() -> BTreeMap<String, RefOr<utoipa::openapi::Response>> {
        let refusal = |description: &str| {
            let content = Content::new(Some(Ref::from_schema_name("Error")));
            ResponseBuilder::new()
                .description(description)
                .content("application/json", content)
                .build()
                .into()
        };
        BTreeMap::from([
            ("4XX".to_owned(), refusal("It was refused; the message says why")),
            ("503".to_owned(), refusal("Something needed is not there just now")),
        ])
    }
}
