//! Labels by item id: a JSON object whose keys keep their order.
//!
//! Must not know: whether the form has such items.

use serde::de::{Error, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::borrow::Cow;
use std::collections::HashSet;
use std::fmt;

/// Item ids and labels as they are written: borrowed when writing, owned when read.
#[derive(Debug)]
pub struct LabelsDocument<'a>(Cow<'a, [(String, String)]>);

impl<'a> From<&'a [(String, String)]> for LabelsDocument<'a> {
    fn from(labels: &'a [(String, String)]) -> Self {
        Self(Cow::Borrowed(labels))
    }
}

impl From<LabelsDocument<'_>> for Vec<(String, String)> {
    fn from(document: LabelsDocument<'_>) -> Self {
        document.0.into_owned()
    }
}

impl Serialize for LabelsDocument<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(id, label)| (id, label)))
    }
}

impl<'de> Deserialize<'de> for LabelsDocument<'_> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Labels)
    }
}

struct Labels;

impl<'de> Visitor<'de> for Labels {
    type Value = LabelsDocument<'static>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object of item ids and labels")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut labels = Vec::new();
        let mut seen = HashSet::new();
        while let Some((id, label)) = map.next_entry::<String, String>()? {
            if !seen.insert(id.clone()) {
                return Err(A::Error::custom(format_args!("label {id:?} twice")));
            }
            labels.push((id, label));
        }
        Ok(LabelsDocument(Cow::Owned(labels)))
    }
}
