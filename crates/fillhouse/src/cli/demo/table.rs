//! The first rows of an export, as a table that fits a terminal.
//!
//! Must not know: the API.

use anyhow::{Context as _, Result};
use comfy_table::{Table, presets};
use std::io::{Cursor, Read as _};

/// The columns that are shown, by their names.
const SHOWN: [&str; 6] =
    ["id", "date_finish", "Your name", "Which café?", "What did you have?", "Recommend us?"];

/// Reads a ZIP file of one CSV entry and shows its first rows.
pub(super) fn first_rows(zip: &[u8], rows: usize) -> Result<String> {
    let mut archive = zip::ZipArchive::new(Cursor::new(zip)).context("the file is no ZIP file")?;
    let mut entry = archive.by_index(0).context("the ZIP file is empty")?;
    // The rows that are shown are at the beginning; the rest is not inflated.
    let mut reader = csv::Reader::from_reader(entry.by_ref());
    let headers = reader.headers()?.clone();
    let columns: Vec<usize> =
        SHOWN.iter().filter_map(|name| headers.iter().position(|header| header == *name)).collect();
    let mut table = Table::new();
    table.load_preset(presets::UTF8_FULL_CONDENSED);
    table.set_header(columns.iter().map(|&column| &headers[column]));
    for record in reader.records().take(rows) {
        let record = record?;
        table.add_row(columns.iter().map(|&column| record[column].to_owned()));
    }
    Ok(table.to_string())
}
