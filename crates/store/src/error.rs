//! What can go wrong with what is kept.
//!
//! Guarantees: a miss is never an error here; it is `None`.
//!
//! Must not know: which answer a caller gives for it.

use std::fmt::Display;

/// A failure of the database or of the blobs.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Others were in the way for longer than we wait; the same unit of work may succeed later.
    #[error("the database is busy: {0}")]
    Busy(String),
    /// A row with this key exists already, or refers to one that does not exist.
    #[error("a constraint of the database does not hold: {0}")]
    Constraint(String),
    /// What is stored contradicts itself.
    #[error("{table} {id} is not readable: {what}")]
    Inconsistent {
        /// The table.
        table: &'static str,
        /// The row.
        id: String,
        /// What is wrong with it.
        what: String,
    },
    /// The database has another schema than this program.
    #[error("{0}")]
    Schema(String),
    /// The database cannot be reached, or refused a statement.
    #[error("the database failed: {0}")]
    Driver(String),
    /// A blob is shorter than what is to be read of it.
    #[error("the blob {blob} was cut off at {size_bytes} bytes")]
    CutOff {
        /// Its name.
        blob: String,
        /// How many bytes it has.
        size_bytes: u64,
    },
    /// A blob is not there, or not of its size.
    #[error("the blob {blob} has {size_bytes:?} bytes, not {expected_bytes}")]
    WrongSize {
        /// Its name.
        blob: String,
        /// How many bytes it has; none where it is not there.
        size_bytes: Option<u64>,
        /// How many it must have.
        expected_bytes: u64,
    },
    /// A blob could not be read or written.
    #[error("the blob store failed: {0}")]
    Blob(#[from] object_store::Error),
}

/// The result of what this crate does.
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    /// Whether the same unit of work, tried again, may succeed: others came between.
    pub fn is_transient(&self) -> bool {
        matches!(self, Self::Busy(_))
    }

    pub(crate) fn inconsistent(table: &'static str, id: impl Display, what: impl Display) -> Self {
        Self::Inconsistent { table, id: id.to_string(), what: what.to_string() }
    }

    pub(crate) fn panicked() -> Self {
        Self::Driver("a unit of work panicked".into())
    }
}

impl From<rusqlite::Error> for Error {
    fn from(error: rusqlite::Error) -> Self {
        use rusqlite::ErrorCode::{ConstraintViolation, DatabaseBusy, DatabaseLocked};
        match error.sqlite_error_code() {
            Some(DatabaseBusy | DatabaseLocked) => Self::Busy(error.to_string()),
            Some(ConstraintViolation) => Self::Constraint(error.to_string()),
            _ => Self::Driver(error.to_string()),
        }
    }
}

impl From<tokio_postgres::Error> for Error {
    fn from(error: tokio_postgres::Error) -> Self {
        use tokio_postgres::error::SqlState;
        let text = error.as_db_error().map_or_else(|| with_causes(&error), ToString::to_string);
        match error.code() {
            Some(code) if *code == SqlState::T_R_SERIALIZATION_FAILURE => Self::Busy(text),
            Some(code) if *code == SqlState::T_R_DEADLOCK_DETECTED => Self::Busy(text),
            // Class 23 of the SQL standard: integrity constraint violations.
            Some(code) if code.code().starts_with("23") => Self::Constraint(text),
            _ => Self::Driver(text),
        }
    }
}

impl From<deadpool_postgres::PoolError> for Error {
    fn from(error: deadpool_postgres::PoolError) -> Self {
        match error {
            deadpool_postgres::PoolError::Backend(error) => error.into(),
            _ => Self::Driver(error.to_string()),
        }
    }
}

/// An error with its causes: the driver's own text says only which step failed.
fn with_causes(error: &dyn std::error::Error) -> String {
    let causes = std::iter::successors(Some(error), |error| error.source());
    causes.map(ToString::to_string).collect::<Vec<_>>().join(": ")
}
