//! `cargo xtask fuzz`: the targets of `crates/fuzz`, built so that the fuzzer sees which way they go, each run for a while.
//!
//! Guarantees that it ends, whatever is found, and that what brought a target down is kept. It must not know what a target
//! does; which there are, the folders of their seeds say.

use crate::{cargo, shell, tools};
use anyhow::{Context, Result, bail};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The seeds of each target, in a folder of its name.
const SEEDS: &str = "crates/fuzz/seeds";
/// What makes the stable compiler count which way a program goes and what it compares, for libFuzzer to read.
const FLAGS: [&str; 6] = [
    "-Cpasses=sancov-module",
    "-Cllvm-args=-sanitizer-coverage-level=4",
    "-Cllvm-args=-sanitizer-coverage-inline-8bit-counters",
    "-Cllvm-args=-sanitizer-coverage-pc-table",
    "-Cllvm-args=-sanitizer-coverage-trace-compares",
    "-Ccodegen-units=1",
];
/// How long a target is run where nothing else is said, in seconds.
const SECONDS: u32 = 60;
/// What one input may take before it counts as a fault: seconds, and memory in MiB.
const LIMITS: [&str; 2] = ["-timeout=20", "-rss_limit_mb=2048"];

/// What is asked for.
#[derive(Debug, PartialEq, Eq)]
struct Wish {
    targets: Vec<String>,
    seconds: u32,
}

/// Builds the fuzzer, and runs the targets named, or all.
pub(crate) fn run(arguments: &[String]) -> Result<()> {
    let wish = Wish::read(arguments, &known_targets()?)?;
    tools::ensure(&[tools::C_COMPILER, tools::CPP_COMPILER])?;
    let folder = cargo::target_folder()?.join("fuzz");
    let fuzzer = build(&folder)?;
    let mut failed = Vec::new();
    for target in &wish.targets {
        println!("\n=== {target}, for {} s", wish.seconds);
        let found = folder.join("found").join(target);
        if let Err(error) = fuzz(&fuzzer, &folder, &found, target, wish.seconds) {
            eprintln!("{error:#}");
            failed.push(format!(
                "{target}: what did it is in {}; put into {SEEDS}/{target}, it is a test: `cargo test -p fillhouse-fuzz`",
                found.display()
            ));
        }
    }
    if failed.is_empty() { Ok(()) } else { bail!("{}", failed.join("\n")) }
}

impl Wish {
    fn read(arguments: &[String], known: &[String]) -> Result<Self> {
        let (mut targets, mut seconds) = (Vec::new(), SECONDS);
        let mut arguments = arguments.iter();
        while let Some(argument) = arguments.next() {
            if argument == "--seconds" {
                let number = arguments.next().and_then(|number| number.parse().ok());
                // To libFuzzer, zero is for ever.
                seconds =
                    number.filter(|seconds| *seconds > 0).context("--seconds wants a number above 0")?;
            } else if known.contains(argument) {
                targets.push(argument.clone());
            } else {
                bail!("there is no target `{argument}`: these are {}", known.join(", "));
            }
        }
        let targets = if targets.is_empty() { known.to_vec() } else { targets };
        Ok(Self { targets, seconds })
    }
}

fn known_targets() -> Result<Vec<String>> {
    let folders = fs::read_dir(shell::root().join(SEEDS)).context(SEEDS)?;
    let names = folders.map(|folder| Ok(folder?.file_name().to_string_lossy().into_owned()));
    let mut names: Vec<String> = names.collect::<Result<_>>()?;
    names.sort();
    Ok(names)
}

/// The fuzzer. Said to be for this machine, or build scripts would be counted, too, and not be linked.
fn build(folder: &Path) -> Result<PathBuf> {
    let version = shell::read(shell::program("rustc").arg("-vV"))?;
    let host = version.lines().find_map(|line| line.strip_prefix("host: ")).context("rustc says no host")?;
    let mut command = cargo::command("build --locked --package fillhouse-fuzz --features libfuzzer");
    command.args(["--target", host]).arg("--target-dir").arg(folder).env("RUSTFLAGS", FLAGS.join(" "));
    // What it keeps for the next time is more than the rest together.
    shell::run(command.env("CARGO_INCREMENTAL", "0"))?;
    Ok(folder.join(host).join("debug/fillhouse-fuzz"))
}

/// Runs a target. What brought it elsewhere than all before is kept for the next time.
fn fuzz(fuzzer: &Path, folder: &Path, found: &Path, target: &str, seconds: u32) -> Result<()> {
    let corpus = folder.join("corpus").join(target);
    for folder in [&corpus, found] {
        fs::create_dir_all(folder).with_context(|| folder.display().to_string())?;
    }
    let scratch = tempfile::tempdir().context("no temporary folder")?;
    let mut command: Command = shell::program(fuzzer);
    command.arg(&corpus).arg(shell::root().join(SEEDS).join(target)).args(LIMITS);
    command.arg(format!("-max_total_time={seconds}")).arg("-print_final_stats=1");
    command.arg(format!("-artifact_prefix={}/", found.display()));
    shell::run(command.env("FILLHOUSE_FUZZ_TARGET", target).env("TMPDIR", scratch.path()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(arguments: &[&str]) -> Result<Wish> {
        let owned = |texts: &[&str]| texts.iter().map(ToString::to_string).collect::<Vec<_>>();
        Wish::read(&owned(arguments), &owned(&["lines", "zip"]))
    }

    #[test]
    fn without_names_all_targets_run_for_a_minute() {
        let wish = read(&[]).unwrap();
        assert_eq!((wish.targets.join(" "), wish.seconds), ("lines zip".to_owned(), 60));
        let wish = read(&["zip", "--seconds", "5"]).unwrap();
        assert_eq!((wish.targets.join(" "), wish.seconds), ("zip".to_owned(), 5));
    }

    #[test]
    fn what_is_not_understood_is_refused() {
        for (arguments, expected) in [
            (&["zap"][..], "there is no target `zap`: these are lines, zip"),
            (&["--seconds"], "--seconds wants a number"),
            (&["--seconds", "0"], "--seconds wants a number"),
        ] {
            let error = read(arguments).unwrap_err().to_string();
            assert!(error.contains(expected), "{error}");
        }
    }

    #[test]
    fn targets_are_known_by_their_seeds() {
        assert!(known_targets().unwrap().contains(&"deflate".to_owned()));
    }
}
