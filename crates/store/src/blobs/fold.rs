//! All bytes of a file that is made of blobs, shown to what makes something of them: a digest, for one.
//!
//! Guarantees: they are shown in order and whole, or it is an error; a piece of them is in memory at a time, in a folder in
//! the same memory throughout.
//!
//! Must not know: what becomes of the bytes.

use super::{Blobs, Local};
use crate::{Error, Result};
use bytes::Bytes;
use futures::{StreamExt as _, TryStreamExt as _};
use object_store::path::Path as BlobPath;
use std::fs::File;
use std::io::{ErrorKind, Read as _};
use std::ops::Range;

/// How much is read of a file at once: so little that it stays in the caches of the core that reads it.
const PIECE_BYTES: usize = 256 << 10;
/// How much of a bucket is asked for at once, and how many such requests are under way.
const PIECE_BYTES_OF_BUCKET: usize = 1 << 20;
const PIECES_AHEAD: usize = 4;

/// A run of a file's bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Segment {
    /// These.
    Memory(Bytes),
    /// Those of a blob.
    Blob {
        /// Its name.
        name: String,
        /// How many it must have.
        size_bytes: u64,
    },
}

/// What is asked of a bucket at once.
enum Piece {
    Memory(Bytes),
    /// Of a blob that is so large in all.
    Range(String, Range<u64>, u64),
}

impl Segment {
    /// How many bytes it has.
    pub fn size_bytes(&self) -> u64 {
        match self {
            Self::Memory(bytes) => bytes.len() as u64,
            Self::Blob { size_bytes, .. } => *size_bytes,
        }
    }

    fn pieces(self) -> Vec<Piece> {
        match self {
            Self::Memory(bytes) => vec![Piece::Memory(bytes)],
            Self::Blob { name, size_bytes } => {
                let starts = (0..size_bytes).step_by(PIECE_BYTES_OF_BUCKET);
                let ranges = starts.map(|start| start..size_bytes.min(start + PIECE_BYTES_OF_BUCKET as u64));
                ranges.map(|range| Piece::Range(name.clone(), range, size_bytes)).collect()
            }
        }
    }
}

impl Blobs {
    /// Shows all bytes of these segments to `step`, a piece at a time, where it may take as long as it wants; gives what has
    /// become of `state`.
    ///
    /// # Errors
    /// A blob is not there, or not of its size.
    pub async fn fold<T: Send + 'static>(
        &self,
        segments: Vec<Segment>,
        state: T,
        step: fn(&mut T, &[u8]),
    ) -> Result<T> {
        match self.local.clone() {
            Some(local) => super::on_a_thread(move || local.fold(&segments, state, step)).await,
            None => self.fold_of_bucket(segments, state, step).await,
        }
    }

    async fn fold_of_bucket<T: Send + 'static>(
        &self,
        segments: Vec<Segment>,
        mut state: T,
        step: fn(&mut T, &[u8]),
    ) -> Result<T> {
        let blobs = self.clone();
        let read = move |piece| {
            let blobs = blobs.clone();
            async move { blobs.read(piece).await }
        };
        let pieces = segments.into_iter().flat_map(Segment::pieces);
        let mut reading = futures::stream::iter(pieces).map(read).buffered(PIECES_AHEAD);
        while let Some(bytes) = reading.try_next().await? {
            state = super::on_a_thread(move || {
                step(&mut state, &bytes);
                Ok(state)
            })
            .await?;
        }
        Ok(state)
    }

    async fn read(&self, piece: Piece) -> Result<Bytes> {
        let (name, range, size_bytes) = match piece {
            Piece::Memory(bytes) => return Ok(bytes),
            Piece::Range(name, range, size_bytes) => (name, range, size_bytes),
        };
        // A longer blob would not be noticed by reading it.
        if range.start == 0 {
            check_size(&name, self.size(&name).await?, size_bytes)?;
        }
        self.get_range(&name, range).await
    }
}

impl Local {
    fn fold<T>(&self, segments: &[Segment], mut state: T, step: fn(&mut T, &[u8])) -> Result<T> {
        let mut memory = vec![0; PIECE_BYTES];
        for segment in segments {
            match segment {
                Segment::Memory(bytes) => step(&mut state, bytes),
                Segment::Blob { name, size_bytes } => {
                    let file = super::or_none(File::open(self.path(name)?))?;
                    let shown = file.map(|file| show(file, &mut memory, |bytes| step(&mut state, bytes)));
                    check_size(name, shown.transpose()?, *size_bytes)?;
                }
            }
        }
        Ok(state)
    }

    /// How many bytes a blob has; none where there is none.
    pub(super) fn size(&self, name: &str) -> Result<Option<u64>> {
        Ok(super::or_none(std::fs::metadata(self.path(name)?))?.map(|found| found.len()))
    }

    fn path(&self, name: &str) -> Result<std::path::PathBuf> {
        Ok(self.store.path_to_filesystem(&BlobPath::from(name))?)
    }
}

/// Shows a file to its end, a memory at a time, and says how much it was.
fn show(mut file: File, memory: &mut [u8], mut step: impl FnMut(&[u8])) -> Result<u64> {
    let mut shown = 0;
    loop {
        match file.read(memory) {
            Ok(0) => return Ok(shown),
            Ok(read) => {
                step(&memory[..read]);
                shown += read as u64;
            }
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(super::local(error)),
        }
    }
}

fn check_size(name: &str, found: Option<u64>, expected: u64) -> Result<()> {
    if found == Some(expected) {
        return Ok(());
    }
    Err(Error::WrongSize { blob: name.to_owned(), size_bytes: found, expected_bytes: expected })
}
