//! One schedule: what it does, its runs; run, paused, changed, deleted.
//!
//! Must not know: when it is due, or how a file is delivered.

use super::super::conditions;
use super::super::exports::{Choice, columns};
use super::super::pairs::{Faults, Pairs};
use super::super::say::{minute, number, size};
use super::super::session::{InForm, word};
use super::super::view::{Frame, Refusal, rendered, see_other};
use super::super::words;
use super::{Wish, next_of, on_page, wish};
use askama::Template;
use axum::extract::FromRequestParts;
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::Response;
use fillhouse_engine::{
    Destination, Engine, Error, RunState, Schedule, ScheduleEdit, ScheduleRun, Schedules,
};
use fillhouse_model::{ErrorKind, Fault, Form};
use serde_json::Value;

/// How many runs are shown.
const RUNS: u32 = 50;

/// A schedule, and somebody who is signed in to its account.
pub(in crate::console) struct InSchedule {
    place: InForm,
    schedules: Schedules,
    schedule: Schedule,
}

impl FromRequestParts<Engine> for InSchedule {
    type Rejection = Refusal;

    async fn from_request_parts(head: &mut Parts, engine: &Engine) -> Result<Self, Refusal> {
        let place = InForm::from_request_parts(head, engine).await?;
        let schedules = place.caller.schedules()?;
        let id = word(head, engine, "schedule").await.ok_or_else(Refusal::missing)?;
        let schedule = place.reader.schedule(&id).await?;
        if schedule.form_id != place.reader.form_id(&place.form).await? {
            return Err(Refusal::missing());
        }
        Ok(Self { place, schedules, schedule })
    }
}

/// A run as it is shown.
struct Run {
    at: String,
    state: &'static str,
    is_manual: bool,
    /// Where its export is.
    export: Option<String>,
    rows: String,
    size: String,
    delivered_to: String,
    /// What went wrong, and when it is tried again.
    said: String,
}

#[derive(Template)]
#[template(path = "console/schedule.html")]
struct Shown {
    frame: Frame,
    form: i64,
    name: String,
    path: String,
    title: String,
    when: String,
    zone: String,
    next: String,
    mode: &'static str,
    destination: String,
    /// Names and values of what is exported.
    asked: Vec<(String, String)>,
    is_paused: bool,
    runs: Vec<Run>,
    wish: Wish,
    /// Whether what is exported can be chosen with this page.
    is_ours: bool,
    has_secret: bool,
    choice: Choice,
    /// Ids and names of what can be asked about.
    items: Vec<(String, String)>,
    /// Ids and names of what there is.
    columns: Vec<(String, String)>,
    faults: Faults,
    notice: Option<String>,
}

/// What a page's form says, before it is saved.
struct Filled {
    wish: Wish,
    choice: Option<Choice>,
}

impl InSchedule {
    fn exports(&self) -> String {
        format!("{}/console/forms/{}/exports", self.place.frame.base, self.schedule.form_id)
    }

    fn path(&self) -> String {
        let (base, form) = (&self.place.frame.base, self.schedule.form_id);
        format!("{base}/console/forms/{form}/schedules/{}", self.schedule.id)
    }

    async fn page(
        self,
        filled: Option<Filled>,
        faults: Faults,
        notice: Option<String>,
    ) -> Result<Response, Refusal> {
        let (path, exports) = (self.path(), self.exports());
        let form = self.place.reader.overview(&self.place.form).await?.form;
        let ours = Choice::of_told(&self.schedule.asked, &form);
        let is_ours = ours.is_some();
        let columns = columns(&form);
        let asked = match &ours {
            Some(choice) => choice.in_words(&form, &columns),
            None => members(&self.schedule.asked),
        };
        let (wish, chosen) = match filled {
            Some(Filled { wish, choice }) => (wish, choice),
            None => (Wish::of_schedule(&self.schedule), None),
        };
        let choice = chosen.or(ours).unwrap_or_else(|| Choice::from_table(""));
        let runs = self.place.reader.schedule_runs(&self.schedule.id, None, RUNS).await?;
        let status = if notice.is_some() { StatusCode::CONFLICT } else { faults.status() };
        let [(_, full), (_, incremental)] = words::schedules::MODES;
        let shown = Shown {
            frame: self.place.frame,
            form: self.schedule.form_id.0,
            name: form.name.clone(),
            path,
            when: wish::in_words(&self.schedule.when),
            next: next_of(&self.schedule),
            mode: if self.schedule.is_incremental { incremental } else { full },
            destination: place_of(&self.schedule.destination),
            asked,
            is_paused: self.schedule.is_paused,
            runs: runs.into_iter().map(|run| shown(run, &exports)).collect(),
            zone: self.schedule.zone,
            title: self.schedule.name,
            has_secret: self.schedule.has_secret,
            wish,
            is_ours,
            items: conditions::askable(&form),
            columns,
            choice,
            faults,
            notice,
        };
        Ok(rendered(status, &shown))
    }

    /// Shows the schedule after something was done to it, or why it was not.
    async fn answer(self, done: Result<(), Error>, filled: Option<Filled>) -> Result<Response, Refusal> {
        match done {
            Ok(()) => Ok(see_other(&self.path())),
            Err(error) if error.kind() == ErrorKind::InvalidArgument => {
                self.page(filled, Faults::new(on_page(error.faults())), None).await
            }
            Err(error) if error.kind() == ErrorKind::Conflict => {
                self.page(None, Faults::default(), Some(format!("{}.", error.message()))).await
            }
            Err(error) => Err(error.into()),
        }
    }
}

/// Where files go, in words.
fn place_of(destination: &Destination) -> String {
    let [(_, store), (_, folder), (_, webhook), (_, bucket)] = words::schedules::KINDS;
    match destination {
        Destination::Store => store.to_owned(),
        Destination::Folder { folder: named, .. } if named.is_empty() => folder.to_owned(),
        Destination::Folder { folder: named, .. } => format!("{folder}: {named}"),
        Destination::Webhook { url } => format!("{webhook}: {url}"),
        Destination::Bucket { bucket: named, prefix, .. } => format!("{bucket}: {named}/{prefix}"),
    }
}

/// The members of what was asked for, whoever asked.
fn members(asked: &str) -> Vec<(String, String)> {
    let members = match serde_json::from_str(asked) {
        Ok(Value::Object(members)) => members,
        _ => serde_json::Map::new(),
    };
    let said = |value: Value| match value {
        Value::String(text) => text,
        value => value.to_string(),
    };
    members.into_iter().filter(|(name, _)| name != "form").map(|(name, value)| (name, said(value))).collect()
}

fn shown(run: ScheduleRun, exports: &str) -> Run {
    let again = run.again_at.map(|at| format!("{} {}", words::schedules::AGAIN_AT, minute(at)));
    let said = run.error.into_iter().chain(again).collect::<Vec<_>>().join("; ");
    Run {
        at: minute(run.due_at),
        state: RunState::name(run.state),
        is_manual: run.is_manual,
        export: run.export_id.map(|id| format!("{exports}/{id}")),
        rows: run.rows.map(number).unwrap_or_default(),
        size: run.size_bytes.map(size).unwrap_or_default(),
        delivered_to: run.delivered_to.unwrap_or_default(),
        said,
    }
}

/// Shows a schedule.
pub(in crate::console) async fn show(here: InSchedule) -> Result<Response, Refusal> {
    here.page(None, Faults::default(), None).await
}

/// Changes what a schedule is called, when it is due, what it exports, and where that goes.
pub(in crate::console) async fn save(here: InSchedule, pairs: Pairs) -> Result<Response, Refusal> {
    let choice = pairs.has("replace", "yes").then(|| Choice::of(&pairs));
    let filled = Filled { wish: Wish::of(&pairs), choice };
    let form = here.place.reader.overview(&here.place.form).await?.form;
    let saved = match edit_of(&here.schedule, &form, &filled, &pairs) {
        Ok(edit) => here.schedules.change(&here.schedule.id, edit).await.map(drop),
        Err(fault) => Err(fault.into()),
    };
    here.answer(saved, Some(filled)).await
}

/// What is to become of a schedule. What is left as it is, is not touched.
fn edit_of(now: &Schedule, form: &Form, filled: &Filled, sent: &Pairs) -> Result<ScheduleEdit, Fault> {
    let Filled { wish, choice } = filled;
    let other = choice.as_ref().filter(|choice| !choice.is_told(&now.asked, form));
    let export = other.map(|choice| Ok((choice.request(form)?, choice.told(form)))).transpose()?;
    Ok(ScheduleEdit {
        name: Some(wish.name.clone()),
        when: Some(wish.when()?),
        export,
        is_incremental: sent.some("mode").map(|_| wish.is_incremental()).transpose()?,
        destination: wish.other_destination(sent, &now.destination)?,
        is_paused: None,
    })
}

/// Pauses a schedule, or goes on with it.
pub(in crate::console) async fn pause(here: InSchedule, pairs: Pairs) -> Result<Response, Refusal> {
    let is_paused = Some(pairs.has("paused", "yes"));
    let edit = ScheduleEdit { is_paused, ..ScheduleEdit::default() };
    let saved = here.schedules.change(&here.schedule.id, edit).await.map(drop);
    here.answer(saved, None).await
}

/// Runs a schedule now.
pub(in crate::console) async fn run(here: InSchedule) -> Result<Response, Refusal> {
    let begun = here.schedules.run(&here.schedule.id).await.map(drop);
    here.answer(begun, None).await
}

/// Deletes a schedule.
pub(in crate::console) async fn delete(here: InSchedule) -> Result<Response, Refusal> {
    here.schedules.delete(&here.schedule.id).await?;
    Ok(see_other(&here.exports()))
}
