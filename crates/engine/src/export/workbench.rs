//! The memory and the tables that rendering a block takes, used again for the next one.
//!
//! Guarantees: an export has no more of them than blocks under way at once, and each grows to the size of the largest
//! block and no further; that is what an export takes, however long it is.
//!
//! Must not know: where rows come from, or where the bytes go.

use super::renderer::{Renderer, Writer};
use super::selection::Selection;
use super::shape::FileShape;
use crate::Result;
use bytes::Bytes;
use fillhouse_model::row::Row;
use fillhouse_model::{Fault, Form};
use fillhouse_render::{Packer, Packing, Section};
use fillhouse_store::BlockRows;
use std::sync::{Mutex, PoisonError};

/// What it takes to render one block.
#[derive(Default)]
pub(super) struct Workbench {
    /// The rows of the block.
    pub(super) rows: BlockRows,
    text: Vec<u8>,
    packed: Vec<u8>,
    packer: Packer,
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
        spare.unwrap_or_default()
    }

    /// Leaves a workbench to the next block.
    pub(super) fn leave(&self, workbench: Workbench) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(workbench);
    }
}

impl Workbench {
    /// Renders the rows that the selection holds.
    pub(super) fn render(&mut self, task: &RenderTask) -> Result<Rendered> {
        self.packed.clear();
        let rows = self.text_of(task)?.rows;
        let section = self.packer.pack(task.packing, &self.text, &mut self.packed);
        Ok(Rendered { rows, section, bytes: Bytes::copy_from_slice(&self.packed) })
    }

    /// The text of the rows that the selection holds, in no container.
    pub(super) fn text_of(&mut self, task: &RenderTask) -> Result<Text<'_>> {
        self.text.clear();
        let rows = task.write(self.rows.with_keys(), &mut self.text)?;
        Ok(Text { rows, text: &self.text })
    }
}

/// The text of a block.
pub(super) struct Text<'a> {
    pub(super) rows: i64,
    pub(super) text: &'a [u8],
}

/// What is to be rendered of each block.
pub(crate) struct RenderTask {
    pub(crate) renderer: Renderer,
    pub(crate) packing: Packing,
    pub(crate) newest_first: bool,
    pub(crate) selection: Selection,
}

impl RenderTask {
    /// # Errors
    /// The form has not all that the shape wants of it.
    pub(crate) fn new(form: &Form, shape: &FileShape, selection: Selection) -> Result<Self, Fault> {
        Ok(Self {
            renderer: Renderer::new(form, &shape.content)?,
            packing: shape.container.packing(),
            newest_first: shape.is_newest_first(),
            selection,
        })
    }

    /// The text of those of `rows`, in the order of arrival, that are wanted; and how many they are.
    pub(crate) fn text_of<'a>(
        &self,
        rows: impl DoubleEndedIterator<Item = (i64, &'a [u8])>,
    ) -> Result<(i64, Vec<u8>)> {
        let mut text = Vec::new();
        Ok((self.write(rows, &mut text)?, text))
    }

    fn write<'a>(
        &self,
        rows: impl DoubleEndedIterator<Item = (i64, &'a [u8])>,
        text: &mut Vec<u8>,
    ) -> Result<i64> {
        let mut page = Page { task: self, writer: self.renderer.writer(), text, rows: 0 };
        let mut put = |(key, body)| page.put(key, body);
        if self.newest_first {
            rows.rev().try_for_each(&mut put)?;
        } else {
            { rows }.try_for_each(&mut put)?;
        }
        Ok(page.rows)
    }
}

/// The rows of a block on their way to the text.
struct Page<'a> {
    task: &'a RenderTask,
    writer: Writer<'a>,
    text: &'a mut Vec<u8>,
    rows: i64,
}

impl Page<'_> {
    fn put(&mut self, key: i64, body: &[u8]) -> Result<()> {
        let row = Row::read(body)?;
        if self.task.selection.holds(key, &row) {
            if self.rows > 0 {
                self.text.extend_from_slice(self.task.renderer.joint());
            }
            self.writer.write(&row, self.text)?;
            self.rows += 1;
        }
        Ok(())
    }
}
