//! A sheet of a workbook, cell by cell.
//!
//! Guarantees: all rows are as wide as the sheet, be its cells where they are; of a sheet's rows no more than a few are held. The
//! texts that a workbook has once for all of its cells are held, as long as it is read.
//!
//! Must not know: what the columns mean.

use super::Row;
use anyhow::{Context as _, Result, anyhow, bail};
use calamine::{Data, Reader as _, Xlsx, open_workbook};
use std::sync::mpsc::{Receiver, sync_channel};
use std::thread::JoinHandle;

/// How many rows may be read before they are wanted.
const ROWS_AHEAD: usize = 64;

/// A sheet.
pub(super) struct Sheet {
    file: String,
    name: String,
    /// The first and the last column in which anything is.
    columns: (u32, u32),
}

impl Sheet {
    /// Looks for a sheet, the first unless one is named, and gives its first row, too.
    pub(super) fn open(file: &str, wanted: Option<&str>) -> Result<(Vec<String>, Self)> {
        let workbook = workbook(file)?;
        let names = workbook.sheet_names();
        let name = match wanted {
            Some(wanted) if names.iter().any(|name| name == wanted) => wanted.to_owned(),
            Some(wanted) => bail!("{file} has no sheet {wanted:?}: these are {}", names.join(", ")),
            None => names.first().with_context(|| format!("{file} has no sheet"))?.clone(),
        };
        drop(workbook);
        let mut columns: Option<(u32, u32)> = None;
        each_cell(file, &name, |(_, column), _| {
            let (first, last) = columns.unwrap_or((column, column));
            columns = Some((first.min(column), last.max(column)));
            true
        })?;
        let columns = columns.with_context(|| format!("{file}: the sheet {name} is empty"))?;
        let sheet = Self { file: file.to_owned(), name, columns };
        let (_, header) = sheet.rows().next().with_context(|| format!("{file} is empty"))??;
        Ok((header, sheet))
    }

    /// The rows in which anything is, each with its number in the sheet.
    pub(super) fn rows(&self) -> impl Iterator<Item = Result<Row>> + use<> {
        let Self { file, name, columns: (first, last) } = self;
        let (file, name, first, width) = (file.clone(), name.clone(), *first, last - first + 1);
        let (sender, receiver) = sync_channel(ROWS_AHEAD);
        // Who reads cells borrows the workbook, and nobody can hold both: so they stay with a thread, which ends with the rows, or
        // with whoever wants them.
        let reader = std::thread::spawn(move || {
            let empty = || vec![String::new(); width as usize];
            let (mut number, mut cells) = (0, empty());
            let read = each_cell(&file, &name, |(row, column), text| {
                let line = u64::from(row) + 1;
                let is_wanted = line == number
                    || number == 0
                    || sender.send(Ok((number, std::mem::replace(&mut cells, empty())))).is_ok();
                number = line;
                if let Some(cell) = column.checked_sub(first).and_then(|place| cells.get_mut(place as usize))
                {
                    *cell = text;
                }
                is_wanted
            });
            // Whoever wants no more does not listen.
            match read {
                Ok(()) if number > 0 => drop(sender.send(Ok((number, cells)))),
                Ok(()) => {}
                Err(error) => drop(sender.send(Err(error))),
            }
        });
        Rows { receiver, reader: Some(reader) }
    }
}

/// Rows as a thread reads them.
struct Rows {
    receiver: Receiver<Result<Row>>,
    reader: Option<JoinHandle<()>>,
}

impl Iterator for Rows {
    type Item = Result<Row>;

    fn next(&mut self) -> Option<Result<Row>> {
        match self.receiver.recv() {
            Ok(row) => Some(row),
            // They are at their end, unless whoever reads them has failed.
            Err(_) => match self.reader.take()?.join() {
                Ok(()) => None,
                Err(_) => Some(Err(anyhow!("the sheet cannot be read to its end"))),
            },
        }
    }
}

fn workbook(file: &str) -> Result<Xlsx<std::io::BufReader<std::fs::File>>> {
    open_workbook(file).with_context(|| format!("{file} is no workbook (XLSX) that can be read"))
}

/// Gives each cell of a sheet that is not empty, with its row and column, as long as more are wanted.
fn each_cell(file: &str, name: &str, mut cell: impl FnMut((u32, u32), String) -> bool) -> Result<()> {
    let said = || format!("{file}: the sheet {name}");
    let mut workbook = workbook(file)?;
    let mut cells = workbook.worksheet_cells_reader(name).with_context(said)?;
    while let Some(found) = cells.next_cell().with_context(said)? {
        let text = text(&found.get_value().clone().into());
        if !text.is_empty() && !cell(found.get_position(), text) {
            break;
        }
    }
    Ok(())
}

/// A cell as a text.
fn text(cell: &Data) -> String {
    match cell {
        Data::Empty | Data::Error(_) => String::new(),
        Data::String(text) | Data::DateTimeIso(text) | Data::DurationIso(text) => text.clone(),
        Data::Int(number) => number.to_string(),
        Data::Float(number) => number.to_string(),
        Data::Bool(is_true) => is_true.to_string(),
        Data::DateTime(instant) => {
            let (year, month, day, hour, minute, second, millis) = instant.to_ymd_hms_milli();
            let date = format!("{year:04}-{month:02}-{day:02}");
            match (hour, minute, second, millis) {
                (0, 0, 0, 0) => date,
                // A day is a number there, so that its parts are not exact.
                (.., millis) => {
                    let second = f64::from(second) + f64::from(millis) / 1_000.0;
                    let seconds = f64::from(hour) * 3_600.0 + f64::from(minute) * 60.0 + second;
                    at_second(&date, seconds)
                }
            }
        }
    }
}

/// The instant so many seconds into a day, to the nearest second.
fn at_second(date: &str, seconds: f64) -> String {
    #[expect(clippy::cast_possible_truncation, reason = "a day has 86400 seconds")]
    let seconds = seconds.round() as i64;
    let day: Result<jiff::civil::Date, _> = date.parse();
    let instant = day
        .map(|day| day.to_datetime(jiff::civil::Time::midnight()) + jiff::SignedDuration::from_secs(seconds));
    instant.map_or_else(|_| date.to_owned(), |instant| format!("{instant}Z"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write as _;

    /// A workbook with a sheet of these rows.
    fn written(rows: &str) -> tempfile::NamedTempFile {
        let main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
        let links = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
        let package = "http://schemas.openxmlformats.org/package/2006/relationships";
        let parts = [
            (
                "_rels/.rels",
                format!(
                    r#"<Relationships xmlns="{package}"><Relationship Id="r1" Type="{links}/officeDocument" Target="xl/workbook.xml"/></Relationships>"#
                ),
            ),
            (
                "xl/workbook.xml",
                format!(
                    r#"<workbook xmlns="{main}" xmlns:r="{links}"><sheets><sheet name="One" sheetId="1" r:id="r1"/></sheets></workbook>"#
                ),
            ),
            (
                "xl/_rels/workbook.xml.rels",
                format!(
                    r#"<Relationships xmlns="{package}"><Relationship Id="r1" Type="{links}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>"#
                ),
            ),
            (
                "xl/worksheets/sheet1.xml",
                format!(r#"<worksheet xmlns="{main}"><sheetData>{rows}</sheetData></worksheet>"#),
            ),
        ];
        let file = tempfile::NamedTempFile::new().unwrap();
        let mut zip = zip::ZipWriter::new(file.reopen().unwrap());
        for (name, text) in parts {
            zip.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
            zip.write_all(text.as_bytes()).unwrap();
        }
        zip.finish().unwrap();
        file
    }

    fn cell(at: &str, text: &str) -> String {
        format!(r#"<c r="{at}" t="inlineStr"><is><t>{text}</t></is></c>"#)
    }

    #[test]
    fn rows_are_as_wide_as_the_sheet_wherever_its_cells_are() {
        let rows = [
            format!("<row r=\"3\">{}{}</row>", cell("C3", "a"), cell("D3", "b")),
            "<row r=\"4\"></row>".to_owned(),
            format!("<row r=\"5\">{}</row>", cell("D5", "1")),
            format!("<row r=\"9\">{}{}</row>", cell("B9", "2"), cell("E9", "3")),
        ];
        let file = written(&rows.concat());
        let (header, sheet) = Sheet::open(file.path().to_str().unwrap(), None).unwrap();
        assert_eq!(header, ["", "a", "b", ""]);
        let rows: Vec<Row> = sheet.rows().collect::<Result<_>>().unwrap();
        let cells = |cells: [&str; 4]| cells.map(str::to_owned).to_vec();
        let expected =
            [(3, cells(["", "a", "b", ""])), (5, cells(["", "", "1", ""])), (9, cells(["2", "", "", "3"]))];
        assert_eq!(rows, expected);
        // Whoever wants no more ends it.
        assert_eq!(sheet.rows().next().unwrap().unwrap().0, 3);
        let empty = written("<row r=\"1\"></row>");
        let refused = Sheet::open(empty.path().to_str().unwrap(), None).err().unwrap();
        assert!(refused.to_string().contains("the sheet One is empty"), "{refused}");
    }

    #[test]
    fn a_sheet_that_breaks_off_is_an_error_and_no_end() {
        let row = |n| format!("<row r=\"{n}\">{}</row>", cell(&format!("A{n}"), "x"));
        let rows = (1..=200).map(row).collect::<Vec<_>>().concat();
        let file = written(&rows);
        let (_, sheet) = Sheet::open(file.path().to_str().unwrap(), None).unwrap();
        let broken = written(&format!("{rows}<row r=\"201\"><c r=\"A201\""));
        let sheet = Sheet { file: broken.path().to_str().unwrap().to_owned(), ..sheet };
        let read: Vec<Result<Row>> = sheet.rows().collect();
        assert!(read.len() >= 200 && read.last().unwrap().is_err(), "{} rows", read.len());
    }

    #[test]
    fn an_instant_is_rounded_to_its_second() {
        assert_eq!(at_second("2026-04-01", 32_399.999_6), "2026-04-01T09:00:00Z");
    }
}
