//! JSON objects whose keys a client chooses: in the order in which they came, the values unread.
//!
//! Guarantees: of a key that is there twice, the last value counts.
//!
//! Must not know: what a key names.

use super::error::Refusal;
use crate::body;
use axum::body::Body;
use bytes::Bytes;
use fillhouse_engine::interchange::read_object;
use fillhouse_model::Fault;
use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;
use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::fmt;

/// An object.
#[derive(Debug, Default)]
pub(super) struct Keyed<'a>(Vec<(Cow<'a, str>, &'a RawValue)>);

impl<'a> Keyed<'a> {
    /// The value of a key.
    pub(super) fn get(&self, key: &str) -> Option<&'a RawValue> {
        self.0.iter().rev().find(|(known, _)| known == key).map(|(_, value)| *value)
    }

    /// Each key once, in their order, with the value that counts.
    pub(super) fn each(&self) -> Vec<(&str, &'a RawValue)> {
        let by_key = self.by_key();
        let mut seen = HashSet::new();
        let once = self.0.iter().map(|(key, _)| key.as_ref()).filter(|key| seen.insert(*key));
        once.filter_map(|key| Some((key, *by_key.get(key)?))).collect()
    }

    /// The values by their keys.
    pub(super) fn by_key(&self) -> HashMap<&str, &'a RawValue> {
        self.0.iter().map(|(key, value)| (key.as_ref(), *value)).collect()
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Keyed<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(KeyedVisitor)
    }
}

struct KeyedVisitor;

#[derive(Deserialize)]
struct Key<'a>(#[serde(borrow)] Cow<'a, str>);

impl<'de> Visitor<'de> for KeyedVisitor {
    type Value = Keyed<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut keyed = Keyed::default();
        while let Some(Key(key)) = map.next_key()? {
            keyed.0.push((key, map.next_value()?));
        }
        Ok(keyed)
    }
}

/// The body of a request, whole.
pub(super) async fn whole(body: Body) -> Result<Bytes, Refusal> {
    body::read(body).await.map_err(|error| Refusal::from(error).unreadable())
}

/// What is read from a body that is a JSON object; an empty body is an empty object.
pub(super) fn read<'a, T: Deserialize<'a>>(body: &'a [u8]) -> Result<T, Refusal> {
    let text = body::text(body).map_err(|fault| Refusal::from(fault).unreadable())?;
    let text = if text.trim().is_empty() { "{}" } else { text };
    read_object(text).map_err(|fault| match fault.field.as_str() {
        "" => Refusal::from(Fault::new("body", fault.message)).unreadable(),
        _ => Refusal::from(Fault { field: dotted(&fault.field), ..fault }),
    })
}

/// A path as clients of this dialect know it: `properties[0].name` is `properties.0.name`.
pub(super) fn dotted(path: &str) -> String {
    path.replace('[', ".").replace(']', "")
}
