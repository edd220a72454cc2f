//! Summaries: how many submissions came on which day, how often each choice was made, how the numbers are spread.
//!
//! They are made of the columns that queries look at, so that a second one costs next to nothing.
//!
//! Guarantees: all of a summary is of one moment of the form; its memory does not grow with the submissions.
//!
//! Must not know: how a summary is drawn.

use super::Query;
use super::bits::Bits;
use super::build::NOTHING;
use super::column::{Column, ColumnId};
use super::filter::{Filter, Share, is_number};
use super::fold::fold;
use super::scan::{Columns, Scan, column};
use super::snapshot::Snapshot;
use super::texts::Operator;
use crate::days::{FormDays, ListedDays};
use crate::{Engine, FormRef, FormsReader, Result};
use fillhouse_model::{AnswerKind, Form, Status};
use fillhouse_store::Block;
use std::collections::BTreeMap;
use std::sync::Arc;

/// How many bars numbers are drawn with, at most.
const BARS: usize = 12;

/// The spans that times of completion are counted in: each up to so many seconds.
pub const TOOK_SECONDS: [i64; 8] = [15, 30, 60, 120, 300, 600, 1_800, 3_600];

/// What a form's submissions are, all together.
#[derive(Debug, Clone, PartialEq)]
pub struct Summary {
    /// The form as it was.
    pub form: Form,
    /// How many submissions there are.
    pub total: u64,
    /// How many are dated on a day, by the day's number since 1970: the day on which they were finished, or last changed where
    /// they are not.
    pub days: BTreeMap<i64, u64>,
    /// How many of them were finished.
    pub finished: u64,
    /// How many took how long from their beginning to their end: as many as there are [`TOOK_SECONDS`], and those that took
    /// longer.
    pub took: Vec<u64>,
    /// What was answered to each leaf that can be summed up, by its id.
    pub leaves: Vec<(String, Spread)>,
}

/// How answers are spread.
#[derive(Debug, Clone, PartialEq)]
pub enum Spread {
    /// How often choices were made.
    Choices {
        /// How often each was, in the order of the item.
        counts: Vec<u64>,
        /// How many submissions have made any.
        answered: u64,
    },
    /// How many numbers are in each of some ranges of the same width.
    Numbers {
        /// The number that each range begins with, the least first; it ends before the next begins.
        begins: Vec<f64>,
        /// The greatest, which the last range ends with.
        most: f64,
        /// How many are in each range.
        bars: Vec<u64>,
    },
}

impl FormsReader {
    /// What the submissions of a form are that hold to the conditions of a query, all together, by these days.
    ///
    /// # Errors
    /// There is no such form; a condition names what the form does not have.
    pub async fn summary(&self, form: &FormRef, query: &Query, days: &FormDays) -> Result<Summary> {
        let parts = &self.engine.parts;
        let snapshot = Snapshot::load(parts, self.account, form).await?;
        let form = snapshot.form.form.clone();
        let filter = Filter::of(query, &form)?;
        let mut tallies: Vec<(String, Tally)> = tallies(&form);
        let mut ids: Vec<ColumnId> = tallies.iter().map(|(_, tally)| tally.column).collect();
        ids.extend([ColumnId::Dated, ColumnId::Took, ColumnId::Status]);
        put_all(&mut ids, filter.columns());
        let scan = Scan::new(parts.clone(), snapshot.clone()).with_labels();
        let mut summary = Summary {
            form,
            total: 0,
            days: BTreeMap::new(),
            finished: 0,
            took: vec![0; TOOK_SECONDS.len() + 1],
            leaves: Vec::new(),
        };
        let wanted: Vec<_> =
            snapshot.blocks.iter().filter(|block| filter.share(block) != Share::Nothing).collect();
        let days = days_of(days, &wanted, query);
        for block in &wanted {
            let columns = scan.columns(**block, &ids).await?;
            let Some(dates) = column(&columns, ColumnId::Dated) else { continue };
            let picked = filter.rows(dates.len(), &|id| column(&columns, id));
            for (_, tally) in &mut tallies {
                if let Some(column) = column(&columns, tally.column) {
                    tally.look(&column, &picked);
                }
            }
            summary.look(&columns, (&dates, &days), &picked);
        }
        // The range of the numbers is known only now.
        let mut ids: Vec<ColumnId> =
            tallies.iter().filter(|(_, tally)| tally.has_numbers()).map(|(_, tally)| tally.column).collect();
        let has_numbers = !ids.is_empty();
        put_all(&mut ids, filter.columns());
        for block in wanted.into_iter().filter(|_| has_numbers) {
            let columns = scan.columns(*block, &ids).await?;
            let Some((_, first)) = columns.first() else { continue };
            let picked = filter.rows(first.len(), &|id| column(&columns, id));
            for (_, tally) in tallies.iter_mut().filter(|(_, tally)| tally.has_numbers()) {
                if let Some(column) = column(&columns, tally.column) {
                    tally.sort(&column, &picked);
                }
            }
        }
        summary.leaves = tallies.into_iter().filter_map(|(id, tally)| Some((id, tally.spread()?))).collect();
        Ok(summary)
    }

    /// How many submissions of a form are dated on each of these days, by the day's number since 1970.
    ///
    /// # Errors
    /// There is no such form.
    pub async fn days(&self, form: &FormRef, days: &FormDays) -> Result<BTreeMap<i64, u64>> {
        let parts = &self.engine.parts;
        let snapshot = Snapshot::load(parts, self.account, form).await?;
        let scan = Scan::new(parts.clone(), snapshot.clone());
        let listed = days_of(days, &snapshot.blocks.iter().collect::<Vec<_>>(), &Query::default());
        let mut counts = BTreeMap::new();
        for block in &snapshot.blocks {
            let columns = scan.columns(*block, &[ColumnId::Dated]).await?;
            let Some(dates) = column(&columns, ColumnId::Dated) else { continue };
            count_days(&mut counts, (&dates, &listed), 0..dates.len());
        }
        Ok(counts)
    }
}

impl Engine {
    /// The number of this day since 1970.
    pub fn today(&self, days: &FormDays) -> i64 {
        days.day_of(self.now())
    }
}

/// The days that rows of these blocks may be dated on.
fn days_of<'a>(days: &'a FormDays, blocks: &[&Block], query: &Query) -> ListedDays<'a> {
    let dates = || blocks.iter().filter_map(|block| block.dates(true));
    let first = dates().map(|(first, _)| first).min().unwrap_or(0);
    let last = dates().map(|(_, last)| last).max().unwrap_or(0);
    match query.dated {
        Some(range) => days.listed(first.max(range.from.micros()), last.min(range.until.micros())),
        None => days.listed(first, last),
    }
}

/// Counts these rows by their days.
fn count_days(
    counts: &mut BTreeMap<i64, u64>,
    (dates, days): (&Column, &ListedDays<'_>),
    rows: impl Iterator<Item = usize>,
) {
    // What comes one after the other is mostly of the same day.
    let (mut day, mut count) = (0, 0);
    for row in rows {
        let here = days.day_of(dates.number(row));
        if here != day && count > 0 {
            *counts.entry(day).or_default() += count;
            count = 0;
        }
        (day, count) = (here, count + 1);
    }
    if count > 0 {
        *counts.entry(day).or_default() += count;
    }
}

impl Summary {
    /// Counts the rows of a block that were picked.
    fn look(&mut self, columns: &Columns, dated: (&Column, &ListedDays<'_>), picked: &Bits) {
        self.total += picked.count() as u64;
        if let Some(status) = column(columns, ColumnId::Status) {
            let finished = status.matching(Operator::Equals, &fold(Status::Complete.name()));
            self.finished += finished.and(picked).count() as u64;
        }
        let rows = (0..dated.0.len()).filter(|row| picked.has(*row));
        count_days(&mut self.days, dated, rows.clone());
        let Some(took) = column(columns, ColumnId::Took) else { return };
        for seconds in rows.map(|row| took.number(row)).filter(|seconds| *seconds != NOTHING) {
            let place = TOOK_SECONDS.partition_point(|most| *most <= seconds);
            if let Some(count) = self.took.get_mut(place) {
                *count += 1;
            }
        }
    }
}

/// What ranges of numbers begin with: one for each number, where there are few whole ones.
fn begins(least: f64, most: f64) -> Vec<f64> {
    let (width, is_whole) = (most - least, least.fract() == 0.0 && most.fract() == 0.0);
    let each = match (1..=BARS).find(|bars| is_whole && width < *bars as f64) {
        Some(bars) => return (0..bars).map(|n| least + n as f64).collect(),
        None => width / BARS as f64,
    };
    if each > 0.0 { (0..BARS).map(|n| least + n as f64 * each).collect() } else { vec![least] }
}

/// Adds those that are not there.
fn put_all(ids: &mut Vec<ColumnId>, others: impl Iterator<Item = ColumnId>) {
    for id in others {
        if !ids.contains(&id) {
            ids.push(id);
        }
    }
}

/// A leaf that is being summed up.
struct Tally {
    column: ColumnId,
    /// The positions of the choices.
    positions: Vec<u32>,
    counts: Vec<u64>,
    answered: u64,
    least: f64,
    most: f64,
}

fn tallies(form: &Form) -> Vec<(String, Tally)> {
    let of = |leaf: fillhouse_model::Leaf<'_>| {
        let is_number = is_number(&leaf);
        let column = match leaf.kind {
            AnswerKind::Choices => ColumnId::Answer(leaf.slot, leaf.kind),
            AnswerKind::Text if is_number => ColumnId::Number(leaf.slot),
            AnswerKind::Text | AnswerKind::Texts | AnswerKind::Files => return None,
        };
        let positions: Vec<u32> = leaf.item.choices.iter().map(|choice| choice.position).collect();
        let counts = vec![0; if is_number { BARS } else { positions.len() }];
        let (least, most) = (f64::INFINITY, f64::NEG_INFINITY);
        let tally = Tally { column, positions, counts, answered: 0, least, most };
        Some((leaf.item.id.clone(), tally))
    };
    form.leaves().into_iter().filter_map(of).collect()
}

/// The numbers of a column in the rows that were picked, without what is none.
fn numbers(column: &Arc<Column>, picked: &Bits) -> impl Iterator<Item = f64> {
    let all = (0..column.len()).filter(|row| picked.has(*row)).map(|row| column.number(row));
    // As they were ordered: see where columns of numbers are made.
    let bits = all.filter(|&bits| bits != NOTHING && bits != super::build::NO_NUMBER);
    bits.map(|bits| f64::from_bits(if bits < 0 { bits ^ i64::MAX } else { bits }.cast_unsigned()))
}

impl Tally {
    fn is_of_choices(&self) -> bool {
        matches!(self.column, ColumnId::Answer(..))
    }

    fn has_numbers(&self) -> bool {
        !self.is_of_choices() && self.least <= self.most
    }

    fn look(&mut self, column: &Arc<Column>, picked: &Bits) {
        if self.is_of_choices() {
            self.answered += column.answered(picked);
            let Self { positions, counts, .. } = self;
            column.each_chosen(picked, |chosen| {
                let place = positions.iter().position(|position| *position == chosen);
                if let Some(count) = place.and_then(|place| counts.get_mut(place)) {
                    *count += 1;
                }
            });
            return;
        }
        for number in numbers(column, picked) {
            self.least = self.least.min(number);
            self.most = self.most.max(number);
        }
    }

    fn sort(&mut self, column: &Arc<Column>, picked: &Bits) {
        let begins = begins(self.least, self.most);
        for number in numbers(column, picked) {
            let place = begins.partition_point(|begin| *begin <= number).saturating_sub(1);
            if let Some(count) = self.counts.get_mut(place) {
                *count += 1;
            }
        }
    }

    fn spread(mut self) -> Option<Spread> {
        if self.is_of_choices() {
            return Some(Spread::Choices { counts: self.counts, answered: self.answered });
        }
        if !self.has_numbers() {
            return None;
        }
        let begins = begins(self.least, self.most);
        self.counts.truncate(begins.len());
        Some(Spread::Numbers { begins, most: self.most, bars: self.counts })
    }
}
