//! What an export is to be, as the page for it says.
//!
//! Guarantees: what is not understood is refused by the name of its field; nothing is taken to mean "everything".
//!
//! Must not know: how a file is made.

use super::super::asked::Asked;
use super::super::conditions::{self, Row};
use super::super::pairs::{Faults, Pairs};
use fillhouse_engine::{
    ColumnOptions, Container, Content, CsvOptions, Delimiter, Eol, ExportRequest, FileShape, Filtered,
    FormRef, Formulas, Framing, HeaderNames, Query, ResultOptions, TableOptions, Wanted,
};
use fillhouse_model::{Fault, Form, Status, parse_date};

/// What an export is to be.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(in crate::console) struct Choice {
    pub(in crate::console) format: String,
    pub(in crate::console) compression: String,
    pub(in crate::console) from: String,
    pub(in crate::console) to: String,
    pub(in crate::console) status: String,
    pub(in crate::console) columns: Vec<String>,
    pub(in crate::console) delimiter: String,
    pub(in crate::console) eol: String,
    pub(in crate::console) header: String,
    pub(in crate::console) has_bom: bool,
    pub(in crate::console) is_raw: bool,
    /// What is to hold of answers, as it is filled in.
    pub(super) asked: Asked,
}

impl Choice {
    /// What is offered first to whoever comes from a table.
    pub(in crate::console) fn from_table(query: &str) -> Self {
        let asked = Asked::of(query);
        // Days and status are chosen on the page, and mean the same there.
        let (from, to, status) = (asked.from.clone(), asked.to.clone(), asked.status.clone());
        let asked = asked.of_answers();
        let columns = asked.columns.clone();
        Self { format: "csv".to_owned(), from, to, status, columns, asked, ..Self::default() }
    }

    pub(in crate::console) fn of(pairs: &Pairs) -> Self {
        let text = |name: &str| pairs.one(name).to_owned();
        Self {
            format: pairs.some("format").unwrap_or("csv").to_owned(),
            compression: text("compression"),
            from: text("from"),
            to: text("to"),
            status: text("status"),
            columns: pairs.all("column").map(str::to_owned).collect(),
            delimiter: text("delimiter"),
            eol: text("eol"),
            header: text("header"),
            has_bom: pairs.has("bom", "yes"),
            is_raw: pairs.has("raw", "yes"),
            asked: Asked { search: text("q"), conditions: conditions::of(pairs), ..Asked::default() },
        }
    }

    /// Whether a column is to be there.
    pub(in crate::console) fn has(&self, column: &str) -> bool {
        self.columns.iter().any(|chosen| chosen == column)
    }

    /// What one of the texts must have in it.
    pub(in crate::console) fn search(&self) -> &str {
        &self.asked.search
    }

    /// What is to hold of answers, and room for more.
    pub(in crate::console) fn rows(&self, items: &[(String, String)], faults: &Faults) -> Vec<Row> {
        conditions::rows(&self.asked.conditions, items, faults)
    }

    /// What is asked of the engine.
    pub(in crate::console) fn request(&self, form: &Form) -> Result<ExportRequest, Fault> {
        let wanted = Wanted::Filtered(Box::new(self.filtered(form)?));
        Ok(ExportRequest { form: FormRef::Id(form.id), wanted, shape: self.shape()? })
    }

    fn shape(&self) -> Result<FileShape, Fault> {
        let columns = (!self.columns.is_empty()).then(|| self.columns.clone());
        let header =
            one_of("header", &self.header, &[("label", HeaderNames::Labels), ("id", HeaderNames::Ids)])?;
        let content = match self.format.as_str() {
            "csv" => Content::Table(TableOptions { csv: self.csv(header)?, columns }),
            "xlsx" => Content::Workbook(ColumnOptions { header, columns }),
            "parquet" => Content::Columnar(ColumnOptions { header, columns }),
            "json" => Content::Results(ResultOptions { framing: Framing::Array, columns }),
            "ndjson" => Content::Results(ResultOptions { framing: Framing::Lines, columns }),
            _ => return Err(Fault::new("format", "is none that there is")),
        };
        let usual = match content {
            Content::Workbook(_) | Content::Columnar(_) => Container::Bare,
            _ => Container::Zip,
        };
        let known = [
            ("", usual),
            ("none", Container::Bare),
            ("zip", Container::Zip),
            ("gzip", Container::Gzip),
            ("zstd", Container::Zstd),
        ];
        let container = known.into_iter().find(|(name, _)| *name == self.compression);
        let unknown = || Fault::new("compression", "is none that there is");
        Ok(FileShape { content, container: container.ok_or_else(unknown)?.1 })
    }

    fn csv(&self, header: HeaderNames) -> Result<CsvOptions, Fault> {
        let delimiters = [
            ("comma", Delimiter::Comma),
            ("semicolon", Delimiter::Semicolon),
            ("tab", Delimiter::Tab),
            ("pipe", Delimiter::Pipe),
        ];
        Ok(CsvOptions {
            delimiter: one_of("delimiter", &self.delimiter, &delimiters)?,
            eol: one_of("eol", &self.eol, &[("lf", Eol::Lf), ("crlf", Eol::CrLf)])?,
            bom: self.has_bom,
            header,
            // Files from here are opened with spreadsheets.
            formulas: if self.is_raw { Formulas::Raw } else { Formulas::Escape },
        })
    }

    fn filtered(&self, form: &Form) -> Result<Filtered, Fault> {
        let day = |field: &str, text: &str| match text {
            "" => Ok(None),
            text => parse_date(field, text).map(Some),
        };
        let (from, to) = (day("from", &self.from)?, day("to", &self.to)?);
        if from.zip(to).is_some_and(|(from, to)| from > to) {
            return Err(Fault::new("from", "is after the last day"));
        }
        let status = match self.status.as_str() {
            "" => None,
            name => {
                Some(Status::from_name(name).ok_or_else(|| Fault::new("status", "is none that there is"))?)
            }
        };
        conditions::check(&self.asked.conditions, form)?;
        let asked = self.asked.query_of_answers(form);
        let include_incomplete = status != Some(Status::Complete);
        Ok(Filtered { from, to, include_incomplete, query: Query { status, ..asked }, ..Filtered::default() })
    }
}

/// What a word means; nothing means the first.
fn one_of<T: Copy>(field: &str, word: &str, known: &[(&str, T)]) -> Result<T, Fault> {
    let found = known.iter().find(|(name, _)| word.is_empty() || *name == word);
    found.map(|(_, meant)| *meant).ok_or_else(|| Fault::new(field, "is none that there is"))
}
