//! What is the same in the results of one form, made ready for being written many times.
//!
//! Must not know: rows.

use super::{METAS, METAS_ON_DEMAND, Meta, put_string};
use crate::named::places_of;
use crate::scalars::put_number;
use fillhouse_model::{AnswerKind, Fault, Form, Leaf};

/// The name that a results view knows a result's own id by, beside `id`.
const RESULT_ID: &str = "result_id";

/// The shape of one form's results.
#[derive(Debug, Clone)]
pub struct ResultLayout {
    pub(super) metas: Vec<PreparedMeta>,
    pub(super) leaves: Vec<PreparedLeaf>,
}

/// A meta as it is written.
#[derive(Debug, Clone)]
pub(super) struct PreparedMeta {
    pub(super) meta: Meta,
    /// Its name and a colon.
    pub(super) head: Vec<u8>,
}

/// A leaf as it is written.
#[derive(Debug, Clone)]
pub(super) struct PreparedLeaf {
    item_id: String,
    /// Where in a row its answer is.
    pub(super) slot: usize,
    pub(super) kind: AnswerKind,
    /// The object up to the text of the answer, or to the first of its values.
    pub(super) head: Vec<u8>,
    /// What follows on what was typed beside a choice, by the choice's position; sorted.
    pub(super) choices: Vec<(u32, Vec<u8>)>,
    /// How many texts the row of a text matrix has.
    pub(super) columns: usize,
}

impl ResultLayout {
    /// The results of `form` with everything in them.
    pub fn new(form: &Form) -> Self {
        let leaves = form.leaves().iter().map(PreparedLeaf::new).collect();
        Self { metas: METAS.map(PreparedMeta::new).into(), leaves }
    }

    /// The results of `form` with no more in them than these, in their order: names of metas, `db_id` and `profile_id`
    /// among them, and ids of items that hold answers themselves. `items` stays behind the metas.
    ///
    /// # Errors
    /// A result has no such member or item, one is there twice, or there is none at all. The fault names its place in
    /// `columns`.
    pub fn of_columns(form: &Form, columns: &[String]) -> Result<Self, Fault> {
        let Self { mut metas, leaves } = Self::new(form);
        metas.extend(METAS_ON_DEMAND.map(PreparedMeta::new));
        let names = METAS.iter().chain(&METAS_ON_DEMAND).map(|(_, name)| *name);
        let places = places_of(columns, names.chain(leaves.iter().map(|leaf| leaf.item_id.as_str())))?;
        let meta = |place: &usize| metas.get(*place).cloned();
        let leaf = |place: &usize| leaves.get(place.checked_sub(metas.len())?).cloned();
        Ok(Self {
            metas: places.iter().filter_map(meta).collect(),
            leaves: places.iter().filter_map(leaf).collect(),
        })
    }

    /// The same results with no more in them than a results view has: `columns` names metas and items.
    #[must_use]
    pub fn view(mut self, columns: &[String]) -> Self {
        let has = |name: &str| columns.iter().any(|column| column == name);
        let is_wanted = |meta: Meta| {
            METAS.iter().any(|(known, name)| *known == meta && has(name))
                || (meta == Meta::Id && has(RESULT_ID))
        };
        self.metas.retain(|prepared| is_wanted(prepared.meta));
        self.leaves.retain(|leaf| has(&leaf.item_id));
        self
    }

    /// How many slots of a row the leaves reach into.
    pub(super) fn slots(&self) -> usize {
        self.leaves.iter().map(|leaf| leaf.slot + 1).max().unwrap_or(0)
    }

    /// Bytes that say everything that a written row depends on beside the row.
    pub fn fingerprint_source(&self) -> Vec<u8> {
        let mut bytes: Vec<u8> = self.metas.iter().map(|prepared| prepared.meta as u8).collect();
        bytes.push(u8::MAX);
        for leaf in &self.leaves {
            let numbers = [leaf.slot, leaf.kind as usize, leaf.columns, leaf.head.len(), leaf.choices.len()];
            numbers.into_iter().for_each(|number| bytes.extend((number as u64).to_le_bytes()));
            bytes.extend(&leaf.head);
            for (position, label) in &leaf.choices {
                bytes.extend(position.to_le_bytes());
                bytes.extend((label.len() as u64).to_le_bytes());
                bytes.extend(label);
            }
        }
        bytes
    }
}

impl PreparedMeta {
    fn new((meta, name): (Meta, &str)) -> Self {
        Self { meta, head: format!("\"{name}\":").into_bytes() }
    }
}

impl PreparedLeaf {
    fn new(leaf: &Leaf<'_>) -> Self {
        let mut head = b"{\"id\":".to_vec();
        put_string(leaf.item.id.as_bytes(), &mut head);
        let of_answer = if leaf.kind == AnswerKind::Text { "value\":" } else { "values\":[" };
        head.extend(format!(",\"position\":{},\"{of_answer}", leaf.position).into_bytes());
        let mut choices: Vec<(u32, Vec<u8>)> = leaf
            .item
            .choices
            .iter()
            .map(|choice| {
                let mut ending = Vec::new();
                put_position(i64::from(choice.position), &mut ending);
                put_string(choice.label.as_bytes(), &mut ending);
                ending.push(b'}');
                (choice.position, ending)
            })
            .collect();
        choices.sort_by_key(|(position, _)| *position);
        choices.dedup_by_key(|(position, _)| *position);
        let columns = leaf.parents.iter().flatten().map(|parent| parent.columns.len()).max().unwrap_or(0);
        Self { item_id: leaf.item.id.clone(), slot: leaf.slot, kind: leaf.kind, head, choices, columns }
    }

    /// What follows on what was typed beside a choice, where the form still has the choice.
    pub(super) fn ending(&self, position: u32) -> Option<&[u8]> {
        let found = self.choices.binary_search_by_key(&position, |(position, _)| *position).ok()?;
        Some(&self.choices[found].1)
    }
}

/// Appends all that comes before the value of a member of `values`.
pub(super) fn put_position(position: i64, out: &mut Vec<u8>) {
    out.extend(b"\"position\":");
    put_number(position, out);
    out.extend(b",\"value\":");
}
