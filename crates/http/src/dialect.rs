//! The dialects: the families of API that are spoken, a module each.
//!
//! Must not know: what a dialect says.

pub(crate) mod native;
pub(crate) mod open;
pub(crate) mod v1_1;
pub(crate) mod v2;
