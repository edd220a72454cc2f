//! Rows, from how they are stored to rows of a sheet.
//!
//! Guarantees: see [`super`]; a row that is malformed leaves `out` as it was.
//!
//! Must not know: submissions, or the place of a row.

use super::cell::{HEADING, put_day, put_decimal, put_instant, put_text, put_whole};
use super::package::sheet_start;
use crate::csv::{CsvOptions, HeaderNames};
use crate::scalars::{Instants, put_number, put_profile_id};
use crate::table::{Answers, Column, DELETED, Layout, Meta, Value};
use fillhouse_model::row::{Malformed, Row, Text};
use fillhouse_model::{Fault, Form};

/// Raised with every change of what a row is written as.
const FORMAT_VERSION: u8 = 1;
/// How many UTF-16 code units of a text go into a cell; a spreadsheet takes 32,767 with what is said around them.
const MOST_UNITS: usize = 32_700;

/// The sheet of one form.
#[derive(Debug, Clone)]
pub struct SheetLayout {
    layout: Layout,
}

/// Writes rows of one sheet.
#[derive(Debug)]
pub struct SheetWriter<'layout> {
    layout: &'layout Layout,
    instants: Instants,
    scratch: Vec<u8>,
    /// How many empty cells there are before the next one that is not.
    empty: usize,
    /// What did not go into the cells of a row: the rest of a text, with its column.
    rests: Vec<(usize, String)>,
}

impl SheetLayout {
    /// The table of `form`, or these columns of it: see [`Layout::of_columns`].
    ///
    /// # Errors
    /// A column is none of the form.
    pub fn new(form: &Form, header: HeaderNames, columns: Option<&[String]>) -> Result<Self, Fault> {
        let options = CsvOptions { header, ..CsvOptions::default() };
        let layout = match columns {
            None => Layout::new(form, options),
            Some(columns) => Layout::of_columns(form, options, columns)?,
        };
        Ok(Self { layout })
    }

    /// What stands before the rows of a sheet: its header is in it.
    pub fn head(&self, is_first: bool) -> Vec<u8> {
        let mut head = sheet_start(is_first).into_bytes();
        head.extend(b"<row>");
        for name in &self.layout.names {
            put_text(HEADING, name.as_bytes(), &mut head);
        }
        head.extend(b"</row>\n");
        head
    }

    /// What stands behind the rows of a sheet that has so many.
    pub fn foot(&self, rows: i64) -> Vec<u8> {
        let (last, lines) = (letters(self.layout.columns.len()), rows + 1);
        format!("</sheetData><autoFilter ref=\"A1:{last}{lines}\"/></worksheet>").into_bytes()
    }

    /// Bytes that say everything that a written row depends on beside the row.
    pub fn fingerprint_source(&self) -> Vec<u8> {
        let mut bytes = vec![FORMAT_VERSION];
        bytes.extend(self.layout.fingerprint_source());
        bytes.extend(self.layout.columns.iter().map(|column| match column {
            Column::Meta(_) => u8::MAX,
            Column::Answers(answers) => answers.value as u8,
        }));
        bytes
    }
}

impl<'layout> SheetWriter<'layout> {
    /// A writer of rows of `layout`.
    pub fn new(layout: &'layout SheetLayout) -> Self {
        let layout = &layout.layout;
        Self { layout, instants: Instants::new(), scratch: Vec::new(), empty: 0, rests: Vec::new() }
    }

    /// Appends `row` to `out`.
    ///
    /// # Errors
    /// The row is none, or not one of the layout's form; `out` is then as it was.
    pub fn write(&mut self, row: &Row<'_>, out: &mut Vec<u8>) -> Result<(), Malformed> {
        let start = out.len();
        let written = self.put_row(row, out);
        if written.is_err() {
            out.truncate(start);
        }
        written
    }

    /// Appends a row that says that the submission of this id is gone: its id, the status `Deleted`, and nothing else.
    pub fn write_deleted(&mut self, id: i64, out: &mut Vec<u8>) {
        self.empty = 0;
        out.extend_from_slice(b"<row>");
        for (n, column) in self.layout.columns.iter().enumerate() {
            match column {
                Column::Meta(Meta::Id) => self.put_whole(n, id, out),
                Column::Meta(Meta::Status) => self.put_cell(n, DELETED, out),
                Column::Meta(_) | Column::Answers(_) => self.empty += 1,
            }
        }
        out.extend_from_slice(b"</row>\n");
    }

    fn put_row(&mut self, row: &Row<'_>, out: &mut Vec<u8>) -> Result<(), Malformed> {
        let mut payloads = vec![None; self.layout.slots()];
        row.answers_into(&mut payloads)?;
        self.empty = 0;
        self.rests.clear();
        out.extend_from_slice(b"<row>");
        for (n, column) in self.layout.columns.iter().enumerate() {
            match column {
                Column::Meta(meta) => self.put_meta(n, *meta, row, out)?,
                Column::Answers(answers) => match payloads[answers.slot] {
                    Some(payload) if !payload.is_empty() => self.put_answer(n, answers, payload, out)?,
                    _ => self.empty += 1,
                },
            }
        }
        for (column, rest) in std::mem::take(&mut self.rests) {
            self.put_rest(column, &rest, out);
        }
        out.extend_from_slice(b"</row>\n");
        Ok(())
    }

    fn put_meta(&mut self, n: usize, meta: Meta, row: &Row<'_>, out: &mut Vec<u8>) -> Result<(), Malformed> {
        let whole = match meta {
            Meta::Id => Some(row.id),
            Meta::Audience => row.profile.map(|(audience, _)| audience),
            Meta::DateStart => return self.put_instant(n, row.date_start, out),
            Meta::DateFinish => return self.put_instant(n, row.date_finish, out),
            Meta::DateUpdate => return self.put_instant(n, Some(row.date_update), out),
            Meta::Status => {
                self.put_cell(n, row.status.name().as_bytes(), out);
                return Ok(());
            }
            Meta::Text(text) => {
                let given = row.text(text).unwrap_or_default();
                if text != Text::PaymentAmount || !self.put_if(out, |out| put_decimal(given, out)) {
                    self.put_cell(n, given, out);
                }
                return Ok(());
            }
            Meta::Profile => {
                let Some((_, profile)) = row.profile else {
                    self.empty += 1;
                    return Ok(());
                };
                return self.put_scratch(n, out, |scratch| {
                    put_profile_id(profile, scratch);
                    Ok(())
                });
            }
        };
        match whole {
            None => self.empty += 1,
            Some(number) => self.put_whole(n, number, out),
        }
        Ok(())
    }

    /// Appends a whole number, as a text where a spreadsheet would round it.
    fn put_whole(&mut self, n: usize, number: i64, out: &mut Vec<u8>) {
        if !self.put_if(out, |out| put_whole(number, out)) {
            let mut digits = Vec::new();
            put_number(number, &mut digits);
            self.put_cell(n, &digits, out);
        }
    }

    fn put_instant(&mut self, n: usize, micros: Option<i64>, out: &mut Vec<u8>) -> Result<(), Malformed> {
        let Some(micros) = micros else {
            self.empty += 1;
            return Ok(());
        };
        if self.put_if(out, |out| put_instant(micros, out)) {
            return Ok(());
        }
        let mut spelling = std::mem::take(&mut self.scratch);
        spelling.clear();
        let spelled = self.instants.put(micros, &mut spelling);
        self.put_cell(n, &spelling, out);
        self.scratch = spelling;
        spelled
    }

    fn put_answer(
        &mut self,
        n: usize,
        answers: &Answers,
        payload: &[u8],
        out: &mut Vec<u8>,
    ) -> Result<(), Malformed> {
        let is_put = match answers.value {
            Value::Text => false,
            Value::Number => self.put_if(out, |out| put_decimal(payload, out)),
            Value::Date => self.put_if(out, |out| put_day(payload, out)),
        };
        if is_put { Ok(()) } else { self.put_scratch(n, out, |scratch| answers.put_plain(payload, scratch)) }
    }

    /// Appends the text that `fill` makes as a cell.
    fn put_scratch(
        &mut self,
        n: usize,
        out: &mut Vec<u8>,
        fill: impl FnOnce(&mut Vec<u8>) -> Result<(), Malformed>,
    ) -> Result<(), Malformed> {
        let mut text = std::mem::take(&mut self.scratch);
        text.clear();
        let filled = fill(&mut text);
        self.put_cell(n, &text, out);
        self.scratch = text;
        filled
    }

    /// Appends what `put` makes, behind the empty cells before it; nothing where it makes nothing, which it says.
    fn put_if(&mut self, out: &mut Vec<u8>, put: impl FnOnce(&mut Vec<u8>) -> bool) -> bool {
        let start = out.len();
        self.put_empty(out);
        let is_put = put(out);
        if is_put {
            self.empty = 0;
        } else {
            out.truncate(start);
        }
        is_put
    }

    fn put_empty(&self, out: &mut Vec<u8>) {
        (0..self.empty).for_each(|_| out.extend_from_slice(b"<c/>"));
    }

    /// Appends a text as the cell of column `n`, with the rest of it left for later where it is too long.
    fn put_cell(&mut self, n: usize, text: &[u8], out: &mut Vec<u8>) {
        if text.is_empty() {
            self.empty += 1;
            return;
        }
        self.put_empty(out);
        self.empty = 0;
        // A text never has more UTF-16 code units than bytes.
        if text.len() <= MOST_UNITS {
            return put_text("", text, out);
        }
        let text = String::from_utf8_lossy(text);
        let (first, rest) = text.split_at(cut(&text));
        if rest.is_empty() {
            return put_text("", first.as_bytes(), out);
        }
        put_text("", format!("{first} [goes on at the end of the row]").as_bytes(), out);
        self.rests.push((n, rest.to_owned()));
    }

    /// Appends the rest of a text of column `n` behind the last column, in as many cells as it takes.
    fn put_rest(&mut self, n: usize, rest: &str, out: &mut Vec<u8>) {
        self.put_empty(out);
        self.empty = 0;
        let (mut part, mut rest) = (2, rest);
        while !rest.is_empty() {
            let (piece, behind) = rest.split_at(cut(rest));
            put_text("", format!("[{}, part {part}] {piece}", letters(n + 1)).as_bytes(), out);
            (part, rest) = (part + 1, behind);
        }
    }
}

/// How many bytes of a text go into one cell.
fn cut(text: &str) -> usize {
    let mut units = 0;
    let mut fits = |character: char| {
        units += character.len_utf16();
        units <= MOST_UNITS
    };
    text.chars().take_while(|character| fits(*character)).map(char::len_utf8).sum()
}

/// The letters of a column, from 1 on: `A`, …, `Z`, `AA`, ….
fn letters(column: usize) -> String {
    let mut letters = Vec::new();
    let mut rest = column;
    while rest > 0 {
        rest -= 1;
        letters.insert(0, b"ABCDEFGHIJKLMNOPQRSTUVWXYZ"[rest % 26]);
        rest /= 26;
    }
    String::from_utf8_lossy(&letters).into_owned()
}
