//! The rules of a segment, in the parameter `segment`, as the filter that they mean.
//!
//! A rule set is joined to the others by its `condition`, a rule to those of its set by its `compo`, and so are the rules below
//! a rule (`child`). A rule compares the field `name` with each `value` of a list, any of which will do.
//!
//! Guarantees: what cannot be said as a filter is refused by its path, and never left out.
//!
//! Must not know: which fields there are, or how a filter is evaluated.

use super::data::Data;
use super::parameters::Given;
use fillhouse_engine::ProfileQuery;
use fillhouse_model::Fault;
use std::borrow::Cow;

/// How deep rules may be below each other: as deep as filters.
const DEEPEST: usize = 8;
/// The types of rules that are about a field of the profile.
const FIELD_TYPES: [&str; 4] = ["", "field", "profile", "db_field"];

type Members = Vec<(Cow<'static, str>, Data)>;

/// The filter that these rule sets of a database mean.
///
/// # Errors
/// Some of it cannot be said as a filter; the fault names what.
pub(super) fn query(sets: &[Given], list_id: i64) -> Result<ProfileQuery, Fault> {
    let Some(spelling) = sets.first().map(|set| set.spelling) else {
        return Err(Fault::new("", "has no rules"));
    };
    let mut joined = Joined::default();
    for (n, set) in sets.iter().enumerate() {
        let within = |fault: Fault| fault.within(&format!("[{n}]"));
        let Ok(Data::Object(members)) = Data::from_json(&set.json) else {
            return Err(within(Fault::new("", "is not an object")));
        };
        let filter = rule_set(&members, list_id).map_err(within)?;
        joined.add("condition", &word(&members, "condition").map_err(within)?, filter).map_err(within)?;
    }
    Ok(ProfileQuery { json: joined.filter().to_json(), spelling })
}

fn rule_set(members: &Members, list_id: i64) -> Result<Data, Fault> {
    for (name, value) in members {
        let fine = match name.as_ref() {
            "condition" | "queries" => true,
            "list_id" => number(value) == Some(list_id),
            "limit" | "percent_from" => number(value) == Some(0),
            "percent_to" => matches!(number(value), Some(0 | 100)),
            _ => false,
        };
        if !fine && !is_empty(value) {
            return Err(Fault::new(name.as_ref(), "cannot be taken into account here"));
        }
    }
    match find(members, "queries") {
        Some(rules) => joined_rules(rules, 0).map_err(|fault| fault.within("queries")),
        None => Err(Fault::new("queries", "is missing")),
    }
}

fn joined_rules(rules: &Data, depth: usize) -> Result<Data, Fault> {
    if depth > DEEPEST {
        return Err(Fault::new("", format!("is nested deeper than {DEEPEST} levels")));
    }
    let rules = items(rules);
    if rules.is_empty() {
        return Err(Fault::new("", "has no rules"));
    }
    let mut joined = Joined::default();
    for (n, rule) in rules.iter().enumerate() {
        let within = |fault: Fault| fault.within(&format!("[{n}]"));
        let Data::Object(members) = rule else { return Err(within(Fault::new("", "is not an object"))) };
        let filter = one(members, depth).map_err(within)?;
        joined.add("compo", &word(members, "compo").map_err(within)?, filter).map_err(within)?;
    }
    Ok(joined.filter())
}

fn one(members: &Members, depth: usize) -> Result<Data, Fault> {
    for (name, value) in members {
        let is_known = ["name", "type", "compo", "operator", "value", "child"].contains(&name.as_ref());
        if !is_known && !is_empty(value) {
            return Err(Fault::new(name.as_ref(), "cannot be taken into account here"));
        }
    }
    let kind = word(members, "type")?;
    if !FIELD_TYPES.contains(&kind.as_str()) {
        return Err(Fault::new("type", "is of rules that are about no field, which there are none of here"));
    }
    let below = find(members, "child").filter(|child| !is_empty(child));
    let below = below.map(|child| joined_rules(child, depth + 1)).transpose();
    let below = below.map_err(|fault| fault.within("child"))?;
    let name = word(members, "name")?;
    let own = if name.is_empty() { None } else { Some(comparison(name, members)?) };
    match (own, below) {
        (Some(own), Some(below)) => Ok(list("$and", vec![own, below])),
        (Some(only), None) | (None, Some(only)) => Ok(only),
        (None, None) => Err(Fault::new("name", "is missing")),
    }
}

fn comparison(name: String, members: &Members) -> Result<Data, Fault> {
    let operator = word(members, "operator")?;
    let mut values = Vec::new();
    for (n, value) in find(members, "value").map(items).unwrap_or_default().iter().enumerate() {
        values.push(match value {
            Data::Object(members) => find(members, "value")
                .cloned()
                .ok_or_else(|| Fault::new(format!("value[{n}].value"), "is missing"))?,
            plain => plain.clone(),
        });
    }
    let test = match (operator.trim_start_matches('$'), values.len()) {
        ("exists", 0) => object("$exists", Data::Bool(true)),
        ("not_exists", 0) => object("$exists", Data::Bool(false)),
        ("eq" | "in", 1..) => object("$in", Data::List(values)),
        ("ne" | "nin", 1..) => object("$nin", Data::List(values)),
        (known @ ("gt" | "gte" | "lt" | "lte"), 1) => {
            let value = values.pop().unwrap_or(Data::Null);
            object(
                match known {
                    "gt" => "$gt",
                    "gte" => "$gte",
                    "lt" => "$lt",
                    _ => "$lte",
                },
                value,
            )
        }
        ("exists" | "not_exists" | "eq" | "in" | "ne" | "nin" | "gt" | "gte" | "lt" | "lte", _) => {
            return Err(Fault::new("value", "has not as many values as the operator takes"));
        }
        _ => {
            let known = "eq, ne, gt, gte, lt, lte, in, nin, exists and not_exists";
            return Err(Fault::new("operator", format!("is none of {known}")));
        }
    };
    Ok(Data::Object(vec![(Cow::Owned(name), test)]))
}

/// Filters that are joined by the same word.
#[derive(Default)]
struct Joined {
    filters: Vec<Data>,
    by: Option<&'static str>,
}

impl Joined {
    /// Adds a filter that is joined to those before it by this word; what is said of the first joins it to nothing.
    fn add(&mut self, field: &str, word: &str, filter: Data) -> Result<(), Fault> {
        let by = match word.to_ascii_lowercase().as_str() {
            "" => None,
            "and" => Some("$and"),
            "or" => Some("$or"),
            _ => return Err(Fault::new(field, "is neither and nor or")),
        };
        let is_first = self.filters.is_empty();
        self.filters.push(filter);
        if is_first {
            return Ok(());
        }
        let by = by.unwrap_or("$and");
        if self.by.is_some_and(|before| before != by) {
            return Err(Fault::new(field, "is another word than before: put such rules below one"));
        }
        self.by = Some(by);
        Ok(())
    }

    fn filter(mut self) -> Data {
        match self.by {
            Some(by) => list(by, self.filters),
            None => self.filters.pop().unwrap_or(Data::Null),
        }
    }
}

fn object(name: &'static str, value: Data) -> Data {
    Data::from([(name, value)])
}

fn list(name: &'static str, filters: Vec<Data>) -> Data {
    object(name, Data::List(filters))
}

fn find<'m>(members: &'m Members, name: &str) -> Option<&'m Data> {
    members.iter().find(|(known, _)| known == name).map(|(_, value)| value)
}

/// The things of a list; one that is alone is a list of one, as it is in XML.
fn items(value: &Data) -> &[Data] {
    match value {
        Data::List(items) => items,
        Data::Null => &[],
        alone => std::slice::from_ref(alone),
    }
}

fn is_empty(value: &Data) -> bool {
    match value {
        Data::Null => true,
        Data::Text(text) => text.is_empty(),
        Data::List(items) => items.is_empty(),
        _ => false,
    }
}

fn number(value: &Data) -> Option<i64> {
    match value {
        Data::Number(text) | Data::Text(text) => text.parse().ok(),
        Data::Int(number) => Some(*number),
        _ => None,
    }
}

/// A text, empty where there is none.
fn word(members: &Members, name: &str) -> Result<String, Fault> {
    match find(members, name) {
        None | Some(Data::Null) => Ok(String::new()),
        Some(Data::Text(text)) => Ok(text.clone()),
        Some(_) => Err(Fault::new(name, "is not a text")),
    }
}
