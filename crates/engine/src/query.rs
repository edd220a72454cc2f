//! Queries: the submissions of a form that hold to some conditions, in some order, a page at a time.
//!
//! Columns are what makes them quick: one thing of all rows of a block, made when it is first asked for and kept in memory
//! until it is not asked for any more. Texts are compared without regard to case.
//!
//! Guarantees: a page is of one moment of the form, but that what was deleted since is left out; the pages of one
//! moment have every submission once; the memory that is kept for later queries is bounded.
//!
//! Must not know: how any dialect spells a query or shows a submission.

mod bits;
mod build;
mod cache;
mod column;
mod filter;
mod fold;
mod left;
mod lru;
mod order;
mod page;
mod pick;
mod plan;
mod results;
mod scan;
mod snapshot;
mod summary;
mod texts;

use crate::{Engine, FormRef, FormsReader, Result};
pub(crate) use cache::QueryCache;
pub(crate) use column::Labels;
use fillhouse_model::{AccountId, Status, SubmissionId, TimeRange, Timestamp};
use fillhouse_render::json::ResultLayout;
use fillhouse_store::StoredForm;
pub use filter::{COMPLETION_SECONDS, LAST_ANSWERED, NOT_BEGUN};
pub(crate) use filter::{Filter, labels};
pub use left::LeftAt;
use std::sync::{Arc, OnceLock};
pub use summary::{Spread, Summary, TOOK_SECONDS};
pub use texts::Operator;

/// What is wanted of a form's submissions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Query {
    /// What must hold.
    pub conditions: Vec<Condition>,
    /// Whether one condition is enough; else all must hold.
    pub any_of: bool,
    /// Only those with a later id.
    pub after_id: Option<SubmissionId>,
    /// Only those with an earlier id.
    pub before_id: Option<SubmissionId>,
    /// Only those last changed after this.
    pub after: Option<Timestamp>,
    /// Only those last changed before this.
    pub before: Option<Timestamp>,
    /// Only those dated in this range: by when they were finished, or last changed where they are not. Exports go by the same.
    pub dated: Option<TimeRange>,
    /// Only those of this status.
    pub status: Option<Status>,
    /// Only those with this in a text, in the label of a choice that was made, or in a file's name or address.
    pub any_text_contains: Option<String>,
    /// What to sort by: the name of a meta or the id of an item. Equal ones are sorted by their ids.
    pub sort: String,
    /// Whether the greatest comes first.
    pub descending: bool,
    /// The page, from 0.
    pub page: u64,
    /// How many submissions a page has, at least 1.
    pub limit: u32,
}

/// Something that must hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Condition {
    /// The name of a meta (`result_id`, `result_status`, a text such as `user_ip`), the id of an item, [`COMPLETION_SECONDS`], or
    /// [`LAST_ANSWERED`], which is equal to the id of an item, or to [`NOT_BEGUN`].
    pub column: String,
    /// How it is compared. Metas and choices can only be equal, and nothing but numbers is more or less than others.
    pub operator: Operator,
    /// With what; a choice by its position.
    pub value: String,
    /// What a fault of this is a fault of.
    pub named: String,
}

/// A page of submissions.
#[derive(Debug, Clone)]
pub struct Page {
    /// The form as it was.
    pub form: Arc<StoredForm>,
    /// How its results are written, once anybody wanted them.
    pub(crate) layout: Arc<OnceLock<ResultLayout>>,
    /// The submissions, as they are stored.
    pub rows: Vec<Vec<u8>>,
    /// How many submissions there are on all pages.
    pub total: u64,
}

impl Default for Query {
    /// The first hundred, latest first.
    fn default() -> Self {
        Self {
            conditions: Vec::new(),
            any_of: false,
            after_id: None,
            before_id: None,
            after: None,
            before: None,
            dated: None,
            status: None,
            any_text_contains: None,
            sort: "result_id".to_owned(),
            descending: true,
            page: 0,
            limit: 100,
        }
    }
}

/// The submissions of a form of an account that a query wants.
///
/// # Errors
/// As [`FormsReader::query`].
pub(crate) async fn find(engine: &Engine, account: AccountId, form: &FormRef, query: &Query) -> Result<Page> {
    page::find(&engine.parts, account, form, query).await
}

impl FormsReader {
    /// The submissions of a form that a query wants.
    ///
    /// # Errors
    /// There is no such form; a condition or the sorting names what the form does not have.
    pub async fn query(&self, form: &FormRef, query: Query) -> Result<Page> {
        page::find(&self.engine.parts, self.account, form, &query).await
    }
}
