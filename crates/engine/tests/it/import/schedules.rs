//! Schedules that are dumped and imported: they are the same, with their secrets, and owe what they owed.

use super::ended_at;
use crate::clock::instant;
use crate::deliveries::submit;
use crate::house::House;
use crate::samples::{lines, plain, small_house};
use crate::schedules::{folder, hourly, made, runs, schedules, webhook, work_until_run, work_until_tried};
use crate::spread::plain_form;
use fillhouse_engine::{ScheduleDraft, ScheduleEdit};
use fillhouse_model::When;
use fillhouse_testkit::{Receiver, Reply};

on_both!(
    schedules_go_there_and_back_through_the_other_database,
    a_secret_is_of_use_where_it_was_imported,
    what_was_delivered_is_not_delivered_again,
    what_is_not_of_the_dump_was_never_delivered,
    a_run_that_is_owed_is_made_where_it_was_imported,
    a_schedule_that_is_there_stays_as_far_as_it_is,
    what_a_schedule_refers_to_must_be_there,
);

fn incremental() -> ScheduleDraft {
    ScheduleDraft { is_incremental: true, ..hourly() }
}

async fn schedules_go_there_and_back_through_the_other_database(house: House) {
    house.import(&small_house()).await;
    submit(&house, r#"{"answers":{"1":"Ada"}}"#).await;
    let hook = webhook("https://example.com/exports".into());
    let cron = When::Cron("30 2 * * 1-5".into());
    made(&house, ScheduleDraft { destination: hook, when: cron, ..incremental() }).await;
    made(&house, ScheduleDraft { destination: folder("reports"), ..hourly() }).await;
    made(&house, ScheduleDraft { is_paused: true, ..incremental() }).await;
    let spaced = ScheduleDraft { asked: r#"{ "form" : 7.0 }"#.into(), ..hourly() };
    let running = made(&house, spaced).await;
    schedules(&house).await.run(&running.id).await.unwrap();
    // The clocks are others by now, and nobody has looked at the schedules since.
    house
        .import(r#"{"kind":"account","id":1,"user_dir":"acme","name":"Acme","timezone":"Asia/Kolkata"}"#)
        .await;
    let dumped = house.dump().await;
    let there = house.other_kind().await;
    there.import(&dumped).await;
    let back = house.another().await;
    back.import(&there.dump().await).await;
    assert_eq!(there.dump().await, dumped);
    assert_eq!(back.dump().await, dumped);
    for (line, says) in [
        // With its secret, and at half past two in Kolkata.
        ("https://example.com", r#","secret":"a secret of both"},"next_at":"2026-06-01T21:00:00Z","#),
        // At the next full hour there.
        (r#""folder":"reports""#, r#""next_at":"2026-06-01T12:30:00Z","#),
        (r#""paused""#, r#""paused":true,"created_at""#),
        // It was begun just now, and nobody has ended it.
        (
            &running.id,
            r#""asked":{"form":7.0},"destination":{"kind":"store"},"next_at":"2026-06-01T12:00:00Z""#,
        ),
    ] {
        let found = house.dumped(line).await;
        assert!(found.len() == 1 && found[0].contains(says), "{found:?}");
    }
}

async fn a_secret_is_of_use_where_it_was_imported(house: House) {
    let receiver = Receiver::start();
    house.import(&small_house()).await;
    let made = made(&house, ScheduleDraft { destination: webhook(receiver.url("/")), ..hourly() }).await;
    let other = house.another().await;
    // It has a key of its own before anything comes.
    other.import(&small_house()).await;
    crate::schedules::made(&other, ScheduleDraft { destination: webhook(receiver.url("/")), ..hourly() })
        .await;
    other.import(&house.dump().await).await;
    for house in [&house, &other] {
        schedules(house).await.run(&made.id).await.unwrap();
        work_until_run(house, &house.engine).await;
    }
    let posts = receiver.received();
    assert_eq!(posts.len(), 2);
    assert!(posts.iter().all(|post| !post.header("x-webhook-signature").is_empty()));
}

async fn what_was_delivered_is_not_delivered_again(house: House) {
    house.import(&small_house()).await;
    submit(&house, r#"{"answers":{"1":"Ada"}}"#).await;
    submit(&house, r#"{"answers":{"1":"Grace"}}"#).await;
    let made = made(&house, incremental()).await;
    let before = house.dump().await;
    assert!(!before.contains(r#""delivered":true"#), "{before}");
    house.clock.advance_seconds(3_600);
    work_until_run(&house, &house.engine).await;
    let dumped = house.dump().await;
    assert!(dumped.contains(r#""delivered":true"#), "{dumped}");
    let there = house.other_kind().await;
    there.import(&dumped).await;
    assert_eq!(there.dump().await, dumped);
    submit(&there, r#"{"answers":{"1":"Lin"}}"#).await;
    there.clock.advance_seconds(7_200);
    work_until_run(&there, &there.engine).await;
    let rows: Vec<_> = runs(&there, &made.id).await.into_iter().map(|run| run.rows).collect();
    assert_eq!(rows, [Some(1)], "and the runs of before stay where they were");
    submit(&house, r#"{"answers":{"1":"Lin"}}"#).await;
    assert!(!house.dump().await.contains(r#""delivered":true"#), "what is new was not delivered");
}

async fn what_is_not_of_the_dump_was_never_delivered(house: House) {
    house.import(&small_house()).await;
    submit(&house, r#"{"answers":{"1":"Ada"}}"#).await;
    let made = made(&house, incremental()).await;
    house.clock.advance_seconds(3_600);
    work_until_run(&house, &house.engine).await;
    let there = house.another().await;
    let own = plain(500, "2026-04-01T00:00:00Z");
    there.import(&(small_house() + &lines(&plain_form(), &[own]))).await;
    there.import(&house.dump().await).await;
    there.clock.advance_seconds(7_200);
    work_until_run(&there, &there.engine).await;
    assert_eq!(runs(&there, &made.id).await[0].rows, Some(2));
}

async fn a_run_that_is_owed_is_made_where_it_was_imported(house: House) {
    let receiver = Receiver::start();
    receiver.answer("/", [Reply::status(500)]);
    house.import(&small_house()).await;
    let made = made(&house, ScheduleDraft { destination: webhook(receiver.url("/")), ..hourly() }).await;
    house.clock.advance_seconds(3_600);
    work_until_tried(&house, 1).await;
    let dumped = house.dump().await;
    assert!(dumped.contains(r#""next_at":"2026-06-01T13:00:00Z""#), "{dumped}");
    let there = house.another().await;
    there.import(&dumped).await;
    assert_eq!(there.dump().await, dumped);
    there.clock.advance_seconds(3_601);
    work_until_run(&there, &there.engine).await;
    assert_eq!(receiver.received().len(), 2);
    assert_eq!(runs(&there, &made.id).await[0].due_at, instant("2026-06-01T13:00:00Z"));
}

async fn a_schedule_that_is_there_stays_as_far_as_it_is(house: House) {
    house.import(&small_house()).await;
    submit(&house, r#"{"answers":{"1":"Ada"}}"#).await;
    let made = made(&house, incremental()).await;
    house.clock.advance_seconds(3_600);
    work_until_run(&house, &house.engine).await;
    let dumped = house.dump().await;
    submit(&house, r#"{"answers":{"1":"Grace"}}"#).await;
    let cursor = "SELECT delivered_seq, next_at, revision FROM schedules";
    let before = house.database.rows(cursor).await;
    house.clock.advance_seconds(60);
    let line = dumped.lines().find(|line| line.contains(r#""kind":"schedule""#)).unwrap();
    assert_eq!(house.import(&dumped).await.by_kind["schedule"], [0, 0, 1]);
    let renamed = line.replace("Every hour", "Each hour");
    assert_eq!(house.import(&renamed).await.by_kind["schedule"], [0, 1, 0]);
    assert_eq!(house.import(&renamed).await.by_kind["schedule"], [0, 0, 1]);
    assert_eq!(house.database.rows(cursor).await, before);
    house.clock.advance_seconds(3_600);
    work_until_run(&house, &house.engine).await;
    assert_eq!(runs(&house, &made.id).await[1].rows, Some(1));
    // Who asks for something else is given all of it, as by the API.
    let all = line.replace(r#""include_incomplete":false"#, r#""include_incomplete":true"#);
    assert_ne!(all, line);
    assert_eq!(house.import(&all).await.by_kind["schedule"], [0, 1, 0]);
    house.clock.advance_seconds(3_600);
    work_until_run(&house, &house.engine).await;
    assert_eq!(runs(&house, &made.id).await[2].rows, Some(2));
    let pause = ScheduleEdit { is_paused: Some(true), ..ScheduleEdit::default() };
    schedules(&house).await.change(&made.id, pause).await.unwrap();
    assert_eq!(house.import(&renamed).await.by_kind["schedule"], [0, 1, 0]);
    let resumed = house.reader().await.schedule(&made.id).await.unwrap();
    assert_eq!(resumed.next_at, Some(instant("2026-06-01T16:00:00Z")), "what was missed in a pause stays so");
}

async fn what_a_schedule_refers_to_must_be_there(house: House) {
    house.import(&small_house()).await;
    made(&house, ScheduleDraft { when: When::Cron("0 6 * * 1".into()), ..hourly() }).await;
    let line = house.dumped(r#""kind":"schedule""#).await.swap_remove(0);
    let other = r#"{"kind":"form","id":8,"account_id":2,"shortname":"form_00000008","directory":"d","slug":"s","name":"N","state":"open","items":[]}"#;
    house.import(other).await;
    for (from, to, says) in [
        (r#""form_id":7"#, r#""form_id":9"#, "form_id: form 9 does not exist"),
        (r#""form_id":7,"user_id":11"#, r#""form_id":8,"user_id":21"#, "form_id: is not of account 1"),
        (r#""user_id":11"#, r#""user_id":21"#, "user_id: user 21 does not exist in the account"),
        ("0 6 * * 1", "0 6 31 2 *", "when.cron: is of a time that never comes"),
        (r#""name":"Every hour""#, r#""name":" ""#, "name: is not 1 to 200"),
    ] {
        assert!(line.contains(from), "{from} is not in {line}");
        let imported = house.try_import(line.replace(from, to).as_bytes(), false).await;
        assert!(ended_at(&imported).starts_with(&format!("lines:1: {says}")), "{}", ended_at(&imported));
    }
    assert_eq!(house.dumped(r#""kind":"schedule""#).await, [line]);
}
