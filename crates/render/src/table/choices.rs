//! The choices of one item, made ready for being written many times.
//!
//! Must not know: answers.

use super::{put_bytes, put_number};
use crate::csv::Delimiter;
use crate::csv::cell::{Guard, finish_text};
use fillhouse_model::Choice;

/// The choices of an item, by position.
#[derive(Debug, Clone)]
pub(crate) struct Choices {
    by_position: Vec<Prepared>,
}

/// A choice as it is written.
#[derive(Debug, Clone)]
pub(crate) struct Prepared {
    position: u32,
    /// What it is called, as one part of a cell.
    pub(crate) label: Vec<u8>,
    /// The whole cell, where nothing else was chosen or typed.
    pub(crate) cell: Vec<u8>,
}

impl Choices {
    /// The given choices. Of several with one position, which no valid form has, the first counts.
    pub(super) fn new(choices: &[Choice], delimiter: Delimiter, guard: Guard) -> Self {
        let mut by_position: Vec<Prepared> = choices
            .iter()
            .map(|choice| {
                let mut cell = choice.label.clone().into_bytes();
                finish_text(&mut cell, 0, delimiter, guard);
                Prepared { position: choice.position, label: choice.label.clone().into_bytes(), cell }
            })
            .collect();
        by_position.sort_by_key(|choice| choice.position);
        by_position.dedup_by_key(|choice| choice.position);
        Self { by_position }
    }

    /// The choice at `position`, where the form still has it.
    #[inline]
    pub(crate) fn find(&self, position: u32) -> Option<&Prepared> {
        // Most forms count their choices without gaps, so that the distance from the first one is the place.
        let first = self.by_position.first()?.position;
        let place = usize::try_from(position.checked_sub(first)?).ok()?;
        match self.by_position.get(place) {
            Some(choice) if choice.position == position => Some(choice),
            _ => self.search(position),
        }
    }

    fn search(&self, position: u32) -> Option<&Prepared> {
        self.by_position
            .binary_search_by_key(&position, |choice| choice.position)
            .ok()
            .map(|place| &self.by_position[place])
    }

    /// Appends every position with its label.
    pub(super) fn put_fingerprint(&self, bytes: &mut Vec<u8>) {
        put_number(bytes, self.by_position.len());
        for choice in &self.by_position {
            bytes.extend(choice.position.to_le_bytes());
            put_bytes(bytes, &choice.label);
        }
    }
}
