//! The commands that install what is missing.
//!
//! Guarantees that what is run and what is advised are the same commands.

use super::{Source, Tool, musl_target, python_folder};
use crate::{cargo, shell};
use anyhow::Result;
use std::fmt;

/// What is missing, sorted by how it is installed.
#[derive(Default)]
pub(super) struct Plan {
    pub(super) names: Vec<&'static str>,
    pub(super) packages: Vec<&'static str>,
    components: Vec<&'static str>,
    needs_musl: bool,
    programs: Vec<(&'static str, &'static str)>,
    in_python: Vec<(&'static str, &'static [&'static str])>,
}

impl Plan {
    pub(super) fn of(missing: &[&Tool]) -> Self {
        let mut plan = Self::default();
        for tool in missing {
            plan.names.push(tool.name);
            match tool.source {
                Source::Apt(packages) => plan.packages.extend(packages),
                Source::Rustup(component) => plan.components.push(component),
                Source::RustupMusl => plan.needs_musl = true,
                Source::Cargo { package, version } => plan.programs.push((package, version)),
                Source::Python { folder, packages } => plan.in_python.push((folder, packages)),
            }
        }
        plan
    }

    pub(super) fn commands(&self) -> Vec<Line> {
        let mut lines = Vec::new();
        if !self.packages.is_empty() {
            lines.push(Line::new("apt-get", &["update"]));
            let install = ["install", "-y", "--no-install-recommends"];
            lines.push(Line::new("apt-get", &[&install, self.packages.as_slice()].concat()));
        }
        if !self.components.is_empty() {
            lines.push(Line::new("rustup", &[&["component", "add"], self.components.as_slice()].concat()));
        }
        if self.needs_musl {
            lines.push(Line::new("rustup", &["target", "add", &musl_target()]));
        }
        for (package, version) in &self.programs {
            lines.push(Line::new("cargo", &["install", package, "--locked", "--version", version]));
        }
        for (folder, packages) in &self.in_python {
            let folder = python_folder(folder).display().to_string();
            let pip = format!("{folder}/bin/pip");
            lines.push(Line::new("python3", &["-m", "venv", &folder]));
            lines.push(Line::new(&pip, &[&["install", "--quiet"], *packages].concat()));
        }
        lines
    }

    pub(super) fn advice(&self) -> String {
        let lines: Vec<String> = self.commands().iter().map(|line| format!("    {line}")).collect();
        format!("missing: {}. On Debian and its relatives:\n{}", self.names.join(", "), lines.join("\n"))
    }
}

/// A command that installs something.
pub(super) struct Line {
    program: String,
    arguments: Vec<String>,
}

impl Line {
    fn new(program: &str, arguments: &[&str]) -> Self {
        let arguments = arguments.iter().map(|argument| (*argument).to_owned()).collect();
        Self { program: program.to_owned(), arguments }
    }

    pub(super) fn run(&self) -> Result<()> {
        let mut command = match self.program.as_str() {
            "cargo" => cargo::command(&self.arguments.join(" ")),
            program => {
                let mut command = shell::program(program);
                command.args(&self.arguments);
                command
            }
        };
        // Without it a package may stop and ask a question that nobody sees.
        shell::run(command.env("DEBIAN_FRONTEND", "noninteractive"))
    }
}

impl fmt::Display for Line {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} {}", self.program, self.arguments.join(" "))
    }
}

#[cfg(test)]
mod tests {
    use super::super::{CLIPPY, DENY, MUSL_TARGET, RUSTFMT, SCHEMATHESIS};
    use super::*;

    const ABSENT: Tool = Tool { name: "absent", is_there: || false, source: Source::Apt(&["one", "two"]) };

    #[test]
    fn advice_names_what_is_missing_and_the_commands() {
        let plan = Plan::of(&[&ABSENT]);
        assert_eq!(
            plan.advice(),
            "missing: absent. On Debian and its relatives:\n    apt-get update\n    apt-get install -y \
             --no-install-recommends one two"
        );
    }

    #[test]
    fn every_source_has_its_command() {
        let plan = Plan::of(&[&RUSTFMT, &CLIPPY, &DENY]);
        let commands: Vec<String> = plan.commands().iter().map(ToString::to_string).collect();
        assert_eq!(
            commands,
            ["rustup component add rustfmt clippy", "cargo install cargo-deny --locked --version 0.20.2"]
        );
        let commands: Vec<String> =
            Plan::of(&[&SCHEMATHESIS]).commands().iter().map(ToString::to_string).collect();
        assert!(commands[0].starts_with("python3 -m venv ") && commands[0].ends_with("/schemathesis-4.32.5"));
        let commands: Vec<String> =
            Plan::of(&[&MUSL_TARGET]).commands().iter().map(ToString::to_string).collect();
        assert!(commands[0].starts_with("rustup target add ") && commands[0].ends_with("-linux-musl"));
        let commands: Vec<String> =
            Plan::of(&[&SCHEMATHESIS]).commands().iter().map(ToString::to_string).collect();
        assert!(commands[1].ends_with("/bin/pip install --quiet schemathesis==4.32.5"), "{commands:?}");
    }
}
