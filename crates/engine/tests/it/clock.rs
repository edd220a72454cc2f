//! Clocks that are set by hand, and one that can stop whoever looks at it.
//!
//! Must not know: what is tested.

use fillhouse_model::{Clock, Timestamp};
use std::sync::atomic::{AtomicI64, Ordering};

/// A clock that stands still until it is moved.
pub(crate) struct HandClock(AtomicI64);

impl HandClock {
    pub(crate) fn at(start: &str) -> Self {
        Self(AtomicI64::new(instant(start).micros()))
    }

    pub(crate) fn set(&self, text: &str) {
        self.0.store(instant(text).micros(), Ordering::SeqCst);
    }

    pub(crate) fn advance_micros(&self, micros: i64) {
        self.0.fetch_add(micros, Ordering::SeqCst);
    }

    pub(crate) fn advance_seconds(&self, seconds: i64) {
        self.advance_micros(seconds * 1_000_000);
    }
}

impl Clock for HandClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_micros(self.0.load(Ordering::SeqCst)).unwrap()
    }
}

/// The instant of a text.
pub(crate) fn instant(text: &str) -> Timestamp {
    text.parse().unwrap()
}
