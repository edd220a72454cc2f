//! The values in a filter, as the types of the fields that they are compared with.
//!
//! Must not know: operators, but for the two whose operand is of a type of its own.

use super::{Reader, each, within};
use crate::filter::{Operand, Test};
use crate::{Fault, FieldType, Json, Timestamp};

/// How deep a value may be.
const DEEPEST: usize = 16;

impl Reader<'_> {
    /// The type of the field that a path leads to, where the audience says it.
    pub(super) fn kind_of(self, names: &[String]) -> Option<FieldType> {
        let [name] = names else { return None };
        let field = self.fields.iter().find(|field| !self.is_element && field.name == *name)?;
        Some(field.kind)
    }

    pub(super) fn operand(self, value: &Json, kind: Option<FieldType>) -> Result<Operand, Fault> {
        let value = self.value(value, kind, 0)?;
        let instant = match &value {
            Json::Text(text) if kind == Some(FieldType::Date) => instant(text),
            _ => None,
        };
        Ok(instant.map_or(Operand::Value(value), Operand::Instant))
    }

    pub(super) fn operands(self, value: &Json, kind: Option<FieldType>) -> Result<Vec<Operand>, Fault> {
        match value {
            Json::List(items) => each(items, |item| self.operand(item, kind)),
            // A list of one, of which a text is all that can be told.
            Json::Text(_) if self.spelling == super::Spelling::Texts => Ok(vec![self.operand(value, kind)?]),
            _ => Err(Fault::new("", "is not a list")),
        }
    }

    pub(super) fn exists(self, value: &Json) -> Result<Test, Fault> {
        match self.value(value, Some(FieldType::Bool), 0)? {
            Json::Bool(true) => Ok(Test::Exists),
            Json::Bool(false) => Ok(Test::Fails(vec![Test::Exists])),
            _ => Err(Fault::new("", "is neither true nor false")),
        }
    }

    pub(super) fn size(self, value: &Json) -> Result<Test, Fault> {
        let size = match self.value(value, Some(FieldType::Int), 0)? {
            Json::Int(size) => usize::try_from(size).ok(),
            _ => None,
        };
        size.map(Test::Size).ok_or_else(|| Fault::new("", "is not a whole number of 0 or more"))
    }

    /// A value, in which there is no operator.
    fn value(self, value: &Json, kind: Option<FieldType>, depth: usize) -> Result<Json, Fault> {
        self.count()?;
        if depth > DEEPEST {
            return Err(Fault::new("", format!("is nested deeper than {DEEPEST} levels")));
        }
        Ok(match value {
            Json::List(items) => Json::List(each(items, |item| self.value(item, kind, depth + 1))?),
            Json::Object(members) => {
                let member = |(name, value): &(String, Json)| {
                    let read = if name.starts_with('$') {
                        Err(Fault::new("", "is an operator where a value is expected"))
                    } else {
                        self.value(value, None, depth + 1)
                    };
                    read.map(|value| (name.clone(), value)).map_err(|fault| within(fault, name))
                };
                Json::Object(members.iter().map(member).collect::<Result<_, _>>()?)
            }
            Json::Text(text) if self.spelling == super::Spelling::Texts => typed(text, kind),
            other => other.clone(),
        })
    }
}

/// What a text means as a value of this type; the text itself, where it means nothing.
fn typed(text: &str, kind: Option<FieldType>) -> Json {
    let value = match (kind, text.trim()) {
        (Some(FieldType::Bool), "true" | "1") => Some(Json::Bool(true)),
        (Some(FieldType::Bool), "false" | "0") => Some(Json::Bool(false)),
        (Some(FieldType::Int | FieldType::Float), text) => number(text),
        _ => None,
    };
    value.unwrap_or_else(|| Json::Text(text.to_owned()))
}

fn number(text: &str) -> Option<Json> {
    let float = || text.parse().ok().filter(|number: &f64| number.is_finite()).map(Json::Float);
    text.parse().ok().map(Json::Int).or_else(float)
}

/// The instant that a text of a date field means: a day means its beginning, in UTC.
pub fn instant(text: &str) -> Option<Timestamp> {
    let midnight = || {
        let day: jiff::civil::Date = (text.len() == 10).then(|| text.parse().ok()).flatten()?;
        Some(day.to_zoned(jiff::tz::TimeZone::UTC).ok()?.timestamp().into())
    };
    text.parse().ok().or_else(midnight)
}
