//! What is not taken in, and how that is said.

use super::{many, submit};
use crate::house::{House, OTHER_SECRET};
use crate::samples::{ACCOUNT, FORM, choice_item, form, form_line, item, people, required, small_house};
use fillhouse_engine::{Error, FormRef, Submit};
use fillhouse_model::{AccountId, ErrorKind, Form, FormId, FormState, ItemType};

on_both!(
    every_fault_of_a_request_is_named_at_once,
    a_body_that_is_not_one_is_refused,
    a_request_has_one_to_a_thousand_submissions,
    a_closed_form_takes_nothing,
    a_form_of_another_account_does_not_exist,
    unfinished_submissions_need_a_form_that_takes_them,
    a_profile_that_does_not_exist_is_no_link,
);

fn faults(error: &Error) -> Vec<(&str, &str)> {
    error.faults().iter().map(|fault| (fault.field.as_str(), fault.message.as_str())).collect()
}

async fn every_fault_of_a_request_is_named_at_once(house: House) {
    let items = vec![
        required(item("1", ItemType::Text, "Name")),
        item("2", ItemType::Number, "Age"),
        choice_item("3", ItemType::Radio, "Colour", &["Red"]),
    ];
    house.import(&(people() + &form_line(&form(7, ACCOUNT, items)))).await;
    let writer = house.writer().await;
    let body = r#"{"submissions":[{"answers":{"2":"old"}},{"answers":{"1":"Ada"}},{"answers":{"1":"Alan","3":[{"position":4}]}},{"answers":{"9":"?"}}]}"#;
    let error = submit(&writer, body).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidArgument);
    let expected = [
        ("submissions[0].answers.1", "is required"),
        ("submissions[0].answers.2", "is not a decimal number"),
        ("submissions[2].answers.3[0].position", "4 is no choice of the item"),
        ("submissions[3].answers.9", "the form has no such item"),
    ];
    assert_eq!(faults(&error), expected);
    assert!(house.dumped("submission").await.is_empty(), "a request is stored whole or not at all");
    let error = submit(&writer, r#"{"answers":{"2":"old"}}"#).await.unwrap_err();
    assert_eq!(faults(&error), [("answers.1", "is required"), ("answers.2", "is not a decimal number")]);
}

async fn a_body_that_is_not_one_is_refused(house: House) {
    house.import(&small_house()).await;
    let writer = house.writer().await;
    for (body, field, part) in [
        ("", "body", "not JSON"),
        ("[]", "body", "expected"),
        ("{}", "answers", "missing"),
        (r#"{"answers":{}} and more"#, "body", "not JSON"),
        (r#"{"answers":{},"id":5}"#, "id", "not taken"),
        (r#"{"answers":{},"colour":"red"}"#, "colour", "not known"),
        (r#"{"answers":{"1":7}}"#, "answers.1", "expected"),
        (r#"{"submissions":[{"answers":{}},]}"#, "body", "not JSON"),
        (r#"{"submissions":{"answers":{}}}"#, "submissions", "expected"),
        (r#"{"submissions":[{}]}"#, "submissions[0].answers", "missing"),
        (r#"{"submissions":[{"answers":{}}],"answers":{}}"#, "answers", "not known"),
    ] {
        let error = submit(&writer, body).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidArgument, "{body}");
        let [fault] = error.faults() else { panic!("{body}: {:?}", error.faults()) };
        assert_eq!(fault.field, field, "{body}: {fault}");
        assert!(fault.message.contains(part), "{body}: {fault}");
    }
}

async fn a_request_has_one_to_a_thousand_submissions(house: House) {
    house.import(&small_house()).await;
    let writer = house.writer().await;
    for count in [0, 1_001] {
        let error = submit(&writer, &many("Ada", count)).await.unwrap_err();
        let message = format!("holds {count} submissions, not 1 to 1000");
        assert_eq!(faults(&error), [("submissions", message.as_str())]);
    }
    assert_eq!(submit(&writer, &many("Ada", 1_000)).await.unwrap().len(), 1_000);
}

async fn a_closed_form_takes_nothing(house: House) {
    let closed = Form {
        state: FormState::Closed("closed (manually)".into()),
        ..form(7, ACCOUNT, vec![item("1", ItemType::Text, "Name")])
    };
    house.import(&(people() + &form_line(&closed))).await;
    let error = submit(&house.writer().await, r#"{"answers":{}}"#).await.unwrap_err();
    assert_eq!((error.kind(), error.message()), (ErrorKind::Conflict, "the form is closed (manually)"));
}

async fn a_form_of_another_account_does_not_exist(house: House) {
    let others = form(8, AccountId(2), vec![item("1", ItemType::Text, "Name")]);
    house.import(&(small_house() + &form_line(&others))).await;
    let body = r#"{"answers":{}}"#;
    let (own, other) = (house.writer().await, house.caller(OTHER_SECRET).await.forms_writer().unwrap());
    for (writer, form) in [
        (&own, FormRef::Id(FormId(8))),
        (&own, FormRef::Name("form-8".into())),
        (&own, FormRef::Name("form_00000008".into())),
        (&own, FormRef::Id(FormId(9))),
        (&other, FORM),
        (&other, FormRef::Name("form-7".into())),
    ] {
        let error = writer.submit(Submit { form: &form, body, idempotency_key: None }).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::NotFound, "{form}");
    }
    let named = FormRef::Name("form_00000008".into());
    other.submit(Submit { form: &named, body, idempotency_key: None }).await.unwrap();
    own.submit(Submit { form: &FORM, body, idempotency_key: None }).await.unwrap();
}

async fn unfinished_submissions_need_a_form_that_takes_them(house: House) {
    let whole_only = Form { partial: false, ..form(7, ACCOUNT, vec![item("1", ItemType::Text, "Name")]) };
    house.import(&(people() + &form_line(&whole_only))).await;
    let error = submit(&house.writer().await, r#"{"status":"Incomplete","answers":{}}"#).await.unwrap_err();
    let message = "is not allowed: the form takes no unfinished submissions";
    assert_eq!(faults(&error), [("status", message)]);
}

async fn a_profile_that_does_not_exist_is_no_link(house: House) {
    let audiences = r#"{"kind":"audience","id":3,"account_id":1,"name":"Ours","fields":[]}
{"kind":"profile","audience_id":3,"id":"507f1f77bcf86cd799439011","fields":{}}
{"kind":"audience","id":4,"account_id":2,"name":"Theirs","fields":[]}
{"kind":"profile","audience_id":4,"id":"507f1f77bcf86cd799439011","fields":{}}
"#;
    house.import(&(small_house() + audiences)).await;
    let writer = house.writer().await;
    let linked = |audience: i64, last: u8| {
        format!(r#"{{"audience_id":{audience},"profile_id":"507f1f77bcf86cd7994390{last}","answers":{{}}}}"#)
    };
    submit(&writer, &linked(3, 11)).await.unwrap();
    let body = format!(
        r#"{{"submissions":[{},{},{},{}]}}"#,
        linked(3, 12),
        linked(3, 11),
        linked(4, 11),
        linked(5, 11)
    );
    let error = submit(&writer, &body).await.unwrap_err();
    let expected = [
        ("submissions[0].profile_id", "profile 507f1f77bcf86cd799439012 does not exist"),
        ("submissions[2].audience_id", "audience 4 does not exist"),
        ("submissions[3].audience_id", "audience 5 does not exist"),
    ];
    assert_eq!(faults(&error), expected);
    // Or else what is dumped could not be imported again.
    let again = house.another().await;
    again.import(&house.dump().await).await;
}
