//! Footers: what a part's own says of its row groups, and the one that says the same of all parts of a file.
//!
//! Must not know: where parts are kept.

use super::{Columns, HEAD};
use parquet::errors::ParquetError;
use parquet::file::FOOTER_SIZE;
use parquet::file::metadata::{
    ColumnChunkMetaData, FileMetaData, ParquetMetaData, ParquetMetaDataReader, ParquetMetaDataWriter,
    RowGroupMetaData,
};
use parquet::schema::types::SchemaDescriptor;
use std::sync::Arc;

/// A part's footer that cannot be read.
#[derive(Debug)]
pub struct FooterError(ParquetError);

impl std::fmt::Display for FooterError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "the footer of a part cannot be read: {}", self.0)
    }
}

impl std::error::Error for FooterError {}

impl From<ParquetError> for FooterError {
    fn from(error: ParquetError) -> Self {
        Self(error)
    }
}

/// How many bytes at the end of a footer say how long it is.
pub const FOOTER_END: usize = FOOTER_SIZE;

/// The footer of a whole part; nothing where it has none.
pub fn footer_of(part: &[u8]) -> &[u8] {
    let length = part.last_chunk().and_then(|last| usize::try_from(footer_bytes(*last)).ok());
    length
        .and_then(|length| part.split_at_checked(part.len().checked_sub(length)?))
        .map_or(&[], |(_, footer)| footer)
}

/// How many bytes at the end of a part are its footer, by the last eight of them: its own and these.
pub fn footer_bytes(last: [u8; FOOTER_SIZE]) -> u64 {
    let [a, b, c, d, ..] = last;
    u64::from(u32::from_le_bytes([a, b, c, d])) + FOOTER_SIZE as u64
}

impl Columns {
    /// What stands behind the parts of a file, by the footer and the size of each, in order.
    ///
    /// # Errors
    /// A footer is none.
    pub fn tail<'a>(&self, parts: impl Iterator<Item = (&'a [u8], u64)>) -> Result<Vec<u8>, FooterError> {
        let schema = Arc::new(SchemaDescriptor::new(self.inner.schema.clone()));
        let mut groups: Vec<RowGroupMetaData> = Vec::new();
        let mut before = 0_u64;
        for (footer, size_bytes) in parts {
            let thrift = footer.len().checked_sub(FOOTER_SIZE).map_or(footer, |length| &footer[..length]);
            let shift = before.cast_signed();
            for group in ParquetMetaDataReader::decode_metadata(thrift)?.row_groups() {
                let ordinal =
                    i32::try_from(groups.len()).ok().filter(|number| *number <= i32::from(i16::MAX));
                groups.push(moved(group, shift, ordinal)?);
            }
            before += size_bytes;
        }
        let rows = groups.iter().map(RowGroupMetaData::num_rows).sum();
        let created_by = Some("fillhouse".to_owned());
        let file = FileMetaData::new(1, rows, created_by, None, schema, None);
        let metadata = ParquetMetaData::new(file, groups);
        let mut tail = Vec::new();
        ParquetMetaDataWriter::new(&mut tail, &metadata).finish()?;
        // Memory has no magic number of its own before the footer.
        debug_assert!(tail.ends_with(HEAD));
        Ok(tail)
    }
}

/// The same row group, so many bytes further on.
fn moved(
    group: &RowGroupMetaData,
    shift: i64,
    ordinal: Option<i32>,
) -> Result<RowGroupMetaData, ParquetError> {
    let columns =
        group.columns().iter().map(|column| moved_column(column, shift)).collect::<Result<_, _>>()?;
    let mut builder = group.clone().into_builder().set_column_metadata(columns);
    if let Some(offset) = group.file_offset() {
        builder = builder.set_file_offset(offset + shift);
    }
    if let Some(ordinal) = ordinal {
        builder = builder.set_ordinal(ordinal);
    }
    builder.build()
}

fn moved_column(column: &ColumnChunkMetaData, shift: i64) -> Result<ColumnChunkMetaData, ParquetError> {
    let dictionary = column.dictionary_page_offset().map(|offset| offset + shift);
    column
        .clone()
        .into_builder()
        .set_data_page_offset(column.data_page_offset() + shift)
        .set_dictionary_page_offset(dictionary)
        .build()
}
