//! The envelope, and the data in it, in both formats.
//!
//! Guarantees: both formats say the same in the same order; what an XML document cannot hold does not break it.
//!
//! Must not know: what the data means.

use super::format::Format;
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use fillhouse_engine::interchange::Members;
use serde::{Serialize, Serializer};
use serde_json::value::RawValue;
use std::borrow::Cow;

/// What the envelope says where nothing went wrong.
pub(super) const SUCCESS: &str = "Successful operation";

/// What is in the envelope.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Data {
    Null,
    Bool(bool),
    Int(i64),
    /// Another number, as it is written.
    Number(String),
    Text(String),
    List(Vec<Data>),
    Object(Vec<(Cow<'static, str>, Data)>),
}

impl<const N: usize> From<[(&'static str, Data); N]> for Data {
    fn from(members: [(&'static str, Data); N]) -> Self {
        Self::Object(members.into_iter().map(|(name, value)| (Cow::Borrowed(name), value)).collect())
    }
}

impl From<bool> for Data {
    fn from(truth: bool) -> Self {
        Self::Bool(truth)
    }
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
        self.success_with([("data", data)])
    }

    /// The answer where nothing went wrong, with these members beside those of the envelope.
    pub(super) fn success_with<const N: usize>(self, members: [(&'static str, Data); N]) -> Response {
        let envelope = [("error", 0.into()), ("error_text", SUCCESS.into())];
        let all = members.into_iter().chain(envelope).map(|(name, value)| (Cow::Borrowed(name), value));
        self.write(StatusCode::OK, &Data::Object(all.collect()))
    }

    /// The answer where something did: the same number in the envelope and as the status.
    pub(super) fn refuse(self, status: StatusCode, text: &str) -> Response {
        let envelope = [("error", i64::from(status.as_u16()).into()), ("error_text", text.into())];
        self.write(status, &Data::from(envelope))
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
        let name = element_name(name);
        let content: &dyn Fn(&mut String) = match self {
            Self::List(items) if items.is_empty() => return out.extend(["<", &*name, "/>"]),
            Self::List(items) => return items.iter().for_each(|item| item.put_xml(&name, out)),
            Self::Null => return out.extend(["<", &*name, "/>"]),
            Self::Bool(truth) => &|out| out.push_str(if *truth { "true" } else { "false" }),
            Self::Int(number) => &|out| out.push_str(&number.to_string()),
            Self::Number(number) => &|out| out.push_str(number),
            Self::Text(text) => &|out| put_escaped(text, out),
            Self::Object(fields) => &|out| fields.iter().for_each(|(name, value)| value.put_xml(name, out)),
        };
        out.extend(["<", &*name, ">"]);
        content(out);
        out.extend(["</", &*name, ">"]);
    }
}

/// A name as that of an element: what may not be in one is an underscore.
fn element_name(name: &str) -> Cow<'_, str> {
    let is_first = |c: char| c.is_ascii_alphabetic() || c == '_';
    let is_other = |c: char| is_first(c) || c.is_ascii_digit() || matches!(c, '-' | '.') || c.is_alphabetic();
    if name.starts_with(is_first) && name.chars().all(is_other) {
        return Cow::Borrowed(name);
    }
    let others: String = name.chars().map(|c| if is_other(c) { c } else { '_' }).collect();
    if others.starts_with(is_first) { Cow::Owned(others) } else { Cow::Owned(format!("_{others}")) }
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
            Self::Null => serializer.serialize_unit(),
            Self::Bool(truth) => serializer.serialize_bool(*truth),
            Self::Int(number) => serializer.serialize_i64(*number),
            Self::Number(number) => match RawValue::from_string(number.clone()) {
                Ok(raw) => raw.serialize(serializer),
                Err(error) => Err(serde::ser::Error::custom(error)),
            },
            Self::Text(text) => serializer.serialize_str(text),
            Self::List(items) => serializer.collect_seq(items),
            Self::Object(fields) => serializer.collect_map(fields.iter().map(|(name, value)| (name, value))),
        }
    }
}

impl Data {
    /// What a JSON text says.
    pub(super) fn from_json(json: &str) -> serde_json::Result<Self> {
        let raw: &RawValue = serde_json::from_str(json)?;
        let text = raw.get();
        match text.as_bytes().first() {
            Some(b'{') => {
                let members: Members<'_> = serde_json::from_str(text)?;
                let read = |(name, value): (String, &RawValue)| {
                    Ok((Cow::Owned(name), Self::from_json(value.get())?))
                };
                members.0.into_iter().map(read).collect::<serde_json::Result<_>>().map(Self::Object)
            }
            Some(b'[') => {
                let items: Vec<&RawValue> = serde_json::from_str(text)?;
                let items = items.into_iter().map(|item| Self::from_json(item.get()));
                items.collect::<serde_json::Result<_>>().map(Self::List)
            }
            Some(b'"') => serde_json::from_str(text).map(Self::Text),
            Some(b't' | b'f') => serde_json::from_str(text).map(Self::Bool),
            Some(b'n') | None => Ok(Self::Null),
            Some(_) => Ok(Self::Number(text.to_owned())),
        }
    }
}
