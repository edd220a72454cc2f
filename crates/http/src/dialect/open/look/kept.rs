//! What is kept of a form's look, and objects whose members nobody reads.
//!
//! Guarantees: what cannot be read counts as nothing kept.
//!
//! Must not know: what a member means, but for `id`, `name` and `type`.

use super::{LAYOUT, text};
use crate::dialect::open::property_id::shown;
use crate::dialect::open::value::raw;
use fillhouse_engine::interchange::Members;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::value::RawValue;
use std::collections::{HashMap, HashSet};

/// An object: its members in their order, as they came.
#[derive(Debug, Clone, Default)]
pub(in crate::dialect::open) struct Named(pub(super) Vec<(String, Box<RawValue>)>);

impl<'de> Deserialize<'de> for Named {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let Members(members) = Members::deserialize(deserializer)?;
        let mut named = Self::default();
        let mut places: HashMap<String, usize> = HashMap::new();
        for (name, value) in members {
            match places.get(&name).and_then(|place| named.0.get_mut(*place)) {
                Some((_, known)) => *known = value.to_owned(),
                None => {
                    places.insert(name.clone(), named.0.len());
                    named.0.push((name, value.to_owned()));
                }
            }
        }
        Ok(named)
    }
}

impl Serialize for Named {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(name, value)| (name, value)))
    }
}

impl Named {
    pub(super) fn get(&self, name: &str) -> Option<&RawValue> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, value)| &**value)
    }

    pub(super) fn id(&self) -> Option<String> {
        self.get("id").and_then(text)
    }

    /// The same with another value under a name, which comes first.
    pub(super) fn with(&self, name: &str, value: Box<RawValue>) -> Self {
        let others = self.0.iter().filter(|(known, _)| known != name).cloned();
        Self([(name.to_owned(), value)].into_iter().chain(others).collect())
    }

    /// Puts a value under a name, in place of the one that is there.
    pub(super) fn set(&mut self, name: &str, value: Box<RawValue>) {
        match self.0.iter_mut().find(|(known, _)| known == name) {
            Some((_, known)) => *known = value,
            None => self.0.push((name.to_owned(), value)),
        }
    }

    fn is_layout(&self) -> bool {
        self.get("type").and_then(text).is_some_and(|word| word.starts_with(LAYOUT))
    }
}

/// What is kept of a form's look.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Kept {
    /// The properties as they came, with the ids that they are shown with.
    pub(super) properties: Vec<Named>,
    /// Those that were removed, as they were shown last.
    pub(super) removed: Vec<Named>,
}

/// The blocks that ask nothing: before which property each stands, and those after the last one.
pub(super) struct Blocks {
    pub(super) before: HashMap<String, Vec<Box<RawValue>>>,
    pub(super) last: Vec<Box<RawValue>>,
}

impl Kept {
    pub(super) fn read(look: Option<&str>) -> Self {
        look.and_then(|look| serde_json::from_str(look).ok()).unwrap_or_default()
    }

    pub(super) fn to_json(&self) -> String {
        raw(self).get().to_owned()
    }

    /// What was kept of each property, by the id that it is shown with.
    pub(super) fn by_id(&self) -> HashMap<String, &Named> {
        let asked = self.properties.iter().filter(|one| !one.is_layout());
        asked.filter_map(|one| Some((one.id()?, one))).collect()
    }

    /// The ids of the blocks.
    pub(super) fn layout_ids(&self) -> HashSet<String> {
        self.properties.iter().filter(|one| one.is_layout()).filter_map(Named::id).collect()
    }

    /// The blocks, around the properties that there are.
    pub(super) fn blocks(&self, there: &HashSet<String>) -> Blocks {
        let mut before: HashMap<String, Vec<Box<RawValue>>> = HashMap::new();
        let mut waiting = Vec::new();
        for one in &self.properties {
            if one.is_layout() {
                waiting.push(raw(one));
            } else if let Some(id) = one.id().filter(|id| there.contains(id)) {
                before.entry(id).or_default().append(&mut waiting);
            }
        }
        Blocks { before, last: waiting }
    }

    /// What was kept of the items that were removed; of others no more than the id is known. The rows of a matrix went as one.
    pub(super) fn removed(&self, items: &[&str]) -> Vec<Box<RawValue>> {
        let known: HashMap<String, &Named> =
            self.removed.iter().filter_map(|one| Some((one.id()?, one))).collect();
        let matrix = |id: &str| {
            let above = shown(id.rsplit_once('-')?.0);
            known.get(&above).filter(|one| one.get("rows").is_some()).map(|one| (above, *one))
        };
        let mut seen = HashSet::new();
        let mut removed = Vec::new();
        for item in items {
            let id = shown(item);
            let found = known.get(&id).map(|one| (id.clone(), *one)).or_else(|| matrix(item));
            match found {
                Some((id, one)) if seen.insert(id.clone()) => removed.push(raw(one)),
                Some(_) => {}
                None => removed.push(raw(&HashMap::from([("id", &id)]))),
            }
        }
        removed
    }
}
