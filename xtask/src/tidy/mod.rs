//! `cargo xtask tidy`: the rules of the house that no other tool knows.
//!
//! Each rule is a module with a function from what was read to what is wrong with it, so that its tests can hand it a
//! bad sample. The reading is done here, once. A rule must not read files or know of another rule.

mod budget;
mod dialects;
mod layers;
mod links;
mod map;
mod modules;
mod source;
mod words;

use crate::{cargo, shell};
use anyhow::{Result, ensure};

/// The sub-command, which takes no arguments.
pub(crate) fn run(arguments: &[String]) -> Result<()> {
    ensure!(arguments.is_empty(), "tidy takes no arguments");
    check()
}

/// Checks every rule and prints all that is wrong, not only the first.
pub(crate) fn check() -> Result<()> {
    let sources = source::read_all(shell::root())?;
    let crates = source::folders(&shell::root().join("crates"))?;
    let mut problems = layers::check(&cargo::metadata()?);
    problems.extend(modules::check(&sources));
    problems.extend(dialects::check(&sources));
    problems.extend(words::check(&sources));
    problems.extend(links::check(&sources, &|path| shell::root().join(path).exists()));
    problems.extend(map::check(&sources, &crates));
    problems.extend(budget::check(&sources));
    println!("{}", modules::sizes(&sources));
    println!("{}", budget::summary(&sources));
    for problem in &problems {
        println!("  {problem}");
    }
    ensure!(problems.is_empty(), "tidy found faults ({})", problems.len());
    Ok(())
}
