//! Reading answers straight into the slots of a form, with no tree of JSON values in between.
//!
//! Must not know: what an item asks; only what its answer is made of.

use crate::interchange::leaves::{LeafSlot, Leaves};
use crate::interchange::scalar::Long;
use fillhouse_model::{Answer, AnswerKind, Chosen, File};
use fillhouse_store::document::objects;
use serde::de::{DeserializeSeed, Error, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use std::fmt;
use std::mem;

/// Reads the answers of a submission of a form, by slot; those of `before` stay where the document does not name them.
#[derive(Clone, Copy)]
pub(super) struct AnswersSeed<'form> {
    pub(super) leaves: &'form Leaves,
    pub(super) before: &'form [Option<Answer>],
}

impl<'de> DeserializeSeed<'de> for AnswersSeed<'_> {
    type Value = Vec<Option<Answer>>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for AnswersSeed<'_> {
    type Value = Vec<Option<Answer>>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object of item ids and answers")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let slots = self.leaves.slot_count();
        let mut answers = self.before.to_vec();
        answers.resize_with(slots, || None);
        let mut seen = vec![false; slots];
        while let Some(leaf) = map.next_key_seed(LeafSeed(self.leaves))? {
            answers[leaf.slot] = map.next_value_seed(AnswerSeed {
                kind: leaf.kind,
                // The value says so, since what it says has the path of its key.
                repeated: mem::replace(&mut seen[leaf.slot], true),
            })?;
        }
        Ok(answers)
    }
}

/// Reads the id of a leaf.
struct LeafSeed<'form>(&'form Leaves);

impl<'de, 'form> DeserializeSeed<'de> for LeafSeed<'form> {
    type Value = &'form LeafSlot;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_identifier(self)
    }
}

impl<'form> Visitor<'_> for LeafSeed<'form> {
    type Value = &'form LeafSlot;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the id of an item")
    }

    fn visit_str<E: Error>(self, id: &str) -> Result<Self::Value, E> {
        self.0.get(id).ok_or_else(|| {
            E::custom(if self.0.is_group(id) {
                "is a group; the items below it are answered"
            } else {
                "the form has no such item"
            })
        })
    }
}

/// Reads the answer of a leaf; null is none.
struct AnswerSeed {
    kind: AnswerKind,
    repeated: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ChosenDocument {
    position: u32,
    other: Option<Long>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FileDocument {
    name: Long,
    url: Long,
}

/// A list of objects that are nothing but objects.
struct Objects<T>(Vec<T>);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Objects<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        objects(deserializer).map(Self)
    }
}

impl<'de> DeserializeSeed<'de> for AnswerSeed {
    type Value = Option<Answer>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        if self.repeated {
            return Err(D::Error::custom("is given twice"));
        }
        Ok(match self.kind {
            AnswerKind::Text => Option::deserialize(deserializer)?.map(|text: Long| Answer::Text(text.0)),
            AnswerKind::Choices => Option::deserialize(deserializer)?.map(choices),
            AnswerKind::Texts => Option::deserialize(deserializer)?.map(texts),
            AnswerKind::Files => Option::deserialize(deserializer)?.map(files),
        })
    }
}

fn choices(documents: Objects<ChosenDocument>) -> Answer {
    let chosen = documents
        .0
        .into_iter()
        .map(|document| Chosen { position: document.position, other: document.other.map(|text| text.0) });
    Answer::Choices(chosen.collect())
}

fn texts(documents: Vec<Long>) -> Answer {
    Answer::Texts(documents.into_iter().map(|text| text.0).collect())
}

fn files(documents: Objects<FileDocument>) -> Answer {
    let files = documents.0.into_iter().map(|document| File { name: document.name.0, url: document.url.0 });
    Answer::Files(files.collect())
}
