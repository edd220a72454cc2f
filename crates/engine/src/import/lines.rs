//! Lines, from bytes.
//!
//! Must not know: what is in a line.

use fillhouse_model::Fault;
use std::io::{BufRead, Error, Read as _, Result};

/// How long a line may be, in bytes.
const MOST_BYTES: usize = 64 << 20;

/// Reads a line with its end; 0 bytes at the end of the file.
pub(super) fn read(mut reader: &mut dyn BufRead, text: &mut Vec<u8>) -> Result<usize> {
    text.clear();
    let read = (&mut reader).take(MOST_BYTES as u64).read_until(b'\n', text)?;
    if read == MOST_BYTES && !text.ends_with(b"\n") {
        return Err(Error::other(format!("a line is longer than {MOST_BYTES} bytes")));
    }
    Ok(read)
}

/// The text of a line, without its end.
pub(super) fn text(bytes: &[u8]) -> std::result::Result<&str, Fault> {
    let text =
        std::str::from_utf8(bytes).map_err(|error| Fault::new("line", format!("is not UTF-8: {error}")))?;
    Ok(text.trim_end_matches(['\n', '\r']))
}
