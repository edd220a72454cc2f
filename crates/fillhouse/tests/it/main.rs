//! The program as its users have it: the real binary, its real files and sockets, and signals.
//!
//! Guarantees: every process that a test starts ends with it; nothing but the loopback address is used. It needs
//! `python3`, `unzip`, schemathesis and a PostgreSQL server (see `fillhouse_testkit::postgres`), and fails without one of them.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod buckets;
mod chance;
mod client;
mod commands;
mod contract;
mod cutter;
mod dataset;
mod dumps;
mod examples;
mod export;
mod exporting;
mod kills;
mod kills_of_formats;
mod latest;
mod metrics;
mod packaging;
mod place;
mod run;
mod switching;
mod tailing;
mod upkeep;
mod webhooks;
mod writers;
