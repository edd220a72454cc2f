//! How this dialect says that something went wrong.
//!
//! Must not know: what went wrong; it is told.

use super::data::{Data, SUCCESS};
use super::format::Format;
use crate::observe::Cause;
use axum::http::header::{HeaderName, RETRY_AFTER, WWW_AUTHENTICATE};
use axum::http::{HeaderValue, StatusCode};
use axum::response::Response;
use fillhouse_engine::{Error, Result};
use fillhouse_model::{ErrorKind, ProfileId};

/// The status of a kind, and the header that goes with it.
fn status(kind: ErrorKind) -> (StatusCode, Option<(HeaderName, &'static str)>) {
    match kind {
        ErrorKind::NotFound => (StatusCode::NOT_FOUND, None),
        ErrorKind::InvalidArgument => (StatusCode::BAD_REQUEST, None),
        ErrorKind::Unauthenticated => (StatusCode::UNAUTHORIZED, Some((WWW_AUTHENTICATE, "Bearer"))),
        ErrorKind::UnknownToken | ErrorKind::Forbidden => (StatusCode::FORBIDDEN, None),
        ErrorKind::Conflict => (StatusCode::CONFLICT, None),
        ErrorKind::TooLarge => (StatusCode::PAYLOAD_TOO_LARGE, None),
        ErrorKind::Unavailable => (StatusCode::SERVICE_UNAVAILABLE, Some((RETRY_AFTER, "5"))),
        ErrorKind::Internal => (StatusCode::INTERNAL_SERVER_ERROR, None),
    }
}

impl Format {
    /// The answer to a request that came to this.
    pub(super) fn answer(self, outcome: Result<Data>) -> Response {
        match outcome {
            Ok(data) => self.success(data),
            Err(error) => self.fail(&error),
        }
    }

    /// What became of one of several things, in the answer to the request for all of them.
    pub(super) fn of_one(outcome: &Result<ProfileId>) -> Data {
        match outcome {
            Ok(id) => Data::from([
                ("error", 0.into()),
                ("error_text", SUCCESS.into()),
                ("profile_id", id.to_string().into()),
            ]),
            Err(error) => {
                let (status, _) = status(error.kind());
                Data::from([
                    ("error", i64::from(status.as_u16()).into()),
                    ("error_text", error.message().into()),
                ])
            }
        }
    }

    /// The answer to a request for a page of a list: what is on it, where the next one begins, and how many there are in all.
    pub(super) fn answer_page(self, outcome: Result<[Data; 3]>) -> Response {
        match outcome {
            Ok([data, next, total]) => {
                self.success_with([("data", data), ("next_from_id", next), ("total_count", total)])
            }
            Err(error) => self.fail(&error),
        }
    }

    /// The answer to a request that failed.
    pub(super) fn fail(self, error: &Error) -> Response {
        let (status, extra) = status(error.kind());
        let mut response = self.refuse(status, error.message());
        if let Some((name, value)) = extra {
            response.headers_mut().insert(name, HeaderValue::from_static(value));
        }
        response.extensions_mut().insert(Cause::of(error));
        response
    }
}
