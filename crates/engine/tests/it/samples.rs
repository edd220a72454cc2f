//! Accounts, forms and submissions to store: plain ones, that a test changes where it matters.
//!
//! Must not know: a database.

use crate::clock::instant;
use crate::house::{OTHER_SECRET, SECRET};
use fillhouse_engine::FormRef;
use fillhouse_engine::interchange::{Leaves, write_form, write_submission};
use fillhouse_model::{
    AccountId, Answer, Choice, Chosen, File, Form, FormId, FormState, Item, ItemType, Status, Submission,
    SubmissionId,
};

/// The account that the tests act for.
pub(crate) const ACCOUNT: AccountId = AccountId(1);
/// Its form.
pub(crate) const FORM: FormRef = FormRef::Id(FormId(7));

/// Two accounts, a user and a token each; the first in Berlin.
pub(crate) fn people() -> String {
    format!(
        r#"{{"kind":"account","id":1,"user_dir":"acme","name":"Acme","timezone":"Europe/Berlin"}}
{{"kind":"account","id":2,"user_dir":"globex","name":"Globex"}}
{{"kind":"user","id":11,"account_id":1,"email":"a@acme.example"}}
{{"kind":"user","id":21,"account_id":2,"email":"a@globex.example"}}
{{"kind":"token","account_id":1,"user_id":11,"name":"all","abilities":["*"],"secret":"{SECRET}"}}
{{"kind":"token","account_id":2,"user_id":21,"name":"all","abilities":["*"],"secret":"{OTHER_SECRET}"}}
"#
    )
}

/// [`people`], and the form 7 with one text, item 1.
pub(crate) fn small_house() -> String {
    people() + &form_line(&form(7, ACCOUNT, vec![item("1", ItemType::Text, "Name")]))
}

pub(crate) fn item(id: &str, kind: ItemType, label: &str) -> Item {
    Item::plain(id, kind, label)
}

pub(crate) fn required(item: Item) -> Item {
    Item { required: true, ..item }
}

/// An item with choices of these labels, from position 0.
pub(crate) fn choice_item(id: &str, kind: ItemType, label: &str, labels: &[&str]) -> Item {
    let choices = (0..).zip(labels).map(|(position, label)| Choice { position, label: (*label).into() });
    Item { choices: choices.collect(), allow_other: true, ..item(id, kind, label) }
}

/// A form with its slots assigned.
pub(crate) fn form(id: i64, account_id: AccountId, items: Vec<Item>) -> Form {
    let mut form = Form {
        id: FormId(id),
        account_id,
        shortname: format!("form_{id:08}"),
        directory: format!("form{id}"),
        slug: format!("form-{id}"),
        name: format!("Form {id}"),
        description: None,
        state: FormState::Open,
        timezone: None,
        partial: true,
        items,
        slots: Vec::new(),
    };
    form.assign_slots(&[]);
    form
}

pub(crate) fn form_line(form: &Form) -> String {
    let mut line = Vec::new();
    write_form(form, &mut line);
    String::from_utf8(line).unwrap()
}

/// The form 7 with an item of nearly every type.
pub(crate) fn survey() -> Form {
    let rows = (0..2)
        .map(|n| choice_item(&format!("14-{n}"), ItemType::Radio, &format!("Row {n}"), &["Bad", "Good"]));
    let grid = Item {
        columns: vec!["In".into(), "Out".into()],
        children: vec![item("15-0", ItemType::Text, "Monday")],
        ..item("15", ItemType::MatrixText, "Hours")
    };
    let items = vec![
        item("10", ItemType::Text, "Name"),
        choice_item("11", ItemType::Radio, "Colour", &["Red", "Green, mostly", "\"Blue\""]),
        choice_item("12", ItemType::Checkbox, "Pets", &["Cat", "Dog", "Fish"]),
        item("13", ItemType::File, "Papers"),
        Item { children: rows.collect(), ..item("14", ItemType::MatrixChoice, "Rate") },
        grid,
        item("16", ItemType::LongText, "Name"),
    ];
    form(7, ACCOUNT, items)
}

/// The `n`th of many submissions of [`survey`], each unlike the others; one in seven is not finished.
pub(crate) fn answered(n: i64) -> Submission {
    let names = ["Ada", "naïve, café", "two\nlines", "say \"hello\"", "", "Привет 👍🏽"];
    let name = names[usize::try_from(n).unwrap() % names.len()];
    let other = (n % 5 == 0).then(|| format!("other {n}"));
    let colour = Answer::Choices(vec![Chosen { position: u32::try_from(n % 3).unwrap(), other }]);
    let pets = (0..3).filter(|pet| n >> pet & 1 == 1).map(|position| Chosen { position, other: None });
    let file = |name: &str| File { name: name.into(), url: format!("https://files.example/{n}/{name}") };
    let good = Answer::Choices(vec![Chosen { position: 1, other: None }]);
    let is_finished = n % 7 != 6;
    Submission {
        status: if is_finished { Status::Complete } else { Status::Incomplete },
        date_finish: is_finished.then(|| instant("2026-05-01T00:00:00Z").plus_micros(n * 1_234_567)),
        user_ip: Some(format!("10.0.0.{}", n % 256)),
        payment_amount: (n % 4 == 0).then(|| "12.50".to_owned()),
        answers: vec![
            Some(Answer::Text(format!("{name}{n}"))),
            Some(colour),
            (n % 8 != 0).then(|| Answer::Choices(pets.collect())),
            (n % 6 == 1).then(|| Answer::Files(vec![file("a.pdf"), file("b.pdf")])),
            (n % 2 == 0).then(|| good.clone()),
            (n % 3 == 0).then_some(good),
            (n % 9 == 2).then(|| Answer::Texts(vec!["9".into(), format!("17:{:02}", n % 60)])),
            (!name.is_empty()).then(|| Answer::Text(name.into())),
        ],
        ..plain(n, "2026-05-02T00:00:00Z")
    }
}

/// A submission finished at an instant, with one text.
pub(crate) fn plain(n: i64, finished: &str) -> Submission {
    let date = instant(finished);
    Submission {
        id: SubmissionId(10_000_001 + n),
        status: Status::Complete,
        date_start: None,
        date_finish: Some(date),
        date_update: date,
        login_email: None,
        login_username: None,
        payment_amount: None,
        payment_status: None,
        user_browser: None,
        user_ip: None,
        user_device: None,
        user_referrer: None,
        profile: None,
        answers: vec![Some(Answer::Text(format!("answer {n}")))],
    }
}

/// A submission that is not finished, last changed at an instant.
pub(crate) fn unfinished(n: i64, updated: &str) -> Submission {
    Submission { status: Status::Incomplete, date_finish: None, ..plain(n, updated) }
}

/// The lines of submissions of a form.
pub(crate) fn lines<'a>(form: &Form, submissions: impl IntoIterator<Item = &'a Submission>) -> String {
    let leaves = Leaves::of(form);
    let mut lines = Vec::new();
    submissions.into_iter().for_each(|submission| write_submission(&leaves, submission, &mut lines));
    String::from_utf8(lines).unwrap()
}
