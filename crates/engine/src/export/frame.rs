//! What is around the blocks of a file, and what it is called.
//!
//! Guarantees: whatever is said of the blocks in a head, a break or a tail is said of their sizes and checksums alone, or of
//! what they end with, so that it can be written before the whole of any of them is read.
//!
//! Must not know: where the blocks are.

use super::renderer::Renderer;
use super::shape::{Container, Content, FileShape};
use super::workbook;
use crate::{Error, Result};
use bytes::Bytes;
use fillhouse_model::{Form, FormId, Timestamp};
use fillhouse_render::columnar::Columns;
use fillhouse_render::frames::Framer;
use fillhouse_render::xlsx::SheetLayout;
use fillhouse_render::zip::Entry;
use fillhouse_render::{Packer, Section, gzip};
use fillhouse_store::Break;

/// What the files of one form and shape have in common.
pub(super) struct Frame {
    form_id: FormId,
    slug: String,
    pub(super) shape: FileShape,
    pub(super) head: Vec<u8>,
    joint: &'static [u8],
    foot: &'static [u8],
    kind: Kind,
}

/// What is around blocks.
enum Kind {
    /// A container, and text in it.
    Text,
    Workbook(SheetLayout),
    Columnar(Columns),
}

/// What is known of a block that has bytes.
#[derive(Debug, Clone)]
pub(super) struct BlockFacts {
    pub(super) rows: i64,
    pub(super) section: Section,
    /// What it ends with, where [`Frame::wants_footers`].
    pub(super) footer: Bytes,
}

impl Frame {
    pub(super) fn new(form: &Form, shape: FileShape, renderer: &Renderer) -> Self {
        let (head, joint, foot) = (renderer.head(), renderer.joint(), renderer.foot());
        let kind = match renderer {
            Renderer::Sheet(layout) => Kind::Workbook(layout.clone()),
            Renderer::Columnar(columns) => Kind::Columnar(columns.clone()),
            _ => Kind::Text,
        };
        Self { form_id: form.id, slug: form.slug.clone(), shape, head, joint, foot, kind }
    }

    /// What is around these blocks in the file of the job of this number.
    ///
    /// # Errors
    /// A block's footer cannot be read.
    pub(super) fn envelope(
        &self,
        blocks: &[BlockFacts],
        number: i64,
        created_at: Timestamp,
    ) -> Result<Envelope> {
        let around = match &self.kind {
            Kind::Text => self.around(blocks, number, created_at),
            Kind::Workbook(layout) => workbook::around(layout, blocks, created_at),
            Kind::Columnar(columns) => {
                let footers = blocks.iter().map(|block| (&*block.footer, block.section.deflated_bytes));
                let tail = columns.tail(footers).map_err(Error::internal)?;
                Envelope { head: self.head.clone(), tail, ..Envelope::default() }
            }
        };
        Ok(Envelope { name: self.name(number), ..around })
    }

    /// Whether the tail is made of what the blocks end with.
    pub(super) fn wants_footers(&self) -> bool {
        matches!(self.kind, Kind::Columnar(_))
    }

    fn around(&self, blocks: &[BlockFacts], number: i64, created_at: Timestamp) -> Envelope {
        let packing = self.shape.packing();
        let mut packer = Packer::default();
        let mut pack = |raw: &[u8]| {
            let mut bytes = Vec::new();
            let section = packer.pack(packing, raw, &mut bytes);
            (bytes, section)
        };
        let (mut head, header) = pack(&self.head);
        let (joint, between) = pack(self.joint);
        let (mut tail, footer) = pack(self.foot);
        let sections = blocks.iter().enumerate().fold(header, |before, (n, block)| {
            let before = if n > 0 { before.then(between) } else { before };
            before.then(block.section)
        });
        let whole = sections.then(footer);
        match self.shape.container {
            Container::Zip => {
                let name = self.entry_name(number);
                let entry = Entry { name, modified: created_at, section: whole };
                head.splice(0..0, entry.head());
                tail.extend(entry.tail());
            }
            Container::Gzip => {
                head.splice(0..0, gzip::HEAD);
                tail.extend(gzip::tail(whole));
            }
            Container::Zstd if whole.raw_bytes == 0 => drop(Framer::new().frame(b"", &mut tail)),
            Container::Bare | Container::Zstd => {}
        }
        Envelope { head, joint, tail, ..Envelope::default() }
    }

    /// What the file of the job of this number is called.
    pub(super) fn name(&self, number: i64) -> String {
        let extension = self.shape.extension();
        match self.shape.content {
            Content::Chosen(_) => format!("{}-submissions-{number}.{extension}", self.slug),
            _ => format!("{}_{number}_form_export.{extension}", self.form_id),
        }
    }

    fn entry_name(&self, number: i64) -> String {
        format!("{}_{number}_form_export.{}", self.form_id, self.shape.content.extension())
    }
}

/// What is around the blocks of a file.
#[derive(Default)]
pub(super) struct Envelope {
    pub(super) name: String,
    pub(super) head: Vec<u8>,
    /// Between any two of them where there is no break.
    pub(super) joint: Vec<u8>,
    pub(super) breaks: Vec<Break>,
    pub(super) tail: Vec<u8>,
}
