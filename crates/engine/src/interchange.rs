//! The interchange format: one JSON object a line, for everything that Fillhouse stores.
//!
//! [`Record::parse`] reads a line, and a `write_…` function of each kind writes one. Submissions are read by the
//! million, so a line of theirs is read in two steps: [`Record::parse`] finds its form and leaves the answers as they
//! stand, and [`SubmissionDocument::bind_imported`] reads those straight into the slots of the form. A new submission
//! comes to the native API as the same document ([`SubmissionDocument::bind_new`]).
//!
//! Guarantees: a fault names its field; a key without a meaning is refused, never dropped; what was read from a line is
//! written as a line that reads back as the same; writing is canonical, so that equal records are equal bytes.
//!
//! Must not know: files, compression, or what is in the store already. Whether a line refers to something that exists
//! is for whoever stores it to say.

mod account;
mod audience;
mod destination;
mod form;
mod json;
mod kind;
mod leaves;
mod line;
mod object_text;
mod scalar;
mod schedule;
mod submission;
mod timing;
mod webhook;

pub(crate) use account::check_user_dir;
pub use account::{Credential, TokenRecord, write_account, write_token, write_user};
pub use audience::{SegmentLine, write_audience, write_deleted_segment, write_profile, write_segment};
pub use fillhouse_render::json::Members;
pub use form::{write_form, write_look, write_results_labels, write_results_view};
pub use json::read_object;
pub use leaves::Leaves;
pub use object_text::canonical_object;
pub(crate) use object_text::object_members;
pub use schedule::{ScheduleLine, write_schedule};
pub use submission::{SubmissionDocument, SubmissionRecord, write_submission};
pub use webhook::{write_integration, write_webhook};

use account::{AccountDocument, TokenDocument, UserDocument};
use audience::{AudienceDocument, ProfileDocument, SegmentDocument};
use fillhouse_model::{
    Account, Audience, Fault, Form, FormLook, Integration, Profile, ResultsLabels, ResultsView, User, Webhook,
};
use form::{FormDocument, LookDocument, ResultsLabelsDocument, ResultsViewDocument};
use kind::Kind;
use schedule::ScheduleDocument;
use webhook::{IntegrationDocument, WebhookDocument};

/// What a line says.
#[derive(Debug)]
pub enum Record<'line> {
    /// `account`
    Account(Account),
    /// `user`
    User(User),
    /// `token`
    Token(TokenRecord),
    /// `form`; it has no slots yet, since those depend on the form it replaces.
    Form(Form),
    /// `results_labels`
    ResultsLabels(ResultsLabels),
    /// `results_view`
    ResultsView(ResultsView),
    /// `look`
    Look(FormLook),
    /// `audience`
    Audience(Audience),
    /// `profile`
    Profile(Profile),
    /// `segment`
    Segment(SegmentLine),
    /// `webhook`
    Webhook(Webhook),
    /// `integration`
    Integration(Integration),
    /// `submission`; its answers are not read yet, since their form says how.
    Submission(SubmissionRecord<'line>),
    /// `schedule`
    Schedule(Box<ScheduleLine>),
}

impl<'line> Record<'line> {
    /// Reads a line; a line break at its end does no harm.
    ///
    /// # Errors
    /// The first fault, with the path of its field; without a field where the line is no JSON object.
    pub fn parse(line: &'line str) -> Result<Self, Fault> {
        Ok(match Kind::of_line(line)? {
            Kind::Account => Self::Account(read_object::<AccountDocument<'_>>(line)?.try_into()?),
            Kind::User => Self::User(read_object::<UserDocument<'_>>(line)?.into()),
            Kind::Token => Self::Token(read_object::<TokenDocument<'_>>(line)?.try_into()?),
            Kind::Form => Self::Form(read_object::<FormDocument<'_>>(line)?.try_into()?),
            Kind::ResultsLabels => {
                Self::ResultsLabels(read_object::<ResultsLabelsDocument<'_>>(line)?.try_into()?)
            }
            Kind::ResultsView => Self::ResultsView(read_object::<ResultsViewDocument<'_>>(line)?.try_into()?),
            Kind::Look => Self::Look(read_object::<LookDocument<'_>>(line)?.try_into()?),
            Kind::Audience => Self::Audience(read_object::<AudienceDocument<'_>>(line)?.try_into()?),
            Kind::Profile => Self::Profile(read_object::<ProfileDocument<'_>>(line)?.try_into()?),
            Kind::Segment => Self::Segment(read_object::<SegmentDocument<'_>>(line)?.try_into()?),
            Kind::Webhook => Self::Webhook(read_object::<WebhookDocument<'_>>(line)?.try_into()?),
            Kind::Integration => Self::Integration(read_object::<IntegrationDocument<'_>>(line)?.try_into()?),
            Kind::Submission => Self::Submission(read_object::<SubmissionDocument<'_>>(line)?.try_into()?),
            Kind::Schedule => {
                Self::Schedule(Box::new(read_object::<ScheduleDocument<'_>>(line)?.try_into()?))
            }
        })
    }
}

#[cfg(test)]
mod tests;
