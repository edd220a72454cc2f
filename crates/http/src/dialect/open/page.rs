//! Pages of a list, with the links between them.
//!
//! Guarantees: a link to another page asks for that page of the same list: with the same size, the same words searched for.
//!
//! Must not know: what is listed.

use super::error::Refusal;
use axum::extract::{FromRequestParts, OriginalUri, Query};
use axum::http::request::Parts;
use fillhouse_engine::Engine;
use serde::Serialize;
use std::fmt::Write as _;
use utoipa::ToSchema;

/// The most lines of a page.
pub(super) const MOST_LINES: i64 = 100;
/// The highest number that a page can be asked for by.
const LAST_PAGE: i64 = 1_000_000_000;
// How many pages are linked to on each side of the page that is shown, and how many at each end.
const AROUND: i64 = 3;
const AT_ENDS: i64 = 2;

/// What is asked of a list.
pub(super) struct Asked {
    /// The path that was asked for.
    path: String,
    /// The parameters, as they came.
    parameters: Vec<(String, String)>,
}

/// A page of a list.
#[derive(Serialize, ToSchema)]
pub(super) struct Paged<T> {
    pub(super) data: Vec<T>,
    links: Links,
    meta: Meta,
}

/// The pages around this one.
#[derive(Serialize, ToSchema)]
pub(super) struct Links {
    first: String,
    last: String,
    prev: Option<String>,
    next: Option<String>,
}

/// Where in the list this page is.
#[derive(Serialize, ToSchema)]
pub(super) struct Meta {
    current_page: i64,
    from: Option<i64>,
    last_page: i64,
    links: Vec<Link>,
    path: String,
    per_page: i64,
    to: Option<i64>,
    total: i64,
}

/// A link as a page shows it.
#[derive(Serialize, ToSchema)]
pub(super) struct Link {
    url: Option<String>,
    label: String,
    active: bool,
}

impl FromRequestParts<Engine> for Asked {
    type Rejection = Refusal;

    async fn from_request_parts(head: &mut Parts, _: &Engine) -> Result<Self, Refusal> {
        let uri = head.extensions.get::<OriginalUri>().map_or(&head.uri, |original| &original.0);
        let parameters = Query::try_from_uri(uri).map(|Query(parameters)| parameters).unwrap_or_default();
        Ok(Self { path: uri.path().to_owned(), parameters })
    }
}

impl Asked {
    /// The value of a parameter; none where it is empty.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        let value = self.parameters.iter().rev().find(|(known, _)| known == name);
        value.map(|(_, value)| value.as_str()).filter(|value| !value.is_empty())
    }

    /// The parameters that are named like `name[key]`, by key.
    pub(super) fn within(&self, name: &str) -> impl Iterator<Item = (&str, &str)> {
        self.parameters.iter().filter_map(move |(known, value)| {
            let key = known.strip_prefix(name)?.strip_prefix('[')?.strip_suffix(']')?;
            Some((key, value.as_str()))
        })
    }

    /// The number of the page, from 1; the first one where it is no such number.
    pub(super) fn page(&self) -> i64 {
        self.get("page").and_then(|page| page.parse().ok()).unwrap_or(1).clamp(1, LAST_PAGE)
    }

    /// How many lines a page has; `usual` where it is no such number.
    pub(super) fn per_page(&self, usual: i64) -> i64 {
        let given = self.get("per_page").and_then(|lines| lines.parse::<i64>().ok());
        given.map_or(usual, |lines| if lines < 1 { usual } else { lines.min(MOST_LINES) })
    }

    /// The page with these lines, of a list of `total`.
    pub(super) fn paged<T>(&self, public_url: &str, per_page: i64, total: i64, data: Vec<T>) -> Paged<T> {
        let page = self.page();
        let last = ((total + per_page - 1) / per_page).max(1);
        let path = format!("{public_url}{}", self.path);
        let url = |page: i64| self.url(&path, page);
        let (prev, next) = ((page > 1).then(|| url(page - 1)), (page < last).then(|| url(page + 1)));
        let first_line = (page - 1) * per_page + 1;
        let (from, to) = if data.is_empty() {
            (None, None)
        } else {
            (Some(first_line), Some(first_line + data.len() as i64 - 1))
        };
        let mut shown = vec![link("&laquo; Previous", prev.clone(), false)];
        let mut before = 0;
        for number in numbers(page, last) {
            if number > before + 1 {
                shown.push(link("...", None, false));
            }
            shown.push(link(&number.to_string(), Some(url(number)), number == page));
            before = number;
        }
        shown.push(link("Next &raquo;", next.clone(), false));
        let links = Links { first: url(1), last: url(last), prev, next };
        let meta =
            Meta { current_page: page, from, last_page: last, links: shown, path, per_page, to, total };
        Paged { data, links, meta }
    }

    /// The address of another page of the same list.
    fn url(&self, path: &str, page: i64) -> String {
        let mut url = format!("{path}?");
        for (name, value) in self.parameters.iter().filter(|(name, _)| name != "page") {
            put_encoded(&mut url, name);
            url.push('=');
            put_encoded(&mut url, value);
            url.push('&');
        }
        // Writing to a string does not fail.
        write!(url, "page={page}").ok();
        url
    }
}

/// The pages that are linked to.
fn numbers(page: i64, last: i64) -> impl Iterator<Item = i64> {
    let near = (page - AROUND).max(1)..=(page + AROUND).min(last);
    let mut numbers: Vec<i64> =
        (1..=AT_ENDS.min(last)).chain((last - AT_ENDS + 1).max(1)..=last).chain(near).collect();
    numbers.sort_unstable();
    numbers.dedup();
    numbers.into_iter()
}

fn link(label: &str, url: Option<String>, active: bool) -> Link {
    Link { url, label: label.to_owned(), active }
}

fn put_encoded(url: &mut String, text: &str) {
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            url.push(char::from(byte));
        } else {
            write!(url, "%{byte:02X}").ok();
        }
    }
}
