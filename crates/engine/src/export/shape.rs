//! The shapes that an export's file may have: what is written of each submission, and what the whole is put into.
//!
//! Guarantees: a file is a head, the renditions of its blocks with a joint between any two, and a foot; each of these
//! depends on the shape and the form alone, so that blocks can be rendered apart.
//!
//! Must not know: which submissions are wanted.

use fillhouse_model::Form;
use fillhouse_model::row::{Malformed, Row};
use fillhouse_render::csv::{ChosenColumn, ChosenLayout};
use fillhouse_render::json::{ResultLayout, ResultWriter};
use fillhouse_render::{CsvOptions, Deflater, Layout, RowWriter, Section};

/// The shape of an export's file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FileShape {
    /// The table of the form as CSV, in a ZIP file.
    Table,
    /// A JSON array of results, in a ZIP file.
    Results,
    /// CSV of these columns, the latest submission first.
    Chosen(Vec<ChosenColumn>),
}

/// What a file is put into.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Container {
    /// A ZIP file of one entry; blocks are deflated.
    Zip,
    /// Nothing; blocks are as they are read.
    Bare,
}

/// A shape made ready for one form.
pub(crate) enum Renderer {
    Table(Layout),
    Results(ResultLayout),
    Chosen(ChosenLayout),
}

/// Writes rows, one after the other.
pub(crate) enum Writer<'a> {
    Table(RowWriter<'a>),
    Results(ResultWriter<'a>),
    Chosen(&'a ChosenLayout),
}

impl FileShape {
    pub(crate) fn container(&self) -> Container {
        match self {
            Self::Table | Self::Results => Container::Zip,
            Self::Chosen(_) => Container::Bare,
        }
    }

    /// Whether the latest submission comes first.
    pub(crate) fn is_newest_first(&self) -> bool {
        matches!(self, Self::Chosen(_))
    }

    pub(crate) fn media_type(&self) -> &'static str {
        match self {
            Self::Table | Self::Results => "application/zip",
            Self::Chosen(_) => "text/csv; charset=utf-8",
        }
    }

    /// What the name of the content's file ends in.
    pub(crate) fn extension(&self) -> &'static str {
        match self {
            Self::Table | Self::Chosen(_) => "csv",
            Self::Results => "json",
        }
    }

    pub(crate) fn renderer(&self, form: &Form) -> Renderer {
        match self {
            Self::Table => Renderer::Table(Layout::new(form, CsvOptions::default())),
            Self::Results => Renderer::Results(ResultLayout::new(form)),
            Self::Chosen(columns) => Renderer::Chosen(ChosenLayout::new(form, columns.clone())),
        }
    }
}

impl Renderer {
    pub(crate) fn writer(&self) -> Writer<'_> {
        match self {
            Self::Table(layout) => Writer::Table(RowWriter::new(layout)),
            Self::Results(layout) => Writer::Results(ResultWriter::new(layout)),
            Self::Chosen(layout) => Writer::Chosen(layout),
        }
    }

    /// What comes before all rows.
    pub(crate) fn head(&self) -> Vec<u8> {
        let mut head = Vec::new();
        match self {
            Self::Table(layout) => layout.write_header(&mut head),
            Self::Results(_) => head.extend(b"[\n"),
            Self::Chosen(layout) => layout.write_header(&mut head),
        }
        head
    }

    /// What comes between two rows, beside what each of them ends with.
    pub(crate) fn joint(&self) -> &'static [u8] {
        match self {
            Self::Table(_) | Self::Chosen(_) => b"",
            Self::Results(_) => b",\n",
        }
    }

    /// What comes after all rows.
    pub(crate) fn foot(&self) -> &'static [u8] {
        match self {
            Self::Table(_) | Self::Chosen(_) => b"",
            Self::Results(_) => b"\n]\n",
        }
    }

    /// Bytes that say everything that a row's bytes depend on beside the row.
    pub(crate) fn fingerprint_source(&self) -> Vec<u8> {
        let (kind, mut bytes) = match self {
            Self::Table(layout) => (b't', layout.fingerprint_source()),
            Self::Results(layout) => (b'r', layout.fingerprint_source()),
            Self::Chosen(layout) => (b'c', layout.fingerprint_source()),
        };
        bytes.push(kind);
        bytes
    }
}

impl Writer<'_> {
    pub(crate) fn write(&mut self, row: &Row<'_>, out: &mut Vec<u8>) -> Result<(), Malformed> {
        match self {
            Self::Table(writer) => writer.write(row, out),
            Self::Results(writer) => writer.write(row, out),
            Self::Chosen(layout) => layout.write(row, out),
        }
    }
}

impl Container {
    /// Appends `raw` as it is kept in this container, and says what was appended.
    pub(crate) fn pack(self, raw: &[u8], deflater: &mut Deflater, out: &mut Vec<u8>) -> Section {
        match self {
            Self::Zip => deflater.block(raw, out),
            Self::Bare => {
                out.extend_from_slice(raw);
                let size_bytes = raw.len() as u64;
                // Nobody asks for the checksum of what is in no container; the digest of the whole file stands for it.
                Section { raw_bytes: size_bytes, deflated_bytes: size_bytes, crc32: 0 }
            }
        }
    }
}
