//! How this dialect says that something went wrong: problem details, RFC 9457.
//!
//! Must not know: what went wrong; it is told.

use crate::observe::Cause;
use axum::http::header::{CONTENT_TYPE, HeaderName, RETRY_AFTER, WWW_AUTHENTICATE};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use fillhouse_engine::Error;
use fillhouse_model::{ErrorKind, Fault};
use serde::Serialize;

/// A problem, on its way to the client.
pub(super) struct Problem {
    status: StatusCode,
    detail: String,
    faults: Vec<Fault>,
    extra: Extra,
    cause: Option<Cause>,
}

/// The members of a problem as they are sent. Its type is in its status, so it needs none of its own.
#[derive(Serialize)]
struct Document<'a> {
    r#type: &'static str,
    title: &'static str,
    status: u16,
    detail: &'a str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    errors: Vec<FieldError<'a>>,
}

#[derive(Serialize)]
struct FieldError<'a> {
    field: &'a str,
    message: &'a str,
}

impl Problem {
    /// A problem without anything to it but this.
    pub(super) fn new(status: StatusCode, detail: impl Into<String>) -> Self {
        Self { status, detail: detail.into(), faults: Vec::new(), extra: None, cause: None }
    }

    /// The same problem where the request cannot be read at all: it is not what it says that is wrong.
    #[must_use]
    pub(super) fn unreadable(self) -> Self {
        let status = match self.status {
            StatusCode::UNPROCESSABLE_ENTITY => StatusCode::BAD_REQUEST,
            other => other,
        };
        Self { status, ..self }
    }
}

impl Problem {
    /// The same problem of something that stands within a member of the request.
    #[must_use]
    pub(super) fn within(self, outer: &str) -> Self {
        let faults: Vec<Fault> = self.faults.into_iter().map(|fault| fault.within(outer)).collect();
        let detail = faults.first().map_or(self.detail, ToString::to_string);
        Self { detail, faults, ..self }
    }
}

type Extra = Option<(HeaderName, &'static str)>;

/// The status of a kind, and the header that goes with it.
fn status(kind: ErrorKind) -> (StatusCode, Extra) {
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

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        let (status, extra) = status(error.kind());
        Self {
            status,
            detail: error.message().to_owned(),
            faults: error.faults().to_vec(),
            extra,
            cause: Some(Cause::of(&error)),
        }
    }
}

impl From<Fault> for Problem {
    fn from(fault: Fault) -> Self {
        Error::from(fault).into()
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let errors = self.faults.iter().map(|Fault { field, message }| FieldError { field, message });
        let document = Document {
            r#type: "about:blank",
            title: self.status.canonical_reason().unwrap_or_default(),
            status: self.status.as_u16(),
            detail: &self.detail,
            errors: errors.collect(),
        };
        let body = serde_json::to_string(&document).expect("texts and a number always serialise");
        let media_type = [(CONTENT_TYPE, HeaderValue::from_static("application/problem+json"))];
        let mut response = (self.status, media_type, body).into_response();
        if let Some((name, value)) = self.extra {
            response.headers_mut().insert(name, HeaderValue::from_static(value));
        }
        if let Some(cause) = self.cause {
            response.extensions_mut().insert(cause);
        }
        response
    }
}
