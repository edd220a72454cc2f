//! `fillhouse completions`, `man` and `settings`: what is known of commands and settings, for shells, `man` and our pages.
//!
//! Must not know: what a command does.

use crate::cli::Cli;
use crate::output;
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

/// What the page of settings begins with.
const SETTINGS_HEAD: &str = "# Settings

This page is made by `fillhouse settings`, of what `fillhouse serve --help` shows. How a setting is given, and in which order the ways
count, is said in [operating](operating.md#settings).

| flag, variable, key of the file | what it says | default |
| --- | --- | --- |
";

/// Prints the page of settings: each flag that every command has, with the variable and the key that say the same.
pub(crate) fn settings() -> Result<()> {
    let command = Cli::command();
    output::text(SETTINGS_HEAD)?;
    for argument in command.get_arguments() {
        let (Some(flag), Some(variable)) = (argument.get_long(), argument.get_env()) else { continue };
        let help = argument.get_help().map(ToString::to_string).unwrap_or_default().replace('|', "\\|");
        let (says, default) = match help.split_once(" [default: ") {
            Some((says, default)) => (says, default.trim_end_matches(']')),
            None => (help.as_str(), "none"),
        };
        let key = flag.replace('-', "_");
        let (variable, key) = (variable.to_string_lossy(), if flag == "config" { "–" } else { &key });
        output::line(format!("| `--{flag}` `{variable}` `{key}` | {says} | {default} |"))?;
    }
    Ok(())
}

impl Completions {
    /// Prints them.
    pub(crate) fn run(self) -> Result<()> {
        let mut script = Vec::new();
        clap_complete::generate(self.shell, &mut Cli::command(), "fillhouse", &mut script);
        output::text(&String::from_utf8(script)?)
    }
}

impl Man {
    /// Writes them.
    pub(crate) fn run(self) -> Result<()> {
        let command = Cli::command();
        let Some(folder) = self.folder else {
            let mut page = Vec::new();
            clap_mangen::Man::new(command).render(&mut page)?;
            return output::text(&String::from_utf8(page)?);
        };
        std::fs::create_dir_all(&folder)
            .and_then(|()| clap_mangen::generate_to(command, &folder))
            .with_context(|| format!("the pages cannot be written into {}", folder.display()))
    }
}
