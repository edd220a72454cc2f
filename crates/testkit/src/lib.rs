//! What tests of several crates need: a database of their own, a server of their own, and waiting with a limit.
//!
//! Guarantees that what a test made is gone when the test ends, also when it fails, and that nothing here waits without
//! a limit. It must not know a crate of Fillhouse, so that every one can use it: a server is a path and a line that it
//! prints.

mod postgres;
mod receiver;
mod s3;
mod server;
mod wait;

pub use postgres::{Database, postgres, postgres_certificate};
pub use receiver::{Received, Receiver, Reply};
pub use s3::S3Server;
pub use server::{Server, ServerBuilder};
pub use wait::wait_until;
