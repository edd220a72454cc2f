//! Enumerations that are written by name; for serde's `with`.
//!
//! Must not know: what the names mean.

use fillhouse_model::{AnswerKind, FieldType, ItemType};
use serde::{Deserialize, Deserializer, Serializer};

/// A closed list of values, each with the name that it is written by.
pub(super) trait Named: Copy + PartialEq + 'static {
    /// Every value with its name.
    const NAMES: &'static [(Self, &'static str)];
}

impl Named for ItemType {
    const NAMES: &'static [(Self, &'static str)] = &Self::ALL;
}

impl Named for FieldType {
    const NAMES: &'static [(Self, &'static str)] = &Self::ALL;
}

impl Named for AnswerKind {
    const NAMES: &'static [(Self, &'static str)] =
        &[(Self::Text, "text"), (Self::Choices, "choices"), (Self::Texts, "texts"), (Self::Files, "files")];
}

pub(super) fn serialize<T: Named, S: Serializer>(value: &T, serializer: S) -> Result<S::Ok, S::Error> {
    let (_, name) = T::NAMES.iter().find(|(known, _)| known == value).expect("the list has every value");
    serializer.serialize_str(name)
}

pub(super) fn deserialize<'de, T: Named, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    let text = String::deserialize(deserializer)?;
    T::NAMES.iter().find(|(_, name)| *name == text).map(|(value, _)| *value).ok_or_else(|| {
        let names: Vec<_> = T::NAMES.iter().map(|(_, name)| *name).collect();
        serde::de::Error::custom(format_args!("{text:?} is not one of {}", names.join(", ")))
    })
}
