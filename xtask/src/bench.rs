//! `cargo xtask bench`: a release build, measured beside a fresh PostgreSQL that waits for the disk.
//!
//! It must not know what is measured: the arguments go to `fillhouse-bench` as they are.

use crate::postgres::{self, Fsync};
use crate::{cargo, shell, tools};
use anyhow::Result;

/// Builds, starts the database, and measures.
pub(crate) fn run(arguments: &[String]) -> Result<()> {
    tools::ensure(&[
        tools::C_COMPILER,
        tools::PYTHON,
        tools::TIME_ZONES,
        tools::POSTGRES,
        tools::READERS,
        tools::PIGZ,
        tools::IGZIP,
        tools::LIBDEFLATE,
        tools::SQLITE,
        tools::NGINX,
    ])?;
    cargo::run("build --release --locked --package fillhouse --package fillhouse-bench")?;
    let release = cargo::target_folder()?.join("release");
    let server = postgres::start(Fsync::On)?;
    shell::run(
        shell::program(release.join("fillhouse-bench"))
            .args(arguments)
            .env("FILLHOUSE_BENCH_POSTGRES", server.url())
            .env("FILLHOUSE_BENCH_PYTHON", tools::readers())
            .env("FILLHOUSE_BIN", release.join("fillhouse")),
    )
}
