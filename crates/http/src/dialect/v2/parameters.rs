//! The parameters of `results`.
//!
//! Guarantees: a parameter that is known and cannot be understood is refused by its name; one that is not known says
//! nothing.
//!
//! Must not know: what there is in the form.

use super::dates::instant;
use super::query::Queried;
use fillhouse_engine::{Condition, Operator, Query};
use fillhouse_model::{Account, Fault, SubmissionId};

/// The most results that a page has, whatever is asked for.
const MOST_PER_PAGE: u32 = 100;

/// How the parameters begin that search an item, whose id follows in brackets.
const SEARCHES: [(&str, Operator); 4] = [
    ("search_equals[", Operator::Equals),
    ("search_contains[", Operator::Contains),
    ("search_begins[", Operator::Begins),
    ("search_ends[", Operator::Ends),
];

/// The parameters.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Parameters {
    pub(super) query: Query,
    /// The id of a results view.
    pub(super) view: Option<String>,
}

impl Parameters {
    pub(super) fn read(queried: &Queried, account: &Account) -> Result<Self, Fault> {
        let one = |name: &str| queried.one(name);
        let date = |name: &str| one(name)?.map(|text| instant(name, text, &account.timezone)).transpose();
        let id = |name: &str| -> Result<Option<SubmissionId>, Fault> {
            let number =
                one(name)?.map(|text| text.trim().parse().map_err(|_| Fault::new(name, "is not a number")));
            Ok(number.transpose()?.map(SubmissionId))
        };
        let limit = number(queried, "limit")?.unwrap_or(u64::MAX).min(MOST_PER_PAGE.into());
        let query = Query {
            conditions: conditions(queried)?,
            any_of: word(queried, "search_method", ["and", "or"])? == Some("or"),
            after_id: id("after_id")?,
            before_id: id("before_id")?,
            after: date("after_date")?,
            before: date("before_date")?,
            dated: None,
            status: None,
            any_text_contains: None,
            sort: one("sort_id")?.unwrap_or("result_id").to_owned(),
            descending: word(queried, "sort_direction", ["asc", "desc"])? != Some("asc"),
            // Clients that count from 0 mean the first page, too.
            page: number(queried, "page")?.unwrap_or(1).saturating_sub(1),
            limit: match u32::try_from(limit) {
                Ok(limit) if limit > 0 => limit,
                _ => return Err(Fault::new("limit", "is not at least 1")),
            },
        };
        Ok(Self { query, view: one("results_view")?.map(str::to_owned) })
    }
}

fn number(queried: &Queried, name: &str) -> Result<Option<u64>, Fault> {
    let Some(text) = queried.one(name)? else { return Ok(None) };
    let text = text.trim();
    if text.is_empty() || !text.bytes().all(|b| b.is_ascii_digit()) {
        return Err(Fault::new(name, "is not a number"));
    }
    // Whatever does not fit is beyond every bound there is.
    Ok(Some(text.parse().unwrap_or(u64::MAX)))
}

/// One of these words, in any case.
fn word(queried: &Queried, name: &str, words: [&'static str; 2]) -> Result<Option<&'static str>, Fault> {
    let Some(text) = queried.one(name)? else { return Ok(None) };
    let known = words.into_iter().find(|word| word.eq_ignore_ascii_case(text.trim()));
    let [one, other] = words;
    known.map(Some).ok_or_else(|| Fault::new(name, format!("is neither {one} nor {other}")))
}

fn conditions(queried: &Queried) -> Result<Vec<Condition>, Fault> {
    let mut conditions: Vec<Condition> = Vec::new();
    for (name, value) in queried.pairs() {
        let Some((begin, operator)) = SEARCHES.iter().find(|(begin, _)| name.starts_with(begin)) else {
            continue;
        };
        let Some(column) = name[begin.len()..].strip_suffix(']') else {
            return Err(Fault::new(name, "does not end with a bracket"));
        };
        if conditions.iter().any(|known| known.named == name) {
            return Err(Fault::new(name, "is given more than once"));
        }
        conditions.push(Condition {
            column: column.trim().to_owned(),
            operator: *operator,
            value: value.to_owned(),
            named: name.to_owned(),
        });
    }
    Ok(conditions)
}
