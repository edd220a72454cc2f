//! The commands.
//!
//! Must not know: how a command does what it does; each is a module.

mod account;
mod backup;
mod console;
mod demo;
mod doctor;
mod dump;
mod export;
mod healthcheck;
mod import;
mod manual;
mod migrate;
mod serve;
mod tail;
mod token;
mod verify;

use crate::config::Options;
use crate::telemetry;
use anyhow::{Context as _, Result};
use clap::{Parser, Subcommand};

/// Where a server and its commands keep everything where nothing else is said.
const DATA_DIR: &str = "fillhouse-data";

/// Fillhouse stores what people fill in on forms, and gives it back at any size.
#[derive(Parser)]
#[command(name = "fillhouse", version, max_term_width = 100)]
pub(crate) struct Cli {
    #[command(subcommand)]
    command: Command,
    #[command(flatten, next_help_heading = "Settings")]
    options: Options,
}

#[derive(Subcommand)]
enum Command {
    /// Show what Fillhouse does: sample data, a server, an export through the API
    Demo(demo::Demo),
    /// Run the server
    Serve,
    /// Read files of the interchange format into the store
    Import(import::Import),
    /// Write everything in the store as the interchange format
    Dump(dump::Dump),
    /// Export a form's submissions into a file, from a server or from the data folder
    Export(Box<export::Export>),
    /// Write a form's submissions as JSON lines, and what comes, changes and goes after them
    Tail(Box<tail::Tail>),
    /// Make and list accounts
    #[command(subcommand)]
    Account(account::Account),
    /// Make, list and revoke tokens
    #[command(subcommand)]
    Token(token::Token),
    /// Make a link by which somebody signs in to the console, once
    Console(console::Console),
    /// Bring the database's schema up to date
    Migrate(migrate::Migrate),
    /// Look whether all is well, and say what to do where it is not
    Doctor(doctor::Doctor),
    /// Copy the store into a folder, while a server may run; again into the same one brings it up to date
    Backup(backup::Backup),
    /// Make a store of a backup
    Restore(backup::Restore),
    /// Print what makes a shell complete commands and flags
    Completions(manual::Completions),
    /// Write the manual pages
    Man(manual::Man),
    /// Print the page of settings of the documentation
    #[command(hide = true)]
    Settings,
    /// Check a file against its receipt: that no byte was changed, lost or added since it was exported
    Verify(verify::Verify),
    /// Ask a running server whether it is ready; exit status 0 if it is
    Healthcheck(healthcheck::Healthcheck),
}

impl Cli {
    /// Does what the command line says.
    pub(crate) fn run(self) -> Result<()> {
        let options = self.options.with_file()?;
        let default_filter = match self.command {
            // The driver repeats at this level what PostgreSQL remarks on a schema that is up to date.
            Command::Serve => "info,tokio_postgres=warn",
            _ => "warn",
        };
        telemetry::log(&options, default_filter)?;
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .enable_all()
            .build()
            .context("the runtime does not start")?;
        runtime.block_on(async {
            match self.command {
                Command::Demo(demo) => demo.run(options).await,
                Command::Serve => serve::run(options.resolve(DATA_DIR)?).await,
                Command::Import(import) => import.run(options.resolve(DATA_DIR)?).await,
                Command::Dump(dump) => dump.run(options.resolve(DATA_DIR)?).await,
                Command::Export(export) => export.run(options.resolve(DATA_DIR)?).await,
                Command::Tail(tail) => tail.run(options.resolve(DATA_DIR)?).await,
                Command::Account(account) => account.run(options.resolve(DATA_DIR)?).await,
                Command::Token(token) => token.run(options.resolve(DATA_DIR)?).await,
                Command::Console(console) => console.run(options.resolve(DATA_DIR)?).await,
                Command::Migrate(migrate) => migrate.run(options.resolve(DATA_DIR)?).await,
                Command::Doctor(doctor) => doctor.run(options.resolve(DATA_DIR)?).await,
                Command::Backup(backup) => backup.run(options.resolve(DATA_DIR)?).await,
                Command::Restore(restore) => restore.run(options.resolve(DATA_DIR)?).await,
                Command::Completions(completions) => completions.run(),
                Command::Man(man) => man.run(),
                Command::Settings => manual::settings(),
                Command::Verify(verify) => verify.run(),
                Command::Healthcheck(healthcheck) => healthcheck.run(options.resolve(DATA_DIR)?).await,
            }
        })
    }
}
