//! Rows, from how they are stored to lines of CSV.
//!
//! Guarantees: see [`super`]; a row that is malformed leaves `out` as it was.
//!
//! Must not know: submissions. No value of a row is built on the way: its bytes are read where they are.

use super::Delimiter;
use super::cell::{Guard, finish_text};
use crate::scalars::{Instants, put_number, put_profile_id};
use crate::table::{Answers, Cells, Choices, Column, DELETED, Layout, Meta};
use fillhouse_model::row::{Malformed, Reader, Row};

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

    /// Appends a line that says that the submission of this id is gone: its id, the status `Deleted`, and nothing else.
    pub fn write_deleted(&self, id: i64, out: &mut Vec<u8>) {
        for (n, column) in self.layout.columns.iter().enumerate() {
            if n > 0 {
                out.push(self.delimiter.byte());
            }
            match column {
                Column::Meta(Meta::Id) => put_number(id, out),
                Column::Meta(Meta::Status) => out.extend_from_slice(DELETED),
                Column::Meta(_) | Column::Answers(_) => {}
            }
        }
        out.extend_from_slice(self.layout.options.eol.bytes());
    }

    fn put_line(
        &mut self,
        row: &Row<'_>,
        payloads: &[Option<&[u8]>],
        out: &mut Vec<u8>,
    ) -> Result<(), Malformed> {
        for (n, column) in self.layout.columns.iter().enumerate() {
            if n > 0 {
                out.push(self.delimiter.byte());
            }
            match column {
                Column::Meta(meta) => self.put_meta(*meta, row, out)?,
                Column::Answers(answers) => {
                    if let Some(payload) = payloads[answers.slot] {
                        self.put_answer(answers, payload, out)?;
                    }
                }
            }
        }
        out.extend_from_slice(self.layout.options.eol.bytes());
        Ok(())
    }

    #[inline]
    fn put_meta(&mut self, meta: Meta, row: &Row<'_>, out: &mut Vec<u8>) -> Result<(), Malformed> {
        match meta {
            Meta::Id => put_number(row.id, out),
            Meta::DateStart => self.put_instant(row.date_start, out)?,
            Meta::DateFinish => self.put_instant(row.date_finish, out)?,
            Meta::DateUpdate => self.put_instant(Some(row.date_update), out)?,
            Meta::Status => out.extend_from_slice(row.status.name().as_bytes()),
            Meta::Text(text) => {
                if let Some(text) = row.text(text) {
                    self.put_text(text, self.layout.options.formulas.guard(), out);
                }
            }
            Meta::Audience => {
                if let Some((audience, _)) = row.profile {
                    put_number(audience, out);
                }
            }
            Meta::Profile => {
                if let Some((_, profile)) = row.profile {
                    put_profile_id(profile, out);
                }
            }
        }
        Ok(())
    }

    #[inline]
    fn put_instant(&mut self, micros: Option<i64>, out: &mut Vec<u8>) -> Result<(), Malformed> {
        micros.map_or(Ok(()), |micros| self.instants.put(micros, out))
    }

    #[inline]
    fn put_text(&self, text: &[u8], guard: Guard, out: &mut Vec<u8>) {
        let start = out.len();
        out.extend_from_slice(text);
        finish_text(out, start, self.delimiter, guard);
    }

    #[inline]
    fn put_answer(&self, column: &Answers, payload: &[u8], out: &mut Vec<u8>) -> Result<(), Malformed> {
        let start = out.len();
        match &column.cells {
            Cells::Choices(choices) if put_single(choices, payload, out)? => return Ok(()),
            _ => column.put_plain(payload, out)?,
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
