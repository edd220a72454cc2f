//! What is around the blocks of a file, and what it is called.
//!
//! Guarantees: whatever is said of the blocks in a head, a break or a tail is said of their sizes and checksums alone, so
//! that it can be written before any of them is read.
//!
//! Must not know: where the blocks are.

use super::renderer::Renderer;
use super::shape::{Container, Content, FileShape};
use super::workbook;
use fillhouse_model::{Form, FormId, Timestamp};
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
    /// Where it is a workbook.
    sheet: Option<SheetLayout>,
}

/// What is known of a block that has bytes.
#[derive(Debug, Clone, Copy)]
pub(super) struct BlockFacts {
    pub(super) rows: i64,
    pub(super) section: Section,
}

impl Frame {
    pub(super) fn new(form: &Form, shape: FileShape, renderer: &Renderer) -> Self {
        let (head, joint, foot) = (renderer.head(), renderer.joint(), renderer.foot());
        let sheet = match renderer {
            Renderer::Sheet(layout) => Some(layout.clone()),
            _ => None,
        };
        Self { form_id: form.id, slug: form.slug.clone(), shape, head, joint, foot, sheet }
    }

    /// What is around these blocks in the file of the job of this number.
    pub(super) fn envelope(&self, blocks: &[BlockFacts], number: i64, created_at: Timestamp) -> Envelope {
        let name = self.name(number);
        match &self.sheet {
            Some(sheet) => Envelope { name, ..workbook::around(sheet, blocks, created_at) },
            None => Envelope { name, ..self.around(blocks, number, created_at) },
        }
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
