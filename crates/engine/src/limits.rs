//! Limits: how many calls an account may make in a minute, and in a day.
//!
//! Guarantees: a call that is refused is not counted, so that whoever goes on asking does not wait longer; after a minute
//! without a call the limit of a minute is as fresh as ever. Each process counts for itself.
//!
//! Must not know: what is called, or how a dialect says that it was too much.

use crate::Caller;
use fillhouse_model::{AccountId, Timestamp};
use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Mutex, PoisonError};

const MICROS: i64 = 1_000_000;
/// How many accounts are counted for before those that begin anew anyway are forgotten.
const COUNTED_ACCOUNTS: usize = 10_000;

/// How many calls an account may make; 0 is any number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RateLimits {
    /// In a minute.
    pub per_minute: u32,
    /// In a day.
    pub per_day: u32,
}

/// What is left of one limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Allowance {
    /// `minute` or `day`.
    pub name: &'static str,
    /// How many calls there may be.
    pub most: u32,
    /// In how many seconds.
    pub seconds: i64,
    /// How many are left.
    pub left: u32,
    /// After how many seconds there are as many again.
    pub renewed_in_seconds: i64,
}

/// What became of a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Counted {
    /// What is left of each limit there is.
    pub allowances: Vec<Allowance>,
    /// Where it was one too many: after how many seconds the next is not.
    pub retry_after_seconds: Option<i64>,
}

/// The calls of each account, or of whoever else is counted for.
pub(crate) struct CallCounter<K = AccountId> {
    limits: RateLimits,
    spans: Mutex<HashMap<K, [Span; 2]>>,
}

/// A run of time that began with a call, and the calls in it.
#[derive(Debug, Clone, Copy)]
struct Span {
    begun: Timestamp,
    calls: u32,
}

impl Caller {
    /// Counts a call of the caller's account, unless it is one too many.
    pub fn count_call(&self) -> Counted {
        self.engine.parts.calls.count(self.token.account_id, self.engine.now())
    }
}

impl Caller {
    /// What is left of the limits of the caller's account, without a call.
    pub fn allowances(&self) -> Vec<Allowance> {
        self.engine.parts.calls.allowances(&self.token.account_id, self.engine.now())
    }
}

impl<K: Eq + Hash> CallCounter<K> {
    pub(crate) fn new(limits: RateLimits) -> Self {
        Self { limits, spans: Mutex::default() }
    }

    /// Counts a call of `caller`, unless it is one too many.
    pub(crate) fn count(&self, caller: K, now: Timestamp) -> Counted {
        let kinds = self.kinds();
        let mut all = self.spans.lock().unwrap_or_else(PoisonError::into_inner);
        if all.len() >= COUNTED_ACCOUNTS {
            all.retain(|_, [_, day]| day.ends_in(86_400, now).is_some());
        }
        let spans = all.entry(caller).or_insert([Span { begun: now, calls: 0 }; 2]);
        let mut retry_after_seconds = None;
        for (span, (_, most, seconds)) in spans.iter_mut().zip(kinds) {
            match span.ends_in(seconds, now) {
                None => *span = Span { begun: now, calls: 0 },
                Some(left) if most > 0 && span.calls >= most => {
                    retry_after_seconds = retry_after_seconds.max(Some(left));
                }
                Some(_) => {}
            }
        }
        if retry_after_seconds.is_none() {
            spans.iter_mut().for_each(|span| span.calls = span.calls.saturating_add(1));
        }
        Counted { allowances: left(spans, kinds, now), retry_after_seconds }
    }

    /// What is left to `caller`, without a call.
    pub(crate) fn allowances(&self, caller: &K, now: Timestamp) -> Vec<Allowance> {
        let kinds = self.kinds();
        let all = self.spans.lock().unwrap_or_else(PoisonError::into_inner);
        let fresh = Span { begun: now, calls: 0 };
        let mut spans = all.get(caller).copied().unwrap_or([fresh; 2]);
        for (span, (_, _, seconds)) in spans.iter_mut().zip(kinds) {
            if span.ends_in(seconds, now).is_none() {
                *span = fresh;
            }
        }
        left(&spans, kinds, now)
    }

    /// The name of each limit, how many calls it allows, and in how many seconds.
    fn kinds(&self) -> [(&'static str, u32, i64); 2] {
        [("minute", self.limits.per_minute, 60), ("day", self.limits.per_day, 86_400)]
    }
}

/// What is left of the limits that there are.
fn left(spans: &[Span; 2], kinds: [(&'static str, u32, i64); 2], now: Timestamp) -> Vec<Allowance> {
    let limited = spans.iter().zip(kinds).filter(|(_, (_, most, _))| *most > 0);
    let allowances = limited.map(|(span, (name, most, seconds))| Allowance {
        name,
        most,
        seconds,
        left: most.saturating_sub(span.calls),
        renewed_in_seconds: span.ends_in(seconds, now).unwrap_or(seconds),
    });
    allowances.collect()
}

impl Span {
    /// After how many seconds it is over, rounded up; none where it is, or where the clock was set back behind it.
    fn ends_in(&self, seconds: i64, now: Timestamp) -> Option<i64> {
        let passed = now.micros() - self.begun.micros();
        let left = seconds * MICROS - passed;
        (passed >= 0 && left > 0).then(|| (left + MICROS - 1) / MICROS)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_micros(1_777_000_000 * MICROS + seconds * MICROS).unwrap()
    }

    /// Whether each of these calls, at these seconds, was let through.
    fn let_through(limits: RateLimits, seconds: &[i64]) -> Vec<bool> {
        let counter = CallCounter::new(limits);
        let call = |seconds: &i64| counter.count(AccountId(1), at(*seconds)).retry_after_seconds.is_none();
        seconds.iter().map(call).collect()
    }

    #[test]
    fn a_minute_after_the_first_call_the_limit_is_fresh() {
        let limits = RateLimits { per_minute: 2, per_day: 0 };
        let calls = [0, 10, 20, 30, 59, 60, 60, 60, 200];
        assert_eq!(let_through(limits, &calls), [true, true, false, false, false, true, true, false, true]);
    }

    #[test]
    fn calls_that_were_refused_do_not_count_for_the_day() {
        let limits = RateLimits { per_minute: 1, per_day: 2 };
        let calls = [0, 1, 2, 3, 61, 122, 86_399, 86_400];
        assert_eq!(let_through(limits, &calls), [true, false, false, false, true, false, false, true]);
    }

    #[test]
    fn no_limit_is_no_limit_and_each_account_has_its_own() {
        let none = RateLimits { per_minute: 0, per_day: 0 };
        assert!(let_through(none, &[0; 1_000]).into_iter().all(|through| through));
        let counter = CallCounter::new(RateLimits { per_minute: 1, per_day: 0 });
        for account in [1, 2] {
            assert_eq!(counter.count(AccountId(account), at(0)).retry_after_seconds, None);
            assert_eq!(counter.count(AccountId(account), at(1)).retry_after_seconds, Some(59));
        }
    }

    #[test]
    fn what_is_left_is_said_of_both() {
        let counter = CallCounter::new(RateLimits { per_minute: 2, per_day: 3 });
        let left = |seconds| {
            let outcome = counter.count(AccountId(1), at(seconds));
            let of = |one: &Allowance| (one.name, one.left, one.renewed_in_seconds);
            (outcome.allowances.iter().map(of).collect::<Vec<_>>(), outcome.retry_after_seconds)
        };
        assert_eq!(left(0), (vec![("minute", 1, 60), ("day", 2, 86_400)], None));
        assert_eq!(left(1), (vec![("minute", 0, 59), ("day", 1, 86_399)], None));
        assert_eq!(left(2), (vec![("minute", 0, 58), ("day", 1, 86_398)], Some(58)));
        assert_eq!(left(60), (vec![("minute", 1, 60), ("day", 0, 86_340)], None));
        assert_eq!(left(61), (vec![("minute", 1, 59), ("day", 0, 86_339)], Some(86_339)));
        let looked_at: Vec<u32> =
            counter.allowances(&AccountId(1), at(62)).iter().map(|one| one.left).collect();
        assert_eq!(looked_at, [1, 0], "looking is no call");
        let fresh: Vec<u32> = counter.allowances(&AccountId(2), at(62)).iter().map(|one| one.left).collect();
        assert_eq!(fresh, [2, 3]);
    }
}
