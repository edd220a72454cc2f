//! `fillhouse dump`: everything in the store, as the interchange format.
//!
//! Must not know: what a line is.

use crate::config::Config;
use crate::files;
use crate::output;
use crate::progress::{Progress, Unit};
use crate::wiring::{self, with_source};
use anyhow::Result;
use serde_json::json;
use std::sync::{Arc, Mutex, PoisonError};

/// The command.
#[derive(clap::Args)]
pub(crate) struct Dump {
    /// Where to write; - is standard output; .gz and .zst are compressed
    #[arg(default_value = "-")]
    file: String,
    /// Print the result as a JSON object; on standard error where standard output has the dump
    #[arg(long)]
    json: bool,
}

impl Dump {
    /// Writes everything.
    pub(crate) async fn run(self, config: Config) -> Result<()> {
        let engine = wiring::open_existing(&config).await?;
        let (target, writer) = files::create(&self.file)?;
        let progress = Arc::new(Mutex::new(Progress::new("dumping", None, Unit::Bytes).unless(self.json)));
        let shown = progress.clone();
        let dumped = engine
            .dump(writer, move |so_far| {
                let note = format!("{} lines", so_far.lines);
                shown.lock().unwrap_or_else(PoisonError::into_inner).set(so_far.bytes, &note);
            })
            .await;
        let progress = progress.lock().unwrap_or_else(PoisonError::into_inner);
        progress.finish();
        let dumped = dumped.map_err(with_source)?;
        target.publish()?;
        if self.json {
            let told = json!({"file": self.file, "lines": dumped.lines, "bytes": dumped.bytes});
            return if self.file == "-" {
                progress.say(&told.to_string());
                Ok(())
            } else {
                output::json(&told)
            };
        }
        progress.say(&format!("dumped {} lines, {} bytes", dumped.lines, dumped.bytes));
        Ok(())
    }
}
