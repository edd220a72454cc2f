//! The chores of this repository, run as `cargo xtask <chore>`.
//!
//! It knows how the repository is laid out and which tools work on it. It must not know what the crates do: it depends
//! on none of them, so that it builds, and says what is wrong, while they do not.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a chore reports to the person who runs it")]

mod bench;
mod browser;
mod cargo;
mod find;
mod fuzz;
mod package;
mod postgres;
mod release;
mod sbom;
mod shell;
mod test;
mod tidy;
mod tools;

use anyhow::{Result, bail};
use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match run(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // Not by returning it: that would add a backtrace, and what failed is another program, not this one.
            eprintln!("\nerror: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &[String]) -> Result<()> {
    let Some((chore, rest)) = arguments.split_first() else {
        print!("{}", usage());
        return Ok(());
    };
    match chore.as_str() {
        "test" => test::run(rest),
        "tidy" => tidy::run(rest),
        "bench" => bench::run(rest),
        "fuzz" => fuzz::run(rest),
        "package" => package::run(rest),
        "release" => release::run(rest),
        "screenshots" => browser::screenshots(rest),
        "help" | "-h" | "--help" => {
            print!("{}", usage());
            Ok(())
        }
        other => bail!("there is no chore `{other}`\n\n{}", usage()),
    }
}

fn usage() -> String {
    format!(
        "Usage: cargo xtask <chore>\n\
         \n\
         \x20 test [STEP]...    everything that CI checks, or only the steps named:\n\
         \x20                   {}\n\
         \x20 tidy              only the rules of the house: layers, module docs, file sizes, links\n\
         \x20 bench [ARG]...    a release build measured beside a fresh PostgreSQL; the arguments go to fillhouse-bench\n\
         \x20 fuzz [TARGET]...  the targets of crates/fuzz, or all, each for `--seconds N` (60)\n\
         \x20 package           the program as others install it: a stripped binary, a Debian package, checksums\n\
         \x20 release           what is put where others find it: a static binary, an archive, a package, an SBOM\n\
         \x20 screenshots       the pictures of the README, taken anew with a real browser\n\
         \x20 help              this text\n",
        test::step_names()
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn usage_has_a_line_for_every_chore() {
        for chore in ["test", "tidy", "bench", "fuzz", "package", "release", "screenshots", "help"] {
            assert!(usage().lines().any(|line| line.trim_start().starts_with(chore)), "no line for {chore}");
        }
    }

    #[test]
    fn an_unknown_chore_is_refused_with_the_usage() {
        let error = run(&["dance".into()]).unwrap_err().to_string();
        assert!(error.contains("`dance`") && error.ends_with(&usage()), "{error}");
    }
}
