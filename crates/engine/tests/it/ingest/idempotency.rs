//! A request that comes again under its key is answered as before, and stores nothing.

use super::submit;
use crate::house::{House, OTHER_SECRET, SECRET};
use crate::samples::{ACCOUNT, FORM, form, form_line, item, people, small_house};
use crate::waiting::in_time;
use fillhouse_engine::{FormRef, FormsWriter, Result, Submit};
use fillhouse_model::{AccountId, ErrorKind, Form, FormState, ItemType, SubmissionId};
use futures::future::join_all;

on_both!(
    a_replay_is_answered_as_before,
    a_key_is_for_one_request,
    one_key_at_the_same_moment_stores_once,
    a_replay_after_a_restart_is_answered_as_before,
    a_replay_is_answered_whatever_became_of_the_form,
    a_request_that_was_refused_leaves_its_key_free,
    a_key_is_of_its_account,
    a_key_is_a_short_line_of_text,
    a_key_is_forgotten_in_the_end,
);

const BODY: &str = r#"{"submissions":[{"answers":{"1":"Ada"}},{"answers":{"1":"Alan"}}]}"#;
const OTHER_BODY: &str = r#"{"answers":{"1":"Grace"}}"#;

async fn keyed(writer: &FormsWriter, key: &str, body: &str) -> Result<Vec<SubmissionId>> {
    let request = Submit { form: &FORM, body, idempotency_key: Some(key) };
    in_time("a submission", writer.submit(request)).await
}

async fn a_replay_is_answered_as_before(house: House) {
    house.import(&small_house()).await;
    let writer = house.writer().await;
    let first = keyed(&writer, "k", BODY).await.unwrap();
    submit(&writer, OTHER_BODY).await.unwrap();
    assert_eq!(keyed(&writer, "k", BODY).await.unwrap(), first);
    assert_ne!(keyed(&writer, "l", BODY).await.unwrap(), first);
    assert_eq!(house.count("submissions").await, 5);
}

async fn a_key_is_for_one_request(house: House) {
    let other = form(8, ACCOUNT, vec![item("1", ItemType::Text, "Name")]);
    house.import(&(small_house() + &form_line(&other))).await;
    let writer = house.writer().await;
    keyed(&writer, "k", BODY).await.unwrap();
    let error = keyed(&writer, "k", OTHER_BODY).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidArgument);
    assert_eq!(error.message(), "Idempotency-Key: was used for another request");
    let other_form = FormRef::Name("form-8".into());
    let request = Submit { form: &other_form, body: BODY, idempotency_key: Some("k") };
    let error = writer.submit(request).await.unwrap_err();
    assert_eq!(error.message(), "Idempotency-Key: was used for another request");
    assert_eq!(house.count("submissions").await, 2);
}

async fn one_key_at_the_same_moment_stores_once(house: House) {
    house.import(&small_house()).await;
    let elsewhere = house.open(house.settings(), 2).await;
    let writers = [house.writer().await, elsewhere.caller(SECRET).await.unwrap().forms_writer().unwrap()];
    for round in 0..10 {
        let key = format!("key {round}");
        let submitters = (0..8).map(|n| {
            let (writer, key) = (writers[n % 2].clone(), key.clone());
            tokio::spawn(async move { keyed(&writer, &key, BODY).await.unwrap() })
        });
        let mut answers: Vec<_> = join_all(submitters).await.into_iter().map(|ids| ids.unwrap()).collect();
        answers.dedup();
        assert_eq!(answers.len(), 1, "all are answered the same: {answers:?}");
    }
    assert_eq!(house.count("submissions").await, 20);
}

async fn a_replay_after_a_restart_is_answered_as_before(house: House) {
    house.import(&small_house()).await;
    let first = keyed(&house.writer().await, "k", BODY).await.unwrap();
    let restarted = house.open(house.settings(), 2).await;
    let writer = restarted.caller(SECRET).await.unwrap().forms_writer().unwrap();
    assert_eq!(keyed(&writer, "k", BODY).await.unwrap(), first);
    assert_eq!(house.count("submissions").await, 2);
}

async fn a_replay_is_answered_whatever_became_of_the_form(house: House) {
    house.import(&small_house()).await;
    let writer = house.writer().await;
    let first = keyed(&writer, "k", BODY).await.unwrap();
    let changed = form(7, ACCOUNT, vec![item("2", ItemType::Text, "Other")]);
    house.import(&form_line(&changed)).await;
    assert_eq!(keyed(&writer, "k", BODY).await.unwrap(), first, "its answers are none of the form any more");
    let closed = Form { state: FormState::Closed("closed".into()), ..changed };
    house.import(&form_line(&closed)).await;
    assert_eq!(keyed(&writer, "k", BODY).await.unwrap(), first, "it takes nothing new");
    let error = keyed(&writer, "k", OTHER_BODY).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidArgument);
    assert_eq!(keyed(&writer, "l", BODY).await.unwrap_err().kind(), ErrorKind::Conflict);
}

async fn a_request_that_was_refused_leaves_its_key_free(house: House) {
    house.import(&small_house()).await;
    let writer = house.writer().await;
    keyed(&writer, "k", r#"{"answers":{"9":"?"}}"#).await.unwrap_err();
    assert_eq!(keyed(&writer, "k", OTHER_BODY).await.unwrap().len(), 1);
}

async fn a_key_is_of_its_account(house: House) {
    let others = form(8, AccountId(2), vec![item("1", ItemType::Text, "Name")]);
    house.import(&(small_house() + &form_line(&others))).await;
    keyed(&house.writer().await, "k", BODY).await.unwrap();
    let other = house.caller(OTHER_SECRET).await.forms_writer().unwrap();
    let form = FormRef::Name("form-8".into());
    other.submit(Submit { form: &form, body: OTHER_BODY, idempotency_key: Some("k") }).await.unwrap();
    assert_eq!(house.count("submissions").await, 3);
}

async fn a_key_is_a_short_line_of_text(house: House) {
    house.import(&(people() + &form_line(&form(7, ACCOUNT, vec![item("1", ItemType::Text, "Name")])))).await;
    let writer = house.writer().await;
    for key in [String::new(), "k".repeat(256), "a\0b".into(), "a\nb".into()] {
        let error = keyed(&writer, &key, OTHER_BODY).await.unwrap_err();
        assert_eq!(error.faults()[0].field, "Idempotency-Key");
    }
    keyed(&writer, &"k".repeat(255), OTHER_BODY).await.unwrap();
}

async fn a_key_is_forgotten_in_the_end(house: House) {
    house.import(&small_house()).await;
    let writer = house.writer().await;
    let first = keyed(&writer, "k", OTHER_BODY).await.unwrap();
    house.clock.advance_seconds(7 * 24 * 3_600);
    house.engine.drop_due().await.unwrap();
    assert_eq!(keyed(&writer, "k", OTHER_BODY).await.unwrap(), first, "a week is not over");
    house.clock.advance_seconds(1);
    house.engine.drop_due().await.unwrap();
    assert_ne!(keyed(&writer, "k", OTHER_BODY).await.unwrap(), first);
}
