//! Where people leave a form: after which question those stopped who did not finish.
//!
//! Guarantees: it looks at a bounded number of submissions, the latest, and says how many.
//!
//! Must not know: how it is drawn.

use super::{Query, page};
use crate::{FormRef, FormsReader, Result};
use fillhouse_model::row::Row;
use fillhouse_model::{AnswerKind, Status};

/// How many unfinished submissions are looked at, at most.
const MOST_LOOKED_AT: u32 = 1_000;

/// Where people left a form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeftAt {
    /// How many unfinished submissions were looked at.
    pub looked_at: u64,
    /// How many of them have no answer at all.
    pub before_any: u64,
    /// For how many of them a leaf was the last that was answered, by its id, in the order of the form.
    pub leaves: Vec<(String, u64)>,
}

impl FormsReader {
    /// After which question those stopped who did not finish, of the submissions that hold to the conditions of a query.
    ///
    /// # Errors
    /// There is no such form; a condition names what the form does not have.
    pub async fn left_at(&self, form: &FormRef, query: &Query) -> Result<LeftAt> {
        if query.status == Some(Status::Complete) {
            return Ok(LeftAt { looked_at: 0, before_any: 0, leaves: Vec::new() });
        }
        let unfinished = Query {
            status: Some(Status::Incomplete),
            sort: "result_id".to_owned(),
            descending: true,
            page: 0,
            limit: MOST_LOOKED_AT,
            ..query.clone()
        };
        let found = page::find(&self.engine.parts, self.account, form, &unfinished).await?;
        let form = &found.form.form;
        let kinds: Vec<AnswerKind> = form.slots.iter().map(|slot| slot.kind).collect();
        let leaves = form.leaves();
        let mut left = LeftAt {
            looked_at: found.rows.len() as u64,
            before_any: 0,
            leaves: leaves.iter().map(|leaf| (leaf.item.id.clone(), 0)).collect(),
        };
        for row in &found.rows {
            let answers = Row::read(row)?.decode(&kinds)?.answers;
            let last = leaves.iter().rposition(|leaf| answers.get(leaf.slot).is_some_and(Option::is_some));
            match last.and_then(|place| left.leaves.get_mut(place)) {
                Some((_, count)) => *count += 1,
                None => left.before_any += 1,
            }
        }
        Ok(left)
    }
}
