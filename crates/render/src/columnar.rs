//! Parquet (apache/parquet-format 2): the table by columns, in row groups that do not know of one another.
//!
//! A part is what [`Groups`] makes of a run of rows: a Parquet file of its own without its first four bytes, its footer left
//! in it. A file is [`HEAD`], parts one after the other, and [`Columns::tail`], which says of the row groups of all parts where
//! they are; the parts' own footers lie between them unread.
//!
//! Numbers, days and instants are columns of these types. A text that is not the number or the day of such a column, digit by
//! digit, is in a column of texts behind it, which is empty otherwise; so nothing is lost.
//!
//! Guarantees: the same rows make the same part, wherever it comes to stand.
//!
//! Must not know: where rows come from, or where the bytes go.

mod columns;
mod footer;
mod groups;
mod values;

pub use columns::Columns;
pub use footer::{FOOTER_END, FooterError, footer_bytes, footer_of};
pub use groups::Groups;

/// What every file begins with.
pub const HEAD: &[u8; 4] = b"PAR1";

#[cfg(test)]
mod tests;
