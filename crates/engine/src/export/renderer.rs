//! The writers of the contents that a file may have, made ready for one form.
//!
//! Guarantees: a content is a head, rows with a joint between any two, and a foot; each of these depends on the shape and
//! the form alone, so that rows can be rendered apart.
//!
//! Must not know: which submissions are wanted, or what the whole is put into.

use super::shape::{Content, Framing};
use fillhouse_model::row::{Malformed, Row};
use fillhouse_model::{Fault, Form};
use fillhouse_render::columnar::{Columns, Groups, HEAD};
use fillhouse_render::csv::ChosenLayout;
use fillhouse_render::json::{ResultLayout, ResultWriter};
use fillhouse_render::xlsx::{SheetLayout, SheetWriter};
use fillhouse_render::{Layout, RowWriter};

/// A content made ready for one form.
pub(crate) enum Renderer {
    Table(Layout),
    Results(ResultLayout, Framing),
    Chosen(ChosenLayout),
    Sheet(SheetLayout),
    Columnar(Columns),
}

/// Writes rows, one after the other.
pub(crate) enum Writer<'a> {
    Table(RowWriter<'a>),
    Results(ResultWriter<'a>, Framing),
    Chosen(&'a ChosenLayout),
    Sheet(SheetWriter<'a>),
    Columnar(&'a Columns),
}

impl Renderer {
    /// # Errors
    /// A column is none of the form.
    pub(crate) fn new(form: &Form, content: &Content) -> Result<Self, Fault> {
        Ok(match content {
            Content::Table(options) => Self::Table(options.layout(form)?),
            Content::Results(options) => Self::Results(options.layout(form)?, options.framing),
            Content::Chosen(columns) => Self::Chosen(ChosenLayout::new(form, columns.clone())),
            Content::Workbook(options) => Self::Sheet(options.sheet(form)?),
            Content::Columnar(options) => Self::Columnar(options.columnar(form)?),
        })
    }

    pub(crate) fn writer(&self) -> Writer<'_> {
        match self {
            Self::Table(layout) => Writer::Table(RowWriter::new(layout)),
            Self::Results(layout, framing) => Writer::Results(ResultWriter::new(layout), *framing),
            Self::Chosen(layout) => Writer::Chosen(layout),
            Self::Sheet(layout) => Writer::Sheet(SheetWriter::new(layout)),
            Self::Columnar(columns) => Writer::Columnar(columns),
        }
    }

    /// What comes before all rows; of a workbook, before those of its first sheet.
    pub(crate) fn head(&self) -> Vec<u8> {
        let mut head = Vec::new();
        match self {
            Self::Table(layout) => layout.write_header(&mut head),
            Self::Results(_, Framing::Array) => head.extend(b"[\n"),
            Self::Results(_, Framing::Lines) => {}
            Self::Chosen(layout) => layout.write_header(&mut head),
            Self::Sheet(layout) => head = layout.head(true),
            Self::Columnar(_) => head.extend(HEAD),
        }
        head
    }

    /// What comes between two rows, beside what each of them ends with.
    pub(crate) fn joint(&self) -> &'static [u8] {
        match self {
            Self::Results(_, Framing::Array) => b",\n",
            _ => b"",
        }
    }

    /// What comes after all rows.
    pub(crate) fn foot(&self) -> &'static [u8] {
        match self {
            Self::Results(_, Framing::Array) => b"\n]\n",
            _ => b"",
        }
    }

    /// Bytes that say everything that a row's bytes depend on beside the row.
    pub(crate) fn fingerprint_source(&self) -> Vec<u8> {
        let (kind, mut bytes) = match self {
            Self::Table(layout) => (b't', layout.fingerprint_source()),
            Self::Results(layout, Framing::Array) => (b'r', layout.fingerprint_source()),
            Self::Results(layout, Framing::Lines) => (b'l', layout.fingerprint_source()),
            Self::Chosen(layout) => (b'c', layout.fingerprint_source()),
            Self::Sheet(layout) => (b's', layout.fingerprint_source()),
            Self::Columnar(columns) => (b'p', columns.fingerprint_source()),
        };
        bytes.push(kind);
        bytes
    }
}

impl Writer<'_> {
    /// Writes that the submission of this id is gone.
    ///
    /// # Errors
    /// There is no way to say so.
    pub(crate) fn write_deleted(
        &mut self,
        id: i64,
        out: &mut Vec<u8>,
        groups: &mut Option<Groups>,
    ) -> Result<(), Malformed> {
        match self {
            Self::Table(writer) => writer.write_deleted(id, out),
            Self::Results(_, framing) => {
                out.extend(format!("{{\"id\":\"{id}\",\"deleted\":true}}").into_bytes());
                framing.end_row(out);
            }
            Self::Sheet(writer) => writer.write_deleted(id, out),
            Self::Columnar(columns) => groups.get_or_insert_with(|| Groups::new(columns)).put_deleted(id),
            // Such are never asked for by what has changed: see `FileShape::check_since`.
            Self::Chosen(_) => return Err(Malformed),
        }
        Ok(())
    }

    /// Writes a row to the text, or adds it to the row groups.
    pub(crate) fn write(
        &mut self,
        row: &Row<'_>,
        out: &mut Vec<u8>,
        groups: &mut Option<Groups>,
    ) -> Result<(), Malformed> {
        match self {
            Self::Table(writer) => writer.write(row, out),
            Self::Results(writer, framing) => {
                writer.write(row, out)?;
                framing.end_row(out);
                Ok(())
            }
            Self::Chosen(layout) => layout.write(row, out),
            Self::Sheet(writer) => writer.write(row, out),
            Self::Columnar(columns) => groups.get_or_insert_with(|| Groups::new(columns)).put(row),
        }
    }
}

impl Framing {
    /// Writes what a row ends with.
    fn end_row(self, out: &mut Vec<u8>) {
        if self == Self::Lines {
            out.push(b'\n');
        }
    }
}
