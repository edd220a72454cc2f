//! The rows of a CSV file or of a sheet, each a list of texts.
//!
//! Guarantees: a row is as long as the header; what a spreadsheet shows as a day is one; rows are read one after the other, and
//! none but a few are held.
//!
//! Must not know: what the columns mean; how a sheet is read.

mod sheet;

use crate::files;
use anyhow::{Context as _, Result, bail};
use sheet::Sheet;
use std::fmt;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;

/// What may stand between the cells.
const DELIMITERS: [u8; 4] = [b',', b';', b'\t', b'|'];

/// Which of the two it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Csv,
    Xlsx,
}

impl Kind {
    /// Which of the two a file is by its name, if either.
    pub(crate) fn named_by(file: &str) -> Option<Self> {
        let ending = |path: &Path| path.extension().and_then(|e| e.to_str()).map(str::to_ascii_lowercase);
        let path = Path::new(file);
        let is_compressed = matches!(ending(path).as_deref(), Some("gz" | "zst"));
        let inner = if is_compressed { path.with_extension("") } else { path.to_path_buf() };
        match ending(&inner).as_deref() {
            Some("csv") => Some(Self::Csv),
            Some("xlsx") => Some(Self::Xlsx),
            _ => None,
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Csv => "csv",
            Self::Xlsx => "xlsx",
        })
    }
}

/// A table.
pub(super) struct Source {
    header: Vec<String>,
    rows: Rows,
}

enum Rows {
    Csv { file: String, delimiter: u8 },
    Sheet(Sheet),
}

/// A row: its line in the file, and its cells.
pub(super) type Row = (u64, Vec<String>);

impl Source {
    pub(super) fn open(kind: Kind, file: &str, sheet: Option<&str>) -> Result<Self> {
        let source = match kind {
            Kind::Csv => csv_file(file)?,
            Kind::Xlsx => {
                let (header, sheet) = Sheet::open(file, sheet)?;
                Self { header, rows: Rows::Sheet(sheet) }
            }
        };
        if source.header.iter().all(String::is_empty) {
            bail!("{file}: the first row must say what the columns are called, and is empty");
        }
        Ok(source)
    }

    pub(super) fn header(&self) -> &[String] {
        &self.header
    }

    pub(super) fn count(&self) -> Result<u64> {
        self.rows()?.try_fold(0, |count, row| row.map(|_| count + 1))
    }

    pub(super) fn rows(&self) -> Result<Box<dyn Iterator<Item = Result<Row>> + '_>> {
        let width = self.header.len();
        match &self.rows {
            Rows::Csv { file, delimiter } => {
                let mut records = reader(file, *delimiter)?.into_records();
                records.next();
                Ok(Box::new(records.map(move |record| {
                    let record = record.with_context(|| format!("{file} is no CSV file in UTF-8"))?;
                    let line = record.position().map_or(0, csv::Position::line);
                    if record.iter().skip(width).any(|cell| !cell.is_empty()) {
                        bail!("{file}:{line}: there are more cells than columns");
                    }
                    let mut cells: Vec<String> = record.iter().map(str::to_owned).collect();
                    cells.resize(width, String::new());
                    Ok((line, cells))
                })))
            }
            Rows::Sheet(sheet) => {
                let is_filled = |row: &Result<Row>| match row {
                    Ok((_, cells)) => cells.iter().any(|cell| !cell.is_empty()),
                    Err(_) => true,
                };
                Ok(Box::new(sheet.rows().skip(1).filter(is_filled)))
            }
        }
    }
}

fn csv_file(file: &str) -> Result<Source> {
    if file == "-" {
        bail!("a table is read twice, so that it must be a file");
    }
    let mut first = String::new();
    let mut lines = without_mark(files::open(file)?.lines);
    lines
        .read_line(&mut first)
        .with_context(|| format!("{file} is no text in UTF-8: save it as CSV in UTF-8"))?;
    let count = |delimiter: u8| first.bytes().filter(|byte| *byte == delimiter).count();
    // Of those that are there equally often the first.
    let delimiter = DELIMITERS.into_iter().rev().max_by_key(|delimiter| count(*delimiter)).unwrap_or(b',');
    let header = reader(file, delimiter)?.into_records().next().transpose()?;
    let header = header.with_context(|| format!("{file} is empty"))?.iter().map(str::to_owned).collect();
    Ok(Source { header, rows: Rows::Csv { file: file.to_owned(), delimiter } })
}

fn reader(file: &str, delimiter: u8) -> Result<csv::Reader<Box<dyn BufRead>>> {
    let lines = without_mark(files::open(file)?.lines);
    let mut builder = csv::ReaderBuilder::new();
    Ok(builder.has_headers(false).flexible(true).delimiter(delimiter).from_reader(lines))
}

/// Without the byte order mark that it may begin with.
fn without_mark(mut lines: Box<dyn BufRead + Send>) -> Box<dyn BufRead> {
    const MARK: &[u8] = b"\xef\xbb\xbf";
    let mut beginning = Vec::new();
    // What cannot be read is an error that comes again with the next bytes.
    lines.by_ref().take(MARK.len() as u64).read_to_end(&mut beginning).ok();
    if beginning == MARK {
        return lines;
    }
    Box::new(BufReader::new(std::io::Cursor::new(beginning).chain(lines)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_delimiter_is_found_and_a_mark_passed_over() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("x.csv");
        std::fs::write(&file, "\u{feff}a;b, c;d\n1;\"2\n3\"\n4;5;6\n").unwrap();
        let source = Source::open(Kind::Csv, file.to_str().unwrap(), None).unwrap();
        assert_eq!(source.header(), ["a", "b, c", "d"]);
        let rows: Vec<Row> = source.rows().unwrap().collect::<Result<_>>().unwrap();
        let cells = |cells: [&str; 3]| cells.map(str::to_owned).to_vec();
        assert_eq!(rows, [(2, cells(["1", "2\n3", ""])), (4, cells(["4", "5", "6"]))]);
        assert_eq!(source.count().unwrap(), 2);
    }
}
