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

/// What a row that a job has to look at costs it in the queue, in microseconds: a million of them are 20 seconds.
const ROW_MICROS: i64 = 20;
/// What another unfinished job of the same account costs it there, in microseconds.
const NEIGHBOUR_MICROS: i64 = 250_000;

/// Up to how many rows a job is small: a worker keeps a place for such as these.
pub const SMALL_ROWS: i64 = 100_000;

/// When it is a new job's turn: the sooner goes first. That is now for one that is small and of an account that has no
/// other; a larger one lets those by that come in the time that it would take, and one of many those of other accounts.
/// However large it is, the time comes.
pub fn turn_at(now: Timestamp, expected_rows: i64, unfinished_neighbours: i64) -> Timestamp {
    let cost = expected_rows.saturating_mul(ROW_MICROS);
    now.plus_micros(cost.saturating_add(unfinished_neighbours.saturating_mul(NEIGHBOUR_MICROS)))
}

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
    /// Whoever asked for it does not want it any more.
    Cancelled,
}

impl JobState {
    /// Every state with its stored name.
    pub const ALL: [(Self, &'static str); 5] = [
        (Self::Queued, "queued"),
        (Self::Running, "running"),
        (Self::Completed, "completed"),
        (Self::Failed, "failed"),
        (Self::Cancelled, "cancelled"),
    ];

    /// Its stored name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Running => "running",
            Self::Completed => "completed",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
        }
    }

    /// Whether it waits or is under way; else it stays as it is.
    pub fn is_unfinished(self) -> bool {
        matches!(self, Self::Queued | Self::Running)
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
        self.state.is_unfinished() && self.lease_until <= now
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

    /// The job as cancelled; none where it has ended.
    pub fn cancel(self) -> Option<Self> {
        self.state.is_unfinished().then_some(Self { state: JobState::Cancelled, ..self })
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

    /// What happens to a job.
    #[derive(Debug, Clone, Copy)]
    enum Step {
        Lease,
        Cancel,
        Complete,
    }

    fn step() -> impl Strategy<Value = Step> {
        prop_oneof![6 => Just(Step::Lease), 1 => Just(Step::Cancel), 1 => Just(Step::Complete)]
    }

    proptest! {
        /// Whenever it is cancelled, and whatever else happens: the first end is the last.
        #[test]
        fn a_job_ends_once(steps in prop::collection::vec((step(), 0_i64..30_000_000), 1..60)) {
            let mut now = at(0);
            let mut job = Job::queued(now);
            for (step, pause) in steps {
                now = now.plus_micros(pause);
                let before = job;
                match step {
                    Step::Lease => job = job.lease(now).unwrap_or(job),
                    Step::Cancel => job = job.cancel().unwrap_or(job),
                    Step::Complete if job.state == JobState::Running => job.state = JobState::Completed,
                    Step::Complete => {}
                }
                if !before.state.is_unfinished() {
                    prop_assert_eq!(job, before);
                    prop_assert_eq!((job.cancel(), job.is_due(now)), (None, false));
                } else if matches!(step, Step::Cancel) {
                    prop_assert_eq!((job.state, job.attempt), (JobState::Cancelled, before.attempt));
                }
            }
        }

        /// Every job's turn comes: of those that come later by more than its own cost, all are after it.
        #[test]
        fn a_larger_job_waits_longer_but_not_for_ever(rows in 0_i64..1_000_000_000, neighbours in 0_i64..1_000) {
            let turn = turn_at(at(0), rows, neighbours);
            prop_assert!(turn >= at(0) && turn <= turn_at(at(0), rows + 1, neighbours));
            prop_assert!(turn < turn_at(at(0), rows, neighbours + 1));
            let later = at(0).plus_micros(rows * ROW_MICROS + neighbours * NEIGHBOUR_MICROS + 1);
            prop_assert!(turn < turn_at(later, 0, 0));
        }
    }

    #[test]
    fn a_small_job_does_not_wait_for_a_large_one() {
        assert!(turn_at(at(19_000_000), 100, 1) < turn_at(at(0), 1_000_000, 0));
        assert!(turn_at(at(0), i64::MAX, i64::MAX) > at(0));
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
