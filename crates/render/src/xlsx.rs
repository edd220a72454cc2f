//! Workbooks (ECMA-376, Office Open XML): a ZIP file whose large entries are sheets.
//!
//! A sheet is [`SheetLayout::head`], rows by [`SheetWriter`] one after the other, and [`SheetLayout::foot`]. No row and no
//! cell says where it is: each comes behind the one before, so that rows are the same wherever they come to stand.
//!
//! Guarantees: every character of every answer is in the file: what XML cannot hold is escaped (22.9.2.19), and what is too
//! long for a cell goes on at the end of its row. What is no number or date to a spreadsheet, digit by digit, is a text.
//!
//! Must not know: where rows come from, or where the bytes go.

mod cell;
mod package;
mod sheet;

pub(crate) use cell::{day_of, is_number};
pub use package::{package, sheet_path};
pub use sheet::{SheetLayout, SheetWriter};

/// How many rows a sheet can have beside its header: one less than a spreadsheet has.
pub const MOST_ROWS: i64 = 1_048_575;

#[cfg(test)]
mod tests;
