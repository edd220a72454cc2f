//! Which submissions an export holds, and what that means for each block.
//!
//! Guarantees: what [`Selection::of`] says of a block agrees with [`Selection::holds`] of each of its rows.
//!
//! Must not know: how rows are stored or rendered.

use fillhouse_model::row::Row;
use fillhouse_model::{Status, TimeRange, Timestamp};
use fillhouse_store::Block;

/// Which submissions are wanted: those whose date is in the range. The date of a finished one is when it was finished, of
/// an unfinished one when it was last changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Selection {
    pub(crate) range: TimeRange,
    pub(crate) include_incomplete: bool,
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
    /// Whether a submission is wanted.
    pub(crate) fn holds(&self, row: &Row<'_>) -> bool {
        let date = match (row.status, row.date_finish) {
            (Status::Complete, Some(finish)) => finish,
            _ if self.include_incomplete => row.date_update,
            _ => return false,
        };
        Timestamp::from_micros(date).is_some_and(|date| self.range.contains(date))
    }

    /// What of a block is wanted, from its bounds alone.
    pub(crate) fn of(&self, block: &Block) -> Share {
        let update = block.update.filter(|_| self.include_incomplete);
        let Some((first, last)) = around(block.finish, update) else { return Share::Nothing };
        let (from, until) = (self.range.from.micros(), self.range.until.micros());
        if last < from || first >= until {
            Share::Nothing
        } else if first >= from && last < until {
            Share::All
        } else {
            Share::Some
        }
    }
}

fn around(one: Option<(i64, i64)>, other: Option<(i64, i64)>) -> Option<(i64, i64)> {
    match (one, other) {
        (Some((a, b)), Some((c, d))) => Some((a.min(c), b.max(d))),
        (one, other) => one.or(other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use fillhouse_model::row::encode;
    use fillhouse_model::{Submission, SubmissionId};
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
            let selection = Selection { range, include_incomplete };
            let rows: Vec<Vec<u8>> = dates.into_iter().map(|(date, finished)| row(date, finished)).collect();
            let mut widening = Widening::default();
            for (n, row) in (0..).zip(&rows) {
                widening.hold(key_of(fillhouse_model::FormId(1), n), n + 1, &Row::read(row).unwrap(), true);
            }
            let block = widening.blocks().next().unwrap();
            let read = |row| Row::read(row).unwrap();
            let wanted = |row: &Row<'_>| include_incomplete || row.status == Status::Complete;
            match selection.of(block) {
                Share::Nothing => prop_assert!(rows.iter().all(|row| !selection.holds(&read(row)))),
                Share::All => prop_assert!(rows.iter().map(|row| read(row)).filter(wanted).all(|row| selection.holds(&row))),
                Share::Some => {}
            }
        }
    }
}
