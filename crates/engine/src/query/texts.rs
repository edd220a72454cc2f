//! A text of every row of a block, in one run of bytes, and looking for something in all of them at once.
//!
//! Guarantees: a match never reaches from one text into the next.
//!
//! Must not know: which text of a row it is, or how it was folded; that the bytes are of UTF-8, in which some never occur.

use super::bits::Bits;
use memchr::memmem::Finder;
use std::cmp::Ordering;

/// What stands between two rows: no byte of UTF-8.
const BETWEEN_ROWS: u8 = 0xff;
/// What stands between two parts of one row's text: no byte of UTF-8 either.
const BETWEEN_PARTS: u8 = 0xfe;

/// How an answer is compared with what is looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Operator {
    /// It is the same.
    Equals,
    /// It has it somewhere.
    Contains,
    /// It begins with it.
    Begins,
    /// It ends with it.
    Ends,
    /// It is a number, and this or more.
    AtLeast,
    /// It is a number, and less than this.
    LessThan,
}

/// The texts; each may be of several parts, as the texts of one matrix row are.
#[derive(Debug, Default)]
pub(crate) struct Texts {
    bytes: Vec<u8>,
    /// Where each row's text ends; the next begins one byte later.
    ends: Vec<u32>,
    /// Whether a row's text has more than one part.
    has_parts: bool,
}

/// The texts of a block take more than can be counted here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the texts of one item in a block take more than 4 GiB")]
pub(crate) struct TooLarge;

impl Texts {
    /// Adds a row whose text `put` appends.
    pub(super) fn push(&mut self, put: impl FnOnce(&mut Parts<'_>)) -> Result<(), TooLarge> {
        if !self.ends.is_empty() {
            self.bytes.push(BETWEEN_ROWS);
        }
        let mut parts = Parts { bytes: &mut self.bytes, count: 0 };
        put(&mut parts);
        self.has_parts |= parts.count > 1;
        self.ends.push(u32::try_from(self.bytes.len()).map_err(|_| TooLarge)?);
        Ok(())
    }

    /// Gives back memory that is not needed, now that all rows are there.
    pub(super) fn finish(&mut self) {
        self.bytes.shrink_to_fit();
        self.ends.shrink_to_fit();
    }

    pub(super) fn size_bytes(&self) -> usize {
        self.bytes.len() + self.ends.len() * size_of::<u32>()
    }

    /// How many rows there are.
    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    /// The text of a row, its parts and all.
    pub(super) fn row(&self, row: usize) -> &[u8] {
        &self.bytes[self.start(row)..self.ends[row] as usize]
    }

    pub(super) fn compare(&self, row: usize, other: &Self, other_row: usize) -> Ordering {
        self.row(row).cmp(other.row(other_row))
    }

    /// The rows that this holds of.
    pub(super) fn matching(&self, operator: Operator, wanted: &[u8]) -> Bits {
        match operator {
            Operator::Contains => self.containing(wanted),
            Operator::Equals => self.with_part(|part| part == wanted),
            Operator::Begins => self.with_part(|part| part.starts_with(wanted)),
            Operator::Ends => self.with_part(|part| part.ends_with(wanted)),
            // Numbers are no texts.
            Operator::AtLeast | Operator::LessThan => Bits::none(self.len()),
        }
    }

    /// Searches all texts as one, which is faster than one after the other by far.
    fn containing(&self, wanted: &[u8]) -> Bits {
        if wanted.is_empty() {
            return Bits::of(self.len(), |_| true);
        }
        let mut bits = Bits::none(self.len());
        let finder = Finder::new(wanted);
        let mut row = 0;
        while row < self.len() {
            let from = self.start(row);
            let Some(found) = finder.find(&self.bytes[from..]) else { break };
            row += self.ends[row..].partition_point(|&end| end as usize <= from + found);
            bits.set(row);
            row += 1;
        }
        bits
    }

    fn with_part(&self, holds: impl Fn(&[u8]) -> bool) -> Bits {
        let mut bits = Bits::none(self.len());
        let mut start = 0;
        for (row, &end) in self.ends.iter().enumerate() {
            let text = &self.bytes[start..end as usize];
            let is_match =
                if self.has_parts { text.split(|&b| b == BETWEEN_PARTS).any(&holds) } else { holds(text) };
            if is_match {
                bits.set(row);
            }
            start = end as usize + 1;
        }
        bits
    }

    fn start(&self, row: usize) -> usize {
        if row == 0 { 0 } else { self.ends[row - 1] as usize + 1 }
    }
}

/// One row's text, while it is put together.
pub(super) struct Parts<'a> {
    bytes: &'a mut Vec<u8>,
    count: usize,
}

impl Parts<'_> {
    /// Adds a part that `put` appends.
    pub(super) fn push(&mut self, put: impl FnOnce(&mut Vec<u8>)) {
        if self.count > 0 {
            self.bytes.push(BETWEEN_PARTS);
        }
        self.count += 1;
        put(self.bytes);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn texts(rows: &[Vec<String>]) -> Texts {
        let mut texts = Texts::default();
        for row in rows {
            let put = |parts: &mut Parts<'_>| {
                row.iter().for_each(|part| parts.push(|bytes| bytes.extend_from_slice(part.as_bytes())));
            };
            texts.push(put).unwrap();
        }
        texts.finish();
        texts
    }

    proptest! {
        #[test]
        fn all_rows_and_no_others_are_found(
            rows in prop::collection::vec(prop::collection::vec("[ab]{0,4}", 0..3), 0..20),
            wanted in "[ab]{1,3}",
        ) {
            let texts = texts(&rows);
            for (operator, holds) in [
                (Operator::Equals, &(|part: &str| part == wanted) as &dyn Fn(&str) -> bool),
                (Operator::Contains, &|part| part.contains(&wanted)),
                (Operator::Begins, &|part| part.starts_with(&wanted)),
                (Operator::Ends, &|part| part.ends_with(&wanted)),
            ] {
                let found: Vec<usize> = texts.matching(operator, wanted.as_bytes()).ones().collect();
                let expected: Vec<usize> =
                    (0..rows.len()).filter(|&row| rows[row].iter().any(|part| holds(part))).collect();
                prop_assert_eq!(found, expected, "{:?}", operator);
            }
        }
    }
}
