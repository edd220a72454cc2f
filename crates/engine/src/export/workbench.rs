//! The memory and the tables that rendering a block takes, used again for the next one.
//!
//! Guarantees: an export has no more of them than blocks under way at once, and none holds more than a few slices of a block,
//! however wide or long its rows are; that is what an export takes, however long it is.
//!
//! Must not know: where rows come from, or where the bytes go.

use super::renderer::Renderer;
use super::selection::Selection;
use super::shape::FileShape;
use crate::Result;
use bytes::Bytes;
use fillhouse_model::row::{Malformed, Row};
use fillhouse_model::{Fault, Form};
use fillhouse_render::columnar::Groups;
use fillhouse_render::{Packer, Packing, Section};
use fillhouse_store::BlockRows;
use std::sync::{Mutex, PoisonError};

/// How much text is packed at once. The bytes of a block depend on it, where it is longer.
const SLICE_BYTES: usize = 4 << 20;

/// What it takes to render one block.
#[derive(Default)]
pub(super) struct Workbench {
    /// The rows at hand: all of the block, or some of them.
    pub(super) rows: BlockRows,
    /// The keys and ids of what was deleted of it since the moment that the export is since.
    pub(super) deleted: Vec<(i64, i64)>,
    pub(super) press: Press,
}

/// What becomes of a block: text, then what is packed of it.
#[derive(Default)]
pub(super) struct Press {
    text: Vec<u8>,
    /// What rows become instead of text, where they are written by columns.
    groups: Option<Groups>,
    packer: Packer,
    packed: Vec<u8>,
    done: Done,
}

/// How much of a block is rendered.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Done {
    pub(super) rows: i64,
    pub(super) section: Section,
}

/// The workbenches that nobody is at.
#[derive(Default)]
pub(super) struct Workbenches(Mutex<Vec<Workbench>>);

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
    /// Renders those of the rows at hand that the task wants.
    pub(super) fn render(&mut self, task: &RenderTask) -> Result<()> {
        match task.selection.since {
            Some(since) => self.press.put_changes(task, self.rows.changed_after(since), &self.deleted),
            None => self.press.put_all(task, self.rows.with_keys()),
        }
    }
}

impl Press {
    /// Forgets the block before.
    pub(super) fn begin(&mut self) {
        self.text.clear();
        self.groups = None;
        self.packed.clear();
        self.done = Done::default();
    }

    /// Renders those of `rows`, in the order of arrival, that are wanted.
    pub(super) fn put_all<'a>(
        &mut self,
        task: &RenderTask,
        rows: impl DoubleEndedIterator<Item = (i64, &'a [u8])>,
    ) -> Result<()> {
        let Some(filter) = &task.selection.filter else { return self.put_picked(task, rows) };
        let rows: Vec<_> = rows.collect();
        let picked = filter.picked(&rows)?;
        let rows = rows.into_iter().zip(picked).filter_map(|(row, is_picked)| is_picked.then_some(row));
        self.put_picked(task, rows)
    }

    /// The same for rows of which the filter holds.
    fn put_picked<'a>(
        &mut self,
        task: &RenderTask,
        rows: impl DoubleEndedIterator<Item = (i64, &'a [u8])>,
    ) -> Result<()> {
        let mut writer = task.renderer.writer();
        let mut put = |(key, body): (i64, &[u8])| -> Result<()> {
            let row = Row::read(body)?;
            if !task.selection.holds(key, &row) {
                return Ok(());
            }
            self.put(task, |out, groups| writer.write(&row, out, groups))
        };
        if task.newest_first {
            rows.rev().try_for_each(&mut put)?;
        } else {
            { rows }.try_for_each(&mut put)?;
        }
        self.take_groups();
        Ok(())
    }

    /// Renders rows that were changed, and that it is gone of what was deleted, by key, or is not wanted any more.
    pub(super) fn put_changes<'a>(
        &mut self,
        task: &RenderTask,
        rows: impl Iterator<Item = (i64, &'a [u8])>,
        deleted: &[(i64, i64)],
    ) -> Result<()> {
        let rows: Vec<_> = rows.filter(|(key, _)| task.selection.may_have(*key)).collect();
        let picked = match &task.selection.filter {
            Some(filter) => filter.picked(&rows)?,
            None => vec![true; rows.len()],
        };
        let mut writer = task.renderer.writer();
        let mut gone = deleted.iter().filter(|(key, _)| task.selection.may_have(*key)).peekable();
        for ((key, body), is_picked) in rows.into_iter().zip(picked) {
            while let Some((_, id)) = gone.next_if(|(gone, _)| *gone <= key) {
                self.put(task, |out, groups| writer.write_deleted(*id, out, groups))?;
            }
            let row = Row::read(body)?;
            if is_picked && task.selection.holds(key, &row) {
                self.put(task, |out, groups| writer.write(&row, out, groups))?;
            } else {
                self.put(task, |out, groups| writer.write_deleted(row.id, out, groups))?;
            }
        }
        gone.try_for_each(|(_, id)| self.put(task, |out, groups| writer.write_deleted(*id, out, groups)))
    }

    /// Writes one row more.
    fn put(
        &mut self,
        task: &RenderTask,
        write: impl FnOnce(&mut Vec<u8>, &mut Option<Groups>) -> Result<(), Malformed>,
    ) -> Result<()> {
        if self.done.rows > 0 {
            self.text.extend_from_slice(task.renderer.joint());
        }
        write(&mut self.text, &mut self.groups)?;
        self.done.rows += 1;
        if self.text.len() >= SLICE_BYTES {
            self.pack(task.packing);
        }
        Ok(())
    }

    /// Ends the block, and says what it is; what is packed of it can be taken.
    pub(super) fn finish(&mut self, task: &RenderTask) -> Done {
        self.pack(task.packing);
        if let Some(groups) = &mut self.groups {
            groups.finish();
        }
        self.take_groups();
        self.groups = None;
        self.done
    }

    /// Takes the row groups that are finished; nothing is packed around them.
    fn take_groups(&mut self) {
        if let Some(groups) = &mut self.groups {
            let size_bytes = groups.take(&mut self.packed) as u64;
            let section = Section { raw_bytes: size_bytes, deflated_bytes: size_bytes, crc32: 0 };
            self.done.section = self.done.section.then(section);
        }
    }

    fn pack(&mut self, packing: Packing) {
        let section = self.packer.pack(packing, &self.text, &mut self.packed);
        self.done.section = self.done.section.then(section);
        self.text.clear();
    }

    /// How much is packed and was not taken.
    pub(super) fn packed_bytes(&self) -> usize {
        self.packed.len()
    }

    /// Forgets what is packed.
    pub(super) fn forget(&mut self) {
        self.packed.clear();
    }

    /// Takes what is packed.
    pub(super) fn take(&mut self) -> Bytes {
        let taken = Bytes::copy_from_slice(&self.packed);
        self.packed.clear();
        taken
    }
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
            packing: shape.packing(),
            newest_first: shape.is_newest_first(),
            selection,
        })
    }

    /// The same task with its text as it is.
    pub(super) fn bare(self) -> Self {
        Self { packing: Packing::Plain, ..self }
    }
}
