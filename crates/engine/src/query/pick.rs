//! Filters of rows that are at hand: the columns that it takes are made of them, looked at, and thrown away.
//!
//! Must not know: where the rows come from.

use super::column::{Column, ColumnId, Labels};
use super::filter::Filter;
use super::scan::{Columns, column};
use crate::Result;
use std::sync::Arc;

impl Filter {
    /// Of which of these rows, each behind its key, it holds. The form's labels matter only where it depends on the form.
    pub(crate) fn picked(&self, rows: &[(i64, &[u8])], labels: &Labels) -> Result<Vec<bool>> {
        let mut ids: Vec<ColumnId> = Vec::new();
        for id in self.columns() {
            if !ids.contains(&id) {
                ids.push(id);
            }
        }
        let columns = Column::read(rows.iter().copied(), &ids, labels)?;
        let columns: Columns = ids.into_iter().zip(columns.into_iter().map(Arc::new)).collect();
        let picked = self.rows(rows.len(), &|id| column(&columns, id));
        Ok((0..rows.len()).map(|row| picked.has(row)).collect())
    }
}
