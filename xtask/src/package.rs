//! `cargo xtask package`: the program as others install it: a stripped binary, a Debian package with its service, and
//! their checksums, in `target/package`.
//!
//! Guarantees: what was packed is unpacked again and started before anything is said to be done. It must not know what
//! the program does.

use crate::{cargo, shell, tools};
use anyhow::{Context as _, Result, bail, ensure};
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

/// Where each file of the package comes from, where it goes, and who may do what with it.
const FILES: [(&str, &str, u32); 4] = [
    ("packaging/fillhouse.service", "usr/lib/systemd/system/fillhouse.service", 0o644),
    ("packaging/fillhouse.toml", "etc/fillhouse/fillhouse.toml", 0o644),
    ("packaging/debian/postinst", "DEBIAN/postinst", 0o755),
    ("packaging/debian/prerm", "DEBIAN/prerm", 0o755),
];
/// The shells that are told of the commands, and where each looks.
const COMPLETIONS: [(&str, &str); 3] = [
    ("bash", "usr/share/bash-completion/completions/fillhouse"),
    ("zsh", "usr/share/zsh/vendor-completions/_fillhouse"),
    ("fish", "usr/share/fish/vendor_completions.d/fillhouse.fish"),
];
/// Files that an upgrade leaves as their owner has changed them.
const CONFFILES: &str = "/etc/fillhouse/fillhouse.toml\n";

/// The sub-command, which takes no arguments.
pub(crate) fn run(arguments: &[String]) -> Result<()> {
    ensure!(arguments.is_empty(), "package takes no arguments");
    make()
}

/// Builds, packs, and looks at what was packed.
pub(crate) fn make() -> Result<()> {
    tools::ensure(&[tools::C_COMPILER, tools::DPKG])?;
    cargo::run("build --release --locked --package fillhouse")?;
    let target = cargo::target_folder()?;
    let folder = target.join("package");
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    fs::create_dir_all(&folder)?;
    let (version, architecture) = (version()?, architecture()?);
    let binary = folder.join(format!("fillhouse-{version}-linux-{architecture}"));
    shell::run(shell::program("strip").arg("-o").arg(&binary).arg(target.join("release/fillhouse")))?;
    let libraries = format!("libc6 (>= {}), libgcc-s1", glibc()?);
    let package = debian(&folder, &binary, &version, architecture, &libraries)?;
    check(&package, &version)?;
    let sums = shell::read(
        shell::program("sha256sum").args([file_name(&binary)?, file_name(&package)?]).current_dir(&folder),
    )?;
    fs::write(folder.join("SHA256SUMS"), &sums)?;
    print!("{}:\n{sums}", folder.display());
    Ok(())
}

/// The package of a binary that needs these libraries.
pub(crate) fn debian(
    folder: &Path,
    binary: &Path,
    version: &str,
    architecture: &str,
    libraries: &str,
) -> Result<PathBuf> {
    let tree = tempfile::tempdir()?;
    let put = |name: &str, mode: u32, bytes: &[u8]| -> Result<()> {
        let path = tree.path().join(name);
        fs::create_dir_all(path.parent().context("a file is in a folder")?)?;
        fs::write(&path, bytes)?;
        Ok(fs::set_permissions(&path, fs::Permissions::from_mode(mode))?)
    };
    let read = |name: &str| fs::read(shell::root().join(name)).with_context(|| format!("{name} is missing"));
    let program = fs::read(binary)?;
    put("usr/bin/fillhouse", 0o755, &program)?;
    for (from, to, mode) in FILES {
        put(to, mode, &read(from)?)?;
    }
    for (name, bytes) in manual(binary)? {
        put(&name, 0o644, &bytes)?;
    }
    put("usr/share/doc/fillhouse/copyright", 0o644, &read("LICENSE-MIT")?)?;
    put("DEBIAN/conffiles", 0o644, CONFFILES.as_bytes())?;
    let depends = if libraries.is_empty() { String::new() } else { format!("Depends: {libraries}\n") };
    let control = String::from_utf8(read("packaging/debian/control")?)?
        .replace("{version}", version)
        .replace("{architecture}", architecture)
        .replace("{installed_kilobytes}", &program.len().div_ceil(1024).to_string())
        .replace("{depends}", &depends);
    put("DEBIAN/control", 0o644, control.as_bytes())?;
    fs::set_permissions(tree.path(), fs::Permissions::from_mode(0o755))?;
    let package = folder.join(format!("fillhouse_{version}_{architecture}.deb"));
    let mut build = shell::program("dpkg-deb");
    shell::run(build.args(["--root-owner-group", "--build"]).arg(tree.path()).arg(&package))?;
    Ok(package)
}

/// What shells and `man` are told of the program, which says it itself: where each file goes, and what is in it.
pub(crate) fn manual(binary: &Path) -> Result<Vec<(String, Vec<u8>)>> {
    let mut files = Vec::new();
    for (shell, path) in COMPLETIONS {
        let script = shell::read(shell::program(binary).args(["completions", shell]))?;
        files.push((path.to_owned(), script.into_bytes()));
    }
    let folder = tempfile::tempdir()?;
    shell::run(shell::program(binary).arg("man").arg(folder.path()))?;
    // As Debian wants them, and without what would differ the next time.
    shell::run(shell::program("sh").args(["-c", "gzip -9n *"]).current_dir(folder.path()))?;
    for page in fs::read_dir(folder.path())? {
        let page = page?;
        let name = format!("usr/share/man/man1/{}", page.file_name().to_string_lossy());
        files.push((name, fs::read(page.path())?));
    }
    files.sort();
    Ok(files)
}

/// Unpacks a package, and starts what is in it.
pub(crate) fn check(package: &Path, version: &str) -> Result<()> {
    let folder = tempfile::tempdir()?;
    shell::run(shell::program("dpkg-deb").arg("--extract").arg(package).arg(folder.path()))?;
    let said = shell::read(shell::program(folder.path().join("usr/bin/fillhouse")).arg("--version"))?;
    ensure!(said.trim() == format!("fillhouse {version}"), "the packed program says {said}");
    let page = folder.path().join("usr/share/man/man1/fillhouse-export.1.gz");
    ensure!(page.exists(), "the package has no manual pages");
    let settings = folder.path().join("etc/fillhouse/fillhouse.toml");
    let mut migrate = shell::program(folder.path().join("usr/bin/fillhouse"));
    migrate
        .arg("migrate")
        .arg("--config")
        .arg(settings)
        .env("FILLHOUSE_DATA_DIR", folder.path().join("data"));
    shell::run(&mut migrate)
}

pub(crate) fn version() -> Result<String> {
    let metadata = cargo::metadata()?;
    let packages = metadata["packages"].as_array().context("no packages")?;
    let ours = packages.iter().find(|package| package["name"] == "fillhouse").context("no fillhouse")?;
    Ok(ours["version"].as_str().context("no version")?.to_owned())
}

/// What Debian calls the machine that we build on, and for.
pub(crate) fn architecture() -> Result<&'static str> {
    match std::env::consts::ARCH {
        "x86_64" => Ok("amd64"),
        "aarch64" => Ok("arm64"),
        other => bail!("Debian's name for {other} is not known here"),
    }
}

/// The C library that was built against: an older one may lack what the program needs.
fn glibc() -> Result<String> {
    let said = shell::read(shell::program("getconf").arg("GNU_LIBC_VERSION"))?;
    Ok(said.split_whitespace().last().context("getconf says no version")?.to_owned())
}

fn file_name(path: &Path) -> Result<&std::ffi::OsStr> {
    path.file_name().context("a file has a name")
}
