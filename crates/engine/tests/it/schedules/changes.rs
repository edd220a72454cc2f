//! Making, changing and deleting schedules.

use super::*;
use crate::clock::instant;
use crate::house::OTHER_SECRET;
use fillhouse_engine::{ColumnOptions, Error, ScheduleEdit, ScheduleList, TableOptions};
use fillhouse_model::ErrorKind;
use fillhouse_testkit::{Receiver, Reply};

on_both!(
    what_could_not_be_exported_or_delivered_is_refused,
    a_schedule_is_found_by_its_account_alone,
    a_paused_schedule_does_nothing_more,
    another_destination_is_tried_at_once,
    a_schedule_goes_with_its_runs,
    a_form_that_is_deleted_takes_its_schedules,
    old_runs_are_dropped_but_for_the_last,
);

fn fault(error: &Error) -> String {
    error.faults().first().map(ToString::to_string).unwrap_or_default()
}

async fn what_could_not_be_exported_or_delivered_is_refused(house: House) {
    house.import(&small_house()).await;
    let refused =
        async |draft: ScheduleDraft| fault(&schedules(&house).await.create(draft).await.unwrap_err());
    let cron = |line: &str| ScheduleDraft { when: When::Cron(line.into()), ..hourly() };
    assert!(refused(cron("0 0 31 2 *")).await.starts_with("when.cron"));
    assert!(refused(ScheduleDraft { name: " ".into(), ..hourly() }).await.starts_with("name"));
    let table =
        Content::Table(TableOptions { columns: Some(vec!["none".into()]), ..TableOptions::default() });
    let shape = FileShape { content: table, container: Container::Bare };
    let export = ExportRequest { shape, ..all_lines() };
    assert!(refused(ScheduleDraft { export, ..hourly() }).await.starts_with("export.columns"));
    let few = ColumnOptions { columns: Some(vec!["id".into()]), ..ColumnOptions::default() };
    let shape = FileShape { content: Content::Workbook(few), container: Container::Bare };
    let export = ExportRequest { shape, ..all_lines() };
    let draft = ScheduleDraft { export, ..hourly() };
    schedules(&house).await.create(draft.clone()).await.unwrap();
    assert!(refused(ScheduleDraft { is_incremental: true, ..draft }).await.starts_with("export.columns"));
    assert!(
        refused(ScheduleDraft { destination: folder("../x"), ..hourly() })
            .await
            .starts_with("destination.folder")
    );
    let private = webhook("http://10.0.0.1/".into());
    assert!(refused(ScheduleDraft { destination: private, ..hourly() }).await.starts_with("destination.url"));
}

async fn a_schedule_is_found_by_its_account_alone(house: House) {
    house.import(&small_house()).await;
    let made = made(&house, hourly()).await;
    let other = house.caller(OTHER_SECRET).await;
    let (reader, schedules) = (other.forms_reader().unwrap(), other.schedules().unwrap());
    assert_eq!(reader.schedules(ScheduleList { limit: 10, ..ScheduleList::default() }).await.unwrap(), []);
    for error in [
        reader.schedule(&made.id).await.map(drop),
        reader.schedule_runs(&made.id, None, 10).await.map(drop),
        schedules.change(&made.id, ScheduleEdit::default()).await.map(drop),
        schedules.run(&made.id).await.map(drop),
        schedules.delete(&made.id).await,
        schedules.create(hourly()).await.map(drop),
    ] {
        assert_eq!(error.unwrap_err().kind(), ErrorKind::NotFound);
    }
    let own = house.reader().await.schedules(ScheduleList { limit: 10, ..ScheduleList::default() }).await;
    assert_eq!(own.unwrap(), [made]);
}

async fn a_paused_schedule_does_nothing_more(house: House) {
    let receiver = Receiver::start();
    receiver.answer("/", [Reply::status(500)]);
    house.import(&small_house()).await;
    let made = made(&house, ScheduleDraft { destination: webhook(receiver.url("/")), ..hourly() }).await;
    house.clock.advance_seconds(3_600);
    work_until_tried(&house, 1).await;
    let schedules = schedules(&house).await;
    let pause = |is_paused| ScheduleEdit { is_paused: Some(is_paused), ..ScheduleEdit::default() };
    let paused = schedules.change(&made.id, pause(true)).await.unwrap();
    assert_eq!((paused.is_paused, paused.next_at), (true, None));
    let run = paused.last_run.unwrap();
    assert_eq!((run.state, run.error.as_deref()), (RunState::Failed, Some("the schedule was paused")));
    house.clock.advance_seconds(36_000);
    work_until_run(&house, &house.engine).await;
    assert_eq!(receiver.received().len(), 1);
    // What would have been meanwhile is not made up.
    let resumed = schedules.change(&made.id, pause(false)).await.unwrap();
    assert_eq!(resumed.next_at, Some(instant("2026-06-02T00:00:00Z")));
}

async fn another_destination_is_tried_at_once(house: House) {
    let receiver = Receiver::start();
    receiver.answer("/wrong", [Reply::status(500)]);
    house.import(&small_house()).await;
    let made = made(&house, ScheduleDraft { destination: webhook(receiver.url("/wrong")), ..hourly() }).await;
    house.clock.advance_seconds(3_600);
    work_until_tried(&house, 1).await;
    let right =
        ScheduleEdit { destination: Some(webhook(receiver.url("/right"))), ..ScheduleEdit::default() };
    let changed = schedules(&house).await.change(&made.id, right).await.unwrap();
    assert_eq!(changed.destination, Destination::Webhook { url: receiver.url("/right") });
    work_until_run(&house, &house.engine).await;
    assert_eq!(states(&house, &made.id).await, [RunState::Delivered]);
    assert_eq!((receiver.received()[1].path.as_str(), house.count("jobs").await), ("/right", 1));
}

async fn a_schedule_goes_with_its_runs(house: House) {
    house.import(&small_house()).await;
    let made = made(&house, hourly()).await;
    schedules(&house).await.run(&made.id).await.unwrap();
    schedules(&house).await.delete(&made.id).await.unwrap();
    work_until_run(&house, &house.engine).await;
    assert_eq!((house.count("schedules").await, house.count("schedule_runs").await), (0, 0));
    assert_eq!(schedules(&house).await.delete(&made.id).await.unwrap_err().kind(), ErrorKind::NotFound);
}

async fn a_form_that_is_deleted_takes_its_schedules(house: House) {
    house.import(&small_house()).await;
    let made = made(&house, hourly()).await;
    schedules(&house).await.run(&made.id).await.unwrap();
    house.writer().await.delete_form(&FORM).await.unwrap();
    house.clock.advance_seconds(3_600);
    work_until_run(&house, &house.engine).await;
    assert_eq!((house.count("schedules").await, house.count("schedule_runs").await), (0, 0));
    assert_eq!(schedules(&house).await.create(hourly()).await.unwrap_err().kind(), ErrorKind::NotFound);
}

async fn old_runs_are_dropped_but_for_the_last(house: House) {
    house.import(&small_house()).await;
    let made = made(&house, hourly()).await;
    for _ in 0..3 {
        house.clock.advance_seconds(3_600);
        work_until_run(&house, &house.engine).await;
    }
    let last = runs(&house, &made.id).await.pop().unwrap();
    house.clock.advance_seconds(91 * 24 * 3_600);
    house.engine.drop_due().await.unwrap();
    assert_eq!(runs(&house, &made.id).await, [last]);
}
