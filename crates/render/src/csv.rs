//! CSV (RFC 4180) of the table layout: the header, and rows straight from how they are stored.
//!
//! Guarantees: a row is a function of its bytes and the layout, so that runs of rows can be rendered apart and put together;
//! cells have quotes only where they need them; after the first row, no row allocates but where `out` has to grow.
//!
//! Must not know: where rows come from, or where the bytes go.

use crate::table::Layout;
use cell::Guard;

pub(crate) mod cell;
mod chosen;
mod writer;

pub use chosen::{ChosenColumn, ChosenLayout, Shows};
pub use writer::RowWriter;

/// How a table is written. The default is a comma, LF, no byte order mark, labels in the header, and cells as they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct CsvOptions {
    /// What stands between cells.
    pub delimiter: Delimiter,
    /// What ends a line.
    pub eol: Eol,
    /// Whether the header begins with a UTF-8 byte order mark, by which some spreadsheets know the encoding.
    pub bom: bool,
    /// What the header calls the columns of answers.
    pub header: HeaderNames,
    /// What becomes of texts that a spreadsheet would take for formulas.
    pub formulas: Formulas,
}

/// What stands between cells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Delimiter {
    /// `,`
    #[default]
    Comma,
    /// `;`
    Semicolon,
    /// U+0009
    Tab,
    /// `|`
    Pipe,
}

/// What ends a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Eol {
    /// U+000A
    #[default]
    Lf,
    /// U+000D U+000A
    CrLf,
}

/// What the header calls the columns of answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum HeaderNames {
    /// Their labels.
    #[default]
    Labels,
    /// Their item ids.
    Ids,
}

/// What becomes of texts that a spreadsheet would take for formulas.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Formulas {
    /// They are written as they are.
    #[default]
    Raw,
    /// A text that begins with `=`, `+`, `-`, `@`, TAB or CR gets a `'` in front; numbers and phone numbers never do.
    Escape,
}

impl Delimiter {
    /// The byte for it.
    pub const fn byte(self) -> u8 {
        match self {
            Self::Comma => b',',
            Self::Semicolon => b';',
            Self::Tab => b'\t',
            Self::Pipe => b'|',
        }
    }
}

impl Eol {
    /// The bytes for it.
    pub const fn bytes(self) -> &'static [u8] {
        match self {
            Self::Lf => b"\n",
            Self::CrLf => b"\r\n",
        }
    }
}

impl Formulas {
    /// What guards a text of which nothing more is known.
    pub(crate) const fn guard(self) -> Guard {
        match self {
            Self::Raw => Guard::Off,
            Self::Escape => Guard::Text,
        }
    }
}

impl Layout {
    /// Appends the header: a line of names, behind the byte order mark where one is wanted.
    pub fn write_header(&self, out: &mut Vec<u8>) {
        if self.options.bom {
            out.extend("\u{feff}".as_bytes());
        }
        for (n, name) in self.names.iter().enumerate() {
            if n > 0 {
                out.push(self.options.delimiter.byte());
            }
            let start = out.len();
            out.extend_from_slice(name.as_bytes());
            cell::finish_text(out, start, self.options.delimiter, self.options.formulas.guard());
        }
        out.extend_from_slice(self.options.eol.bytes());
    }
}

#[cfg(test)]
mod tests;
