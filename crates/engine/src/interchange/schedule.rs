//! The lines of schedules.
//!
//! Guarantees: a secret is never shown, not even by `Debug`; what is asked for is kept whole, or refused.
//!
//! Must not know: whether a schedule would be taken from a client; what is dumped must be read.

use super::destination::DestinationDocument;
use super::form::filled;
use super::kind::Kind;
use super::line::{Line, Shown};
use super::object_text::canonical_object;
use super::scalar::{Id, Instant, Short};
use super::timing::WhenDocument;
use crate::NewDestination;
use crate::export::KeptRequest;
use fillhouse_model::{Fault, FormId, Timestamp, UserId, When};
use fillhouse_store::document::Object;
use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;

/// The word for a schedule that exports only what has changed.
const INCREMENTAL: &str = "incremental";

/// A schedule as a line gives it: what it is, without what it has done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScheduleLine {
    pub(crate) id: String,
    pub(crate) form_id: FormId,
    /// The user who said last what is exported; 0 where it was nobody.
    pub(crate) user_id: UserId,
    pub(crate) name: String,
    pub(crate) when: When,
    pub(crate) is_incremental: bool,
    pub(crate) request: KeptRequest,
    pub(crate) asked: String,
    pub(crate) destination: NewDestination,
    pub(crate) is_paused: bool,
    /// When it is due next; none where that is to be counted.
    pub(crate) next_at: Option<Timestamp>,
    /// Whether all that there is was delivered.
    pub(crate) is_delivered: bool,
    pub(crate) created_at: Timestamp,
    pub(crate) updated_at: Timestamp,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ScheduleDocument<'a> {
    #[serde(rename = "kind")]
    _kind: Kind,
    #[serde(borrow)]
    id: Short<'a>,
    form_id: Id,
    user_id: Option<Id>,
    name: Short<'a>,
    when: Object<WhenDocument<'a>>,
    mode: Option<Short<'a>>,
    request: &'a RawValue,
    asked: &'a RawValue,
    destination: Object<DestinationDocument<'a>>,
    #[serde(default)]
    paused: bool,
    next_at: Option<Instant>,
    #[serde(default)]
    delivered: bool,
    created_at: Instant,
    updated_at: Instant,
}

impl TryFrom<ScheduleDocument<'_>> for ScheduleLine {
    type Error = Fault;

    fn try_from(document: ScheduleDocument<'_>) -> Result<Self, Fault> {
        let is_incremental = match document.mode.map(String::from).as_deref() {
            None | Some("full") => false,
            Some(INCREMENTAL) => true,
            Some(_) => return Err(Fault::new("mode", "is neither full nor incremental")),
        };
        if document.paused && document.next_at.is_some() {
            return Err(Fault::new("next_at", "is given, and the schedule is paused"));
        }
        if document.delivered && !is_incremental {
            return Err(Fault::new("delivered", "is not for a schedule that exports everything"));
        }
        let form_id = FormId(document.form_id.0);
        Ok(Self {
            id: id(document.id)?,
            form_id,
            user_id: UserId(document.user_id.map_or(0, |id| id.0)),
            name: filled("name", document.name)?,
            when: When::try_from(document.when.0)?,
            is_incremental,
            request: request(form_id, document.request.get()).map_err(|fault| fault.within("request"))?,
            asked: canonical_object(document.asked.get()).map_err(|fault| fault.within("asked"))?,
            destination: document.destination.0.try_into()?,
            is_paused: document.paused,
            next_at: document.next_at.map(|instant| instant.0),
            is_delivered: document.delivered,
            created_at: document.created_at.0,
            updated_at: document.updated_at.0,
        })
    }
}

/// An id of a schedule: a UUID.
fn id(id: Short<'_>) -> Result<String, Fault> {
    let id = String::from(id);
    // One that is spelled otherwise would be another one's in the database.
    if uuid::Uuid::try_parse(&id).is_ok_and(|uuid| uuid.to_string() == id) {
        return Ok(id);
    }
    Err(Fault::new("id", "is not a UUID in lower-case hex digits and hyphens"))
}

/// What is exported, in the document that a schedule keeps of it.
fn request(form: FormId, json: &str) -> Result<KeptRequest, Fault> {
    let kept = KeptRequest::from_json(json).map_err(|error| Fault::new("", error))?;
    kept.request(form, None)?;
    let meaning = |json: &str| serde_json::from_str::<Value>(json).ok();
    if meaning(json) != meaning(&kept.to_json()) {
        return Err(Fault::new("", "has something in it that is not known here"));
    }
    Ok(kept)
}

/// Writes the line of a schedule, whose request as it was asked for is as [`canonical_object`] spells it.
pub fn write_schedule(schedule: &ScheduleLine, out: &mut Vec<u8>) {
    let user = schedule.user_id.0;
    Line::new(Kind::Schedule, out)
        .put("id", &schedule.id)
        .put("form_id", &schedule.form_id.0)
        .put_some("user_id", (user != 0).then_some(user))
        .put("name", &schedule.name)
        .put("when", &WhenDocument::from(&schedule.when))
        .put_some("mode", schedule.is_incremental.then_some(INCREMENTAL))
        .put_json("request", &schedule.request.to_json())
        .put_json("asked", &schedule.asked)
        .put("destination", &DestinationDocument::from(&schedule.destination))
        .put_some("paused", schedule.is_paused.then_some(true))
        .put_some("next_at", schedule.next_at.map(Shown))
        .put_some("delivered", schedule.is_delivered.then_some(true))
        .put("created_at", &Shown(schedule.created_at))
        .put("updated_at", &Shown(schedule.updated_at))
        .end();
}
