//! What is sent: word for word, to whom, and what for.

use super::*;

on_both!(
    a_completed_result_is_posted_as_the_bare_object,
    a_webhook_without_a_key_is_sent_none,
    an_integration_is_sent_names_and_a_signature,
    what_is_not_finished_is_told_nobody,
    an_import_tells_nobody,
    what_was_owed_stays_as_it_was,
    events_come_in_their_order,
    many_in_one_request_are_each_told,
    a_retry_under_its_key_is_told_once,
);

/// A text, and choices with room for another.
fn questions() -> Form {
    let choices = choice_item("200", ItemType::Checkbox, "Which?", &["multiple choice answer", "another"]);
    form(7, ACCOUNT, vec![item("100", ItemType::Text, "What?"), choices])
}

const ANSWERED: &str = r#"{"date_start":"2019-06-01T17:13:01Z","date_finish":"2019-06-01T17:13:50Z",
    "login_email":"user@example.com","login_username":"user","payment_amount":123.00,
    "payment_status":"Payment Successful","user_browser":"Firefox","user_ip":"123.123.123",
    "user_device":"Desktop","user_referrer":"http://example.com/page.html",
    "answers":{"100":"text answer","200":[{"position":0,"other":"other answer"}]}}"#;

async fn a_completed_result_is_posted_as_the_bare_object(house: House) {
    let receiver = Receiver::start();
    house.import(&(people() + &form_line(&questions()))).await;
    hook(&house, &receiver, "/hook?a=1", Some("TEST_KEY")).await;
    house.clock.set("2019-06-01T17:13:50Z");
    submit(&house, ANSWERED).await;
    work_until_settled(&house.engine).await;
    let [posted]: [Received; 1] = receiver.received().try_into().unwrap();
    assert_eq!((posted.method.as_str(), posted.path.as_str()), ("POST", "/hook?a=1"));
    assert_eq!(
        posted.text(),
        r#"{"date_finish":"2019-06-01T17:13:50Z","date_start":"2019-06-01T17:13:01Z","#.to_owned()
            + r#""date_update":"2019-06-01T17:13:50Z","id":"10000001","login_email":"user@example.com","#
            + r#""login_username":"user","payment_amount":123.00,"payment_status":"Payment Successful","#
            + r#""result_status":"Complete","user_browser":"Firefox","user_ip":"123.123.123","#
            + r#""user_device":"Desktop","user_referrer":"http://example.com/page.html","#
            + r#""items":[{"id":"100","position":0,"value":"text answer"},{"id":"200","position":1,"#
            + r#""values":[{"other":"other answer","position":0,"value":"multiple choice answer"}]}],"#
            + r#""handshake_key":"TEST_KEY"}"#
    );
    assert_eq!(posted.header("content-type"), "application/json");
    assert_eq!(posted.header("user-agent"), concat!("Fillhouse/", env!("CARGO_PKG_VERSION")));
    assert_eq!(posted.header("webhook-id").len(), 36);
    assert_eq!(posted.header("x-webhook-signature"), "");
}

async fn a_webhook_without_a_key_is_sent_none(house: House) {
    let receiver = Receiver::start();
    house.import(&small_house()).await;
    hook(&house, &receiver, "/", None).await;
    submit(&house, r#"{"answers":{"1":"Ada"}}"#).await;
    work_until_settled(&house.engine).await;
    let body = receiver.received()[0].text();
    assert!(body.starts_with('{') && !body.contains("handshake_key"), "{body}");
}

async fn an_integration_is_sent_names_and_a_signature(house: House) {
    let receiver = Receiver::start();
    house.import(&(people() + &form_line(&questions()))).await;
    let made = integration(&house, &receiver, "/in").await;
    let id = submit(&house, ANSWERED).await;
    work_until_settled(&house.engine).await;
    let posted = &receiver.received()[0];
    assert_eq!(
        posted.text(),
        r#"{"form_id":7,"form_title":"Form 7","form_slug":"form-7","#.to_owned()
            + r#""submission":{"What?":"text answer","Which?":["multiple choice answer: other answer"]},"#
            + r#""data":{"100":{"value":"text answer","name":"What?","type":"text"},"#
            + r#""200":{"value":["multiple choice answer: other answer"],"name":"Which?","type":"multi_select"}},"#
            + r#""message":"The keys of `submission` are names, which may change and may be alike: use `data`.","#
            + r#""submission_id":10000001}"#
    );
    assert_eq!(posted.header("x-team"), "blue");
    let signature = posted.header("x-webhook-signature");
    assert!(signature.starts_with("sha256=") && signature.len() == 7 + 64, "{signature}");
    let log = log(&house, made.id).await;
    assert_eq!(
        (log[0].submission_id.0, log[0].state, log[0].id.as_str()),
        (id, DeliveryState::Delivered, posted.header("webhook-id"))
    );
    assert_eq!((log[0].attempts.len(), log[0].attempts[0].status), (1, Some(200)));
}

async fn what_is_not_finished_is_told_nobody(house: House) {
    let receiver = Receiver::start();
    house.import(&small_house()).await;
    hook(&house, &receiver, "/", None).await;
    submit(&house, r#"{"status":"Incomplete","answers":{"1":"Ada"}}"#).await;
    assert_eq!(house.engine.owed_deliveries().await.unwrap(), 0);
}

async fn an_import_tells_nobody(house: House) {
    let receiver = Receiver::start();
    house.import(&small_house()).await;
    hook(&house, &receiver, "/", None).await;
    let form = form(7, ACCOUNT, vec![item("1", ItemType::Text, "Name")]);
    house.import_text(lines(&form, &[plain(1, "2026-05-01T00:00:00Z")])).await;
    assert_eq!(house.engine.owed_deliveries().await.unwrap(), 0);
}

async fn what_was_owed_stays_as_it_was(house: House) {
    let receiver = Receiver::start();
    house.import(&(people() + &form_line(&questions()))).await;
    hook(&house, &receiver, "/", None).await;
    submit(&house, ANSWERED).await;
    let renamed = choice_item("200", ItemType::Checkbox, "Which?", &["renamed", "another"]);
    house.import(&form_line(&form(7, ACCOUNT, vec![renamed]))).await;
    work_until_settled(&house.engine).await;
    assert!(receiver.received()[0].text().contains("multiple choice answer"));
}

async fn events_come_in_their_order(house: House) {
    let receiver = Receiver::start();
    house.import(&small_house()).await;
    hook(&house, &receiver, "/", None).await;
    let mut ids = Vec::new();
    for n in 0..20 {
        ids.push(submit(&house, &format!(r#"{{"answers":{{"1":"{n}"}}}}"#)).await);
    }
    work_until_settled(&house.engine).await;
    let id = |received: &Received| -> i64 {
        let body: serde_json::Value = serde_json::from_slice(&received.body).unwrap();
        body["id"].as_str().unwrap().parse().unwrap()
    };
    assert_eq!(receiver.received().iter().map(id).collect::<Vec<_>>(), ids);
}

async fn many_in_one_request_are_each_told(house: House) {
    let receiver = Receiver::start();
    house.import(&small_house()).await;
    hook(&house, &receiver, "/a", None).await;
    hook(&house, &receiver, "/b", None).await;
    let body = r#"{"submissions":[{"answers":{"1":"x"}},{"status":"Incomplete","answers":{}},{"answers":{"1":"y"}}]}"#;
    submit(&house, body).await;
    work_until_settled(&house.engine).await;
    let mut paths: Vec<String> = receiver.received().into_iter().map(|received| received.path).collect();
    paths.sort();
    assert_eq!(paths, ["/a", "/a", "/b", "/b"]);
}

async fn a_retry_under_its_key_is_told_once(house: House) {
    let receiver = Receiver::start();
    house.import(&small_house()).await;
    hook(&house, &receiver, "/", None).await;
    let writer = house.writer().await;
    let request = Submit { form: &FORM, body: r#"{"answers":{"1":"x"}}"#, idempotency_key: Some("one") };
    for _ in 0..2 {
        writer.submit(request).await.unwrap();
    }
    assert_eq!(house.engine.owed_deliveries().await.unwrap(), 1);
}
