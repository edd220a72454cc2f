//! The programs that the chores need, and how each is installed.
//!
//! Guarantees that after [`ensure`] returned well all of them are there. Where it may not install one, it says which
//! are missing and the commands that install them. It must not know what a tool is used for.

mod plan;

use crate::{cargo, find, postgres, shell};
use anyhow::{Result, bail};
use plan::Plan;
use std::path::{Path, PathBuf};

/// A program, how to see that it is there, and where it comes from.
pub(crate) struct Tool {
    name: &'static str,
    is_there: fn() -> bool,
    source: Source,
}

#[derive(Clone, Copy)]
enum Source {
    /// Packages of Debian and its relatives.
    Apt(&'static [&'static str]),
    /// A part of the Rust toolchain.
    Rustup(&'static str),
    /// What the Rust toolchain needs to build for another C library: musl.
    RustupMusl,
    /// A program in Rust, at a version that was tried.
    Cargo { package: &'static str, version: &'static str },
    /// Packages of Python, at versions that were tried, in a folder of their own within `target`.
    Python { folder: &'static str, packages: &'static [&'static str] },
}

/// Builds SQLite.
pub(crate) const C_COMPILER: Tool = Tool {
    name: "a C compiler",
    is_there: || find::on_path("cc") || find::on_path("gcc"),
    source: Source::Apt(&["gcc", "libc6-dev"]),
};
/// Builds the fuzzer.
pub(crate) const CPP_COMPILER: Tool = Tool {
    name: "a C++ compiler",
    is_there: || find::on_path("c++") || find::on_path("g++"),
    source: Source::Apt(&["g++"]),
};
/// Runs what is in `tools/`, and makes the folders that programs in Python are in.
pub(crate) const PYTHON: Tool = Tool {
    name: "python3 with venv",
    is_there: || shell::succeeds(shell::program("python3").args(["-c", "import ensurepip, venv"])),
    source: Source::Apt(&["python3", "python3-venv"]),
};
/// Gives Python its time zones.
pub(crate) const TIME_ZONES: Tool = Tool {
    name: "the time zones",
    is_there: || Path::new("/usr/share/zoneinfo/Europe/Berlin").exists(),
    source: Source::Apt(&["tzdata"]),
};
/// Opens our ZIP files as a reader would who does not know us.
pub(crate) const UNZIP: Tool =
    Tool { name: "unzip", is_there: || find::on_path("unzip"), source: Source::Apt(&["unzip"]) };
/// Makes packages of Debian, and unpacks them.
pub(crate) const DPKG: Tool =
    Tool { name: "dpkg-deb", is_there: || find::on_path("dpkg-deb"), source: Source::Apt(&["dpkg"]) };
/// The second database.
pub(crate) const POSTGRES: Tool = Tool {
    name: "a PostgreSQL server",
    is_there: || find::postgres_programs().is_some(),
    source: Source::Apt(&["postgresql"]),
};
/// Drives the browser.
pub(crate) const NODE: Tool = Tool {
    name: "node with npm",
    is_there: || find::on_path("node") && find::on_path("npm"),
    source: Source::Apt(&["nodejs", "npm"]),
};
/// Looks at the pages.
pub(crate) const CHROMIUM: Tool =
    Tool { name: "chromium", is_there: || find::on_path("chromium"), source: Source::Apt(&["chromium"]) };
/// Formats.
pub(crate) const RUSTFMT: Tool = Tool {
    name: "cargo fmt",
    is_there: || shell::succeeds(&mut cargo::command("fmt --version")),
    source: Source::Rustup("rustfmt"),
};
/// Builds C for the C library that programs can have in them.
pub(crate) const MUSL: Tool =
    Tool { name: "musl-gcc", is_there: || find::on_path("musl-gcc"), source: Source::Apt(&["musl-tools"]) };
/// Builds Rust for it.
pub(crate) const MUSL_TARGET: Tool = Tool {
    name: "the Rust library for musl",
    is_there: || {
        let installed = shell::read(shell::program("rustup").args(["target", "list", "--installed"]));
        installed.is_ok_and(|targets| targets.lines().any(|target| target == musl_target()))
    },
    source: Source::RustupMusl,
};
/// Lints.
pub(crate) const CLIPPY: Tool = Tool {
    name: "cargo clippy",
    is_there: || shell::succeeds(&mut cargo::command("clippy --version")),
    source: Source::Rustup("clippy"),
};
/// Looks at licences and at where dependencies come from.
pub(crate) const DENY: Tool = Tool {
    name: "cargo deny",
    is_there: || shell::succeeds(&mut cargo::command("deny --version")),
    source: Source::Cargo { package: "cargo-deny", version: "0.20.2" },
};

/// Calls every endpoint of an OpenAPI document in ways that nobody thought of.
pub(crate) const SCHEMATHESIS: Tool = Tool {
    name: "schemathesis",
    is_there: || schemathesis().is_file(),
    source: Source::Python { folder: SCHEMATHESIS_FOLDER, packages: &["schemathesis==4.32.5"] },
};
const SCHEMATHESIS_FOLDER: &str = "schemathesis-4.32.5";

/// Open the files of every format, as those would who do not know us.
pub(crate) const READERS: Tool = Tool {
    name: "readers of export files",
    is_there: || {
        let all = "import duckdb, openpyxl, pyarrow, zstandard";
        readers().is_file() && shell::succeeds(shell::program(readers()).args(["-c", all]))
    },
    source: Source::Python {
        folder: READERS_FOLDER,
        packages: &["duckdb==2.0.0", "openpyxl==3.1.5", "pyarrow==26.0.1", "zstandard==0.25.0"],
    },
};
const READERS_FOLDER: &str = "readers-1";

/// Compresses on all cores.
pub(crate) const PIGZ: Tool =
    Tool { name: "pigz", is_there: || find::on_path("pigz"), source: Source::Apt(&["pigz"]) };
/// Deflates with assembly.
pub(crate) const IGZIP: Tool =
    Tool { name: "igzip", is_there: || find::on_path("igzip"), source: Source::Apt(&["isal"]) };
/// Deflates with libdeflate.
pub(crate) const LIBDEFLATE: Tool = Tool {
    name: "libdeflate-gzip",
    is_there: || find::on_path("libdeflate-gzip"),
    source: Source::Apt(&["libdeflate-tools"]),
};
/// Exports from SQLite as its users do.
pub(crate) const SQLITE: Tool =
    Tool { name: "sqlite3", is_there: || find::on_path("sqlite3"), source: Source::Apt(&["sqlite3"]) };
/// Serves files as fast as they go.
pub(crate) const NGINX: Tool =
    Tool { name: "nginx", is_there: || find::on_path("nginx"), source: Source::Apt(&["nginx-light"]) };

/// What Rust calls this machine with that C library.
pub(crate) fn musl_target() -> String {
    format!("{}-unknown-linux-musl", std::env::consts::ARCH)
}

/// Where schemathesis is.
pub(crate) fn schemathesis() -> PathBuf {
    python_folder(SCHEMATHESIS_FOLDER).join("bin/schemathesis")
}

/// The Python that has the readers of export files.
pub(crate) fn readers() -> PathBuf {
    python_folder(READERS_FOLDER).join("bin/python3")
}

/// Where packages of Python are.
fn python_folder(folder: &str) -> PathBuf {
    shell::root().join("target").join(folder)
}

/// Installs what is missing, as far as we may.
pub(crate) fn ensure(tools: &[Tool]) -> Result<()> {
    let plan = Plan::of(&missing(tools));
    if plan.names.is_empty() {
        println!("all {} tools are there", tools.len());
        return Ok(());
    }
    if !plan.packages.is_empty() && !may_install_packages()? {
        bail!("{}", plan.advice());
    }
    println!("installing {}", plan.names.join(", "));
    for command in plan.commands() {
        command.run()?;
    }
    let plan = Plan::of(&missing(tools));
    if !plan.names.is_empty() {
        bail!("installing did not help. {}", plan.advice());
    }
    Ok(())
}

fn missing(tools: &[Tool]) -> Vec<&Tool> {
    tools.iter().filter(|tool| !(tool.is_there)()).collect()
}

/// Packages are installed without asking only where that is the custom: as root, as in a container.
fn may_install_packages() -> Result<bool> {
    let is_debian_like = Path::new("/etc/debian_version").exists() && find::on_path("apt-get");
    Ok(is_debian_like && postgres::is_root()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ABSENT: Tool = Tool { name: "absent", is_there: || false, source: Source::Apt(&["one"]) };
    const PRESENT: Tool = Tool { name: "present", is_there: || true, source: Source::Apt(&["two"]) };

    #[test]
    fn only_what_is_missing_is_installed() {
        assert_eq!(Plan::of(&missing(&[PRESENT, ABSENT])).names, ["absent"]);
        ensure(&[PRESENT]).unwrap();
    }
}
