//! Rows, from how they are stored to row groups.
//!
//! Guarantees: no more is held than some megabytes of a row group's values, and the row groups that nobody took.
//!
//! Must not know: submissions, or what part of a file it makes.

use super::columns::{Columns, Inner};
use super::values::Values;
use super::{HEAD, values::Kind};
use crate::scalars::put_profile_id;
use crate::table::{Column, DELETED, Meta};
use crate::xlsx::{day_of, is_number};
use fillhouse_model::row::{Malformed, Row};
use parquet::errors::Result as ParquetResult;
use parquet::file::writer::SerializedFileWriter;
use std::convert::Infallible;
use std::io::{self, Write};
use std::sync::{Arc, Mutex, PoisonError};

/// A row group ends where its values are about this much. The bytes of a part depend on it.
const GROUP_BYTES: usize = 24 << 20;

/// What rows become, one part at a time.
#[derive(Debug)]
pub struct Groups {
    columns: Arc<Inner>,
    values: Vec<Values>,
    /// In `values`.
    rows: usize,
    sink: Sink,
    writer: SerializedFileWriter<Sink>,
    /// How many of the first bytes are to be left out yet.
    left_out: usize,
}

/// Bytes that were written and not taken.
#[derive(Debug, Clone, Default)]
struct Sink(Arc<Mutex<Vec<u8>>>);

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Groups {
    /// The beginning of a part with these columns.
    pub fn new(columns: &Columns) -> Self {
        let columns = columns.inner.clone();
        let sink = Sink::default();
        let writer =
            SerializedFileWriter::new(sink.clone(), columns.schema.clone(), columns.properties.clone());
        let writer = writer.expect("memory takes any bytes");
        Self { values: columns.values(), columns, rows: 0, sink, writer, left_out: HEAD.len() }
    }

    /// Adds a row.
    ///
    /// # Errors
    /// The row is none, or not one of the form: then nothing can be made of the part.
    pub fn put(&mut self, row: &Row<'_>) -> Result<(), Malformed> {
        self.put_row(row)?;
        self.end_row();
        Ok(())
    }

    /// Adds a row that says that the submission of this id is gone: its id, the status `Deleted`, and nothing else.
    pub fn put_deleted(&mut self, id: i64) {
        let mut values = self.values.iter_mut();
        for (column, kind) in self.columns.layout.columns.iter().zip(&self.columns.kinds) {
            let (own, texts) = (values.next(), kind.has_texts().then(|| values.next()).flatten());
            match (column, own) {
                (Column::Meta(Meta::Id), Some(own)) => own.put_whole(id),
                (Column::Meta(Meta::Status), Some(own)) => put_bytes(own, Some(DELETED)),
                (_, own) => own.into_iter().for_each(Values::put_none),
            }
            texts.into_iter().for_each(Values::put_none);
        }
        self.end_row();
    }

    fn end_row(&mut self) {
        self.rows += 1;
        if self.values.iter().map(Values::size_bytes).sum::<usize>() >= GROUP_BYTES {
            self.end_group();
        }
    }

    /// Appends what is finished of the part, and says how much it was.
    pub fn take(&mut self, out: &mut Vec<u8>) -> usize {
        let mut written = self.sink.0.lock().unwrap_or_else(PoisonError::into_inner);
        let left_out = self.left_out.min(written.len());
        self.left_out -= left_out;
        out.extend_from_slice(&written[left_out..]);
        let taken = written.len() - left_out;
        written.clear();
        taken
    }

    /// Ends the part. What was not taken of it can be.
    pub fn finish(&mut self) {
        if self.rows > 0 {
            self.end_group();
        }
        self.writer.finish().expect("memory takes any bytes");
    }

    fn end_group(&mut self) {
        let values = std::mem::replace(&mut self.values, self.columns.values());
        self.rows = 0;
        write_group(&mut self.writer, values)
            .expect("the columns are of their types, and memory takes any bytes");
    }

    fn put_row(&mut self, row: &Row<'_>) -> Result<(), Malformed> {
        let mut payloads = vec![None; self.columns.layout.slots()];
        row.answers_into(&mut payloads)?;
        let mut values = self.values.iter_mut();
        for (column, kind) in self.columns.layout.columns.iter().zip(&self.columns.kinds) {
            let (Some(own), texts) = (values.next(), kind.has_texts().then(|| values.next()).flatten())
            else {
                return Err(Malformed);
            };
            match (column, texts) {
                (Column::Meta(Meta::Text(text)), Some(texts)) => {
                    put_typed(own, texts, *kind, row.text(*text));
                }
                (Column::Meta(meta), _) => put_meta(own, *meta, row),
                (Column::Answers(answers), Some(texts)) => {
                    put_typed(own, texts, *kind, payloads[answers.slot]);
                }
                (Column::Answers(answers), None) => match payloads[answers.slot] {
                    Some(payload) => own.put_text(|out| answers.put_plain(payload, out))?,
                    None => own.put_none(),
                },
            }
        }
        Ok(())
    }
}

fn write_group(writer: &mut SerializedFileWriter<Sink>, values: Vec<Values>) -> ParquetResult<()> {
    let mut group = writer.next_row_group()?;
    for values in values {
        if let Some(mut column) = group.next_column()? {
            values.write(column.untyped())?;
            column.close()?;
        }
    }
    group.close().map(drop)
}

fn put_meta(own: &mut Values, meta: Meta, row: &Row<'_>) {
    let whole = match meta {
        Meta::Id => Some(row.id),
        Meta::DateStart => row.date_start,
        Meta::DateFinish => row.date_finish,
        Meta::DateUpdate => Some(row.date_update),
        Meta::Audience => row.profile.map(|(audience, _)| audience),
        Meta::Status => return put_bytes(own, Some(row.status.name().as_bytes())),
        Meta::Text(text) => return put_bytes(own, row.text(text)),
        Meta::Profile => {
            let id = row.profile.map(|(_, profile)| {
                let mut id = Vec::new();
                put_profile_id(profile, &mut id);
                id
            });
            return put_bytes(own, id.as_deref());
        }
    };
    match whole {
        Some(whole) => own.put_whole(whole),
        None => own.put_none(),
    }
}

fn put_bytes(own: &mut Values, text: Option<&[u8]>) {
    match text {
        Some(text) => {
            let Ok(()) = own.put_text(|out| {
                out.extend_from_slice(text);
                Ok::<(), Infallible>(())
            });
        }
        None => own.put_none(),
    }
}

/// Adds a text to a column of numbers or days, or else to that of texts behind it.
fn put_typed(own: &mut Values, texts: &mut Values, kind: Kind, text: Option<&[u8]>) {
    let number = |text| is_number(text).then(|| std::str::from_utf8(text).ok()?.parse().ok()).flatten();
    let day = |text| day_of(text).and_then(|day| i32::try_from(day).ok());
    let rest = match (kind, text) {
        (Kind::Number, Some(text)) => match number(text) {
            Some(number) => {
                own.put_number(number);
                None
            }
            None => Some(text),
        },
        (_, Some(text)) => match day(text) {
            Some(day) => {
                own.put_day(day);
                None
            }
            None => Some(text),
        },
        (_, None) => None,
    };
    if rest.is_some() || text.is_none() {
        own.put_none();
    }
    put_bytes(texts, rest);
}
