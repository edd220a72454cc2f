//! What could not be taken over, a line each.
//!
//! Must not know: what is taken over.

use anyhow::{Context as _, Result};
use std::fs::File;
use std::io::{BufWriter, Write as _};
use std::path::Path;

/// How many lines are shown; a file has all of them.
const MOST_SHOWN: u64 = 50;

/// The report.
pub(crate) struct Report {
    file: Option<BufWriter<File>>,
    count: u64,
}

impl Report {
    /// A report that is shown, and also written to `file`.
    pub(crate) fn new(file: Option<&Path>) -> Result<Self> {
        let create = |path: &Path| {
            File::create(path)
                .map(BufWriter::new)
                .with_context(|| format!("{} cannot be written", path.display()))
        };
        Ok(Self { file: file.map(create).transpose()?, count: 0 })
    }

    /// Something that was not taken over as it was.
    pub(crate) fn say(&mut self, place: impl std::fmt::Display, what: impl std::fmt::Display) -> Result<()> {
        self.count += 1;
        let line = format!("{place}: {what}");
        match self.count {
            count if count <= MOST_SHOWN => eprintln!("not taken over: {line}"),
            count if count == MOST_SHOWN + 1 => eprintln!("… and more; --report FILE has all of them"),
            _ => {}
        }
        if let Some(file) = &mut self.file {
            writeln!(file, "{line}")?;
        }
        Ok(())
    }

    /// How many there were; the file is whole then.
    pub(crate) fn finish(&mut self) -> Result<u64> {
        if let Some(file) = &mut self.file {
            file.flush()?;
        }
        Ok(self.count)
    }
}
