//! The line of a submission, which is also what the native API takes a new submission as.
//!
//! Must not know: which answers a form requires, or which choices it has; that is checked once a submission is bound,
//! and for new ones only.

mod answers;
mod write;

pub use write::write_submission;

use super::json::read_with;
use super::kind::Kind;
use super::leaves::Leaves;
use super::scalar::{HexId, Id, Instant, Short, StatusWord};
use answers::AnswersSeed;
use fillhouse_model::{AudienceId, Fault, FormId, ProfileId, Status, Submission, SubmissionId, Timestamp};
use fillhouse_store::document::Object;
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

/// The most characters of an amount.
const LONGEST_AMOUNT: usize = 30;

/// A submission as a line gives it.
#[derive(Debug)]
pub struct SubmissionRecord<'line> {
    /// The form it is one of.
    pub form_id: FormId,
    /// All else.
    pub document: SubmissionDocument<'line>,
}

/// A submission before its form is looked at: everything is read but the answers.
#[derive(Debug)]
pub struct SubmissionDocument<'line>(Fields<'line>);

impl<'de: 'line, 'line> Deserialize<'de> for SubmissionDocument<'line> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Object::deserialize(deserializer).map(|object| Self(object.0))
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Fields<'line> {
    kind: Option<Kind>,
    form_id: Option<Id>,
    id: Option<Id>,
    status: Option<StatusWord>,
    date_start: Option<Instant>,
    date_finish: Option<Instant>,
    date_update: Option<Instant>,
    #[serde(borrow)]
    login_email: Option<Short<'line>>,
    login_username: Option<Short<'line>>,
    payment_amount: Option<&'line RawValue>,
    payment_status: Option<Short<'line>>,
    user_browser: Option<Short<'line>>,
    user_ip: Option<Short<'line>>,
    user_device: Option<Short<'line>>,
    user_referrer: Option<Short<'line>>,
    audience_id: Option<Id>,
    profile_id: Option<HexId>,
    answers: &'line RawValue,
}

impl<'line> TryFrom<SubmissionDocument<'line>> for SubmissionRecord<'line> {
    type Error = Fault;

    fn try_from(mut document: SubmissionDocument<'line>) -> Result<Self, Fault> {
        let form_id = needed("form_id", document.0.form_id.take())?;
        Ok(Self { form_id: FormId(form_id.0), document })
    }
}

/// What a line and a request say in different ways.
#[derive(Clone, Copy)]
struct Circumstances {
    id: SubmissionId,
    status: Status,
    date_finish: Option<Timestamp>,
    date_update: Timestamp,
}

impl SubmissionDocument<'_> {
    /// The submission that a line of the interchange format has; it says everything itself.
    ///
    /// # Errors
    /// The first fault, with the path of its field.
    pub fn bind_imported(self, leaves: &Leaves) -> Result<Submission, Fault> {
        let fields = self.0;
        let id = SubmissionId(needed("id", fields.id)?.0);
        let status = needed("status", fields.status)?.0;
        let date_update = needed("date_update", fields.date_update)?.0;
        let date_finish = fields.date_finish.map(|instant| instant.0);
        if status == Status::Complete && date_finish.is_none() {
            return Err(Fault::new("date_finish", "is missing, and the status is Complete"));
        }
        fields.bind(leaves, Circumstances { id, status, date_finish, date_update })
    }

    /// The submission that a request has, as a new one: it is called `id`, and it comes in at `now`.
    ///
    /// # Errors
    /// The first fault, with the path of its field.
    pub fn bind_new(self, leaves: &Leaves, id: SubmissionId, now: Timestamp) -> Result<Submission, Fault> {
        let fields = self.0;
        let not_taken = [
            ("kind", fields.kind.is_some()),
            ("form_id", fields.form_id.is_some()),
            ("id", fields.id.is_some()),
            ("date_update", fields.date_update.is_some()),
        ];
        if let Some((field, _)) = not_taken.into_iter().find(|(_, given)| *given) {
            return Err(Fault::new(field, "is not taken for a new submission"));
        }
        let status = fields.status.map_or(Status::Complete, |status| status.0);
        let given = fields.date_finish.map(|instant| instant.0);
        if given.is_some_and(|finish| finish > now) {
            return Err(Fault::new("date_finish", "is in the future"));
        }
        let date_finish = given.or_else(|| (status == Status::Complete).then_some(now));
        fields.bind(leaves, Circumstances { id, status, date_finish, date_update: now })
    }
}

impl Fields<'_> {
    fn bind(self, leaves: &Leaves, given: Circumstances) -> Result<Submission, Fault> {
        if given.status == Status::Incomplete && given.date_finish.is_some() {
            return Err(Fault::new("date_finish", "is given, and the status is Incomplete"));
        }
        let owned = |text: Option<Short<'_>>| text.map(String::from);
        Ok(Submission {
            id: given.id,
            status: given.status,
            date_start: self.date_start.map(|instant| instant.0),
            date_finish: given.date_finish,
            date_update: given.date_update,
            profile: profile(self.audience_id, self.profile_id)?,
            login_email: owned(self.login_email),
            login_username: owned(self.login_username),
            payment_amount: self.payment_amount.map(amount).transpose()?,
            payment_status: owned(self.payment_status),
            user_browser: owned(self.user_browser),
            user_ip: owned(self.user_ip),
            user_device: owned(self.user_device),
            user_referrer: owned(self.user_referrer),
            answers: read_with(AnswersSeed(leaves), self.answers.get())
                .map_err(|fault| fault.within("answers"))?,
        })
    }
}

fn needed<T>(field: &str, value: Option<T>) -> Result<T, Fault> {
    value.ok_or_else(|| Fault::new(field, "is missing"))
}

fn profile(audience: Option<Id>, profile: Option<HexId>) -> Result<Option<(AudienceId, ProfileId)>, Fault> {
    match (audience, profile) {
        (Some(audience), Some(profile)) => Ok(Some((AudienceId(audience.0), profile.0))),
        (None, None) => Ok(None),
        (Some(_), None) => Err(Fault::new("profile_id", "is missing beside audience_id")),
        (None, Some(_)) => Err(Fault::new("audience_id", "is missing beside profile_id")),
    }
}

/// An amount stays as it was written: money is no float.
fn amount(number: &RawValue) -> Result<String, Fault> {
    let text = number.get();
    let decimal = text.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'-' | b'.'));
    if !decimal {
        return Err(Fault::new("payment_amount", "is not a decimal number without an exponent"));
    }
    if text.len() > LONGEST_AMOUNT {
        let says = format!("is longer than {LONGEST_AMOUNT} characters");
        return Err(Fault::new("payment_amount", says));
    }
    Ok(text.to_owned())
}

#[cfg(test)]
mod tests;
