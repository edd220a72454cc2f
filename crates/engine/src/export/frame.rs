//! What is around the blocks of a file, and what it is called.
//!
//! Guarantees: whatever is said of the blocks in a head or a tail is said of their sizes and checksums alone, so that it
//! can be written before any of them is read.
//!
//! Must not know: where the blocks are.

use super::shape::{Container, FileShape, Renderer};
use fillhouse_model::{Form, FormId, Timestamp};
use fillhouse_render::zip::Entry;
use fillhouse_render::{Deflater, Section};

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
        let container = self.shape.container();
        let mut deflater = Deflater::new();
        let mut pack = |raw: &[u8]| {
            let mut packed = Vec::new();
            let section = container.pack(raw, &mut deflater, &mut packed);
            (packed, section)
        };
        let (mut head, header) = pack(&self.head);
        let (joint, between) = pack(self.joint);
        let (mut tail, footer) = pack(self.foot);
        let form_id = self.form_id;
        if container == Container::Bare {
            let name = format!("{}-submissions-{number}.{}", self.slug, self.shape.extension());
            return Envelope { name, head, joint, tail };
        }
        let blocks = sections.iter().enumerate().fold(header, |before, (n, section)| {
            let before = if n > 0 { before.then(between) } else { before };
            before.then(*section)
        });
        let name = format!("{form_id}_{number}_form_export.{}", self.shape.extension());
        let entry = Entry { name, modified: created_at, section: blocks.then(footer) };
        head.splice(0..0, entry.head());
        tail.extend(entry.tail());
        Envelope { name: format!("{form_id}_{number}_form_export.zip"), head, joint, tail }
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
