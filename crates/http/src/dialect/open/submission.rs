//! A submission as clients see it.
//!
//! Must not know: how submissions are found or changed.

use super::field::{Field, fields};
use super::value::{raw, shown};
use fillhouse_model::{Form, Status, Submission, Timestamp};
use serde::{Serialize, Serializer};
use serde_json::value::RawValue;
use utoipa::ToSchema;

/// A submission.
#[derive(Serialize, ToSchema)]
pub(super) struct SubmissionShape {
    /// The answers by property id, and beside them `status`, `created_at`, `id` and `submission_id`.
    #[schema(value_type = Object)]
    data: Data,
    /// How long it took to fill it in, in seconds.
    completion_time: Option<i64>,
    form_id: i64,
    id: i64,
    submission_id: String,
}

/// Values by name, in their order.
struct Data(Vec<(String, Box<RawValue>)>);

/// The fields of a form, looked up once for all its submissions.
pub(super) struct Shapes<'form> {
    form: &'form Form,
    fields: Vec<Field<'form>>,
}

impl<'form> Shapes<'form> {
    pub(super) fn of(form: &'form Form) -> Self {
        Self { form, fields: fields(form) }
    }

    /// A submission of the form.
    pub(super) fn shape(&self, submission: &Submission) -> SubmissionShape {
        let id = submission.id.0;
        let status = match submission.status {
            Status::Complete => "completed",
            Status::Incomplete => "partial",
        };
        let answers = self.fields.iter().map(|field| (field.id(), shown(field, submission)));
        let others = [
            ("status", raw(status)),
            ("created_at", raw(&to_the_second(created(submission)))),
            ("id", raw(&id)),
            ("submission_id", raw(&id.to_string())),
        ];
        let data = answers.chain(others.map(|(name, value)| (name.to_owned(), value)));
        SubmissionShape {
            data: Data(data.collect()),
            completion_time: seconds_taken(submission),
            form_id: self.form.id.0,
            id,
            submission_id: id.to_string(),
        }
    }
}

/// When a submission was begun, as far as that is known.
fn created(submission: &Submission) -> Timestamp {
    submission.date_start.or(submission.date_finish).unwrap_or(submission.date_update)
}

/// `2026-04-01 09:00:00`, in UTC.
fn to_the_second(instant: Timestamp) -> String {
    instant.to_seconds_string().replace('T', " ").trim_end_matches('Z').to_owned()
}

fn seconds_taken(submission: &Submission) -> Option<i64> {
    let micros = submission.date_finish?.micros() - submission.date_start?.micros();
    Some((micros / 1_000_000).max(0))
}

impl Serialize for Data {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(name, value)| (name, value)))
    }
}
