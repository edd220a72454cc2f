//! Jobs: durable work with a lease, and the states it goes through.
//!
//! Guarantees: the transitions here are the only ones; a finished job never changes its state again.
//!
//! Must not know: what the work is, or who does it.

use crate::{AudienceId, FormId, Timestamp};

/// How long a worker may be silent before another takes its job over, in microseconds.
pub const LEASE_MICROS: i64 = 12_000_000;

/// How many attempts in a row may end without one more finished block before the job is given up.
pub const MAX_BARREN_ATTEMPTS: i64 = 25;

/// What a job is about, and whose changes its snapshot counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JobSubject {
    /// A form.
    Form(FormId),
    /// An audience, or a part of it.
    Audience(AudienceId),
}

/// The state of a job.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JobState {
    /// It waits for a worker.
    Queued,
    /// A worker has it, until the lease ends.
    Running,
    /// It is done, and its result was checked.
    Completed,
    /// It was given up; it says why.
    Failed,
}

impl JobState {
    /// Every state with its stored name.
    pub const ALL: [(Self, &'static str); 4] = [
        (Self::Queued, "queued"),
        (Self::Running, "running"),
        (Self::Completed, "completed"),
        (Self::Failed, "failed"),
    ];

    /// Its stored name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Running => "running",
            Self::Completed => "completed",
            Self::Failed => "failed",
        }
    }

    /// The state of a stored name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|(_, known)| *known == name).map(|(state, _)| state)
    }
}

/// What the rules of leasing look at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Job {
    /// Its state.
    pub state: JobState,
    /// How often it was leased: the fencing token of whoever leased it last.
    pub attempt: i64,
    /// How many of the last attempts finished no block.
    pub barren_attempts: i64,
    /// While running, when the lease ends; while queued, when it may first be leased.
    pub lease_until: Timestamp,
}

impl Job {
    /// A new job.
    pub fn queued(now: Timestamp) -> Self {
        Self { state: JobState::Queued, attempt: 0, barren_attempts: 0, lease_until: now }
    }

    /// Whether a worker may lease it at `now`: it waits, or whoever had it fell silent.
    pub fn is_due(&self, now: Timestamp) -> bool {
        matches!(self.state, JobState::Queued | JobState::Running) && self.lease_until <= now
    }

    /// The job as leased at `now`, or failed where it was tried too often; none where it is not due.
    pub fn lease(self, now: Timestamp) -> Option<Self> {
        if !self.is_due(now) {
            return None;
        }
        let spent = self.barren_attempts >= MAX_BARREN_ATTEMPTS;
        Some(Self {
            state: if spent { JobState::Failed } else { JobState::Running },
            attempt: self.attempt + 1,
            barren_attempts: self.barren_attempts + 1,
            lease_until: now.plus_micros(LEASE_MICROS),
        })
    }

    /// When a job whose attempt ended in an error may be tried again: later each time, at most a minute.
    pub fn retry_at(&self, now: Timestamp) -> Timestamp {
        let exponent = self.barren_attempts.clamp(0, 8);
        now.plus_micros((250_000 << exponent).min(60_000_000))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn at(micros: i64) -> Timestamp {
        Timestamp::from_micros(micros).unwrap()
    }

    proptest! {
        /// However time passes and workers die, a job has one owner at a time, and in the end it is done or given up.
        #[test]
        fn a_job_is_leased_by_one_and_always_ends(pauses in prop::collection::vec(0_i64..30_000_000, 30..60)) {
            let mut now = at(0);
            let mut job = Job::queued(now);
            let mut owned_until = at(0);
            for pause in pauses {
                now = now.plus_micros(pause);
                if let Some(leased) = job.lease(now) {
                    prop_assert!(now >= owned_until, "leased while another held it");
                    prop_assert_eq!(leased.attempt, job.attempt + 1);
                    owned_until = leased.lease_until;
                    job = leased;
                }
            }
            now = now.plus_micros(LEASE_MICROS * (MAX_BARREN_ATTEMPTS + 1));
            for _ in 0..=MAX_BARREN_ATTEMPTS {
                job = job.lease(now).unwrap_or(job);
                now = now.plus_micros(LEASE_MICROS);
            }
            prop_assert_eq!(job.state, JobState::Failed);
            prop_assert_eq!(job.lease(now.plus_micros(LEASE_MICROS)), None);
        }
    }

    #[test]
    fn a_retry_waits_longer_each_time_but_never_long() {
        let waits: Vec<i64> = (0..12)
            .map(|barren_attempts| Job { barren_attempts, ..Job::queued(at(0)) }.retry_at(at(0)).micros())
            .collect();
        assert!(waits.is_sorted());
        assert_eq!((waits[0], waits[11]), (250_000, 60_000_000));
    }

    #[test]
    fn every_state_reads_its_own_name() {
        for (state, name) in JobState::ALL {
            assert_eq!((JobState::from_name(name), state.name()), (Some(state), name));
        }
    }
}
