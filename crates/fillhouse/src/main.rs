//! The `fillhouse` program: it reads the command line, and lets a command do what was asked.
//!
//! Guarantees: a failure ends with exit status 1 and says on standard error what to do about it; what a command prints on
//! standard output is its result and nothing else.
//!
//! Must not know: how anything is done; that is the engine's.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a program of the command line prints")]

mod api;
mod cli;
mod clock;
mod config;
mod exported;
mod files;
mod instance;
mod output;
mod progress;
mod switch;
mod telemetry;
mod wiring;

use clap::Parser as _;
use std::process::ExitCode;

fn main() -> ExitCode {
    // Before any client is made, be it of plain HTTP. It fails only where there is one already.
    rustls::crypto::ring::default_provider().install_default().ok();
    let outcome =
        config::refuse_unknown_variables(std::env::vars_os()).and_then(|()| cli::Cli::parse().run());
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        // Whoever reads the output, such as `head`, has had enough.
        Err(error) if is_broken_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn is_broken_pipe(error: &anyhow::Error) -> bool {
    let kind = error.downcast_ref::<std::io::Error>().map(std::io::Error::kind);
    kind == Some(std::io::ErrorKind::BrokenPipe)
}
