//! `bench console`: the pages of the console over a large form, how long the server takes for them and how much a browser
//! loads for them, and the program's size.
//!
//! Must not know: what is on a page.

use crate::dataset;
use crate::http::{Connection, send_form, signed_in};
use crate::program::{self, Place};
use crate::report::{Report, median, milliseconds};
use anyhow::{Context as _, Result, ensure};
use fillhouse_testkit::{Server, wait_until};
use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

/// The form that has all submissions.
const FORM: &str = "/console/forms/1";
/// How often a page is asked for, the first time aside.
const ASKED: usize = 20;
/// How long the server may take to say how to sign in.
const LINK_LIMIT: Duration = Duration::from_secs(10);

/// Measures and prints.
pub(crate) fn run(submissions: usize) -> Result<()> {
    let file = dataset::file(submissions)?;
    let folder = tempfile::tempdir_in(file.parent().context("the data set has a folder")?)?;
    let place = Place { data_dir: folder.path(), database_url: None };
    program::import(place, &file)?;
    let mut server = program::serve(place, &[])?;
    let mut browser = Browser::sign_in(&server)?;
    let mut report = Report::new();
    report.note("submissions in the form", submissions.to_string());
    let far = (submissions / 50).min(10_000);
    for (name, query) in [
        ("its first page", String::new()),
        ("a page far behind", format!("?page={far}")),
        ("by an item", "?sort=106".to_owned()),
        ("of a condition", "?where=113&how=is&what=Berlin".to_owned()),
    ] {
        browser.timed(&mut report, &format!("submissions, {name}"), &format!("{FORM}{query}"), 100.0)?;
    }
    browser.timed(&mut report, "summary", &format!("{FORM}/summary"), 300.0)?;
    let filtered = format!("{FORM}/summary?where=113&how=is&what=Berlin");
    browser.timed(&mut report, "summary of a condition", &filtered, 300.0)?;
    for (name, path) in [
        ("forms", "/".to_owned()),
        ("submissions", FORM.to_owned()),
        ("summary", format!("{FORM}/summary")),
        ("exports", format!("{FORM}/exports")),
        ("editor", format!("{FORM}/edit")),
        ("hosted form", "/f/acme/form123".to_owned()),
    ] {
        let loaded_kb = browser.first_load_bytes(&path)? as f64 / 1_000.0;
        report.at_most(&format!("first load of {name}, with everything"), loaded_kb, 150.0, "kB");
    }
    report.note("peak resident memory", format!("{} MB", program::peak_megabytes(server.pid())?));
    server.stop();
    let stripped_mb = stripped_bytes(folder.path())? as f64 / 1e6;
    report.at_most("the program, without what only debuggers read", stripped_mb, 40.0, "MB");
    report.print();
    Ok(())
}

/// A browser that is signed in.
struct Browser {
    connection: Connection,
    cookie: String,
}

impl Browser {
    fn sign_in(server: &Server) -> Result<Self> {
        let link = wait_until("the link to sign in", LINK_LIMIT, || {
            let said = server.output();
            let (_, behind) = said.split_once("sign-in?link=")?;
            behind.split_once('\n').map(|(link, _)| link.trim().to_owned())
        });
        let mut connection = Connection::open(server.url())?;
        let answer = connection.send(&send_form("/console/sign-in", &format!("link={link}")))?;
        ensure!(answer.status == 303, "signing in was answered {}", answer.status);
        let cookie = answer.cookie.context("no cookie")?;
        Ok(Self { connection, cookie })
    }

    fn load(&mut self, path: &str) -> Result<(Duration, Vec<u8>)> {
        let request = signed_in(path, &self.cookie);
        let began = Instant::now();
        let answer = self.connection.send(&request)?;
        let took = began.elapsed();
        ensure!(answer.status == 200, "{path} was answered {}", answer.status);
        Ok((took, answer.body))
    }

    /// Asks for a page when nothing is in memory of what it looks at, and then again and again.
    fn timed(&mut self, report: &mut Report, name: &str, path: &str, bound_ms: f64) -> Result<()> {
        let cold = self.load(path)?.0;
        let warm = (0..ASKED).map(|_| Ok(self.load(path)?.0)).collect::<Result<_>>()?;
        report.note(&format!("{name}, cold"), format!("{:.3} ms", milliseconds(cold)));
        report.at_most(&format!("{name}, warm"), milliseconds(median(warm)), bound_ms, "ms");
        Ok(())
    }

    /// How many bytes a browser that was never here loads for a page.
    fn first_load_bytes(&mut self, path: &str) -> Result<usize> {
        let page = self.load(path)?.1;
        let text = String::from_utf8(page)?;
        let addresses = text.split('"').filter(|part| part.starts_with("/assets/"));
        let files: BTreeSet<&str> = addresses.collect();
        ensure!(!files.is_empty(), "{path} loads nothing");
        files.into_iter().try_fold(text.len(), |bytes, file| Ok(bytes + self.load(file)?.1.len()))
    }
}

/// How many bytes the program has as it is released.
fn stripped_bytes(folder: &Path) -> Result<u64> {
    let stripped = folder.join("stripped");
    let stripping = Command::new("strip").arg("-o").arg(&stripped).arg(program::binary()?).status()?;
    ensure!(stripping.success(), "strip failed");
    Ok(std::fs::metadata(stripped)?.len())
}
