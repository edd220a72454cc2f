//! Tests of subscriptions, and what is sent once more.

use super::*;
use fillhouse_engine::FormSubscription;
use fillhouse_model::ErrorKind;

on_both!(a_test_is_sent_to_one_alone, what_is_sent_once_more_is_the_same_under_another_id,);

async fn a_test_is_sent_to_one_alone(house: House) {
    let receiver = Receiver::start();
    house.import(&small_house()).await;
    hook(&house, &receiver, "/hook", Some("word")).await;
    let other = integration(&house, &receiver, "/in").await;
    let hooks = house.caller(crate::house::SECRET).await.integrations().unwrap();
    let all = hooks.subscriptions(&FORM).await.unwrap();
    let hook = all.iter().find(|one| matches!(one, FormSubscription::Webhook(..))).unwrap().id();
    let error = hooks.send_test(&FORM, hook).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Conflict, "there is nothing to send");
    submit(&house, r#"{"answers":{"1":"Ada"}}"#).await;
    work_until_settled(&house.engine).await;
    let before = receiver.received();
    hooks.send_test(&FORM, hook).await.unwrap();
    work_until_settled(&house.engine).await;
    let after = receiver.received();
    assert_eq!(after.len(), before.len() + 1);
    let (real, test) = (before.iter().find(|one| one.path == "/hook").unwrap(), after.last().unwrap());
    assert_eq!((test.path.as_str(), test.text()), ("/hook", real.text()));
    assert_eq!((test.header("webhook-test"), real.header("webhook-test")), ("true", ""));
    assert_ne!(test.header("webhook-id"), real.header("webhook-id"));
    assert_eq!(hooks.deliveries(&FORM, hook).await.unwrap().len(), 2);
    assert_eq!(hooks.deliveries(&FORM, other.id).await.unwrap().len(), 1);
}

async fn what_is_sent_once_more_is_the_same_under_another_id(house: House) {
    let receiver = Receiver::start();
    house.import(&small_house()).await;
    let hook = integration(&house, &receiver, "/in").await;
    submit(&house, r#"{"answers":{"1":"Ada"}}"#).await;
    work_until_settled(&house.engine).await;
    let hooks = house.caller(crate::house::SECRET).await.integrations().unwrap();
    let sent = hooks.deliveries(&FORM, hook.id).await.unwrap();
    hooks.send_again(&FORM, hook.id, &sent[0].id).await.unwrap();
    work_until_settled(&house.engine).await;
    let [first, second] = &receiver.received()[..] else { panic!("two were received") };
    assert_eq!((first.text(), first.header("webhook-test")), (second.text(), ""));
    assert_ne!(first.header("webhook-id"), second.header("webhook-id"));
    assert_eq!(hooks.deliveries(&FORM, hook.id).await.unwrap().len(), 2);
    let missing = hooks.send_again(&FORM, hook.id, "none").await.unwrap_err();
    assert_eq!(missing.kind(), ErrorKind::NotFound);
}
