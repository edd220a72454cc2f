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
use fillhouse_model::{
    Answer, AudienceId, Fault, FormId, ProfileId, Status, Submission, SubmissionId, Timestamp,
};
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
    answers: Option<&'line RawValue>,
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

    /// When the submission that the document was made of was last changed, where it says so.
    pub(crate) fn date_update(&self) -> Option<Timestamp> {
        self.0.date_update.map(|instant| instant.0)
    }

    /// What this makes at `now` of a submission of `form`: what it does not name stays. An answer of null is none.
    ///
    /// # Errors
    /// The first fault, with the path of its field.
    pub(crate) fn bind_edit(
        self,
        form: FormId,
        leaves: &Leaves,
        before: &Submission,
        now: Timestamp,
    ) -> Result<Submission, Fault> {
        let fields = self.0;
        let is_other = |given: Option<Id>, own: i64| given.is_some_and(|given| given.0 != own);
        if is_other(fields.form_id, form.0) {
            return Err(Fault::new("form_id", "is not that of the submission"));
        }
        if is_other(fields.id, before.id.0) {
            return Err(Fault::new("id", "is not that of the submission"));
        }
        let status = fields.status.map_or(before.status, |status| status.0);
        let date_finish = fields.date_finish.map(|instant| instant.0);
        if date_finish.is_some_and(|finish| finish > now) {
            return Err(Fault::new("date_finish", "is in the future"));
        }
        let date_finish = match status {
            Status::Complete => date_finish.or(before.date_finish).or(Some(now)),
            Status::Incomplete => date_finish,
        };
        let profile = match (fields.audience_id, fields.profile_id) {
            (None, None) => before.profile,
            _ => profile(fields.audience_id, fields.profile_id)?,
        };
        let answers = match fields.answers {
            Some(document) => answers(leaves, document, &before.answers)?,
            None => before.answers.clone(),
        };
        let given = Circumstances { id: before.id, status, date_finish, date_update: now };
        Ok(Submission { profile, answers, ..completed(fields.metas(given)?, before) })
    }
}

impl Fields<'_> {
    fn bind(self, leaves: &Leaves, given: Circumstances) -> Result<Submission, Fault> {
        let profile = profile(self.audience_id, self.profile_id)?;
        let answers = answers(leaves, needed("answers", self.answers)?, &[])?;
        Ok(Submission { profile, answers, ..self.metas(given)? })
    }

    /// All but the profile and the answers.
    fn metas(self, given: Circumstances) -> Result<Submission, Fault> {
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
            profile: None,
            login_email: owned(self.login_email),
            login_username: owned(self.login_username),
            payment_amount: self.payment_amount.map(amount).transpose()?,
            payment_status: owned(self.payment_status),
            user_browser: owned(self.user_browser),
            user_ip: owned(self.user_ip),
            user_device: owned(self.user_device),
            user_referrer: owned(self.user_referrer),
            answers: Vec::new(),
        })
    }
}

/// The texts and the beginning of a submission, those of `before` where it has none.
fn completed(given: Submission, before: &Submission) -> Submission {
    let kept = |given: Option<String>, before: &Option<String>| given.or_else(|| before.clone());
    Submission {
        date_start: given.date_start.or(before.date_start),
        login_email: kept(given.login_email, &before.login_email),
        login_username: kept(given.login_username, &before.login_username),
        payment_amount: kept(given.payment_amount, &before.payment_amount),
        payment_status: kept(given.payment_status, &before.payment_status),
        user_browser: kept(given.user_browser, &before.user_browser),
        user_ip: kept(given.user_ip, &before.user_ip),
        user_device: kept(given.user_device, &before.user_device),
        user_referrer: kept(given.user_referrer, &before.user_referrer),
        ..given
    }
}

/// The answers of a document, by slot; those of `before` where it does not name them.
fn answers(
    leaves: &Leaves,
    document: &RawValue,
    before: &[Option<Answer>],
) -> Result<Vec<Option<Answer>>, Fault> {
    read_with(AnswersSeed { leaves, before }, document.get()).map_err(|fault| fault.within("answers"))
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
