//! Files of lines, by name: `-` is standard input or output, `.gz` and `.zst` are compressed.
//!
//! Guarantees: a file that is written appears under its name when it is whole, and not before.
//!
//! Must not know: what is in them.

use anyhow::{Context as _, Result};
use std::fs::File;
use std::io::{self, BufRead, BufReader, BufWriter, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

const BUFFER_BYTES: usize = 1 << 20;

/// A file to be read.
pub(crate) struct Source {
    pub(crate) lines: Box<dyn BufRead + Send>,
    /// How large it is, where that is known.
    pub(crate) size_bytes: Option<u64>,
    /// How many of its bytes were read.
    pub(crate) read_bytes: Arc<AtomicU64>,
}

/// Opens a file to read.
pub(crate) fn open(name: &str) -> Result<Source> {
    let read_bytes = Arc::new(AtomicU64::new(0));
    let (raw, size_bytes): (Box<dyn Read + Send>, _) = if name == "-" {
        (Box::new(io::stdin()), None)
    } else {
        let file = File::open(name).with_context(|| format!("{name} cannot be opened"))?;
        let size_bytes = file.metadata().ok().map(|data| data.len()).filter(|bytes| *bytes > 0);
        (Box::new(file), size_bytes)
    };
    let counted = BufReader::with_capacity(BUFFER_BYTES, Counted { raw, read_bytes: read_bytes.clone() });
    let lines: Box<dyn BufRead + Send> = match extension(name) {
        Some("gz") => {
            Box::new(BufReader::with_capacity(BUFFER_BYTES, flate2::bufread::MultiGzDecoder::new(counted)))
        }
        Some("zst") => Box::new(BufReader::with_capacity(BUFFER_BYTES, zstd::Decoder::with_buffer(counted)?)),
        _ => Box::new(counted),
    };
    Ok(Source { lines, size_bytes, read_bytes })
}

struct Counted {
    raw: Box<dyn Read + Send>,
    read_bytes: Arc<AtomicU64>,
}

impl Read for Counted {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.raw.read(buffer)?;
        self.read_bytes.fetch_add(read as u64, Ordering::Relaxed);
        Ok(read)
    }
}

/// What is to come of a file that is written.
pub(crate) struct Target {
    partial: Option<(PathBuf, PathBuf)>,
    finished: Arc<Mutex<Option<io::Result<File>>>>,
}

/// Opens a file to write: what is to come of it, and where to write.
pub(crate) fn create(name: &str) -> Result<(Target, Box<dyn Write + Send>)> {
    let finished = Arc::default();
    if name == "-" {
        let writer = Box::new(BufWriter::with_capacity(BUFFER_BYTES, io::stdout()));
        return Ok((Target { partial: None, finished }, writer));
    }
    let whole = PathBuf::from(name);
    let partial = PathBuf::from(format!("{name}.partial"));
    let file = File::create(&partial).with_context(|| format!("{} cannot be written", partial.display()))?;
    let coder = match extension(name) {
        Some("gz") => Coder::Gzip(flate2::write::GzEncoder::new(file, flate2::Compression::fast())),
        Some("zst") => Coder::Zstd(zstd::Encoder::new(file, 0)?),
        _ => Coder::Plain(BufWriter::with_capacity(BUFFER_BYTES, file)),
    };
    let writer = Finishing { coder: Some(coder), finished: finished.clone() };
    Ok((Target { partial: Some((partial, whole)), finished }, Box::new(writer)))
}

impl Target {
    /// Puts the file under its name. The writer must have been dropped.
    pub(crate) fn publish(self) -> Result<()> {
        let Some((partial, whole)) = self.partial else {
            return Ok(());
        };
        let finished = self.finished.lock().unwrap_or_else(PoisonError::into_inner).take();
        let file = finished.context("the file was not finished")??;
        file.sync_all()?;
        std::fs::rename(&partial, &whole).with_context(|| format!("{} cannot be written", whole.display()))
    }
}

enum Coder {
    Plain(BufWriter<File>),
    Gzip(flate2::write::GzEncoder<File>),
    Zstd(zstd::Encoder<'static, File>),
}

/// A writer that finishes its file when it is dropped, and remembers whether that went well.
struct Finishing {
    coder: Option<Coder>,
    finished: Arc<Mutex<Option<io::Result<File>>>>,
}

impl Finishing {
    fn coder(&mut self) -> &mut dyn Write {
        match self.coder.as_mut().expect("it is there until the writer is dropped") {
            Coder::Plain(writer) => writer,
            Coder::Gzip(writer) => writer,
            Coder::Zstd(writer) => writer,
        }
    }
}

impl Write for Finishing {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.coder().write(bytes)
    }

    /// What is compressed is flushed when it is finished; before, it would only grow by it.
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Drop for Finishing {
    fn drop(&mut self) {
        let finished = self.coder.take().map(|coder| match coder {
            Coder::Plain(writer) => writer.into_inner().map_err(io::IntoInnerError::into_error),
            Coder::Gzip(writer) => writer.finish(),
            Coder::Zstd(writer) => writer.finish(),
        });
        *self.finished.lock().unwrap_or_else(PoisonError::into_inner) = finished;
    }
}

/// Makes a folder, and those above it, into which nobody else of the machine can look.
pub(crate) fn make_private(folder: &Path) -> Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder
        .recursive(true)
        .create(folder)
        .with_context(|| format!("the folder {} cannot be made", folder.display()))
}

fn extension(name: &str) -> Option<&str> {
    Path::new(name).extension().and_then(|extension| extension.to_str())
}
