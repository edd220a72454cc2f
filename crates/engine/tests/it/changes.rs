//! Changing and deleting submissions: what is asked for is changed and nothing else, and nobody's change is lost.

use crate::files::{everything, finished};
use crate::house::House;
use crate::ingest::submit;
use crate::samples::{ACCOUNT, FORM, form, form_line, item, lines, people, plain, required, unfinished};
use crate::waiting::in_time;
use fillhouse_engine::{Edit, Error, FormRef, FormsWriter, Result};
use fillhouse_model::{Answer, ErrorKind, Form, FormId, ItemType, SubmissionId};
use futures::future::join_all;

on_both!(
    what_a_document_names_is_changed_and_all_else_stays,
    answers_take_the_place_of_those_that_were_there,
    a_document_that_was_read_before_another_change_is_refused,
    what_the_submission_would_be_is_checked,
    what_was_wrong_before_is_not_held_against_a_change,
    an_unfinished_submission_can_be_finished,
    changes_at_the_same_time_are_all_there,
    a_deleted_submission_is_there_no_more,
    a_submission_of_another_form_is_not_found,
    an_export_that_is_under_way_holds_what_was_there_before,
);

const FIRST: SubmissionId = SubmissionId(10_000_001);

fn two_texts() -> Form {
    form(7, ACCOUNT, vec![required(item("1", ItemType::Text, "Name")), item("2", ItemType::Number, "Age")])
}

/// A house with the form of [`two_texts`] and one submission of it.
async fn with_one(house: &House) -> FormsWriter {
    house.import(&(people() + &form_line(&two_texts()))).await;
    let writer = house.writer().await;
    submit(&writer, r#"{"user_ip":"10.0.0.1","answers":{"1":"Ada","2":"36"}}"#).await.unwrap();
    writer
}

async fn patch(writer: &FormsWriter, document: &str) -> Result<String> {
    let changed = writer.replace_submission(&FORM, FIRST, Edit::Document(document));
    Ok(in_time("a change", changed).await?.to_json())
}

async fn now_there(house: &House) -> String {
    house.reader().await.submission(&FORM, FIRST).await.unwrap().to_json()
}

fn fault(error: &Error) -> (ErrorKind, String) {
    (error.kind(), error.message().to_owned())
}

async fn what_a_document_names_is_changed_and_all_else_stays(house: House) {
    let writer = with_one(&house).await;
    house.clock.advance_micros(1_500_000);
    let changed = patch(&writer, r#"{"user_device":"Mobile","answers":{"2":"37"}}"#).await.unwrap();
    let expected = concat!(
        r#"{"kind":"submission","form_id":7,"id":10000001,"status":"Complete","date_finish":"2026-06-01T12:00:00Z","#,
        r#""date_update":"2026-06-01T12:00:01.5Z","user_ip":"10.0.0.1","user_device":"Mobile","#,
        r#""answers":{"1":"Ada","2":"37"}}"#
    );
    assert_eq!(changed, expected);
    assert_eq!(now_there(&house).await, expected);
    assert_eq!(house.dumped("submission").await, [expected]);
    assert_eq!(house.count("versions").await, 1);

    let cleared = patch(&writer, r#"{"answers":{"2":null}}"#).await.unwrap();
    assert!(cleared.ends_with(r#""answers":{"1":"Ada"}}"#), "{cleared}");
    // The whole document, sent back, changes nothing but when it was changed.
    assert_eq!(patch(&writer, &cleared).await.unwrap(), cleared);
}

async fn answers_take_the_place_of_those_that_were_there(house: House) {
    let writer = with_one(&house).await;
    let answers = [("1".to_owned(), Answer::Text("Grace".into()))];
    let changed = writer.replace_submission(&FORM, FIRST, Edit::Answers(&answers)).await.unwrap().to_json();
    assert!(changed.contains(r#""user_ip":"10.0.0.1""#), "{changed}");
    assert!(changed.ends_with(r#""answers":{"1":"Grace"}}"#), "{changed}");
    for (id, answer) in [("9", Answer::Text("x".into())), ("1", Answer::Choices(vec![]))] {
        let answers = [(id.to_owned(), answer)];
        let error = writer.replace_submission(&FORM, FIRST, Edit::Answers(&answers)).await.unwrap_err();
        assert_eq!(error.faults()[0].field, format!("answers.{id}"));
    }
}

async fn a_document_that_was_read_before_another_change_is_refused(house: House) {
    let writer = with_one(&house).await;
    let read = now_there(&house).await;
    house.clock.advance_micros(1_000_000);
    patch(&writer, r#"{"answers":{"2":"37"}}"#).await.unwrap();
    let error = patch(&writer, &read).await.unwrap_err();
    assert_eq!(fault(&error), (ErrorKind::Conflict, "the submission was changed since it was read".into()));
}

async fn what_the_submission_would_be_is_checked(house: House) {
    let writer = with_one(&house).await;
    for (document, message) in [
        (r#"{"answers":{"1":null}}"#, "answers.1: is required"),
        (r#"{"answers":{"2":"old"}}"#, "answers.2: is not a decimal number"),
        (r#"{"answers":{"9":"x"}}"#, "answers.9: the form has no such item"),
        (r#"{"id":5}"#, "id: is not that of the submission"),
        (r#"{"form_id":5}"#, "form_id: is not that of the submission"),
        (r#"{"date_finish":"2027-01-01T00:00:00Z"}"#, "date_finish: is in the future"),
        (r#"{"audience_id":1}"#, "profile_id: is missing beside audience_id"),
        (
            r#"{"audience_id":1,"profile_id":"507f1f77bcf86cd799439011"}"#,
            "audience_id: audience 1 does not exist",
        ),
        (r#"{"colour":"red"}"#, "colour: is not known here"),
        ("[]", "body: invalid type: sequence, expected an object"),
    ] {
        let error = patch(&writer, document).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidArgument, "{document}");
        assert!(error.message().starts_with(message), "{document}: {error}");
    }
    assert_eq!(house.count("versions").await, 0);
}

async fn what_was_wrong_before_is_not_held_against_a_change(house: House) {
    let writer = with_one(&house).await;
    let items = [two_texts().items, vec![required(item("3", ItemType::Text, "City"))]].concat();
    house.import(&form_line(&form(7, ACCOUNT, items))).await;
    patch(&writer, r#"{"answers":{"2":"37"}}"#).await.unwrap();
}

async fn an_unfinished_submission_can_be_finished(house: House) {
    house.import(&(people() + &form_line(&two_texts()))).await;
    house.import(&lines(&two_texts(), &[unfinished(0, "2026-05-01T00:00:00Z")])).await;
    let writer = house.writer().await;
    assert!(house.export(finished()).await.numbers().is_empty());
    patch(&writer, r#"{"status":"Complete"}"#).await.unwrap();
    assert!(now_there(&house).await.contains(r#""date_finish":"2026-06-01T12:00:00Z""#));
    assert_eq!(house.export(finished()).await.numbers(), [0]);

    patch(&writer, r#"{"status":"Incomplete"}"#).await.unwrap();
    assert!(house.export(finished()).await.numbers().is_empty());
    house.import(&form_line(&Form { partial: false, ..two_texts() })).await;
    patch(&writer, r#"{"status":"Complete"}"#).await.unwrap();
    let error = patch(&writer, r#"{"status":"Incomplete"}"#).await.unwrap_err();
    assert_eq!(error.faults()[0].field, "status");
}

async fn changes_at_the_same_time_are_all_there(house: House) {
    let names: Vec<String> = (1..=8).map(|n| n.to_string()).collect();
    let items = names.iter().map(|name| item(name, ItemType::Text, name)).collect();
    house.import(&(people() + &form_line(&form(7, ACCOUNT, items)))).await;
    let writer = house.writer().await;
    submit(&writer, r#"{"answers":{}}"#).await.unwrap();
    let change = async |name: &String| {
        let document = format!(r#"{{"answers":{{"{name}":"changed"}}}}"#);
        // Whoever loses five times in a row is told to try again.
        while let Err(error) = patch(&writer, &document).await {
            assert_eq!(error.kind(), ErrorKind::Unavailable, "{error}");
        }
    };
    in_time("the changes", join_all(names.iter().map(change))).await;
    let there = now_there(&house).await;
    for name in &names {
        assert!(there.contains(&format!(r#""{name}":"changed""#)), "{name}: {there}");
    }
    assert_eq!(house.number("SELECT seq FROM form_counters").await, 9);
    assert_eq!(house.number("SELECT last_seq FROM blocks").await, 9);
}

async fn a_deleted_submission_is_there_no_more(house: House) {
    let writer = with_one(&house).await;
    writer.delete_submission(&FORM, FIRST).await.unwrap();
    let missing = (ErrorKind::NotFound, "submission 10000001 was not found".to_owned());
    assert_eq!(fault(&writer.delete_submission(&FORM, FIRST).await.unwrap_err()), missing);
    assert_eq!(fault(&house.reader().await.submission(&FORM, FIRST).await.unwrap_err()), missing);
    assert_eq!(fault(&patch(&writer, "{}").await.unwrap_err()), missing);
    assert!(house.dumped("submission").await.is_empty());
    assert_eq!(house.number("SELECT rows FROM blocks").await, 0);
}

async fn a_submission_of_another_form_is_not_found(house: House) {
    let writer = with_one(&house).await;
    house.import(&form_line(&form(8, ACCOUNT, vec![]))).await;
    let other = FormRef::Id(FormId(8));
    let errors = [
        house.reader().await.submission(&other, FIRST).await.map(drop).unwrap_err(),
        writer.replace_submission(&other, FIRST, Edit::Document("{}")).await.map(drop).unwrap_err(),
        writer.delete_submission(&other, FIRST).await.unwrap_err(),
    ];
    for error in errors {
        assert_eq!(fault(&error), (ErrorKind::NotFound, "submission 10000001 was not found".into()));
    }
    now_there(&house).await;
}

async fn an_export_that_is_under_way_holds_what_was_there_before(house: House) {
    house.import(&(people() + &form_line(&two_texts()))).await;
    house
        .import(&lines(&two_texts(), &[plain(0, "2026-05-01T00:00:00Z"), plain(1, "2026-05-01T00:00:00Z")]))
        .await;
    let (reader, writer) = (house.reader().await, house.writer().await);
    let before = house.export(everything()).await;
    let job = reader.start_export(everything()).await.unwrap();
    patch(&writer, r#"{"answers":{"1":"Changed"}}"#).await.unwrap();
    writer.delete_submission(&FORM, SubmissionId(10_000_002)).await.unwrap();
    house.do_jobs().await;
    assert_eq!(crate::files::download(&reader, &job).await.csv, before.csv);
    assert_eq!(house.export(everything()).await.answers(), ["Changed"]);
}
