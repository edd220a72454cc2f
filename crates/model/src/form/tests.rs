//! What leaves and slots are, by example.

use super::*;

pub(super) fn item(id: &str, kind: ItemType, children: Vec<Item>) -> Item {
    Item { children, ..Item::plain(id, kind, format!("label of {id}")) }
}

fn form(items: Vec<Item>) -> Form {
    Form {
        id: FormId(1),
        account_id: AccountId(1),
        shortname: "form_00000000".into(),
        directory: "form1".into(),
        slug: "form-1".into(),
        name: "Form".into(),
        description: None,
        state: FormState::Open,
        timezone: None,
        partial: false,
        items,
        slots: Vec::new(),
    }
}

fn slots(form: &Form) -> Vec<(&str, AnswerKind, usize)> {
    form.leaves().iter().map(|leaf| (leaf.item.id.as_str(), leaf.kind, leaf.slot)).collect()
}

#[test]
fn leaves_come_in_form_order_and_share_their_parents_position() {
    let scale =
        |id: &str, row: &str| item(id, ItemType::MatrixChoice, vec![item(row, ItemType::Radio, vec![])]);
    let mut form = form(vec![
        item("1", ItemType::Text, vec![]),
        item("2", ItemType::MultiScale, vec![scale("2-0", "2-0-0"), scale("2-1", "2-1-0")]),
        item("3", ItemType::MatrixText, vec![item("3-0", ItemType::Text, vec![])]),
        item("4", ItemType::File, vec![]),
    ]);
    form.assign_slots(&[]);
    let seen: Vec<_> =
        form.leaves().iter().map(|leaf| (leaf.item.id.clone(), leaf.kind, leaf.position)).collect();
    let expected = [
        ("1", AnswerKind::Text, 0),
        ("2-0-0", AnswerKind::Choices, 1),
        ("2-1-0", AnswerKind::Choices, 1),
        ("3-0", AnswerKind::Texts, 2),
        ("4", AnswerKind::Files, 3),
    ];
    assert_eq!(seen, expected.map(|(id, kind, position)| (id.to_owned(), kind, position)));
}

#[test]
fn a_slot_stays_with_its_leaf_whatever_becomes_of_the_form() {
    let mut first = form(vec![item("1", ItemType::Text, vec![]), item("2", ItemType::Text, vec![])]);
    first.assign_slots(&[]);
    let mut second = form(vec![item("3", ItemType::Text, vec![]), item("2", ItemType::Radio, vec![])]);
    second.assign_slots(&first.slots);
    assert_eq!(slots(&second), [("3", AnswerKind::Text, 2), ("2", AnswerKind::Choices, 3)]);
    let mut third = form(vec![item("1", ItemType::Text, vec![])]);
    third.assign_slots(&second.slots);
    assert_eq!(slots(&third), [("1", AnswerKind::Text, 0)]);
    assert_eq!(third.slots.len(), 4);
}
