//! Rows, from how they are stored to lines of CSV.
//!
//! Guarantees: see [`super`]; a row that is malformed leaves `out` as it was.
//!
//! Must not know: submissions. No value of a row is built on the way: its bytes are read where they are.

use super::Delimiter;
use super::cell::{Guard, finish_text};
use crate::scalars::{Instants, put_number, put_profile_id};
use crate::table::{Cells, Choices, Column, Layout};
use fillhouse_model::row::{Malformed, Reader, Row, TEXTS};

/// What stands between the parts of a cell.
const JOINT: &[u8] = b" | ";

/// Writes rows of one layout.
#[derive(Debug)]
pub struct RowWriter<'layout> {
    layout: &'layout Layout,
    delimiter: Delimiter,
    slots: usize,
    instants: Instants,
    /// Empty between rows; kept for its memory.
    payloads: Vec<Option<&'static [u8]>>,
}

impl<'layout> RowWriter<'layout> {
    /// A writer of rows of `layout`.
    pub fn new(layout: &'layout Layout) -> Self {
        Self {
            layout,
            delimiter: layout.options.delimiter,
            slots: layout.slots(),
            instants: Instants::new(),
            payloads: Vec::new(),
        }
    }

    /// Appends `row` to `out` as a line.
    ///
    /// # Errors
    /// The row is none, or not one of the layout's form; `out` is then as it was. What the layout does not show is not
    /// looked at, and that texts are UTF-8 is taken for granted.
    pub fn write(&mut self, row: &Row<'_>, out: &mut Vec<u8>) -> Result<(), Malformed> {
        let start = out.len();
        let mut payloads = emptied(std::mem::take(&mut self.payloads));
        payloads.resize(self.slots, None);
        let written = row.answers_into(&mut payloads).and_then(|()| self.put_line(row, &payloads, out));
        self.payloads = emptied(payloads);
        if written.is_err() {
            out.truncate(start);
        }
        written
    }

    fn put_line(
        &mut self,
        row: &Row<'_>,
        payloads: &[Option<&[u8]>],
        out: &mut Vec<u8>,
    ) -> Result<(), Malformed> {
        self.put_metas(row, out)?;
        for column in &self.layout.columns {
            out.push(self.delimiter.byte());
            if let Some(payload) = payloads[column.slot] {
                self.put_answer(column, payload, out)?;
            }
        }
        out.extend_from_slice(self.layout.options.eol.bytes());
        Ok(())
    }

    fn put_metas(&mut self, row: &Row<'_>, out: &mut Vec<u8>) -> Result<(), Malformed> {
        let delimiter = self.delimiter.byte();
        put_number(row.id, out);
        for instant in [row.date_start, row.date_finish, Some(row.date_update)] {
            out.push(delimiter);
            if let Some(micros) = instant {
                self.instants.put(micros, out)?;
            }
        }
        out.push(delimiter);
        out.extend_from_slice(row.status.name().as_bytes());
        let guard = self.layout.options.formulas.guard();
        for text in TEXTS {
            out.push(delimiter);
            if let Some(text) = row.text(text) {
                self.put_text(text, guard, out);
            }
        }
        out.push(delimiter);
        if let Some((audience, _)) = row.profile {
            put_number(audience, out);
        }
        out.push(delimiter);
        if let Some((_, profile)) = row.profile {
            put_profile_id(profile, out);
        }
        Ok(())
    }

    #[inline]
    fn put_text(&self, text: &[u8], guard: Guard, out: &mut Vec<u8>) {
        let start = out.len();
        out.extend_from_slice(text);
        finish_text(out, start, self.delimiter, guard);
    }

    #[inline]
    fn put_answer(&self, column: &Column, payload: &[u8], out: &mut Vec<u8>) -> Result<(), Malformed> {
        let start = out.len();
        match &column.cells {
            Cells::Text => out.extend_from_slice(payload),
            Cells::Choices(choices) => {
                if put_single(choices, payload, out)? {
                    return Ok(());
                }
                put_choices(choices, payload, out)?;
            }
            Cells::Texts => put_texts(payload, out)?,
            Cells::Files => put_files(payload, out)?,
        }
        finish_text(out, start, self.delimiter, column.guard);
        Ok(())
    }
}

/// The same memory for references of another lifetime, none of which are in it.
fn emptied<'to>(mut payloads: Vec<Option<&[u8]>>) -> Vec<Option<&'to [u8]>> {
    payloads.clear();
    // Collecting from a vector's own iterator keeps its memory.
    payloads.into_iter().map(|_| None).collect()
}

/// Appends the cell of one known choice with nothing beside it, and says whether it was one.
#[inline]
fn put_single(choices: &Choices, payload: &[u8], out: &mut Vec<u8>) -> Result<bool, Malformed> {
    let mut reader = Reader::new(payload);
    if reader.is_empty() {
        return Ok(true);
    }
    match reader.chosen()? {
        (position, None) if reader.is_empty() => {
            let choice = choices.find(position);
            if let Some(choice) = choice {
                out.extend_from_slice(&choice.cell);
            }
            Ok(choice.is_some())
        }
        _ => Ok(false),
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
