//! Every rule, by an input that breaks it and the field that is named.

use crate::{
    AccountId, Answer, Choice, Chosen, Form, FormId, FormState, Item, ItemType, Status, Submission,
    SubmissionId, Timestamp,
};

fn item(id: &str, kind: ItemType) -> Item {
    let choices = if kind.has_choices() { vec![Choice { position: 0, label: "Yes".into() }] } else { vec![] };
    Item { choices, ..Item::plain(id, kind, format!("Question {id}")) }
}

fn parent(id: &str, kind: ItemType, children: Vec<Item>) -> Item {
    Item { children, ..item(id, kind) }
}

fn form(items: Vec<Item>) -> Form {
    let mut form = Form {
        id: FormId(1),
        account_id: AccountId(1),
        shortname: "form_6Ven2v7O".into(),
        directory: "form123".into(),
        slug: "customer-survey".into(),
        name: "Customer Survey".into(),
        description: None,
        state: FormState::Open,
        timezone: None,
        partial: false,
        items,
        slots: vec![],
    };
    form.assign_slots(&[]);
    form
}

fn field_of(form: &Form) -> String {
    form.check().expect_err("the form is not valid").field
}

#[test]
fn names_are_checked() {
    let good = form(vec![item("1", ItemType::Text)]);
    assert_eq!(good.check(), Ok(()));
    assert_eq!(field_of(&Form { id: FormId(0), ..good.clone() }), "id");
    assert_eq!(field_of(&Form { id: FormId(1 << 31), ..good.clone() }), "id");
    assert_eq!(field_of(&Form { shortname: "form_short".into(), ..good.clone() }), "shortname");
    assert_eq!(field_of(&Form { directory: "a/b".into(), ..good.clone() }), "directory");
    assert_eq!(field_of(&Form { slug: String::new(), ..good.clone() }), "slug");
    assert_eq!(field_of(&Form { timezone: Some("Mars/Base".into()), ..good }), "timezone");
}

#[test]
fn the_item_tree_is_checked() {
    let leaf = |id| item(id, ItemType::Radio);
    let rows = |id, row| parent(id, ItemType::MatrixChoice, vec![leaf(row)]);
    assert_eq!(form(vec![parent("1", ItemType::MultiScale, vec![rows("1-0", "1-0-0")])]).check(), Ok(()));
    assert_eq!(field_of(&form(vec![item("x", ItemType::Text)])), "items[0].id");
    assert_eq!(field_of(&form(vec![leaf("1"), leaf("1")])), "items[1].id");
    assert_eq!(field_of(&form(vec![Item { label: " ".into(), ..leaf("1") }])), "items[0].label");
    assert_eq!(field_of(&form(vec![item("1", ItemType::List)])), "items[0].children");
    assert_eq!(field_of(&form(vec![parent("1", ItemType::Text, vec![leaf("1-0")])])), "items[0].children");
    let too_deep = parent(
        "1",
        ItemType::MultiScale,
        vec![parent("1-0", ItemType::List, vec![rows("1-0-0", "1-0-0-0")])],
    );
    assert_eq!(field_of(&form(vec![too_deep])), "items[0].children[0].children[0].children");
    let twice = vec![Choice { position: 0, label: "A".into() }, Choice { position: 0, label: "B".into() }];
    assert_eq!(field_of(&form(vec![Item { choices: twice, ..leaf("1") }])), "items[0].choices[1].position");
}

fn faults(item: Item, status: Status, answer: Option<Answer>) -> Vec<String> {
    let form = form(vec![item]);
    let submission = Submission {
        id: SubmissionId(1),
        status,
        date_start: None,
        date_finish: None,
        date_update: Timestamp::from_micros(0).unwrap(),
        login_email: None,
        login_username: None,
        payment_amount: None,
        payment_status: None,
        user_browser: None,
        user_ip: None,
        user_device: None,
        user_referrer: None,
        profile: None,
        answers: vec![answer],
    };
    form.check_answers(&submission).into_iter().map(|fault| fault.to_string()).collect()
}

#[test]
fn only_some_forms_take_unfinished_submissions() {
    for (partial, status, is_fine) in [
        (false, Status::Complete, true),
        (false, Status::Incomplete, false),
        (true, Status::Complete, true),
        (true, Status::Incomplete, true),
    ] {
        let form = Form { partial, ..form(vec![]) };
        assert_eq!(form.check_status(status).is_ok(), is_fine, "{partial} {status:?}");
    }
}

#[test]
fn new_answers_are_checked() {
    let text = |text: &str| Some(Answer::Text(text.into()));
    let chosen = |position, other: Option<&str>| Chosen { position, other: other.map(str::to_owned) };
    let required = Item { required: true, ..item("1", ItemType::Text) };
    assert_eq!(faults(required.clone(), Status::Complete, None), ["answers.1: is required"]);
    assert_eq!(faults(required.clone(), Status::Complete, text("")), ["answers.1: is required"]);
    assert_eq!(faults(required, Status::Incomplete, None), [""; 0]);
    assert_eq!(faults(item("1", ItemType::Number), Status::Complete, text("12.50")), [""; 0]);
    assert_eq!(
        faults(item("1", ItemType::Number), Status::Complete, text("1e5")),
        ["answers.1: is not a decimal number"]
    );
    assert_eq!(
        faults(item("1", ItemType::Date), Status::Complete, text("2026-02-30")),
        ["answers.1: is not a date of the form YYYY-MM-DD"]
    );
    assert_eq!(
        faults(item("1", ItemType::Email), Status::Complete, text("nobody")),
        ["answers.1: is not an e-mail address"]
    );
    let radio = || item("1", ItemType::Radio);
    assert_eq!(
        faults(radio(), Status::Complete, Some(Answer::Choices(vec![chosen(7, None)]))),
        ["answers.1[0].position: 7 is no choice of the item"]
    );
    assert_eq!(
        faults(radio(), Status::Complete, Some(Answer::Choices(vec![chosen(0, Some("x"))]))),
        ["answers.1[0].other: is not allowed for this item"]
    );
    assert_eq!(
        faults(radio(), Status::Complete, Some(Answer::Choices(vec![chosen(0, None), chosen(0, None)]))),
        ["answers.1: takes one choice"]
    );
    let row = Item {
        columns: vec!["a".into(), "b".into()],
        ..parent("1", ItemType::MatrixText, vec![item("1-0", ItemType::Text)])
    };
    assert_eq!(
        faults(row, Status::Complete, Some(Answer::Texts(vec!["only one".into()]))),
        ["answers.1-0: has 1 texts for 2 columns"]
    );
}
