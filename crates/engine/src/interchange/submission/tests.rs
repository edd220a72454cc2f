//! The rules of a submission, imported or new, by what breaks them.

mod values;

use crate::interchange::{Leaves, Record, SubmissionDocument, read_object};
use fillhouse_model::{
    AccountId, Answer, Choice, Fault, Form, FormId, FormState, Item, ItemType, Status, Submission,
    SubmissionId, Timestamp,
};

fn item(id: &str, kind: ItemType, children: Vec<Item>) -> Item {
    let choices = vec![Choice { position: 0, label: "A".into() }];
    Item { required: true, choices, children, ..Item::plain(id, kind, "Label") }
}

fn leaves() -> Leaves {
    let mut form = Form {
        id: FormId(1),
        account_id: AccountId(1),
        shortname: "form_6Ven2v7O".into(),
        directory: "d".into(),
        slug: "s".into(),
        name: "Form".into(),
        description: None,
        state: FormState::Open,
        timezone: None,
        partial: true,
        items: vec![
            item("1", ItemType::Text, vec![]),
            item("2", ItemType::Checkbox, vec![]),
            item("3", ItemType::MatrixText, vec![item("3-0", ItemType::Text, vec![])]),
            item("4", ItemType::File, vec![]),
        ],
        slots: vec![],
    };
    form.assign_slots(&[]);
    Leaves::of(&form)
}

fn now() -> Timestamp {
    "2026-04-01T09:00:00Z".parse().unwrap()
}

fn new(body: &str) -> Result<Submission, Fault> {
    read_object::<SubmissionDocument<'_>>(body)?.bind_new(&leaves(), SubmissionId(77), now())
}

fn imported(rest: &str) -> Result<Submission, Fault> {
    let line = format!(r#"{{"kind":"submission","form_id":1,{rest}}}"#);
    match Record::parse(&line)? {
        Record::Submission(record) => record.document.bind_imported(&leaves()),
        other => panic!("{other:?}"),
    }
}

#[track_caller]
fn assert_said(result: &Result<Submission, Fault>, expected: &str) {
    let said = result.as_ref().expect_err("it was taken").to_string();
    assert!(said.starts_with(expected), "said: {said}\nnot:  {expected}");
}

const COMPLETE: &str =
    r#""id":1,"status":"Complete","date_finish":"2026-04-01T09:00:00Z","date_update":"2026-04-01T09:00:00Z""#;

#[test]
fn an_imported_submission_says_everything_itself() {
    let good = imported(&format!(r#"{COMPLETE},"answers":{{}}"#)).unwrap();
    assert_eq!((good.id, good.answers), (SubmissionId(1), vec![None; 4]));
    let without = |field: &str| {
        let rest: Vec<_> = COMPLETE.split(',').filter(|part| !part.contains(field)).collect();
        imported(&format!(r#"{},"answers":{{}}"#, rest.join(",")))
    };
    assert_said(&without("\"id\""), "id: is missing");
    assert_said(&without("status"), "status: is missing");
    assert_said(&without("date_update"), "date_update: is missing");
    assert_said(&without("date_finish"), "date_finish: is missing, and the status is Complete");
    assert_said(&imported(COMPLETE), "answers: is missing");
    let incomplete = COMPLETE.replace("Complete", "Incomplete");
    assert_said(
        &imported(&format!(r#"{incomplete},"answers":{{}}"#)),
        "date_finish: is given, and the status is Incomplete",
    );
    let other = COMPLETE.replace("Complete", "complete");
    assert_said(
        &imported(&format!(r#"{other},"answers":{{}}"#)),
        "status: is neither Complete nor Incomplete",
    );
    let formless = r#"{"kind":"submission","id":1,"answers":{}}"#;
    assert_eq!(Record::parse(formless).unwrap_err().to_string(), "form_id: is missing");
}

#[test]
fn a_new_submission_is_finished_now_unless_it_says_otherwise() {
    let fresh = new(r#"{"answers":{"1":"x"}}"#).unwrap();
    assert_eq!((fresh.id, fresh.status), (SubmissionId(77), Status::Complete));
    assert_eq!((fresh.date_finish, fresh.date_update), (Some(now()), now()));
    assert_eq!(fresh.answers[0], Some(Answer::Text("x".into())));

    let earlier = new(r#"{"date_finish":"2026-03-31T00:00:00+02:00","answers":{}}"#).unwrap();
    assert_eq!(earlier.date_finish.unwrap().to_string(), "2026-03-30T22:00:00Z");
    let begun = new(r#"{"status":"Incomplete","date_start":"2026-04-01T08:00:00Z","answers":{}}"#).unwrap();
    assert_eq!((begun.status, begun.date_finish), (Status::Incomplete, None));

    assert_said(
        &new(r#"{"date_finish":"2026-04-01T09:00:00.000001Z","answers":{}}"#),
        "date_finish: is in the future",
    );
    assert_said(
        &new(r#"{"status":"Incomplete","date_finish":"2026-04-01T08:00:00Z","answers":{}}"#),
        "date_finish: is given, and the status is Incomplete",
    );
    for field in
        [r#""id":1"#, r#""form_id":1"#, r#""kind":"submission""#, r#""date_update":"2026-04-01T08:00:00Z""#]
    {
        let name = field.split('"').nth(1).unwrap();
        assert_said(
            &new(&format!(r#"{{{field},"answers":{{}}}}"#)),
            &format!("{name}: is not taken for a new submission"),
        );
    }
    assert_said(&new("[]"), ": invalid type: sequence, expected an object");
    let in_a_list = serde_json::from_str::<Vec<SubmissionDocument<'_>>>("[[]]").unwrap_err();
    assert!(in_a_list.to_string().contains("expected an object"), "{in_a_list}");
    assert_said(&new("{}"), "answers: is missing");
}

#[test]
fn a_fault_in_an_answer_has_its_path() {
    let with = |answers: &str| new(&format!(r#"{{"answers":{answers}}}"#));
    assert_said(&with("[]"), "answers: invalid type: sequence");
    assert_said(&with(r#"{"999":"x"}"#), "answers.999: the form has no such item");
    assert_said(&with(r#"{"3":["x"]}"#), "answers.3: is a group");
    assert_said(&with(r#"{"1":"x","1":"x"}"#), "answers.1: is given twice");
    assert_said(&with(r#"{"1":null,"\u0031":null}"#), "answers.1: is given twice");
    assert_said(&with(r#"{"1":5}"#), "answers.1: invalid type: integer `5`, expected a text");
    assert_said(&with(r#"{"2":"A"}"#), "answers.2: invalid type: string \"A\"");
    assert_said(&with(r#"{"2":[{"position":"0"}]}"#), "answers.2[0].position: invalid type");
    assert_said(&with(r#"{"2":[{"position":-1}]}"#), "answers.2[0].position: invalid value");
    assert_said(&with(r#"{"2":[{"position":0},{}]}"#), "answers.2[1].position: is missing");
    assert_said(&with(r#"{"2":[{"position":0,"x":1}]}"#), "answers.2[0].x: is not known here");
    assert_said(&with(r#"{"2":[[0]]}"#), "answers.2[0]: invalid type: sequence");
    assert_said(&with(r#"{"3-0":["a",null]}"#), "answers.3-0[1]: invalid type: null");
    assert_said(&with(r#"{"4":[{"name":"n"}]}"#), "answers.4[0].url: is missing");
    assert_said(&with(r#"{"1":"\ud83d"}"#), "answers: is not JSON: ");

    let nothing = with(r#"{"1":null,"2":null,"3-0":null,"4":null}"#).unwrap();
    assert_eq!(nothing.answers, vec![None; 4]);
    let blank = with(r#"{"1":"","2":[],"3-0":[],"4":[]}"#).unwrap();
    assert!(blank.answers.iter().flatten().all(Answer::is_blank));
    assert_eq!(blank.answers.iter().flatten().count(), 4);
}
