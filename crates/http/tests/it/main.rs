//! What the surfaces answer, from the outside: requests, and the answers to them, word for word.
//!
//! Guarantees: each test has a house of its own, with an engine on SQLite in a folder that goes with it, a clock that is
//! set by hand and a seeded randomness.
//!
//! Must not know: the insides of the crate.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod ask;
mod authority;
mod bodies;
mod console;
mod documents;
mod downloads;
mod exports;
mod files;
mod fill;
mod formats;
mod hosted;
mod hostile;
mod house;
mod latest;
mod logs;
mod native;
mod open;
mod ops;
mod profiles;
mod ranges;
mod refusals;
mod schedules;
mod seed;
mod tokens;
mod v2;
