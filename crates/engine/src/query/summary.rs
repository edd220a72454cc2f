//! Summaries: how many submissions came on which day, how often each choice was made, how the numbers are spread.
//!
//! They are made of the columns that queries look at, so that a second one costs next to nothing.
//!
//! Guarantees: all of a summary is of one moment of the form; its memory does not grow with the submissions.
//!
//! Must not know: how a summary is drawn.

use super::build::NOTHING;
use super::column::{Column, ColumnId};
use super::scan::{Scan, column};
use super::snapshot::Snapshot;
use crate::{Engine, FormRef, FormsReader, Result};
use fillhouse_model::{AnswerKind, Form, ItemType};
use std::collections::BTreeMap;
use std::sync::Arc;

const DAY_MICROS: i64 = 24 * 3_600 * 1_000_000;
/// How many bars numbers are drawn with, at most.
const BARS: usize = 12;

/// What a form's submissions are, all together.
#[derive(Debug, Clone, PartialEq)]
pub struct Summary {
    /// The form as it was.
    pub form: Form,
    /// How many submissions there are.
    pub total: u64,
    /// How many were last changed on a day, by the day's number since 1970, in UTC.
    pub days: BTreeMap<i64, u64>,
    /// What was answered to each leaf that can be summed up, by its id.
    pub leaves: Vec<(String, Spread)>,
}

/// How answers are spread.
#[derive(Debug, Clone, PartialEq)]
pub enum Spread {
    /// How often each choice was made, in the order of the item.
    Choices(Vec<u64>),
    /// How many numbers are in each of some ranges of the same width.
    Numbers {
        /// The least.
        least: f64,
        /// The greatest.
        most: f64,
        /// How many are in each range.
        bars: Vec<u64>,
    },
}

impl FormsReader {
    /// What a form's submissions are, all together.
    ///
    /// # Errors
    /// There is no such form.
    pub async fn summary(&self, form: &FormRef) -> Result<Summary> {
        let parts = &self.engine.parts;
        let snapshot = Snapshot::load(parts, self.account, form).await?;
        let form = snapshot.form.form.clone();
        let mut tallies: Vec<(String, Tally)> = tallies(&form);
        let mut ids: Vec<ColumnId> = tallies.iter().map(|(_, tally)| tally.column).collect();
        ids.push(ColumnId::Update);
        let scan = Scan::new(parts.clone(), snapshot.clone());
        let (mut total, mut days) = (0, BTreeMap::new());
        for block in &snapshot.blocks {
            let columns = scan.columns(*block, &ids).await?;
            for (_, tally) in &mut tallies {
                if let Some(column) = column(&columns, tally.column) {
                    tally.look(&column);
                }
            }
            let Some(updates) = column(&columns, ColumnId::Update) else { continue };
            total += updates.len() as u64;
            for row in 0..updates.len() {
                *days.entry(updates.number(row).div_euclid(DAY_MICROS)).or_default() += 1;
            }
        }
        // The range of the numbers is known only now.
        let ids: Vec<ColumnId> =
            tallies.iter().filter(|(_, tally)| tally.has_numbers()).map(|(_, tally)| tally.column).collect();
        for block in snapshot.blocks.iter().filter(|_| !ids.is_empty()) {
            let columns = scan.columns(*block, &ids).await?;
            for (_, tally) in tallies.iter_mut().filter(|(_, tally)| tally.has_numbers()) {
                if let Some(column) = column(&columns, tally.column) {
                    tally.sort(&column);
                }
            }
        }
        let leaves = tallies.into_iter().filter_map(|(id, tally)| Some((id, tally.spread()?))).collect();
        Ok(Summary { form, total, days, leaves })
    }

    /// How many submissions of a form were last changed on each day, by the day's number since 1970, in UTC.
    ///
    /// # Errors
    /// There is no such form.
    pub async fn days(&self, form: &FormRef) -> Result<BTreeMap<i64, u64>> {
        let parts = &self.engine.parts;
        let snapshot = Snapshot::load(parts, self.account, form).await?;
        let scan = Scan::new(parts.clone(), snapshot.clone());
        let mut days = BTreeMap::new();
        for block in &snapshot.blocks {
            let columns = scan.columns(*block, &[ColumnId::Update]).await?;
            let Some(updates) = column(&columns, ColumnId::Update) else { continue };
            for row in 0..updates.len() {
                *days.entry(updates.number(row).div_euclid(DAY_MICROS)).or_default() += 1;
            }
        }
        Ok(days)
    }
}

impl Engine {
    /// The number of this day since 1970, in UTC.
    pub fn today(&self) -> i64 {
        self.now().micros().div_euclid(DAY_MICROS)
    }
}

/// A leaf that is being summed up.
struct Tally {
    column: ColumnId,
    /// The positions of the choices.
    positions: Vec<u32>,
    counts: Vec<u64>,
    least: f64,
    most: f64,
}

fn tallies(form: &Form) -> Vec<(String, Tally)> {
    let of = |leaf: fillhouse_model::Leaf<'_>| {
        let is_number = matches!(
            leaf.item.kind,
            ItemType::Number | ItemType::Rating | ItemType::Scale | ItemType::Calculation
        );
        let column = match leaf.kind {
            AnswerKind::Choices => ColumnId::Answer(leaf.slot, leaf.kind),
            AnswerKind::Text if is_number => ColumnId::Number(leaf.slot),
            AnswerKind::Text | AnswerKind::Texts | AnswerKind::Files => return None,
        };
        let positions: Vec<u32> = leaf.item.choices.iter().map(|choice| choice.position).collect();
        let counts = vec![0; if is_number { BARS } else { positions.len() }];
        let tally = Tally { column, positions, counts, least: f64::INFINITY, most: f64::NEG_INFINITY };
        Some((leaf.item.id.clone(), tally))
    };
    form.leaves().into_iter().filter_map(of).collect()
}

/// The numbers of a column, without what is none.
fn numbers(column: &Arc<Column>) -> impl Iterator<Item = f64> {
    let all = (0..column.len()).map(|row| column.number(row));
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

    fn look(&mut self, column: &Arc<Column>) {
        if self.is_of_choices() {
            for (count, position) in self.counts.iter_mut().zip(&self.positions) {
                *count += column.choosing(*position).count() as u64;
            }
            return;
        }
        for number in numbers(column) {
            self.least = self.least.min(number);
            self.most = self.most.max(number);
        }
    }

    /// How many ranges there are: one for each number, where there are few whole ones.
    fn bars(&self) -> usize {
        let (width, is_whole) =
            (self.most - self.least, self.least.fract() == 0.0 && self.most.fract() == 0.0);
        (1..=BARS).find(|bars| is_whole && width < *bars as f64).unwrap_or(BARS)
    }

    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "it is between 0 and the number of bars"
    )]
    fn sort(&mut self, column: &Arc<Column>) {
        let (bars, least, most) = (self.bars(), self.least, self.most);
        // Of whole numbers each has its own bar, so that the last one needs room, too.
        let width = if bars < BARS { bars as f64 } else { most - least };
        for number in numbers(column) {
            let place = if width > 0.0 { (number - least) / width * bars as f64 } else { 0.0 };
            if let Some(count) = self.counts.get_mut((place.max(0.0) as usize).min(bars - 1)) {
                *count += 1;
            }
        }
    }

    fn spread(mut self) -> Option<Spread> {
        if self.is_of_choices() {
            return Some(Spread::Choices(self.counts));
        }
        if !self.has_numbers() {
            return None;
        }
        self.counts.truncate(self.bars());
        Some(Spread::Numbers { least: self.least, most: self.most, bars: self.counts })
    }
}
