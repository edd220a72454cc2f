//! How well an export knows when it will be done.
//!
//! Must not know: how it knows.

use crate::http::Connection;
use crate::native;
use anyhow::{Context as _, Result};
use serde_json::Value;
use std::time::Duration;

/// When it is looked at what an export says, in percent.
const PROGRESS: i64 = 10;
/// What is exported, each by the members of a request. No two can use what another has rendered.
const SHAPES: [&str; 20] = [
    r#""format": "csv", "from": "2026-01-05", "to": "2026-04-20""#,
    r#""format": "csv", "compression": "zip", "from": "2026-02-01", "to": "2026-05-31""#,
    r#""format": "csv", "compression": "gzip", "options": {"delimiter": ";"}, "from": "2026-06-01""#,
    r#""format": "csv", "compression": "zstd", "to": "2026-03-31""#,
    r#""format": "csv", "columns": ["id", "date_finish", "100", "108"], "compression": "gzip""#,
    r#""format": "csv", "options": {"header": "id", "delimiter": "|", "formulas": "escape"}, "compression": "zip", "from": "2026-07-01""#,
    r#""format": "csv", "options": {"eol": "crlf"}, "filter": {"answers": [{"item": "105", "equals": "3"}]}"#,
    r#""format": "csv", "options": {"delimiter": "\t"}, "compression": "gzip", "include_incomplete": true, "from": "2026-03-01", "to": "2026-06-30""#,
    r#""format": "json", "from": "2026-01-01", "to": "2026-03-10""#,
    r#""format": "json", "compression": "zip", "from": "2026-08-01""#,
    r#""format": "json", "compression": "zstd", "from": "2026-04-01", "to": "2026-06-15""#,
    r#""format": "json", "columns": ["id", "100", "110"], "compression": "gzip""#,
    r#""format": "ndjson", "from": "2026-03-15", "to": "2026-05-20""#,
    r#""format": "ndjson", "compression": "gzip", "from": "2026-02-10", "to": "2026-04-30""#,
    r#""format": "ndjson", "compression": "zstd", "from": "2026-08-10""#,
    r#""format": "ndjson", "filter": {"answers": [{"item": "100", "contains": "an"}]}"#,
    r#""format": "xlsx", "from": "2026-01-20", "to": "2026-03-31""#,
    r#""format": "xlsx", "columns": ["id", "date_finish", "101", "105", "106"], "from": "2026-05-01""#,
    r#""format": "parquet", "from": "2026-02-01", "to": "2026-06-30""#,
    r#""format": "parquet", "columns": ["id", "date_finish", "105", "106", "108"]"#,
];

/// By what part of how long they took the exports were wrong, when a tenth of each was done: the median.
pub(crate) fn error(connection: &mut Connection) -> Result<f64> {
    let mut errors = Vec::with_capacity(SHAPES.len());
    for members in SHAPES {
        let mut expected = None;
        let done = native::export(connection, members, |time, told| {
            if expected.is_none() {
                expected = told_end(time, told);
            }
        })?;
        let expected = expected.with_context(|| format!("never told when it ends: {members}"))?;
        let error = expected.as_secs_f64() / done.time.as_secs_f64() - 1.0;
        eprintln!("{:.1} s, told to be {:.1} s: {members}", done.time.as_secs_f64(), expected.as_secs_f64());
        errors.push(error.abs());
        native::delete(connection, &done)?;
    }
    errors.sort_by(f64::total_cmp);
    Ok(errors[errors.len() / 2])
}

/// How long an export is said to take in all, once it is far enough.
fn told_end(time: Duration, told: &Value) -> Option<Duration> {
    let eta = told["eta_seconds"].as_u64()?;
    (told["progress"].as_i64()? >= PROGRESS).then_some(time + Duration::from_secs(eta))
}
