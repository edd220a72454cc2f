//! What a form's look says to whoever fills it in: help, placeholders, and the blocks that a page can show.
//!
//! Guarantees: what is said in HTML is given as text; what cannot be read, or is hidden, is left out.
//!
//! Must not know: what a page looks like.

use super::kept::{Kept, Named};
use super::plain::plain;
use super::text;
use crate::dialect::open::field::{Field, fields};
use crate::dialect::open::property_id;
use crate::layout::{Beside, Block, Layout};
use fillhouse_model::{Form, Item};
use serde_json::value::RawValue;

/// How a form is laid out, by what was kept of its look.
pub(in crate::dialect) fn layout(form: &Form, look: &str) -> Layout {
    of_kept(form, &Kept::read(Some(look)))
}

pub(super) fn of_kept(form: &Form, kept: &Kept) -> Layout {
    let fields = fields(form);
    let mut blocks = kept.blocks(&fields.iter().map(Field::id).collect());
    let said = kept.by_id();
    let mut layout = Layout { last: shown(&blocks.last), ..Layout::default() };
    for field in &fields {
        let id = field.id();
        // Nothing stands within a group.
        let top = field.leaves.first().and_then(|leaf| leaf.parents[0]).unwrap_or(field.item);
        let before = shown(&blocks.before.remove(&id).unwrap_or_default());
        if !before.is_empty() {
            layout.before.entry(top.id.clone()).or_default().extend(before);
        }
    }
    // Of groups as well, which are no fields.
    for item in Item::each(&form.items) {
        if let Some(beside) = said.get(&property_id::shown(&item.id)).and_then(|said| beside(said)) {
            layout.beside.insert(item.id.clone(), beside);
        }
    }
    layout
}

pub(super) fn beside(said: &Named) -> Option<Beside> {
    let word = |name| said.get(name).and_then(text).unwrap_or_default();
    let beside = Beside { help: plain(&word("help")), placeholder: word("placeholder").trim().to_owned() };
    (beside != Beside::default()).then_some(beside)
}

fn shown(blocks: &[Box<RawValue>]) -> Vec<Block> {
    blocks.iter().filter_map(|block| block_of(&serde_json::from_str(block.get()).ok()?)).collect()
}

pub(super) fn block_of(said: &Named) -> Option<Block> {
    let word = |name| said.get(name).and_then(text).filter(|word| !word.trim().is_empty());
    if said.get("hidden").is_some_and(|hidden| hidden.get() == "true") {
        return None;
    }
    match word("type")?.as_str() {
        "nf-page-break" => {
            Some(Block::PageBreak { next: word("next_btn_text"), back: word("previous_btn_text") })
        }
        "nf-text" => Some(plain(&word("content")?)).filter(|lines| !lines.is_empty()).map(Block::Text),
        "nf-divider" => Some(Block::Divider),
        _ => None,
    }
}
