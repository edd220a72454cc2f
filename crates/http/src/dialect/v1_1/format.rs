//! The two formats, JSON and XML: which one a request is in, and which one its answer.
//!
//! Guarantees: an answer is in the format that the `format` parameter names, else the only one that `Accept` names, else
//! that of the request, else JSON.
//!
//! Must not know: what is answered.

use super::query::Queried;
use axum::http::HeaderMap;
use axum::http::header::{ACCEPT, CONTENT_TYPE};
use axum::http::request::Parts;
use fillhouse_model::Fault;

/// A format.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Format {
    Json,
    Xml,
}

impl Format {
    /// The format of an answer, from what the request asks for and what it is itself in.
    pub(super) fn of_answer(headers: &HeaderMap, asked: Option<Self>, own: Option<Self>) -> Self {
        asked.or_else(|| Self::accepted(headers)).or(own).unwrap_or(Self::Json)
    }

    /// The format of an answer where the body of the request is not known.
    pub(super) fn without_body(head: &Parts) -> Self {
        let queried = Queried::of(&head.uri);
        let asked = Self::asked(queried.formats.iter().map(String::as_str)).unwrap_or_default();
        Self::of_answer(&head.headers, asked, Self::declared(&head.headers))
    }

    /// The format that the `format` parameters ask for.
    pub(super) fn asked<'a>(names: impl Iterator<Item = &'a str>) -> Result<Option<Self>, Fault> {
        let mut asked = None;
        for name in names {
            let format = match name {
                "json" => Self::Json,
                "xml" => Self::Xml,
                _ => return Err(Fault::new("format", "is neither json nor xml")),
            };
            if asked.is_some_and(|other| other != format) {
                return Err(Fault::new("format", "is given more than once, and differs"));
            }
            asked = Some(format);
        }
        Ok(asked)
    }

    /// The format of a body, as its `Content-Type` says.
    pub(super) fn declared(headers: &HeaderMap) -> Option<Self> {
        Self::of_media_type(headers.get(CONTENT_TYPE)?.to_str().ok()?)
    }

    /// The format of a body, as it looks.
    pub(super) fn sniffed(body: &str) -> Option<Self> {
        match body.trim_ascii_start().as_bytes().first()? {
            b'{' => Some(Self::Json),
            b'<' => Some(Self::Xml),
            _ => None,
        }
    }

    /// The format that `Accept` names, where it names one and not the other.
    fn accepted(headers: &HeaderMap) -> Option<Self> {
        let lists = headers.get_all(ACCEPT).iter().filter_map(|list| list.to_str().ok());
        let wanted = lists.flat_map(|list| list.split(',')).filter(|range| !is_refused(range));
        let mut formats = wanted.filter_map(Self::of_media_type);
        let first = formats.next()?;
        formats.all(|other| other == first).then_some(first)
    }

    fn of_media_type(text: &str) -> Option<Self> {
        let name = text.split(';').next()?.trim();
        let is = |other: &str| name.eq_ignore_ascii_case(other);
        if is("application/json") {
            return Some(Self::Json);
        }
        (is("application/xml") || is("text/xml")).then_some(Self::Xml)
    }
}

/// Whether a range of media types is named in order to refuse it: its weight is 0.
fn is_refused(range: &str) -> bool {
    let weight = range.split(';').skip(1).find_map(|parameter| {
        let (name, value) = parameter.split_once('=')?;
        name.trim().eq_ignore_ascii_case("q").then(|| value.trim().parse::<f32>())
    });
    matches!(weight, Some(Ok(weight)) if weight <= 0.0)
}
