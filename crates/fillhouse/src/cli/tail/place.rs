//! Where lines are written, and where that is remembered.
//!
//! Guarantees: what is remembered is never ahead of what is written; what was written and is not remembered yet, since the
//! process was killed, is taken back before anything else is written to the file.
//!
//! Must not know: what is written.

use anyhow::{Context as _, Result, bail};
use serde::{Deserialize, Serialize};
use std::fs::{File, OpenOptions};
use std::io::{BufWriter, Seek as _, SeekFrom, Write};
use std::path::{Path, PathBuf};

const BUFFER_BYTES: usize = 1 << 16;

/// A place to write to.
pub(super) struct Place {
    output: Option<(PathBuf, File)>,
    kept_in: Option<PathBuf>,
    kept: Kept,
}

/// What is remembered.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Kept {
    cursor: Option<String>,
    /// How long the file was with all up to the cursor in it.
    size_bytes: Option<u64>,
}

impl Place {
    /// A file, or standard output; `cursor_file` remembers where it was.
    pub(super) fn open(output: Option<&Path>, cursor_file: Option<&Path>) -> Result<Self> {
        let kept_in = cursor_file.map(Path::to_path_buf).or_else(|| {
            let mut name = output?.to_path_buf().into_os_string();
            name.push(".cursor");
            Some(name.into())
        });
        let kept = kept_in.as_deref().map(Kept::read).transpose()?.unwrap_or_default();
        let output = output.map(|path| reopened(path, &kept)).transpose()?;
        let mut place = Self { output, kept_in, kept };
        if place.output.is_some() && place.kept.size_bytes.is_none() {
            // So that a torn beginning is known for what it is.
            place.kept.size_bytes = Some(0);
            place.keep()?;
        }
        Ok(place)
    }

    /// Up to where all was written.
    pub(super) fn cursor(&self) -> Option<&str> {
        self.kept.cursor.as_deref()
    }

    /// What to write to.
    pub(super) fn writer(&self) -> Result<Box<dyn Write + Send>> {
        Ok(match &self.output {
            Some((_, file)) => Box::new(BufWriter::with_capacity(BUFFER_BYTES, file.try_clone()?)),
            None => Box::new(BufWriter::with_capacity(BUFFER_BYTES, std::io::stdout())),
        })
    }

    /// All up to this cursor is written.
    pub(super) fn moved(&mut self, cursor: &str) -> Result<()> {
        if self.kept.cursor.as_deref() == Some(cursor) {
            return Ok(());
        }
        let size_bytes = match &self.output {
            None => None,
            Some((_, file)) => {
                file.sync_data()?;
                Some(file.metadata()?.len())
            }
        };
        self.kept = Kept { cursor: Some(cursor.to_owned()), size_bytes };
        self.keep()
    }

    fn keep(&self) -> Result<()> {
        self.kept_in.as_deref().map_or(Ok(()), |path| self.kept.write(path))
    }
}

/// The file as it was at the cursor, to be written to at its end.
fn reopened(path: &Path, kept: &Kept) -> Result<(PathBuf, File)> {
    let unwritable = || format!("{} cannot be written", path.display());
    let mut file =
        OpenOptions::new().create(true).truncate(false).write(true).open(path).with_context(unwritable)?;
    let has_bytes = file.metadata().with_context(unwritable)?.len();
    match kept.size_bytes {
        Some(bytes) if bytes > has_bytes => bail!(
            "{} is shorter than it was; to begin anew, remove it and its file of the cursor",
            path.display()
        ),
        Some(bytes) => file.set_len(bytes).with_context(unwritable)?,
        None if has_bytes > 0 => bail!(
            "{} is there already, and nothing says up to where it goes: remove it, or choose another",
            path.display()
        ),
        None => {}
    }
    file.seek(SeekFrom::End(0)).with_context(unwritable)?;
    Ok((path.to_path_buf(), file))
}

impl Kept {
    fn read(path: &Path) -> Result<Self> {
        match std::fs::read_to_string(path) {
            Ok(text) => serde_json::from_str(&text)
                .with_context(|| format!("{} is no file of a cursor", path.display())),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Self::default()),
            Err(error) => Err(error).with_context(|| format!("{} cannot be read", path.display())),
        }
    }

    /// Whole or not at all, whenever this is killed.
    fn write(&self, path: &Path) -> Result<()> {
        let mut new = path.to_path_buf().into_os_string();
        new.push(".new");
        let unwritable = || format!("{} cannot be written", path.display());
        let mut file = File::create(&new).with_context(unwritable)?;
        file.write_all(serde_json::to_string(self)?.as_bytes()).with_context(unwritable)?;
        file.sync_all().with_context(unwritable)?;
        std::fs::rename(&new, path).with_context(unwritable)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_remembered_is_taken_back() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("lines");
        let place = Place::open(Some(&path), None).unwrap();
        assert_eq!(place.cursor(), None);
        let write = |place: &Place, bytes: &[u8]| {
            let mut writer = place.writer().unwrap();
            writer.write_all(bytes).unwrap();
            writer.flush().unwrap();
        };
        write(&place, b"a\nto");
        drop(place);
        let mut place = Place::open(Some(&path), None).unwrap();
        write(&place, b"a\nb\n");
        place.moved("first").unwrap();
        write(&place, b"c\nto");
        drop(place);
        let place = Place::open(Some(&path), None).unwrap();
        assert_eq!(place.cursor(), Some("first"));
        assert_eq!(std::fs::read(&path).unwrap(), b"a\nb\n");
        write(&place, b"c\n");
        assert_eq!(std::fs::read(&path).unwrap(), b"a\nb\nc\n");
        std::fs::write(&path, b"a").unwrap();
        assert!(Place::open(Some(&path), None).err().unwrap().to_string().contains("shorter"));
    }

    #[test]
    fn a_file_of_another_is_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("lines");
        std::fs::write(&path, b"mine").unwrap();
        assert!(Place::open(Some(&path), None).is_err());
    }
}
