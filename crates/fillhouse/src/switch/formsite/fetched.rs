//! The results of a form, as they were fetched, a line each, in a file that outlives a run.
//!
//! Guarantees: what was fetched is kept, whatever comes next; of a result that was fetched more than once the last one
//! counts; a line that was torn is not there.
//!
//! Must not know: what is in a result, but its id.

use crate::progress::Progress;
use crate::switch::landing::{Landing, write_whole};
use crate::switch::web::Web;
use anyhow::{Context as _, Result};
use fillhouse_model::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use std::collections::BTreeMap;
use std::fs::{File, OpenOptions};
use std::io::{BufRead as _, BufReader, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::PathBuf;

/// How many results are asked for at once.
const PAGE: u64 = 100;
/// By how much two clocks may differ.
const SLACK_MICROS: i64 = 60_000_000;

/// What was fetched.
pub(super) struct Fetched {
    path: PathBuf,
    /// Where the last line of each result begins.
    places: BTreeMap<u64, u64>,
    file: File,
    end: u64,
}

/// What is remembered beside the results.
#[derive(Serialize, Deserialize)]
struct Notes {
    /// Whatever has changed since then is to be fetched again.
    changed_since: String,
}

#[derive(Deserialize)]
struct Page {
    results: Vec<Box<RawValue>>,
}

#[derive(Deserialize)]
struct Identified {
    id: String,
}

fn id_of(line: &str) -> Result<u64> {
    let Identified { id } = serde_json::from_str(line)?;
    id.parse().with_context(|| format!("the id {id:?} is no number"))
}

impl Fetched {
    /// All results of the form at `place`, those that were fetched before included.
    pub(super) async fn bring_up_to_date(
        landing: &Landing,
        web: &mut Web,
        place: &str,
        key: &str,
        progress: &mut Progress,
    ) -> Result<Self> {
        let mut fetched = Self::open(landing.notes.join(format!("{key}.results")))?;
        let notes_path = landing.notes.join(format!("{key}.json"));
        let begun = landing.engine.time().plus_micros(-SLACK_MICROS);
        let before = std::fs::read_to_string(&notes_path).ok();
        let before: Option<Notes> = before.and_then(|text| serde_json::from_str(&text).ok());
        let has_before = !fetched.places.is_empty();
        if !has_before {
            write_notes(&notes_path, begun)?;
        }
        let last = fetched.places.keys().next_back().copied().unwrap_or(0);
        fetched.fetch(web, place, "", last, progress).await?;
        if has_before {
            // Without notes it is not known what has changed: all may have.
            let since =
                before.map_or_else(String::new, |notes| format!("&after_date={}", notes.changed_since));
            fetched.fetch(web, place, &since, 0, progress).await?;
            write_notes(&notes_path, begun)?;
        }
        Ok(fetched)
    }

    fn open(path: PathBuf) -> Result<Self> {
        let unwritable = || format!("{} cannot be written", path.display());
        let mut file = OpenOptions::new()
            .create(true)
            .read(true)
            .write(true)
            .truncate(false)
            .open(&path)
            .with_context(unwritable)?;
        let (mut places, mut end) = (BTreeMap::new(), 0);
        let mut reader = BufReader::new(&mut file);
        let mut line = String::new();
        while reader.read_line(&mut line).with_context(unwritable)? > 0 {
            let Some(whole) = line.strip_suffix('\n') else { break };
            places.insert(id_of(whole).with_context(unwritable)?, end);
            end += line.len() as u64;
            line.clear();
        }
        file.set_len(end).with_context(unwritable)?;
        file.seek(SeekFrom::End(0)).with_context(unwritable)?;
        Ok(Self { path, places, file, end })
    }

    /// Fetches all results after an id that `which` lets through.
    async fn fetch(
        &mut self,
        web: &mut Web,
        place: &str,
        which: &str,
        mut after: u64,
        progress: &mut Progress,
    ) -> Result<()> {
        loop {
            progress.set(self.places.len() as u64, "results");
            let query = format!("limit={PAGE}&sort_id=result_id&sort_direction=asc&after_id={after}{which}");
            let answer = web.get(&format!("{place}/results?{query}")).await?;
            let Page { results } = answer.json()?;
            if results.is_empty() {
                return Ok(());
            }
            let mut lines = String::new();
            for result in results {
                // A line break can only be between the members of an object: within a text it is escaped.
                let line = result.get().replace(['\n', '\r'], " ");
                let id = id_of(&line)?;
                self.places.insert(id, self.end + lines.len() as u64);
                after = after.max(id);
                lines.push_str(&line);
                lines.push('\n');
            }
            self.file.write_all(lines.as_bytes())?;
            self.file.sync_data()?;
            self.end += lines.len() as u64;
            // One page that is not full is the last.
            if answer.number("pagination-page-last").is_some_and(|last| last <= 1) {
                return Ok(());
            }
        }
    }

    /// The results as they were fetched last, by their ids.
    pub(super) fn latest(&self) -> Result<impl Iterator<Item = Result<String>>> {
        let mut reader = BufReader::new(File::open(&self.path)?);
        let lines = self.places.values().copied();
        let mut at = 0;
        Ok(lines.map(move |place| {
            // Nearly always the next line.
            if place != at {
                reader.seek_relative(place.cast_signed() - at.cast_signed())?;
            }
            let mut line = Vec::new();
            let read = reader.by_ref().read_until(b'\n', &mut line)?;
            at = place + read as u64;
            Ok(String::from_utf8(line)?)
        }))
    }
}

fn write_notes(path: &std::path::Path, begun: Timestamp) -> Result<()> {
    let notes = Notes { changed_since: begun.to_seconds_string() };
    write_whole(path, &serde_json::to_string(&notes)?)
}
