//! The bytes of a fuzzer, taken for values one after the other.
//!
//! Guarantees: there is always a next value; where no bytes are left it is zero, or empty.
//!
//! Must not know: what the values are for.

/// What is left of an input.
pub(crate) struct Input<'a>(&'a [u8]);

impl<'a> Input<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        Self(bytes)
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// As many bytes as there are, up to `most`.
    pub(crate) fn bytes(&mut self, most: usize) -> &'a [u8] {
        let (taken, left) = self.0.split_at(most.min(self.0.len()));
        self.0 = left;
        taken
    }

    pub(crate) fn byte(&mut self) -> u8 {
        self.bytes(1).first().copied().unwrap_or_default()
    }

    /// A number of up to eight bytes.
    pub(crate) fn number(&mut self, width: usize) -> u64 {
        self.bytes(width).iter().fold(0, |number, byte| number << 8 | u64::from(*byte))
    }
}
