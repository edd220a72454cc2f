//! The pages themselves: a form to fill in, and those that only say something.
//!
//! Guarantees: every text that did not come from this program is escaped.
//!
//! Must not know: requests.

use super::field::Filling;
use super::parts::{Part, Piece, parts};
use super::values::Values;
use super::words;
use crate::layout::Layout;
use crate::observe::Cause;
use askama::Template;
use axum::http::StatusCode;
use axum::http::header::RETRY_AFTER;
use axum::response::{Html, IntoResponse, Response};
use fillhouse_engine::Error;
use fillhouse_model::{ErrorKind, Fault, Form, ItemType};
use std::collections::HashMap;

/// A form to fill in.
#[derive(Template)]
#[template(path = "forms/page.html")]
struct Page<'a> {
    base: &'a str,
    user_dir: &'a str,
    directory: &'a str,
    is_embedded: bool,
    name: &'a str,
    description: Vec<&'a str>,
    saved_at: Option<String>,
    notice: Option<&'a str>,
    faults: Vec<Shown>,
    parts: Vec<Part>,
    /// The part that is to be looked at first, counted from one.
    opens: usize,
    stamp: &'a str,
    goes_on_with: Option<&'a str>,
    takes_partial: bool,
    has_files: bool,
}

/// What is wrong, as it is said at the top of the page.
pub(super) struct Shown {
    item: String,
    label: String,
    text: String,
    has_field: bool,
}

/// Where a page is, and how it is looked at.
#[derive(Debug, Clone, Default)]
pub(super) struct Place {
    /// The path that all addresses begin with.
    pub(super) base: String,
    pub(super) user_dir: String,
    /// The form's directory.
    pub(super) directory: String,
    /// Whether it stands within another page.
    pub(super) is_embedded: bool,
}

/// What is on a form's page beside its questions.
#[derive(Debug, Default)]
pub(super) struct Sheet<'a> {
    pub(super) values: Values,
    pub(super) faults: &'a [Fault],
    pub(super) stamp: &'a str,
    /// The word of the unfinished submission that is gone on with.
    pub(super) goes_on_with: Option<&'a str>,
    /// Where what was just saved is found again.
    pub(super) saved_at: Option<String>,
    pub(super) notice: Option<&'a str>,
    /// What the addresses of files begin with that were uploaded for the form.
    pub(super) files_prefix: &'a str,
    /// The page of the form that was looked at last, counted from one, as far as it is known.
    pub(super) page: Option<usize>,
    /// Whether it was sent already, and is given back.
    pub(super) was_sent: bool,
}

/// The page of a form.
pub(super) fn page(place: &Place, form: &Form, layout: &Layout, sheet: &Sheet<'_>) -> Response {
    let faults = all_shown(form, sheet.faults);
    let by_item = by_item(&faults);
    let filling = Filling { values: &sheet.values, faults: &by_item, prefix: sheet.files_prefix, layout };
    let parts = parts(form, layout, &filling);
    let first = parts.iter().position(Part::has_fault).map(|n| n + 1);
    let page = Page {
        base: &place.base,
        user_dir: &place.user_dir,
        directory: &place.directory,
        is_embedded: place.is_embedded,
        name: &form.name,
        description: form.description.as_deref().unwrap_or_default().lines().collect(),
        saved_at: sheet.saved_at.clone(),
        notice: sheet.notice,
        // Where nothing is wrong beside a question, whoever has sent it was at its end. A form may have fewer pages by now.
        opens: first.or(sheet.page.map(|page| page.clamp(1, parts.len()))).unwrap_or(if sheet.was_sent {
            parts.len()
        } else {
            1
        }),
        parts,
        faults,
        stamp: sheet.stamp,
        goes_on_with: sheet.goes_on_with,
        takes_partial: form.partial,
        has_files: form
            .leaves()
            .iter()
            .any(|leaf| matches!(leaf.item.kind, ItemType::File | ItemType::Signature)),
    };
    let is_right = sheet.faults.is_empty() && sheet.notice.is_none();
    let status = if is_right { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    rendered(status, &page)
}

/// Faults as they are said.
pub(super) fn all_shown(form: &Form, faults: &[Fault]) -> Vec<Shown> {
    faults.iter().map(|fault| shown(form, fault)).collect()
}

/// What is wrong, by item id.
pub(super) fn by_item(faults: &[Shown]) -> HashMap<String, Vec<String>> {
    let mut by_item: HashMap<String, Vec<String>> = HashMap::new();
    for fault in faults {
        by_item.entry(fault.item.clone()).or_default().push(fault.text.clone());
    }
    by_item
}

/// A fault, and the item that it is about.
fn shown(form: &Form, Fault { field, message }: &Fault) -> Shown {
    let path = field.strip_prefix("answers.").unwrap_or(field);
    let item = path.split(['[', '.']).next().unwrap_or(path).to_owned();
    let leaf = form.leaves().into_iter().find(|leaf| leaf.item.id == item);
    let text = words::fault(message);
    match leaf {
        Some(leaf) => {
            let above = leaf.parents.iter().flatten().map(|parent| parent.label.as_str());
            let label = above.chain([leaf.item.label.as_str()]).collect::<Vec<_>>().join(": ");
            let has_field = !matches!(leaf.item.kind, ItemType::Hidden | ItemType::Calculation);
            Shown { item, label, text, has_field }
        }
        None => Shown { label: item.clone(), item, text, has_field: false },
    }
}

/// A page that says something and asks nothing.
pub(super) struct Said {
    status: StatusCode,
    title: String,
    text: String,
    link: Option<(String, &'static str)>,
    place: Place,
    retry_after_seconds: Option<i64>,
    cause: Option<Cause>,
}

#[derive(Template)]
#[template(path = "forms/said.html")]
struct SaidPage<'a> {
    base: &'a str,
    is_embedded: bool,
    title: &'a str,
    text: &'a str,
    link: Option<(&'a str, &'a str)>,
}

impl Said {
    pub(super) fn new(status: StatusCode, title: impl Into<String>, text: impl Into<String>) -> Self {
        let (title, text) = (title.into(), text.into());
        let place = Place::default();
        Self { status, title, text, link: None, place, retry_after_seconds: None, cause: None }
    }

    /// That we failed.
    pub(super) fn failure(status: StatusCode) -> Self {
        Self::new(status, words::FAILED, words::FAILED_TEXT)
    }

    /// That a form takes no submissions, in the words that it was closed with.
    pub(super) fn closed(form: &Form) -> Self {
        let state = form.state.as_str();
        let reason = state.strip_prefix("closed").unwrap_or(state).trim().trim_matches(['(', ')']);
        Self::new(StatusCode::GONE, words::CLOSED, words::closed(&form.name, reason))
    }

    /// That somebody sends too much.
    pub(super) fn busy(seconds: i64) -> Self {
        let said = Self::new(StatusCode::TOO_MANY_REQUESTS, words::BUSY, words::busy(seconds));
        Self { retry_after_seconds: Some(seconds), ..said }
    }

    /// What went wrong, said to somebody who cannot help it.
    pub(super) fn of(error: &Error) -> Self {
        let said = match error.kind() {
            ErrorKind::NotFound => Self::new(StatusCode::NOT_FOUND, words::MISSING, words::MISSING_TEXT),
            ErrorKind::InvalidArgument => {
                Self::new(StatusCode::BAD_REQUEST, words::FAILED, format!("{}.", error.message()))
            }
            ErrorKind::TooLarge => {
                Self::new(StatusCode::PAYLOAD_TOO_LARGE, words::TOO_MUCH, format!("{}.", error.message()))
            }
            ErrorKind::Conflict => {
                Self::new(StatusCode::GONE, words::CLOSED, format!("{}.", error.message()))
            }
            ErrorKind::Unavailable => Self::failure(StatusCode::SERVICE_UNAVAILABLE),
            ErrorKind::Unauthenticated
            | ErrorKind::UnknownToken
            | ErrorKind::Forbidden
            | ErrorKind::Internal => Self::failure(StatusCode::INTERNAL_SERVER_ERROR),
        };
        let is_ours = said.status.is_server_error();
        Self { cause: is_ours.then(|| Cause::of(error)), ..said }
    }

    pub(super) fn at(self, place: &Place) -> Self {
        Self { place: place.clone(), ..self }
    }

    pub(super) fn linked(self, href: String, text: &'static str) -> Self {
        Self { link: Some((href, text)), ..self }
    }
}

impl IntoResponse for Said {
    fn into_response(self) -> Response {
        let page = SaidPage {
            base: &self.place.base,
            is_embedded: self.place.is_embedded,
            title: &self.title,
            text: &self.text,
            link: self.link.as_ref().map(|(href, text)| (href.as_str(), *text)),
        };
        let mut response = rendered(self.status, &page);
        if let Some(seconds) = self.retry_after_seconds {
            response.headers_mut().insert(RETRY_AFTER, seconds.into());
        }
        if let Some(cause) = self.cause {
            response.extensions_mut().insert(cause);
        }
        response
    }
}

fn rendered(status: StatusCode, page: &impl Template) -> Response {
    match page.render() {
        Ok(html) => (status, Html(html)).into_response(),
        Err(error) => {
            let mut response = StatusCode::INTERNAL_SERVER_ERROR.into_response();
            response.extensions_mut().insert(Cause::of(&error));
            response
        }
    }
}
