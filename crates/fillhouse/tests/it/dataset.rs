//! Data sets, from `tools/make_dataset.py`.
//!
//! Must not know: what is done with them.

use crate::run::{python_tool, run, start};
use std::fs::File;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// The token of the data set's first account, which may do everything.
pub(crate) const TOKEN: &str = "demo-token-0123456789abcdef";
/// The form that has the submissions.
pub(crate) const FORM: i64 = 1;

/// A form with every kind of item that a data set does not have, and what came in on it.
const MORE: &str = include_str!("more.jsonl");
/// That form.
pub(crate) const FORM_OF_MORE: i64 = 7;

/// A data set in a file that goes with its value.
pub(crate) struct DataSet {
    folder: TempDir,
    path: PathBuf,
}

impl DataSet {
    /// A data set with this many submissions, the same each time.
    pub(crate) fn of(submissions: u32) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("dataset.jsonl");
        let mut making = python_tool("make_dataset.py");
        making.args(["--submissions", &submissions.to_string()]).stdout(File::create(&path).unwrap());
        assert!(start(&mut making).wait().unwrap().success(), "make_dataset.py failed");
        Self { folder, path }
    }

    /// The same with [`MORE`].
    pub(crate) fn with_more(self) -> Self {
        let mut file = File::options().append(true).open(&self.path).unwrap();
        file.write_all(MORE.as_bytes()).unwrap();
        self
    }

    /// The file.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// A folder that goes with the data set, for what is made of it.
    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Compares an export with what the data set says must be in it, read by a program that shares no code with ours;
    /// gives the number of rows.
    #[track_caller]
    pub(crate) fn check_export(&self, form: i64, zip: &Path, (from, to): (&str, &str)) -> u64 {
        let form = form.to_string();
        let mut checking = python_tool("check_export.py");
        checking.arg(&self.path).arg(zip).args(["--form", &form, "--from", from, "--to", to]);
        let text = run(&mut checking).ok().text();
        let rows = text.split(' ').next().and_then(|rows| rows.parse().ok());
        rows.unwrap_or_else(|| panic!("no count of rows: {text}"))
    }
}
