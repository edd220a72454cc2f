//! One suite for both databases: what the engine promises, case by case, on SQLite and on PostgreSQL.
//!
//! Guarantees: the time is set by hand and the randomness is seeded, so that a case is the same each time. It needs a
//! PostgreSQL server (see `fillhouse_testkit::postgres`), and fails without one.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

/// Makes of each case, an `async fn(House)`, one test a database: `sqlite::case` and `postgres::case`.
macro_rules! on_both {
    ($($case:ident),* $(,)?) => {
        mod sqlite {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $case() {
                super::$case(crate::house::House::sqlite().await).await;
            })*
        }
        mod postgres {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $case() {
                super::$case(crate::house::House::postgres().await).await;
            })*
        }
    };
}

mod answers;
mod changes;
mod clock;
mod console;
mod database;
mod deleted_forms;
mod deliveries;
mod exports;
mod files;
mod forms;
mod house;
mod import;
mod ingest;
mod jobs;
mod looks;
mod paused;
mod profiles;
mod queries;
mod retention;
mod samples;
mod schedules;
mod spread;
mod tokens;
mod waiting;
