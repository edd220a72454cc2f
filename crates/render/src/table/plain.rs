//! The text of a cell, before any format makes a cell of it.
//!
//! Guarantees: the same in every format of the table.
//!
//! Must not know: formats.

use super::{Answers, Cells, Choices};
use crate::scalars::put_number;
use fillhouse_model::row::{Malformed, Reader};

/// What stands between the parts of a cell.
const JOINT: &[u8] = b" | ";

impl Answers {
    /// Appends the text of an answer of this column.
    ///
    /// # Errors
    /// It is none of the column.
    #[inline]
    pub(crate) fn put_plain(&self, payload: &[u8], out: &mut Vec<u8>) -> Result<(), Malformed> {
        match &self.cells {
            Cells::Text => {
                out.extend_from_slice(payload);
                Ok(())
            }
            Cells::Choices(choices) => put_choices(choices, payload, out),
            Cells::Texts => put_texts(payload, out),
            Cells::Files => put_files(payload, out),
        }
    }
}

/// Appends the labels of all choices, what was typed beside a choice behind its label. Where the form has the choice no
/// more, its position stands for the label.
fn put_choices(choices: &Choices, payload: &[u8], out: &mut Vec<u8>) -> Result<(), Malformed> {
    let mut reader = Reader::new(payload);
    let mut joint: &[u8] = b"";
    while !reader.is_empty() {
        let (position, other) = reader.chosen()?;
        out.extend_from_slice(joint);
        match choices.find(position) {
            Some(choice) => out.extend_from_slice(&choice.label),
            None => put_number(i64::from(position), out),
        }
        if let Some(other) = other.filter(|other| !other.is_empty()) {
            out.extend_from_slice(b": ");
            out.extend_from_slice(other);
        }
        joint = JOINT;
    }
    Ok(())
}

fn put_texts(payload: &[u8], out: &mut Vec<u8>) -> Result<(), Malformed> {
    let mut reader = Reader::new(payload);
    let mut joint: &[u8] = b"";
    while !reader.is_empty() {
        out.extend_from_slice(joint);
        out.extend_from_slice(reader.bytes()?);
        joint = JOINT;
    }
    Ok(())
}

/// Appends the files' URLs.
fn put_files(payload: &[u8], out: &mut Vec<u8>) -> Result<(), Malformed> {
    let mut reader = Reader::new(payload);
    let mut joint: &[u8] = b"";
    while !reader.is_empty() {
        let _name = reader.bytes()?;
        out.extend_from_slice(joint);
        out.extend_from_slice(reader.bytes()?);
        joint = JOINT;
    }
    Ok(())
}
