//! Where a download goes to: a file that is whole or not there, or standard output.
//!
//! Guarantees: the digest is that of all bytes that are there, those of an earlier try included; a file is under its name
//! only once it is whole.
//!
//! Must not know: what the bytes are.

use anyhow::{Context as _, Result, bail};
use sha2::{Digest as _, Sha256};
use std::fs::{File, OpenOptions};
use std::io::{Read as _, Seek as _, Write};
use std::path::{Path, PathBuf};

/// Where the bytes go to.
pub(crate) struct Sink {
    out: Out,
    digest: Sha256,
    size_bytes: u64,
}

enum Out {
    File { file: File, partial: PathBuf, whole: PathBuf },
    Stream(Box<dyn Write + Send>),
}

impl Sink {
    /// A file of this name, going on with what an earlier try has left.
    pub(crate) fn file(whole: &Path) -> Result<Self> {
        let mut partial = whole.to_path_buf().into_os_string();
        partial.push(".partial");
        let partial = PathBuf::from(partial);
        let unwritable = || format!("{} cannot be written", partial.display());
        let mut options = OpenOptions::new();
        let mut file = options
            .create(true)
            .read(true)
            .write(true)
            .truncate(false)
            .open(&partial)
            .with_context(unwritable)?;
        let (mut digest, mut size_bytes, mut buffer) = (Sha256::new(), 0, vec![0; 1 << 18]);
        loop {
            match file.read(&mut buffer).with_context(unwritable)? {
                0 => break,
                read => {
                    digest.update(&buffer[..read]);
                    size_bytes += read as u64;
                }
            }
        }
        Ok(Self { out: Out::File { file, partial, whole: whole.to_path_buf() }, digest, size_bytes })
    }

    /// A stream, such as standard output.
    pub(crate) fn stream(stream: impl Write + Send + 'static) -> Self {
        Self { out: Out::Stream(Box::new(stream)), digest: Sha256::new(), size_bytes: 0 }
    }

    /// How many bytes are there.
    pub(crate) fn size_bytes(&self) -> u64 {
        self.size_bytes
    }

    /// The SHA-256 of them, in hex.
    pub(crate) fn sha256(&self) -> String {
        hex(&self.digest.clone().finalize())
    }

    /// Adds bytes.
    pub(crate) fn put(&mut self, bytes: &[u8]) -> Result<()> {
        match &mut self.out {
            Out::File { file, partial, .. } => {
                file.write_all(bytes).with_context(|| format!("{} cannot be written", partial.display()))?;
            }
            Out::Stream(stream) => stream.write_all(bytes).context("the output cannot be written")?,
        }
        self.digest.update(bytes);
        self.size_bytes += bytes.len() as u64;
        Ok(())
    }

    /// Forgets what is there.
    pub(crate) fn begin_again(&mut self) -> Result<()> {
        match &mut self.out {
            Out::File { file, .. } => {
                file.set_len(0)?;
                file.rewind()?;
            }
            Out::Stream(_) if self.size_bytes == 0 => {}
            Out::Stream(_) => {
                bail!("the server has another file by now, and a part of this one is out already")
            }
        }
        (self.digest, self.size_bytes) = (Sha256::new(), 0);
        Ok(())
    }

    /// It is whole: a file gets its name.
    pub(crate) fn publish(self) -> Result<()> {
        match self.out {
            Out::File { file, partial, whole } => {
                file.sync_all()?;
                std::fs::rename(&partial, &whole)
                    .with_context(|| format!("{} cannot be written", whole.display()))
            }
            Out::Stream(mut stream) => Ok(stream.flush()?),
        }
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |text, byte| text + &format!("{byte:02x}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_goes_on_where_it_was_left() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        let mut first = Sink::file(&path).unwrap();
        first.put(b"abc").unwrap();
        drop(first);
        assert!(!path.exists());
        let mut second = Sink::file(&path).unwrap();
        assert_eq!(second.size_bytes(), 3);
        second.put(b"def").unwrap();
        assert_eq!(second.sha256(), hex(&Sha256::digest(b"abcdef")));
        second.publish().unwrap();
        assert_eq!(std::fs::read(&path).unwrap(), b"abcdef");
        let mut third = Sink::file(&path).unwrap();
        third.put(b"x").unwrap();
        third.begin_again().unwrap();
        third.put(b"y").unwrap();
        third.publish().unwrap();
        assert_eq!(std::fs::read(&path).unwrap(), b"y");
    }
}
