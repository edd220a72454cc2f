//! `fillhouse import`: files of the interchange format, into the store; or what another product or a table has.
//!
//! Must not know: what a line is.

mod from;

use crate::config::Config;
use crate::files;
use crate::output;
use crate::progress::{Progress, Unit};
use crate::switch::table::Kind;
use crate::wiring;
use anyhow::{Result, bail};
use fillhouse_engine::{Counts, Engine, KINDS};
use from::From;
use serde_json::{Map, Value, json};
use std::sync::atomic::Ordering;

/// The command.
#[derive(clap::Args)]
pub(crate) struct Import {
    /// Files to read, in order; - is standard input; .gz and .zst are decompressed
    files: Vec<String>,
    /// Report bad lines and go on, instead of ending at the first
    #[arg(long)]
    skip_bad: bool,
    /// Print the result as a JSON object
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    from: From,
}

impl Import {
    /// Reads the files, one after the other.
    pub(crate) async fn run(self, config: Config) -> Result<()> {
        if self.from.is_wanted() {
            let moved = self.from.run(&config, self.files, self.json).await?;
            if !self.json {
                eprint!("{}", summary(&moved.counts));
                return Ok(());
            }
            let mut told = told(&moved.counts);
            told["read"] = moved.told.into();
            told["not_taken_over"] = json!(moved.not_taken_over);
            return output::json(&told);
        }
        if self.files.is_empty() {
            bail!("name the files to read, or say with --from where to import from");
        }
        if let Some((file, kind)) = self.files.iter().find_map(|file| Some((file, Kind::named_by(file)?))) {
            bail!("{file} is a table: say --from {kind}, and --form where it is of a form that is there");
        }
        let engine = wiring::open_for_command(&config).await?;
        let (counts, outcome) = import(engine, self.files, self.skip_bad, self.json).await?;
        if self.json {
            output::json(&told(&counts))?;
        } else {
            eprint!("{}", summary(&counts));
        }
        outcome
    }
}

/// Imports files, with progress; gives the counts also where it failed.
async fn import(
    engine: Engine,
    names: Vec<String>,
    skip_bad: bool,
    json: bool,
) -> Result<(Counts, Result<()>)> {
    let mut importer = engine.importer(skip_bad);
    let importing = tokio::task::spawn_blocking(move || {
        let outcome = names.iter().try_for_each(|name| {
            let mut source = files::open(name)?;
            let read_bytes = source.read_bytes.clone();
            let progress = Progress::new("importing", source.size_bytes, Unit::Bytes).unless(json);
            let progress = std::cell::RefCell::new(progress);
            let read = importer.import(
                name,
                &mut source.lines,
                &mut |counts| {
                    let note = format!("{} lines", counts.lines);
                    progress.borrow_mut().set(read_bytes.load(Ordering::Relaxed), &note);
                },
                &mut |bad| progress.borrow().say(&format!("skipped: {bad}")),
            );
            progress.borrow().finish();
            Ok(read?)
        });
        (importer.counts().clone(), outcome)
    });
    Ok(importing.await?)
}

/// The counts by kind, a line each.
fn summary(counts: &Counts) -> String {
    let of_kinds = KINDS.into_iter().filter_map(|kind| {
        let [added, replaced, unchanged] = counts.by_kind.get(kind)?;
        Some(format!("{kind:15} {added:>10} added {replaced:>10} replaced {unchanged:>10} unchanged\n"))
    });
    let bad = (counts.bad > 0).then(|| format!("{:15} {:>10} skipped\n", "bad lines", counts.bad));
    of_kinds.chain(bad).collect()
}

/// The same for programs.
fn told(counts: &Counts) -> Value {
    let of_kinds = KINDS.into_iter().filter_map(|kind| {
        let [added, replaced, unchanged] = counts.by_kind.get(kind)?;
        let of_kind = json!({"added": added, "replaced": replaced, "unchanged": unchanged});
        Some((kind.to_owned(), of_kind))
    });
    let of_kinds: Map<String, Value> = of_kinds.collect();
    json!({"lines": counts.lines, "bytes": counts.bytes, "bad_lines": counts.bad, "kinds": of_kinds})
}
