//! Forms, submissions and bytes for the tests of this crate.

use fillhouse_model::{
    AccountId, Answer, Choice, Form, FormId, FormState, Item, ItemType, Status, Submission, SubmissionId,
    Timestamp,
};
use proptest::prelude::*;

pub(crate) fn item(id: &str, kind: ItemType, label: &str) -> Item {
    Item { allow_other: true, ..Item::plain(id, kind, label) }
}

pub(crate) fn group(id: &str, kind: ItemType, label: &str, children: Vec<Item>) -> Item {
    Item { children, ..item(id, kind, label) }
}

/// An item with these choices, by position.
pub(crate) fn choice_item(id: &str, kind: ItemType, choices: &[(u32, &str)]) -> Item {
    let choice = |&(position, label): &(u32, &str)| Choice { position, label: label.into() };
    Item { choices: choices.iter().map(choice).collect(), ..item(id, kind, "Choose") }
}

pub(crate) fn form(items: Vec<Item>) -> Form {
    let mut form = Form {
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
    };
    form.assign_slots(&[]);
    form
}

/// Submission 7 of 1970, finished, from nobody in particular.
pub(crate) fn submission(answers: Vec<Option<Answer>>) -> Submission {
    Submission {
        id: SubmissionId(7),
        status: Status::Complete,
        date_start: None,
        date_finish: None,
        date_update: instant("1970-01-01T00:00:00Z"),
        login_email: None,
        login_username: None,
        payment_amount: None,
        payment_status: None,
        user_browser: None,
        user_ip: None,
        user_device: None,
        user_referrer: None,
        profile: None,
        answers,
    }
}

pub(crate) fn instant(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// Contents from what deflates to nearly nothing to what does not deflate at all.
pub(crate) fn any_block() -> impl Strategy<Value = Vec<u8>> {
    let repeated = (any::<Vec<u8>>(), 1_usize..300).prop_map(|(bytes, times)| bytes.repeat(times));
    prop_oneof![
        Just(Vec::new()),
        repeated,
        prop::collection::vec(any::<u8>(), 0..5000),
        "[a-e,\n]{0,3000}".prop_map(String::into_bytes),
    ]
}
