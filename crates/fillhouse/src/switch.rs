//! Bringing forms and submissions from elsewhere: from the APIs of other products, and from tables.
//!
//! Guarantees: run again, wherever it was killed, nothing is there twice and nothing is missing; what could not be taken over
//! is reported, each thing on a line of its own.
//!
//! Must not know: the store; it has an importer and the interchange format.

pub(crate) mod files;
pub(crate) mod formsite;
mod guess;
pub(crate) mod landing;
pub(crate) mod line;
pub(crate) mod opnform;
pub(crate) mod report;
pub(crate) mod table;
pub(crate) mod web;
