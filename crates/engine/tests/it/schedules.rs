//! Schedules: when they run, what is delivered, and what becomes of what cannot be.

use crate::house::{House, SECRET};
use crate::samples::{FORM, small_house};
use crate::waiting::wait_for;
use fillhouse_engine::{
    Container, Content, Destination, DestinationSecret, Engine, ExportRequest, FileShape, Filtered,
    NewDestination, ResultOptions, RunState, Schedule, ScheduleDraft, ScheduleRun, Schedules, Wanted,
};
use fillhouse_model::{Clock as _, When};

mod buckets;
mod changes;
mod destinations;
mod retries;
mod takeover;
mod times;

/// The schedules of the account that the tests act for.
pub(crate) async fn schedules(house: &House) -> Schedules {
    house.caller(SECRET).await.schedules().unwrap()
}

/// All finished submissions of [`FORM`], a line each.
fn all_lines() -> ExportRequest {
    let shape = FileShape { content: Content::Results(ResultOptions::lines()), container: Container::Bare };
    ExportRequest { form: FORM, wanted: Wanted::Filtered(Box::default()), shape }
}

fn store() -> NewDestination {
    NewDestination { destination: Destination::Store, secret: None }
}

pub(crate) fn folder(folder: &str) -> NewDestination {
    let destination = Destination::Folder { folder: folder.into(), file_name: None };
    NewDestination { destination, secret: None }
}

pub(crate) fn webhook(url: String) -> NewDestination {
    let secret = Some(DestinationSecret::Signing("a secret of both".into()));
    NewDestination { destination: Destination::Webhook { url }, secret }
}

/// Every hour, everything, to the store.
pub(crate) fn hourly() -> ScheduleDraft {
    ScheduleDraft {
        name: "Every hour".into(),
        when: When::Hourly,
        export: all_lines(),
        asked: r#"{"form":7}"#.into(),
        is_incremental: false,
        destination: store(),
        is_paused: false,
    }
}

pub(crate) async fn made(house: &House, draft: ScheduleDraft) -> Schedule {
    schedules(house).await.create(draft).await.unwrap()
}

/// The runs of a schedule, the first one first.
pub(crate) async fn runs(house: &House, id: &str) -> Vec<ScheduleRun> {
    let mut runs = house.reader().await.schedule_runs(id, None, 100).await.unwrap();
    runs.reverse();
    runs
}

async fn states(house: &House, id: &str) -> Vec<RunState> {
    runs(house, id).await.iter().map(|run| run.state).collect()
}

/// Works until no schedule is due and no run is unfinished.
pub(crate) async fn work_until_run(house: &House, engine: &Engine) {
    let now = house.clock.now().micros();
    let due = format!("SELECT COUNT(*) FROM schedules WHERE next_at <= {now}");
    let settled = wait_for("the schedules to be run", async || {
        let is_settled = house.number(&due).await == 0 && engine.unfinished_runs().await.unwrap() == 0;
        is_settled.then_some(())
    });
    engine.work(settled).await;
}

/// Works until so many attempts of runs have failed.
pub(crate) async fn work_until_tried(house: &House, tries: i64) {
    let failures = wait_for("the attempts", async || {
        let failed = "SELECT CAST(COALESCE(SUM(tries), 0) AS BIGINT) FROM schedule_runs";
        (house.number(failed).await >= tries).then_some(())
    });
    house.engine.work(failures).await;
}
