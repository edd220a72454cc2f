//! The use cases of Fillhouse: who may do what, taking submissions in, and giving them out as files.
//!
//! Guarantees: nothing of an account is reached but through a handle made for that account ([`Caller`],
//! [`FormsReader`], [`FormsWriter`]), so that a caller that was not let in does not compile; the time and all randomness
//! come from what was passed in.
//!
//! Must not know: HTTP, or how any dialect spells anything; SQL.

mod access;
mod accounts;
mod audit;
mod change;
mod counters;
mod days;
mod deliver;
mod download;
mod dump;
mod engine;
mod error;
mod export;
mod files;
mod form_ref;
mod forms;
mod hold;
mod idempotency;
mod import;
mod ingest;
mod integrations;
pub mod interchange;
mod keys;
mod limits;
mod links;
mod looks;
mod matches;
mod moving;
mod new_account;
mod overview;
mod presentations;
mod profiles;
mod public;
mod query;
mod random;
mod retention;
mod retry;
#[cfg(test)]
mod samples;
mod schedules;
mod sessions;
mod submission;
mod subscriptions;
mod tasks;
mod token_keeper;
mod tokens;
mod upkeep;
mod visits;
mod webhooks;
mod whole;
mod worker;

pub use access::{Caller, FormsReader, FormsWriter, ProfilesReader, ProfilesWriter};
pub use accounts::{Workspace, WorkspaceWriter};
pub use change::Edit;
pub use counters::announce_counters;
pub use days::{FormDays, date_of, number_of};
pub use deliver::DeliverySettings;
pub use download::{ByteStream, Download, FileFacts};
pub use dump::DumpProgress;
pub use engine::{Engine, Readiness, Settings};
pub use error::{Error, Result};
pub use export::{
    Again, AsOf, Asked, ColumnOptions, Container, Content, Estimate, Export, ExportPage, ExportRequest,
    ExportState, ExportStatus, FileShape, FillsOf, Filtered, Framing, Moment, Receipt, ReceiptCheck,
    ResultOptions, SmallFile, TableOptions, Wanted,
};
pub use files::{Upload, UploadSettings, Uploaded};
pub use fillhouse_model::filter::Spelling;
pub use fillhouse_render::csv::{ChosenColumn, CsvOptions, Delimiter, Eol, Formulas, HeaderNames, Shows};
pub use fillhouse_render::table::META_NAMES;
pub use fillhouse_store::AuditEntry;
pub use fillhouse_store::{
    Attempt, BlobUrl, BucketSettings, DatabaseUrl, DeliveryRecord, DeliveryState, Error as StoreError,
    FormDates, Migrated, RunState, Soundness, TokenDates,
};
pub use form_ref::FormRef;
pub use forms::FormDraft;
pub use import::{Counts, ImportError, Importer, KINDS};
pub use ingest::{Answered, Filled, Submit, Visitor};
pub use integrations::{IntegrationFields, Integrations, NewIntegration};
pub use limits::{Allowance, Counted, RateLimits};
pub use new_account::NewAccount;
pub use overview::FormOverview;
pub use presentations::Presentations;
pub use profiles::{
    AudienceDraft, AudienceOverview, AudiencePage, AudienceWiper, Matching, NewProfile, NewSegment,
    ProfileExport, ProfileExportStatus, ProfileFill, ProfileFormat, ProfilePage, ProfileQuery, ProfileSource,
    SegmentChange, SegmentDetails, SegmentPage, Stored,
};
pub use public::{PublicForm, Unfinished};
pub use query::{
    COMPLETION_SECONDS, Condition, LAST_ANSWERED, LeftAt, NOT_BEGUN, Operator, Page, Query, Spread, Summary,
    TOOK_SECONDS,
};
pub use random::Random;
pub use schedules::{
    Destination, DestinationSecret, DestinationSettings, NewDestination, Schedule, ScheduleDraft,
    ScheduleEdit, ScheduleList, ScheduleRun, Schedules,
};
pub use submission::{EarlierVersion, FoundSubmission};
pub use subscriptions::FormSubscription;
pub use tasks::TaskStatus;
pub use token_keeper::TokenKeeper;
pub use tokens::{MadeToken, NewToken, ShownToken};
pub use upkeep::{Blobbing, Copied};
pub use webhooks::NewWebhook;
