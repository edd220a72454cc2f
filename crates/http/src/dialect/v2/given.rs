//! The parameters of a request that changes something, wherever its client puts them: behind the question mark, in a form,
//! in JSON, or in JSON one level further down.
//!
//! Guarantees: what the body says goes before what the query says; an empty value is none.
//!
//! Must not know: what the parameters are for.

use super::error::Refusal;
use super::query::Queried;
use crate::body;
use axum::body::Body;
use axum::extract::Query;
use axum::http::Uri;
use fillhouse_model::Fault;
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// The parameters there are; whatever else is given is passed over.
const NAMES: [&str; 3] = ["event", "handshake_key", "url"];
/// The object that clients put the parameters into, or do not.
const WRAPPER: &str = "webhook";

/// The parameters of a request.
#[derive(Debug, Default)]
pub(super) struct Given {
    values: BTreeMap<String, String>,
}

impl Given {
    /// Reads them.
    ///
    /// # Errors
    /// The body is neither JSON nor a form, or a parameter in it is no text.
    pub(super) async fn read(uri: &Uri, body: Body) -> Result<Self, Refusal> {
        let body = body::read(body).await.map_err(|error| Refusal::from(error).unreadable())?;
        let text = body::text(&body).map_err(|fault| Refusal::from(fault).unreadable())?;
        let mut values = if text.trim_start().starts_with('{') { of_json(text)? } else { of_form(text)? };
        for name in NAMES {
            if let (false, Some(value)) = (values.contains_key(name), Queried::of(uri).one(name)?) {
                values.insert(name.to_owned(), value.to_owned());
            }
        }
        Ok(Self { values })
    }

    /// A parameter, if it is given.
    pub(super) fn one(&self, name: &str) -> Option<&str> {
        self.values.get(name).map(String::as_str)
    }

    /// A parameter that must be given.
    ///
    /// # Errors
    /// It is not.
    pub(super) fn required(&self, name: &str) -> Result<&str, Fault> {
        self.one(name).ok_or_else(|| Fault::new(name, "is missing"))
    }
}

fn of_form(text: &str) -> Result<BTreeMap<String, String>, Fault> {
    // A form is spelled as a query is, and read by the same rules.
    let uri = Uri::builder().path_and_query(format!("/?{}", text.trim())).build();
    let unreadable = || Fault::new("body", "is neither JSON nor a form");
    let Query(pairs) = Query::<Vec<(String, String)>>::try_from_uri(&uri.map_err(|_| unreadable())?)
        .map_err(|_| unreadable())?;
    let mut values = BTreeMap::new();
    for (name, value) in pairs.into_iter().filter(|(_, value)| !value.is_empty()) {
        if values.insert(name.clone(), value).is_some() {
            return Err(Fault::new(name, "is given more than once"));
        }
    }
    Ok(values)
}

fn of_json(text: &str) -> Result<BTreeMap<String, String>, Refusal> {
    let unreadable = |error: serde_json::Error| {
        Refusal::from(Fault::new("body", format!("is not JSON: {error}"))).unreadable()
    };
    let mut object: Map<String, Value> = serde_json::from_str(text).map_err(unreadable)?;
    if let Some(Value::Object(inner)) = object.remove(WRAPPER) {
        object = inner;
    }
    let mut values = BTreeMap::new();
    for (name, value) in object {
        match value {
            Value::String(text) if !text.is_empty() => drop(values.insert(name, text)),
            Value::Null | Value::String(_) => {}
            _ if NAMES.contains(&name.as_str()) => return Err(Fault::new(name, "is not a text").into()),
            _ => {}
        }
    }
    Ok(values)
}
