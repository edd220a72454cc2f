//! Chance, and the moments that it picks.
//!
//! Guarantees: whoever reads a failed test is told the seed; `FILLHOUSE_TEST_SEED` sets it.

use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

/// A seeded generator that says its seed where the test fails.
pub(crate) struct Chance {
    generator: StdRng,
    seed: u64,
}

impl Chance {
    pub(crate) fn new() -> Self {
        let set = std::env::var("FILLHOUSE_TEST_SEED").ok();
        let seed = set.map_or_else(rand::random, |seed| seed.parse().unwrap());
        Self { generator: StdRng::seed_from_u64(seed), seed }
    }

    /// A random part of `whole`.
    pub(crate) fn part_of(&mut self, whole: Duration) -> Duration {
        whole.mul_f64(self.generator.random_range(0.0..1.0))
    }
}

impl Drop for Chance {
    fn drop(&mut self) {
        if thread::panicking() {
            #[expect(clippy::print_stderr, reason = "who reads a failed test needs the seed to repeat it")]
            {
                eprintln!("--- repeat it with FILLHOUSE_TEST_SEED={}", self.seed);
            }
        }
    }
}

/// Lets a moment pass. No test waits so for something to happen: what comes after is a blow that must be survived at
/// whatever moment it falls. Nobody sends on the channel; it is a wait with a limit and nothing else.
pub(crate) fn let_pass(moment: Duration) {
    let (_nobody, never) = mpsc::channel::<()>();
    assert_eq!(never.recv_timeout(moment), Err(mpsc::RecvTimeoutError::Timeout));
}
