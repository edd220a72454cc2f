//! A schedule and its runs as they are shown.
//!
//! Guarantees: every member of a schedule and of a run is always there; what there is nothing to say of is null. What it takes
//! to be let in at a destination is not among them.
//!
//! Must not know: how a run comes to its state.

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use fillhouse_engine::{Destination, RunState, Schedule, ScheduleRun};
use fillhouse_model::{Fault, Timestamp, WEEKDAYS, When, clock};
use jiff::civil::Time;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::body::Mode;

/// A schedule.
#[derive(Serialize, ToSchema)]
pub(in super::super) struct ShownSchedule {
    id: String,
    form_id: i64,
    name: String,
    when: ShownWhen,
    /// By the clocks of which time zone it is due: that of the form, else of the account.
    timezone: String,
    /// What is exported, as it was asked for
    #[schema(value_type = Object)]
    export: Value,
    /// `full`, or `incremental`: only what has changed since the last file that was delivered
    mode: &'static str,
    destination: ShownDestination,
    paused: bool,
    next_run_at: Option<String>,
    created_at: String,
    updated_at: String,
    /// Its latest run.
    last_run: Option<ShownRun>,
}

/// When a schedule is due.
#[derive(Serialize, ToSchema)]
struct ShownWhen {
    #[serde(skip_serializing_if = "Option::is_none")]
    every: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    on: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    at: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cron: Option<String>,
}

/// Where the files of a schedule go.
#[derive(Default, Serialize, ToSchema)]
struct ShownDestination {
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    folder: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    file_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    bucket: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    prefix: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    endpoint: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    region: Option<String>,
    /// Whether posts are signed, or keys are kept
    #[serde(skip_serializing_if = "Option::is_none")]
    has_secret: Option<bool>,
}

/// A run of a schedule.
#[derive(Serialize, ToSchema)]
pub(in super::super) struct ShownRun {
    id: String,
    /// `waiting`, `exporting`, `delivered` or `failed`
    state: &'static str,
    /// Whether somebody ran it beside its times.
    manual: bool,
    due_at: String,
    started_at: Option<String>,
    finished_at: Option<String>,
    export_id: Option<String>,
    /// `full` or `incremental`, once the export was asked for.
    mode: Option<&'static str>,
    rows: Option<i64>,
    size_bytes: Option<i64>,
    file_name: Option<String>,
    /// Where the file is.
    delivered_to: Option<String>,
    /// The number of the attempt that is under way, or was the last.
    attempt: i64,
    /// Why the last attempt failed.
    error: Option<String>,
    next_retry_at: Option<String>,
}

impl From<Schedule> for ShownSchedule {
    fn from(schedule: Schedule) -> Self {
        Self {
            form_id: schedule.form_id.0,
            when: (&schedule.when).into(),
            timezone: schedule.zone,
            export: serde_json::from_str(&schedule.asked).unwrap_or_default(),
            mode: Mode::of(schedule.is_incremental),
            destination: ShownDestination::of(schedule.destination, schedule.has_secret),
            paused: schedule.is_paused,
            next_run_at: schedule.next_at.map(Timestamp::to_millis_string),
            created_at: schedule.created_at.to_millis_string(),
            updated_at: schedule.updated_at.to_millis_string(),
            last_run: schedule.last_run.map(ShownRun::from),
            id: schedule.id,
            name: schedule.name,
        }
    }
}

impl From<&When> for ShownWhen {
    fn from(when: &When) -> Self {
        let every = |every, on, at: Option<&Time>| Self {
            every: Some(every),
            on,
            at: at.map(|at| clock(*at)),
            cron: None,
        };
        match when {
            When::Hourly => every("hourly", None, None),
            When::Daily { at } => every("daily", None, Some(at)),
            When::Weekly { on, at } => {
                let day = WEEKDAYS.iter().find(|(_, day)| day == on).map(|(name, _)| *name);
                every("weekly", day, Some(at))
            }
            When::Cron(line) => Self { every: None, on: None, at: None, cron: Some(line.clone()) },
        }
    }
}

impl ShownDestination {
    fn of(destination: Destination, has_secret: bool) -> Self {
        match destination {
            Destination::Store => Self { kind: "store", ..Self::default() },
            Destination::Folder { folder, file_name } => {
                Self { kind: "folder", folder: Some(folder), file_name, ..Self::default() }
            }
            Destination::Bucket { bucket, prefix, endpoint, region, file_name } => Self {
                kind: "s3",
                file_name,
                bucket: Some(bucket),
                prefix: Some(prefix),
                endpoint,
                region: Some(region),
                has_secret: Some(has_secret),
                ..Self::default()
            },
            Destination::Webhook { url } => {
                Self { kind: "webhook", url: Some(url), has_secret: Some(has_secret), ..Self::default() }
            }
        }
    }
}

impl From<ScheduleRun> for ShownRun {
    fn from(run: ScheduleRun) -> Self {
        let instant = |instant: Option<Timestamp>| instant.map(Timestamp::to_millis_string);
        Self {
            id: run.id,
            state: RunState::name(run.state),
            manual: run.is_manual,
            due_at: run.due_at.to_millis_string(),
            started_at: instant(run.started_at),
            finished_at: instant(run.finished_at),
            export_id: run.export_id.map(|id| id.0),
            mode: run.is_incremental.map(Mode::of),
            rows: run.rows,
            size_bytes: run.size_bytes,
            file_name: run.file_name,
            delivered_to: run.delivered_to,
            attempt: run.attempt,
            error: run.error,
            next_retry_at: instant(run.again_at),
        }
    }
}

/// What to go on with after the thing of this id.
pub(super) fn cursor(id: &str) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(id)
}

/// The id that a cursor means.
pub(super) fn place(cursor: &str) -> Result<String, Fault> {
    let decoded = BASE64_URL_SAFE_NO_PAD.decode(cursor).ok();
    let id = decoded.and_then(|bytes| String::from_utf8(bytes).ok()).filter(|id| id.len() == 36);
    id.ok_or_else(|| Fault::new("cursor", "is none that this list has given out"))
}
