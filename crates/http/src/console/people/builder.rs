//! Queries over profiles, put together from conditions.
//!
//! Guarantees: no condition is passed over; what is typed is taken as it is, never as a pattern.
//!
//! Must not know: how a query is evaluated.

use super::super::pairs::Pairs;
use super::super::words::people::HOWS;
use fillhouse_engine::{ProfileQuery, Spelling};
use fillhouse_model::Fault;
use serde_json::{Map, Value, json};

/// How many conditions are taken.
const MOST_CONDITIONS: usize = 50;

/// How many of the conditions must hold, and the operators of it.
const METHODS: [(&str, &str); 2] = [("all", "$and"), ("any", "$or")];
/// The comparisons with one value, and their operators.
const OPERATORS: [(&str, &str); 6] =
    [("is", "$eq"), ("is-not", "$ne"), ("more", "$gt"), ("least", "$gte"), ("less", "$lt"), ("most", "$lte")];
/// What makes a pattern pass over the size of letters.
const ANY_CASE: &str = "(?i)";

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

    /// The same from a query as a segment keeps it; none where it is none that this makes.
    pub(super) fn of_json(json: &str) -> Option<Self> {
        let query: Map<String, Value> = serde_json::from_str(json).ok()?;
        let mut members = query.iter();
        let (method, conditions) = match (members.next(), members.next()) {
            (None, _) => return Some(Self { conditions: Vec::new(), method: "all".to_owned() }),
            (Some((name, Value::Array(conditions))), None) => (name, conditions),
            _ => return None,
        };
        let method = METHODS.iter().find(|(_, operator)| operator == method)?.0.to_owned();
        let conditions = conditions.iter().map(Condition::of_json).collect::<Option<Vec<_>>>()?;
        let made = Self { conditions, method };
        (made.conditions.len() <= MOST_CONDITIONS).then_some(made)
    }

    /// The query; none where everyone is asked for.
    pub(super) fn query(&self) -> Result<Option<ProfileQuery>, Fault> {
        if self.conditions.is_empty() {
            return Ok(None);
        }
        let conditions = self.conditions.iter().map(Condition::json).collect::<Result<Vec<_>, _>>()?;
        let method =
            METHODS.iter().find(|(name, _)| *name == self.method).map_or("$and", |(_, operator)| operator);
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
        if let Some((_, operator)) = OPERATORS.iter().find(|(how, _)| *how == self.how) {
            return Ok(json!({ self.field.clone(): { *operator: what } }));
        }
        let test = match self.how.as_str() {
            "one-of" => json!({ "$in": what.split(',').map(str::trim).collect::<Vec<_>>() }),
            "has" => json!({ "$regex": format!("{ANY_CASE}{}", literal(what)) }),
            "begins" => json!({ "$regex": format!("{ANY_CASE}^{}", literal(what)) }),
            "there" => json!({ "$exists": "true" }),
            "missing" => json!({ "$exists": "false" }),
            _ => {
                let known = HOWS.map(|(name, _)| name).join(", ");
                return Err(Fault::new("query", format!("compares in none of these ways: {known}")));
            }
        };
        Ok(json!({ self.field.clone(): test }))
    }

    fn of_json(json: &Value) -> Option<Self> {
        let (field, test) = the_only(json)?;
        let (operator, operand) = the_only(test)?;
        let single = OPERATORS.iter().find(|(_, known)| *known == operator).map(|(how, _)| *how);
        let (how, what) = match (single, operator.as_str(), operand) {
            (Some(how), _, operand) => (how, plain(operand)?),
            (None, "$in", Value::Array(values)) => {
                let values = values.iter().map(plain).collect::<Option<Vec<_>>>()?;
                // A comma of its own would be read as one between two.
                if values.iter().any(|value| value.contains(',') || value.trim() != value) {
                    return None;
                }
                ("one-of", values.join(", "))
            }
            (None, "$regex", Value::String(pattern)) => {
                let pattern = pattern.strip_prefix(ANY_CASE)?;
                match pattern.strip_prefix('^') {
                    Some(rest) => ("begins", text_of(rest)?),
                    None => ("has", text_of(pattern)?),
                }
            }
            (None, "$exists", Value::Bool(true)) => ("there", String::new()),
            (None, "$exists", Value::Bool(false)) => ("missing", String::new()),
            _ => return None,
        };
        Some(Self { field: field.clone(), how: how.to_owned(), what })
    }
}

/// Name and value of an object that has one member.
fn the_only(json: &Value) -> Option<(&String, &Value)> {
    let mut members = json.as_object()?.iter();
    members.next().filter(|_| members.next().is_none())
}

/// A value that can be typed.
fn plain(value: &Value) -> Option<String> {
    match value {
        Value::String(text) if text.trim() == text => Some(text.clone()),
        Value::Number(_) | Value::Bool(_) => Some(value.to_string()),
        _ => None,
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

/// The text that a pattern is nothing but.
fn text_of(pattern: &str) -> Option<String> {
    let mut text = String::new();
    let mut letters = pattern.chars();
    while let Some(letter) = letters.next() {
        match letter {
            '\\' => text.push(letters.next().filter(char::is_ascii_punctuation)?),
            letter if letter.is_ascii_punctuation() => return None,
            letter => text.push(letter),
        }
    }
    (text.trim() == text).then_some(text)
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
    #[test]
    fn a_kept_query_becomes_the_conditions_that_made_it() {
        let kept = [
            r#"{"$or":[{"age":{"$gt":30}},{"name":{"$regex":"(?i)a\\.b"}},{"vip":{"$eq":true}}]}"#,
            r#"{"$and":[{"name":{"$regex":"(?i)^x"}},{"town":{"$in":["Ulm","Bonn"]}},{"age":{"$exists":false}}]}"#,
            r#"{"$and":[{"born":{"$lte":"2000-01-01T00:00:00Z"}},{"town":{"$ne":"Ulm"}}]}"#,
        ];
        for kept in kept {
            let builder = Builder::of_json(kept).unwrap();
            let again = builder.query().unwrap().unwrap().json;
            // What is typed is text; its types are given where it is kept.
            let texts =
                kept.replace("30", r#""30""#).replace("true", r#""true""#).replace("false", r#""false""#);
            assert_eq!(again, texts);
        }
        assert_eq!(Builder::of_json("{}").unwrap().conditions, []);
    }

    #[test]
    fn a_query_of_another_kind_becomes_none() {
        let others = [
            r#"{"age":{"$gt":30}}"#,
            r#"{"$nor":[]}"#,
            r#"{"$and":[{"age":{"$gt":30,"$lt":40}}]}"#,
            r#"{"$and":[{"name":{"$regex":"^a.*b$"}}]}"#,
            r#"{"$and":[{"name":{"$regex":"(?i)a.b"}}]}"#,
            r#"{"$and":[{"town":{"$in":["Ulm, Donau"]}}]}"#,
            r#"{"$and":[{"name":{"$eq":" x"}}]}"#,
            r#"{"$and":[{"$or":[]}]}"#,
            r#"{"$and":[],"$or":[]}"#,
        ];
        for other in others {
            assert_eq!(Builder::of_json(other), None, "{other}");
        }
    }
}
