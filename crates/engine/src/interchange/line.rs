//! Writing a line, key by key.
//!
//! Guarantees: a line is one JSON object on one line, its keys in the order in which they were given.
//!
//! Must not know: which keys a kind has.

use super::kind::Kind;
use serde::{Serialize, Serializer};
use std::fmt::Display;

/// A line that is being written.
pub(super) struct Line<'out>(&'out mut Vec<u8>);

impl<'out> Line<'out> {
    /// Begins a line.
    pub(super) fn new(kind: Kind, out: &'out mut Vec<u8>) -> Self {
        out.extend_from_slice(b"{\"kind\":\"");
        out.extend_from_slice(kind.name().as_bytes());
        out.push(b'"');
        Self(out)
    }

    /// Adds a key.
    pub(super) fn put(&mut self, key: &'static str, value: &(impl Serialize + ?Sized)) -> &mut Self {
        self.key(key);
        serde_json::to_writer(&mut *self.0, value)
            .expect("memory takes every byte, and no value has anything that JSON has no form for");
        self
    }

    /// Adds a key whose value may be absent; then there is no key either.
    pub(super) fn put_some(&mut self, key: &'static str, value: Option<impl Serialize>) -> &mut Self {
        match value {
            Some(value) => self.put(key, &value),
            None => self,
        }
    }

    /// Adds a key whose value is JSON already, and on one line.
    pub(super) fn put_json(&mut self, key: &'static str, json: &str) -> &mut Self {
        self.key(key);
        self.0.extend_from_slice(json.as_bytes());
        self
    }

    /// Ends the line.
    pub(super) fn end(&mut self) {
        self.0.extend_from_slice(b"}\n");
    }

    fn key(&mut self, key: &'static str) {
        self.0.extend_from_slice(b",\"");
        self.0.extend_from_slice(key.as_bytes());
        self.0.extend_from_slice(b"\":");
    }
}

/// A value that is written as the text it is shown as.
pub(super) struct Shown<T>(pub(super) T);

impl<T: Display> Serialize for Shown<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}
