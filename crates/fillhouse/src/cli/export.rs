//! `fillhouse export`: a form's submissions, into a file.
//!
//! Guarantees: the file is the one that was exported, by its digest, and appears when it is whole; run again after it was
//! interrupted, it goes on where it was.
//!
//! Must not know: how an export is made; the API does.

pub(crate) mod request;

use crate::api::{Api, Ask, At};
use crate::config::Config;
use crate::exported::{Exported, Sink, finish};
use crate::output;
use crate::progress::{Progress, Unit};
use anyhow::{Context as _, Result, anyhow, bail};
use fillhouse_engine::Receipt;
use request::Wish;
use serde_json::{Value, json};
use std::fs::File;
use std::path::{Path, PathBuf};

/// The command.
#[derive(clap::Args)]
pub(crate) struct Export {
    /// Where to write: a file, a folder, or - for standard output [default: this folder, under the export's own name]
    #[arg(short, long, value_name = "FILE")]
    output: Option<String>,
    #[command(flatten)]
    wish: Wish,
    /// Say what it would come to, and make nothing
    #[arg(long, conflicts_with = "output")]
    dry_run: bool,
    /// Also write the file's signed receipt, FILE.receipt.json, and check the file against it
    #[arg(long)]
    receipt: bool,
    /// Print the result as a JSON object
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    at: At,
}

impl Export {
    /// Exports.
    pub(crate) async fn run(self, config: Config) -> Result<()> {
        let to_stdout = self.output.as_deref() == Some("-");
        if to_stdout && (self.json || self.receipt) {
            bail!("standard output has the file: leave out --json and --receipt, or give --output a file");
        }
        let mut request = self.wish.request(self.output.as_deref())?;
        let api = Api::about_form(self.at.clone(), &config, &self.wish.which.form).await?;
        if self.dry_run {
            request["dry_run"] = json!(true);
            return self.say_estimate(&api.json(&Ask::post("/v1/exports", &request)).await?);
        }
        let exported = make(&api, &request, self.json).await?;
        let mut progress =
            Progress::new("downloading", Some(exported.size_bytes), Unit::Bytes).unless(self.json);
        let path = (!to_stdout).then(|| path(self.output.as_deref(), &exported.name));
        let mut sink = match &path {
            Some(path) => Sink::file(path)?,
            None => Sink::stream(std::io::stdout()),
        };
        exported.download(&api, &mut sink, &mut |bytes| progress.set(bytes, "")).await?;
        progress.finish();
        sink.publish()?;
        let Some(path) = path else { return Ok(()) };
        if self.receipt {
            receipt(&api, &exported, &path).await?;
        }
        self.say(&exported, &path)
    }

    fn say(&self, exported: &Exported, path: &Path) -> Result<()> {
        let path = path.display();
        if self.json {
            let mut said = exported.said.clone();
            said["path"] = json!(path.to_string());
            output::json(&said)
        } else {
            output::line(format!("{path}: {} rows, {} bytes", exported.rows, exported.size_bytes))
        }
    }

    fn say_estimate(&self, said: &Value) -> Result<()> {
        if self.json {
            return output::json(said);
        }
        let number = |key: &str| said[key].as_i64().with_context(|| format!("the server says no {key}"));
        let about = if said["rows_are_exact"] == true { "" } else { "about " };
        output::line(format!(
            "{about}{} rows, about {} bytes, in about {} s",
            number("rows")?,
            number("bytes")?,
            number("seconds")?
        ))
    }
}

/// Makes the export, with progress.
async fn make(api: &Api, request: &Value, json: bool) -> Result<Exported> {
    let mut progress: Option<Progress> = None;
    let exported = finish(api, request, |said| {
        let number = |key: &str| said[key].as_u64().unwrap_or_default();
        let bar = progress.get_or_insert_with(|| {
            Progress::new("exporting  ", Some(number("rows_total")), Unit::Things).unless(json)
        });
        let note = match (said["queue_position"].as_u64(), said["eta_seconds"].as_u64()) {
            (Some(place), _) => format!("rows, waiting: number {place} in the queue"),
            (None, Some(seconds)) => format!("rows, {seconds} s left"),
            (None, None) => "rows".to_owned(),
        };
        bar.set(number("rows_written"), &note);
    });
    let exported = exported.await;
    if let Some(progress) = progress {
        progress.finish();
    }
    exported
}

/// The file to write: the one that was named, or in the folder that was.
fn path(output: Option<&str>, name: &str) -> PathBuf {
    match output.map(Path::new) {
        Some(folder) if folder.is_dir() => folder.join(name),
        Some(file) => file.to_path_buf(),
        None => PathBuf::from(name),
    }
}

/// Writes the receipt beside the file, and sees that the file is as it says.
async fn receipt(api: &Api, exported: &Exported, path: &Path) -> Result<()> {
    let text = api.ask(&Ask::get(format!("/v1/exports/{}/receipt", exported.id))).await?.text().await?;
    let key = api.json(&Ask::get("/v1/receipts/key")).await?;
    let key = key["key"].as_str().context("the server says no key")?;
    let read = Receipt::from_json(&text).map_err(|error| anyhow!("the receipt is none: {error}"))?;
    read.check(&mut File::open(path)?, Some(key)).map_err(|error| anyhow!(error))?;
    let mut name = path.to_path_buf().into_os_string();
    name.push(".receipt.json");
    std::fs::write(&name, text).with_context(|| format!("{} cannot be written", Path::new(&name).display()))
}
