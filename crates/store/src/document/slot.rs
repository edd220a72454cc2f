//! The slots of a form; for the database only, since the interchange format names leaves by their ids.
//!
//! Must not know: which leaf has which slot, or when one is given.

use super::named;
use fillhouse_model::{AnswerKind, Slot};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;

/// A slot as it is written: `["100","text"]`.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct SlotDocument<'a>(Cow<'a, str>, #[serde(with = "named")] AnswerKind);

impl<'a> From<&'a Slot> for SlotDocument<'a> {
    fn from(slot: &'a Slot) -> Self {
        Self(Cow::Borrowed(&slot.item_id), slot.kind)
    }
}

impl From<SlotDocument<'_>> for Slot {
    fn from(document: SlotDocument<'_>) -> Self {
        Self { item_id: document.0.into_owned(), kind: document.1 }
    }
}
