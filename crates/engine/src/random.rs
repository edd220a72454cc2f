//! Randomness, and the ids that are made of it.
//!
//! Guarantees: ids are unguessable where the generator is; with a seed they are the same each time, for tests.
//!
//! Must not know: the time; ids that begin with one are given it.

use fillhouse_model::{ProfileId, Timestamp};
use rand::rngs::StdRng;
use rand::{Rng as _, RngExt as _, SeedableRng as _};
use std::sync::{Arc, Mutex, PoisonError};

/// The letters and digits of opaque ids.
const ALPHABET: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
/// As many as an id in the field has: 136 bits of randomness.
const OPAQUE_CHARS: usize = 23;

/// A generator of randomness that all share.
#[derive(Debug, Clone)]
pub struct Random {
    generator: Arc<Mutex<StdRng>>,
}

impl Random {
    /// Seeded by the system: nobody can guess what comes.
    pub fn from_system() -> Self {
        Self { generator: Arc::new(Mutex::new(rand::make_rng())) }
    }

    /// Seeded by a number: for tests.
    pub fn from_seed(seed: u64) -> Self {
        Self { generator: Arc::new(Mutex::new(StdRng::seed_from_u64(seed))) }
    }

    /// An id that cannot be guessed, of letters and digits.
    pub fn opaque(&self) -> String {
        let mut generator = self.generator.lock().unwrap_or_else(PoisonError::into_inner);
        (0..OPAQUE_CHARS).map(|_| char::from(ALPHABET[generator.random_range(0..ALPHABET.len())])).collect()
    }

    /// A UUID of version 7 (RFC 9562, section 5.7): it begins with the time, so later ones sort after earlier ones.
    pub fn uuid(&self, now: Timestamp) -> String {
        let mut random = [0; 10];
        self.generator.lock().unwrap_or_else(PoisonError::into_inner).fill_bytes(&mut random);
        let millis = u64::try_from(now.micros() / 1_000).unwrap_or(0);
        uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid().to_string()
    }

    /// About this much, a fifth more or less: so that those who wait for the same do not come back at the same moment.
    pub(crate) fn about(&self, micros: i64) -> i64 {
        let fifth = micros / 5;
        let mut generator = self.generator.lock().unwrap_or_else(PoisonError::into_inner);
        micros + generator.random_range(-fifth..=fifth)
    }

    /// An id of a profile: it begins with the time in seconds, so later ones sort after earlier ones.
    pub fn profile_id(&self, now: Timestamp) -> ProfileId {
        let mut id = [0; 12];
        self.generator.lock().unwrap_or_else(PoisonError::into_inner).fill_bytes(&mut id[4..]);
        let seconds = u32::try_from(now.micros() / 1_000_000).unwrap_or(0);
        id[..4].copy_from_slice(&seconds.to_be_bytes());
        ProfileId(id)
    }

    /// A secret: 256 bits, in lower-case hex.
    pub fn secret(&self) -> String {
        let mut random = [0; 32];
        self.generator.lock().unwrap_or_else(PoisonError::into_inner).fill_bytes(&mut random);
        hex(&random)
    }
}

/// Bytes in lower-case hex.
pub(crate) fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        // Writing to a string does not fail.
        write!(text, "{byte:02x}").ok();
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_what_they_say() {
        let random = Random::from_seed(1);
        let now: Timestamp = "2026-04-01T00:00:00Z".parse().unwrap();
        let id = random.opaque();
        assert!(id.len() == 23 && id.bytes().all(|b| b.is_ascii_alphanumeric()), "{id}");
        let (first, second) = (random.uuid(now), random.uuid(now.plus_micros(1_000)));
        assert!(first < second && first.as_bytes()[14] == b'7', "{first} {second}");
        assert_eq!(random.secret().len(), 64);
        assert_ne!(random.secret(), random.secret());
    }
}
