//! What the server signs with, so that it knows again what it has given out and nobody can make such a thing.
//!
//! Guarantees: a signature for one purpose is none for another; comparing one tells nothing of it.
//!
//! Must not know: what is signed.

use crate::random::hex;
use crate::{Engine, Result};
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

/// The name of the key in the store.
const NAME: &str = "signing";

impl Engine {
    /// The signature of these parts for a purpose, in lower-case hex.
    pub(crate) async fn sign(&self, purpose: &str, parts: &[&str]) -> Result<String> {
        Ok(hex(&self.mac(purpose, parts).await?.finalize().into_bytes()))
    }

    /// Whether this is the signature of these parts for this purpose.
    pub(crate) async fn is_signed(&self, purpose: &str, parts: &[&str], signature: &str) -> Result<bool> {
        let Some(signature) = unhex(signature) else { return Ok(false) };
        Ok(self.mac(purpose, parts).await?.verify_slice(&signature).is_ok())
    }

    async fn mac(&self, purpose: &str, parts: &[&str]) -> Result<Hmac<Sha256>> {
        let key = self.parts.key.get_or_try_init(|| self.load_key()).await?;
        let mut mac = Hmac::<Sha256>::new_from_slice(key).map_err(crate::Error::internal)?;
        for part in std::iter::once(&purpose).chain(parts) {
            mac.update(&(part.len() as u64).to_le_bytes());
            mac.update(part.as_bytes());
        }
        Ok(mac)
    }

    /// A secret of the server's own, of this name: 32 bytes, the same for ever.
    pub(crate) async fn secret_of(&self, name: &'static str) -> Result<Vec<u8>> {
        let (fresh, now) = (self.parts.random.secret(), self.now());
        let secret = self.parts.store.write(move |tx| {
            let fresh = fresh.clone();
            Box::pin(async move { tx.server_key(name, fresh.as_bytes(), now).await })
        });
        read_secret(name, &secret.await?)
    }

    async fn load_key(&self) -> Result<Vec<u8>> {
        let (fresh, now) = (self.parts.random.secret(), self.now());
        let key = self.parts.store.write(move |tx| {
            let fresh = fresh.clone();
            Box::pin(async move { tx.server_key(NAME, fresh.as_bytes(), now).await })
        });
        Ok(key.await?)
    }
}

/// A secret of the server's own, from what is stored of it.
pub(crate) fn read_secret(name: &'static str, stored: &[u8]) -> Result<Vec<u8>> {
    let read = std::str::from_utf8(stored).ok().and_then(unhex);
    read.ok_or_else(|| crate::Error::internal(format!("the key {name} is not readable")))
}

/// The bytes of lower-case hex.
pub(crate) fn unhex(text: &str) -> Option<Vec<u8>> {
    let digits = text.as_bytes().chunks(2);
    digits.map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()).collect()
}
