//! The values of one column, gathered row by row until they are written.
//!
//! Must not know: what column they are of.

use bytes::Bytes;
use parquet::column::writer::{ColumnWriter, ColumnWriterImpl};
use parquet::data_type::{ByteArray, DataType};
use parquet::errors::Result;

/// What the values of a column are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// The submission's id, which every one has, also one that is gone.
    Id = 0,
    Whole = 1,
    /// In microseconds, UTC.
    Instant = 2,
    Number = 3,
    /// In days since 1970-01-01.
    Day = 4,
    Text = 5,
}

/// The values of one column.
#[derive(Debug)]
pub(super) struct Values {
    /// Of each row, whether it has one; nothing where each must.
    levels: Option<Vec<i16>>,
    data: Data,
}

#[derive(Debug)]
enum Data {
    Whole(Vec<i64>),
    Days(Vec<i32>),
    Numbers(Vec<f64>),
    /// The texts, and where each ends.
    Texts(Vec<u8>, Vec<usize>),
}

impl Kind {
    /// Whether a column of texts stands behind the column.
    pub(super) fn has_texts(self) -> bool {
        matches!(self, Self::Number | Self::Day)
    }

    pub(super) fn is_required(self) -> bool {
        matches!(self, Self::Id)
    }
}

impl Values {
    pub(super) fn new(kind: Kind) -> Self {
        let data = match kind {
            Kind::Id | Kind::Whole | Kind::Instant => Data::Whole(Vec::new()),
            Kind::Number => Data::Numbers(Vec::new()),
            Kind::Day => Data::Days(Vec::new()),
            Kind::Text => Data::Texts(Vec::new(), Vec::new()),
        };
        Self { levels: (!kind.is_required()).then(Vec::new), data }
    }

    pub(super) fn put_none(&mut self) {
        self.put_level(0);
    }

    pub(super) fn put_whole(&mut self, number: i64) {
        if let Data::Whole(all) = &mut self.data {
            all.push(number);
            self.put_level(1);
        }
    }

    pub(super) fn put_day(&mut self, day: i32) {
        if let Data::Days(all) = &mut self.data {
            all.push(day);
            self.put_level(1);
        }
    }

    pub(super) fn put_number(&mut self, number: f64) {
        if let Data::Numbers(all) = &mut self.data {
            all.push(number);
            self.put_level(1);
        }
    }

    /// Adds the text that `fill` appends.
    pub(super) fn put_text<E>(
        &mut self,
        fill: impl FnOnce(&mut Vec<u8>) -> std::result::Result<(), E>,
    ) -> std::result::Result<(), E> {
        if let Data::Texts(texts, ends) = &mut self.data {
            fill(texts)?;
            ends.push(texts.len());
            self.put_level(1);
        }
        Ok(())
    }

    fn put_level(&mut self, level: i16) {
        if let Some(levels) = &mut self.levels {
            levels.push(level);
        }
    }

    /// How much memory they take, about.
    pub(super) fn size_bytes(&self) -> usize {
        let levels = self.levels.as_ref().map_or(0, |levels| 2 * levels.len());
        levels
            + match &self.data {
                Data::Whole(all) => 8 * all.len(),
                Data::Days(all) => 4 * all.len(),
                Data::Numbers(all) => 8 * all.len(),
                // What is made of each when they are written is another 40 bytes.
                Data::Texts(texts, ends) => texts.len() + 8 * ends.len(),
            }
    }

    /// Writes them.
    ///
    /// # Errors
    /// The writer is of another type.
    pub(super) fn write(self, writer: &mut ColumnWriter<'_>) -> Result<()> {
        let levels = self.levels.as_deref();
        match (self.data, writer) {
            (Data::Whole(all), ColumnWriter::Int64ColumnWriter(writer)) => write(writer, &all, levels),
            (Data::Days(all), ColumnWriter::Int32ColumnWriter(writer)) => write(writer, &all, levels),
            (Data::Numbers(all), ColumnWriter::DoubleColumnWriter(writer)) => write(writer, &all, levels),
            (Data::Texts(texts, ends), ColumnWriter::ByteArrayColumnWriter(writer)) => {
                let texts = Bytes::from(texts);
                let starts = std::iter::once(0).chain(ends.iter().copied());
                let all: Vec<ByteArray> =
                    starts.zip(&ends).map(|(start, end)| ByteArray::from(texts.slice(start..*end))).collect();
                write(writer, &all, levels)
            }
            _ => Err(parquet::errors::ParquetError::General("a column is of another type".to_owned())),
        }
    }
}

fn write<T: DataType>(
    writer: &mut ColumnWriterImpl<'_, T>,
    values: &[T::T],
    levels: Option<&[i16]>,
) -> Result<()> {
    writer.write_batch(values, levels, None).map(drop)
}
