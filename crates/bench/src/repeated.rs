//! The data set's submissions again and again, each time with ids of their own: to make as many anew takes hours.
//!
//! Must not know: what is measured.

use anyhow::{Context as _, Result};
use std::fs::File;
use std::io::{BufRead as _, BufReader, BufWriter, Write as _};
use std::path::Path;

/// What the line of a submission begins with.
const SUBMISSION: &str = r#"{"kind":"submission""#;
/// What comes before the id of a submission of the form, and nowhere else: within a text its quotes would be escaped.
const BEFORE_ID: &str = r#","form_id":1,"id":"#;

/// Writes the data set, and `times - 1` times more its submissions of the first form, of which there are `rows`.
pub(crate) fn write(data: &Path, to: &Path, rows: usize, times: usize) -> Result<()> {
    let mut out = BufWriter::with_capacity(1 << 20, File::create(to)?);
    let mut line = String::new();
    for round in 0..times {
        let mut file = BufReader::with_capacity(1 << 20, File::open(data)?);
        loop {
            line.clear();
            if file.read_line(&mut line)? == 0 {
                break;
            }
            if round == 0 {
                out.write_all(line.as_bytes())?;
            } else if line.starts_with(SUBMISSION)
                && let Some((before, rest)) = line.split_once(BEFORE_ID)
            {
                let (id, rest) = rest.split_once(',').context("nothing follows on the id")?;
                let id = id.parse::<usize>()? + round * rows;
                write!(out, "{before}{BEFORE_ID}{id},{rest}")?;
            }
        }
    }
    Ok(out.flush()?)
}
