//! What is asked of the values at a path.
//!
//! Guarantees: as in MongoDB, a test of one value holds of a list where it holds of the list or of an element of it; what
//! is absent is equal to `null` and to nothing else; values of different types do not compare.
//!
//! Must not know: how tests are spelled.

use super::Filter;
use crate::{Json, Timestamp};
use std::cmp::Ordering;

/// A test of what is at a path.
#[derive(Debug, Clone)]
pub enum Test {
    /// One is equal to this.
    Equals(Operand),
    /// One is equal to one of these.
    OneOf(Vec<Operand>),
    /// One is on this side of this.
    Beyond(Bound, Operand),
    /// There is something, be it `null`.
    Exists,
    /// A text is matched by this.
    Matches(Pattern),
    /// For each of these, one is equal to it; never, where there are none.
    EachOf(Vec<Operand>),
    /// A list has an element for which this holds.
    HasElement(Filter),
    /// A list has an element that passes all of these.
    HasValue(Vec<Test>),
    /// A list has as many elements.
    Size(usize),
    /// Not all of these hold.
    Fails(Vec<Test>),
}

/// A side of a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bound {
    /// More than it.
    Above,
    /// It, or more.
    From,
    /// Less than it.
    Below,
    /// It, or less.
    To,
}

/// What values are compared with.
#[derive(Debug, Clone)]
pub enum Operand {
    /// A value.
    Value(Json),
    /// The instant that a text of a date field means.
    Instant(Timestamp),
}

/// A regular expression.
#[derive(Debug, Clone)]
pub struct Pattern(pub(super) regex::Regex);

impl Test {
    pub(super) fn holds(&self, found: &[Option<&Json>]) -> bool {
        let any = |holds: &dyn Fn(&Json) -> bool| found.iter().flatten().any(|value| reaches(value, holds));
        let list = |holds: &dyn Fn(&[Json]) -> bool| {
            found.iter().flatten().any(|value| matches!(value, Json::List(items) if holds(items)))
        };
        match self {
            Self::Equals(operand) => operand.is_among(found),
            Self::OneOf(operands) => operands.iter().any(|operand| operand.is_among(found)),
            Self::EachOf(operands) => {
                !operands.is_empty() && operands.iter().all(|operand| operand.is_among(found))
            }
            // Nothing is before or after `null`, but it is equal to itself.
            Self::Beyond(Bound::From | Bound::To, operand) if operand.is_null() => operand.is_among(found),
            Self::Beyond(bound, operand) => any(&|value| bound.holds(operand.order_of(value))),
            Self::Exists => found.iter().any(Option::is_some),
            Self::Matches(pattern) => {
                any(&|value| matches!(value, Json::Text(text) if pattern.0.is_match(text)))
            }
            Self::HasElement(filter) => {
                list(&|items| items.iter().any(|item| matches!(item, Json::Object(_)) && filter.holds(item)))
            }
            Self::HasValue(tests) => {
                list(&|items| items.iter().any(|item| tests.iter().all(|test| test.holds(&[Some(item)]))))
            }
            Self::Size(size) => list(&|items| items.len() == *size),
            Self::Fails(tests) => !tests.iter().all(|test| test.holds(found)),
        }
    }
}

/// Whether something holds of a value or, where that is a list, of an element of it.
fn reaches(value: &Json, holds: &dyn Fn(&Json) -> bool) -> bool {
    holds(value) || matches!(value, Json::List(items) if items.iter().any(holds))
}

impl Bound {
    fn holds(self, order: Option<Ordering>) -> bool {
        order.is_some_and(|order| match self {
            Self::Above => order.is_gt(),
            Self::From => order.is_ge(),
            Self::Below => order.is_lt(),
            Self::To => order.is_le(),
        })
    }
}

impl Operand {
    fn is_null(&self) -> bool {
        matches!(self, Self::Value(Json::Null))
    }

    fn is_among(&self, found: &[Option<&Json>]) -> bool {
        found.iter().any(|value| match value {
            None => self.is_null(),
            Some(value) => reaches(value, &|value| self.is_equal(value)),
        })
    }

    fn is_equal(&self, value: &Json) -> bool {
        match self {
            Self::Value(operand) => operand.is_equal(value),
            Self::Instant(_) => self.order_of(value) == Some(Ordering::Equal),
        }
    }

    /// On which side of this operand a value is.
    fn order_of(&self, value: &Json) -> Option<Ordering> {
        match (self, value) {
            (Self::Value(operand), _) => value.order(operand),
            (Self::Instant(instant), Json::Text(text)) => Some(super::read::instant(text)?.cmp(instant)),
            (Self::Instant(_), _) => None,
        }
    }
}
