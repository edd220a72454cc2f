//! What is around the blocks of a file, and what it is called.
//!
//! Guarantees: whatever is said of the blocks in a head or a tail is said of their sizes and checksums alone, so that it
//! can be written before any of them is read.
//!
//! Must not know: where the blocks are.

use super::renderer::Renderer;
use super::shape::{Container, Content, FileShape};
use fillhouse_model::{Form, FormId, Timestamp};
use fillhouse_render::frames::Framer;
use fillhouse_render::zip::Entry;
use fillhouse_render::{Packer, Section, gzip};

/// What the files of one form and shape have in common.
pub(super) struct Frame {
    form_id: FormId,
    slug: String,
    pub(super) shape: FileShape,
    pub(super) head: Vec<u8>,
    joint: &'static [u8],
    foot: &'static [u8],
}

impl Frame {
    pub(super) fn new(form: &Form, shape: FileShape, renderer: &Renderer) -> Self {
        let (head, joint, foot) = (renderer.head(), renderer.joint(), renderer.foot());
        Self { form_id: form.id, slug: form.slug.clone(), shape, head, joint, foot }
    }

    /// What is around blocks of these sections in the file of the job of this number.
    pub(super) fn envelope(&self, sections: &[Section], number: i64, created_at: Timestamp) -> Envelope {
        let container = self.shape.container;
        let mut packer = Packer::default();
        let mut pack = |raw: &[u8]| {
            let mut bytes = Vec::new();
            let section = packer.pack(container.packing(), raw, &mut bytes);
            (bytes, section)
        };
        let (mut head, header) = pack(&self.head);
        let (joint, between) = pack(self.joint);
        let (mut tail, footer) = pack(self.foot);
        let blocks = sections.iter().enumerate().fold(header, |before, (n, section)| {
            let before = if n > 0 { before.then(between) } else { before };
            before.then(*section)
        });
        let whole = blocks.then(footer);
        match container {
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
        Envelope { name: self.name(number), head, joint, tail }
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
pub(super) struct Envelope {
    pub(super) name: String,
    pub(super) head: Vec<u8>,
    /// Between any two of them.
    pub(super) joint: Vec<u8>,
    pub(super) tail: Vec<u8>,
}
