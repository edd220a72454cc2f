//! Parts put together, read back by the reader of rows of the `parquet` crate, which shares no offsets with the writer.

use super::*;
use crate::csv::HeaderNames;
use crate::samples::{choice_item, form, instant, item, submission};
use bytes::Bytes;
use fillhouse_model::row::{Malformed, Row, encode};
use fillhouse_model::{Answer, Chosen, Form, ItemType, Submission};
use parquet::basic::Encoding;
use parquet::file::metadata::ColumnChunkMetaData;
use parquet::file::reader::{FileReader as _, SerializedFileReader};
use parquet::record::Field;
use proptest::prelude::*;

fn columns(form: &Form, names: &[&str]) -> Columns {
    let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
    Columns::new(form, HeaderNames::Labels, Some(&names)).unwrap()
}

fn part(columns: &Columns, submissions: &[Submission]) -> Vec<u8> {
    let (mut groups, mut part) = (Groups::new(columns), Vec::new());
    for submission in submissions {
        groups.put(&Row::read(&encode(submission)).unwrap()).unwrap();
        groups.take(&mut part);
    }
    groups.finish();
    groups.take(&mut part);
    part
}

fn file(columns: &Columns, parts: &[Vec<u8>]) -> SerializedFileReader<Bytes> {
    let footers = parts.iter().map(|part| (footer_of(part), part.len() as u64));
    let tail = columns.tail(footers).unwrap();
    let file = [HEAD.to_vec(), parts.concat(), tail].concat();
    SerializedFileReader::new(Bytes::from(file)).unwrap()
}

/// Of each row, its columns by name and what is in them.
fn rows(reader: &SerializedFileReader<Bytes>) -> Vec<Vec<(String, Field)>> {
    let row = |row: parquet::record::Row| {
        row.get_column_iter().map(|(name, field)| (name.clone(), field.clone())).collect()
    };
    reader.get_row_iter(None).unwrap().map(|found| row(found.unwrap())).collect()
}

fn text(text: &str) -> Option<Answer> {
    Some(text).map(|text| Answer::Text(text.into()))
}

#[test]
fn what_is_gone_has_its_id_and_says_so() {
    let form = form(vec![item("1", ItemType::Number, "Age")]);
    let columns = columns(&form, &["result_status", "date_update", "1", "id"]);
    let (mut groups, mut part) = (Groups::new(&columns), Vec::new());
    groups.put_deleted(9);
    groups.put(&Row::read(&encode(&submission(vec![text("5")]))).unwrap()).unwrap();
    groups.put_deleted(11);
    groups.finish();
    groups.take(&mut part);
    let read = rows(&file(&columns, &[part]));
    let of = |row: &[(String, Field)]| row.iter().map(|(_, field)| field.clone()).collect::<Vec<_>>();
    let gone =
        |id| vec![Field::Str("Deleted".into()), Field::Null, Field::Null, Field::Null, Field::Long(id)];
    assert_eq!([of(&read[0]), of(&read[2])], [gone(9), gone(11)]);
    assert_eq!(of(&read[1])[2], Field::Double(5.0));
}

#[test]
fn a_column_is_coded_as_its_values_are() {
    let form = form(vec![
        choice_item("1", ItemType::Radio, &[(0, "A"), (1, "B")]),
        item("2", ItemType::Text, "Name"),
        item("3", ItemType::Number, "Age"),
    ]);
    let columns = columns(&form, &["id", "date_update", "1", "2", "3", "user_browser", "user_ip"]);
    let some = submission(vec![None, text("Ada"), text("36")]);
    let reader = file(&columns, &[part(&columns, &[some.clone(), some])]);
    let coded = |column: &ColumnChunkMetaData| {
        let by_difference = column.encodings().any(|encoding| encoding == Encoding::DELTA_BINARY_PACKED);
        (column.column_path().string(), by_difference, column.dictionary_page_offset().is_some())
    };
    let expected = [
        ("id", true, false),
        ("date_update", true, false),
        ("Choose", false, true),
        ("Name", false, false),
        ("Age", false, true),
        ("Age (text)", false, true),
        ("user_browser", false, true),
        ("user_ip", false, false),
    ];
    let found: Vec<_> = reader.metadata().row_group(0).columns().iter().map(coded).collect();
    assert_eq!(
        found,
        expected.map(|(name, by_difference, has_dictionary)| (
            name.to_owned(),
            by_difference,
            has_dictionary
        ))
    );
}

#[test]
fn columns_are_of_their_types() {
    let form = form(vec![
        item("1", ItemType::Number, "Age"),
        item("2", ItemType::Date, "Day"),
        choice_item("3", ItemType::Checkbox, &[(0, "A"), (1, "B")]),
        item("4", ItemType::Text, "Age (text)"),
    ]);
    let columns = columns(&form, &["id", "date_update", "date_start", "1", "2", "3", "4", "payment_amount"]);
    let both = [0, 1].map(|position| Chosen { position, other: None });
    let full = Submission {
        date_update: instant("2026-04-01T18:00:01.000002Z"),
        payment_amount: Some("12.50".into()),
        ..submission(vec![text("-1.5"), text("2026-04-01"), Some(Answer::Choices(both.into())), text("")])
    };
    let odd = submission(vec![text("007"), text("soon")]);
    let read = rows(&file(&columns, &[part(&columns, &[full, odd])]));
    let string = |text: &str| Field::Str(text.into());
    let expected = [
        ("id", Field::Long(7), Field::Long(7)),
        ("date_update", Field::TimestampMicros(1_775_066_401_000_002), Field::TimestampMicros(0)),
        ("date_start", Field::Null, Field::Null),
        ("Age", Field::Double(-1.5), Field::Null),
        ("Age (text) (text)", Field::Null, string("007")),
        ("Day", Field::Date(20_544), Field::Null),
        ("Day (text)", Field::Null, string("soon")),
        ("Choose", string("A | B"), Field::Null),
        ("Age (text)", string(""), Field::Null),
        ("payment_amount", Field::Double(12.5), Field::Null),
        ("payment_amount (text)", Field::Null, Field::Null),
    ];
    for (n, (name, first, second)) in expected.into_iter().enumerate() {
        assert_eq!([&read[0][n], &read[1][n]], [&(name.to_owned(), first), &(name.to_owned(), second)]);
    }
}

#[test]
fn a_file_of_no_parts_has_columns_and_no_rows() {
    let columns = columns(&form(vec![]), &["id"]);
    let reader = file(&columns, &[]);
    assert_eq!(reader.metadata().num_row_groups(), 0);
    assert_eq!(reader.metadata().file_metadata().schema_descr().num_columns(), 1);
}

#[test]
fn a_part_of_many_bytes_has_several_row_groups() {
    let form = form(vec![item("1", ItemType::LongText, "Story")]);
    let columns = columns(&form, &["id", "1"]);
    // Half a megabyte each, and every one another.
    let letter = |n: u32, place: u32| char::from_digit(((place * 7_919) ^ (n * 104_729)) % 36, 36).unwrap();
    let story = |n: u32| (0..480_000).map(|place| letter(n, place)).collect();
    let stories: Vec<String> = (0..130).map(story).collect();
    let submissions: Vec<Submission> = stories.iter().map(|story| submission(vec![text(story)])).collect();
    let parts = [part(&columns, &submissions[..100]), part(&columns, &submissions[100..])];
    let reader = file(&columns, &parts);
    assert_eq!(reader.metadata().num_row_groups(), 3);
    let read = rows(&reader);
    assert_eq!(read.len(), stories.len());
    for (row, story) in read.iter().zip(&stories) {
        assert!(row[1].1 == Field::Str(story.clone()));
    }
}

#[test]
fn a_row_that_is_malformed_is_refused() {
    let form = form(vec![choice_item("1", ItemType::Radio, &[(0, "Yes")])]);
    let row = encode(&submission(vec![text("\u{80}")]));
    let put = Groups::new(&columns(&form, &["1"])).put(&Row::read(&row).unwrap());
    assert_eq!(put, Err(Malformed));
}

#[test]
fn a_footer_that_is_none_is_refused() {
    let columns = columns(&form(vec![]), &["id"]);
    for footer in [&b""[..], b"PAR1", b"\xff\xff\xff\xffPAR1", &[0x19; 40]] {
        columns.tail([(footer, 100)].into_iter()).unwrap_err();
        assert_eq!(footer_of(footer), b"");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// However submissions are cut into parts, the file has all of them, in order.
    #[test]
    fn a_reader_gets_back_every_row(
        parts in prop::collection::vec(prop::collection::vec((any::<Option<String>>(), "[0-9.-]{0,4}"), 1..5), 0..5),
    ) {
        let form = form(vec![item("1", ItemType::Text, "Name"), item("2", ItemType::Number, "Age")]);
        let columns = columns(&form, &["2", "1"]);
        let parts_of = |answers: &Vec<(Option<String>, String)>| {
            let submissions: Vec<Submission> = answers
                .iter()
                .map(|(name, age)| submission(vec![name.clone().map(Answer::Text), text(age)]))
                .collect();
            part(&columns, &submissions)
        };
        let all: Vec<Vec<u8>> = parts.iter().map(parts_of).collect();
        let again: Vec<Vec<u8>> = parts.iter().map(parts_of).collect();
        prop_assert_eq!(&all, &again);
        let reader = file(&columns, &all);
        prop_assert_eq!(reader.metadata().num_row_groups(), parts.len());
        let read = rows(&reader);
        let expected: Vec<(Option<String>, String)> = parts.into_iter().flatten().collect();
        prop_assert_eq!(read.len(), expected.len());
        for (row, (name, age)) in read.into_iter().zip(expected) {
            prop_assert_eq!(&row[2].1, &name.map_or(Field::Null, Field::Str));
            match (&row[0].1, &row[1].1) {
                (Field::Double(number), Field::Null) => {
                    prop_assert_eq!(number.to_bits(), age.parse::<f64>().unwrap().to_bits());
                },
                (Field::Null, Field::Str(text)) => prop_assert_eq!(text, &age),
                other => prop_assert!(false, "{:?}", other),
            }
        }
    }
}
