//! What a use case can answer instead of its result.
//!
//! Guarantees: what is shown to a caller ([`Error::message`]) never has anything of the source in it.
//!
//! Must not know: status codes and envelopes.

use fillhouse_model::{ErrorKind, Fault};
use std::fmt;

/// A failure: a kind that dialects map, a message for the caller, and a source for the log.
#[derive(Debug)]
pub struct Error {
    kind: ErrorKind,
    message: String,
    faults: Vec<Fault>,
    source: Option<Box<dyn std::error::Error + Send + Sync>>,
}

/// The result of a use case.
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    /// A failure of this kind, with a message for the caller.
    pub fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self { kind, message: message.into(), faults: Vec::new(), source: None }
    }

    /// The thing, named in the message, is not there.
    pub fn not_found(what: impl fmt::Display) -> Self {
        Self::new(ErrorKind::NotFound, format!("{what} was not found"))
    }

    /// A fault of ours, with what is to be logged.
    pub fn internal(source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        let message = "the server has failed; its log says why".to_owned();
        Self { kind: ErrorKind::Internal, message, faults: Vec::new(), source: Some(source.into()) }
    }

    /// These arguments are wrong; there is at least one.
    pub fn invalid(faults: Vec<Fault>) -> Self {
        let message =
            faults.first().map_or_else(|| "the request is not valid".to_owned(), ToString::to_string);
        Self { kind: ErrorKind::InvalidArgument, message, faults, source: None }
    }

    /// Its kind.
    pub fn kind(&self) -> ErrorKind {
        self.kind
    }

    /// What the caller is told.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// What is wrong with the arguments, where that is the matter.
    pub fn faults(&self) -> &[Fault] {
        &self.faults
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.source.as_ref().map(|source| source.as_ref() as _)
    }
}

impl From<Fault> for Error {
    fn from(fault: Fault) -> Self {
        Self::invalid(vec![fault])
    }
}

impl From<fillhouse_store::Error> for Error {
    fn from(error: fillhouse_store::Error) -> Self {
        let kind = match error {
            fillhouse_store::Error::Busy(_) | fillhouse_store::Error::Driver(_) => ErrorKind::Unavailable,
            _ => return Self::internal(error),
        };
        let message = "the database does not answer just now".to_owned();
        Self { kind, message, faults: Vec::new(), source: Some(error.into()) }
    }
}

impl From<fillhouse_model::row::Malformed> for Error {
    fn from(malformed: fillhouse_model::row::Malformed) -> Self {
        Self::internal(malformed)
    }
}

impl From<tokio::task::JoinError> for Error {
    fn from(error: tokio::task::JoinError) -> Self {
        Self::internal(error)
    }
}
