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
use std::fmt::Display;

/// What the frame of a page shows.
#[derive(Debug, Clone)]
pub(super) struct Frame {
    /// The path that all addresses begin with.
    pub(super) base: String,
    /// Where somebody is who is signed in; none where nobody is.
    pub(super) account: Option<Place>,
}

/// Where somebody is: in which account, and on which page.
#[derive(Debug, Clone)]
pub(super) struct Place {
    /// The account's name.
    pub(super) name: String,
    pub(super) path: String,
}

impl Frame {
    /// What a link to a path has: a mark where that is the page that is shown, or where the page is one of these or below them.
    pub(super) fn mark(&self, own: &str, parts: &[&str]) -> &'static str {
        let path = self.account.as_ref().map_or("", |place| place.path.as_str());
        let is_within = |part: &&str| {
            path.strip_prefix(*part).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        match own {
            own if path == own => " aria-current=\"page\"",
            _ if parts.iter().any(is_within) => " aria-current=\"true\"",
            _ => "",
        }
    }

    /// The same of a form's pages, behind the form's own path.
    pub(super) fn mark_tab(&self, form: impl Display, own: &str, parts: &[&str]) -> &'static str {
        let full = |name: &str| format!("/console/forms/{form}{name}");
        let parts: Vec<String> = parts.iter().map(|part| full(part)).collect();
        self.mark(&full(own), &parts.iter().map(String::as_str).collect::<Vec<_>>())
    }
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
