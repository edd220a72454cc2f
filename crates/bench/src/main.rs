//! Measures Fillhouse beside what it is compared with, in one run, on one machine. `cargo xtask bench` builds everything,
//! starts a PostgreSQL and calls this.
//!
//! Guarantees: what is compared is measured in the same run, on the same bytes; what is printed are medians, their ratios,
//! and whether a bound is kept. Nothing is asserted by the clock.
//!
//! Must not know: the engine; it sees the program from outside, as a client does.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a measurement is printed")]

mod anchors;
mod changed;
mod codecs;
mod console;
mod constant;
mod dataset;
mod deflate;
mod download;
mod eta;
mod export;
mod fills;
mod http;
mod ingest;
mod log;
mod native;
mod plot;
mod program;
mod repeated;
mod report;
mod results;
mod scale;
mod wide;

use anyhow::{Result, bail};
use std::path::Path;

const USAGE: &str = "cargo xtask bench codecs [--submissions N] [--runs N]
cargo xtask bench export [--rows N] [--runs N] [--plot FILE.svg]
cargo xtask bench console [--submissions N]
cargo xtask bench ingest [--submissions N]
cargo xtask bench results [--submissions N]
cargo xtask bench scale [--millions N] [--runs N]";

fn main() -> Result<()> {
    let mut arguments = std::env::args().skip(1);
    let which = arguments.next().unwrap_or_default();
    let options: Vec<String> = arguments.collect();
    match which.as_str() {
        "export" => {
            let plot = match options.iter().position(|option| option == "--plot") {
                None => None,
                Some(place) => match options.get(place + 1) {
                    Some(file) => Some(Path::new(file)),
                    None => bail!("--plot wants a file\n{USAGE}"),
                },
            };
            export::run(option(&options, "--rows", 1_000_000)?, option(&options, "--runs", 5)?, plot)
        }
        "codecs" => {
            codecs::run(option(&options, "--submissions", 1_000_000)?, option(&options, "--runs", 3)?)
        }
        "results" => results::run(option(&options, "--submissions", 1_000_000)?),
        "console" => console::run(option(&options, "--submissions", 1_000_000)?),
        "scale" => scale::run(option(&options, "--millions", 10)?, option(&options, "--runs", 3)?),
        "ingest" => ingest::run(option(&options, "--submissions", 100_000)?),
        _ => bail!("which measurement?\n{USAGE}"),
    }
}

/// The number behind `name`, or `default`.
fn option(options: &[String], name: &str, default: usize) -> Result<usize> {
    match options.iter().position(|option| option == name) {
        None => Ok(default),
        Some(place) => match options.get(place + 1).map(|value| value.parse()) {
            Some(Ok(0) | Err(_)) | None => bail!("{name} wants a number of at least 1\n{USAGE}"),
            Some(Ok(number)) => Ok(number),
        },
    }
}
