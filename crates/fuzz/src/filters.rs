//! Filters over profiles: each is refused, or says of any profile whether it is wanted.
//!
//! Must not know: how a filter is written.

use fillhouse_engine::interchange::Record;
use fillhouse_model::Json;
use fillhouse_model::filter::{Filter, Spelling};
use serde_json::Value;

/// The database of people whose profiles are looked through.
const AUDIENCE: &str = r#"{"kind":"audience","id":3,"account_id":1,"name":"A","fields":[{"name":"name","type":"string"},{"name":"age","type":"int"},{"name":"score","type":"float"},{"name":"vip","type":"bool"},{"name":"since","type":"date"},{"name":"tags","type":"tags"},{"name":"extra","type":"object"}]}"#;

/// The first line is a filter, and the others are documents that it is held against.
pub(crate) fn filters(data: &[u8]) {
    let Ok(text) = str::from_utf8(data) else { return };
    let mut values =
        text.lines().map(|line| serde_json::from_str::<Value>(line).ok().map(|value| json(&value)));
    let Some(Some(query)) = values.next() else { return };
    let Ok(Record::Audience(audience)) = Record::parse(AUDIENCE) else { panic!("it is no audience") };
    let documents: Vec<Json> = values.flatten().collect();
    for spelling in [Spelling::Typed, Spelling::Texts] {
        let Ok(filter) = Filter::read(&query, &audience.fields, spelling) else { continue };
        let opposite = Filter::Neither(vec![filter.clone()]);
        for document in &documents {
            assert_ne!(filter.holds(document), opposite.holds(document));
        }
    }
}

fn json(value: &Value) -> Json {
    match value {
        Value::Null => Json::Null,
        Value::Bool(value) => Json::Bool(*value),
        Value::Number(number) => number
            .as_i64()
            .map(|whole| Json::Int(whole.into()))
            .or_else(|| number.as_f64().map(Json::Float))
            .unwrap_or(Json::Null),
        Value::String(text) => Json::Text(text.clone()),
        Value::Array(values) => Json::List(values.iter().map(json).collect()),
        Value::Object(members) => {
            Json::Object(members.iter().map(|(name, value)| (name.clone(), json(value))).collect())
        }
    }
}
