//! Bits, from the lowest of each byte on (RFC 1951, 3.1.1).
//!
//! Guarantees: bits are written in the order in which they are put.
//!
//! Must not know: what they mean.

/// How many bytes are put together before they are appended.
const TOGETHER_BYTES: usize = 4096;

/// At most 56 bits, the lowest of a value whose others are not set.
#[derive(Debug, Clone, Copy)]
pub(super) struct Bits {
    pub(super) value: u64,
    pub(super) count: u32,
}

impl Bits {
    #[inline]
    pub(super) fn new(value: u64, count: u32) -> Self {
        Self { value, count }
    }

    /// These, and `next` behind them.
    #[inline]
    pub(super) fn then(self, next: Self) -> Self {
        Self { value: self.value | next.value << self.count, count: self.count + next.count }
    }
}

/// Appends bits to bytes.
#[derive(Debug)]
pub(super) struct BitWriter<'a> {
    out: &'a mut Vec<u8>,
    /// What is put together, and how much of it.
    together: Box<[u8; TOGETHER_BYTES]>,
    at: usize,
    /// Bits that are not written, fewer than eight, from the lowest on.
    held: u64,
    held_bits: u32,
}

impl<'a> BitWriter<'a> {
    pub(super) fn new(out: &'a mut Vec<u8>) -> Self {
        Self { out, together: Box::new([0; TOGETHER_BYTES]), at: 0, held: 0, held_bits: 0 }
    }

    #[inline]
    pub(super) fn put(&mut self, bits: Bits) {
        self.held |= bits.value << self.held_bits;
        self.held_bits += bits.count;
        // All eight bytes are written, and those that are not whole again.
        if let Some(to) = self.together.get_mut(self.at..).and_then(<[u8]>::first_chunk_mut) {
            *to = self.held.to_le_bytes();
        }
        let whole = self.held_bits / 8;
        self.at += whole as usize;
        self.held >>= whole * 8;
        self.held_bits %= 8;
        if self.at > TOGETHER_BYTES - 8 {
            append(self.out, self.together.as_slice(), std::mem::take(&mut self.at));
        }
    }

    /// Ends with a block of no bytes as they are, which begins at a whole byte (RFC 1951, 3.2.4).
    pub(super) fn finish(mut self) {
        self.put(Bits::new(0b000, 3));
        if self.held_bits > 0 {
            self.put(Bits::new(0, 8 - self.held_bits));
        }
        self.put(Bits::new(0xFFFF_0000, 32));
        append(self.out, self.together.as_slice(), self.at);
    }
}

/// On its own, so that all that a writer counts with can stay in registers.
#[cold]
#[inline(never)]
fn append(out: &mut Vec<u8>, together: &[u8], size_bytes: usize) {
    out.extend_from_slice(&together[..size_bytes]);
}
