//! The data set with some submissions changed, as files to import over it.
//!
//! Must not know: what is measured.

use anyhow::{Context as _, Result};
use serde_json::Value;
use std::fs::File;
use std::io::{BufRead as _, BufReader, BufWriter, Write as _};
use std::path::Path;

/// Which of the submissions are changed.
#[derive(Clone, Copy)]
pub(crate) enum Which {
    /// So many percent of them, one after the other, in the middle.
    Run(usize),
    /// Every so-manieth.
    Every(usize),
}

impl Which {
    fn has(self, place: usize, all: usize) -> bool {
        match self {
            Self::Run(percent) => (all / 2..all / 2 + all * percent / 100).contains(&place),
            Self::Every(step) => place.is_multiple_of(step),
        }
    }
}

/// Writes to `to` those submissions of the first form of a data set of `all`, with another text in one answer; `mark`
/// tells one change from another.
pub(crate) fn write(data: &Path, to: &Path, all: usize, which: Which, mark: &str) -> Result<()> {
    let mut out = BufWriter::new(File::create(to)?);
    let mut place = 0;
    for line in BufReader::new(File::open(data)?).lines() {
        let line = line?;
        if !line.starts_with(r#"{"kind":"submission""#) || !line.contains(r#""form_id":1,"#) {
            continue;
        }
        if which.has(place, all) {
            let mut submission: Value = serde_json::from_str(&line)?;
            let answers = submission["answers"].as_object_mut().context("no answers")?;
            answers.insert("108".into(), format!("changed {mark} at {place}").into());
            serde_json::to_writer(&mut out, &submission)?;
            out.write_all(b"\n")?;
        }
        place += 1;
    }
    Ok(out.flush()?)
}
