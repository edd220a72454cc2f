//! What the machine gives: folders, space, open files.
//!
//! Must not know: what is in the folders.

use super::Finding;
use crate::config::Config;
use fillhouse_engine::BlobUrl;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

/// Below this, a store does not last long; below that, it is as good as full.
const LITTLE_BYTES: u64 = 2_000_000_000;
const NOTHING_BYTES: u64 = 200_000_000;
/// How many files a busy server has open at once.
const OPEN_FILES: u64 = 4_096;
/// Everybody else of the machine.
const OTHERS: u32 = 0o007;

pub(super) fn findings(config: &Config) -> Vec<Finding> {
    let mut findings = vec![folder("data folder", &config.data_dir)];
    if config.data_dir.is_dir() {
        findings.push(space("disk space", &config.data_dir));
    }
    if let BlobUrl::Folder(blobs) = &config.blobs
        && blobs.is_dir()
        && !blobs.starts_with(&config.data_dir)
    {
        findings.push(folder("blob folder", blobs));
        findings.push(space("space for blobs", blobs));
    }
    findings.extend(open_files());
    findings
}

fn folder(what: &'static str, path: &Path) -> Finding {
    let shown = path.display();
    let data = match fs::metadata(path) {
        Ok(data) if data.is_dir() => data,
        Ok(_) => {
            return Finding::error(what, format!("{shown} is no folder"), "name another with --data-dir");
        }
        Err(error) => {
            let to_do = "name the right one with --data-dir; `fillhouse migrate` makes a new one";
            return Finding::error(what, format!("{shown}: {error}"), to_do);
        }
    };
    let probe = path.join(".doctor");
    if let Err(error) = fs::write(&probe, b"").and_then(|()| fs::remove_file(&probe)) {
        let to_do =
            format!("run this as the user of the server, or give it the folder: chown -R fillhouse {shown}");
        return Finding::error(what, format!("{shown} cannot be written into: {error}"), to_do);
    }
    if data.permissions().mode() & OTHERS != 0 {
        let to_do = format!("chmod o-rwx {shown}");
        return Finding::warning(
            what,
            format!("{shown} can be looked into by every user of the machine"),
            to_do,
        );
    }
    Finding::ok(what, format!("{shown} can be written into, and only by those who may"))
}

fn space(what: &'static str, path: &Path) -> Finding {
    let free = match rustix::fs::statvfs(path) {
        Ok(disk) => disk.f_bavail.saturating_mul(disk.f_frsize),
        Err(error) => {
            return Finding::warning(what, format!("it cannot be told: {error}"), "look with df -h");
        }
    };
    let says = format!("{} MB are free", free / 1_000_000);
    let to_do = "make room: what cannot be stored is refused, and exports wait";
    match free {
        free if free < NOTHING_BYTES => Finding::error(what, says, to_do),
        free if free < LITTLE_BYTES => Finding::warning(what, says, to_do),
        _ => Finding::ok(what, says),
    }
}

/// The limit of this process, which is the server's where it is started the same way; none where it cannot be told.
fn open_files() -> Option<Finding> {
    let limits = fs::read_to_string("/proc/self/limits").ok()?;
    let line = limits.lines().find(|line| line.starts_with("Max open files"))?;
    let soft: u64 = line.split_whitespace().nth(3)?.parse().ok()?;
    let says = format!("{soft} may be open at once");
    Some(if soft < OPEN_FILES {
        let to_do = format!(
            "ulimit -n {OPEN_FILES}, or LimitNOFILE={OPEN_FILES} in the service: a connection is one, too"
        );
        Finding::warning("open files", says, to_do)
    } else {
        Finding::ok("open files", says)
    })
}
