//! `bench results`: pages of results beside a constant body of their size, and searching and sorting, cold and warm.
//!
//! Must not know: how results are found.

use crate::constant;
use crate::dataset::{self, TOKEN};
use crate::fills;
use crate::http::{self, Connection};
use crate::program::{self, Place};
use crate::report::{Report, median, milliseconds};
use anyhow::{Context as _, Result, ensure};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

const RESULTS: &str = "/api/v2/acme/forms/form123/results";
/// How many clients ask at once where requests are counted, for how long, and how often: one server after the other, so
/// that what else the machine does is beside both.
const CLIENTS: usize = 4;
const COUNTED: Duration = Duration::from_secs(2);
const ROUNDS: usize = 7;
/// How often a page is asked for where a single one is measured.
const PAGES: usize = 50;
/// Words of the data set, so that no two searches are the same.
const WORDS: [&str; 9] =
    ["delivery", "quality", "checkout", "Tuesday", "voucher", "again", "queue", "refund", "colleagues"];
const CITIES: [&str; 9] = ["Berlin", "Lagos", "Lima", "Oslo", "Osaka", "Pune", "Quito", "Riga", "Split"];

/// Measures and prints.
pub(crate) fn run(submissions: usize) -> Result<()> {
    let file = dataset::file(submissions)?;
    let folder = tempfile::tempdir_in(file.parent().context("the data set has a folder")?)?;
    let place = Place { data_dir: folder.path(), database_url: None };
    program::import(place, &file)?;
    let mut server = program::serve(place, &["--rate-limit-per-minute", "0", "--rate-limit-per-day", "0"])?;
    let url = server.url().to_owned();
    let mut connection = Connection::open(&url)?;
    let mut report = Report::new();
    fills::measure(&mut connection, &mut report)?;
    searches(&mut connection, &mut report)?;
    pages(&mut connection, submissions, &mut report)?;

    let page = ask(&mut connection, "")?.1;
    let constant = constant::serve(page.len())?;
    let mut rounds = (0..ROUNDS)
        .map(|_| Ok((per_second(&url, RESULTS)?, per_second(&constant, "/")?)))
        .collect::<Result<Vec<_>>>()?;
    rounds.sort_by(|(page, constant), (other, other_constant)| {
        (page / constant).total_cmp(&(other / other_constant))
    });
    let (of_pages, of_constant) = rounds[ROUNDS / 2];
    report.note("bytes of a page of 100", page.len().to_string());
    report.note("a constant body of that size", format!("{of_constant:.0} a second"));
    report.note("a page of 100 by id", format!("{of_pages:.0} a second"));
    report.at_least("a page of 100 / a constant body", of_pages / of_constant, 0.25, "×");
    report.note("peak resident memory", format!("{} MB", program::peak_megabytes(server.pid())?));
    server.stop();
    report.print();
    Ok(())
}

/// Each kind of query, first when nothing is in memory of what it looks at, then again with other words.
fn searches(connection: &mut Connection, report: &mut Report) -> Result<()> {
    let contains = WORDS.map(|word| format!("?search_contains[108]={word}"));
    let equals = CITIES.map(|city| format!("?search_equals[113]={city}"));
    let choices: Vec<String> = (0..4).map(|n| format!("?search_equals[103]={n}")).collect();
    let sorts = |item: &str| -> Vec<String> {
        [1, 2, 9].iter().map(|page| format!("?sort_id={item}&page={page}")).collect()
    };
    let dates: Vec<String> = (1..9).map(|n| format!("?after_date=2026-04-0{n}T00:00:00Z")).collect();
    for (name, queries) in [
        ("search_contains of a long text", contains.to_vec()),
        ("search_equals of a text", equals.to_vec()),
        ("search_equals of a choice", choices),
        ("sort_id of a text", sorts("100")),
        ("sort_id of a number", sorts("106")),
        ("sort_id of a choice", sorts("105")),
        ("after_date", dates),
    ] {
        let (cold, _) = ask(connection, &queries[0])?;
        let warm = queries[1..].iter().map(|query| Ok(ask(connection, query)?.0)).collect::<Result<_>>()?;
        report.at_most(&format!("{name}, cold"), milliseconds(cold), 1_000.0, "ms");
        report.at_most(&format!("{name}, warm"), milliseconds(median(warm)), 60.0, "ms");
    }
    Ok(())
}

/// The first page, and one far behind.
fn pages(connection: &mut Connection, submissions: usize, report: &mut Report) -> Result<()> {
    let far = (submissions / 100).min(10_000);
    let mut times = |query: &str| -> Result<Duration> {
        let times = (0..PAGES).map(|_| Ok(ask(connection, query)?.0)).collect::<Result<_>>()?;
        Ok(median(times))
    };
    let (first, last) = (times("?page=1")?, times(&format!("?page={far}"))?);
    report.note("page 1", format!("{:.3} ms", milliseconds(first)));
    let ratio = last.as_secs_f64() / first.as_secs_f64();
    report.at_most(&format!("page {far} / page 1"), ratio, 1.5, "×");
    Ok(())
}

fn ask(connection: &mut Connection, query: &str) -> Result<(Duration, Vec<u8>)> {
    let request = http::get(&format!("{RESULTS}{query}"), TOKEN);
    let began = Instant::now();
    let answer = connection.send(&request)?;
    let took = began.elapsed();
    ensure!(answer.status == 200, "{query} answered {}", String::from_utf8_lossy(&answer.body));
    Ok((took, answer.body))
}

/// How many requests a second are answered to several clients at once.
fn per_second(url: &str, path: &str) -> Result<f64> {
    let answered = AtomicU64::new(0);
    let request = http::get(path, TOKEN);
    let began = Instant::now();
    std::thread::scope(|scope| {
        let clients: Vec<_> = (0..CLIENTS)
            .map(|_| {
                scope.spawn(|| -> Result<()> {
                    let mut connection = Connection::open(url)?;
                    while began.elapsed() < COUNTED {
                        ensure!(connection.send(&request)?.status == 200, "{path} was refused");
                        answered.fetch_add(1, Ordering::Relaxed);
                    }
                    Ok(())
                })
            })
            .collect();
        clients.into_iter().try_for_each(|client| {
            client.join().map_err(|_| anyhow::anyhow!("a client of {path} panicked"))?
        })
    })?;
    Ok(answered.load(Ordering::Relaxed) as f64 / began.elapsed().as_secs_f64())
}
