//! `forms/{form}/answer`: answering a form, for everybody.
//!
//! Guarantees: what is answered with success is stored; what is refused is refused by field.
//!
//! Must not know: how answers are stored, or who a form belongs to.

use super::access::Public;
use super::error::{Refusal, Refusals};
use super::field::{Field, fields};
use super::object::{Keyed, read};
use super::said::Said;
use super::sent::Sent;
use super::value;
use axum::Json;
use axum::http::StatusCode;
use fillhouse_engine::{Error, Filled};
use fillhouse_model::{ErrorKind, Fault, Form};
use serde::Serialize;
use serde_json::value::RawValue;
use std::collections::HashMap;
use utoipa::ToSchema;

/// What is said of an answer.
#[derive(Serialize, ToSchema)]
#[serde(untagged)]
pub(super) enum Answered {
    Whole(Saved),
    Partly(PartlySaved),
}

/// That a form was answered.
#[derive(Serialize, ToSchema)]
pub(super) struct Saved {
    #[serde(flatten)]
    said: Said,
    submission_id: String,
    is_first_submission: bool,
    /// `false`: this server sends nobody elsewhere.
    redirect: bool,
}

/// That a part of the answers was stored.
#[derive(Serialize, ToSchema)]
pub(super) struct PartlySaved {
    #[serde(flatten)]
    said: Said,
    /// What to go on by; nobody else can know it.
    submission_hash: String,
}

/// Answers a form, whole or part by part.
#[utoipa::path(
    post,
    path = "/{form}/answer",
    params(("form" = String, Path, description = "The form's id, else its slug")),
    request_body(
        content(
            (Object = "application/json"),
            (Object = "application/x-www-form-urlencoded"),
            (Object = "multipart/form-data"),
        ),
        description = "The answers by property id, and beside them `completion_time` in seconds, `is_partial`, \
            and the `submission_hash` of what is gone on with",
    ),
    responses(
        (status = 200, description = "It is stored", body = Answered),
        Refusals,
    ),
    security(()),
)]
pub(super) async fn answer(Public(form): Public, Sent(body): Sent) -> Result<Json<Answered>, Refusal> {
    let given: Keyed<'_> = read(&body)?;
    let filled = Filled {
        answers: value::answers(form.form(), &given)?,
        is_partial: given.get("is_partial").is_some_and(is_true),
        seconds: given.get("completion_time").and_then(seconds),
        goes_on_with: ["submission_hash", "submission_id"].iter().find_map(|key| word(given.get(key)?)),
        ..Filled::default()
    };
    let answered = form.answer(&filled).await.map_err(|error| refused(form.form(), error))?;
    if filled.is_partial {
        let said = Said::success("Partial submission saved");
        return Ok(Json(Answered::Partly(PartlySaved { said, submission_hash: answered.word })));
    }
    let saved = Saved {
        said: Said::success("Form submission saved."),
        submission_id: answered.id.to_string(),
        is_first_submission: answered.is_first,
        redirect: false,
    };
    Ok(Json(Answered::Whole(saved)))
}

/// Why answers were refused: what is wrong with each field, or that the form takes none.
pub(super) fn refused(form: &Form, error: Error) -> Refusal {
    match error.kind() {
        ErrorKind::InvalidArgument => {
            let fields = fields(form);
            let leaves = fields.iter().flat_map(|field| field.leaves.iter().map(move |leaf| (leaf, field)));
            let by_item = leaves.map(|(leaf, field)| (leaf.item.id.as_str(), field)).collect();
            Refusal::invalid(error.faults().iter().map(|fault| of_field(&by_item, fault)).collect())
        }
        ErrorKind::Conflict => Refusal::new(StatusCode::FORBIDDEN, "This form is closed."),
        _ => error.into(),
    }
}

/// The field that a fault is about, and what is wrong with it.
fn of_field(fields: &HashMap<&str, &Field<'_>>, Fault { field, message }: &Fault) -> (String, String) {
    let path = field.strip_prefix("answers.").unwrap_or(field);
    let item = path.split(['[', '.']).next().unwrap_or(path);
    match fields.get(item) {
        Some(about) => (about.id(), format!("{} {message}.", about.name)),
        None => (field.clone(), format!("{field} {message}.")),
    }
}

fn is_true(value: &RawValue) -> bool {
    matches!(value.get(), "true" | "1" | "\"1\"" | "\"true\"")
}

/// Whole seconds, whether they come as a number or as a text.
fn seconds(value: &RawValue) -> Option<i64> {
    value.get().trim_matches('"').split('.').next()?.parse().ok()
}

fn word(value: &RawValue) -> Option<String> {
    serde_json::from_str(value.get()).ok().filter(|word: &String| !word.is_empty())
}
