//! Where the time comes from: always from an argument, so that a test can say what it is.
//!
//! Must not know: the system's clock; the binary brings that.

use crate::Timestamp;

/// A source of the present time.
pub trait Clock: Send + Sync + 'static {
    /// The present time; later calls never answer an earlier one by more than the system's own corrections.
    fn now(&self) -> Timestamp;
}
