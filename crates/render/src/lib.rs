//! Writers of export files: rows in, the bytes of a table, of deflate or of a ZIP file out.
//!
//! [`Layout`] says which columns a form's table has, [`RowWriter`] writes stored rows as CSV, [`Deflater`] compresses runs
//! of them so that they can be kept and put together in any order, [`json::ResultWriter`] writes them as JSON, and
//! [`zip::Entry`] and [`gzip`] write what stands before and after them in a file. [`Packer`] has the ways in which runs are
//! kept.
//!
//! Guarantees: the same arguments give the same bytes, on every machine; nothing here holds more than one block.
//!
//! Must not know: files, sockets, clocks, threads, or where rows come from and where bytes go; callers feed and drain.

mod calendar;
pub mod columnar;
pub mod csv;
pub mod deflate;
pub mod frames;
pub mod gzip;
pub mod json;
mod named;
mod pack;
pub mod profiles;
#[cfg(test)]
mod samples;
mod scalars;
pub mod table;
pub mod xlsx;
pub mod zip;

pub use csv::{CsvOptions, RowWriter};
pub use deflate::{Deflater, Section};
pub use pack::{Packer, Packing};
pub use table::Layout;
