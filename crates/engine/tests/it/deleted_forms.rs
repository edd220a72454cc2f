//! What goes with a form that is deleted: its subscriptions, its files, its labels and views.

use crate::deliveries::{FIELDS, hook, integration, submit, work_until_settled};
use crate::house::House;
use crate::samples::{ACCOUNT, FORM, form, form_line, item, people};
use bytes::Bytes;
use fillhouse_engine::{FormRef, Submit, Upload};
use fillhouse_model::{ErrorKind, FormId, ItemType};
use fillhouse_testkit::{Receiver, Reply};
use futures::stream;

on_both!(
    nothing_more_is_sent_for_a_deleted_form,
    an_attempt_that_is_under_way_changes_nothing,
    a_deleted_form_takes_no_subscription,
    the_files_of_a_deleted_form_are_gone_at_once,
    a_file_that_another_form_has_stays,
    labels_and_views_go_with_their_form,
);

const OTHER: FormRef = FormRef::Id(FormId(8));

/// Forms 7 and 8, of one text each.
async fn two_forms(house: &House) {
    let of = |id| form_line(&form(id, ACCOUNT, vec![item("1", ItemType::Text, "Name")]));
    house.import(&(people() + &of(7) + &of(8))).await;
}

/// Uploads a file to a form, and gives its address.
async fn upload(house: &House, form: &FormRef, name: &str) -> String {
    let upload = Upload { form, name, media_type: None };
    let bytes = stream::iter([Ok(Bytes::from_static(b"a file"))]);
    house.writer().await.upload(upload, bytes).await.unwrap().url
}

/// Stores a submission of a form that has this text in it.
async fn answer(house: &House, form: &FormRef, text: &str) {
    let body = format!(r#"{{"answers":{{"1":"{text}"}}}}"#);
    let request = Submit { form, body: &body, idempotency_key: None };
    house.writer().await.submit(request).await.unwrap();
}

async fn is_there(house: &House, url: &str) -> bool {
    let (_, file) = url.split_once("/files/").unwrap();
    house.engine.uploaded_file("acme", file).await.is_ok()
}

async fn nothing_more_is_sent_for_a_deleted_form(house: House) {
    let receiver = Receiver::start();
    two_forms(&house).await;
    hook(&house, &receiver, "/hook", None).await;
    integration(&house, &receiver, "/in").await;
    submit(&house, r#"{"answers":{"1":"Ada"}}"#).await;
    assert_eq!(house.engine.owed_deliveries().await.unwrap(), 2);
    house.writer().await.delete_form(&FORM).await.unwrap();
    assert_eq!(house.engine.owed_deliveries().await.unwrap(), 0);
    assert_eq!(house.number("SELECT COUNT(*) FROM deliveries WHERE state = 'disabled'").await, 2);
    assert_eq!(house.count("webhooks").await, 0);
    assert_eq!(house.dumped("webhook").await, [""; 0]);
    work_until_settled(&house.engine).await;
    assert_eq!(receiver.received(), []);
}

async fn an_attempt_that_is_under_way_changes_nothing(house: House) {
    let receiver = Receiver::start();
    receiver.answer("/hook", [Reply::silence()]);
    two_forms(&house).await;
    hook(&house, &receiver, "/hook", None).await;
    submit(&house, r#"{"answers":{"1":"Ada"}}"#).await;
    let writer = house.writer().await;
    let deleted =
        crate::waiting::wait_for("the request", async || (!receiver.received().is_empty()).then_some(()));
    let deleted = async {
        deleted.await;
        writer.delete_form(&FORM).await.unwrap();
    };
    house.engine.work(deleted).await;
    assert_eq!(house.engine.owed_deliveries().await.unwrap(), 0);
    assert_eq!(house.number("SELECT COUNT(*) FROM deliveries WHERE state = 'disabled'").await, 1);
}

async fn a_deleted_form_takes_no_subscription(house: House) {
    two_forms(&house).await;
    let (writer, caller) = (house.writer().await, house.caller(crate::house::SECRET).await);
    let integrations = caller.integrations().unwrap();
    writer.delete_form(&FORM).await.unwrap();
    let webhook = fillhouse_engine::NewWebhook {
        url: "https://example.com/hook".into(),
        event: "result_completed".into(),
        handshake_key: None,
    };
    let error = writer.put_webhook(&FORM, webhook).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotFound);
    let new = fillhouse_engine::NewIntegration {
        url: "https://example.com/hook".into(),
        is_active: true,
        secret: None,
        headers: Vec::new(),
    };
    let error = integrations.create(&FORM, new, FIELDS).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotFound);
}

async fn the_files_of_a_deleted_form_are_gone_at_once(house: House) {
    two_forms(&house).await;
    let (used, loose) = (upload(&house, &FORM, "used.pdf").await, upload(&house, &FORM, "loose.pdf").await);
    let others = upload(&house, &OTHER, "other.pdf").await;
    answer(&house, &FORM, &used).await;
    answer(&house, &OTHER, &others).await;
    house.writer().await.delete_form(&FORM).await.unwrap();
    for (url, stays) in [(&used, false), (&loose, false), (&others, true)] {
        assert_eq!(is_there(&house, url).await, stays, "{url}");
    }
    house.engine.drop_due().await.unwrap();
    assert_eq!((house.count("files").await, house.count("file_uses").await), (1, 1));
    assert_eq!(house.blob_files().len(), 1);
}

async fn a_file_that_another_form_has_stays(house: House) {
    two_forms(&house).await;
    let (both, of_others) = (upload(&house, &FORM, "both.pdf").await, upload(&house, &OTHER, "of.pdf").await);
    answer(&house, &FORM, &format!("{both} {of_others}")).await;
    answer(&house, &OTHER, &both).await;
    house.writer().await.delete_form(&FORM).await.unwrap();
    assert!(is_there(&house, &both).await);
    house.engine.drop_due().await.unwrap();
    assert!(is_there(&house, &both).await);
    // It was uploaded to the form that is still there, and the only submission that had it is gone.
    assert!(!is_there(&house, &of_others).await);
    assert_eq!(house.count("file_uses").await, 1);
}

async fn labels_and_views_go_with_their_form(house: House) {
    two_forms(&house).await;
    for id in [7, 8] {
        let labels = format!(
            r#"{{"kind":"results_labels","form_id":{id},"id":"10","name":"L","labels":{{"1":"N"}}}}"#
        );
        let view =
            format!(r#"{{"kind":"results_view","form_id":{id},"id":"101","name":"V","columns":["1"]}}"#);
        house.import_text(format!("{labels}\n{view}\n")).await;
    }
    house.writer().await.delete_form(&FORM).await.unwrap();
    assert_eq!((house.count("results_labels").await, house.count("results_views").await), (1, 1));
}
