//! Profiles: finding one, reading and changing them, and giving them out as files.
//!
//! Guarantees: an audience of another account is not found, and neither is anything in it.
//!
//! Must not know: how any dialect spells a profile.

mod audiences;
mod change;
mod export;
pub(crate) mod matching;
mod overview;
mod people;
mod query;
mod segments;
mod values;
mod wipe;

pub use audiences::AudienceDraft;
pub use change::{NewProfile, Stored};
pub(crate) use export::{KIND, run};
pub use export::{ProfileExport, ProfileExportStatus, ProfileFormat, ProfileSource};
pub use matching::Matching;
pub use overview::{AudienceOverview, ProfileFill};
pub use people::{AudiencePage, ProfilePage};
pub use query::ProfileQuery;
pub use segments::{NewSegment, SegmentChange, SegmentDetails, SegmentPage};
pub use wipe::AudienceWiper;
