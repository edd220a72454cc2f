//! What it takes to be let in at a destination, encrypted as it is stored.
//!
//! Whoever has the whole database has the key, too; whoever sees a row of it, in a log or in a query's answer, does not.
//!
//! Guarantees: what was sealed for one schedule is opened for no other; what was changed is not opened at all.
//!
//! Must not know: where it is sent.

use super::destination::DestinationSecret;
use crate::keys::{read_secret, unhex};
use crate::{Engine, Error, Random, Result};
use ring::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use serde::{Deserialize, Serialize};

/// The name of the key in the store.
pub(super) const KEY: &str = "destinations";

/// What encrypts secrets, and reads them again.
pub(super) struct Sealer(LessSafeKey);

/// A [`DestinationSecret`].
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum StoredSecret {
    Signing(String),
    Keys(String, String),
}

impl Engine {
    /// A secret of the schedule of this id, as it is stored.
    pub(super) async fn seal(&self, schedule: &str, secret: &DestinationSecret) -> Result<Vec<u8>> {
        self.sealer().await?.seal(&self.parts.random, schedule, secret)
    }

    /// What was sealed for the schedule of this id.
    pub(super) async fn unseal(&self, schedule: &str, sealed: &[u8]) -> Result<DestinationSecret> {
        self.sealer().await?.unseal(schedule, sealed)
    }

    pub(super) async fn sealer(&self) -> Result<Sealer> {
        Sealer::with(&self.secret_of(KEY).await?)
    }
}

impl Sealer {
    /// The sealer whose key is stored so.
    pub(super) fn of(stored: &[u8]) -> Result<Self> {
        Self::with(&read_secret(KEY, stored)?)
    }

    fn with(key: &[u8]) -> Result<Self> {
        let key = UnboundKey::new(&AES_256_GCM, key);
        Ok(Self(LessSafeKey::new(key.map_err(|_| Error::internal("the key of destinations is none"))?)))
    }

    /// A secret of the schedule of this id: a nonce, and what is encrypted with it.
    pub(super) fn seal(
        &self,
        random: &Random,
        schedule: &str,
        secret: &DestinationSecret,
    ) -> Result<Vec<u8>> {
        let stored = match secret.clone() {
            DestinationSecret::Signing(secret) => StoredSecret::Signing(secret),
            DestinationSecret::Keys { access_key_id, secret_access_key } => {
                StoredSecret::Keys(access_key_id, secret_access_key)
            }
        };
        let mut sealed = serde_json::to_vec(&stored).map_err(Error::internal)?;
        let fresh = unhex(&random.secret()).unwrap_or_default();
        let nonce: [u8; NONCE_LEN] = fresh
            .get(..NONCE_LEN)
            .and_then(|bytes| bytes.try_into().ok())
            .ok_or_else(|| Error::internal("there is no randomness for a nonce"))?;
        self.0
            .seal_in_place_append_tag(
                Nonce::assume_unique_for_key(nonce),
                Aad::from(schedule.as_bytes()),
                &mut sealed,
            )
            .map_err(|_| Error::internal("a secret could not be encrypted"))?;
        Ok([nonce.as_slice(), &sealed].concat())
    }

    /// What was sealed for the schedule of this id.
    pub(super) fn unseal(&self, schedule: &str, sealed: &[u8]) -> Result<DestinationSecret> {
        let unreadable = || Error::internal(format!("the secret of the schedule {schedule} is not readable"));
        let (nonce, sealed) = sealed.split_at_checked(NONCE_LEN).ok_or_else(unreadable)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| unreadable())?;
        let mut bytes = sealed.to_vec();
        let opened = self.0.open_in_place(nonce, Aad::from(schedule.as_bytes()), &mut bytes);
        let stored = opened.ok().and_then(|json| serde_json::from_slice(json).ok()).ok_or_else(unreadable)?;
        Ok(match stored {
            StoredSecret::Signing(secret) => DestinationSecret::Signing(secret),
            StoredSecret::Keys(access_key_id, secret_access_key) => {
                DestinationSecret::Keys { access_key_id, secret_access_key }
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::leased;

    #[tokio::test]
    async fn a_secret_is_opened_for_its_own_schedule_and_only_whole() {
        let (_folder, engine, _, _) = leased().await;
        let secret = DestinationSecret::Signing("a secret of ours".to_owned());
        let sealed = engine.seal("one", &secret).await.unwrap();
        assert!(!String::from_utf8_lossy(&sealed).contains("secret"));
        assert_eq!(engine.unseal("one", &sealed).await.unwrap(), secret);
        assert!(engine.unseal("two", &sealed).await.is_err());
        for place in [0, NONCE_LEN, sealed.len() - 1] {
            let mut changed = sealed.clone();
            changed[place] ^= 1;
            assert!(engine.unseal("one", &changed).await.is_err(), "{place}");
        }
        assert!(engine.unseal("one", &sealed[..5]).await.is_err());
        // The same twice looks like two.
        assert_ne!(engine.seal("one", &secret).await.unwrap(), sealed);
    }
}
