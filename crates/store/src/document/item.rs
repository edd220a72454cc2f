//! Items and their choices.
//!
//! Must not know: what makes an item tree valid; the model's rules say that.

use super::{named, objects};
use fillhouse_model::{Choice, Item, ItemType, Matches};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::borrow::Cow;

/// An item as it is written: borrowed from the item when writing, owned when read.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ItemDocument<'a> {
    id: Cow<'a, str>,
    #[serde(rename = "type", with = "named")]
    kind: ItemType,
    label: Cow<'a, str>,
    #[serde(default, skip_serializing_if = "is_false")]
    required: bool,
    #[serde(default, skip_serializing_if = "Vec::is_empty", deserialize_with = "objects")]
    choices: Vec<ChoiceDocument<'a>>,
    #[serde(default, skip_serializing_if = "is_false")]
    allow_other: bool,
    #[serde(default, skip_serializing_if = "<[String]>::is_empty")]
    columns: Cow<'a, [String]>,
    #[serde(default, skip_serializing_if = "Vec::is_empty", deserialize_with = "objects")]
    children: Vec<ItemDocument<'a>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    matches: Option<MatchesDocument<'a>>,
}

/// A choice as it is written.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChoiceDocument<'a> {
    position: u32,
    label: Cow<'a, str>,
}

/// `email`, `phone` or `field:` and a name.
#[derive(Debug)]
struct MatchesDocument<'a>(Cow<'a, Matches>);

/// What stands before the name of a field.
const FIELD: &str = "field:";

impl<'a> From<&'a Item> for ItemDocument<'a> {
    fn from(item: &'a Item) -> Self {
        Self {
            id: Cow::Borrowed(&item.id),
            kind: item.kind,
            label: Cow::Borrowed(&item.label),
            required: item.required,
            choices: item.choices.iter().map(ChoiceDocument::from).collect(),
            allow_other: item.allow_other,
            columns: Cow::Borrowed(&item.columns),
            children: item.children.iter().map(Self::from).collect(),
            matches: item.matches.as_ref().map(|matches| MatchesDocument(Cow::Borrowed(matches))),
        }
    }
}

impl From<ItemDocument<'_>> for Item {
    fn from(document: ItemDocument<'_>) -> Self {
        Self {
            id: document.id.into_owned(),
            kind: document.kind,
            label: document.label.into_owned(),
            required: document.required,
            choices: document.choices.into_iter().map(Choice::from).collect(),
            allow_other: document.allow_other,
            columns: document.columns.into_owned(),
            children: document.children.into_iter().map(Self::from).collect(),
            matches: document.matches.map(|matches| matches.0.into_owned()),
        }
    }
}

impl<'a> From<&'a Choice> for ChoiceDocument<'a> {
    fn from(choice: &'a Choice) -> Self {
        Self { position: choice.position, label: Cow::Borrowed(&choice.label) }
    }
}

impl From<ChoiceDocument<'_>> for Choice {
    fn from(document: ChoiceDocument<'_>) -> Self {
        Self { position: document.position, label: document.label.into_owned() }
    }
}

impl Serialize for MatchesDocument<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match &*self.0 {
            Matches::Email => serializer.serialize_str("email"),
            Matches::Phone => serializer.serialize_str("phone"),
            Matches::Field(name) => serializer.collect_str(&format_args!("{FIELD}{name}")),
        }
    }
}

impl<'de> Deserialize<'de> for MatchesDocument<'_> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let matches = match text.as_str() {
            "email" => Matches::Email,
            "phone" => Matches::Phone,
            other => match other.strip_prefix(FIELD) {
                Some(name) if !name.is_empty() => Matches::Field(name.to_owned()),
                _ => {
                    return Err(serde::de::Error::custom("is not email, phone, or field: and a name"));
                }
            },
        };
        Ok(Self(Cow::Owned(matches)))
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn is_false(flag: &bool) -> bool {
    !flag
}
