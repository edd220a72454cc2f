//! `bench export`: an export from its request to `completed`, beside deflate alone and beside other programs; again, and
//! after changes; and its download.
//!
//! Must not know: how an export is made.

use crate::anchors::{self, Anchors};
use crate::changed::{self, Which};
use crate::dataset::{self, TOKEN};
use crate::deflate;
use crate::download::{self, Downloads};
use crate::http::{self, Connection};
use crate::native::{self, LOOK_EVERY, post};
use crate::plot::{self, Bar};
use crate::program::{self, Place};
use crate::report::{Report, median, milliseconds};
use anyhow::{Context as _, Result, ensure};
use serde_json::Value;
use std::io::{Cursor, Read as _};
use std::path::Path;
use std::time::{Duration, Instant};

const REQUEST: &str = r#"{"id": 1, "date_from": "2026-01-01", "date_to": "2026-12-31"}"#;
/// Other kinds of files, each by the members of a request, with how long it may take of the CSV in a ZIP file.
const OTHERS: [(&str, &str, f64); 3] = [
    ("XLSX", r#""format": "xlsx""#, 3.0),
    ("Parquet", r#""format": "parquet""#, 1.5),
    ("NDJSON in Zstandard", r#""format": "ndjson", "compression": "zstd""#, 1.2),
];

/// What was measured at one server.
struct Run {
    first: Duration,
    again: Duration,
    idle_megabytes: u64,
    peak_megabytes: u64,
    total: u64,
    zip: Vec<u8>,
}

/// What all runs gave.
#[derive(Default)]
struct Runs {
    firsts: Vec<Duration>,
    agains: Vec<Duration>,
    alones: Vec<Duration>,
    by_zlib_rs: Vec<Duration>,
    /// The first of each of [`OTHERS`].
    others: [Vec<Duration>; OTHERS.len()],
    /// After a hundredth has changed, all in one place.
    after_run: Vec<Duration>,
    /// After a hundredth has changed, everywhere.
    after_scattered: Vec<Duration>,
    most_beyond_idle_megabytes: u64,
    peak_megabytes: u64,
}

/// Measures and prints; and draws how long it took beside other programs.
pub(crate) fn run(rows: usize, runs: usize, plot: Option<&Path>) -> Result<()> {
    let file = dataset::file(rows)?;
    let folder = tempfile::tempdir_in(file.parent().context("the data set has a folder")?)?;
    let loaded = folder.path().join("loaded");
    let import = timed(|| program::import(Place { data_dir: &loaded, database_url: None }, &file))?;
    let changes = [("run", Which::Run(1)), ("scattered", Which::Every(100))].map(|(name, which)| {
        let to = folder.path().join(format!("{name}.jsonl"));
        changed::write(&file, &to, rows, which, name).map(|()| to)
    });
    let [run_file, scattered_file] = changes;
    let changes = (run_file?, scattered_file?);

    let mut report = Report::new();
    let mut all = Runs::default();
    let csv_file = folder.path().join("wide.csv");
    for n in 0..runs {
        eprintln!("run {} of {runs} on SQLite …", n + 1);
        let copy = folder.path().join(format!("run-{n}"));
        program::copy(&loaded, &copy)?;
        let place = Place { data_dir: &copy, database_url: None };
        let run = measure(place)?;
        for ((_, members, _), times) in OTHERS.iter().zip(&mut all.others) {
            times.push(other(place, members)?);
        }
        all.after_run.push(after(place, &changes.0)?);
        all.after_scattered.push(after(place, &changes.1)?);
        std::fs::remove_dir_all(&copy)?;
        let csv = unzip(&run.zip)?;
        let blocks = deflate::blocks(&csv);
        let (alone, deflated) = deflate::alone(&blocks, deflate::ours);
        let (by_zlib_rs, _) = deflate::alone(&blocks, || deflate::zlib_rs(1));
        if n == 0 {
            report.note("submissions exported", run.total.to_string());
            let (raw, deflated) = (csv.len() / 1_000_000, deflated / 1_000_000);
            report.note("CSV; deflated", format!("{raw} MB; {deflated} MB"));
            std::fs::write(&csv_file, &csv)?;
        }
        all.firsts.push(run.first);
        all.agains.push(run.again);
        all.alones.push(alone);
        all.by_zlib_rs.push(by_zlib_rs);
        all.peak_megabytes = all.peak_megabytes.max(run.peak_megabytes);
        let beyond_idle = run.peak_megabytes - run.idle_megabytes;
        all.most_beyond_idle_megabytes = all.most_beyond_idle_megabytes.max(beyond_idle);
    }
    eprintln!("downloads …");
    let downloads = downloads(Place { data_dir: &loaded, database_url: None }, folder.path(), runs)?;
    eprintln!("on PostgreSQL …");
    let url = program::postgres_url()?;
    let place = Place { data_dir: &folder.path().join("postgres"), database_url: Some(&url) };
    let import_postgres = timed(|| program::import(place, &file))?;
    let postgres = measure(place)?;
    eprintln!("other programs …");
    let anchors = anchors::measure(&csv_file, folder.path(), runs)?;

    if let Some(plot) = plot {
        std::fs::write(plot, all.drawn(rows, &anchors))?;
    }
    all.report(&mut report, &anchors);
    report_downloads(&mut report, &downloads);
    report.note("first export, PostgreSQL", seconds(postgres.first));
    report.note("the same again, PostgreSQL", seconds(postgres.again));
    report.note("peak resident memory, PostgreSQL", format!("{} MB", postgres.peak_megabytes));
    report.note("import, SQLite; PostgreSQL", format!("{}; {}", seconds(import), seconds(import_postgres)));
    report.print();
    Ok(())
}

impl Runs {
    /// How long exports took, beside what else makes a compressed CSV of the same rows.
    fn drawn(&self, rows: usize, anchors: &Anchors) -> String {
        let bar = |name, time, is_ours| Bar { name, time, is_ours };
        let bars = [
            bar("Fillhouse, nothing changed", median(self.agains.clone()), true),
            bar("Fillhouse, 1 % in one place", median(self.after_run.clone()), true),
            bar("Fillhouse, the first time", median(self.firsts.clone()), true),
            bar("psql \\copy | pigz -1", anchors.psql, false),
            bar("sqlite3 -csv | gzip -1", anchors.sqlite, false),
            bar("DuckDB to csv.gz", anchors.duckdb, false),
        ];
        plot::svg(&format!("Exporting {rows} submissions as compressed CSV"), &bars)
    }

    fn report(self, report: &mut Report, anchors: &Anchors) {
        let (first, alone) = (median(self.firsts), median(self.alones));
        report.note("deflate alone, all cores", seconds(alone));
        report.note("the same by zlib-rs, level 1", seconds(median(self.by_zlib_rs)));
        report.note("first export, SQLite", seconds(first));
        report.at_most("first export / deflate alone", ratio(first, alone), 1.4, "×");
        report.at_most("the same again / first export", ratio(median(self.agains), first), 0.03, "×");
        for ((name, _, bound), times) in OTHERS.iter().zip(self.others) {
            report.at_most(
                &format!("{name}, first / first export"),
                ratio(median(times), first),
                *bound,
                "×",
            );
        }
        let name = "after 1 % changed in one place / first export";
        report.at_most(name, ratio(median(self.after_run), first), 0.08, "×");
        let name = "after 1 % changed everywhere / first export";
        report.at_most(name, ratio(median(self.after_scattered), first), 1.1, "×");
        let name = "peak resident memory beyond the idle server";
        report.at_most(name, self.most_beyond_idle_megabytes as f64, 64.0, "MB");
        report.note("peak resident memory", format!("{} MB", self.peak_megabytes));
        for (name, time, bound) in [
            ("psql \\copy into pigz -1", anchors.psql, 3.0),
            ("sqlite3 -csv into gzip -1", anchors.sqlite, 5.0),
            ("DuckDB to csv.gz", anchors.duckdb, 13.0),
        ] {
            report.note(name, seconds(time));
            report.at_least(&format!("{name} / first export"), ratio(time, first), bound, "×");
        }
    }
}

fn report_downloads(report: &mut Report, downloads: &Downloads) {
    let first_byte = milliseconds(downloads.first_byte);
    report.at_most("a download, until its first byte", first_byte, 50.0, "ms");
    let name = "a download's throughput / nginx's";
    report.at_least(name, ratio(downloads.nginx, downloads.ours), 0.5, "×");
}

fn ratio(time: Duration, of: Duration) -> f64 {
    time.as_secs_f64() / of.as_secs_f64()
}

/// An export after submissions were changed.
fn after(place: Place<'_>, changes: &Path) -> Result<Duration> {
    program::import(place, changes)?;
    let mut server = program::serve(place, &[])?;
    let (time, _) = export(&mut Connection::open(server.url())?)?;
    server.stop();
    Ok(time)
}

fn downloads(place: Place<'_>, folder: &Path, runs: usize) -> Result<Downloads> {
    let mut server = program::serve(place, &[])?;
    let mut connection = Connection::open(server.url())?;
    let (_, result) = export(&mut connection)?;
    let path = file_path(&result)?;
    let zip = connection.send(&http::get(&path, TOKEN))?.body;
    let measured = download::measure((server.url(), &path, TOKEN), &zip, folder, runs)?;
    server.stop();
    Ok(measured)
}

fn file_path(result: &Value) -> Result<String> {
    Ok(format!("/api/download/forms/{}", result["url"].as_str().context("no url")?))
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
    let idle_megabytes = program::peak_megabytes(server.pid())?;
    let (first, result) = export(&mut connection)?;
    let (again, _) = export(&mut connection)?;
    let peak_megabytes = program::peak_megabytes(server.pid())?;
    let zip = connection.send(&http::get(&file_path(&result)?, TOKEN))?;
    ensure!(zip.status == 200, "the download answered {}", zip.status);
    let total = result["total"].as_u64().context("no total")?;
    server.stop();
    Ok(Run { first, again, idle_megabytes, peak_megabytes, total, zip: zip.body })
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

/// The first export of another kind, from its request until it is told to be completed.
fn other(place: Place<'_>, members: &str) -> Result<Duration> {
    let mut server = program::serve(place, &[])?;
    let mut connection = Connection::open(server.url())?;
    let time = native::export(&mut connection, members, |_, _| {})?.time;
    server.stop();
    Ok(time)
}

fn unzip(zip: &[u8]) -> Result<Vec<u8>> {
    let mut archive = zip::ZipArchive::new(Cursor::new(zip))?;
    let mut csv = Vec::new();
    archive.by_index(0)?.read_to_end(&mut csv)?;
    Ok(csv)
}
