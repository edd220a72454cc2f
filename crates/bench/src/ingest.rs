//! `bench ingest`: many writers over HTTP, each waiting for its durable answer, beside a commit for each and beside a log.
//!
//! Must not know: how submissions are stored.

use crate::dataset::{self, TOKEN};
use crate::http::{self, Connection};
use crate::log;
use crate::program::{self, Place};
use crate::report::Report;
use anyhow::{Context as _, Result, ensure};
use serde_json::{Value, json};
use std::fs::File;
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::time::{Duration, Instant};

const WRITERS: usize = 64;
/// A commit for each is slow, so fewer do.
const SINGLE_SHARE: usize = 5;

/// What a load gave.
struct Load {
    per_second: f64,
    p50: Duration,
    p99: Duration,
}

/// Measures and prints.
pub(crate) fn run(submissions: usize) -> Result<()> {
    let file = dataset::file(10_000)?;
    let bodies = bodies(&file, submissions)?;
    let folder = tempfile::tempdir_in(file.parent().context("the data set has a folder")?)?;
    let forms = folder.path().join("forms.jsonl");
    write_forms(&file, &forms)?;

    let logged = log::append(&folder.path().join("log"), &bodies, WRITERS)?;
    let logged_per_second = bodies.len() as f64 / logged.as_secs_f64();
    let sqlite = Place { data_dir: &folder.path().join("sqlite"), database_url: None };
    let url = program::postgres_url()?;
    let postgres = Place { data_dir: &folder.path().join("postgres"), database_url: Some(&url) };
    let some = &bodies[..(bodies.len() / SINGLE_SHARE).max(1)];

    let mut report = Report::new();
    report.note("log with a shared fdatasync, 64 writers", format!("{logged_per_second:.0} a second"));
    for (name, place) in [("SQLite", sqlite), ("PostgreSQL", postgres)] {
        program::import(place, &forms)?;
        eprintln!("{name}: a commit for each …");
        let single = load(place, &["--ingest-batch", "1"], some)?;
        eprintln!("{name}: shared commits …");
        let shared = load(place, &[], &bodies)?;
        report.note(&format!("{name}, a commit for each"), single.show());
        report.note(&format!("{name}, shared commits"), shared.show());
        let (of_single, of_log) =
            (shared.per_second / single.per_second, shared.per_second / logged_per_second);
        if name == "SQLite" {
            report.at_least("SQLite, shared / a commit for each", of_single, 3.0, "×");
            report.at_least("SQLite, shared / log", of_log, 0.2, "×");
        } else {
            report.note("PostgreSQL, shared / a commit for each", format!("{of_single:.3} ×"));
            report.note("PostgreSQL, shared / log", format!("{of_log:.3} ×"));
        }
    }
    report.print();
    Ok(())
}

impl Load {
    fn show(&self) -> String {
        let millis = |time: Duration| time.as_secs_f64() * 1_000.0;
        let (p50, p99) = (millis(self.p50), millis(self.p99));
        format!("{:.0} a second, p50 {p50:.1} ms, p99 {p99:.1} ms", self.per_second)
    }
}

fn load(place: Place<'_>, options: &[&str], bodies: &[String]) -> Result<Load> {
    let mut server = program::serve(place, options)?;
    let requests: Vec<Vec<u8>> =
        bodies.iter().map(|body| http::post("/v1/forms/1/submissions", TOKEN, body)).collect();
    let began = Instant::now();
    let times: Result<Vec<Vec<Duration>>> = std::thread::scope(|scope| {
        let writers: Vec<_> = (0..WRITERS)
            .map(|writer| {
                let mine = requests.iter().skip(writer).step_by(WRITERS);
                let url = server.url();
                scope.spawn(move || write(url, mine))
            })
            .collect();
        writers
            .into_iter()
            .map(|writer| writer.join().unwrap_or_else(|_| anyhow::bail!("a writer panicked")))
            .collect()
    });
    let took = began.elapsed();
    let mut times: Vec<Duration> = times?.into_iter().flatten().collect();
    server.stop();
    times.sort_unstable();
    let percentile = |percent: usize| times[(times.len() * percent / 100).min(times.len() - 1)];
    Ok(Load { per_second: times.len() as f64 / took.as_secs_f64(), p50: percentile(50), p99: percentile(99) })
}

fn write<'a>(url: &str, requests: impl Iterator<Item = &'a Vec<u8>>) -> Result<Vec<Duration>> {
    let mut connection = Connection::open(url)?;
    let mut times = Vec::new();
    for request in requests {
        let began = Instant::now();
        let answer = connection.send(request)?;
        ensure!(answer.status == 201, "answered {}", String::from_utf8_lossy(&answer.body));
        times.push(began.elapsed());
    }
    Ok(times)
}

/// As many bodies of requests, from the submissions of the data set, again and again.
fn bodies(file: &Path, count: usize) -> Result<Vec<String>> {
    let mut distinct = Vec::new();
    for line in BufReader::new(File::open(file)?).lines() {
        let line: Value = serde_json::from_str(&line?)?;
        if line["kind"] == "submission" && line["status"] == "Complete" {
            distinct
                .push(json!({"answers": line["answers"], "user_browser": line["user_browser"]}).to_string());
        }
    }
    Ok(distinct.iter().cycle().take(count).cloned().collect())
}

/// The data set without its submissions.
fn write_forms(file: &Path, to: &Path) -> Result<()> {
    use std::io::Write as _;
    let mut forms = std::io::BufWriter::new(File::create(to)?);
    for line in BufReader::new(File::open(file)?).lines() {
        let line = line?;
        if !line.starts_with(r#"{"kind":"submission""#) {
            writeln!(forms, "{line}")?;
        }
    }
    Ok(forms.flush()?)
}
