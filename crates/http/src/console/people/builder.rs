//! Queries over profiles, put together from conditions.
//!
//! Guarantees: no condition is passed over; what is typed is taken as it is, never as a pattern.
//!
//! Must not know: how a query is evaluated.

use super::super::pairs::Pairs;
use super::super::words::people::HOWS;
use fillhouse_engine::{ProfileQuery, Spelling};
use fillhouse_model::Fault;
use serde_json::{Value, json};

/// How many conditions are taken.
const MOST_CONDITIONS: usize = 50;

/// A condition: field, comparison and value.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Condition {
    pub(super) field: String,
    pub(super) how: String,
    pub(super) what: String,
}

/// What is asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Builder {
    pub(super) conditions: Vec<Condition>,
    /// `any`, where one condition is enough.
    pub(super) method: String,
}

impl Builder {
    pub(super) fn of(pairs: &Pairs) -> Self {
        let all = |name: &str| pairs.all(name).map(str::to_owned).collect::<Vec<_>>();
        let conditions = all("field").into_iter().zip(all("how")).zip(all("what"));
        let conditions = conditions.map(|((field, how), what)| Condition { field, how, what });
        let conditions = conditions.filter(|condition| !condition.field.is_empty()).take(MOST_CONDITIONS);
        Self { conditions: conditions.collect(), method: pairs.some("method").unwrap_or("all").to_owned() }
    }

    /// The query; none where everyone is asked for.
    pub(super) fn query(&self) -> Result<Option<ProfileQuery>, Fault> {
        if self.conditions.is_empty() {
            return Ok(None);
        }
        let conditions = self.conditions.iter().map(Condition::json).collect::<Result<Vec<_>, _>>()?;
        let method = if self.method == "any" { "$or" } else { "$and" };
        // With one name at a time, however often a field is spoken of.
        let json = json!({ method: conditions }).to_string();
        Ok(Some(ProfileQuery { json, spelling: Spelling::Texts }))
    }

    /// The same behind the question mark of an address.
    pub(super) fn to_query(&self) -> String {
        let mut pairs = form_urlencoded::Serializer::new(String::new());
        for Condition { field, how, what } in &self.conditions {
            pairs.append_pair("field", field).append_pair("how", how).append_pair("what", what);
        }
        pairs.append_pair("method", &self.method).finish()
    }

    /// The conditions, and room for more.
    pub(super) fn rows(&self) -> Vec<Condition> {
        let mut rows = self.conditions.clone();
        rows.resize_with(rows.len() + 2, Condition::default);
        rows
    }
}

impl Condition {
    fn json(&self) -> Result<Value, Fault> {
        let what = self.what.as_str();
        let test = match self.how.as_str() {
            "is" => json!({ "$eq": what }),
            "is-not" => json!({ "$ne": what }),
            "one-of" => json!({ "$in": what.split(',').map(str::trim).collect::<Vec<_>>() }),
            "has" => json!({ "$regex": format!("(?i){}", literal(what)) }),
            "begins" => json!({ "$regex": format!("(?i)^{}", literal(what)) }),
            "more" => json!({ "$gt": what }),
            "least" => json!({ "$gte": what }),
            "less" => json!({ "$lt": what }),
            "most" => json!({ "$lte": what }),
            "there" => json!({ "$exists": "true" }),
            "missing" => json!({ "$exists": "false" }),
            _ => {
                let known = HOWS.map(|(name, _)| name).join(", ");
                return Err(Fault::new("query", format!("compares in none of these ways: {known}")));
            }
        };
        Ok(json!({ self.field.clone(): test }))
    }
}

/// A text as a pattern that is nothing but that text.
fn literal(text: &str) -> String {
    let mut pattern = String::new();
    for letter in text.chars() {
        if letter.is_ascii_punctuation() {
            pattern.push('\\');
        }
        pattern.push(letter);
    }
    pattern
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn conditions_become_a_query() {
        let builder = Builder::of(&Pairs::of(
            b"field=age&how=more&what=30&field=&how=is&what=x&field=name&how=has&what=a.b&method=any",
        ));
        let query = builder.query().unwrap().unwrap();
        assert_eq!(query.json, r#"{"$or":[{"age":{"$gt":"30"}},{"name":{"$regex":"(?i)a\\.b"}}]}"#);
        assert_eq!(Builder::of(&Pairs::of(builder.to_query().as_bytes())), builder);
        assert_eq!(Builder::of(&Pairs::of(b"")).query().unwrap(), None);
        assert!(Builder::of(&Pairs::of(b"field=age&how=like&what=3")).query().is_err());
    }
}
