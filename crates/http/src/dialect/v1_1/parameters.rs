//! The parameters of a request, the same from JSON as from XML.
//!
//! Guarantees: a parameter has one value, of the type that is asked for, or the fault names it; no fault shows a value,
//! which may be a secret. Parameters that nobody knows are passed over.
//!
//! Must not know: what a parameter means.

use super::format::Format;
use super::xml;
use fillhouse_model::Fault;
use serde::de::{IgnoredAny, MapAccess, Visitor};
use serde_json::value::RawValue;
use std::fmt;

/// Every parameter of this dialect. Others are not even kept, so that a body of many costs nothing.
const KNOWN: [&str; 16] = [
    "token",
    "format",
    "id",
    "shortname",
    "date_from",
    "date_to",
    "include_incomplete",
    "file_format",
    "task_id",
    "db_id",
    "matching",
    "profile_id",
    "email",
    "phone",
    "field_name",
    "field_value",
];
/// How long a text may be, in characters.
const LONGEST_TEXT: usize = 1_000;

/// The known parameters of a request, in their order.
pub(super) struct Parameters(Vec<(&'static str, Value)>);

enum Value {
    Json(Box<RawValue>),
    /// The text of an element; none where it has elements in it.
    Xml(Option<String>),
}

impl Parameters {
    /// Reads a body.
    ///
    /// # Errors
    /// It is not of the format.
    pub(super) fn read(format: Format, body: &str) -> Result<Self, Fault> {
        match format {
            Format::Json => read_json(body).map(Self),
            Format::Xml => {
                let elements = xml::read(body, &KNOWN)?;
                Ok(Self(elements.into_iter().map(|(name, text)| (name, Value::Xml(text))).collect()))
            }
        }
    }

    /// A whole number.
    pub(super) fn int(&self, name: &str) -> Result<Option<i64>, Fault> {
        self.typed(name, "is not a whole number", |value| match value {
            Value::Json(json) => serde_json::from_str(json.get()).ok(),
            Value::Xml(text) => text.as_deref()?.trim_ascii().parse().ok(),
        })
    }

    /// True or false.
    pub(super) fn flag(&self, name: &str) -> Result<Option<bool>, Fault> {
        self.typed(name, "is neither true nor false", |value| match value {
            Value::Json(json) => serde_json::from_str(json.get()).ok(),
            Value::Xml(text) => match text.as_deref()?.trim_ascii() {
                "true" | "1" => Some(true),
                "false" | "0" => Some(false),
                _ => None,
            },
        })
    }

    /// A text.
    pub(super) fn text(&self, name: &str) -> Result<Option<String>, Fault> {
        let text: Option<String> = self.typed(name, "is not a text", |value| match value {
            Value::Json(json) => serde_json::from_str(json.get()).ok(),
            Value::Xml(text) => text.as_deref().map(|text| text.trim_ascii().to_owned()),
        })?;
        if text.as_ref().is_some_and(|text| text.chars().count() > LONGEST_TEXT) {
            return Err(Fault::new(name, format!("is longer than {LONGEST_TEXT} characters")));
        }
        Ok(text)
    }

    /// A text, or a whole number as one.
    pub(super) fn text_or_int(&self, name: &str) -> Result<Option<String>, Fault> {
        match self.int(name) {
            Ok(Some(number)) => Ok(Some(number.to_string())),
            Ok(None) | Err(_) => self.text(name),
        }
    }

    /// A text that must be given.
    pub(super) fn required_text(&self, name: &str) -> Result<String, Fault> {
        self.text(name)?.ok_or_else(|| Fault::new(name, "is missing"))
    }

    fn typed<T>(
        &self,
        name: &str,
        complaint: &str,
        read: impl Fn(&Value) -> Option<T>,
    ) -> Result<Option<T>, Fault> {
        let mut values = self.0.iter().filter(|(known, _)| *known == name);
        let Some((_, value)) = values.next() else { return Ok(None) };
        if values.next().is_some() {
            return Err(Fault::new(name, "is given more than once"));
        }
        if matches!(value, Value::Json(json) if json.get() == "null") {
            return Ok(None);
        }
        read(value).map(Some).ok_or_else(|| Fault::new(name, complaint))
    }
}

fn read_json(body: &str) -> Result<Vec<(&'static str, Value)>, Fault> {
    // Said here: what serde says of another value has that value in it.
    if !body.trim_ascii_start().starts_with('{') {
        return Err(Fault::new("body", "is not a JSON object"));
    }
    let mut reader = serde_json::Deserializer::from_str(body);
    let members = serde::Deserializer::deserialize_map(&mut reader, Members);
    let whole = members.and_then(|members| reader.end().map(|()| members));
    whole.map_err(|error| Fault::new("body", format!("is not JSON: {error}")))
}

/// Reads the members of an object that are known.
struct Members;

impl<'de> Visitor<'de> for Members {
    type Value = Vec<(&'static str, Value)>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut members = Vec::new();
        while let Some(name) = map.next_key::<String>()? {
            match KNOWN.iter().find(|known| **known == name) {
                Some(known) => members.push((*known, Value::Json(map.next_value()?))),
                None => drop(map.next_value::<IgnoredAny>()?),
            }
        }
        Ok(members)
    }
}
