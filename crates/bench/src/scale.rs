//! `bench scale`: what becomes of an export as there is more of everything: of rows, of items, and of time to be told
//! beforehand.
//!
//! Must not know: how an export is made.

use crate::dataset;
use crate::eta;
use crate::http::Connection;
use crate::native;
use crate::program::{self, Place};
use crate::repeated;
use crate::report::{Report, median};
use crate::wide;
use anyhow::{Context as _, Result};
use std::path::Path;
use std::time::Duration;

/// The submissions of the small form whose memory is measured.
const FEW: usize = 10_000;
/// The submissions of the form whose cells are compared with those of the wide one, and of which there are many.
const NARROW: usize = 1_000_000;
const ZIP: &str = r#""format": "csv", "compression": "zip""#;
/// The metas of a table, which are cells like the answers.
const METAS: usize = 15;
/// The answers of a row of the form.
const ANSWERS: usize = 20;

/// Measures and prints.
pub(crate) fn run(times: usize, runs: usize) -> Result<()> {
    let (few_file, narrow_file) = (dataset::file(FEW)?, dataset::file(NARROW)?);
    let folder = tempfile::tempdir_in(few_file.parent().context("the data set has a folder")?)?;
    let mut report = Report::new();

    eprintln!("wide and narrow …");
    let wide_file = folder.path().join("wide.jsonl");
    wide::write(&narrow_file, &wide_file)?;
    let narrow = exported(folder.path(), &narrow_file, ANSWERS, runs)?;
    let wide = exported(folder.path(), &wide_file, ANSWERS * wide::COPIES, runs)?;
    let cells = |exported: &Exported| format!("{:.1} million a second", exported.cells_a_second / 1e6);
    report.note("cells of the form of 20 items", cells(&narrow));
    report.note("cells of a form of 1,000 items", cells(&wide));
    let of_narrow = wide.cells_a_second / narrow.cells_a_second;
    report.at_least("a form of 1,000 items / of 20, cells a second", of_narrow, 0.5, "×");
    let peak = wide.most_beyond_idle_megabytes;
    report.at_most("peak resident memory beyond the idle server, 1,000 items", peak, 64.0, "MB");

    eprintln!("few rows and many …");
    let few = beyond_idle_megabytes(&imported(folder.path(), "few", &few_file)?)?;
    let many_file = folder.path().join("many.jsonl");
    repeated::write(&narrow_file, &many_file, NARROW, times)?;
    let loaded = imported(folder.path(), "many", &many_file)?;
    std::fs::remove_file(&many_file)?;
    let peak = beyond_idle_megabytes(&loaded)?;
    report.at_most(&format!("peak resident memory beyond the idle server, {FEW} rows"), few, 64.0, "MB");
    report.at_most(&format!("the same, {} rows", times * NARROW), peak, 64.0, "MB");
    report.at_most("the one beyond the other", (peak - few).abs(), 10.0, "MB");

    eprintln!("when it will be done …");
    let place = Place { data_dir: &loaded, database_url: None };
    // On one core an export of these rows takes long enough for whole seconds to be told.
    let mut server = program::serve(place, &["--render-threads", "1"])?;
    let error = eta::error(&mut Connection::open(server.url())?)?;
    server.stop();
    report.at_most("error of the ETA at 10 %, the median of 20 shapes", 100.0 * error, 15.0, "%");
    report.print();
    Ok(())
}

/// A folder with what a file has.
fn imported(folder: &Path, name: &str, file: &Path) -> Result<std::path::PathBuf> {
    let data_dir = folder.join(name);
    program::import(Place { data_dir: &data_dir, database_url: None }, file)?;
    Ok(data_dir)
}

/// What first exports of a form came to.
struct Exported {
    cells_a_second: f64,
    most_beyond_idle_megabytes: f64,
}

fn exported(folder: &Path, file: &Path, answers: usize, runs: usize) -> Result<Exported> {
    let loaded = imported(folder, "loaded", file)?;
    let mut times: Vec<Duration> = Vec::with_capacity(runs);
    let (mut rows, mut most_beyond_idle_megabytes) = (0.0, 0.0_f64);
    for _ in 0..runs {
        let copy = folder.join("copy");
        program::copy(&loaded, &copy)?;
        let mut server = program::serve(Place { data_dir: &copy, database_url: None }, &[])?;
        let idle = program::peak_megabytes(server.pid())?;
        let done = native::export(&mut Connection::open(server.url())?, ZIP, |_, _| {})?;
        let beyond_idle = program::peak_megabytes(server.pid())? - idle;
        most_beyond_idle_megabytes = most_beyond_idle_megabytes.max(beyond_idle as f64);
        server.stop();
        times.push(done.time);
        rows = done.told["rows_written"].as_f64().context("no rows_written")?;
        std::fs::remove_dir_all(&copy)?;
    }
    std::fs::remove_dir_all(&loaded)?;
    let cells_a_second = rows * (METAS + answers) as f64 / median(times).as_secs_f64();
    Ok(Exported { cells_a_second, most_beyond_idle_megabytes })
}

/// How much memory an export takes at most, beyond what the server has without one.
fn beyond_idle_megabytes(data_dir: &Path) -> Result<f64> {
    let mut server = program::serve(Place { data_dir, database_url: None }, &[])?;
    let idle = program::peak_megabytes(server.pid())?;
    let mut connection = Connection::open(server.url())?;
    let done = native::export(&mut connection, ZIP, |_, _| {})?;
    let peak = program::peak_megabytes(server.pid())?;
    native::delete(&mut connection, &done)?;
    server.stop();
    Ok((peak - idle) as f64)
}
