//! Filters as they are asked with: the text of a JSON object.
//!
//! Guarantees: a text that is no filter, or longer than one may be, is refused; it never means everyone.
//!
//! Must not know: who is asked about.

use crate::interchange::canonical_object;
use fillhouse_model::filter::Spelling;
use fillhouse_model::{Fault, Field, Filter};
use fillhouse_store::document::value_from_json;

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
        canonical_object(&self.json)
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
