//! What must hold of the answers of a submission that is exported: the filter of a query, as a request keeps it.
//!
//! Guarantees: a kept filter means the same for ever; what it holds of follows from a block's rows alone.
//!
//! Must not know: days, places, or what is written of a row.

use crate::Result;
use crate::query::{Condition, Filter, Labels, Operator, Query, labels};
use fillhouse_model::{Fault, Form, Status};
use serde::{Deserialize, Serialize};

/// A filter made ready for one form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Picking {
    filter: Filter,
    /// Those of the form, where it depends on them.
    labels: Labels,
    stored: StoredFilter,
}

/// What must hold of the status and of the answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct StoredFilter {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    status: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    conditions: Vec<StoredCondition>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    any_of: bool,
    /// What one of the texts must have in it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    any_text: Option<String>,
}

/// A [`Condition`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct StoredCondition {
    column: String,
    operator: StoredOperator,
    value: String,
    /// What it was called in the request.
    named: String,
}

/// An [`Operator`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum StoredOperator {
    Equals,
    Contains,
    Begins,
    Ends,
    AtLeast,
    LessThan,
}

impl Picking {
    /// What a query wants of a form's submissions by their status and answers; none where it wants all.
    ///
    /// # Errors
    /// The form has no such item, or an answer of it cannot be compared so.
    pub(crate) fn new(query: &Query, form: &Form) -> Result<Option<Self>, Fault> {
        Self::of(StoredFilter::of(query), form)
    }

    /// The same from how it is kept.
    pub(crate) fn of(stored: StoredFilter, form: &Form) -> Result<Option<Self>, Fault> {
        let filter = Filter::of(&stored.query()?, form).map_err(|error| {
            let unnamed = || Fault::new("filter", error.message());
            error.faults().first().cloned().unwrap_or_else(unnamed)
        })?;
        let labels = if filter.is_of_form() { labels(form) } else { Labels::default() };
        Ok((!filter.is_empty()).then_some(Self { filter, labels, stored }))
    }

    /// How it is kept.
    pub(crate) fn stored(&self) -> &StoredFilter {
        &self.stored
    }

    /// Of which of these rows of a block, each behind its key, it holds.
    pub(crate) fn picked(&self, rows: &[(i64, &[u8])]) -> Result<Vec<bool>> {
        self.filter.picked(rows, &self.labels)
    }

    /// Bytes that say everything that [`Picking::picked`] depends on beside the rows.
    pub(crate) fn fingerprint_source(&self) -> String {
        if self.labels.is_empty() {
            return format!("{:?}", self.filter);
        }
        format!("{:?} {:?}", self.filter, self.labels)
    }
}

impl StoredFilter {
    pub(super) fn of(query: &Query) -> Self {
        let conditions = query.conditions.iter().map(|condition| StoredCondition {
            column: condition.column.clone(),
            operator: condition.operator.into(),
            value: condition.value.clone(),
            named: condition.named.clone(),
        });
        let status = query.status.map(|status| status.name().to_owned());
        let any_text = query.any_text_contains.clone().filter(|text| !text.is_empty());
        Self { status, conditions: conditions.collect(), any_of: query.any_of, any_text }
    }

    pub(super) fn query(&self) -> Result<Query, Fault> {
        let conditions = self.conditions.iter().map(|stored| Condition {
            column: stored.column.clone(),
            operator: stored.operator.into(),
            value: stored.value.clone(),
            named: stored.named.clone(),
        });
        let unknown = || Fault::new("filter.status", "is no status");
        let status = self.status.as_deref().map(|name| Status::from_name(name).ok_or_else(unknown));
        let status = status.transpose()?;
        let any_text_contains = self.any_text.clone();
        let conditions = conditions.collect();
        Ok(Query { conditions, any_of: self.any_of, any_text_contains, status, ..Query::default() })
    }
}

impl From<Operator> for StoredOperator {
    fn from(operator: Operator) -> Self {
        match operator {
            Operator::Equals => Self::Equals,
            Operator::Contains => Self::Contains,
            Operator::Begins => Self::Begins,
            Operator::Ends => Self::Ends,
            Operator::AtLeast => Self::AtLeast,
            Operator::LessThan => Self::LessThan,
        }
    }
}

impl From<StoredOperator> for Operator {
    fn from(operator: StoredOperator) -> Self {
        match operator {
            StoredOperator::Equals => Self::Equals,
            StoredOperator::Contains => Self::Contains,
            StoredOperator::Begins => Self::Begins,
            StoredOperator::Ends => Self::Ends,
            StoredOperator::AtLeast => Self::AtLeast,
            StoredOperator::LessThan => Self::LessThan,
        }
    }
}
