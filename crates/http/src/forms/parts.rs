//! The parts of a form's page: what is looked at by itself where scripts are run, and stands one below the other where not.
//!
//! Guarantees: every field is in one part, and no part has nothing to look at.
//!
//! Must not know: HTML.

use super::field::{Field, Filling};
use super::words;
use crate::layout::{Block, Layout};
use fillhouse_model::Form;

/// A part of a page.
pub(super) struct Part {
    /// What it is called where it is one of several.
    pub(super) heading: Option<String>,
    /// What leads on from it, and back from it.
    pub(super) next: String,
    pub(super) back: String,
    pub(super) pieces: Vec<Piece>,
}

/// What a part is made of.
pub(super) enum Piece {
    Field(Box<Field>),
    Text(Vec<String>),
    Divider,
}

impl Piece {
    fn is_seen(&self) -> bool {
        match self {
            Self::Field(field) => !field.is_hidden(),
            Self::Text(_) | Self::Divider => true,
        }
    }

    fn has_fault(&self) -> bool {
        matches!(self, Self::Field(field) if field.has_fault())
    }
}

impl Part {
    fn with(pieces: Vec<Piece>) -> Self {
        Self { heading: None, next: words::NEXT.to_owned(), back: words::BACK.to_owned(), pieces }
    }

    /// Whether something in it is wrong.
    pub(super) fn has_fault(&self) -> bool {
        self.pieces.iter().any(Piece::has_fault)
    }
}

/// The parts of a form's page: one at least.
pub(super) fn parts(form: &Form, layout: &Layout, filling: &Filling<'_>) -> Vec<Part> {
    let mut parts = Parts { done: Vec::new(), open: Part::with(Vec::new()) };
    for item in &form.items {
        layout.before.get(&item.id).into_iter().flatten().for_each(|block| parts.put(block));
        parts.open.pieces.extend(filling.field(item).map(|field| Piece::Field(Box::new(field))));
    }
    layout.last.iter().for_each(|block| parts.put(block));
    parts.all()
}

struct Parts {
    done: Vec<Part>,
    open: Part,
}

impl Parts {
    fn put(&mut self, block: &Block) {
        match block {
            Block::Text(lines) => self.open.pieces.push(Piece::Text(lines.clone())),
            Block::Divider => self.open.pieces.push(Piece::Divider),
            // Where there is nothing to look at yet, the page goes on.
            Block::PageBreak { .. } if !self.open.pieces.iter().any(Piece::is_seen) => {}
            Block::PageBreak { next, back } => {
                if let Some(next) = next {
                    self.open.next.clone_from(next);
                }
                let mut part = Part::with(Vec::new());
                if let Some(back) = back {
                    part.back.clone_from(back);
                }
                self.done.push(std::mem::replace(&mut self.open, part));
            }
        }
    }

    fn all(mut self) -> Vec<Part> {
        match self.done.last_mut() {
            Some(last) if !self.open.pieces.iter().any(Piece::is_seen) => {
                last.pieces.append(&mut self.open.pieces);
            }
            _ => self.done.push(self.open),
        }
        let of = self.done.len();
        for (n, part) in self.done.iter_mut().enumerate().filter(|_| of > 1) {
            part.heading = Some(words::page(n + 1, of));
        }
        self.done
    }
}
