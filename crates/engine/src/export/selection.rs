//! Which submissions an export holds, and what that means for each block.
//!
//! Guarantees: what [`Selection::of`] says of a block agrees with [`Selection::holds`] of each of its rows.
//!
//! Must not know: how rows are stored or rendered.

use super::picking::Picking;
use fillhouse_model::row::Row;
use fillhouse_model::{TimeRange, Timestamp};
use fillhouse_store::{BLOCK_ROWS, Block, ordinal_of};
use std::collections::BTreeSet;
use std::sync::Arc;

/// Which submissions are wanted: those of a range of time, of certain places, or all, and the unfinished ones only where
/// that is said. The date of a finished one is when it was finished, of an unfinished one when it was last changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Selection {
    /// None where the date does not matter.
    pub(crate) range: Option<TimeRange>,
    /// Their ordinals; none where the place does not matter.
    pub(crate) places: Option<Arc<BTreeSet<i64>>>,
    pub(crate) include_incomplete: bool,
    /// What must hold of their answers; none where nothing must.
    pub(crate) filter: Option<Arc<Picking>>,
    /// Only what was changed after this seq, and what is gone or does not hold any more since; none for all.
    pub(crate) since: Option<i64>,
}

/// What of a block is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Share {
    /// Nothing.
    Nothing,
    /// Perhaps some: each row must be looked at.
    Some,
    /// Every row, but for unfinished ones where they are not wanted.
    All,
}

impl Selection {
    /// All submissions.
    pub(crate) fn everything() -> Self {
        Self { range: None, places: None, include_incomplete: true, filter: None, since: None }
    }

    /// About how many rows of these blocks have to be looked at.
    pub(crate) fn expected_rows(&self, blocks: &[Block]) -> i64 {
        match &self.places {
            Some(places) => places.len() as i64,
            None => {
                let touched = blocks.iter().filter(|block| self.of(block) != Share::Nothing);
                touched.map(|block| block.rows).sum()
            }
        }
    }

    /// Whether a submission that is wanted may be at a key.
    pub(crate) fn may_have(&self, key: i64) -> bool {
        self.places.as_ref().is_none_or(|places| places.contains(&ordinal_of(key)))
    }

    /// Whether the submission at a key is wanted, if the filter holds of it.
    pub(crate) fn holds(&self, key: i64, row: &Row<'_>) -> bool {
        self.may_have(key) && self.has_date_of(row)
    }

    fn has_date_of(&self, row: &Row<'_>) -> bool {
        if row.finished_at().is_none() && !self.include_incomplete {
            return false;
        }
        let Some(range) = self.range else { return true };
        Timestamp::from_micros(row.dated_at()).is_some_and(|date| range.contains(date))
    }

    /// What of a block is wanted, from its bounds alone.
    pub(crate) fn of(&self, block: &Block) -> Share {
        if self.since.is_some_and(|since| block.last_seq <= since) {
            return Share::Nothing;
        }
        match self.of_dates_and_places(block) {
            Share::All if self.filter.is_some() || self.since.is_some() => Share::Some,
            share => share,
        }
    }

    fn of_dates_and_places(&self, block: &Block) -> Share {
        if let Some(places) = &self.places {
            let first = block.block * BLOCK_ROWS;
            let is_touched = places.range(first..first + BLOCK_ROWS).next().is_some();
            return if is_touched { Share::Some } else { Share::Nothing };
        }
        let Some((first, last)) = block.dates(self.include_incomplete) else { return Share::Nothing };
        let Some(range) = self.range else { return Share::All };
        let (from, until) = (range.from.micros(), range.until.micros());
        if last < from || first >= until {
            Share::Nothing
        } else if first >= from && last < until {
            Share::All
        } else {
            Share::Some
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use fillhouse_model::row::encode;
    use fillhouse_model::{Status, Submission, SubmissionId};
    use fillhouse_store::{Widening, key_of};
    use proptest::prelude::*;

    fn row(date: i64, finished: bool) -> Vec<u8> {
        let date = Timestamp::from_micros(date).unwrap();
        encode(&Submission {
            id: SubmissionId(1),
            status: if finished { Status::Complete } else { Status::Incomplete },
            date_start: None,
            date_finish: finished.then_some(date),
            date_update: date,
            login_email: None,
            login_username: None,
            payment_amount: None,
            payment_status: None,
            user_browser: None,
            user_ip: None,
            user_device: None,
            user_referrer: None,
            profile: None,
            answers: vec![],
        })
    }

    proptest! {
        /// Whatever is in a block, its bounds never say otherwise than its rows.
        #[test]
        fn bounds_and_rows_agree(
            dates in prop::collection::vec((0_i64..30, any::<bool>()), 1..6),
            (from, days) in (0_i64..30, 1_i64..30),
            include_incomplete: bool,
        ) {
            let at = |micros| Timestamp::from_micros(micros).unwrap();
            let range = TimeRange { from: at(from), until: at(from + days) };
            let selection = Selection { range: Some(range), include_incomplete, ..Selection::everything() };
            let rows: Vec<Vec<u8>> = dates.into_iter().map(|(date, finished)| row(date, finished)).collect();
            let mut widening = Widening::default();
            for (n, row) in (0..).zip(&rows) {
                let read = Row::read(row).unwrap();
                widening.hold(key_of(fillhouse_model::FormId(1), n), n + 1, (&read, row.len()), None);
            }
            let block = widening.blocks().next().unwrap();
            let read = |row| Row::read(row).unwrap();
            let wanted = |row: &Row<'_>| include_incomplete || row.status == Status::Complete;
            match selection.of(block) {
                Share::Nothing => prop_assert!(rows.iter().all(|row| !selection.holds(0, &read(row)))),
                Share::All => prop_assert!(rows.iter().map(|row| read(row)).filter(wanted).all(|row| selection.holds(0, &row))),
                Share::Some => {}
            }
        }
    }
}
