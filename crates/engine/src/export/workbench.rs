//! The memory and the tables that rendering a block takes, used again for the next one.
//!
//! Guarantees: an export has no more of them than blocks under way at once, and each grows to the size of the largest
//! block and no further; that is what an export takes, however long it is.
//!
//! Must not know: where rows come from, or where the bytes go.

use super::selection::Selection;
use crate::Result;
use bytes::Bytes;
use fillhouse_model::row::Row;
use fillhouse_render::{Deflater, Layout, RowWriter, Section};
use fillhouse_store::BlockRows;
use std::sync::{Mutex, PoisonError};

/// What it takes to render one block.
pub(super) struct Workbench {
    /// The rows of the block.
    pub(super) rows: BlockRows,
    text: Vec<u8>,
    deflated: Vec<u8>,
    deflater: Deflater,
}

/// The workbenches that nobody is at.
#[derive(Default)]
pub(super) struct Workbenches(Mutex<Vec<Workbench>>);

/// A block as it was rendered.
pub(super) struct Rendered {
    pub(super) rows: i64,
    pub(super) section: Section,
    pub(super) bytes: Bytes,
}

impl Workbenches {
    /// A workbench that was used before, or a new one.
    pub(super) fn take(&self) -> Workbench {
        let spare = self.0.lock().unwrap_or_else(PoisonError::into_inner).pop();
        spare.unwrap_or_else(|| Workbench {
            rows: BlockRows::default(),
            text: Vec::new(),
            deflated: Vec::new(),
            deflater: Deflater::new(),
        })
    }

    /// Leaves a workbench to the next block.
    pub(super) fn leave(&self, workbench: Workbench) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(workbench);
    }
}

impl Workbench {
    /// Renders the rows that the selection holds.
    pub(super) fn render(&mut self, layout: &Layout, selection: Selection) -> Result<Rendered> {
        self.text.clear();
        self.deflated.clear();
        let mut writer = RowWriter::new(layout);
        let mut rows = 0;
        for body in self.rows.iter() {
            let row = Row::read(body)?;
            if selection.holds(&row) {
                writer.write(&row, &mut self.text)?;
                rows += 1;
            }
        }
        let section = self.deflater.block(&self.text, &mut self.deflated);
        Ok(Rendered { rows, section, bytes: Bytes::copy_from_slice(&self.deflated) })
    }
}
