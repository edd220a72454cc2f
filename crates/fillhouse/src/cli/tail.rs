//! `fillhouse tail`: submissions as JSON lines, as they come, change and go.
//!
//! Guarantees: into a file nothing is written twice and nothing is left out, whatever breaks off in between; on standard
//! output the same holds as long as this process lives, and what was at hand when it was killed comes again.
//!
//! Must not know: how what has changed is found; it is what exports since a cursor hold.

mod place;

use crate::api::{Api, At};
use crate::cli::export::request::Which;
use crate::config::Config;
use crate::exported::{Sink, finish};
use anyhow::Result;
use place::Place;
use serde_json::{Value, json};
use std::path::PathBuf;
use std::time::Duration;

/// A day after all others: what is exported from it on is nothing.
const NEVER: &str = "9999-12-31";

/// The command.
#[derive(clap::Args)]
pub(crate) struct Tail {
    #[command(flatten)]
    which: Which,
    /// Begin after this cursor, or `now` for only what is new [default: with all there is]
    #[arg(long, value_name = "CURSOR")]
    since: Option<String>,
    /// Go on as submissions come, until it is interrupted
    #[arg(short, long)]
    follow: bool,
    /// How many seconds to wait between two looks
    #[arg(long, default_value_t = 2, value_name = "SECONDS", value_parser = clap::value_parser!(u64).range(1..=3600))]
    every: u64,
    /// A file to write to, at its end [default: standard output]
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// A file that keeps where it was; where it is there, it is gone on from [default: the output's name with .cursor behind it]
    #[arg(long, value_name = "FILE")]
    cursor_file: Option<PathBuf>,
    #[command(flatten)]
    at: At,
}

impl Tail {
    /// Writes what there is, and, if so wanted, what comes.
    pub(crate) async fn run(self, config: Config) -> Result<()> {
        let mut place = Place::open(self.output.as_deref(), self.cursor_file.as_deref())?;
        let api = Api::about_form(self.at.clone(), &config, &self.which.form).await?;
        let api = if self.follow { api.for_good() } else { api };
        if place.cursor().is_none()
            && let Some(since) = &self.since
        {
            let cursor = if since == "now" { self.now(&api).await? } else { since.clone() };
            place.moved(&cursor)?;
        }
        let told = tokio::select! {
            told = self.tell(&api, &mut place) => told,
            // What is not written whole by now was not told: the cursor is before it.
            _ = tokio::signal::ctrl_c() => Ok(()),
        };
        if let Some(cursor) = place.cursor() {
            eprintln!("to go on: --since {cursor}");
        }
        told
    }

    async fn tell(&self, api: &Api, place: &mut Place) -> Result<()> {
        loop {
            let mut request = self.which.request()?;
            request.insert("format".to_owned(), json!("ndjson"));
            if let Some(cursor) = place.cursor() {
                request.insert("since".to_owned(), json!(cursor));
            }
            let exported = finish(api, &Value::Object(request), |_| {}).await?;
            if exported.size_bytes > 0 {
                let mut sink = Sink::stream(place.writer()?);
                exported.download(api, &mut sink, &mut |_| {}).await?;
                sink.publish()?;
            }
            place.moved(&exported.cursor)?;
            if !self.follow {
                return Ok(());
            }
            tokio::time::sleep(Duration::from_secs(self.every)).await;
        }
    }

    /// The cursor of this moment.
    async fn now(&self, api: &Api) -> Result<String> {
        let form = self.which.form.parse::<i64>().map_or_else(|_| json!(self.which.form), Value::from);
        let nothing = json!({"form": form, "format": "ndjson", "from": NEVER});
        Ok(finish(api, &nothing, |_| {}).await?.cursor)
    }
}
