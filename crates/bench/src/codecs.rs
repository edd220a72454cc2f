//! `bench codecs`: what deflates the CSV of an export how fast and how well, on one core.
//!
//! Guarantees: all are given the same bytes, which are in memory or in the cache of files, and nobody keeps what comes out.
//!
//! Must not know: which of them is taken.

use crate::dataset;
use crate::deflate::{self, Codec};
use crate::program::{self, Place};
use crate::report::{Report, median};
use anyhow::{Context as _, Result, ensure};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// The levels of the crate.
const LEVELS: [u32; 3] = [1, 2, 3];
/// Programs that deflate with other libraries, on one core: what each takes, and whose it is.
const PROGRAMS: [(&str, &[&str]); 4] = [
    ("igzip -1 (ISA-L, assembly)", &["igzip", "-1", "-c"]),
    ("igzip -2", &["igzip", "-2", "-c"]),
    ("libdeflate-gzip -1", &["libdeflate-gzip", "-1", "-c"]),
    ("gzip -1", &["gzip", "-1", "-c"]),
];

/// What one of them came to.
struct Came {
    time: Duration,
    deflated_bytes: u64,
}

/// Measures and prints.
pub(crate) fn run(submissions: usize, runs: usize) -> Result<()> {
    let data = dataset::file(submissions)?;
    let folder = tempfile::tempdir_in(data.parent().context("the data set has a folder")?)?;
    let csv_file = folder.path().join("wide.csv");
    program::import(Place { data_dir: folder.path(), database_url: None }, &data)?;
    program::export_csv(folder.path(), &csv_file)?;
    let csv = std::fs::read(&csv_file)?;

    let mut report = Report::new();
    report.note("CSV", format!("{} MB", csv.len() / 1_000_000));
    let blocks = deflate::blocks(&csv);
    let ours = timed(runs, || by(deflate::ours(), &blocks))?;
    report.note("our own", ours.told(csv.len(), ours.time));
    for level in LEVELS {
        let came = timed(runs, || by(deflate::zlib_rs(level), &blocks))?;
        report.note(&format!("zlib-rs, level {level}"), came.told(csv.len(), ours.time));
    }
    for (name, command) in PROGRAMS {
        let came = timed(runs, || deflated_by(command, &csv_file))?;
        report.note(name, came.told(csv.len(), ours.time));
    }
    report.print();
    Ok(())
}

impl Came {
    fn told(&self, raw_bytes: usize, ours: Duration) -> String {
        let raw_bytes = raw_bytes as f64;
        let (seconds, ratio) = (self.time.as_secs_f64(), raw_bytes / self.deflated_bytes as f64);
        let faster = ours.as_secs_f64() / seconds;
        format!("{:.0} MB/s, {faster:.2} × ours, ratio {ratio:.2}", raw_bytes / seconds / 1e6)
    }
}

/// The median time of all runs.
fn timed(runs: usize, deflate: impl Fn() -> Result<u64>) -> Result<Came> {
    let (mut times, mut deflated_bytes) = (Vec::with_capacity(runs), 0);
    for _ in 0..runs {
        let began = Instant::now();
        deflated_bytes = deflate()?;
        times.push(began.elapsed());
    }
    Ok(Came { time: median(times), deflated_bytes })
}

fn by(mut codec: Codec, blocks: &[&[u8]]) -> Result<u64> {
    let sizes: Vec<u64> = blocks.iter().map(|block| codec(block)).collect();
    ensure!(!sizes.contains(&0), "a block was not deflated");
    Ok(sizes.iter().sum())
}

fn deflated_by(command: &[&str], file: &Path) -> Result<u64> {
    let (program, arguments) = command.split_first().context("no program")?;
    let mut child = Command::new(program)
        .args(arguments)
        .arg(file)
        .stdout(Stdio::piped())
        .spawn()
        .with_context(|| format!("{program} does not start"))?;
    let mut out = child.stdout.take().context("no output")?;
    let deflated_bytes = std::io::copy(&mut out, &mut std::io::sink())?;
    ensure!(child.wait()?.success(), "{program} failed");
    Ok(deflated_bytes)
}
