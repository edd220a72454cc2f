//! `cargo xtask test`: everything that CI checks, in steps.
//!
//! Guarantees that it stops at the first step that fails and says which, and that the database it started is stopped
//! however the tests end. It must not hold a check of its own: each is a program's, or in `tidy`.

use crate::postgres::{self, Fsync};
use crate::{browser, cargo, package, shell, tidy, tools};
use anyhow::{Context, Result, bail};
use std::time::Instant;

struct Step {
    name: &'static str,
    run: fn() -> Result<()>,
}

impl Step {
    const fn new(name: &'static str, run: fn() -> Result<()>) -> Self {
        Self { name, run }
    }
}

/// Cheap steps first: most failures are theirs.
const STEPS: [Step; 10] = [
    Step::new("tools", ensure_tools),
    Step::new("fmt", || cargo::run("fmt --all --check")),
    Step::new("tidy", tidy::check),
    Step::new("clippy", || cargo::run("clippy --workspace --all-targets --locked -- --deny warnings")),
    Step::new("doc", doc),
    // Without the advisories, which need the network and change without us.
    Step::new("deny", || cargo::run("deny --locked check bans licenses sources")),
    Step::new("tests", tests),
    Step::new("browser", browser::check),
    Step::new("demo", demo),
    Step::new("package", package::make),
];

/// The names of all steps, for a help text.
pub(crate) fn step_names() -> String {
    STEPS.map(|step| step.name).join(", ")
}

/// Runs the steps named, or all.
pub(crate) fn run(names: &[String]) -> Result<()> {
    let steps = select(names)?;
    let start = Instant::now();
    for (index, step) in steps.iter().enumerate() {
        println!("\n=== {} ({} of {})", step.name, index + 1, steps.len());
        let step_start = Instant::now();
        (step.run)().with_context(|| {
            let name = step.name;
            format!("the step `{name}` failed; `cargo xtask test {name}` runs it alone")
        })?;
        println!("=== {} passed in {:.1} s", step.name, step_start.elapsed().as_secs_f64());
    }
    println!(
        "\n{} of {} steps ran, all passed, in {:.1} s",
        steps.len(),
        STEPS.len(),
        start.elapsed().as_secs_f64()
    );
    Ok(())
}

fn select(names: &[String]) -> Result<Vec<&'static Step>> {
    if names.is_empty() {
        return Ok(STEPS.iter().collect());
    }
    let find = |name: &String| match STEPS.iter().find(|step| step.name == name) {
        Some(step) => Ok(step),
        None => bail!("there is no step `{name}`: the steps are {}", step_names()),
    };
    names.iter().map(find).collect()
}

fn ensure_tools() -> Result<()> {
    tools::ensure(&[
        tools::C_COMPILER,
        tools::PYTHON,
        tools::TIME_ZONES,
        tools::UNZIP,
        tools::DPKG,
        tools::POSTGRES,
        tools::RUSTFMT,
        tools::CLIPPY,
        tools::DENY,
        tools::SCHEMATHESIS,
        tools::READERS,
        tools::NODE,
        tools::CHROMIUM,
    ])
}

fn doc() -> Result<()> {
    let mut command = cargo::command("doc --workspace --no-deps --document-private-items --locked");
    shell::run(command.env("RUSTDOCFLAGS", "--deny warnings"))
}

fn tests() -> Result<()> {
    let server = postgres::start(Fsync::Off)?;
    let mut command = cargo::command("test --workspace --locked");
    command.env("FILLHOUSE_TEST_SCHEMATHESIS", tools::schemathesis());
    command.env("FILLHOUSE_TEST_READERS", tools::readers());
    command.env("FILLHOUSE_TEST_POSTGRES_CERTIFICATE", server.certificate());
    shell::run(command.env("FILLHOUSE_TEST_POSTGRES", server.url()))
}

/// What the README tells a newcomer to run, in a folder and on a port of its own so that it disturbs nothing.
fn demo() -> Result<()> {
    let folder = tempfile::tempdir().context("no temporary folder for the demo")?;
    let mut command = cargo::command("run --release --locked -- demo --once");
    command.env("FILLHOUSE_DATA_DIR", folder.path().join("data"));
    command.env("FILLHOUSE_LISTEN", "127.0.0.1:0");
    shell::run(&mut command)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(names: &[&str]) -> Result<Vec<&'static str>> {
        let names: Vec<String> = names.iter().map(ToString::to_string).collect();
        Ok(select(&names)?.iter().map(|step| step.name).collect())
    }

    #[test]
    fn without_names_all_steps_run_tools_first() {
        let all = names(&[]).unwrap();
        assert_eq!(all.len(), STEPS.len());
        assert_eq!(all[0], "tools");
    }

    #[test]
    fn named_steps_run_in_the_order_given() {
        assert_eq!(names(&["tidy", "fmt"]).unwrap(), ["tidy", "fmt"]);
    }

    #[test]
    fn an_unknown_step_is_refused_and_the_known_ones_are_named() {
        let error = names(&["fmt", "lint"]).unwrap_err().to_string();
        assert!(error.contains("`lint`") && error.contains("clippy"), "{error}");
    }
}
