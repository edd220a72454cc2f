//! Standard output: a command's result, as text for people or as JSON for programs.
//!
//! Guarantees: what is JSON is one value on one line; an output that takes no more is an error, and no panic.
//!
//! Must not know: what is printed.

use anyhow::Result;
use serde::Serialize;
use std::fmt::Display;
use std::io::{Write as _, stdout};

/// Prints a line, or several.
pub(crate) fn line(text: impl Display) -> Result<()> {
    Ok(writeln!(stdout().lock(), "{text}")?)
}

/// Prints a text that ends its lines by itself.
pub(crate) fn text(text: &str) -> Result<()> {
    let mut out = stdout().lock();
    out.write_all(text.as_bytes())?;
    Ok(out.flush()?)
}

/// Prints a value as JSON.
pub(crate) fn json(value: &impl Serialize) -> Result<()> {
    line(serde_json::to_string(value)?)
}
