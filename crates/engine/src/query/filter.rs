//! Filters: what a query wants, as tests of columns.
//!
//! Guarantees: what a condition cannot be asked of is refused by its name, before anything is read.
//!
//! Must not know: where columns come from.

use super::bits::Bits;
use super::build::{NO_NUMBER, NOTHING, decimal};
use super::column::{BEFORE_ANY, Column, ColumnId, Labels, SlotLabels};
use super::fold::fold;
use super::texts::Operator;
use super::{Condition, Query};
use crate::{Error, Result};
use fillhouse_model::row::Text;
use fillhouse_model::{AnswerKind, Fault, Form, ItemType, Leaf, Timestamp};
use fillhouse_store::Block;
use std::sync::Arc;

/// What conditions call the seconds from the beginning of a submission to its end, where no item is called so.
pub const COMPLETION_SECONDS: &str = "completion_seconds";
/// What conditions call the item after which nothing more was answered, where no item is called so.
pub const LAST_ANSWERED: &str = "last_answered";
/// What that is equal to where nothing was answered at all, where no item is called so.
pub const NOT_BEGUN: &str = "none";
/// How many conditions a query may have.
const MOST_CONDITIONS: usize = 100;

/// What is tested of a row.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Test {
    Text(Operator, Vec<u8>),
    Choice(u32),
    /// After the one and before the other, neither included.
    Between(i64, i64),
}

/// A test of a column.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Check {
    column: ColumnId,
    test: Test,
}

/// What a query wants.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Filter {
    /// All must hold.
    bounds: Vec<Check>,
    /// All must hold, or one of them.
    conditions: Vec<Check>,
    any_of: bool,
}

/// What is known of a block without looking into it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Share {
    /// None of its rows is wanted.
    Nothing,
    /// Each row must be looked at.
    Some,
    /// All rows are wanted.
    All,
}

impl Filter {
    /// What a query wants of a form's submissions.
    pub(crate) fn of(query: &Query, form: &Form) -> Result<Self> {
        if query.conditions.len() > MOST_CONDITIONS {
            let named = &query.conditions[MOST_CONDITIONS].named;
            return Err(Fault::new(named, format!("is one of more than {MOST_CONDITIONS}")).into());
        }
        let mut bounds = Vec::new();
        let mut between = |column, after: Option<i64>, before: Option<i64>| {
            if after.is_some() || before.is_some() {
                let test = Test::Between(after.unwrap_or(i64::MIN), before.unwrap_or(i64::MAX));
                bounds.push(Check { column, test });
            }
        };
        between(ColumnId::Id, query.after_id.map(|id| id.0), query.before_id.map(|id| id.0));
        between(ColumnId::Update, query.after.map(Timestamp::micros), query.before.map(Timestamp::micros));
        let (from, until) = query.dated.map(|range| (range.from.micros() - 1, range.until.micros())).unzip();
        between(ColumnId::Dated, from, until);
        if let Some(status) = query.status {
            let test = Test::Text(Operator::Equals, fold(status.name()));
            bounds.push(Check { column: ColumnId::Status, test });
        }
        if let Some(text) = query.any_text_contains.as_deref().filter(|text| !text.is_empty()) {
            let test = Test::Text(Operator::Contains, fold(text));
            bounds.push(Check { column: ColumnId::Everything, test });
        }
        let conditions =
            query.conditions.iter().map(|condition| check(condition, form)).collect::<Result<_, _>>()?;
        Ok(Self { bounds, conditions, any_of: query.any_of })
    }

    /// Whether it wants everything.
    pub(crate) fn is_empty(&self) -> bool {
        self.bounds.is_empty() && self.conditions.is_empty()
    }

    /// Whether it depends on the form as it is now, and not on the rows alone.
    pub(crate) fn is_of_form(&self) -> bool {
        self.columns().any(ColumnId::is_of_form)
    }

    /// The columns that it looks at.
    pub(super) fn columns(&self) -> impl Iterator<Item = ColumnId> {
        self.bounds.iter().chain(&self.conditions).map(|check| check.column)
    }

    /// What it wants of a block, from the block's bounds alone.
    pub(super) fn share(&self, block: &Block) -> Share {
        let mut all = self.conditions.is_empty();
        for Check { column, test } in &self.bounds {
            let known = match column {
                ColumnId::Id => block.ids,
                ColumnId::Update => block.changes,
                ColumnId::Dated => block.dates(true),
                _ => None,
            };
            match (test, known) {
                (Test::Between(after, before), Some((first, last))) => {
                    if last <= *after || first >= *before {
                        return Share::Nothing;
                    }
                    all &= first > *after && last < *before;
                }
                _ => all = false,
            }
        }
        if all { Share::All } else { Share::Some }
    }

    /// The rows of a block that it wants; `column` gives those that [`Filter::columns`] named.
    pub(super) fn rows(&self, len: usize, column: &impl Fn(ColumnId) -> Option<Arc<Column>>) -> Bits {
        let bits = |check: &Check| {
            column(check.column).map_or_else(|| Bits::none(len), |column| check.bits(&column))
        };
        let both = |bounds: Bits, other: Bits| bounds.and(&other);
        let all = Bits::of(len, |_| true);
        let bounds = self.bounds.iter().map(bits).fold(all.clone(), both);
        if self.conditions.is_empty() {
            return bounds;
        }
        let conditions = self.conditions.iter().map(bits);
        let conditions = if self.any_of {
            conditions.fold(Bits::none(len), |one, other| one.or(&other))
        } else {
            conditions.fold(all, both)
        };
        bounds.and(&conditions)
    }
}

impl Check {
    fn bits(&self, column: &Column) -> Bits {
        match &self.test {
            Test::Text(operator, wanted) => column.matching(*operator, wanted),
            Test::Choice(position) => column.choosing(*position),
            Test::Between(after, before) => column.between(*after, *before),
        }
    }
}

fn check(condition: &Condition, form: &Form) -> Result<Check> {
    let Condition { column, operator, value, named } = condition;
    let fault = |message: &str| Error::from(Fault::new(named, message));
    let only_equals = |what: &str| match operator {
        Operator::Equals => Ok(()),
        _ => Err(fault(&format!("{what} can only be searched for what is equal"))),
    };
    if let Some(column) = searched_meta(column) {
        only_equals("a result's own data")?;
        if column == ColumnId::Id {
            let id: i64 = value.parse().map_err(|_| fault("is not the id of a result"))?;
            let test = Test::Between(id.saturating_sub(1), id.saturating_add(1));
            return Ok(Check { column, test });
        }
        return Ok(Check { column, test: Test::Text(*operator, fold(value)) });
    }
    let leaves = form.leaves();
    let leaf = leaves.iter().find(|leaf| leaf.item.id == *column);
    if matches!(operator, Operator::AtLeast | Operator::LessThan) {
        let numbers = match leaf {
            Some(leaf) if is_number(leaf) => ColumnId::Number(leaf.slot),
            None if column == COMPLETION_SECONDS => ColumnId::Took,
            _ => return Err(fault("can only be compared as a number where it is one")),
        };
        let test = numbers.compared(*operator, value).ok_or_else(|| fault("is not a number"))?;
        return Ok(Check { column: numbers, test });
    }
    if leaf.is_none() && column == LAST_ANSWERED {
        only_equals("the item that was answered last")?;
        let place = leaves.iter().position(|leaf| leaf.item.id == *value).map(|place| place as i64);
        let place = place.or_else(|| (value == NOT_BEGUN).then_some(BEFORE_ANY));
        let place = place.ok_or_else(|| fault("is no item of the form that is answered, and not `none`"))?;
        return Ok(Check { column: ColumnId::LastAnswered, test: Test::Between(place - 1, place + 1) });
    }
    let leaf = leaf.ok_or_else(|| fault("is no item of the form that is answered"))?;
    let column = ColumnId::Answer(leaf.slot, leaf.kind);
    if leaf.kind != AnswerKind::Choices {
        return Ok(Check { column, test: Test::Text(*operator, fold(value)) });
    }
    only_equals("a choice")?;
    let position = value.parse().map_err(|_| fault("is not the position of a choice"))?;
    Ok(Check { column, test: Test::Choice(position) })
}

impl ColumnId {
    /// The test of its numbers: those from one on, or those before one. What has no number is neither.
    fn compared(self, operator: Operator, value: &str) -> Option<Test> {
        let number = match self {
            Self::Took => value.trim().parse::<u32>().ok()?.into(),
            _ => decimal(Some(value.as_bytes()))
                .ok()
                .filter(|number| ![NOTHING, NO_NUMBER].contains(number))?,
        };
        Some(match operator {
            Operator::LessThan => Test::Between(NOTHING, number),
            _ => Test::Between(number - 1, NO_NUMBER),
        })
    }
}

/// Whether the answers to a leaf are numbers.
pub(super) fn is_number(leaf: &Leaf<'_>) -> bool {
    let numbers = [ItemType::Number, ItemType::Calculation, ItemType::Rating, ItemType::Scale];
    leaf.kind == AnswerKind::Text && numbers.contains(&leaf.item.kind)
}

/// The column of a meta that can be searched.
fn searched_meta(name: &str) -> Option<ColumnId> {
    let column = meta(name)?;
    let is_text = matches!(column, ColumnId::Meta(_) | ColumnId::Status | ColumnId::Id);
    is_text.then_some(column)
}

/// The column of a meta.
fn meta(name: &str) -> Option<ColumnId> {
    Some(match name {
        "result_id" | "id" => ColumnId::Id,
        "date_start" => ColumnId::Start,
        "date_finish" => ColumnId::Finish,
        "date_update" => ColumnId::Update,
        "result_status" => ColumnId::Status,
        "payment_amount" => ColumnId::Amount,
        "login_email" => ColumnId::Meta(Text::LoginEmail),
        "login_username" => ColumnId::Meta(Text::LoginUsername),
        "payment_status" => ColumnId::Meta(Text::PaymentStatus),
        "user_browser" => ColumnId::Meta(Text::UserBrowser),
        "user_ip" => ColumnId::Meta(Text::UserIp),
        "user_device" => ColumnId::Meta(Text::UserDevice),
        "user_referrer" => ColumnId::Meta(Text::UserReferrer),
        _ => return None,
    })
}

/// The column that a query sorts by: a number is sorted as such, not by its digits.
pub(super) fn sort_column(name: &str, form: &Form) -> Result<ColumnId, Fault> {
    if let Some(column) = meta(name) {
        return Ok(column);
    }
    let leaves = form.leaves();
    let leaf = leaves.iter().find(|leaf| leaf.item.id == name);
    let leaf = leaf.ok_or_else(|| Fault::new("sort_id", "is no item of the form that is answered"))?;
    Ok(if is_number(leaf) { ColumnId::Number(leaf.slot) } else { ColumnId::Answer(leaf.slot, leaf.kind) })
}

/// What people read in a form's answers beside what was typed.
pub(crate) fn labels(form: &Form) -> Labels {
    let mut labels: Labels = vec![None; form.slots.len()];
    for (place, leaf) in (0..).zip(form.leaves()) {
        let choices = leaf.item.choices.iter().map(|choice| (choice.position, fold(&choice.label))).collect();
        labels[leaf.slot] = Some(SlotLabels { place, kind: leaf.kind, choices });
    }
    labels
}
