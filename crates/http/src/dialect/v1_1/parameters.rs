//! The parameters of a request, the same from JSON as from XML.
//!
//! Guarantees: a parameter has one value, of the type that is asked for, or the fault names it; no fault shows a value,
//! which may be a secret. Parameters that nobody knows are passed over.
//!
//! Must not know: what a parameter means.

use super::format::Format;
use super::xml::{self, Node};
use fillhouse_model::Fault;
use fillhouse_model::filter::Spelling;
use serde::de::{IgnoredAny, MapAccess, Visitor};
use serde_json::value::RawValue;
use std::fmt;

/// Every parameter of this dialect. Others are not even kept, so that a body of many costs nothing.
const KNOWN: [&str; 39] = [
    "token",
    "format",
    "id",
    "shortname",
    "date_from",
    "date_to",
    "include_incomplete",
    "file_format",
    "task_id",
    "source_type",
    "source_id",
    "custom_request",
    "db_id",
    "matching",
    "email",
    "phone",
    "profile_id",
    "field_name",
    "field_value",
    "data",
    "add_to_segments",
    "remove_from_segments",
    "from_id",
    "limit",
    "query",
    "fields",
    "segment_id",
    "name",
    "list_id",
    "is_static",
    "is_refresh_daily",
    "segment",
    "is_published",
    "form",
    "actions",
    "ui_tags",
    "groups",
    "groups_id",
    "is_nps",
];
/// How long a text may be, in characters.
const LONGEST_TEXT: usize = 1_000;

/// The known parameters of a request, in their order.
pub(super) struct Parameters(Vec<(&'static str, Value)>);

enum Value {
    Json(Box<RawValue>),
    Xml(Node),
}

/// An object as it was given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Given {
    /// The object in JSON.
    pub(super) json: String,
    /// How the values in it are spelled.
    pub(super) spelling: Spelling,
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
                Ok(Self(elements.into_iter().map(|(name, node)| (name, Value::Xml(node))).collect()))
            }
        }
    }

    /// Whether a parameter is given, whatever it is.
    pub(super) fn has(&self, name: &str) -> bool {
        self.0.iter().any(|(known, _)| *known == name)
    }

    /// Whether a parameter is given and says something: it is no empty list or text, and not `null`.
    pub(super) fn says(&self, name: &str) -> bool {
        self.0.iter().filter(|(known, _)| *known == name).any(|(_, value)| match value {
            Value::Json(json) => !matches!(json.get(), "null" | "[]" | "\"\""),
            Value::Xml(node) => node.text().is_none_or(|text| !text.trim_ascii().is_empty()),
        })
    }

    /// A whole number.
    pub(super) fn int(&self, name: &str) -> Result<Option<i64>, Fault> {
        self.typed(name, "is not a whole number", |value| match value {
            Value::Json(json) => serde_json::from_str(json.get()).ok(),
            Value::Xml(node) => node.text()?.trim_ascii().parse().ok(),
        })
    }

    /// True or false.
    pub(super) fn flag(&self, name: &str) -> Result<Option<bool>, Fault> {
        self.typed(name, "is neither true nor false", |value| match value {
            Value::Json(json) => serde_json::from_str(json.get()).ok(),
            Value::Xml(node) => match node.text()?.trim_ascii() {
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
            Value::Xml(node) => node.text().map(|text| text.trim_ascii().to_owned()),
        })?;
        if text.as_ref().is_some_and(|text| text.chars().count() > LONGEST_TEXT) {
            return Err(Fault::new(name, format!("is longer than {LONGEST_TEXT} characters")));
        }
        Ok(text)
    }

    /// A text, or a whole number as one.
    pub(super) fn text_or_int(&self, name: &str) -> Result<Option<String>, Fault> {
        // The text first: that of an element may begin with zeros, which a number would lose.
        self.text(name).or_else(|fault| match self.int(name) {
            Ok(Some(number)) => Ok(Some(number.to_string())),
            Ok(None) | Err(_) => Err(fault),
        })
    }

    /// A text that must be given.
    pub(super) fn required_text(&self, name: &str) -> Result<String, Fault> {
        self.text(name)?.ok_or_else(|| Fault::new(name, "is missing"))
    }

    /// A whole number that must be given.
    pub(super) fn required_int(&self, name: &str) -> Result<i64, Fault> {
        self.int(name)?.ok_or_else(|| Fault::new(name, "is missing"))
    }

    /// An object. In XML it is the elements in it, or a text that is one in JSON.
    pub(super) fn object(&self, name: &str) -> Result<Option<Given>, Fault> {
        self.typed(name, "is not an object", given)
    }

    /// A list of objects; one that is alone is a list of one.
    pub(super) fn objects(&self, name: &str) -> Result<Option<Vec<Given>>, Fault> {
        let complaint = || Fault::new(name, "is not a list of objects");
        self.list(name, |value| {
            given(value).filter(|given| given.json.starts_with('{')).ok_or_else(complaint)
        })
    }

    /// A list of texts; one that is alone is a list of one.
    pub(super) fn texts(&self, name: &str) -> Result<Option<Vec<String>>, Fault> {
        let complaint = || Fault::new(name, "is not a list of texts");
        self.list(name, |value| {
            let text = match value {
                Value::Json(json) => serde_json::from_str(json.get()).ok(),
                Value::Xml(node) => node.text().map(|text| text.trim_ascii().to_owned()),
            };
            text.filter(|text: &String| text.chars().count() <= LONGEST_TEXT).ok_or_else(complaint)
        })
    }

    /// A list of whole numbers; one that is alone is a list of one.
    pub(super) fn ints(&self, name: &str) -> Result<Option<Vec<i64>>, Fault> {
        let complaint = || Fault::new(name, "is not a list of whole numbers");
        self.list(name, |value| {
            let number = match value {
                Value::Json(json) => serde_json::from_str(json.get()).ok(),
                Value::Xml(node) => node.text().and_then(|text| text.trim_ascii().parse().ok()),
            };
            number.ok_or_else(complaint)
        })
    }

    /// The items of a list. In XML these are elements of one name, and a single empty one is the empty list.
    fn list<T>(
        &self,
        name: &str,
        read: impl Fn(&Value) -> Result<T, Fault>,
    ) -> Result<Option<Vec<T>>, Fault> {
        let values: Vec<&Value> =
            self.0.iter().filter(|(known, _)| *known == name).map(|(_, value)| value).collect();
        let items = match values.as_slice() {
            [] => return Ok(None),
            [Value::Json(json)] => match json.get().as_bytes().first() {
                Some(b'n') => return Ok(None),
                Some(b'[') => {
                    let items: Vec<Box<RawValue>> =
                        serde_json::from_str(json.get()).map_err(|_| Fault::new(name, "is not a list"))?;
                    return items
                        .into_iter()
                        .map(|item| read(&Value::Json(item)))
                        .collect::<Result<_, _>>()
                        .map(Some);
                }
                _ => values,
            },
            [Value::Xml(node)] if node.text().is_some_and(|text| text.trim_ascii().is_empty()) => Vec::new(),
            [Value::Json(_), ..] => return Err(Fault::new(name, "is given more than once")),
            _ => values,
        };
        items.into_iter().map(read).collect::<Result<_, _>>().map(Some)
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

fn given(value: &Value) -> Option<Given> {
    match value {
        Value::Json(json) => json
            .get()
            .starts_with('{')
            .then(|| Given { json: json.get().to_owned(), spelling: Spelling::Typed }),
        Value::Xml(node) if node.has_children() => {
            Some(Given { json: node.to_json(), spelling: Spelling::Texts })
        }
        Value::Xml(node) => {
            let text = node.text()?.trim_ascii();
            let json = if text.is_empty() { "{}" } else { text };
            json.starts_with('{').then(|| Given { json: json.to_owned(), spelling: Spelling::Typed })
        }
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
