//! What Fillhouse keeps: rows in SQLite or PostgreSQL, and blobs in a folder or in a bucket of an S3 server.
//!
//! Guarantees: a unit of work ([`Store::write`]) is all or nothing and durable when it returns; a [`Store::read`] sees one
//! moment of the database throughout. The same functions, with the same SQL, serve both databases.
//!
//! Must not know: what is allowed, what is due, or what anything means. Decisions are the engine's; times and ids come
//! as arguments. Nothing above this crate sees SQL.

mod accounts;
mod artifacts;
mod audiences;
mod audit;
mod blobs;
mod blocks;
mod bucket;
mod deliveries;
mod dialect;
pub mod document;
mod error;
mod exports;
mod files;
mod forms;
mod idempotency;
mod jobs;
mod known_since;
mod lifecycle;
mod looks;
mod matches;
mod migrate;
mod moments;
mod postgres;
mod profile_parts;
mod profile_versions;
mod profiles;
mod renditions;
mod schedule_runs;
mod schedules;
mod segments;
mod server_keys;
mod sessions;
mod sieve;
mod sqlite;
mod store;
mod submissions;
mod tx;
mod upkeep;
mod value;
mod versions;
mod webhooks;

pub use accounts::TokenDates;
pub use artifacts::{Artifact, Break, Part};
pub use audit::AuditEntry;
pub use blobs::{BlobUrl, BlobWriter, Blobs, Segment};
pub use blocks::{BLOCK_ROWS, Block, Widening, block_of};
pub use bucket::{Bucket, BucketError, BucketSettings};
pub use deliveries::{Attempt, Delivery, DeliveryLease, DeliveryRecord, DeliveryState, NewDelivery, Settled};
pub use error::{Error, Result};
pub use exports::{JobPage, Written};
pub use files::{NewFile, StoredFile};
pub use forms::{StoredForm, Taken};
pub use idempotency::Remembered;
pub use jobs::{Checkpoint, JobRecord, JobSpec, Lease};
pub use known_since::KnownSince;
pub use lifecycle::FormDates;
pub use migrate::{Migrated, migrations_known};
pub use profile_parts::ProfilePart;
pub use profile_versions::ProfileChunk;
pub use renditions::{Rendition, RenditionKey};
pub use schedule_runs::{DeliveredFile, FailedAttempt, NewRun, RunLease, RunRecord, RunState};
pub use schedules::{SchedulePage, ScheduleRecord};
pub use segments::{DeletedSegment, SegmentHead};
pub use sessions::SessionOwner;
pub use store::{DatabaseUrl, Store, Work};
pub use submissions::{NewRow, Stored, form_of, key_of, ordinal_of};
pub use tx::Tx;
pub use upkeep::{NamedFile, Soundness};
pub use versions::BlockRows;
