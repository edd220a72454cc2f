//! How this dialect says that something went wrong: a `message`, and what is wrong with each field.
//!
//! Guarantees: a refusal says nothing of what another account has.
//!
//! Must not know: what went wrong; it is told.

use crate::observe::Cause;
use axum::Json;
use axum::extract::OriginalUri;
use axum::http::header::{HeaderName, RETRY_AFTER, WWW_AUTHENTICATE};
use axum::http::request::Parts;
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use fillhouse_engine::Error;
use fillhouse_model::{ErrorKind, Fault};
use serde::Serialize;
use std::collections::BTreeMap;
use utoipa::openapi::{Content, Ref, RefOr, Response as Described, ResponseBuilder};
use utoipa::{IntoResponses, ToSchema};

/// What is said to a token that is missing or unknown.
const UNAUTHENTICATED: &str = "Unauthenticated.";
/// What is said where a token may not do what it asks for.
const UNAUTHORIZED: &str = "This action is unauthorized.";
/// What is said of a fault of ours.
const FAILURE: &str = "Server Error";

/// A refusal, on its way to the client.
pub(super) struct Refusal {
    status: StatusCode,
    said: Said,
    header: Option<(HeaderName, &'static str)>,
    cause: Option<Cause>,
}

enum Said {
    Message(Message),
    Invalid(Invalid),
}

/// Why a request was refused.
#[derive(Serialize, ToSchema)]
pub(super) struct Message {
    /// `error`; absent where the request did not come as far as the thing it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    r#type: Option<&'static str>,
    message: String,
}

/// What is wrong with the fields of a request.
#[derive(Serialize, ToSchema)]
pub(super) struct Invalid {
    /// The first, and how many more there are.
    message: String,
    /// By field.
    errors: BTreeMap<String, Vec<String>>,
}

impl Refusal {
    /// A refusal with a message and nothing else.
    pub(super) fn new(status: StatusCode, message: impl Into<String>) -> Self {
        let said = Said::Message(Message { r#type: None, message: message.into() });
        Self { status, said, header: None, cause: None }
    }

    /// The refusal of something that is said to be an error by its type, too.
    pub(super) fn typed(status: StatusCode, message: impl Into<String>) -> Self {
        let said = Said::Message(Message { r#type: Some("error"), message: message.into() });
        Self { status, said, header: None, cause: None }
    }

    /// What is wrong with each field, in the order in which it was found; there is at least one.
    pub(super) fn invalid(found: Vec<(String, String)>) -> Self {
        let first = found.first().map_or_else(String::new, |(_, message)| message.clone());
        let message = match found.len() {
            0 | 1 => first,
            2 => format!("{first} (and 1 more error)"),
            many => format!("{first} (and {} more errors)", many - 1),
        };
        let mut errors: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for (field, message) in found {
            errors.entry(field).or_default().push(message);
        }
        let said = Said::Invalid(Invalid { message, errors });
        Self { status: StatusCode::UNPROCESSABLE_ENTITY, said, header: None, cause: None }
    }

    /// The token is known, and may not do this.
    pub(super) fn unauthorized() -> Self {
        Self::new(StatusCode::FORBIDDEN, UNAUTHORIZED)
    }

    /// There is no such path.
    pub(super) fn no_route(head: &Parts) -> Self {
        Self::new(StatusCode::NOT_FOUND, format!("The route {} could not be found.", path(head)))
    }

    /// There is such a path, and it does not take the method.
    pub(super) fn no_method(head: &Parts) -> Self {
        let message = format!("The {} method is not supported for route {}.", head.method, path(head));
        Self::new(StatusCode::METHOD_NOT_ALLOWED, message)
    }

    /// A fault of ours.
    pub(super) fn failure() -> Self {
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, FAILURE)
    }

    /// The same refusal where the request cannot be read at all: it is not what it says that is wrong.
    #[must_use]
    pub(super) fn unreadable(self) -> Self {
        match self.said {
            Said::Invalid(Invalid { message, .. }) => Self::new(StatusCode::BAD_REQUEST, message),
            Said::Message(_) => self,
        }
    }
}

/// The path as it was asked for, without the slash before it.
fn path(head: &Parts) -> String {
    let uri = head.extensions.get::<OriginalUri>().map_or(&head.uri, |original| &original.0);
    uri.path().trim_start_matches('/').to_owned()
}

impl From<Error> for Refusal {
    fn from(error: Error) -> Self {
        let refusal = match error.kind() {
            ErrorKind::NotFound => Self::new(StatusCode::NOT_FOUND, sentence(error.message())),
            ErrorKind::InvalidArgument => Self::from_faults(&error),
            ErrorKind::Unauthenticated => Self {
                header: Some((WWW_AUTHENTICATE, "Bearer")),
                ..Self::new(StatusCode::UNAUTHORIZED, UNAUTHENTICATED)
            },
            ErrorKind::UnknownToken => Self {
                header: Some((WWW_AUTHENTICATE, "Bearer error=\"invalid_token\"")),
                ..Self::new(StatusCode::UNAUTHORIZED, UNAUTHENTICATED)
            },
            ErrorKind::Forbidden => Self::unauthorized(),
            ErrorKind::Conflict => Self::new(StatusCode::CONFLICT, sentence(error.message())),
            ErrorKind::TooLarge => Self::new(StatusCode::PAYLOAD_TOO_LARGE, sentence(error.message())),
            ErrorKind::Unavailable => Self {
                header: Some((RETRY_AFTER, "5")),
                ..Self::new(StatusCode::SERVICE_UNAVAILABLE, sentence(error.message()))
            },
            ErrorKind::Internal => Self::failure(),
        };
        Self { cause: Some(Cause::of(&error)), ..refusal }
    }
}

impl Refusal {
    fn from_faults(error: &Error) -> Self {
        let found = error.faults().iter().map(|fault| {
            let Fault { field, message } = fault;
            (field.clone(), format!("{field} {message}."))
        });
        Self::invalid(found.collect())
    }
}

impl From<Fault> for Refusal {
    fn from(fault: Fault) -> Self {
        Error::from(fault).into()
    }
}

/// A message as people read it: with a capital letter and a full stop.
fn sentence(message: &str) -> String {
    let mut letters = message.chars();
    let first = letters.next().map(|letter| letter.to_uppercase().collect::<String>()).unwrap_or_default();
    let stop = if message.ends_with('.') { "" } else { "." };
    format!("{first}{}{stop}", letters.as_str())
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let mut response = match self.said {
            Said::Message(message) => (self.status, Json(message)).into_response(),
            Said::Invalid(invalid) => (self.status, Json(invalid)).into_response(),
        };
        if let Some((name, value)) = self.header {
            response.headers_mut().insert(name, HeaderValue::from_static(value));
        }
        if let Some(cause) = self.cause {
            response.extensions_mut().insert(cause);
        }
        response
    }
}

/// The refusals that any route may give.
pub(super) struct Refusals;

impl IntoResponses for Refusals {
    fn responses() -> BTreeMap<String, RefOr<Described>> {
        let described = |description: &str, schema: &str| {
            let content = Content::new(Some(Ref::from_schema_name(schema)));
            ResponseBuilder::new()
                .description(description)
                .content("application/json", content)
                .build()
                .into()
        };
        BTreeMap::from([
            ("422".to_owned(), described("The fields named in `errors` are wrong", "Invalid")),
            ("4XX".to_owned(), described("It was refused", "Message")),
            ("503".to_owned(), described("Something needed is not there just now", "Message")),
        ])
    }
}
