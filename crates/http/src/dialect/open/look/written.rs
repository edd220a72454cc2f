//! Writing how a form is laid out into what is kept of its look.
//!
//! Guarantees: what was not changed stays as a client gave it, in its HTML and with all that it says besides; blocks that no
//! page shows stay where they are; what is written is read back as the same layout (`layout.rs`).
//!
//! Must not know: who says how the form is laid out.

use super::gone;
use super::kept::{Kept, Named};
use super::layout::{beside, block_of, of_kept};
use crate::dialect::open::field::{Field, fields};
use crate::dialect::open::property_id;
use crate::dialect::open::value::raw;
use crate::layout::{Beside, Block, Layout};
use fillhouse_model::{Form, Item};
use serde_json::value::RawValue;
use std::collections::HashSet;
use std::mem::discriminant;

/// What is to be kept of a form that is laid out so; none where that is what was kept already.
pub(in crate::dialect) fn written(
    before: Option<&Form>,
    after: &Form,
    kept: Option<&str>,
    layout: &Layout,
) -> Option<String> {
    let was = Kept::read(kept);
    let now = of_kept(after, &was);
    if now == *layout {
        return None;
    }
    let fields: HashSet<String> = fields(after).iter().map(Field::id).collect();
    let (said, mut kept_blocks) = (was.by_id(), was.blocks(&fields));
    // Around what nothing was changed, all blocks stay where they are, be it within a group.
    let is_changed = |top: &Item| now.before.get(&top.id) != layout.before.get(&top.id);
    let ends_otherwise = now.last != layout.last;
    let tops = || after.items.iter().filter(|top| is_changed(top));
    let known = tops().flat_map(|top| Item::each(std::slice::from_ref(top)));
    let known = known.filter_map(|item| kept_blocks.before.get(&property_id::shown(&item.id))).flatten();
    let known = known.chain(kept_blocks.last.iter().filter(|_| ends_otherwise));
    let wanted = tops().filter_map(|top| layout.before.get(&top.id)).flatten();
    let wanted: Vec<&Block> = wanted.chain(layout.last.iter().filter(|_| ends_otherwise)).collect();
    let mut blocks = blocks_of(&was, known.filter_map(|block| read(block)), &wanted).into_iter();
    let mut properties = Vec::new();
    for top in &after.items {
        let is_changed = is_changed(top);
        let count = layout.before.get(&top.id).filter(|_| is_changed).map_or(0, Vec::len);
        properties.extend(blocks.by_ref().take(count));
        for item in Item::each(std::slice::from_ref(top)) {
            let id = property_id::shown(&item.id);
            let own = kept_blocks.before.remove(&id).unwrap_or_default();
            properties.extend(staying(&own, is_changed));
            let (known, wanted) = (said.get(&id).copied(), layout.beside.get(&item.id));
            if known.is_some() || wanted.is_some() || fields.contains(&id) {
                let known = known.cloned().unwrap_or_else(|| Named::default().with("id", raw(&id)));
                properties.push(with_beside(known, wanted));
            }
        }
    }
    properties.extend(staying(&kept_blocks.last, ends_otherwise));
    properties.extend(blocks);
    let removed = before.map_or_else(|| was.removed.clone(), |before| gone(before, after, kept));
    Some(Kept { properties, removed }.to_json())
}

fn read(block: &RawValue) -> Option<Named> {
    serde_json::from_str(block.get()).ok()
}

/// Those of some blocks that stay where they are: all, or those that no page shows.
fn staying(blocks: &[Box<RawValue>], is_changed: bool) -> Vec<Named> {
    let blocks = blocks.iter().filter_map(|block| read(block));
    blocks.filter(|block| !is_changed || block_of(block).is_none()).collect()
}

/// A property of which this is said.
fn with_beside(mut property: Named, wanted: Option<&Beside>) -> Named {
    let (wanted, now) = (wanted.cloned().unwrap_or_default(), beside(&property).unwrap_or_default());
    if wanted.help != now.help {
        let help = html(&wanted.help);
        property.set("help", if help.is_empty() { raw(&()) } else { raw(&help) });
    }
    if wanted.placeholder != now.placeholder {
        let placeholder = wanted.placeholder;
        property.set("placeholder", if placeholder.is_empty() { raw(&()) } else { raw(&placeholder) });
    }
    property
}

/// The blocks that are wanted: those that are there as they are, others changed into them, and new ones.
fn blocks_of(was: &Kept, known: impl Iterator<Item = Named>, wanted: &[&Block]) -> Vec<Named> {
    let mut there: Vec<(Block, Named)> = known.filter_map(|one| Some((block_of(&one)?, one))).collect();
    let mut found: Vec<Option<Named>> = Vec::new();
    for block in wanted {
        let place = there.iter().position(|(known, _)| known == *block);
        found.push(place.map(|place| there.remove(place).1));
    }
    let mut ids: HashSet<String> = was.properties.iter().filter_map(Named::id).collect();
    let mut next = 1..;
    let made = wanted.iter().zip(found).map(|(block, found)| {
        if let Some(found) = found {
            return found;
        }
        let alike = there.iter().position(|(known, _)| discriminant(known) == discriminant(*block));
        let mut named = match alike {
            Some(place) => there.remove(place).1,
            None => {
                let free = next.by_ref().map(|n| format!("block-{n}")).find(|id| ids.insert(id.clone()));
                let mut new = Named::default().with("id", raw(&free));
                new.set("name", raw(&name_of(block)));
                new
            }
        };
        say(&mut named, block);
        named
    });
    made.collect()
}

/// What a new block is called among properties, all of which have a name.
fn name_of(block: &Block) -> &'static str {
    match block {
        Block::PageBreak { .. } => "Page break",
        Block::Text(_) => "Text",
        Block::Divider => "Divider",
    }
}

/// Makes a block say this.
fn say(named: &mut Named, block: &Block) {
    match block {
        Block::PageBreak { next, back } => {
            named.set("type", raw(&"nf-page-break"));
            named.set("next_btn_text", raw(next));
            named.set("previous_btn_text", raw(back));
        }
        Block::Text(lines) => {
            named.set("type", raw(&"nf-text"));
            named.set("content", raw(&html(lines)));
        }
        Block::Divider => named.set("type", raw(&"nf-divider")),
    }
}

/// Lines as clients write them.
fn html(lines: &[String]) -> String {
    let escaped = |line: &String| line.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    lines.iter().flat_map(|line| ["<p>".to_owned(), escaped(line), "</p>".to_owned()]).collect()
}
