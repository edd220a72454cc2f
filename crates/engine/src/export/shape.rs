//! The shapes that an export's file may have: what is written of each submission, and what the whole is put into.
//!
//! Guarantees: a shape that [`FileShape::check`] lets pass can be made of every submission of the form; what a file is
//! called and what media type it has follow from the shape alone.
//!
//! Must not know: which submissions are wanted, or how they are written.

use fillhouse_model::{Fault, Form};
use fillhouse_render::columnar::Columns;
use fillhouse_render::csv::{ChosenColumn, HeaderNames};
use fillhouse_render::json::ResultLayout;
use fillhouse_render::xlsx::SheetLayout;
use fillhouse_render::{CsvOptions, Layout, Packing};

/// The shape of an export's file. Not every content goes into every container: see [`FileShape::check`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileShape {
    /// What is written of each submission.
    pub content: Content,
    /// What the whole is put into.
    pub container: Container,
}

/// What is written of each submission.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Content {
    /// The table of the form as CSV.
    Table(TableOptions),
    /// Results as JSON.
    Results(ResultOptions),
    /// CSV of these columns, the latest submission first.
    Chosen(Vec<ChosenColumn>),
    /// The table of the form as a workbook (XLSX), of as many sheets as its rows need.
    Workbook(ColumnOptions),
    /// The table of the form by columns (Parquet).
    Columnar(ColumnOptions),
}

/// How results are written. The default is an array of all that there is of them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ResultOptions {
    /// What stands around them.
    pub framing: Framing,
    /// What each has in it, in this order: names of metas, and ids of items that hold answers themselves. None stands for all.
    pub columns: Option<Vec<String>>,
}

/// What stands around results.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Framing {
    /// They are one array.
    #[default]
    Array,
    /// Each is a line of its own (NDJSON).
    Lines,
}

/// Which columns a table has where its format says what they look like. The default is all of them, with labels.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ColumnOptions {
    /// What the columns of answers are called.
    pub header: HeaderNames,
    /// Its columns, in their order: names of metas and ids of items that hold answers themselves. None stands for all.
    pub columns: Option<Vec<String>>,
}

/// How a table is written. The default is all of it, as [`CsvOptions::default`] says.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TableOptions {
    /// How its cells are written.
    pub csv: CsvOptions,
    /// Its columns, in their order: names of metas and ids of items that hold answers themselves. None stands for all.
    pub columns: Option<Vec<String>>,
}

/// What a file is put into. The numbers go into the keys of files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Container {
    /// A ZIP file of one entry.
    Zip = 0,
    /// Nothing.
    Bare = 1,
    /// A gzip file.
    Gzip = 2,
    /// Frames of Zstandard.
    Zstd = 3,
}

impl FileShape {
    /// The whole table as CSV, in a ZIP file.
    pub fn zipped_table() -> Self {
        Self { content: Content::Table(TableOptions::default()), container: Container::Zip }
    }

    /// A JSON array of results, in a ZIP file.
    pub fn zipped_results() -> Self {
        Self { content: Content::Results(ResultOptions::default()), container: Container::Zip }
    }

    /// CSV of these columns, the latest submission first, in no container.
    pub fn chosen(columns: Vec<ChosenColumn>) -> Self {
        Self { content: Content::Chosen(columns), container: Container::Bare }
    }

    /// Whether there are such files, and can be of this form.
    ///
    /// # Errors
    /// The content does not go into the container (the fault is of `compression`), or a column is none of the form (of
    /// `columns[n]`).
    pub fn check(&self, form: &Form) -> Result<(), Fault> {
        self.check_container()?;
        match &self.content {
            Content::Table(options) => options.layout(form).map(drop),
            Content::Workbook(options) => options.sheet(form).map(drop),
            Content::Columnar(options) => options.columnar(form).map(drop),
            Content::Results(options) => options.layout(form).map(drop),
            Content::Chosen(_) => Ok(()),
        }
    }

    /// Whether a file of this shape can say that a submission is gone.
    ///
    /// # Errors
    /// It cannot; the fault is of `columns`, or of `format`.
    pub fn check_since(&self) -> Result<(), Fault> {
        let columns = match &self.content {
            Content::Table(TableOptions { columns, .. })
            | Content::Workbook(ColumnOptions { columns, .. })
            | Content::Columnar(ColumnOptions { columns, .. }) => columns,
            // What is gone has an object of its own.
            Content::Results(_) => return Ok(()),
            Content::Chosen(_) => return Err(Fault::new("format", "does not say what is gone since")),
        };
        let has =
            |name: &str| columns.as_ref().is_none_or(|columns| columns.iter().any(|column| column == name));
        if has("id") && has("result_status") {
            return Ok(());
        }
        Err(Fault::new("columns", "lacks id or result_status, which say what is gone since"))
    }

    /// How the blocks of such a file are kept.
    pub(super) fn packing(&self) -> Packing {
        match (&self.content, self.container) {
            (Content::Workbook(_), _) | (_, Container::Zip | Container::Gzip) => Packing::Deflate,
            (_, Container::Bare) => Packing::Plain,
            (_, Container::Zstd) => Packing::Zstd,
        }
    }

    fn check_container(&self) -> Result<(), Fault> {
        match (&self.content, self.container) {
            (Content::Table(_) | Content::Results(_), _)
            | (Content::Chosen(_) | Content::Workbook(_) | Content::Columnar(_), Container::Bare) => Ok(()),
            (Content::Workbook(_) | Content::Columnar(_), _) => {
                Err(Fault::new("compression", "is none of this format, which has its own"))
            }
            (Content::Chosen(_), _) => Err(Fault::new("compression", "is not to be had with these columns")),
        }
    }

    /// Whether the latest submission comes first.
    pub(crate) fn is_newest_first(&self) -> bool {
        matches!(self.content, Content::Chosen(_))
    }

    pub(crate) fn media_type(&self) -> &'static str {
        match self.container {
            Container::Bare => self.content.media_type(),
            Container::Zip => "application/zip",
            Container::Gzip => "application/gzip",
            Container::Zstd => "application/zstd",
        }
    }

    /// What the file's name ends in. That of a ZIP file says nothing of what is in it, which its entry does.
    pub(crate) fn extension(&self) -> String {
        let inner = self.content.extension();
        match self.container {
            Container::Bare => inner.to_owned(),
            Container::Zip => "zip".to_owned(),
            Container::Gzip => format!("{inner}.gz"),
            Container::Zstd => format!("{inner}.zst"),
        }
    }
}

impl Content {
    pub(crate) fn media_type(&self) -> &'static str {
        match self {
            Self::Table(_) | Self::Chosen(_) => "text/csv; charset=utf-8",
            Self::Results(ResultOptions { framing: Framing::Array, .. }) => "application/json",
            Self::Results(ResultOptions { framing: Framing::Lines, .. }) => "application/x-ndjson",
            Self::Workbook(_) => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Self::Columnar(_) => "application/vnd.apache.parquet",
        }
    }

    /// What the name of the content's file ends in.
    pub(crate) fn extension(&self) -> &'static str {
        match self {
            Self::Table(_) | Self::Chosen(_) => "csv",
            Self::Results(ResultOptions { framing: Framing::Array, .. }) => "json",
            Self::Results(ResultOptions { framing: Framing::Lines, .. }) => "ndjson",
            Self::Workbook(_) => "xlsx",
            Self::Columnar(_) => "parquet",
        }
    }

    /// The container that it comes in unless another is asked for.
    pub(crate) fn usual_container(&self) -> Container {
        match self {
            Self::Table(_) | Self::Results(ResultOptions { framing: Framing::Array, .. }) => Container::Zip,
            Self::Results(_) | Self::Chosen(_) | Self::Workbook(_) | Self::Columnar(_) => Container::Bare,
        }
    }

    /// Whether it may show items that the form has no more.
    pub(super) fn shows_removed(&self) -> bool {
        matches!(self, Self::Chosen(_))
    }

    /// Whether its bytes are text with nothing around it.
    pub(super) fn is_text(&self) -> bool {
        match self {
            Self::Table(_) | Self::Results(_) | Self::Chosen(_) => true,
            Self::Workbook(_) | Self::Columnar(_) => false,
        }
    }
}

impl ResultOptions {
    /// All that there is of each result, a line each.
    pub fn lines() -> Self {
        Self { framing: Framing::Lines, columns: None }
    }

    /// The results of a form.
    ///
    /// # Errors
    /// A column is none of the form.
    pub(super) fn layout(&self, form: &Form) -> Result<ResultLayout, Fault> {
        match &self.columns {
            None => Ok(ResultLayout::new(form)),
            Some(columns) => ResultLayout::of_columns(form, columns),
        }
    }
}

impl TableOptions {
    /// The table of a form.
    ///
    /// # Errors
    /// A column is none of the form.
    pub(super) fn layout(&self, form: &Form) -> Result<Layout, Fault> {
        match &self.columns {
            None => Ok(Layout::new(form, self.csv)),
            Some(columns) => Layout::of_columns(form, self.csv, columns),
        }
    }
}

impl ColumnOptions {
    /// The sheet of a form.
    ///
    /// # Errors
    /// A column is none of the form.
    pub(super) fn sheet(&self, form: &Form) -> Result<SheetLayout, Fault> {
        SheetLayout::new(form, self.header, self.columns.as_deref())
    }

    /// The columns of a form.
    ///
    /// # Errors
    /// A column is none of the form.
    pub(super) fn columnar(&self, form: &Form) -> Result<Columns, Fault> {
        Columns::new(form, self.header, self.columns.as_deref())
    }
}
