//! Sheets by example, and that an independent reader of XML and ZIP gets back every cell.

use super::cell::is_number;
use super::*;
use crate::csv::HeaderNames;
use crate::deflate::{Deflater, FINAL};
use crate::samples::{choice_item, form, instant, item, submission};
use crate::zip::{Directory, Entry};
use fillhouse_model::row::{Row, encode};
use fillhouse_model::{Answer, Chosen, Form, ItemType, Submission};
use proptest::prelude::*;
use quick_xml::events::Event;
use std::io::{Cursor, Read as _};

fn layout(form: &Form, columns: &[&str]) -> SheetLayout {
    let columns: Vec<String> = columns.iter().map(|column| (*column).to_owned()).collect();
    SheetLayout::new(form, HeaderNames::Labels, Some(&columns)).unwrap()
}

fn rows(layout: &SheetLayout, submissions: &[Submission]) -> Vec<u8> {
    let (mut writer, mut out) = (SheetWriter::new(layout), Vec::new());
    for submission in submissions {
        writer.write(&Row::read(&encode(submission)).unwrap(), &mut out).unwrap();
    }
    out
}

/// A workbook of one sheet, as a file.
fn workbook(layout: &SheetLayout, rows: &[u8], count: i64) -> Vec<u8> {
    let (mut deflater, mut directory, mut file) = (Deflater::new(), Directory::default(), Vec::new());
    let mut add = |name: &str, pieces: &[&[u8]]| {
        let (mut bytes, mut section) = (Vec::new(), crate::Section::default());
        for piece in pieces {
            section = section.then(deflater.block(piece, &mut bytes));
        }
        let modified = instant("2026-04-01T09:00:00Z");
        file.extend(directory.begin(&Entry { name: name.to_owned(), modified, section }));
        file.extend(bytes);
        file.extend(FINAL);
    };
    for (name, content) in package(1) {
        add(name, &[content.as_bytes()]);
    }
    add(&sheet_path(1), &[&layout.head(true), rows, &layout.foot(count)]);
    let end = directory.end();
    file.extend(end);
    file
}

/// What a reader of XML finds in the rows of a sheet: of each cell its attributes and its text, unescaped as spreadsheets do.
fn cells(file: Vec<u8>) -> Vec<Vec<(String, String)>> {
    let mut archive = ::zip::ZipArchive::new(Cursor::new(file)).unwrap();
    let mut xml = String::new();
    archive.by_name("xl/worksheets/sheet1.xml").unwrap().read_to_string(&mut xml).unwrap();
    let mut reader = quick_xml::Reader::from_str(&xml);
    let (mut found, mut text): (Vec<Vec<(String, String)>>, _) = (Vec::new(), None::<String>);
    loop {
        match reader.read_event().unwrap() {
            Event::Start(tag) if tag.name().as_ref() == "row" => found.push(Vec::new()),
            Event::Start(tag) | Event::Empty(tag) if tag.name().as_ref() == "c" => {
                let attributes = tag.attributes_raw().to_owned();
                found.last_mut().unwrap().push((attributes.trim().to_owned(), String::new()));
            }
            Event::Start(tag) if ["t", "v"].contains(&tag.name().as_ref()) => text = Some(String::new()),
            Event::End(tag) if ["t", "v"].contains(&tag.name().as_ref()) => {
                found.last_mut().unwrap().last_mut().unwrap().1 = unescaped(&text.take().unwrap());
            }
            // As a reader of XML has to.
            Event::Text(piece) => {
                if let Some(text) = &mut text {
                    *text += &piece.xml10_content();
                }
            }
            Event::GeneralRef(name) => {
                let text = text.as_mut().unwrap();
                match name.resolve_char_ref().unwrap() {
                    Some(character) => text.push(character),
                    None => *text += quick_xml::escape::resolve_xml_entity(&name).unwrap(),
                }
            }
            Event::Eof => return found,
            _ => {}
        }
    }
}

/// 22.9.2.19
fn unescaped(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(character) = rest.chars().next() {
        let escape = rest.get(..7).filter(|escape| escape.starts_with("_x") && escape.ends_with('_'));
        match escape.and_then(|escape| u32::from_str_radix(&escape[2..6], 16).ok()).and_then(char::from_u32) {
            Some(escaped) => {
                out.push(escaped);
                rest = &rest[7..];
            }
            None => {
                out.push(character);
                rest = &rest[character.len_utf8()..];
            }
        }
    }
    out
}

#[expect(clippy::unnecessary_wraps, reason = "what was not answered is none")]
fn text(text: &str) -> Option<Answer> {
    Some(Answer::Text(text.into()))
}

#[test]
fn cells_are_what_their_items_are() {
    let form = form(vec![
        item("1", ItemType::Text, "Name"),
        item("2", ItemType::Number, "Age"),
        item("3", ItemType::Date, "Day"),
        choice_item("4", ItemType::Checkbox, &[(0, "A & B"), (1, "C")]),
    ]);
    let layout = layout(&form, &["id", "date_update", "1", "2", "login_email", "3", "4", "date_start"]);
    let both = vec![Chosen { position: 0, other: None }, Chosen { position: 1, other: Some("d".into()) }];
    let full = Submission {
        date_update: instant("2026-04-01T18:00:01Z"),
        ..submission(vec![text("<b>"), text("-12.50"), text("2026-04-01"), Some(Answer::Choices(both))])
    };
    let odd = Submission {
        date_update: instant("1899-12-31T00:00:00Z"),
        ..submission(vec![text(" 007\t"), text("007"), text("1850-01-01")])
    };
    let xml = String::from_utf8(rows(&layout, &[full, odd])).unwrap();
    let expected = concat!(
        "<row><c><v>7</v></c><c s=\"2\"><v>46113.7500115741</v></c><c t=\"inlineStr\"><is><t>&lt;b&gt;</t></is></c>",
        "<c><v>-12.50</v></c><c/><c s=\"3\"><v>46113</v></c>",
        "<c t=\"inlineStr\"><is><t>A &amp; B | C: d</t></is></c></row>\n",
        "<row><c><v>7</v></c><c t=\"inlineStr\"><is><t>1899-12-31T00:00:00Z</t></is></c>",
        "<c t=\"inlineStr\"><is><t xml:space=\"preserve\"> 007\t</t></is></c>",
        "<c t=\"inlineStr\"><is><t>007</t></is></c><c/><c t=\"inlineStr\"><is><t>1850-01-01</t></is></c></row>\n",
    );
    assert_eq!(xml, expected);
}

#[test]
fn a_number_is_one_only_where_nothing_is_lost() {
    for number in ["0", "-1", "12.50", "0.001", "123456789012345"] {
        assert!(is_number(number.as_bytes()), "{number}");
    }
    for text in
        ["", "-", "-0", "007", "+1", "1e5", ".5", "5.", "1,5", "1234567890123456", "1.000000000000000", "NaN"]
    {
        assert!(!is_number(text.as_bytes()), "{text}");
    }
}

#[test]
fn what_is_too_long_for_a_cell_goes_on_at_the_end_of_the_row() {
    let form = form(vec![item("1", ItemType::LongText, "Story"), item("2", ItemType::Text, "Name")]);
    let layout = layout(&form, &["1", "2", "login_email"]);
    // Two code units of UTF-16 each.
    let story: String = "🦀".repeat(40_000);
    let read = cells(workbook(&layout, &rows(&layout, &[submission(vec![text(&story), text("Ada")])]), 1));
    let row: Vec<&str> = read[1].iter().map(|(_, text)| text.as_str()).collect();
    assert_eq!(row[1..3], ["Ada", ""]);
    assert!(row.iter().all(|cell| cell.encode_utf16().count() <= 32_767));
    let first = row[0].strip_suffix(" [goes on at the end of the row]").unwrap();
    let (second, third) =
        (row[3].strip_prefix("[A, part 2] ").unwrap(), row[4].strip_prefix("[A, part 3] ").unwrap());
    assert_eq!([first, second, third].concat(), story);
    assert_eq!(row.len(), 5);
}

#[test]
fn a_row_that_is_malformed_leaves_nothing() {
    let form = form(vec![choice_item("1", ItemType::Radio, &[(0, "Yes")])]);
    let layout = layout(&form, &["id", "1"]);
    let row = encode(&submission(vec![text("\u{80}")]));
    let mut out = b"before".to_vec();
    SheetWriter::new(&layout).write(&Row::read(&row).unwrap(), &mut out).unwrap_err();
    assert_eq!(out, b"before");
}

#[test]
fn a_type_of_item_is_in_the_fingerprint() {
    let fingerprint = |kind| layout(&form(vec![item("1", kind, "Name")]), &["1"]).fingerprint_source();
    assert_ne!(fingerprint(ItemType::Text), fingerprint(ItemType::Number));
    assert_ne!(fingerprint(ItemType::Date), fingerprint(ItemType::Number));
}

proptest! {
    #[test]
    fn a_reader_gets_back_every_text(texts in prop::collection::vec(any_text(), 3..12)) {
        let form = form((0..3).map(|n| item(&n.to_string(), ItemType::Text, "L")).collect());
        let layout = layout(&form, &["0", "1", "2"]);
        let submissions: Vec<Submission> = texts
            .chunks_exact(3)
            .map(|texts| submission(texts.iter().map(|answer| text(answer)).collect()))
            .collect();
        let read = cells(workbook(&layout, &rows(&layout, &submissions), submissions.len() as i64));
        prop_assert_eq!(read.len(), submissions.len() + 1);
        for (row, texts) in read[1..].iter().zip(texts.chunks_exact(3)) {
            let mut row: Vec<&str> = row.iter().map(|(_, text)| text.as_str()).collect();
            row.resize(3, "");
            prop_assert_eq!(row, texts);
        }
    }

    #[test]
    fn rows_do_not_depend_on_their_place(one in any_text(), other in any_text()) {
        let form = form(vec![item("1", ItemType::Text, "L")]);
        let layout = layout(&form, &["1", "id"]);
        let submissions = [one, other].map(|answer| submission(vec![text(&answer)]));
        let apart: Vec<u8> = submissions.iter().flat_map(|one| rows(&layout, std::slice::from_ref(one))).collect();
        prop_assert_eq!(rows(&layout, &submissions), apart);
    }
}

/// Texts with what XML and spreadsheets treat apart in them.
fn any_text() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<String>(),
        "[ \t\r\n]{0,3}[a-z<>&\"'_\u{1}\u{1f}\u{feff}\u{fffe}\u{ffff}🦀]{0,10}[ \t\r\n]{0,3}",
        "(_x[0-9A-Fa-f]{4}_|_x|_|x){0,4}",
    ]
}
