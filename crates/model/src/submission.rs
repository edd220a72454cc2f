//! Submissions: one filled form each.
//!
//! Must not know: ordinals, seqs or rows; those are how a store keeps them.

use crate::{Answer, AudienceId, ProfileId, SubmissionId, Timestamp};

/// Whether a submission was finished.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// It was begun, and may still be changed by whoever fills it in.
    Incomplete,
    /// It was finished.
    Complete,
}

impl Status {
    /// The word for it, on every wire.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Incomplete => "Incomplete",
            Self::Complete => "Complete",
        }
    }

    /// The status of a word.
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Incomplete, Self::Complete].into_iter().find(|status| status.name() == name)
    }
}

/// One filled form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Submission {
    /// Its id, unique in the account.
    pub id: SubmissionId,
    /// Whether it was finished.
    pub status: Status,
    /// When it was begun, where known.
    pub date_start: Option<Timestamp>,
    /// When it was finished; none while incomplete.
    pub date_finish: Option<Timestamp>,
    /// When it was last changed.
    pub date_update: Timestamp,
    /// The e-mail address of whoever was signed in.
    pub login_email: Option<String>,
    /// The user name of whoever was signed in.
    pub login_username: Option<String>,
    /// What was paid: a decimal number as it was written, never a float.
    pub payment_amount: Option<String>,
    /// How the payment went.
    pub payment_status: Option<String>,
    /// The browser.
    pub user_browser: Option<String>,
    /// The address it came from.
    pub user_ip: Option<String>,
    /// `Desktop`, `Tablet` or `Mobile`.
    pub user_device: Option<String>,
    /// The page that led to the form, or `N/A`.
    pub user_referrer: Option<String>,
    /// The profile it is from, where known.
    pub profile: Option<(AudienceId, ProfileId)>,
    /// The answers by slot (see [`crate::Slot`]); slots past the end are unanswered.
    pub answers: Vec<Option<Answer>>,
}
