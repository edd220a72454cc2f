//! One submission: all of it, changed, or deleted.
//!
//! Guarantees: what a change leaves alone stays as it was, files and all; what somebody else has changed meanwhile is not
//! overwritten unseen.
//!
//! Must not know: what makes an answer one of its form.

use super::cells::{Cell, cell, label};
use super::pairs::Pairs;
use super::say::minute;
use super::session::{InForm, part};
use super::table::shown_date;
use super::view::{Frame, Refusal, page, rendered, see_other};
use super::words;
use crate::body;
use crate::forms::{Field, Values, fields, read_answers};
use askama::Template;
use axum::extract::Request;
use axum::extract::{FromRequestParts, State};
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::Response;
use fillhouse_engine::{Edit, Engine, FoundSubmission};
use fillhouse_model::{ErrorKind, Fault, SubmissionId};

/// The field that says to which version a change is made. No item has such an id.
const VERSION: &str = "fillhouse version";
/// What the addresses of files begin with: whoever may change a submission may name any, as by an API.
const ANY_FILE: &str = "http";

/// A submission, and somebody who is signed in to its account.
pub(super) struct InSubmission {
    place: InForm,
    found: FoundSubmission,
}

impl FromRequestParts<Engine> for InSubmission {
    type Rejection = Refusal;

    async fn from_request_parts(head: &mut Parts, engine: &Engine) -> Result<Self, Refusal> {
        let place = InForm::from_request_parts(head, engine).await?;
        let id = part(head, engine, "submission").await.ok_or_else(Refusal::missing)?;
        let found = place.reader.submission(&place.form, SubmissionId(id)).await?;
        Ok(Self { place, found })
    }
}

#[derive(Template)]
#[template(path = "console/submission.html")]
struct Shown {
    frame: Frame,
    form: i64,
    name: String,
    id: i64,
    date: String,
    facts: Vec<(&'static str, String)>,
    answers: Vec<(String, Cell)>,
    /// When each version was replaced, and what it answered otherwise than the one after it.
    history: Vec<(String, Vec<(String, Cell)>)>,
}

/// Shows a submission.
pub(super) async fn show(InSubmission { place, found }: InSubmission) -> Result<Response, Refusal> {
    let versions = place.reader.history(&place.form, found.submission.id).await?;
    let (form, submission) = (&found.form, &found.submission);
    let date =
        |date: Option<fillhouse_model::Timestamp>| date.map(fillhouse_model::Timestamp::to_seconds_string);
    let facts = [
        ("Status", Some(submission.status.name().to_owned())),
        ("Begun", date(submission.date_start)),
        ("Finished", date(submission.date_finish)),
        ("Last changed", date(Some(submission.date_update))),
        ("Browser", submission.user_browser.clone()),
        ("Device", submission.user_device.clone()),
        ("Address", submission.user_ip.clone()),
        ("Came from", submission.user_referrer.clone()),
        ("Signed in as", submission.login_email.clone().or_else(|| submission.login_username.clone())),
        ("Paid", submission.payment_amount.clone()),
        ("Payment", submission.payment_status.clone()),
    ];
    let facts = facts.into_iter().filter_map(|(name, text)| Some((name, text?))).collect();
    let answers = form.leaves().iter().map(|leaf| (label(leaf), cell(leaf, submission))).collect();
    let (mut history, mut next) = (Vec::new(), submission);
    for version in &versions {
        let leaves = form.leaves();
        let cells = leaves.iter().map(|leaf| (leaf, cell(leaf, &version.submission)));
        let otherwise = cells.filter(|(leaf, was)| *was != cell(leaf, next));
        let otherwise = otherwise.map(|(leaf, was)| (label(leaf), was)).collect();
        history.push((minute(version.replaced_at), otherwise));
        next = &version.submission;
    }
    Ok(page(&Shown {
        frame: place.frame,
        form: form.id.0,
        name: form.name.clone(),
        id: submission.id.0,
        date: shown_date(submission),
        facts,
        answers,
        history,
    }))
}

#[derive(Template)]
#[template(path = "console/edit.html")]
struct Edited {
    frame: Frame,
    form: i64,
    name: String,
    id: i64,
    version: i64,
    /// Whether it is another than the one that was shown.
    was_changed: bool,
    faults: Vec<String>,
    fields: Vec<Field>,
}

impl InSubmission {
    fn page(self, values: &Values, faults: &[Fault], seen: i64) -> Response {
        let form = &self.found.form;
        let edited = Edited {
            frame: self.place.frame,
            form: form.id.0,
            name: form.name.clone(),
            id: self.found.submission.id.0,
            version: self.found.version,
            was_changed: seen != self.found.version,
            faults: faults.iter().map(ToString::to_string).collect(),
            fields: fields(form, values, faults, ANY_FILE),
        };
        let status = match (faults, edited.was_changed) {
            (_, true) => StatusCode::CONFLICT,
            ([], _) => StatusCode::OK,
            _ => StatusCode::UNPROCESSABLE_ENTITY,
        };
        rendered(status, &edited)
    }

    fn address(&self, behind: &str) -> String {
        let (base, form) = (&self.place.frame.base, self.found.form.id);
        format!("{base}/console/forms/{form}{behind}")
    }
}

/// Shows a submission's fields, to be changed.
pub(super) async fn edit(here: InSubmission) -> Response {
    let values = Values::of_submission(&here.found.form, &here.found.submission);
    let seen = here.found.version;
    here.page(&values, &[], seen)
}

/// Changes a submission.
pub(super) async fn save(State(engine): State<Engine>, request: Request) -> Result<Response, Refusal> {
    let (mut head, body) = request.into_parts();
    let here = InSubmission::from_request_parts(&mut head, &engine).await?;
    let body = body::read(body).await?;
    let (values, seen) = (Values::of_pairs(&body), Pairs::of(&body).one(VERSION).parse().unwrap_or_default());
    let (answers, faults) = read_answers(&here.found.form, &values, ANY_FILE);
    if !faults.is_empty() {
        return Ok(here.page(&values, &faults, seen));
    }
    let id = here.found.submission.id;
    match here.place.writer.replace_submission(&here.place.form, id, Edit::AnswersTo(seen, &answers)).await {
        Ok(_) => Ok(see_other(&here.address(&format!("/submissions/{id}")))),
        Err(error) if error.kind() == ErrorKind::InvalidArgument => {
            Ok(here.page(&values, error.faults(), seen))
        }
        Err(error) if error.kind() == ErrorKind::Conflict => {
            let found = here.place.reader.submission(&here.place.form, id).await?;
            Ok(InSubmission { found, ..here }.page(&values, &[], seen))
        }
        Err(error) => Err(error.into()),
    }
}

/// Deletes a submission.
pub(super) async fn delete(here: InSubmission) -> Result<Response, Refusal> {
    here.place.writer.delete_submission(&here.place.form, here.found.submission.id).await?;
    Ok(see_other(&here.address("")))
}
