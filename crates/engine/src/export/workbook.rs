//! What is around the blocks of a workbook: the small entries of its ZIP file, and a sheet's end and the next one's begin
//! where a sheet is full.
//!
//! Guarantees: no sheet has more rows than a spreadsheet takes, and no block is left out.
//!
//! Must not know: where the blocks are, or what is in them.

use super::frame::{BlockFacts, Envelope};
use fillhouse_model::Timestamp;
use fillhouse_render::Deflater;
use fillhouse_render::deflate::FINAL;
use fillhouse_render::xlsx::{MOST_ROWS, SheetLayout, package, sheet_path};
use fillhouse_render::zip::{Directory, Entry};
use fillhouse_store::Break;

/// What is around these blocks.
pub(super) fn around(layout: &SheetLayout, blocks: &[BlockFacts], modified: Timestamp) -> Envelope {
    let sheets = sheets(blocks);
    let (mut deflater, mut directory) = (Deflater::new(), Directory::default());
    let mut pack = |raw: &[u8]| {
        let mut bytes = Vec::new();
        let section = deflater.block(raw, &mut bytes);
        (bytes, section)
    };
    let mut envelope = Envelope::default();
    for (name, content) in package(sheets.len()) {
        let (bytes, section) = pack(content.as_bytes());
        envelope.head.extend(directory.begin(&Entry { name: name.to_owned(), modified, section }));
        envelope.head.extend(bytes);
        envelope.head.extend(FINAL);
    }
    let mut part = 0;
    for (n, sheet) in sheets.iter().enumerate() {
        let (head, header) = pack(&layout.head(n == 0));
        let (foot, footer) = pack(&layout.foot(sheet.iter().map(|block| block.rows).sum()));
        let section = sheet.iter().fold(header, |before, block| before.then(block.section)).then(footer);
        let start = directory.begin(&Entry { name: sheet_path(n + 1), modified, section });
        // What ends the sheet before stands before what begins this one.
        let mut bytes = std::mem::take(&mut envelope.tail);
        bytes.extend(start);
        bytes.extend(head);
        if n == 0 {
            envelope.head.extend(bytes);
        } else {
            envelope.breaks.push(Break { part, bytes });
        }
        envelope.tail = [&*foot, &FINAL].concat();
        part += sheet.len();
    }
    envelope.tail.extend(directory.end());
    envelope
}

/// The blocks of each sheet: a new one begins where the next block would make one too long.
fn sheets(blocks: &[BlockFacts]) -> Vec<&[BlockFacts]> {
    let (mut sheets, mut start, mut rows) = (Vec::new(), 0, 0);
    for (n, block) in blocks.iter().enumerate() {
        if rows + block.rows > MOST_ROWS {
            sheets.push(&blocks[start..n]);
            (start, rows) = (n, 0);
        }
        rows += block.rows;
    }
    sheets.push(&blocks[start..]);
    sheets
}

#[cfg(test)]
mod tests;
