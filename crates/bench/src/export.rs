//! `bench export`: an export from its request to `completed`, beside deflate alone, and again.
//!
//! Must not know: how an export is made.

use crate::dataset::{self, TOKEN};
use crate::deflate;
use crate::http::{self, Connection};
use crate::program::{self, Place};
use crate::report::{Report, median};
use anyhow::{Context as _, Result, ensure};
use serde_json::Value;
use std::io::{Cursor, Read as _};
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

/// How often the status is asked for; a status answer takes a small part of this.
const LOOK_EVERY: Duration = Duration::from_millis(5);
const REQUEST: &str = r#"{"id": 1, "date_from": "2026-01-01", "date_to": "2026-12-31"}"#;
/// About as many bytes as a block of the data set has as CSV.
const BLOCK_BYTES: usize = 3 << 20;

/// What one run of a server gave.
struct Run {
    first: Duration,
    again: Duration,
    peak_megabytes: u64,
    total: u64,
    zip: Vec<u8>,
}

/// Measures and prints.
pub(crate) fn run(rows: usize, runs: usize) -> Result<()> {
    let file = dataset::file(rows)?;
    let folder = tempfile::tempdir_in(file.parent().context("the data set has a folder")?)?;
    let loaded = folder.path().join("loaded");
    let import = timed(|| program::import(Place { data_dir: &loaded, database_url: None }, &file))?;

    let (mut firsts, mut agains, mut alones, mut peak) = (vec![], vec![], vec![], 0);
    let mut sizes = (0, 0, 0);
    for n in 0..runs {
        eprintln!("run {} of {runs} on SQLite …", n + 1);
        let copy = folder.path().join(format!("run-{n}"));
        copy_folder(&loaded, &copy)?;
        let run = measure(Place { data_dir: &copy, database_url: None })?;
        std::fs::remove_dir_all(&copy)?;
        let csv = unzip(&run.zip)?;
        let (alone, deflated) = deflate::alone(&deflate::blocks(&csv, BLOCK_BYTES));
        sizes = (run.total, csv.len() as u64, deflated);
        firsts.push(run.first);
        agains.push(run.again);
        alones.push(alone);
        peak = peak.max(run.peak_megabytes);
    }
    eprintln!("on PostgreSQL …");
    let url = program::postgres_url()?;
    let place = Place { data_dir: &folder.path().join("postgres"), database_url: Some(&url) };
    let import_postgres = timed(|| program::import(place, &file))?;
    let postgres = measure(place)?;

    let (first, again, alone) = (median(firsts), median(agains), median(alones));
    let ratio = |time: Duration, of: Duration| time.as_secs_f64() / of.as_secs_f64();
    let mut report = Report::new();
    let (total, raw, deflated) = sizes;
    report.note("submissions exported", total.to_string());
    report.note("CSV; deflated", format!("{} MB; {} MB", raw / 1_000_000, deflated / 1_000_000));
    report.note("deflate alone, all cores", seconds(alone));
    report.note("first export, SQLite", seconds(first));
    report.at_most("first export / deflate alone", ratio(first, alone), 2.0, "×");
    report.note("the same again", seconds(again));
    report.at_most("the same again / first export", ratio(again, first), 0.05, "×");
    report.at_most("peak resident memory", peak as f64, 128.0, "MB");
    report.note("first export, PostgreSQL", seconds(postgres.first));
    report.note("first export, PostgreSQL / deflate alone", format!("{:.3} ×", ratio(postgres.first, alone)));
    report.note("the same again, PostgreSQL", seconds(postgres.again));
    report.note("peak resident memory, PostgreSQL", format!("{} MB", postgres.peak_megabytes));
    report.note("import, SQLite; PostgreSQL", format!("{}; {}", seconds(import), seconds(import_postgres)));
    report.print();
    Ok(())
}

fn seconds(time: Duration) -> String {
    format!("{:.3} s", time.as_secs_f64())
}

fn timed(work: impl FnOnce() -> Result<()>) -> Result<Duration> {
    let began = Instant::now();
    work()?;
    Ok(began.elapsed())
}

fn measure(place: Place<'_>) -> Result<Run> {
    let mut server = program::serve(place, &[])?;
    let mut connection = Connection::open(server.url())?;
    let (first, result) = export(&mut connection)?;
    let (again, _) = export(&mut connection)?;
    let peak_megabytes = program::peak_megabytes(server.pid())?;
    let url = result["url"].as_str().context("no url")?;
    let zip = connection.send(&http::get(&format!("/api/download/forms/{url}"), TOKEN))?;
    ensure!(zip.status == 200, "the download answered {}", zip.status);
    let total = result["total"].as_u64().context("no total")?;
    server.stop();
    Ok(Run { first, again, peak_megabytes, total, zip: zip.body })
}

/// An export, from its request until it is answered to be completed.
fn export(connection: &mut Connection) -> Result<(Duration, Value)> {
    let began = Instant::now();
    let asked = post(connection, "/api/v1.1/forms/fills", REQUEST)?;
    let task = asked["data"]["task_id"].as_str().context("no task_id")?;
    let status = format!(r#"{{"task_id": "{task}"}}"#);
    loop {
        let answer = post(connection, "/api/v1.1/tasks/status", &status)?;
        match answer["data"]["status"].as_str() {
            Some("completed") => return Ok((began.elapsed(), answer["data"]["result"].clone())),
            Some("queued" | "processing") => std::thread::sleep(LOOK_EVERY),
            _ => anyhow::bail!("the export ended: {answer}"),
        }
    }
}

fn post(connection: &mut Connection, path: &str, body: &str) -> Result<Value> {
    let answer = connection.send(&http::post(path, TOKEN, body))?;
    ensure!(answer.status == 200, "{path} answered {}", String::from_utf8_lossy(&answer.body));
    Ok(serde_json::from_slice(&answer.body)?)
}

fn unzip(zip: &[u8]) -> Result<Vec<u8>> {
    let mut archive = zip::ZipArchive::new(Cursor::new(zip))?;
    let mut csv = Vec::new();
    archive.by_index(0)?.read_to_end(&mut csv)?;
    Ok(csv)
}

fn copy_folder(from: &Path, to: &Path) -> Result<()> {
    let status = Command::new("cp").arg("-r").arg(from).arg(to).status()?;
    ensure!(status.success(), "cp failed");
    Ok(())
}
