//! `cargo xtask release`: what is put where others find it, in `target/release-files`: a program that needs nothing of the
//! system it runs on, by itself, in an archive and in a Debian package; what it is made of; and the checksums of all.
//!
//! Guarantees: the program is started, and asked for a name of a host, before anything is said to be done. It must not know
//! what the program does.

use crate::{cargo, package, sbom, shell, tools};
use anyhow::{Context as _, Result, ensure};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// What is in the archive beside the program and what it says of itself.
const TEXTS: [&str; 4] = ["README.md", "CHANGELOG.md", "LICENSE-MIT", "LICENSE-APACHE"];
/// The compiler of C that knows the static C library.
const COMPILER: &str = "musl-gcc";

/// The sub-command, which takes no arguments.
pub(crate) fn run(arguments: &[String]) -> Result<()> {
    ensure!(arguments.is_empty(), "release takes no arguments");
    tools::ensure(&[tools::C_COMPILER, tools::DPKG, tools::MUSL, tools::MUSL_TARGET])?;
    let target = tools::musl_target();
    shell::run(&mut build(&target))?;
    let built = cargo::target_folder()?;
    let folder = built.join("release-files");
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    fs::create_dir_all(&folder)?;
    let (version, architecture) = (package::version()?, package::architecture()?);
    let name = format!("fillhouse-{version}-linux-{architecture}");
    let binary = folder.join(&name);
    let unstripped = built.join(&target).join("release/fillhouse");
    shell::run(shell::program("strip").arg("-o").arg(&binary).arg(unstripped))?;
    needs_nothing(&binary)?;
    finds_hosts(&binary)?;
    archive(&folder, &binary, &name)?;
    let debian = package::debian(&folder, &binary, &version, architecture, "")?;
    package::check(&debian, &version)?;
    fs::write(folder.join(format!("fillhouse-{version}.cdx.json")), sbom::of("fillhouse", &target)?)?;
    let sums = shell::read(shell::program("sh").args(["-c", "sha256sum fillhouse*"]).current_dir(&folder))?;
    fs::write(folder.join("SHA256SUMS"), &sums)?;
    print!("{}:\n{sums}", folder.display());
    Ok(())
}

fn build(target: &str) -> Command {
    let mut build = cargo::command("build --release --locked --package fillhouse");
    build.args(["--target", target]);
    // What builds C asks for it by this name.
    build.env(format!("CC_{}", target.replace('-', "_")), COMPILER);
    build
}

/// A program that asks for an interpreter needs the libraries that this would load.
fn needs_nothing(binary: &Path) -> Result<()> {
    let headers = shell::read(shell::program("readelf").args(["--program-headers", "--wide"]).arg(binary))?;
    ensure!(!headers.contains("INTERP"), "{} needs libraries of the system", binary.display());
    Ok(())
}

/// Static programs have been known to know no names of hosts. There is no server at this one, which is said of its address.
fn finds_hosts(binary: &Path) -> Result<()> {
    let asked = Command::new(binary)
        .args(["healthcheck", "--url", "http://localhost:1"])
        .env_clear()
        .output()
        .with_context(|| format!("{} does not start", binary.display()))?;
    let said = String::from_utf8_lossy(&asked.stderr);
    ensure!(
        said.contains("no server answers") && said.contains("refused"),
        "it does not find localhost: {said}"
    );
    Ok(())
}

/// The program with its texts, in one file.
fn archive(folder: &Path, binary: &Path, name: &str) -> Result<()> {
    let tree = tempfile::tempdir()?;
    let inside = tree.path().join(name);
    let put = |path: PathBuf, bytes: &[u8]| -> Result<()> {
        fs::create_dir_all(path.parent().context("a file is in a folder")?)?;
        Ok(fs::write(path, bytes)?)
    };
    fs::create_dir_all(&inside)?;
    fs::copy(binary, inside.join("fillhouse"))?;
    for text in TEXTS {
        put(inside.join(text), &fs::read(shell::root().join(text))?)?;
    }
    for (path, bytes) in package::manual(binary)? {
        put(inside.join(path.trim_start_matches("usr/")), &bytes)?;
    }
    put(inside.join("fillhouse.service"), &fs::read(shell::root().join("packaging/fillhouse.service"))?)?;
    let file = folder.join(format!("{name}.tar.gz"));
    let mut tar = shell::program("tar");
    // So that the same files are the same archive.
    tar.args([
        "--sort=name",
        "--mtime=@0",
        "--owner=0",
        "--group=0",
        "--numeric-owner",
        "--use-compress-program=gzip -n",
    ]);
    shell::run(tar.arg("-cf").arg(&file).arg("-C").arg(tree.path()).arg(name))
}
