//! Receivers that fail, want to be left alone, are gone, or must not be called.

use super::*;

on_both!(
    what_fails_is_sent_again_the_same,
    a_receiver_that_says_when_is_not_called_before,
    a_webhook_whose_receiver_is_gone_is_deleted,
    an_integration_whose_receiver_is_gone_is_stopped,
    what_fails_for_days_is_given_up_and_logged,
    what_failed_lets_later_events_pass,
    a_slow_receiver_holds_nobody_up,
    an_address_inside_is_not_called,
    a_redirect_is_not_followed,
    a_deleted_webhook_is_sent_nothing,
    old_logs_are_dropped,
);

async fn what_fails_is_sent_again_the_same(house: House) {
    let receiver = Receiver::start();
    receiver.answer("/", [Reply::status(500).body("oh no"), Reply::status(404)]);
    house.import(&small_house()).await;
    let made = integration(&house, &receiver, "/").await;
    submit(&house, r#"{"answers":{"1":"Ada"}}"#).await;
    work_until_attempted(&house, 1).await;
    assert_eq!(receiver.received().len(), 1);
    // The first pause is of about five seconds, the second of about thirty.
    for (seconds, attempts) in [(6, 2), (36, 3)] {
        house.clock.advance_seconds(seconds);
        work_until_attempted(&house, attempts).await;
    }
    let requests = receiver.received();
    assert_eq!(requests.len(), 3);
    for header in ["webhook-id", "x-webhook-signature"] {
        assert!(requests.iter().all(|one| one.header(header) == requests[0].header(header)), "{header}");
    }
    assert!(requests.iter().all(|one| one.body == requests[0].body));
    let log = log(&house, made.id).await;
    let attempts: Vec<_> = log[0]
        .attempts
        .iter()
        .map(|attempt| {
            (attempt.number, attempt.status, attempt.error.as_deref(), attempt.response.as_deref())
        })
        .collect();
    assert_eq!(
        attempts,
        [
            (1, Some(500), Some("it answered 500"), Some("oh no")),
            (2, Some(404), Some("it answered 404"), Some("")),
            (3, Some(200), None, Some("")),
        ]
    );
    assert_eq!(log[0].state, DeliveryState::Delivered);
}

async fn a_receiver_that_says_when_is_not_called_before(house: House) {
    let receiver = Receiver::start();
    receiver.answer("/", [Reply::status(429).header("Retry-After", "600")]);
    house.import(&small_house()).await;
    let made = integration(&house, &receiver, "/").await;
    submit(&house, r#"{"answers":{"1":"Ada"}}"#).await;
    work_until_attempted(&house, 1).await;
    assert_eq!(log(&house, made.id).await[0].due_at, instant("2026-06-01T12:10:00Z"));
    house.clock.advance_seconds(600);
    work_until_settled(&house.engine).await;
    assert_eq!(receiver.received().len(), 2);
}

async fn a_webhook_whose_receiver_is_gone_is_deleted(house: House) {
    let receiver = Receiver::start();
    receiver.answer("/gone", [Reply::status(410)]);
    house.import(&small_house()).await;
    hook(&house, &receiver, "/gone", None).await;
    hook(&house, &receiver, "/here", None).await;
    for _ in 0..3 {
        submit(&house, r#"{"answers":{"1":"Ada"}}"#).await;
    }
    work_until_settled(&house.engine).await;
    let paths: Vec<String> = receiver.received().into_iter().map(|received| received.path).collect();
    assert_eq!(paths.iter().filter(|path| *path == "/gone").count(), 1, "{paths:?}");
    assert_eq!(paths.iter().filter(|path| *path == "/here").count(), 3, "{paths:?}");
    let left = house.reader().await.webhooks(&FORM).await.unwrap();
    assert_eq!(left.into_iter().map(|webhook| webhook.url).collect::<Vec<_>>(), [receiver.url("/here")]);
    assert_eq!(house.number("SELECT COUNT(*) FROM deliveries WHERE state = 'disabled'").await, 3);
}

async fn an_integration_whose_receiver_is_gone_is_stopped(house: House) {
    let receiver = Receiver::start();
    receiver.answer("/", [Reply::status(410)]);
    house.import(&small_house()).await;
    let made = integration(&house, &receiver, "/").await;
    for _ in 0..2 {
        submit(&house, r#"{"answers":{"1":"Ada"}}"#).await;
    }
    work_until_settled(&house.engine).await;
    let integrations = house.caller(crate::house::SECRET).await.integrations().unwrap();
    let left = integrations.list(&FORM).await.unwrap();
    assert_eq!((left[0].id, left[0].is_active), (made.id, false));
    submit(&house, r#"{"answers":{"1":"Ada"}}"#).await;
    assert_eq!(house.engine.owed_deliveries().await.unwrap(), 0);
    assert_eq!(receiver.received().len(), 1);
}

async fn what_fails_for_days_is_given_up_and_logged(house: House) {
    let receiver = Receiver::start();
    receiver.answer("/", vec![Reply::status(503); 20]);
    house.import(&small_house()).await;
    let made = integration(&house, &receiver, "/").await;
    submit(&house, r#"{"answers":{"1":"Ada"}}"#).await;
    for attempt in 1..=13 {
        work_until_attempted(&house, attempt).await;
        house.clock.advance_seconds(30 * 3_600);
    }
    let log = log(&house, made.id).await;
    assert_eq!((log[0].state, log[0].attempts.len()), (DeliveryState::Failed, 13));
    assert_eq!(house.engine.owed_deliveries().await.unwrap(), 0);
}

async fn what_failed_lets_later_events_pass(house: House) {
    let receiver = Receiver::start();
    receiver.answer("/", [Reply::status(500)]);
    house.import(&small_house()).await;
    hook(&house, &receiver, "/", None).await;
    for n in 0..3 {
        submit(&house, &format!(r#"{{"answers":{{"1":"{n}"}}}}"#)).await;
    }
    work_until_attempted(&house, 1).await;
    // The subscription rests for a second, the delivery for five.
    house.clock.advance_seconds(2);
    work_until_attempted(&house, 3).await;
    house.clock.advance_seconds(6);
    work_until_settled(&house.engine).await;
    let texts: Vec<String> = receiver.received().iter().map(Received::text).collect();
    let places: Vec<_> =
        (0..3).map(|n| texts.iter().rposition(|text| text.contains(&format!(r#""value":"{n}""#)))).collect();
    assert_eq!(places, [Some(3), Some(1), Some(2)]);
}

async fn a_slow_receiver_holds_nobody_up(house: House) {
    let receiver = Receiver::start();
    receiver.answer("/slow", vec![Reply::silence(); 10]);
    house.import(&small_house()).await;
    hook(&house, &receiver, "/slow", None).await;
    hook(&house, &receiver, "/fast", None).await;
    for _ in 0..5 {
        submit(&house, r#"{"answers":{"1":"Ada"}}"#).await;
    }
    // All to the fast one, while the slow one keeps its first.
    let is_told = |path: &str| receiver.received().iter().filter(|received| received.path == path).count();
    let told = wait_for("the fast one to be told", async || (is_told("/fast") == 5).then_some(()));
    house.engine.work(told).await;
    assert_eq!(is_told("/slow"), 1);
}

async fn an_address_inside_is_not_called(house: House) {
    let receiver = Receiver::start();
    house.import(&small_house()).await;
    let made = integration(&house, &receiver, "/").await;
    let guarded = Settings { deliveries: DeliverySettings::default(), ..house.settings() };
    let engine = house.open(guarded, 2).await;
    submit(&house, r#"{"answers":{"1":"Ada"}}"#).await;
    let attempted = wait_for("the attempt", async || (house.count("attempts").await == 1).then_some(()));
    engine.work(attempted).await;
    let error = log(&house, made.id).await[0].attempts[0].error.clone().unwrap();
    assert_eq!(error, "127.0.0.1 is not on the public network, and the operator does not allow it");
    assert_eq!(receiver.received(), []);

    // Nor is a webhook to there made in the first place.
    let caller = engine.caller(crate::house::SECRET).await.unwrap();
    let new = NewWebhook { url: receiver.url("/"), event: "result_completed".into(), handshake_key: None };
    let refused = caller.forms_writer().unwrap().put_webhook(&FORM, new).await.unwrap_err();
    assert_eq!(refused.message(), format!("url: {error}"));
}

async fn a_redirect_is_not_followed(house: House) {
    let receiver = Receiver::start();
    receiver.answer("/", [Reply::status(302).header("Location", &receiver.url("/elsewhere"))]);
    house.import(&small_house()).await;
    let made = integration(&house, &receiver, "/").await;
    submit(&house, r#"{"answers":{"1":"Ada"}}"#).await;
    work_until_attempted(&house, 1).await;
    assert_eq!(log(&house, made.id).await[0].attempts[0].status, Some(302));
    assert_eq!(receiver.received().len(), 1);
}

async fn a_deleted_webhook_is_sent_nothing(house: House) {
    let receiver = Receiver::start();
    house.import(&small_house()).await;
    hook(&house, &receiver, "/", None).await;
    submit(&house, r#"{"answers":{"1":"Ada"}}"#).await;
    let writer = house.writer().await;
    writer.delete_webhook(&FORM, &receiver.url("/")).await.unwrap();
    assert_eq!(house.engine.owed_deliveries().await.unwrap(), 0);
    let again = writer.delete_webhook(&FORM, &receiver.url("/")).await.unwrap_err();
    assert_eq!(again.message(), "the webhook was not found");
}

async fn old_logs_are_dropped(house: House) {
    let receiver = Receiver::start();
    house.import(&small_house()).await;
    hook(&house, &receiver, "/", None).await;
    submit(&house, r#"{"answers":{"1":"Ada"}}"#).await;
    work_until_settled(&house.engine).await;
    house.clock.advance_seconds(13 * 24 * 3_600);
    house.engine.drop_due().await.unwrap();
    assert_eq!(house.count("deliveries").await, 1);
    house.clock.advance_seconds(2 * 24 * 3_600);
    house.engine.drop_due().await.unwrap();
    assert_eq!((house.count("deliveries").await, house.count("attempts").await), (0, 0));
}
