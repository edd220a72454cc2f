//! The nouns of Fillhouse and the rules that hold for them everywhere.
//!
//! Guarantees: every function here is pure; the same arguments give the same result.
//!
//! Must not know: I/O, SQL, HTTP, a clock of its own, or how any of these types is spelled on a wire. A type here that
//! could be serialised would turn its fields into a promise; the stored and the wire forms live with those who own them.

mod account;
mod answer;
mod audience;
mod clock;
mod error;
pub mod filter;
mod form;
mod form_rules;
mod id;
mod job;
mod json;
pub mod matching;
mod period;
mod profile_key;
pub mod row;
mod schedule;
mod submission;
mod time;
mod webhook;

pub use account::{Ability, Account, Token, User};
pub use answer::{Answer, AnswerKind, Chosen, File};
pub use audience::{Audience, Field, FieldType, Profile, Segment, SegmentMembers};
pub use clock::Clock;
pub use error::{ErrorKind, Fault};
pub use filter::Filter;
pub use form::{
    Choice, Form, FormLook, FormState, Item, ItemType, Leaf, Matches, ResultsLabels, ResultsView, Slot,
};
pub use id::{AccountId, AudienceId, FormId, JobId, ProfileId, SegmentId, SubmissionId, UserId, WebhookId};
pub use job::{Job, JobState, JobSubject, LEASE_MICROS, MAX_BARREN_ATTEMPTS, SMALL_ROWS, turn_at};
pub use json::Json;
pub use period::{Period, TimeRange, parse_date, time_zone};
pub use profile_key::profile_keys;
pub use schedule::{WEEKDAYS, When, clock, read_clock};
pub use submission::{Status, Submission};
pub use time::Timestamp;
pub use webhook::{Integration, Subscription, SubscriptionKind, Webhook};
