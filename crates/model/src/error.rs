//! What can go wrong, as a closed list that every dialect maps to its own answer.
//!
//! Must not know: status codes and bodies; those are each dialect's.

/// The kind of a failure. Closed on purpose: a dialect matches on it without a wildcard.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ErrorKind {
    /// The thing does not exist, or belongs to another account.
    NotFound,
    /// An argument is missing, malformed or out of range; the message names the field.
    InvalidArgument,
    /// No token was given, or more than one and they differ in a way that cannot be resolved.
    Unauthenticated,
    /// A token was given and no such token exists.
    UnknownToken,
    /// The token is known and lacks the ability.
    Forbidden,
    /// The request contradicts what is there: an idempotency key reused for another request, a closed form.
    Conflict,
    /// The request is larger than allowed.
    TooLarge,
    /// Something needed is not there just now; the same request may succeed later.
    Unavailable,
    /// A fault of ours.
    Internal,
}

/// One thing wrong with an input: which field, and what about it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{field}: {message}")]
pub struct Fault {
    /// The path of the field, such as `answers.103[0].position`.
    pub field: String,
    /// What is wrong with it, without the field's name.
    pub message: String,
}

impl Fault {
    /// A fault of `field`.
    pub fn new(field: impl Into<String>, message: impl Into<String>) -> Self {
        Self { field: field.into(), message: message.into() }
    }

    /// The same fault seen from one level further out: `b: …` within `a` is `a.b: …`.
    #[must_use]
    pub fn within(self, outer: &str) -> Self {
        let joint = if self.field.starts_with('[') || self.field.is_empty() { "" } else { "." };
        Self { field: format!("{outer}{joint}{}", self.field), message: self.message }
    }
}
