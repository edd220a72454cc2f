//! Columns: one thing of every row of a block, made by reading the block's rows once.
//!
//! Guarantees: a column depends on nothing but the block's rows; the rows of all columns of a block are the same, in the
//! same order, that of arrival.
//!
//! Must not know: forms, queries, or when a column is out of date.

use super::bits::Bits;
use super::build::Building;
use super::order;
use super::texts::{Operator, Texts};
use crate::{Error, Result};
use fillhouse_model::AnswerKind;
use fillhouse_model::row::{Row, Text};
use fillhouse_store::ordinal_of;
use std::cmp::Ordering;
use std::sync::OnceLock;

/// Which column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum ColumnId {
    /// The ordinals in the form.
    Ordinal,
    /// The ids.
    Id,
    /// The dates, in microseconds; the first moment there is where a row has none.
    Start,
    Finish,
    Update,
    /// The instants whose days the rows are of.
    Dated,
    /// How many seconds lie between the beginning and the end.
    Took,
    /// The words for the status, folded.
    Status,
    /// A text that is no answer, folded.
    Meta(Text),
    /// What was paid, as a number.
    Amount,
    /// The answers in a slot: texts folded, choices by their positions.
    Answer(usize, AnswerKind),
    /// The texts in a slot as numbers.
    Number(usize),
    /// Everything that people can read in a row, folded.
    Everything,
    /// The place in the form of the last leaf that is answered; [`BEFORE_ANY`] where none is.
    LastAnswered,
}

/// The place of the last leaf that is answered, where none is.
pub(super) const BEFORE_ANY: i64 = -1;

impl ColumnId {
    /// Whether it depends on the form as it is now, and not on the rows alone.
    pub(crate) fn is_of_form(self) -> bool {
        matches!(self, Self::Everything | Self::LastAnswered)
    }
}

/// What a column holds.
#[derive(Debug)]
pub(super) enum Values {
    Numbers(Vec<i64>),
    Texts(Texts),
    Choices(Choices),
}

/// The positions that were chosen, of all rows one after the other.
#[derive(Debug, Default)]
pub(super) struct Choices {
    positions: Vec<u32>,
    ends: Vec<u32>,
}

/// One thing of every row of a block.
#[derive(Debug)]
pub(crate) struct Column {
    values: Values,
    /// The rows in the order of their values, once someone asked.
    order: OnceLock<Vec<u16>>,
}

impl Column {
    /// Makes the columns of these ids from a block's rows, each behind its key.
    pub(crate) fn read<'a>(
        rows: impl Iterator<Item = (i64, &'a [u8])>,
        ids: &[ColumnId],
        labels: &Labels,
    ) -> Result<Vec<Self>> {
        let mut columns: Vec<Building<'_>> = ids.iter().map(|id| Building::new(*id, labels)).collect();
        let mut payloads = vec![None; columns.iter().map(Building::slots).max().unwrap_or(0)];
        for (key, bytes) in rows {
            let row = Row::read(bytes)?;
            if !payloads.is_empty() {
                row.answers_into(&mut payloads)?;
            }
            for column in &mut columns {
                column.push(ordinal_of(key), &row, &payloads)?;
            }
        }
        Ok(columns
            .into_iter()
            .map(|column| Self { values: column.finish(), order: OnceLock::new() })
            .collect())
    }

    #[cfg(test)]
    pub(super) fn of_numbers(numbers: Vec<i64>) -> Self {
        Self { values: Values::Numbers(numbers), order: OnceLock::new() }
    }

    /// How much memory it takes, its order included.
    pub(crate) fn size_bytes(&self) -> usize {
        let values = match &self.values {
            Values::Numbers(numbers) => numbers.len() * size_of::<i64>(),
            Values::Texts(texts) => texts.size_bytes(),
            Values::Choices(Choices { positions, ends }) => (positions.len() + ends.len()) * size_of::<u32>(),
        };
        size_of::<Self>() + values + self.len() * size_of::<u16>()
    }

    /// How many rows it has.
    pub(crate) fn len(&self) -> usize {
        match &self.values {
            Values::Numbers(numbers) => numbers.len(),
            Values::Texts(texts) => texts.len(),
            Values::Choices(choices) => choices.ends.len(),
        }
    }

    /// The number of a row; 0 where the column holds no numbers.
    pub(crate) fn number(&self, row: usize) -> i64 {
        match &self.values {
            Values::Numbers(numbers) => numbers[row],
            Values::Texts(_) | Values::Choices(_) => 0,
        }
    }

    /// How a row compares with one of another block's column of the same id.
    pub(crate) fn compare(&self, row: usize, other: &Self, other_row: usize) -> Ordering {
        match (&self.values, &other.values) {
            (Values::Numbers(one), Values::Numbers(other)) => one[row].cmp(&other[other_row]),
            (Values::Texts(one), Values::Texts(other)) => one.compare(row, other, other_row),
            (Values::Choices(one), Values::Choices(other)) => one.row(row).cmp(other.row(other_row)),
            _ => Ordering::Equal,
        }
    }

    /// Whether [`Column::order`] is at hand.
    pub(crate) fn is_ordered(&self) -> bool {
        self.order.get().is_some()
    }

    /// The rows in the order of their values, and of their ids where those are equal.
    pub(crate) fn order(&self, ids: &Self) -> &[u16] {
        self.order.get_or_init(|| match &self.values {
            Values::Numbers(numbers) => order::of_numbers(numbers, ids),
            Values::Texts(texts) => order::of_texts(texts, ids),
            Values::Choices(_) => order::of_rows(self, ids),
        })
    }

    /// The rows with these texts.
    pub(super) fn matching(&self, operator: Operator, wanted: &[u8]) -> Bits {
        match &self.values {
            Values::Texts(texts) => texts.matching(operator, wanted),
            Values::Numbers(_) | Values::Choices(_) => Bits::none(self.len()),
        }
    }

    /// The rows in which the choice of this position was made.
    pub(super) fn choosing(&self, position: u32) -> Bits {
        match &self.values {
            Values::Choices(choices) => choices.choosing(position),
            Values::Numbers(_) | Values::Texts(_) => Bits::none(self.len()),
        }
    }

    /// Gives the position of each choice that was made in one of these rows, once for a row.
    pub(super) fn each_chosen(&self, picked: &Bits, see: impl FnMut(u32)) {
        if let Values::Choices(choices) = &self.values {
            choices.each_chosen(picked, see);
        }
    }

    /// In how many of these rows any choice was made.
    pub(super) fn answered(&self, picked: &Bits) -> u64 {
        let Values::Choices(choices) = &self.values else { return 0 };
        let begins = std::iter::once(0).chain(choices.ends.iter().copied());
        let rows = begins.zip(&choices.ends).enumerate();
        rows.filter(|(row, (begin, end))| begin < *end && picked.has(*row)).count() as u64
    }

    /// The rows whose number is after the one and before the other, neither included.
    pub(super) fn between(&self, after: i64, before: i64) -> Bits {
        match &self.values {
            Values::Numbers(numbers) => {
                Bits::of(numbers.len(), |row| after < numbers[row] && numbers[row] < before)
            }
            Values::Texts(_) | Values::Choices(_) => Bits::none(self.len()),
        }
    }
}

impl Choices {
    pub(super) fn push(&mut self, positions: impl Iterator<Item = u32>) -> Option<()> {
        self.positions.extend(positions);
        self.ends.push(u32::try_from(self.positions.len()).ok()?);
        Some(())
    }

    fn row(&self, row: usize) -> &[u32] {
        let start = if row == 0 { 0 } else { self.ends[row - 1] as usize };
        &self.positions[start..self.ends[row] as usize]
    }

    fn choosing(&self, position: u32) -> Bits {
        let mut bits = Bits::none(self.ends.len());
        let mut row = 0;
        for (n, _) in self.positions.iter().enumerate().filter(|(_, chosen)| **chosen == position) {
            // The next one is a few rows on: to search for it would take longer.
            while self.ends[row] as usize <= n {
                row += 1;
            }
            bits.set(row);
        }
        bits
    }

    fn each_chosen(&self, picked: &Bits, mut see: impl FnMut(u32)) {
        let mut start = 0;
        for (row, &end) in self.ends.iter().enumerate() {
            let chosen = &self.positions[start..end as usize];
            start = end as usize;
            if !picked.has(row) {
                continue;
            }
            let first_of_its_kind = |n: &usize| !chosen[..*n].contains(&chosen[*n]);
            (0..chosen.len()).filter(first_of_its_kind).for_each(|n| see(chosen[n]));
        }
    }
}

/// What a form says of the answers in a slot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SlotLabels {
    /// How many leaves come before.
    pub(super) place: i64,
    pub(super) kind: AnswerKind,
    /// The folded labels of choices, behind their positions; none where it is no choice's.
    pub(super) choices: Vec<(u32, Vec<u8>)>,
}

/// The same of every slot; slots that no leaf has any more have none.
pub(crate) type Labels = Vec<Option<SlotLabels>>;

impl From<super::texts::TooLarge> for Error {
    fn from(error: super::texts::TooLarge) -> Self {
        Self::internal(error)
    }
}
