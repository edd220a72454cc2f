//! `fillhouse demo`: what Fillhouse does, seen by someone who has never seen it.
//!
//! Guarantees: everything shown went through the server's API, as a client's requests would.
//!
//! Must not know: how an export is made.

mod client;
mod sample;
mod table;

use crate::cli::serve::{Server, Signals, listen};
use crate::config::Options;
use crate::output;
use crate::progress::{Progress, Unit};
use crate::wiring::with_source;
use anyhow::{Context as _, Result, bail};
use client::Client;
use fillhouse_engine::{Engine, NewToken};
use fillhouse_model::{AccountId, ErrorKind};
use std::io::Cursor;
use std::net::SocketAddr;
use std::path::Path;
use tokio::net::TcpListener;

/// The folder of the demo where nothing else is said.
const DATA_DIR: &str = "fillhouse-demo";
/// What the demo's tokens are called.
const TOKEN_NAME: &str = "demo";
/// How many submissions the sample has.
const SUBMISSIONS: u64 = 20_000;
/// How many rows of the export are printed.
const ROWS: usize = 5;

/// The command.
#[derive(clap::Args)]
pub(crate) struct Demo {
    /// End after the export, instead of going on to serve
    #[arg(long)]
    once: bool,
}

impl Demo {
    /// Shows it.
    pub(crate) async fn run(self, options: Options) -> Result<()> {
        let chosen = options.listen;
        let config = options.resolve(DATA_DIR)?;
        let listener = listener(chosen, config.listen).await?;
        let server = Server::start(&config, listener).await?;
        let base = format!("http://{}", server.address);
        let database = if config.database_url.is_none() { "SQLite" } else { "PostgreSQL" };
        output::line(format!(
            "Fillhouse is running, on {database}, with its files in {}.",
            config.data_dir.display()
        ))?;
        output::line(format!("listening on {base}\n"))?;

        let period = load(&server.engine).await?;
        let new = NewToken {
            account_id: AccountId(sample::ACCOUNT),
            user_id: None,
            name: TOKEN_NAME.to_owned(),
            abilities: vec!["*".to_owned()],
        };
        let token = server.engine.create_token(new).await.map_err(with_source)?.secret;
        let client = Client::new(base.clone(), token.clone())?;
        let export = export(&client, &period).await?;
        show(&export, &config.data_dir).await?;
        next_steps(&base, &token, &period, &export)?;
        if self.once {
            return server.stop().await;
        }
        let link = server.engine.sign_in_link(AccountId(sample::ACCOUNT)).await.map_err(with_source)?;
        output::line(format!("\nThe form is at {base}/f/{}/{}", sample::USER_DIR, sample::DIRECTORY))?;
        output::line(format!("The console, for whoever opens this link first: {link}"))?;
        // Not before: until here Ctrl-C ends the demo at once.
        let signals = Signals::new()?;
        output::line("\nServing until you press Ctrl-C.")?;
        server.run_until_told(signals).await
    }
}

/// The address that was chosen; else the default one, or where that is taken any free one.
async fn listener(chosen: Option<SocketAddr>, default: SocketAddr) -> Result<TcpListener> {
    match listen(default).await {
        Err(_) if chosen.is_none() => listen(SocketAddr::new(default.ip(), 0)).await,
        listener => listener,
    }
}

/// The days that the demo's export is of.
struct Period {
    from: String,
    to: String,
}

/// Loads the sample, where it is not there yet.
async fn load(engine: &Engine) -> Result<Period> {
    let sample = sample::Sample::until(&crate::clock::SystemClock);
    let period = Period { from: sample.first_day(), to: sample.last_day() };
    if is_loaded(engine).await? {
        output::line("The sample data is there already.")?;
        return Ok(period);
    }
    let engine = engine.clone();
    let importing = tokio::task::spawn_blocking(move || {
        let mut progress = Progress::new("Loading sample data ", Some(SUBMISSIONS), Unit::Things);
        let mut importer = engine.importer(false);
        let lines = sample.lines(SUBMISSIONS);
        importer.import(
            "sample",
            &mut Cursor::new(lines),
            &mut |counts| progress.set(counts.lines.min(SUBMISSIONS), ""),
            &mut |_| {},
        )?;
        progress.finish();
        Ok::<_, fillhouse_engine::ImportError>(())
    });
    importing.await??;
    output::line(format!("Loaded the sample: a café chain's guest survey with {SUBMISSIONS} submissions."))?;
    Ok(period)
}

/// Whether the sample is there, to its end: the demo's token is made after it.
async fn is_loaded(engine: &Engine) -> Result<bool> {
    match engine.account_named(&sample::ACCOUNT.to_string()).await {
        Ok(account) if account.user_dir != sample::USER_DIR => {
            bail!("there is other data here: give the demo a folder of its own, with --data-dir")
        }
        Ok(_) => {}
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(false),
        Err(error) => return Err(with_source(error)),
    }
    let tokens = engine.list_tokens().await.map_err(with_source)?;
    Ok(tokens.iter().any(|shown| shown.token.name == TOKEN_NAME))
}

/// What came of the demo's export.
struct Export {
    total: u64,
    url: String,
    bytes: Vec<u8>,
    name: String,
}

async fn export(client: &Client, period: &Period) -> Result<Export> {
    let began = std::time::Instant::now();
    let task = client.start(&period.from, &period.to).await?;
    let mut progress = Progress::new("Exporting           ", Some(100), Unit::Things);
    let (total, url) = client.finish(&task, |percent| progress.set(percent, "%")).await?;
    progress.finish();
    let bytes = client.download(&url).await?;
    output::line(format!(
        "Exported {total} submissions as CSV in a ZIP file of {} kB, in {:.1} s.\n",
        bytes.len() / 1_000,
        began.elapsed().as_secs_f64()
    ))?;
    let name = url.rsplit('/').next().unwrap_or("export.zip").to_owned();
    Ok(Export { total, url, bytes, name })
}

async fn show(export: &Export, folder: &Path) -> Result<()> {
    let path = folder.join(&export.name);
    tokio::fs::write(&path, &export.bytes).await.with_context(|| path.display().to_string())?;
    output::line(table::first_rows(&export.bytes, ROWS)?)?;
    output::line(format!(
        "… and {} more, in {}\n",
        export.total.saturating_sub(ROWS as u64),
        path.display()
    ))?;
    Ok(())
}

fn next_steps(base: &str, token: &str, period: &Period, export: &Export) -> Result<()> {
    let form = sample::FORM;
    output::line(format!("The API is at  {base}"))?;
    output::line(format!("The token is   {token}\n"))?;
    output::line("Try it:\n")?;
    output::line("  # ask for an export; the answer has its task_id")?;
    output::line(format!(
        "  curl -s {base}/api/v1.1/forms/fills -H 'Authorization: Bearer {token}' -H 'Content-Type: application/json' \
         -d '{{\"id\": {form}, \"date_from\": \"{}\", \"date_to\": \"{}\"}}'\n",
        period.from, period.to
    ))?;
    output::line("  # download the file that was just made")?;
    output::line(format!(
        "  curl -s {base}/api/download/forms/{} -H 'Authorization: Bearer {token}' -o {}\n",
        export.url, export.name
    ))?;
    output::line("  # store a submission")?;
    output::line(format!(
        "  curl -s {base}/v1/forms/{form}/submissions -H 'Authorization: Bearer {token}' -H 'Content-Type: application/json' \
         -d '{{\"answers\": {{\"100\": \"Ada\", \"103\": [{{\"position\": 0}}], \"105\": \"10\"}}}}'"
    ))
}
