//! Columns of blocks: those that are remembered, and those that must be made, in one reading of the block.
//!
//! Guarantees: a column is of its snapshot, whatever was written since; of the blocks as many are worked on at once as
//! there are permits.
//!
//! Must not know: what columns are wanted for.

use super::column::{Column, ColumnId, Labels};
use super::filter;
use super::snapshot::Snapshot;
use crate::counters;
use crate::engine::Parts;
use crate::{Error, Result};
use fillhouse_store::{Block, BlockRows};
use std::sync::Arc;

/// Columns with their ids.
pub(super) type Columns = Vec<(ColumnId, Arc<Column>)>;

/// A snapshot, to be looked into.
#[derive(Clone)]
pub(super) struct Scan {
    pub(super) parts: Arc<Parts>,
    pub(super) snapshot: Arc<Snapshot>,
    labels: Arc<Labels>,
}

/// The column of an id among others.
pub(super) fn column(columns: &Columns, id: ColumnId) -> Option<Arc<Column>> {
    columns.iter().find(|(known, _)| *known == id).map(|(_, column)| column.clone())
}

impl Scan {
    pub(super) fn new(parts: Arc<Parts>, snapshot: Arc<Snapshot>) -> Self {
        Self { parts, snapshot, labels: Arc::default() }
    }

    /// With what the form says, for the columns that depend on it ([`ColumnId::is_of_form`]).
    pub(super) fn with_labels(self) -> Self {
        let labels = Arc::new(filter::labels(&self.snapshot.form.form));
        Self { labels, ..self }
    }

    /// The columns of a block, made where they must be.
    pub(super) async fn columns(&self, block: Block, ids: &[ColumnId]) -> Result<Columns> {
        let known = self.known(block, ids);
        if known.len() == ids.len() {
            return Ok(known);
        }
        let lock = self.parts.queries.building(self.snapshot.form.form.id, block.block);
        let building = lock.lock().await;
        // Someone else may have made them meanwhile.
        let mut columns = self.known(block, ids);
        let missing: Vec<ColumnId> =
            ids.iter().copied().filter(|id| column(&columns, *id).is_none()).collect();
        if !missing.is_empty() {
            columns.extend(self.make(block, missing).await?);
        }
        drop(building);
        Ok(columns)
    }

    fn known(&self, block: Block, ids: &[ColumnId]) -> Columns {
        let form = self.snapshot.form.form.id;
        let of = |id: ColumnId| self.parts.queries.column(form, block.block, block.last_seq, id);
        ids.iter().filter_map(|&id| Some((id, of(id)?))).collect()
    }

    async fn make(&self, block: Block, missing: Vec<ColumnId>) -> Result<Columns> {
        let (form, seq) = (self.snapshot.form.form.id, self.snapshot.seq);
        let permit = self.parts.queries.permits.clone().acquire_owned().await.map_err(Error::internal)?;
        let rows = self.parts.store.read(move |tx| {
            Box::pin(async move { tx.block_rows(form, block.block, seq, BlockRows::default()).await })
        });
        let (rows, labels) = (rows.await?, self.labels.clone());
        let made = tokio::task::spawn_blocking(move || {
            let columns = Column::read(rows.with_keys(), &missing, &labels)?;
            drop(permit);
            Ok::<_, Error>(missing.into_iter().zip(columns.into_iter().map(Arc::new)).collect::<Columns>())
        });
        let made = made.await??;
        metrics::counter!(counters::COLUMNS_MADE).increment(made.len() as u64);
        for (id, column) in &made {
            // A form may change, and with it what is made of its labels.
            if !id.is_of_form() {
                self.parts.queries.put_column(form, block.block, block.last_seq, *id, column.clone());
            }
        }
        Ok(made)
    }
}
