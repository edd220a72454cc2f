//! What fails, and is tried again until that was long enough.

use super::*;
use crate::clock::instant;
use crate::deliveries::submit;
use fillhouse_engine::ScheduleEdit;
use fillhouse_testkit::{Receiver, Reply};

on_both!(
    what_fails_is_tried_again_later_and_then_shown,
    the_next_time_takes_the_place_of_one_that_keeps_failing,
    what_cannot_become_better_is_not_tried_again,
    a_receiver_that_is_gone_pauses_its_schedule,
    an_export_that_was_cancelled_is_not_asked_for_again,
    what_was_not_delivered_is_in_the_next_file,
);

/// Posts to a path of the receiver once a week, so that no other time comes in between.
fn weekly(receiver: &Receiver, path: &str) -> ScheduleDraft {
    let when = When::Cron("0 13 * * 1".into());
    ScheduleDraft { when, destination: webhook(receiver.url(path)), ..hourly() }
}

async fn what_fails_is_tried_again_later_and_then_shown(house: House) {
    let receiver = Receiver::start();
    receiver.answer("/", (0..13).map(|_| Reply::status(503)).collect::<Vec<_>>());
    house.import(&small_house()).await;
    let made = made(&house, weekly(&receiver, "/")).await;
    house.clock.set("2026-06-08T11:00:00Z");
    let mut again = Vec::new();
    for tries in 1..=13 {
        work_until_tried(&house, tries).await;
        let run = runs(&house, &made.id).await.pop().unwrap();
        assert_eq!(run.error.as_deref(), Some("it answered 503"));
        assert_eq!(run.attempt, if tries == 13 { 13 } else { tries + 1 });
        if let Some(at) = run.again_at {
            again.push(at.micros() - house.clock.now().micros());
            house.clock.advance_micros(again[again.len() - 1]);
        }
    }
    let hours: i64 = again.iter().sum::<i64>() / 3_600_000_000;
    assert!(again.len() == 12 && (55..90).contains(&hours), "{again:?}");
    let run = runs(&house, &made.id).await.pop().unwrap();
    assert_eq!((run.state, run.again_at, run.finished_at), (RunState::Failed, None, Some(house.clock.now())));
    // The same news, until the file had expired and there was another one.
    let ids: Vec<_> = receiver.received().iter().map(|one| one.header("webhook-id").to_owned()).collect();
    assert_eq!(ids, vec![run.id; 13]);
    assert!(house.count("jobs").await > 1);
    house.clock.set("2026-06-15T11:00:00Z");
    work_until_run(&house, &house.engine).await;
    assert_eq!(states(&house, &made.id).await, [RunState::Failed, RunState::Delivered]);
}

async fn the_next_time_takes_the_place_of_one_that_keeps_failing(house: House) {
    let receiver = Receiver::start();
    receiver.answer("/", [Reply::status(500)]);
    house.import(&small_house()).await;
    let draft = ScheduleDraft { destination: webhook(receiver.url("/")), ..hourly() };
    let made = made(&house, draft).await;
    house.clock.advance_seconds(3_600);
    work_until_tried(&house, 1).await;
    house.clock.advance_seconds(3_600);
    work_until_run(&house, &house.engine).await;
    let runs = runs(&house, &made.id).await;
    assert_eq!(runs.iter().map(|run| run.state).collect::<Vec<_>>(), [RunState::Failed, RunState::Delivered]);
    assert_eq!(runs[0].error.as_deref(), Some("it was the next run's turn before it was tried again"));
    assert_eq!(receiver.received().len(), 2);
}

async fn what_cannot_become_better_is_not_tried_again(house: House) {
    house.import(&small_house()).await;
    let content = Content::Table(fillhouse_engine::TableOptions {
        columns: Some(vec!["id".into(), "1".into()]),
        ..fillhouse_engine::TableOptions::default()
    });
    let shape = FileShape { content, container: Container::Bare };
    let draft = ScheduleDraft { export: ExportRequest { shape, ..all_lines() }, ..hourly() };
    let made = made(&house, draft).await;
    // The column is of an item that the form has no more.
    house.import_text(small_house().replace(r#""id":"1""#, r#""id":"2""#)).await;
    house.clock.advance_seconds(3_600);
    work_until_run(&house, &house.engine).await;
    let run = runs(&house, &made.id).await.pop().unwrap();
    assert_eq!((run.state, run.attempt, run.export_id), (RunState::Failed, 1, None));
    assert!(run.error.unwrap().starts_with("columns"));
}

async fn a_receiver_that_is_gone_pauses_its_schedule(house: House) {
    let receiver = Receiver::start();
    receiver.answer("/", [Reply::status(410)]);
    house.import(&small_house()).await;
    let made = made(&house, ScheduleDraft { destination: webhook(receiver.url("/")), ..hourly() }).await;
    house.clock.advance_seconds(3_600);
    work_until_run(&house, &house.engine).await;
    let schedule = house.reader().await.schedule(&made.id).await.unwrap();
    assert_eq!((schedule.is_paused, schedule.next_at), (true, None));
    let run = schedule.last_run.unwrap();
    assert_eq!((run.state, run.error.as_deref()), (RunState::Failed, Some("it answered 410: it is gone")));
}

async fn an_export_that_was_cancelled_is_not_asked_for_again(house: House) {
    house.import(&small_house()).await;
    let made = made(&house, hourly()).await;
    house.clock.advance_seconds(3_600);
    work_until_run(&house, &house.engine).await;
    house.database.rows("UPDATE schedule_runs SET finished_at = NULL, state = 'exporting'").await;
    house.database.rows("UPDATE jobs SET state = 'cancelled'").await;
    work_until_run(&house, &house.engine).await;
    let run = runs(&house, &made.id).await.pop().unwrap();
    assert_eq!((run.state, run.error.as_deref()), (RunState::Failed, Some("the export was cancelled")));
    assert_eq!(house.count("jobs").await, 1);
}

/// What a receiver was told of, each with how many rows it has.
fn news(receiver: &Receiver) -> Vec<(String, i64)> {
    let each = receiver.received().into_iter().map(|one| {
        let body: serde_json::Value = serde_json::from_slice(&one.body).unwrap();
        (body["mode"].as_str().unwrap().to_owned(), body["rows"].as_i64().unwrap())
    });
    each.collect()
}

async fn what_was_not_delivered_is_in_the_next_file(house: House) {
    let receiver = Receiver::start();
    house.import(&small_house()).await;
    submit(&house, r#"{"answers":{"1":"Ada"}}"#).await;
    let destination = webhook(receiver.url("/"));
    let made = made(&house, ScheduleDraft { is_incremental: true, destination, ..hourly() }).await;
    for (name, reply) in [("Grace", 200), ("Zoë", 500), ("Lin", 200), ("", 200)] {
        receiver.answer("/", [Reply::status(reply)]);
        house.clock.advance_seconds(3_600);
        if reply == 200 {
            work_until_run(&house, &house.engine).await;
        } else {
            work_until_tried(&house, 1).await;
        }
        if !name.is_empty() {
            submit(&house, &format!(r#"{{"answers":{{"1":"{name}"}}}}"#)).await;
        }
    }
    let of = |mode: &str, rows| (mode.to_owned(), rows);
    // The second was not taken, so that what it had is in the third, too.
    assert_eq!(
        news(&receiver),
        [of("full", 1), of("incremental", 1), of("incremental", 2), of("incremental", 1)]
    );
    // Who asks for something else is given all of it.
    let change =
        ScheduleEdit { export: Some((all_lines_with_unfinished(), "{}".into())), ..ScheduleEdit::default() };
    schedules(&house).await.change(&made.id, change).await.unwrap();
    house.clock.advance_seconds(3_600);
    work_until_run(&house, &house.engine).await;
    assert_eq!(news(&receiver).pop(), Some(of("full", 4)));
    assert_eq!(house.clock.now(), instant("2026-06-01T17:00:00Z"));
}

fn all_lines_with_unfinished() -> ExportRequest {
    let filtered = Filtered { include_incomplete: true, ..Filtered::default() };
    ExportRequest { wanted: Wanted::Filtered(Box::new(filtered)), ..all_lines() }
}
