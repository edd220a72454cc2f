//! A choice as it is kept with a schedule, for whoever looks at that: in the words of the native API.
//!
//! Must not know: how a file is made.

use super::choice::Choice;
use fillhouse_engine::{Condition, Operator};
use fillhouse_model::Form;
use serde_json::{Map, Value, json};

impl Choice {
    /// What is asked of a form, as an object of JSON.
    pub(in crate::console) fn told(&self, form: &Form) -> String {
        let mut told = Map::from_iter([("form".to_owned(), json!(form.id.0))]);
        let mut tell = |name: &str, value: Value| drop(told.insert(name.to_owned(), value));
        tell("format", json!(self.format));
        for (name, text) in [("compression", self.compression()), ("from", &self.from), ("to", &self.to)] {
            if !text.is_empty() {
                tell(name, json!(text));
            }
        }
        if !self.columns.is_empty() {
            tell("columns", json!(self.columns));
        }
        if let Some(options) = self.options() {
            tell("options", options);
        }
        if let Some(filter) = self.filter(form) {
            tell("filter", filter);
        }
        if self.status != "Complete" {
            tell("include_incomplete", json!(true));
        }
        Value::Object(told).to_string()
    }

    /// The container, where it is not the one that the native API has for the format.
    fn compression(&self) -> &str {
        match (self.compression.as_str(), self.format.as_str()) {
            ("", "xlsx" | "parquet") | ("none", _) => "",
            ("", _) => "zip",
            (named, _) => named,
        }
    }

    fn options(&self) -> Option<Value> {
        let header = if self.header.is_empty() { "label" } else { &self.header };
        match self.format.as_str() {
            "csv" => {
                let delimiter = match self.delimiter.as_str() {
                    "semicolon" => ";",
                    "tab" => "\t",
                    "pipe" => "|",
                    _ => ",",
                };
                let eol = if self.eol.is_empty() { "lf" } else { &self.eol };
                let formulas = if self.is_raw { "raw" } else { "escape" };
                Some(
                    json!({"delimiter": delimiter, "eol": eol, "bom": self.has_bom, "header": header, "formulas": formulas}),
                )
            }
            "xlsx" | "parquet" => Some(json!({"header": header})),
            _ => None,
        }
    }

    fn filter(&self, form: &Form) -> Option<Value> {
        let mut filter = Map::new();
        if !self.status.is_empty() {
            filter.insert("status".to_owned(), json!(self.status));
        }
        if self.is_filtered {
            let query = self.asked.to_query_of(form);
            if !query.conditions.is_empty() {
                let answers: Vec<Value> = query.conditions.iter().map(told).collect();
                filter.insert("answers".to_owned(), Value::Array(answers));
            }
            // Which only the console's table asks for.
            if let Some(text) = query.any_text_contains {
                filter.insert("any_text_contains".to_owned(), json!(text));
            }
        }
        (!filter.is_empty()).then_some(Value::Object(filter))
    }
}

fn told(condition: &Condition) -> Value {
    let operator = match condition.operator {
        Operator::Equals => "equals",
        Operator::Contains => "contains",
        Operator::Begins => "begins",
        Operator::Ends => "ends",
    };
    Value::Object(Map::from_iter([
        ("item".to_owned(), json!(condition.column)),
        (operator.to_owned(), json!(condition.value)),
    ]))
}
