//! The columns of a table, with their types.
//!
//! Must not know: rows.

use super::values::{Kind, Values};
use crate::csv::{CsvOptions, HeaderNames};
use crate::table::{Cells, Column, Layout, Meta, Value};
use fillhouse_model::row::Text;
use fillhouse_model::{Fault, Form};
use parquet::basic::{Compression, Encoding, LogicalType, Repetition, TimeUnit, Type as Physical, ZstdLevel};
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::schema::types::{ColumnPath, Type};
use std::collections::HashSet;
use std::sync::Arc;

/// Raised with every change of what rows are written as.
const FORMAT_VERSION: u8 = 3;
/// What a column of texts is called behind that of the column that they are of.
const AS_TEXT: &str = " (text)";

/// The columns of one form's table.
#[derive(Debug, Clone)]
pub struct Columns {
    pub(super) inner: Arc<Inner>,
}

#[derive(Debug)]
pub(super) struct Inner {
    pub(super) layout: Layout,
    /// Of each column of the layout.
    pub(super) kinds: Vec<Kind>,
    pub(super) schema: Arc<Type>,
    pub(super) properties: Arc<WriterProperties>,
}

impl Columns {
    /// The table of `form`, or these columns of it: see [`Layout::of_columns`].
    ///
    /// # Errors
    /// A column is none of the form.
    pub fn new(form: &Form, header: HeaderNames, columns: Option<&[String]>) -> Result<Self, Fault> {
        let options = CsvOptions { header, ..CsvOptions::default() };
        let layout = match columns {
            None => Layout::new(form, options),
            Some(columns) => Layout::of_columns(form, options, columns)?,
        };
        let kinds: Vec<Kind> = layout.columns.iter().map(kind).collect();
        let schema = Arc::new(schema(&layout.names, &kinds));
        let properties = Arc::new(properties(&layout, &kinds));
        let inner = Inner { layout, kinds, schema, properties };
        Ok(Self { inner: Arc::new(inner) })
    }

    /// Bytes that say everything that a part depends on beside its rows: the names of the columns are in its footer, too.
    pub fn fingerprint_source(&self) -> Vec<u8> {
        let Inner { layout, kinds, .. } = &*self.inner;
        let mut bytes = vec![FORMAT_VERSION];
        bytes.extend(layout.fingerprint_source());
        for (kind, name) in kinds.iter().zip(&layout.names) {
            bytes.push(*kind as u8);
            bytes.extend((name.len() as u64).to_le_bytes());
            bytes.extend(name.as_bytes());
        }
        bytes
    }
}

impl Inner {
    /// Empty columns, with those of texts behind those that have one.
    pub(super) fn values(&self) -> Vec<Values> {
        let each =
            |kind: &Kind| [Some(Values::new(*kind)), kind.has_texts().then(|| Values::new(Kind::Text))];
        self.kinds.iter().flat_map(each).flatten().collect()
    }
}

fn properties(layout: &Layout, kinds: &[Kind]) -> WriterProperties {
    let mut properties = WriterProperties::builder()
        .set_compression(Compression::ZSTD(level()))
        .set_statistics_enabled(EnabledStatistics::Chunk)
        .set_offset_index_disabled(true)
        .set_created_by("fillhouse".to_owned());
    for ((column, kind), name) in layout.columns.iter().zip(kinds).zip(&layout.names) {
        let path = ColumnPath::from(vec![name.clone()]);
        properties = match kind {
            // Each is a little more than the one before.
            Kind::Id | Kind::Instant => properties
                .set_column_dictionary_enabled(path.clone(), false)
                .set_column_encoding(path, Encoding::DELTA_BINARY_PACKED),
            _ => properties.set_column_dictionary_enabled(path, has_few_values(column)),
        };
    }
    properties.build()
}

/// Whether most rows have what others have. Of what people type, a dictionary would have nearly all; to look up each is an
/// eighth of the time of an export, and Zstandard finds most of what comes again.
fn has_few_values(column: &Column) -> bool {
    match column {
        Column::Meta(Meta::Text(text)) => {
            matches!(text, Text::PaymentStatus | Text::UserBrowser | Text::UserDevice)
        }
        Column::Meta(Meta::Profile) => false,
        Column::Meta(_) => true,
        Column::Answers(answers) => {
            matches!(answers.cells, Cells::Choices(_)) || !matches!(answers.value, Value::Text)
        }
    }
}

fn level() -> ZstdLevel {
    ZstdLevel::try_new(crate::frames::LEVEL).unwrap_or_default()
}

fn kind(column: &Column) -> Kind {
    match column {
        Column::Meta(Meta::Id) => Kind::Id,
        Column::Meta(Meta::Audience) => Kind::Whole,
        Column::Meta(Meta::DateStart | Meta::DateFinish | Meta::DateUpdate) => Kind::Instant,
        Column::Meta(Meta::Status | Meta::Profile) => Kind::Text,
        Column::Meta(Meta::Text(text)) => {
            if *text == Text::PaymentAmount {
                Kind::Number
            } else {
                Kind::Text
            }
        }
        Column::Answers(answers) => match answers.value {
            Value::Text => Kind::Text,
            Value::Number => Kind::Number,
            Value::Date => Kind::Day,
        },
    }
}

fn schema(names: &[String], kinds: &[Kind]) -> Type {
    let mut taken: HashSet<String> = names.iter().cloned().collect();
    let mut fields = Vec::with_capacity(names.len());
    for (name, kind) in names.iter().zip(kinds) {
        fields.push(Arc::new(field(name, *kind)));
        if kind.has_texts() {
            let mut texts = format!("{name}{AS_TEXT}");
            while !taken.insert(texts.clone()) {
                texts += AS_TEXT;
            }
            fields.push(Arc::new(field(&texts, Kind::Text)));
        }
    }
    let group = Type::group_type_builder("submissions").with_fields(fields).build();
    group.expect("a group of columns is a schema")
}

fn field(name: &str, kind: Kind) -> Type {
    let (physical, logical) = match kind {
        Kind::Id | Kind::Whole => (Physical::INT64, None),
        Kind::Instant => (Physical::INT64, Some(LogicalType::timestamp(true, TimeUnit::MICROS))),
        Kind::Number => (Physical::DOUBLE, None),
        Kind::Day => (Physical::INT32, Some(LogicalType::Date)),
        Kind::Text => (Physical::BYTE_ARRAY, Some(LogicalType::String)),
    };
    let repetition = if kind.is_required() { Repetition::REQUIRED } else { Repetition::OPTIONAL };
    Type::primitive_type_builder(name, physical)
        .with_logical_type(logical)
        .with_repetition(repetition)
        .build()
        .expect("the logical types are those of the physical ones")
}
