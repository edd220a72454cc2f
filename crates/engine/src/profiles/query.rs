//! Filters as they are asked with: the text of a JSON object.
//!
//! Guarantees: a text that is no filter, or longer than one may be, is refused; it never means everyone.
//!
//! Must not know: who is asked about.

use crate::interchange::canonical_object;
use fillhouse_model::filter::Spelling;
use fillhouse_model::{Fault, Field, FieldType, Filter};
use fillhouse_store::document::value_from_json;
use serde_json::Value;

/// The longest filter, in bytes.
const MOST_BYTES: usize = 100_000;

/// A filter as it was given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProfileQuery {
    /// A JSON object.
    pub json: String,
    /// How its values are spelled.
    pub spelling: Spelling,
}

impl ProfileQuery {
    /// A filter whose values are each in their own type.
    pub fn typed(json: impl Into<String>) -> Self {
        Self { json: json.into(), spelling: Spelling::Typed }
    }

    /// The filter as it is kept with a segment.
    ///
    /// # Errors
    /// It is none.
    pub(crate) fn kept(&self, fields: &[Field]) -> Result<String, Fault> {
        self.read(fields)?;
        match self.spelling {
            Spelling::Typed => canonical_object(&self.json),
            Spelling::Texts => {
                let unreadable = |error: serde_json::Error| Fault::new("", error.to_string());
                let mut filter: Value = serde_json::from_str(&self.json).map_err(unreadable)?;
                give_types(&mut filter, fields);
                canonical_object(&filter.to_string())
            }
        }
    }

    /// The filter, over profiles with these fields.
    ///
    /// # Errors
    /// It is none; the fault names the path in it.
    pub(crate) fn read(&self, fields: &[Field]) -> Result<Filter, Fault> {
        if self.json.len() > MOST_BYTES {
            return Err(Fault::new("", format!("is longer than {MOST_BYTES} bytes")));
        }
        // Which refuses a name that is given twice: of two conditions, one would be passed over.
        let json = canonical_object(&self.json)?;
        let value = value_from_json(&json).map_err(|error| Fault::new("", error.to_string()))?;
        Filter::read(&value, fields, self.spelling)
    }
}

/// Makes the texts of a filter what the fields hold that they are compared with: who reads it later is not told how it was
/// spelled.
fn give_types(filter: &mut Value, fields: &[Field]) {
    let Value::Object(members) = filter else { return };
    for (name, value) in members {
        if let ("$and" | "$or" | "$nor", Value::Array(filters)) = (name.as_str(), &mut *value) {
            filters.iter_mut().for_each(|filter| give_types(filter, fields));
        } else {
            let field = fields.iter().find(|field| field.name == *name);
            give_type(value, field.map(|field| field.kind));
        }
    }
}

fn give_type(value: &mut Value, kind: Option<FieldType>) {
    match value {
        Value::String(text) => {
            if let Some(typed) = typed(text.trim(), kind) {
                *value = typed;
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| give_type(item, kind)),
        Value::Object(members) => {
            for (name, value) in members {
                match name.as_str() {
                    "$exists" => give_type(value, Some(FieldType::Bool)),
                    "$size" => give_type(value, Some(FieldType::Int)),
                    "$not" | "$eq" | "$ne" | "$gt" | "$gte" | "$lt" | "$lte" | "$in" | "$nin" | "$all" => {
                        give_type(value, kind);
                    }
                    _ => {}
                }
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

fn typed(text: &str, kind: Option<FieldType>) -> Option<Value> {
    match (kind?, text) {
        (FieldType::Bool, "true" | "1") => Some(Value::Bool(true)),
        (FieldType::Bool, "false" | "0") => Some(Value::Bool(false)),
        (FieldType::Int | FieldType::Float, text) => serde_json::from_str(text).ok().filter(Value::is_number),
        _ => None,
    }
}
