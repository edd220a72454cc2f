//! When schedules run.

use super::*;
use crate::clock::instant;
use fillhouse_model::ErrorKind;
use jiff::civil::time;

on_both!(
    a_schedule_runs_when_it_is_due,
    what_was_missed_is_made_up_once,
    two_workers_run_each_time_once,
    the_clocks_are_those_of_the_form_else_of_the_account,
    a_run_that_is_under_way_is_not_overtaken,
    whoever_wants_one_now_has_it_beside_its_times,
);

async fn a_schedule_runs_when_it_is_due(house: House) {
    house.import(&small_house()).await;
    let daily = ScheduleDraft { when: When::Daily { at: time(6, 0, 0, 0) }, ..hourly() };
    let made = made(&house, daily).await;
    // Six o'clock in Berlin.
    assert_eq!(made.next_at, Some(instant("2026-06-02T04:00:00Z")));
    house.clock.set("2026-06-02T03:59:59.999999Z");
    work_until_run(&house, &house.engine).await;
    assert_eq!(runs(&house, &made.id).await, []);
    house.clock.set("2026-06-02T04:00:00Z");
    work_until_run(&house, &house.engine).await;
    let schedule = house.reader().await.schedule(&made.id).await.unwrap();
    assert_eq!(schedule.next_at, Some(instant("2026-06-03T04:00:00Z")));
    let run = schedule.last_run.unwrap();
    assert_eq!((run.state, run.is_manual, run.attempt, &run.error), (RunState::Delivered, false, 1, &None));
    assert_eq!((run.due_at, run.delivered_to.as_deref()), (instant("2026-06-02T04:00:00Z"), Some("store")));
    let export = house.reader().await.follow_export(&run.export_id.unwrap()).await.unwrap();
    assert!(export.has_ended());
}

async fn what_was_missed_is_made_up_once(house: House) {
    house.import(&small_house()).await;
    let made = made(&house, hourly()).await;
    // Nobody was there at five, six, … and ten.
    house.clock.set("2026-06-01T22:20:00Z");
    work_until_run(&house, &house.engine).await;
    let runs = runs(&house, &made.id).await;
    assert_eq!(runs.len(), 1);
    assert_eq!((runs[0].state, runs[0].due_at), (RunState::Delivered, instant("2026-06-01T13:00:00Z")));
    let schedule = house.reader().await.schedule(&made.id).await.unwrap();
    assert_eq!(schedule.next_at, Some(instant("2026-06-01T23:00:00Z")));
}

async fn two_workers_run_each_time_once(house: House) {
    const SCHEDULES: i64 = 12;
    house.import(&small_house()).await;
    for _ in 0..SCHEDULES {
        made(&house, hourly()).await;
    }
    let others = fillhouse_engine::Settings { owner: "other".into(), ..house.settings() };
    let other = house.open(others, 2).await;
    let working = tokio::spawn(async move { other.work(std::future::pending()).await });
    for hour in 1..=3 {
        house.clock.advance_seconds(3_600);
        work_until_run(&house, &house.engine).await;
        assert_eq!(house.count("schedule_runs").await, SCHEDULES * hour);
        assert_eq!(house.count("jobs").await, SCHEDULES * hour);
    }
    working.abort();
    assert_eq!(house.number("SELECT COUNT(*) FROM schedule_runs WHERE state = 'delivered'").await, 36);
}

async fn the_clocks_are_those_of_the_form_else_of_the_account(house: House) {
    house.import(&small_house()).await;
    let daily = ScheduleDraft { when: When::Daily { at: time(6, 0, 0, 0) }, ..hourly() };
    let made = made(&house, daily).await;
    assert_eq!(made.zone, "Europe/Berlin");
    let moved = small_house().replace(r#""name":"Form 7""#, r#""name":"Form 7","timezone":"Asia/Tokyo""#);
    assert_ne!(moved, small_house());
    house.import_text(moved).await;
    // Nine hours before that of UTC, and so before that of Berlin.
    house.clock.set("2026-06-01T21:00:00Z");
    let schedule = house.reader().await.schedule(&made.id).await.unwrap();
    assert_eq!((schedule.zone.as_str(), schedule.next_at), ("Asia/Tokyo", made.next_at));
    let begun = wait_for("the time to be another", async || {
        let found = house.reader().await.schedule(&made.id).await.unwrap();
        (found.next_at != made.next_at).then_some(())
    });
    house.engine.work(begun).await;
    let schedule = house.reader().await.schedule(&made.id).await.unwrap();
    assert_eq!(schedule.next_at, Some(instant("2026-06-02T21:00:00Z")));
}

async fn a_run_that_is_under_way_is_not_overtaken(house: House) {
    house.import(&small_house()).await;
    let made = made(&house, hourly()).await;
    house.clock.advance_seconds(3_600);
    work_until_run(&house, &house.engine).await;
    house.clock.advance_seconds(3_600);
    // As if its export were still being made, which takes until after the next times.
    house.database.rows("UPDATE schedules SET next_at = 1").await;
    house.database.rows("UPDATE schedule_runs SET finished_at = NULL, state = 'exporting'").await;
    house.database.rows("UPDATE jobs SET state = 'running', lease_until = 9000000000000000").await;
    let looked =
        wait_for("a worker to look", async || (house.engine.readiness().await.worker.is_ok()).then_some(()));
    house.engine.work(looked).await;
    assert_eq!(states(&house, &made.id).await, [RunState::Exporting]);
    house.clock.advance_seconds(3_600);
    house.database.rows("UPDATE jobs SET state = 'completed'").await;
    work_until_run(&house, &house.engine).await;
    assert_eq!(states(&house, &made.id).await, [RunState::Delivered; 2]);
}

async fn whoever_wants_one_now_has_it_beside_its_times(house: House) {
    house.import(&small_house()).await;
    let made = made(&house, ScheduleDraft { is_paused: true, ..hourly() }).await;
    assert_eq!((made.next_at, made.last_run), (None, None));
    let schedules = schedules(&house).await;
    let run = schedules.run(&made.id).await.unwrap();
    assert_eq!((run.state, run.is_manual, run.due_at), (RunState::Waiting, true, house.clock.now()));
    // One at a time.
    assert_eq!(schedules.run(&made.id).await.unwrap_err().kind(), ErrorKind::Conflict);
    work_until_run(&house, &house.engine).await;
    assert_eq!(states(&house, &made.id).await, [RunState::Delivered]);
    house.clock.advance_seconds(1);
    schedules.run(&made.id).await.unwrap();
    work_until_run(&house, &house.engine).await;
    assert_eq!(states(&house, &made.id).await, [RunState::Delivered; 2]);
    // It is still not due by itself.
    house.clock.advance_seconds(7_200);
    work_until_run(&house, &house.engine).await;
    assert_eq!(house.count("schedule_runs").await, 2);
    assert_eq!(schedules.run("nothing").await.unwrap_err().kind(), ErrorKind::NotFound);
}
