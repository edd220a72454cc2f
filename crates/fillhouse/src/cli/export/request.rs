//! What is wanted, as flags, and as the API is asked for it.
//!
//! Guarantees: what is said by a flag is asked for, and nothing else; the API has the last word on what it means.
//!
//! Must not know: where it is asked.

use anyhow::{Result, anyhow, bail};
use serde_json::{Map, Value, json};
use std::path::Path;

/// Which submissions are wanted.
#[derive(Debug, Clone, Default, clap::Args)]
pub(crate) struct Which {
    /// The form: its id, shortname, slug or directory; `user_dir/directory` where several accounts have one in that directory
    pub(crate) form: String,
    /// The first day on which a submission was finished, YYYY-MM-DD
    #[arg(long, value_name = "DAY")]
    from: Option<String>,
    /// The last day
    #[arg(long, value_name = "DAY")]
    to: Option<String>,
    /// Unfinished submissions, too
    #[arg(long)]
    include_incomplete: bool,
    /// What an answer must be: ITEM=TEXT; ITEM~TEXT has it, ITEM^TEXT begins with it, ITEM$TEXT ends with it
    #[arg(long, value_name = "CONDITION")]
    filter: Vec<String>,
    /// One of the filters is enough
    #[arg(long)]
    any: bool,
    /// Complete or Incomplete
    #[arg(long)]
    status: Option<String>,
    /// These submissions only, by their ids with commas in between
    #[arg(long, value_delimiter = ',', value_name = "ID")]
    ids: Vec<i64>,
}

/// What is wanted.
#[derive(Debug, Clone, Default, clap::Args)]
pub(crate) struct Wish {
    #[command(flatten)]
    pub(crate) which: Which,
    /// csv, json, ndjson, xlsx or parquet [default: what the file's name says, else csv]
    #[arg(long)]
    format: Option<String>,
    /// none, zip, gzip or zstd [default: what the file's name says, else none]
    #[arg(long)]
    compression: Option<String>,
    /// Which columns, in which order: names of metas and ids of items, with commas in between
    #[arg(long, value_delimiter = ',')]
    columns: Vec<String>,
    /// Only what was created, updated or deleted after the export of this cursor
    #[arg(long, value_name = "CURSOR")]
    since: Option<String>,
    /// The submissions as they were at this time, such as 2026-04-01T09:00:00Z, or at this snapshot of an export
    #[arg(long, value_name = "TIME|SNAPSHOT")]
    as_of: Option<String>,
    /// What stands between the cells of a CSV file: , ; | or a tab
    #[arg(long)]
    delimiter: Option<String>,
    /// What ends its lines: lf or crlf
    #[arg(long)]
    eol: Option<String>,
    /// Begin it with a byte order mark, as Excel likes it
    #[arg(long)]
    bom: bool,
    /// What the columns of answers are called: label or id
    #[arg(long)]
    header: Option<String>,
    /// What becomes of texts that a spreadsheet would take for formulas: raw or escape
    #[arg(long)]
    formulas: Option<String>,
}

impl Which {
    /// The body that asks for them.
    pub(crate) fn request(&self) -> Result<Map<String, Value>> {
        let mut request = Map::new();
        let form = self.form.parse::<i64>().map_or_else(|_| json!(self.form), Value::from);
        request.insert("form".to_owned(), form);
        put(&mut request, "from", self.from.clone());
        put(&mut request, "to", self.to.clone());
        put(&mut request, "include_incomplete", self.include_incomplete.then_some(true));
        put(&mut request, "filter", self.filter()?);
        Ok(request)
    }

    fn filter(&self) -> Result<Option<Value>> {
        let mut filter = Map::new();
        if !self.filter.is_empty() {
            let answers = self.filter.iter().map(|text| condition(text)).collect::<Result<Vec<_>>>()?;
            filter.insert("answers".to_owned(), answers.into());
        }
        if self.any {
            filter.insert("method".to_owned(), json!("or"));
        }
        if let Some(status) = &self.status {
            filter.insert("status".to_owned(), json!(status));
        }
        if !self.ids.is_empty() {
            filter.insert("ids".to_owned(), json!(self.ids));
        }
        Ok((!filter.is_empty()).then_some(Value::Object(filter)))
    }
}

/// Says something where there is something to say.
fn put(request: &mut Map<String, Value>, key: &str, value: Option<impl Into<Value>>) {
    if let Some(value) = value {
        request.insert(key.to_owned(), value.into());
    }
}

impl Wish {
    /// The body that asks for it; what the name of the output says, where no flag does.
    pub(crate) fn request(&self, output: Option<&str>) -> Result<Value> {
        let (named_format, named_compression) = match output {
            Some(file) if self.format.is_none() => shape_of_named(file)?,
            Some(file) => shape_of(file),
            None => (None, None),
        };
        let mut request = self.which.request()?;
        put(&mut request, "format", self.format.as_deref().or(named_format));
        put(&mut request, "compression", self.compression.as_deref().or(named_compression));
        put(&mut request, "columns", (!self.columns.is_empty()).then(|| json!(self.columns)));
        put(&mut request, "since", self.since.clone());
        let as_of = self.as_of.as_ref().map(|text| text.parse::<i64>().map_or(json!(text), Value::from));
        put(&mut request, "as_of", as_of);
        put(&mut request, "options", self.options());
        Ok(Value::Object(request))
    }

    fn options(&self) -> Option<Value> {
        let mut options = Map::new();
        let texts = [
            ("delimiter", &self.delimiter),
            ("eol", &self.eol),
            ("header", &self.header),
            ("formulas", &self.formulas),
        ];
        for (key, text) in texts {
            if let Some(text) = text {
                options.insert(key.to_owned(), json!(if text == "\\t" { "\t" } else { text }));
            }
        }
        if self.bom {
            options.insert("bom".to_owned(), json!(true));
        }
        (!options.is_empty()).then_some(Value::Object(options))
    }
}

/// What an answer must be.
fn condition(text: &str) -> Result<Value> {
    let words = [('=', "equals"), ('~', "contains"), ('^', "begins"), ('$', "ends")];
    let split = text.find(|c| words.iter().any(|(sign, _)| *sign == c)).filter(|place| *place > 0);
    let (item, rest) = split.map(|place| text.split_at(place)).ok_or_else(|| {
        anyhow!("--filter {text:?} is not of the form ITEM=TEXT, ITEM~TEXT, ITEM^TEXT or ITEM$TEXT")
    })?;
    let mut letters = rest.chars();
    let sign = letters.next();
    let word = words.iter().find(|(known, _)| Some(*known) == sign).map_or("equals", |(_, word)| *word);
    let mut condition = Map::from_iter([("item".to_owned(), json!(item))]);
    condition.insert(word.to_owned(), json!(letters.as_str()));
    Ok(Value::Object(condition))
}

/// The same, of a file that nothing else says the format of.
///
/// # Errors
/// The name has an ending that names no format: whoever gave it wants something else than a CSV file.
fn shape_of_named(output: &str) -> Result<(Option<&'static str>, Option<&'static str>)> {
    let (format, compression) = shape_of(output);
    let path = Path::new(output);
    let inner = if compression.is_some() { path.with_extension("") } else { path.to_path_buf() };
    match inner.extension() {
        Some(ending) if format.is_none() && !path.is_dir() => bail!(
            "--output {output}: the ending .{} names no format; .csv, .json, .ndjson, .jsonl, .xlsx and .parquet do, alone or with .zip, \
             .gz or .zst behind them; or say it with --format",
            ending.display()
        ),
        _ => Ok((format, compression)),
    }
}

/// The format and the compression that a file's name says.
fn shape_of(output: &str) -> (Option<&'static str>, Option<&'static str>) {
    let extension = |name: &Path| name.extension().and_then(|e| e.to_str()).map(str::to_ascii_lowercase);
    let path = Path::new(output);
    let compression = match extension(path).as_deref() {
        Some("zip") => Some("zip"),
        Some("gz") => Some("gzip"),
        Some("zst") => Some("zstd"),
        _ => None,
    };
    let inner = if compression.is_some() { path.with_extension("") } else { path.to_path_buf() };
    let format = match extension(&inner).as_deref() {
        Some("csv") => Some("csv"),
        Some("json") => Some("json"),
        Some("ndjson" | "jsonl") => Some("ndjson"),
        Some("xlsx") => Some("xlsx"),
        Some("parquet") => Some("parquet"),
        _ => None,
    };
    (format, compression)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_files_name_says_its_shape() {
        assert_eq!(shape_of("a/b.csv.gz"), (Some("csv"), Some("gzip")));
        assert_eq!(shape_of("b.ZIP"), (None, Some("zip")));
        assert_eq!(shape_of("b.jsonl.zst"), (Some("ndjson"), Some("zstd")));
        assert_eq!(shape_of("b.xlsx"), (Some("xlsx"), None));
        assert_eq!(shape_of("-"), (None, None));
    }

    #[test]
    fn an_ending_that_names_no_format_is_refused() {
        for name in ["a.foo", "a.csv.bz2", "a.foo.gz", "a.v2.zip"] {
            let error = shape_of_named(name).unwrap_err().to_string();
            assert!(error.contains(&format!("--output {name}")) && error.contains(".parquet"), "{error}");
        }
        for name in ["a", "-", "a.gz", ".", "b.d/a"] {
            assert_eq!(shape_of_named(name).unwrap().0, None, "{name}");
        }
        let wish = Wish { format: Some("csv".to_owned()), ..Wish::default() };
        assert_eq!(wish.request(Some("a.foo")).unwrap()["format"], "csv");
    }

    #[test]
    fn flags_say_what_is_asked() {
        let which = Which {
            form: "1".to_owned(),
            filter: vec!["100=a=b".to_owned(), "101-2~x".to_owned(), "102$".to_owned()],
            any: true,
            ..Which::default()
        };
        let wish = Wish { which, bom: true, ..Wish::default() };
        let answers = json!([
            {"item": "100", "equals": "a=b"}, {"item": "101-2", "contains": "x"}, {"item": "102", "ends": ""}
        ]);
        let expected = json!({
            "form": 1, "format": "csv", "filter": {"answers": answers, "method": "or"}, "options": {"bom": true}
        });
        assert_eq!(wish.request(Some("x.csv")).unwrap(), expected);
        let none = Which { filter: vec!["=b".to_owned()], ..wish.which };
        assert!(none.request().unwrap_err().to_string().contains("ITEM=TEXT"));
    }
}
