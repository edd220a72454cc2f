//! Profiles: finding one, reading and changing them, and giving them out as files.
//!
//! Guarantees: an audience of another account is not found, and neither is anything in it.
//!
//! Must not know: how any dialect spells a profile.

pub(crate) mod matching;
mod people;

pub use matching::Matching;
