//! Schedules: exports of a form that are made again and again.
//!
//! Guarantees: a schedule is only found below its own form; a secret that came in is never shown.
//!
//! Must not know: when a schedule is due, or how a file is delivered.

mod one;
mod wish;

use super::exports::Choice;
use super::pairs::Pairs;
use super::say::minute;
use super::view::Refusal;
use super::words;
use fillhouse_engine::{Error, FormsReader, RunState, Schedule, ScheduleDraft, ScheduleList, Schedules};
use fillhouse_model::{Fault, Form, FormId};
pub(super) use one::{delete, pause, run, save, show};
pub(super) use wish::Wish;

/// How many schedules a form's page lists: as many as an account may have.
const LISTED: u32 = 1_000;

/// A schedule in a list.
pub(super) struct Listed {
    pub(super) path: String,
    pub(super) name: String,
    pub(super) when: String,
    pub(super) next: String,
    pub(super) last: String,
}

/// The schedules of a form.
pub(super) async fn listed(reader: &FormsReader, form: FormId, base: &str) -> Result<Vec<Listed>, Refusal> {
    let wanted = ScheduleList { form_id: Some(form), after: None, limit: LISTED };
    let of = |schedule: Schedule| Listed {
        path: format!("{base}/console/forms/{form}/schedules/{}", schedule.id),
        when: wish::in_words(&schedule.when),
        next: next_of(&schedule),
        last: schedule.last_run.map_or(words::schedules::NEVER, |run| RunState::name(run.state)).to_owned(),
        name: schedule.name,
    };
    Ok(reader.schedules(wanted).await?.into_iter().map(of).collect())
}

/// When a schedule is due next, in words.
fn next_of(schedule: &Schedule) -> String {
    match schedule.next_at {
        Some(next) if !schedule.is_paused => minute(next),
        _ => words::schedules::PAUSED.to_owned(),
    }
}

/// Makes a schedule of what a page says.
pub(super) async fn create(
    schedules: &Schedules,
    form: &Form,
    choice: &Choice,
    sent: &Pairs,
) -> Result<Schedule, Error> {
    let wish = Wish::of(sent);
    let draft = ScheduleDraft {
        name: wish.name.clone(),
        when: wish.when()?,
        export: choice.request(form)?,
        asked: choice.told(form),
        is_incremental: wish.is_incremental()?,
        destination: wish.destination(sent)?,
        is_paused: false,
    };
    schedules.create(draft).await
}

/// Faults of a schedule by the names of the page's fields.
pub(super) fn on_page(faults: &[Fault]) -> Vec<Fault> {
    let field = |fault: &Fault| {
        let field = fault.field.as_str();
        let mut within = ["destination.", "export.", "when."].into_iter();
        let name = within.find_map(|outer| field.strip_prefix(outer)).unwrap_or(field);
        Fault::new(name, fault.message.clone())
    };
    faults.iter().map(field).collect()
}
