//! `cargo xtask test browser`, the pages looked at with a real browser, and `cargo xtask screenshots`, pictures of them.
//!
//! Guarantees that it ends, be it that the browser hangs. What is looked at is said in `tests/browser`; it must not know
//! any page.

use crate::{cargo, shell};
use anyhow::{Context as _, Result, ensure};
use std::path::PathBuf;

/// After how many seconds it is over, whatever the tests say of themselves.
const LIMIT_SECONDS: &str = "300";

/// Builds the program and looks at its pages.
pub(crate) fn check() -> Result<()> {
    node("run.mjs")
}

/// The sub-command, which takes no arguments: takes the pictures that the README shows.
pub(crate) fn screenshots(arguments: &[String]) -> Result<()> {
    ensure!(arguments.is_empty(), "screenshots takes no arguments");
    std::fs::create_dir_all(pictures()).context("no folder for the pictures")?;
    node("screenshots.mjs")
}

fn pictures() -> PathBuf {
    shell::root().join("docs/images")
}

/// Runs a script of `tests/browser` with the program as it is now.
fn node(script: &str) -> Result<()> {
    let program = program()?;
    let folder = shell::root().join("tests/browser");
    let mut install = shell::program("npm");
    shell::run(install.args(["ci", "--silent", "--no-audit", "--no-fund"]).current_dir(&folder))?;
    let mut run = shell::program("timeout");
    run.args(["--kill-after=10", LIMIT_SECONDS, "node", script]).current_dir(&folder);
    // What is set for other tests is no setting of the program's.
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("FILLHOUSE_") {
            run.env_remove(name);
        }
    }
    run.env("PROGRAM", program).env("CHROMIUM", "/usr/bin/chromium").env("PICTURES", pictures());
    shell::run(&mut run)
}

/// The program, built as the tests build it.
fn program() -> Result<PathBuf> {
    shell::run(&mut cargo::command("build --locked --package fillhouse"))?;
    Ok(cargo::target_folder()?.join("debug/fillhouse"))
}
