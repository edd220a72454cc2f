//! `fillhouse import`: files of the interchange format, into the store; or what another product or a table has.
//!
//! Must not know: what a line is.

mod from;

use crate::config::Config;
use crate::files;
use crate::progress::{Progress, Unit};
use crate::wiring;
use anyhow::{Result, bail};
use fillhouse_engine::{Counts, Engine, KINDS};
use from::From;
use std::sync::atomic::Ordering;

/// The command.
#[derive(clap::Args)]
pub(crate) struct Import {
    /// Files to read, in order; - is standard input; .gz and .zst are decompressed
    files: Vec<String>,
    /// Report bad lines and go on, instead of ending at the first
    #[arg(long)]
    skip_bad: bool,
    #[command(flatten)]
    from: From,
}

impl Import {
    /// Reads the files, one after the other.
    pub(crate) async fn run(self, config: Config) -> Result<()> {
        if self.from.is_wanted() {
            let counts = self.from.run(&config, self.files).await?;
            eprint!("{}", summary(&counts));
            return Ok(());
        }
        if self.files.is_empty() {
            bail!("name the files to read, or say with --from where to import from");
        }
        let engine = wiring::open_for_command(&config).await?;
        let (counts, outcome) = import(engine, self.files, self.skip_bad).await?;
        eprint!("{}", summary(&counts));
        outcome
    }
}
/// Imports files, with progress; gives the counts also where it failed.
async fn import(engine: Engine, names: Vec<String>, skip_bad: bool) -> Result<(Counts, Result<()>)> {
    let mut importer = engine.importer(skip_bad);
    let importing = tokio::task::spawn_blocking(move || {
        let outcome = names.iter().try_for_each(|name| {
            let mut source = files::open(name)?;
            let read_bytes = source.read_bytes.clone();
            let progress =
                std::cell::RefCell::new(Progress::new("importing", source.size_bytes, Unit::Bytes));
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
