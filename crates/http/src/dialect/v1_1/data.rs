//! The envelope, and the data in it, in both formats.
//!
//! Guarantees: both formats say the same in the same order; what an XML document cannot hold does not break it.
//!
//! Must not know: what the data means.

use super::format::Format;
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::{Serialize, Serializer};

/// What the envelope says where nothing went wrong.
const SUCCESS: &str = "Successful operation";

/// What is in the envelope.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Data {
    Int(i64),
    Text(String),
    List(Vec<Data>),
    Object(Vec<(&'static str, Data)>),
}

impl From<i64> for Data {
    fn from(number: i64) -> Self {
        Self::Int(number)
    }
}

impl From<String> for Data {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<&str> for Data {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl Format {
    /// The answer where nothing went wrong.
    pub(super) fn success(self, data: Data) -> Response {
        let envelope = [("data", data), ("error", 0.into()), ("error_text", SUCCESS.into())];
        self.write(StatusCode::OK, &Data::Object(envelope.into()))
    }

    /// The answer where something did: the same number in the envelope and as the status.
    pub(super) fn refuse(self, status: StatusCode, text: &str) -> Response {
        let envelope = [("error", i64::from(status.as_u16()).into()), ("error_text", text.into())];
        self.write(status, &Data::Object(envelope.into()))
    }

    fn write(self, status: StatusCode, envelope: &Data) -> Response {
        let (media_type, text) = match self {
            Self::Json => ("application/json", envelope.to_json()),
            Self::Xml => ("application/xml; charset=utf-8", envelope.to_xml()),
        };
        (status, [(CONTENT_TYPE, HeaderValue::from_static(media_type))], text).into_response()
    }
}

impl Data {
    pub(super) fn to_json(&self) -> String {
        serde_json::to_string(self).expect("texts and numbers under names always serialise")
    }

    /// The document of this: its root is `xml`.
    pub(super) fn to_xml(&self) -> String {
        let mut out = String::new();
        self.put_xml("xml", &mut out);
        out
    }

    /// A list is its elements one after the other, each under the name of the list.
    fn put_xml(&self, name: &str, out: &mut String) {
        let content: &dyn Fn(&mut String) = match self {
            Self::List(items) if items.is_empty() => return out.extend(["<", name, "/>"]),
            Self::List(items) => return items.iter().for_each(|item| item.put_xml(name, out)),
            Self::Int(number) => &|out| out.push_str(&number.to_string()),
            Self::Text(text) => &|out| put_escaped(text, out),
            Self::Object(fields) => &|out| fields.iter().for_each(|(name, value)| value.put_xml(name, out)),
        };
        out.extend(["<", name, ">"]);
        content(out);
        out.extend(["</", name, ">"]);
    }
}

fn put_escaped(text: &str, out: &mut String) {
    for c in text.chars() {
        match c {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            // Readers would take it for a line feed.
            '\r' => out.push_str("&#13;"),
            c if is_allowed(c) => out.push(c),
            _ => out.push(char::REPLACEMENT_CHARACTER),
        }
    }
}

/// Whether a character may be in an XML document, in whatever spelling.
pub(super) fn is_allowed(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | ' '..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..)
}

impl Serialize for Data {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Int(number) => serializer.serialize_i64(*number),
            Self::Text(text) => serializer.serialize_str(text),
            Self::List(items) => serializer.collect_seq(items),
            Self::Object(fields) => serializer.collect_map(fields.iter().map(|(name, value)| (name, value))),
        }
    }
}
