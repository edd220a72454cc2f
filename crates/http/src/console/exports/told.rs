//! A choice as it is kept with a schedule, for whoever looks at that: in the words of the native API.
//!
//! Must not know: how a file is made.

use super::super::asked::Asked;
use super::choice::Choice;
use fillhouse_engine::{Condition, Operator};
use fillhouse_model::Form;
use serde_json::{Map, Value, json};

/// The delimiters, by what the page and the native API call them.
const DELIMITERS: [(&str, &str); 4] = [("comma", ","), ("semicolon", ";"), ("tab", "\t"), ("pipe", "|")];

impl Choice {
    /// The choice that is told so; none where it was made elsewhere, of what the page does not have.
    pub(in crate::console) fn of_told(told: &str, form: &Form) -> Option<Self> {
        let told: Value = serde_json::from_str(told).ok()?;
        let text = |value: &Value, name: &str| value[name].as_str().unwrap_or_default().to_owned();
        let options = &told["options"];
        let delimiter = text(options, "delimiter");
        let delimiter = DELIMITERS.iter().find(|(_, mark)| *mark == delimiter).map_or("", |(name, _)| name);
        let format = text(&told, "format");
        // What is usual for a format is not chosen, so that another format has what is usual for that.
        let compression = match (told["compression"].as_str(), format.as_str()) {
            (None, "xlsx" | "parquet") => "",
            (Some("zip"), format) if !matches!(format, "xlsx" | "parquet") => "",
            (None, _) => "none",
            (Some(named), _) => named,
        };
        let columns = told["columns"].as_array().into_iter().flatten();
        let mut asked = Asked { search: text(&told["filter"], "any_text_contains"), ..Asked::default() };
        let answers = told["filter"]["answers"].as_array().into_iter().flatten();
        asked.conditions = answers.map(|answer| condition(answer, form)).collect::<Option<_>>()?;
        let texts = asked.conditions.iter().map(|[.., text]| text).chain([&asked.search]);
        // A field gives back neither spaces around a text nor line breaks.
        if !texts.into_iter().all(|text| text.trim() == text && !text.contains(char::is_control)) {
            return None;
        }
        let choice = Self {
            compression: compression.to_owned(),
            from: text(&told, "from"),
            to: text(&told, "to"),
            status: text(&told["filter"], "status"),
            columns: columns.filter_map(Value::as_str).map(str::to_owned).collect(),
            delimiter: delimiter.to_owned(),
            eol: text(options, "eol"),
            header: text(options, "header"),
            has_bom: options["bom"] == Value::Bool(true),
            is_raw: options["formulas"] == "raw",
            asked,
            format,
        };
        choice.tells(&told, form).then_some(choice)
    }

    /// Whether this is told so.
    fn tells(&self, told: &Value, form: &Form) -> bool {
        serde_json::from_str::<Value>(&self.told(form)).is_ok_and(|own| own == *told)
    }

    /// The same of a text.
    pub(in crate::console) fn is_told(&self, told: &str, form: &Form) -> bool {
        serde_json::from_str(told).is_ok_and(|told| self.tells(&told, form))
    }

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
                let delimiter = DELIMITERS.iter().find(|(name, _)| *name == self.delimiter);
                let delimiter = delimiter.map_or(",", |(_, mark)| mark);
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
        let query = self.asked.query_of_answers(form);
        if !query.conditions.is_empty() {
            let answers: Vec<Value> = query.conditions.iter().map(told).collect();
            filter.insert("answers".to_owned(), Value::Array(answers));
        }
        // Which only the console asks for.
        if let Some(text) = query.any_text_contains {
            filter.insert("any_text_contains".to_owned(), json!(text));
        }
        (!filter.is_empty()).then_some(Value::Object(filter))
    }
}

/// A condition of the table, where it has one that is told so.
fn condition(told: &Value, form: &Form) -> Option<[String; 3]> {
    let item = told["item"].as_str()?;
    let known = [
        ("equals", "is"),
        ("contains", "contains"),
        ("begins", "begins"),
        ("ends", "ends"),
        ("at_least", "least"),
        ("less_than", "less"),
    ];
    let (how, value) = known.iter().find_map(|(name, how)| Some((*how, told[*name].as_str()?)))?;
    let leaf = form.leaves().into_iter().find(|leaf| leaf.item.id == item);
    // People know a choice by its label.
    let mut choices = leaf.iter().flat_map(|leaf| &leaf.item.choices);
    let chosen = choices.find(|choice| choice.position.to_string() == value);
    let text = chosen.map_or(value, |choice| &choice.label);
    Some([item, how, text].map(str::to_owned))
}

fn told(condition: &Condition) -> Value {
    let operator = match condition.operator {
        Operator::Equals => "equals",
        Operator::Contains => "contains",
        Operator::Begins => "begins",
        Operator::Ends => "ends",
        Operator::AtLeast => "at_least",
        Operator::LessThan => "less_than",
    };
    Value::Object(Map::from_iter([
        ("item".to_owned(), json!(condition.column)),
        (operator.to_owned(), json!(condition.value)),
    ]))
}
