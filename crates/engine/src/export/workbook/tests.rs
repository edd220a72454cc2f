//! Where sheets end.

use super::*;
use crate::export::shape::ColumnOptions;
use crate::samples::form;
use bytes::Bytes;
use fillhouse_render::Section;
use std::io::{Cursor, Read as _};

fn of_rows(rows: &[i64]) -> Vec<BlockFacts> {
    rows.iter().map(|&rows| BlockFacts { rows, section: Section::default(), footer: Bytes::new() }).collect()
}

fn lengths(rows: &[i64]) -> Vec<usize> {
    sheets(&of_rows(rows)).iter().map(|sheet| sheet.len()).collect()
}

#[test]
fn a_sheet_ends_where_the_next_block_would_be_too_much() {
    assert_eq!(lengths(&[]), [0]);
    assert_eq!(lengths(&[8192]), [1]);
    assert_eq!(lengths(&[MOST_ROWS]), [1]);
    assert_eq!(lengths(&[MOST_ROWS, 1]), [1, 1]);
    assert_eq!(lengths(&[8192; 127]), [127]);
    assert_eq!(lengths(&[8192; 300]), [127, 127, 46]);
}

#[test]
fn a_workbook_has_a_sheet_for_every_million_rows() {
    let layout = ColumnOptions::default().sheet(&form()).unwrap();
    let row = b"<row><c><v>7</v></c></row>\n";
    let mut block = Vec::new();
    let section = Deflater::new().block(&row.repeat(8192), &mut block);
    let blocks = vec![BlockFacts { rows: 8192, section, footer: Bytes::new() }; 130];
    let around = around(&layout, &blocks, Timestamp::from_micros(0).unwrap());
    let mut file = around.head.clone();
    for n in 0..blocks.len() {
        if n > 0 {
            file.extend(Break::before(n, &around.breaks, &around.joint));
        }
        file.extend(&block);
    }
    file.extend(&around.tail);
    let mut zip = zip::ZipArchive::new(Cursor::new(file)).unwrap();
    for (number, rows) in [(1, 127 * 8192), (2, 3 * 8192)] {
        let mut xml = String::new();
        zip.by_name(&sheet_path(number)).unwrap().read_to_string(&mut xml).unwrap();
        assert_eq!(xml.matches("<row>").count(), rows + 1, "with the header");
        assert!(xml.ends_with(&format!("{}\"/></worksheet>", rows + 1)));
    }
    let mut relations = String::new();
    zip.by_name("xl/workbook.xml").unwrap().read_to_string(&mut relations).unwrap();
    assert!(relations.contains("<sheet name=\"Submissions 2\" sheetId=\"2\" r:id=\"rId2\"/>"));
}
