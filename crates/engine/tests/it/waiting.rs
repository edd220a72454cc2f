//! Waiting for what another task or process does, with a limit.
//!
//! Must not know: what is waited for.

use std::time::Duration;

/// How long a test waits for what must come, on a machine that runs many tests at once.
pub(crate) const PATIENCE: Duration = Duration::from_mins(1);

/// Between two looks: a row that another connection writes sends no signal that one could wait on.
const LOOK_EVERY: Duration = Duration::from_millis(5);

/// Looks until there is something, and returns it. `what` completes the sentence "waited in vain for …".
pub(crate) async fn wait_for<T, F: Future<Output = Option<T>>>(what: &str, mut look: impl FnMut() -> F) -> T {
    let looking = async {
        let mut looks = tokio::time::interval(LOOK_EVERY);
        loop {
            looks.tick().await;
            if let Some(found) = look().await {
                return found;
            }
        }
    };
    in_time(what, Box::pin(looking)).await
}

/// What a future gives, which must come in time.
pub(crate) async fn in_time<T>(what: &str, future: impl Future<Output = T>) -> T {
    let Ok(value) = tokio::time::timeout(PATIENCE, future).await else {
        panic!("waited in vain for {what}, {PATIENCE:?} long");
    };
    value
}
