//! A file's shape as it is stored with a job's request.
//!
//! Guarantees: what was stored is read for ever.
//!
//! Must not know: what a shape means.

use super::shape::{ColumnOptions, Container, Content, FileShape, Framing, ResultOptions, TableOptions};
use fillhouse_render::csv::{ChosenColumn, CsvOptions, Delimiter, Eol, Formulas, HeaderNames, Shows};
use serde::{Deserialize, Serialize};

/// A [`FileShape`]: part of a request's document.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct StoredFileShape {
    #[serde(rename = "shape", default, skip_serializing_if = "is_default")]
    content: StoredShape,
    /// None where it is the usual one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    container: Option<OwnContainer>,
}

/// A [`Content`], where nothing is said of what is as it usually is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum StoredShape {
    #[default]
    Table,
    Results,
    Lines,
    TableOf(#[serde(with = "StoredTable")] TableOptions),
    ResultsOf(#[serde(with = "StoredResults")] ResultOptions),
    Workbook(#[serde(with = "StoredColumns")] ColumnOptions),
    Columnar(#[serde(with = "StoredColumns")] ColumnOptions),
    Chosen(Vec<OwnColumn>),
}

/// A container that is not the usual one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
struct OwnContainer(#[serde(with = "StoredContainer")] Container);

/// A column with the name that somebody gave it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
struct OwnColumn(#[serde(with = "StoredColumn")] ChosenColumn);

#[derive(Serialize, Deserialize)]
#[serde(remote = "Container", rename_all = "snake_case")]
enum StoredContainer {
    Zip,
    Bare,
    Gzip,
    Zstd,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "TableOptions")]
struct StoredTable {
    #[serde(flatten, with = "StoredCsv")]
    csv: CsvOptions,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    columns: Option<Vec<String>>,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "ResultOptions")]
struct StoredResults {
    #[serde(with = "StoredFraming", default, skip_serializing_if = "is_default")]
    framing: Framing,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    columns: Option<Vec<String>>,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "ColumnOptions")]
struct StoredColumns {
    #[serde(with = "StoredHeader", default, skip_serializing_if = "is_default")]
    header: HeaderNames,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    columns: Option<Vec<String>>,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "CsvOptions")]
struct StoredCsv {
    #[serde(with = "StoredDelimiter", default, skip_serializing_if = "is_default")]
    delimiter: Delimiter,
    #[serde(with = "StoredEol", default, skip_serializing_if = "is_default")]
    eol: Eol,
    #[serde(default, skip_serializing_if = "is_default")]
    bom: bool,
    #[serde(with = "StoredHeader", default, skip_serializing_if = "is_default")]
    header: HeaderNames,
    #[serde(with = "StoredFormulas", default, skip_serializing_if = "is_default")]
    formulas: Formulas,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "Framing", rename_all = "snake_case")]
enum StoredFraming {
    Array,
    Lines,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "Eol", rename_all = "snake_case")]
enum StoredEol {
    Lf,
    #[serde(rename = "crlf")]
    CrLf,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "HeaderNames", rename_all = "snake_case")]
enum StoredHeader {
    Labels,
    Ids,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "Formulas", rename_all = "snake_case")]
enum StoredFormulas {
    Raw,
    Escape,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "Delimiter", rename_all = "snake_case")]
enum StoredDelimiter {
    Comma,
    Semicolon,
    Tab,
    Pipe,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "ChosenColumn")]
struct StoredColumn {
    name: String,
    #[serde(with = "StoredShows")]
    shows: Shows,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "Shows", rename_all = "snake_case")]
enum StoredShows {
    Id,
    Item(String),
    Created,
    Status { incomplete: String, complete: String },
}

impl From<&FileShape> for StoredFileShape {
    fn from(shape: &FileShape) -> Self {
        let container =
            Some(shape.container).filter(|container| *container != shape.content.usual_container());
        Self { content: (&shape.content).into(), container: container.map(OwnContainer) }
    }
}

impl From<&StoredFileShape> for FileShape {
    fn from(stored: &StoredFileShape) -> Self {
        let content = Content::from(&stored.content);
        let container = stored.container.map_or_else(|| content.usual_container(), |own| own.0);
        Self { content, container }
    }
}

impl From<&Content> for StoredShape {
    fn from(content: &Content) -> Self {
        match content.clone() {
            Content::Table(options) if is_default(&options) => Self::Table,
            Content::Table(options) => Self::TableOf(options),
            Content::Results(options) if is_default(&options) => Self::Results,
            Content::Results(options) if options == ResultOptions::lines() => Self::Lines,
            Content::Results(options) => Self::ResultsOf(options),
            Content::Workbook(options) => Self::Workbook(options),
            Content::Columnar(options) => Self::Columnar(options),
            Content::Chosen(columns) => Self::Chosen(columns.into_iter().map(OwnColumn).collect()),
        }
    }
}

impl From<&StoredShape> for Content {
    fn from(shape: &StoredShape) -> Self {
        match shape.clone() {
            StoredShape::Table => Self::Table(TableOptions::default()),
            StoredShape::TableOf(options) => Self::Table(options),
            StoredShape::Results => Self::Results(ResultOptions::default()),
            StoredShape::Lines => Self::Results(ResultOptions::lines()),
            StoredShape::ResultsOf(options) => Self::Results(options),
            StoredShape::Workbook(options) => Self::Workbook(options),
            StoredShape::Columnar(options) => Self::Columnar(options),
            StoredShape::Chosen(columns) => Self::Chosen(columns.into_iter().map(|own| own.0).collect()),
        }
    }
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shape_of(json: &str) -> FileShape {
        FileShape::from(&serde_json::from_str::<StoredFileShape>(json).unwrap())
    }

    /// What stands in the databases that there are.
    #[test]
    fn what_was_stored_is_read_for_ever() {
        let id = Some(vec!["id".to_owned()]);
        let csv = CsvOptions {
            delimiter: Delimiter::Pipe,
            eol: Eol::CrLf,
            bom: true,
            header: HeaderNames::Ids,
            formulas: Formulas::Escape,
        };
        let status = Shows::Status { incomplete: "no".into(), complete: "yes".into() };
        let named = |name: &str, shows| ChosenColumn { name: name.into(), shows };
        let (table, columns) = (TableOptions::default(), ColumnOptions::default());
        for (json, content, container) in [
            ("{}", Content::Table(table.clone()), Container::Zip),
            (r#"{"container":"gzip"}"#, Content::Table(table), Container::Gzip),
            (r#"{"shape":"results"}"#, Content::Results(ResultOptions::default()), Container::Zip),
            (r#"{"shape":"lines"}"#, Content::Results(ResultOptions::lines()), Container::Bare),
            (
                r#"{"shape":{"table_of":{"delimiter":"pipe","eol":"crlf","bom":true,"header":"ids","formulas":"escape","columns":["id"]}},"container":"bare"}"#,
                Content::Table(TableOptions { csv, columns: id.clone() }),
                Container::Bare,
            ),
            (
                r#"{"shape":{"table_of":{"columns":["id"]}},"container":"zstd"}"#,
                Content::Table(TableOptions { columns: id.clone(), ..TableOptions::default() }),
                Container::Zstd,
            ),
            (
                r#"{"shape":{"results_of":{"framing":"lines","columns":["id"]}}}"#,
                Content::Results(ResultOptions { columns: id.clone(), ..ResultOptions::lines() }),
                Container::Bare,
            ),
            (r#"{"shape":{"workbook":{}}}"#, Content::Workbook(columns), Container::Bare),
            (
                r#"{"shape":{"columnar":{"header":"ids","columns":["id"]}}}"#,
                Content::Columnar(ColumnOptions { header: HeaderNames::Ids, columns: id }),
                Container::Bare,
            ),
            (
                r#"{"shape":{"chosen":[{"name":"No","shows":"id"},{"name":"Q","shows":{"item":"7"}},{"name":"At","shows":"created"},{"name":"Done","shows":{"status":{"incomplete":"no","complete":"yes"}}}]}}"#,
                Content::Chosen(vec![
                    named("No", Shows::Id),
                    named("Q", Shows::Item("7".into())),
                    named("At", Shows::Created),
                    named("Done", status),
                ]),
                Container::Bare,
            ),
        ] {
            let shape = FileShape { content, container };
            assert_eq!(shape_of(json), shape);
            assert_eq!(serde_json::to_string(&StoredFileShape::from(&shape)).unwrap(), json);
        }
    }
}
