//! Waiting for what cannot be waited for otherwise, with a limit.
//!
//! Guarantees that the condition is looked at once more after the limit, so that a slow machine is not taken for a
//! broken program.

use std::thread;
use std::time::{Duration, Instant};

/// Between two looks. A state of another process sends no signal that we could wait on, so we must look again and
/// again; parked for a moment, we leave the processor to the program that we wait for.
const PAUSE: Duration = Duration::from_millis(5);

/// Looks until there is something, and returns it.
///
/// `what` completes the sentence "waited in vain for …". From asynchronous code, use it only for what does not need the
/// thread it runs on.
///
/// # Panics
///
/// When there is still nothing after `limit`.
#[track_caller]
pub fn wait_until<T>(what: &str, limit: Duration, check: impl FnMut() -> Option<T>) -> T {
    match poll(limit, check) {
        Some(found) => found,
        None => panic!("waited in vain for {what}, {limit:?} long"),
    }
}

/// The same for who has something better to do than to panic.
pub(crate) fn poll<T>(limit: Duration, mut check: impl FnMut() -> Option<T>) -> Option<T> {
    let start = Instant::now();
    loop {
        let is_over = start.elapsed() >= limit;
        if let Some(found) = check() {
            return Some(found);
        }
        if is_over {
            return None;
        }
        thread::park_timeout(PAUSE);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_looks_until_there_is_something() {
        let mut looks = 0;
        let found = wait_until("the third look", Duration::from_mins(1), || {
            looks += 1;
            (looks == 3).then_some("found")
        });
        assert_eq!((found, looks), ("found", 3));
    }

    #[test]
    fn it_looks_once_even_without_time() {
        assert_eq!(wait_until("what is there", Duration::ZERO, || Some(1)), 1);
    }

    #[test]
    fn it_gives_up_and_says_what_was_missing() {
        let limit = Duration::from_millis(20);
        let panic = std::panic::catch_unwind(|| wait_until("a miracle", limit, || None::<()>)).unwrap_err();
        assert_eq!(panic.downcast_ref::<String>().unwrap(), "waited in vain for a miracle, 20ms long");
    }
}
