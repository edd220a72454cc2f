//! Where programs are on this machine.
//!
//! Guarantees only that a file of the name is there; what it does is for the caller to find out.

use std::path::{Path, PathBuf};

/// What a PostgreSQL server is started with.
const SERVER_PROGRAMS: [&str; 3] = ["initdb", "pg_ctl", "postgres"];

/// Whether a program of this name is on the search path.
pub(crate) fn on_path(name: &str) -> bool {
    search_path().iter().any(|folder| folder.join(name).is_file())
}

/// The folder that holds the programs of a PostgreSQL server.
///
/// Debian keeps them off the search path, in a folder for each version, so those are looked at too, newest first.
pub(crate) fn postgres_programs() -> Option<PathBuf> {
    let mut folders = search_path();
    folders.extend(newest_first(Path::new("/usr/lib/postgresql")));
    folders.into_iter().find(|folder| SERVER_PROGRAMS.iter().all(|name| folder.join(name).is_file()))
}

fn search_path() -> Vec<PathBuf> {
    std::env::var_os("PATH").map(|path| std::env::split_paths(&path).collect()).unwrap_or_default()
}

/// The `bin` folders of the versions below a folder, newest version first.
fn newest_first(versions: &Path) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(versions) else {
        return Vec::new();
    };
    let mut found: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    found.sort_by_key(|folder| std::cmp::Reverse(version(folder)));
    found.into_iter().map(|folder| folder.join("bin")).collect()
}

/// A folder's name as numbers: by their letters, 9.6 would be newer than 15.
fn version(folder: &Path) -> Vec<u32> {
    let name = folder.file_name().unwrap_or_default().to_string_lossy();
    name.split('.').map(|part| part.parse().unwrap_or(0)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_version_comes_first() {
        let versions = tempfile::tempdir().unwrap();
        for name in ["9.6", "15", "17", "16"] {
            std::fs::create_dir(versions.path().join(name)).unwrap();
        }
        let found = newest_first(versions.path());
        let expected: Vec<PathBuf> =
            ["17", "16", "15", "9.6"].iter().map(|name| versions.path().join(name).join("bin")).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn no_folder_has_no_versions() {
        assert!(newest_first(Path::new("no such folder")).is_empty());
    }

    #[test]
    fn programs_are_found_by_name() {
        assert!(on_path("sh"));
        assert!(!on_path("no-such-program"));
    }
}
