//! What else makes a compressed CSV of the same rows: programs that a user would reach for, each given a table that is
//! ready for it.
//!
//! Guarantees: each reads all rows from its own storage and writes the compressed file to the same disk; loading is not
//! counted.
//!
//! Must not know: how Fillhouse exports.

use crate::program;
use crate::report::median;
use anyhow::{Context as _, Result, ensure};
use std::fs::File;
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

/// How long each took, the median.
pub(crate) struct Anchors {
    /// `psql \copy` into `pigz -1`.
    pub(crate) psql: Duration,
    /// `sqlite3 -csv` into `gzip -1`.
    pub(crate) sqlite: Duration,
    /// `COPY` to a gzipped CSV.
    pub(crate) duckdb: Duration,
}

/// Loads the table of a CSV file into each, and measures `runs` times.
pub(crate) fn measure(csv: &Path, folder: &Path, runs: usize) -> Result<Anchors> {
    Ok(Anchors {
        psql: psql(csv, folder, runs)?,
        sqlite: sqlite(csv, folder, runs)?,
        duckdb: duckdb(csv, folder, runs)?,
    })
}

fn psql(csv: &Path, folder: &Path, runs: usize) -> Result<Duration> {
    let mut header = String::new();
    BufReader::new(File::open(csv)?).read_line(&mut header)?;
    let columns: Vec<String> = (0..header.split(',').count()).map(|n| format!("c{n} text")).collect();
    let sql = |sql: &str| -> Result<Command> {
        let mut command = Command::new("psql");
        command.args(["--no-psqlrc", "--quiet", "--set", "ON_ERROR_STOP=1", "--command", sql]);
        command.arg(program::postgres_url()?);
        Ok(command)
    };
    done(&mut sql(&format!("CREATE TABLE wide ({})", columns.join(", ")))?)?;
    done(&mut sql(&format!("\\copy wide FROM '{}' WITH (FORMAT csv, HEADER)", csv.display()))?)?;
    let out = folder.join("psql.csv.gz");
    let pipeline = "psql --no-psqlrc --quiet --command '\\copy wide TO STDOUT WITH (FORMAT csv, HEADER)' \
                    \"$URL\" | pigz -1 > \"$OUT\"";
    let time = timed(runs, || done(shell(pipeline).env("URL", program::postgres_url()?).env("OUT", &out)))?;
    done(&mut sql("DROP TABLE wide")?)?;
    Ok(time)
}

fn sqlite(csv: &Path, folder: &Path, runs: usize) -> Result<Duration> {
    let database = folder.join("wide.sqlite");
    let import = format!(".import --csv {} wide", csv.display());
    done(Command::new("sqlite3").arg(&database).arg(import))?;
    let pipeline = "sqlite3 -csv -header \"$DATABASE\" 'SELECT * FROM wide' | gzip -1 > \"$OUT\"";
    timed(runs, || done(shell(pipeline).env("DATABASE", &database).env("OUT", folder.join("sqlite.csv.gz"))))
}

/// It counts its own time, so that starting Python is not in it.
fn duckdb(csv: &Path, folder: &Path, runs: usize) -> Result<Duration> {
    const SCRIPT: &str = "import duckdb, sys, time
csv, folder, runs = sys.argv[1], sys.argv[2], int(sys.argv[3])
db = duckdb.connect(folder + '/wide.duckdb')
db.execute('SET enable_progress_bar = false')
db.execute('CREATE TABLE wide AS SELECT * FROM read_csv(?, all_varchar=true, header=true)', [csv])
for _ in range(runs):
    began = time.perf_counter()
    db.execute(\"COPY wide TO '\" + folder + \"/duckdb.csv.gz' (HEADER, COMPRESSION gzip)\")
    print(time.perf_counter() - began)
";
    let python = std::env::var("FILLHOUSE_BENCH_PYTHON")
        .context("FILLHOUSE_BENCH_PYTHON is not set: run this with `cargo xtask bench`")?;
    let output =
        Command::new(python).args(["-c", SCRIPT]).arg(csv).arg(folder).arg(runs.to_string()).output()?;
    ensure!(output.status.success(), "DuckDB failed: {}", String::from_utf8_lossy(&output.stderr));
    let times = String::from_utf8(output.stdout)?
        .lines()
        .map(|line| Ok(Duration::from_secs_f64(line.parse()?)))
        .collect::<Result<_>>()?;
    Ok(median(times))
}

fn timed(runs: usize, run: impl Fn() -> Result<()>) -> Result<Duration> {
    let times = (0..runs)
        .map(|_| {
            let began = Instant::now();
            run()?;
            Ok(began.elapsed())
        })
        .collect::<Result<_>>()?;
    Ok(median(times))
}

/// A pipeline that fails where any part of it does.
fn shell(pipeline: &str) -> Command {
    let mut command = Command::new("bash");
    command.args(["-o", "pipefail", "-c", pipeline]);
    command
}

fn done(command: &mut Command) -> Result<()> {
    let status = command.status().with_context(|| format!("{command:?} does not start"))?;
    ensure!(status.success(), "{command:?} failed");
    Ok(())
}
