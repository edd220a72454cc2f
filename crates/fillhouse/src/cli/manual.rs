//! `fillhouse completions` and `fillhouse man`: what is known of the commands, for shells and for `man`.
//!
//! Must not know: what a command does.

use crate::cli::Cli;
use anyhow::{Context as _, Result};
use clap::CommandFactory as _;
use clap_complete::Shell;
use std::path::PathBuf;

/// The command.
#[derive(clap::Args)]
pub(crate) struct Completions {
    /// The shell
    shell: Shell,
}

/// The command.
#[derive(clap::Args)]
pub(crate) struct Man {
    /// The folder to write a page for each command into [default: the first page, on standard output]
    folder: Option<PathBuf>,
}

impl Completions {
    /// Prints them.
    pub(crate) fn run(self) -> Result<()> {
        let mut script = Vec::new();
        clap_complete::generate(self.shell, &mut Cli::command(), "fillhouse", &mut script);
        print!("{}", String::from_utf8(script)?);
        Ok(())
    }
}

impl Man {
    /// Writes them.
    pub(crate) fn run(self) -> Result<()> {
        let command = Cli::command();
        let Some(folder) = self.folder else {
            let mut page = Vec::new();
            clap_mangen::Man::new(command).render(&mut page)?;
            print!("{}", String::from_utf8(page)?);
            return Ok(());
        };
        std::fs::create_dir_all(&folder)
            .and_then(|()| clap_mangen::generate_to(command, &folder))
            .with_context(|| format!("the pages cannot be written into {}", folder.display()))
    }
}
