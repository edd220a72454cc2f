//! What columns are called, and what a rendition depends on, by example.

use super::*;
use crate::csv::{Delimiter, Eol, Formulas};
use crate::samples::{choice_item, form, group, item};
use fillhouse_model::Item;
use proptest::prelude::*;
use std::collections::HashSet;

/// The names of the columns of answers.
fn names(items: Vec<Item>) -> Vec<String> {
    let layout = Layout::new(&form(items), CsvOptions::default());
    layout.names()[META_NAMES.len()..].to_vec()
}

fn text(id: &str, label: &str) -> Item {
    item(id, ItemType::Text, label)
}

#[test]
fn a_column_is_called_what_its_leaf_and_those_above_it_are() {
    let rows = |id: &str| vec![choice_item(&format!("{id}-0"), ItemType::Radio, &[(0, "Good")])];
    let scales = vec![
        group("3-0", ItemType::MatrixChoice, "Speed", rows("3-0")),
        group("3-1", ItemType::MatrixChoice, "Price", rows("3-1")),
    ];
    let named = names(vec![
        text("1", "Name"),
        group("2", ItemType::MatrixChoice, "Rate", rows("2")),
        group("3", ItemType::MultiScale, "Compare", scales),
    ]);
    let expected = ["Name", "Rate: Choose", "Compare: Speed: Choose", "Compare: Price: Choose"];
    assert_eq!(named, expected);
}

#[test]
fn labels_that_are_equal_get_their_ids_all_of_them() {
    let named = names(vec![text("1", "A"), text("2", "B"), text("3", "A")]);
    assert_eq!(named, ["A (1)", "B", "A (3)"]);
    assert_eq!(names(vec![text("1", "user_ip"), text("2", "User_ip")]), ["user_ip (1)", "User_ip"]);
    // Also those that are equal only because another one got its id.
    let named = names(vec![text("1", "A"), text("2", "A"), text("3", "A (2)")]);
    assert_eq!(named, ["A (1)", "A (2)", "A (2) (3)"]);
    let child = vec![text("1-0", "B")];
    let named = names(vec![group("1", ItemType::List, "A", child), text("2", "A: B")]);
    assert_eq!(named, ["A: B (1-0)", "A: B (2)"]);
}

#[test]
fn ids_can_be_the_names() {
    let options = CsvOptions { header: HeaderNames::Ids, ..CsvOptions::default() };
    let items = vec![text("1", "A"), group("2", ItemType::List, "A", vec![text("2-0", "B")])];
    let layout = Layout::new(&form(items), options);
    assert_eq!(layout.names()[META_NAMES.len()..], ["1", "2-0"]);
}

proptest! {
    #[test]
    fn no_two_columns_have_one_name(
        labels in prop::collection::vec("(A|B|id|db_id)( \\([1-4]\\)){0,2}", 1..12)
    ) {
        let items = labels.iter().enumerate().map(|(n, label)| text(&(n + 1).to_string(), label)).collect();
        let layout = Layout::new(&form(items), CsvOptions::default());
        let distinct: HashSet<_> = layout.names().iter().collect();
        prop_assert_eq!(distinct.len(), META_NAMES.len() + labels.len());
    }
}

fn fingerprint(items: Vec<Item>, options: CsvOptions) -> Vec<u8> {
    Layout::new(&form(items), options).fingerprint_source()
}

/// A form whose fingerprint the tests below change.
fn survey() -> Vec<Item> {
    vec![text("1", "Name"), choice_item("2", ItemType::Radio, &[(0, "Yes"), (1, "No")])]
}

#[test]
fn what_only_the_header_shows_is_not_in_the_fingerprint() {
    let plain = CsvOptions::default();
    let before = fingerprint(survey(), plain);
    let mut renamed = survey();
    renamed[0].label = "Your name".into();
    renamed[1].choices.reverse();
    assert_eq!(before, fingerprint(renamed, plain), "labels of items");
    let with_bom = CsvOptions { bom: true, ..plain };
    let with_ids = CsvOptions { header: HeaderNames::Ids, ..plain };
    assert_eq!(before, fingerprint(survey(), with_bom));
    assert_eq!(before, fingerprint(survey(), with_ids));
}

#[test]
fn everything_that_a_row_depends_on_is_in_the_fingerprint() {
    let plain = CsvOptions::default();
    let choices =
        |choices: &[(u32, &str)]| vec![text("1", "Name"), choice_item("2", ItemType::Radio, choices)];
    let mut phone = survey();
    phone[0].kind = ItemType::Phone;
    let mut moved = form(survey());
    moved.slots.swap(0, 1);
    let escape = CsvOptions { formulas: Formulas::Escape, ..plain };
    let all = [
        fingerprint(survey(), plain),
        fingerprint(choices(&[(0, "Yes"), (1, "Nein")]), plain),
        fingerprint(choices(&[(0, "Yes"), (2, "No")]), plain),
        fingerprint(choices(&[(0, "Yes")]), plain),
        fingerprint(survey()[..1].to_vec(), plain),
        Layout::new(&moved, plain).fingerprint_source(),
        fingerprint(vec![text("1", "Name"), item("2", ItemType::File, "Choose")], plain),
        fingerprint(survey(), escape),
        fingerprint(phone, escape),
        fingerprint(survey(), CsvOptions { eol: Eol::CrLf, ..plain }),
        fingerprint(survey(), CsvOptions { delimiter: Delimiter::Semicolon, ..plain }),
    ];
    let distinct: HashSet<_> = all.iter().collect();
    assert_eq!(distinct.len(), all.len(), "{all:?}");
}

fn chosen(columns: &[&str]) -> Result<Layout, Fault> {
    let columns: Vec<String> = columns.iter().map(|column| (*column).to_owned()).collect();
    Layout::of_columns(&form(survey()), CsvOptions::default(), &columns)
}

#[test]
fn columns_can_be_chosen_by_name_or_item_id_in_any_order() {
    assert_eq!(
        chosen(&["2", "profile_id", "id", "1"]).unwrap().names(),
        ["Choose", "profile_id", "id", "Name"]
    );
    let refused = |columns: &[&str]| chosen(columns).unwrap_err().to_string();
    assert_eq!(refused(&["id", "3"]), "columns[1]: is no column of the form");
    assert_eq!(refused(&["Name"]), "columns[0]: is no column of the form");
    assert_eq!(refused(&["1", "id", "1"]), "columns[2]: is there twice");
    assert_eq!(refused(&[]), "columns: is empty");
}

#[test]
fn what_was_chosen_is_in_the_fingerprint() {
    let whole: Vec<&str> = META_NAMES.into_iter().chain(["1", "2"]).collect();
    let all = [
        Layout::new(&form(survey()), CsvOptions::default()).fingerprint_source(),
        chosen(&whole).unwrap().fingerprint_source(),
        chosen(&["id"]).unwrap().fingerprint_source(),
        chosen(&["date_start"]).unwrap().fingerprint_source(),
        chosen(&["1"]).unwrap().fingerprint_source(),
        chosen(&["1", "2"]).unwrap().fingerprint_source(),
        chosen(&["2", "1"]).unwrap().fingerprint_source(),
    ];
    let distinct: HashSet<_> = all.iter().collect();
    assert_eq!(distinct.len(), all.len(), "{all:?}");
}

#[test]
fn a_layout_can_be_shared_by_threads() {
    fn is_shared<T: Send + Sync + 'static>() {}
    is_shared::<Layout>();
}
