//! Exports: those of an account and of a form, and asking for one.
//!
//! Guarantees: what an export comes to is said before it is asked for; who asks again for what is there is given that.
//!
//! Must not know: how a file is made.

mod choice;
mod in_words;
mod one;
mod state;
mod told;

use super::conditions;
use super::pairs::{Faults, Pairs};
use super::say::{count, minute, number, seconds, size};
use super::schedules;
use super::session::{InForm, SignedIn};
use super::view::{Frame, Refusal, page, rendered, see_other};
use super::words;
use askama::Template;
use axum::extract::RawQuery;
use axum::response::Response;
pub(super) use choice::Choice;
use fillhouse_engine::{Estimate, ExportPage, ExportState, FormsReader, META_NAMES};
use fillhouse_model::{ErrorKind, Form, FormId};
pub(super) use one::{cancel, delete, events, file, receipt, show, verify};
use std::sync::Arc;

/// How many exports a page of a list has.
const LISTED: u32 = 50;

/// An export in a list.
struct Listed {
    number: i64,
    path: String,
    form: String,
    at: String,
    state: String,
    rows: String,
    size: String,
}

/// A page of a list, and what the next begins before.
async fn listed(
    reader: &FormsReader,
    form: Option<FormId>,
    query: Option<String>,
    base: &str,
) -> Result<(Vec<Listed>, Option<i64>), Refusal> {
    let before =
        Pairs::of(query.unwrap_or_default().as_bytes()).some("before").and_then(|text| text.parse().ok());
    let names = reader.form_names().await?;
    let mut found = reader.exports(ExportPage { form, before, limit: LISTED + 1 }).await?;
    let has_more = found.len() > LISTED as usize;
    found.truncate(LISTED as usize);
    let older = found.last().filter(|_| has_more).map(|last| last.number);
    let of = |export: fillhouse_engine::Export| {
        let path = format!("{base}/console/forms/{}/exports/{}", export.form_id, export.id);
        let is_there = matches!(export.state, ExportState::Completed(_));
        let name = names.get(&export.form_id);
        Listed {
            number: export.number,
            // Nothing is shown below a form that is deleted.
            path: name.map(|_| path).unwrap_or_default(),
            form: name.cloned().unwrap_or_else(|| export.form_id.to_string()),
            at: minute(export.created_at),
            state: state::word(&export.state),
            rows: number(export.rows_total),
            size: if is_there { size(export.bytes_written) } else { String::new() },
        }
    };
    Ok((found.into_iter().map(of).collect(), older))
}

#[derive(Template)]
#[template(path = "console/all_exports.html")]
struct All {
    frame: Frame,
    exports: Vec<Listed>,
    older: Option<i64>,
    has_forms: bool,
}

/// Lists the exports of all forms.
pub(super) async fn all(who: SignedIn, RawQuery(query): RawQuery) -> Result<Response, Refusal> {
    let reader = who.caller.forms_reader()?;
    let (exports, older) = listed(&reader, None, query, &who.frame.base).await?;
    Ok(page(&All { frame: who.frame, exports, older, has_forms: true }))
}

#[derive(Template)]
#[template(path = "console/exports.html")]
struct Choosing {
    frame: Frame,
    form: i64,
    name: String,
    choice: Choice,
    /// Ids and names of what can be asked about.
    items: Vec<(String, String)>,
    /// Ids and names of what there is.
    columns: Vec<(String, String)>,
    faults: Faults,
    estimate: Option<String>,
    exports: Vec<Listed>,
    older: Option<i64>,
    has_forms: bool,
    /// What a schedule is to be.
    wish: schedules::Wish,
    schedules: Vec<schedules::Listed>,
}

/// Shows what can be chosen, and the form's exports.
pub(super) async fn of_form(place: InForm, RawQuery(query): RawQuery) -> Result<Response, Refusal> {
    let form = place.reader.overview(&place.form).await?.form;
    let choice = Choice::from_table(&query.clone().unwrap_or_default());
    let (estimate, faults) = estimated(&place.reader, &form, &choice).await?;
    choosing(place, (form, choice), (estimate, faults), schedules::Wish::default(), query).await
}

async fn choosing(
    place: InForm,
    (form, choice): (Arc<Form>, Choice),
    (estimate, faults): (Option<String>, Faults),
    wish: schedules::Wish,
    query: Option<String>,
) -> Result<Response, Refusal> {
    let (exports, older) = listed(&place.reader, Some(form.id), query, &place.frame.base).await?;
    let schedules = schedules::listed(&place.reader, form.id, &place.frame.base).await?;
    let status = faults.status();
    let shown = Choosing {
        frame: place.frame,
        form: form.id.0,
        name: form.name.clone(),
        items: conditions::askable(&form),
        choice,
        columns: columns(&form),
        faults,
        estimate,
        exports,
        older,
        has_forms: false,
        wish,
        schedules,
    };
    Ok(rendered(status, &shown))
}

/// Ids and names of the columns that there are.
pub(super) fn columns(form: &Form) -> Vec<(String, String)> {
    let metas = META_NAMES.iter().map(|name| ((*name).to_owned(), (*name).to_owned()));
    metas.chain(conditions::items(form)).collect()
}

/// What a choice comes to, in words; or what is wrong with it.
async fn estimated(
    reader: &FormsReader,
    form: &Form,
    choice: &Choice,
) -> Result<(Option<String>, Faults), Refusal> {
    let estimated = match choice.request(form) {
        Ok(request) => reader.estimate_export(request).await,
        Err(fault) => Err(fault.into()),
    };
    match estimated {
        Ok(Estimate { rows, size_bytes, seconds: takes, is_exact }) => {
            let about = if is_exact { "" } else { "about " };
            let rows = count(rows, "submission", "submissions");
            let said = format!("{about}{rows}, about {}, in about {}.", size(size_bytes), seconds(takes));
            Ok((Some(said), Faults::default()))
        }
        Err(error) if error.kind() == ErrorKind::InvalidArgument => Ok((None, Faults::new(error.faults()))),
        Err(error) => Err(error.into()),
    }
}

/// Asks for an export; or shows what it comes to.
pub(super) async fn start(place: InForm, pairs: Pairs) -> Result<Response, Refusal> {
    let (choice, wish) = (Choice::of(&pairs), schedules::Wish::of(&pairs));
    let form = place.reader.overview(&place.form).await?.form;
    if pairs.has("do", "estimate") {
        let said = estimated(&place.reader, &form, &choice).await?;
        return choosing(place, (form, choice), said, wish, None).await;
    }
    let below = format!("{}/console/forms/{}", place.frame.base, form.id);
    if pairs.has("do", "schedule") {
        return match schedules::create(&place.caller.schedules()?, &form, &choice, &pairs).await {
            Ok(schedule) => Ok(see_other(&format!("{below}/schedules/{}", schedule.id))),
            Err(error) if error.kind() == ErrorKind::InvalidArgument => {
                let faults = Faults::new(schedules::on_page(error.faults()));
                choosing(place, (form, choice), (None, faults), wish, None).await
            }
            Err(error) => Err(error.into()),
        };
    }
    let asked = match choice.request(&form) {
        Ok(request) => place.reader.ask_for_export(request, None).await,
        Err(fault) => Err(fault.into()),
    };
    match asked {
        Ok(asked) => Ok(see_other(&format!("{below}/exports/{}", asked.id))),
        Err(error) if error.kind() == ErrorKind::InvalidArgument => {
            let faults = Faults::new(error.faults());
            choosing(place, (form, choice), (None, faults), wish, None).await
        }
        Err(error) => Err(error.into()),
    }
}
