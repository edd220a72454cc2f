//! The data that is measured with: what `tools/make_dataset.py` writes, made once and kept beside the build.
//!
//! Must not know: what is measured.

use anyhow::{Context as _, Result, ensure};
use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The token of the data's first account.
pub(crate) const TOKEN: &str = "demo-token-0123456789abcdef";

/// The file of a data set with this many submissions.
pub(crate) fn file(submissions: usize) -> Result<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let folder = root.join("target/bench");
    std::fs::create_dir_all(&folder)?;
    let path = folder.join(format!("{submissions}.jsonl"));
    if !path.exists() {
        eprintln!("making a data set of {submissions} submissions …");
        let partial = folder.join(format!("{submissions}.jsonl.partial"));
        let status = Command::new("python3")
            .arg(root.join("tools/make_dataset.py"))
            .args(["--profiles", "10000", "--submissions", &submissions.to_string()])
            .stdout(File::create(&partial)?)
            .status()
            .context("python3 does not start")?;
        ensure!(status.success(), "make_dataset.py failed");
        std::fs::rename(partial, &path)?;
    }
    Ok(path)
}
