//! The fields of an audience.
//!
//! Must not know: the values of the fields; those are a profile's.

use super::named;
use fillhouse_model::{Field, FieldType};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;

/// A field as it is written: borrowed from the field when writing, owned when read.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FieldDocument<'a> {
    name: Cow<'a, str>,
    #[serde(rename = "type", with = "named")]
    kind: FieldType,
}

impl<'a> From<&'a Field> for FieldDocument<'a> {
    fn from(field: &'a Field) -> Self {
        Self { name: Cow::Borrowed(&field.name), kind: field.kind }
    }
}

impl From<FieldDocument<'_>> for Field {
    fn from(document: FieldDocument<'_>) -> Self {
        Self { name: document.name.into_owned(), kind: document.kind }
    }
}
