//! What is owed for submissions that change: parts that become whole, updates, deletions.

use super::*;
use fillhouse_engine::{Edit, Filled};
use fillhouse_model::{Answer, SubmissionId};

on_both!(
    parts_are_told_when_the_last_one_comes,
    an_update_is_told_integrations_and_no_webhook,
    an_unfinished_submission_that_is_updated_is_told_nobody,
    whoever_finishes_a_submission_completes_it,
    a_change_that_is_refused_is_told_nobody,
    a_deletion_is_told_nobody_and_calls_nothing_off,
);

/// A webhook at `/hook` and an integration at `/in` of a house with one form of one text.
async fn told(house: &House) -> Receiver {
    let receiver = Receiver::start();
    house.import(&small_house()).await;
    hook(house, &receiver, "/hook", None).await;
    integration(house, &receiver, "/in").await;
    receiver
}

/// What was posted to a path, in its order.
fn posted(receiver: &Receiver, path: &str) -> Vec<String> {
    let to = |received: &Received| (received.path == path).then(|| received.text());
    receiver.received().iter().filter_map(to).collect()
}

async fn update(house: &House, id: i64, document: &str) {
    let edit = Edit::Document(document);
    house.writer().await.replace_submission(&FORM, SubmissionId(id), edit).await.unwrap();
}

async fn parts_are_told_when_the_last_one_comes(house: House) {
    let receiver = told(&house).await;
    let form = house.engine.public_form(&FORM).await.unwrap();
    let part = |text: &str, word: Option<String>| Filled {
        answers: vec![("1".into(), Answer::Text(text.into()))],
        is_partial: true,
        goes_on_with: word,
        ..Filled::default()
    };
    let begun = form.answer(&part("A", None)).await.unwrap();
    form.answer(&part("Ad", Some(begun.word.clone()))).await.unwrap();
    assert_eq!(house.engine.owed_deliveries().await.unwrap(), 0);
    let last = Filled { is_partial: false, ..part("Ada", Some(begun.word)) };
    form.answer(&last).await.unwrap();
    assert_eq!(house.engine.owed_deliveries().await.unwrap(), 2);
    work_until_settled(&house.engine).await;
    let (results, submissions) = (posted(&receiver, "/hook"), posted(&receiver, "/in"));
    assert_eq!((results.len(), submissions.len()), (1, 1));
    for part in [r#""id":"10000001""#, r#""result_status":"Complete""#, r#""value":"Ada""#] {
        assert!(results[0].contains(part), "{part}: {}", results[0]);
    }
    assert!(submissions[0].contains(r#""submission":{"Name":"Ada"}"#), "{}", submissions[0]);
}

async fn an_update_is_told_integrations_and_no_webhook(house: House) {
    let receiver = told(&house).await;
    let id = submit(&house, r#"{"answers":{"1":"Ada"}}"#).await;
    update(&house, id, r#"{"answers":{"1":"Grace"}}"#).await;
    work_until_settled(&house.engine).await;
    assert_eq!(posted(&receiver, "/hook").len(), 1);
    let names: Vec<bool> = posted(&receiver, "/in").iter().map(|body| body.contains("Grace")).collect();
    assert_eq!(names, [false, true]);
}

async fn an_unfinished_submission_that_is_updated_is_told_nobody(house: House) {
    told(&house).await;
    let id = submit(&house, r#"{"status":"Incomplete","answers":{"1":"A"}}"#).await;
    update(&house, id, r#"{"answers":{"1":"Ad"}}"#).await;
    assert_eq!(house.engine.owed_deliveries().await.unwrap(), 0);
}

async fn whoever_finishes_a_submission_completes_it(house: House) {
    let receiver = told(&house).await;
    let id = submit(&house, r#"{"status":"Incomplete","answers":{"1":"Ada"}}"#).await;
    update(&house, id, r#"{"status":"Complete"}"#).await;
    update(&house, id, r#"{"user_device":"Mobile"}"#).await;
    work_until_settled(&house.engine).await;
    assert_eq!((posted(&receiver, "/hook").len(), posted(&receiver, "/in").len()), (1, 2));
}

async fn a_change_that_is_refused_is_told_nobody(house: House) {
    told(&house).await;
    let id = submit(&house, r#"{"answers":{"1":"Ada"}}"#).await;
    let writer = house.writer().await;
    let edit = Edit::Document(r#"{"answers":{"2":"x"}}"#);
    writer.replace_submission(&FORM, SubmissionId(id), edit).await.unwrap_err();
    assert_eq!(house.engine.owed_deliveries().await.unwrap(), 2);
}

async fn a_deletion_is_told_nobody_and_calls_nothing_off(house: House) {
    let receiver = told(&house).await;
    let id = submit(&house, r#"{"answers":{"1":"Ada"}}"#).await;
    house.writer().await.delete_submission(&FORM, SubmissionId(id)).await.unwrap();
    work_until_settled(&house.engine).await;
    assert_eq!((posted(&receiver, "/hook").len(), posted(&receiver, "/in").len()), (1, 1));
}
