//! Cargo, as the chores call it.
//!
//! Guarantees that a call from here builds what the same call by hand would have built, and nothing again.

use crate::shell;
use anyhow::{Context, Result};
use serde_json::Value;
use std::path::PathBuf;
use std::process::Command;

/// Cargo with arguments, written in one line as by hand, in the root of the repository.
///
/// What the outer `cargo run` told this program about its own package is taken away: build scripts that watch these
/// variables would otherwise run again each time one changes between `cargo` and `cargo xtask`.
pub(crate) fn command(arguments: &str) -> Command {
    let mut command = shell::program(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    for (name, _) in std::env::vars_os() {
        let is_about_xtask = name
            .to_str()
            .is_some_and(|name| name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_"));
        if is_about_xtask {
            command.env_remove(name);
        }
    }
    command.args(arguments.split_whitespace());
    command
}

/// Runs Cargo with its output on the terminal.
pub(crate) fn run(arguments: &str) -> Result<()> {
    shell::run(&mut command(arguments))
}

/// What Cargo knows of this workspace, without its dependencies.
pub(crate) fn metadata() -> Result<Value> {
    let text = shell::read(&mut command("metadata --format-version 1 --no-deps"))?;
    serde_json::from_str(&text).context("cargo metadata is not JSON")
}

/// Where Cargo puts what it builds, which a setting of Cargo may move.
pub(crate) fn target_folder() -> Result<PathBuf> {
    let metadata = metadata()?;
    Ok(shell::root().join(metadata["target_directory"].as_str().unwrap_or("target")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cargo_is_not_told_about_this_package() {
        let is_removed =
            |name: &str| command("").get_envs().any(|(own, value)| own == name && value.is_none());
        assert!(is_removed("CARGO_PKG_NAME") && is_removed("CARGO_MANIFEST_DIR"));
    }

    #[test]
    fn this_package_is_in_the_workspace() {
        let metadata = metadata().unwrap();
        let packages = metadata["packages"].as_array().unwrap();
        assert!(packages.iter().any(|package| package["name"] == "xtask"));
    }
}
