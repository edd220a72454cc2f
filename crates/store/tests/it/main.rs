//! One suite for both databases: each case runs on SQLite and on PostgreSQL, and must not see a difference.
//!
//! Guarantees: every statement of the crate runs on both. It needs a PostgreSQL server (see `fillhouse_testkit::postgres`),
//! and fails without one.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

/// Makes of each case, an `async fn(Db)`, one test a database: `sqlite::case` and `postgres::case`.
macro_rules! conformance {
    ($($case:ident),* $(,)?) => {
        mod sqlite {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $case() {
                super::$case(crate::database::Db::sqlite().await).await;
            })*
        }
        mod postgres {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $case() {
                super::$case(crate::database::Db::postgres().await).await;
            })*
        }
    };
}

/// Runs an expression as a unit of work of its own. A unit of work may be run again, so it uses clones of `$used`.
macro_rules! write {
    ($db:expr, [$($used:ident),*], |$tx:ident| $work:expr) => {{
        $(let $used = $used.clone();)*
        $db.store
            .write(move |$tx| {
                $(let $used = $used.clone();)*
                Box::pin(async move { $work })
            })
            .await
    }};
    ($db:expr, |$tx:ident| $work:expr) => { write!($db, [], |$tx| $work) };
}

/// The same for reading.
macro_rules! read {
    ($db:expr, [$($used:ident),*], |$tx:ident| $work:expr) => {{
        $(let $used = $used.clone();)*
        $db.store
            .read(move |$tx| {
                $(let $used = $used.clone();)*
                Box::pin(async move { $work })
            })
            .await
    }};
    ($db:expr, |$tx:ident| $work:expr) => { read!($db, [], |$tx| $work) };
}

mod accounts;
mod artifacts;
mod audiences;
mod blob_contract;
mod blobs;
mod blocks;
mod database;
mod deliveries;
mod encrypted;
mod exports;
mod files;
mod forms;
mod idempotency;
mod jobs;
mod leases;
mod migrations;
mod postgres;
mod profile_versions;
mod renditions;
mod samples;
mod schedules;
mod schema;
mod segments;
mod sessions;
mod sieve;
mod snapshots;
mod sqlite;
mod submissions;
mod units;
mod versions;
mod webhooks;
