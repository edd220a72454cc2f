//! The system's clock.
//!
//! Must not know: who asks. This is the one place where the present time comes from.

use fillhouse_model::{Clock, Timestamp};

/// The system's clock.
#[derive(Debug, Clone, Copy)]
pub(crate) struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is the clock that everything else is given")]
    fn now(&self) -> Timestamp {
        jiff::Timestamp::now().into()
    }
}
