//! A file's shape as it is stored with a job's request.
//!
//! Guarantees: what was stored is read for ever.
//!
//! Must not know: what a shape means.

use super::shape::{ColumnOptions, Container, Content, FileShape, TableOptions};
use fillhouse_render::csv::{ChosenColumn, CsvOptions, Delimiter, Eol, Formulas, HeaderNames, Shows};
use serde::{Deserialize, Serialize};

/// A [`FileShape`]: part of a request's document.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct StoredFileShape {
    #[serde(rename = "shape", default, skip_serializing_if = "StoredShape::is_table")]
    content: StoredShape,
    /// None where it is the usual one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    container: Option<StoredContainer>,
}

/// A [`Content`].
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum StoredShape {
    #[default]
    Table,
    Results,
    Chosen(Vec<StoredColumn>),
    Lines,
    TableOf(StoredTable),
    Workbook(StoredColumns),
    Columnar(StoredColumns),
}

/// A [`Container`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum StoredContainer {
    Zip,
    Bare,
    Gzip,
    Zstd,
}

/// [`TableOptions`].
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
struct StoredTable {
    #[serde(default, skip_serializing_if = "is_default")]
    delimiter: StoredDelimiter,
    #[serde(default, skip_serializing_if = "is_default")]
    eol: StoredEol,
    #[serde(default, skip_serializing_if = "is_default")]
    bom: bool,
    #[serde(default, skip_serializing_if = "is_default")]
    header: StoredHeader,
    #[serde(default, skip_serializing_if = "is_default")]
    formulas: StoredFormulas,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    columns: Option<Vec<String>>,
}

/// [`ColumnOptions`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct StoredColumns {
    #[serde(default, skip_serializing_if = "is_default")]
    header: StoredHeader,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    columns: Option<Vec<String>>,
}

/// An [`Eol`].
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum StoredEol {
    #[default]
    Lf,
    Crlf,
}

/// [`HeaderNames`].
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum StoredHeader {
    #[default]
    Labels,
    Ids,
}

/// [`Formulas`].
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum StoredFormulas {
    #[default]
    Raw,
    Escape,
}

/// A [`Delimiter`].
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum StoredDelimiter {
    #[default]
    Comma,
    Semicolon,
    Tab,
    Pipe,
}

/// A [`ChosenColumn`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct StoredColumn {
    name: String,
    shows: StoredShows,
}

/// A [`Shows`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
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
        Self { content: (&shape.content).into(), container: container.map(StoredContainer::from) }
    }
}

impl From<&StoredFileShape> for FileShape {
    fn from(stored: &StoredFileShape) -> Self {
        let content = Content::from(&stored.content);
        let container = stored.container.map_or_else(|| content.usual_container(), Container::from);
        Self { content, container }
    }
}

impl StoredShape {
    fn is_table(&self) -> bool {
        *self == Self::Table
    }
}

impl From<&Content> for StoredShape {
    fn from(content: &Content) -> Self {
        let column = |column: &ChosenColumn| StoredColumn {
            name: column.name.clone(),
            shows: match column.shows.clone() {
                Shows::Id => StoredShows::Id,
                Shows::Item(id) => StoredShows::Item(id),
                Shows::Created => StoredShows::Created,
                Shows::Status { incomplete, complete } => StoredShows::Status { incomplete, complete },
            },
        };
        match content {
            Content::Table(options) if *options == TableOptions::default() => Self::Table,
            Content::Table(options) => Self::TableOf(options.into()),
            Content::Results => Self::Results,
            Content::Lines => Self::Lines,
            Content::Workbook(options) => Self::Workbook(options.into()),
            Content::Columnar(options) => Self::Columnar(options.into()),
            Content::Chosen(columns) => Self::Chosen(columns.iter().map(column).collect()),
        }
    }
}

impl From<&StoredShape> for Content {
    fn from(shape: &StoredShape) -> Self {
        let column = |column: &StoredColumn| ChosenColumn {
            name: column.name.clone(),
            shows: match column.shows.clone() {
                StoredShows::Id => Shows::Id,
                StoredShows::Item(id) => Shows::Item(id),
                StoredShows::Created => Shows::Created,
                StoredShows::Status { incomplete, complete } => Shows::Status { incomplete, complete },
            },
        };
        match shape {
            StoredShape::Table => Self::Table(TableOptions::default()),
            StoredShape::TableOf(options) => Self::Table(options.into()),
            StoredShape::Results => Self::Results,
            StoredShape::Lines => Self::Lines,
            StoredShape::Workbook(options) => Self::Workbook(options.into()),
            StoredShape::Columnar(options) => Self::Columnar(options.into()),
            StoredShape::Chosen(columns) => Self::Chosen(columns.iter().map(column).collect()),
        }
    }
}

impl From<&TableOptions> for StoredTable {
    fn from(TableOptions { csv, columns }: &TableOptions) -> Self {
        Self {
            delimiter: match csv.delimiter {
                Delimiter::Comma => StoredDelimiter::Comma,
                Delimiter::Semicolon => StoredDelimiter::Semicolon,
                Delimiter::Tab => StoredDelimiter::Tab,
                Delimiter::Pipe => StoredDelimiter::Pipe,
            },
            eol: match csv.eol {
                Eol::Lf => StoredEol::Lf,
                Eol::CrLf => StoredEol::Crlf,
            },
            bom: csv.bom,
            header: csv.header.into(),
            formulas: match csv.formulas {
                Formulas::Raw => StoredFormulas::Raw,
                Formulas::Escape => StoredFormulas::Escape,
            },
            columns: columns.clone(),
        }
    }
}

impl From<&StoredTable> for TableOptions {
    fn from(stored: &StoredTable) -> Self {
        let csv = CsvOptions {
            delimiter: match stored.delimiter {
                StoredDelimiter::Comma => Delimiter::Comma,
                StoredDelimiter::Semicolon => Delimiter::Semicolon,
                StoredDelimiter::Tab => Delimiter::Tab,
                StoredDelimiter::Pipe => Delimiter::Pipe,
            },
            eol: match stored.eol {
                StoredEol::Lf => Eol::Lf,
                StoredEol::Crlf => Eol::CrLf,
            },
            bom: stored.bom,
            header: stored.header.into(),
            formulas: match stored.formulas {
                StoredFormulas::Raw => Formulas::Raw,
                StoredFormulas::Escape => Formulas::Escape,
            },
        };
        Self { csv, columns: stored.columns.clone() }
    }
}

impl From<&ColumnOptions> for StoredColumns {
    fn from(ColumnOptions { header, columns }: &ColumnOptions) -> Self {
        Self { header: (*header).into(), columns: columns.clone() }
    }
}

impl From<&StoredColumns> for ColumnOptions {
    fn from(StoredColumns { header, columns }: &StoredColumns) -> Self {
        Self { header: (*header).into(), columns: columns.clone() }
    }
}

impl From<HeaderNames> for StoredHeader {
    fn from(header: HeaderNames) -> Self {
        match header {
            HeaderNames::Labels => Self::Labels,
            HeaderNames::Ids => Self::Ids,
        }
    }
}

impl From<StoredHeader> for HeaderNames {
    fn from(header: StoredHeader) -> Self {
        match header {
            StoredHeader::Labels => Self::Labels,
            StoredHeader::Ids => Self::Ids,
        }
    }
}

impl From<Container> for StoredContainer {
    fn from(container: Container) -> Self {
        match container {
            Container::Zip => Self::Zip,
            Container::Bare => Self::Bare,
            Container::Gzip => Self::Gzip,
            Container::Zstd => Self::Zstd,
        }
    }
}

impl From<StoredContainer> for Container {
    fn from(container: StoredContainer) -> Self {
        match container {
            StoredContainer::Zip => Self::Zip,
            StoredContainer::Bare => Self::Bare,
            StoredContainer::Gzip => Self::Gzip,
            StoredContainer::Zstd => Self::Zstd,
        }
    }
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_shape_is_read_back() {
        let options = TableOptions { columns: Some(vec!["id".into()]), ..TableOptions::default() };
        for content in [
            Content::Results,
            Content::Lines,
            Content::Table(TableOptions::default()),
            Content::Table(options),
            Content::Workbook(ColumnOptions::default()),
            Content::Columnar(ColumnOptions::default()),
            Content::Workbook(ColumnOptions { header: HeaderNames::Ids, columns: Some(vec!["id".into()]) }),
            Content::Chosen(vec![ChosenColumn { name: "No".into(), shows: Shows::Id }]),
        ] {
            for container in [Container::Zip, Container::Bare, Container::Gzip, Container::Zstd] {
                let shape = FileShape { content: content.clone(), container };
                let json = serde_json::to_string(&StoredFileShape::from(&shape)).unwrap();
                let stored: StoredFileShape = serde_json::from_str(&json).unwrap();
                assert_eq!(FileShape::from(&stored), shape, "{json}");
            }
        }
    }
}
