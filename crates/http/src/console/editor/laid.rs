//! What the editor's rows say of how a form is laid out: help, placeholders, and what stands between items.
//!
//! Guarantees: a layout that becomes rows, and rows a layout, is the same; where nothing is said, there is nothing.
//!
//! Must not know: where a layout is kept, or what a page looks like.

use super::rows::{self, Row};
use crate::layout::{Beside, Block, Layout};
use fillhouse_model::{Form, Item};

/// The rows of a form that is laid out so.
pub(super) fn rows_of(items: &[Item], layout: &Layout) -> Vec<Row> {
    let mut rows = Vec::new();
    for item in items {
        rows.extend(layout.before.get(&item.id).into_iter().flatten().map(row_of));
        rows.extend(rows::of_items(std::slice::from_ref(item)));
    }
    rows.extend(layout.last.iter().map(row_of));
    for row in &mut rows {
        if let Some(Beside { help, placeholder }) = layout.beside.get(&row.id) {
            row.help = help.join("\n");
            row.placeholder.clone_from(placeholder);
        }
    }
    rows
}

fn row_of(block: &Block) -> Row {
    let row = |kind: &str| Row { kind: kind.to_owned(), ..Row::default() };
    let word = |word: &Option<String>| word.clone().unwrap_or_default();
    match block {
        Block::PageBreak { next, back } => Row { next: word(next), back: word(back), ..row("page") },
        Block::Text(lines) => Row { label: lines.join("\n"), ..row("says") },
        Block::Divider => row("divider"),
    }
}

/// The layout of a form that was made of these rows.
pub(super) fn layout_of(rows: &[Row], form: &Form) -> Layout {
    let (mut layout, mut waiting) = (Layout::default(), Vec::new());
    // Each before those below it, as their rows are.
    let (items, mut n) = (Item::each(&form.items), 0);
    for row in rows {
        if row.block().is_some() {
            waiting.extend(block_of(row));
            continue;
        }
        let Some(item) = items.get(n) else { break };
        n += 1;
        if row.depth == 0 && !waiting.is_empty() {
            layout.before.insert(item.id.clone(), std::mem::take(&mut waiting));
        }
        let beside = Beside { help: lines(&row.help), placeholder: row.placeholder.trim().to_owned() };
        if beside != Beside::default() {
            layout.beside.insert(item.id.clone(), beside);
        }
    }
    layout.last = waiting;
    layout
}

/// What a row says that is no item; a text without a word says nothing.
fn block_of(row: &Row) -> Option<Block> {
    let word = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
    match row.kind.as_str() {
        "page" => Some(Block::PageBreak { next: word(&row.next), back: word(&row.back) }),
        "says" => Some(lines(&row.label)).filter(|lines| !lines.is_empty()).map(Block::Text),
        "divider" => Some(Block::Divider),
        _ => None,
    }
}

/// The lines of a text, without those that are empty.
fn lines(text: &str) -> Vec<String> {
    let lines = text.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "));
    lines.filter(|line| !line.is_empty()).collect()
}
