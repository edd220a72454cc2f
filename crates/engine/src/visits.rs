//! Keeping off machines that fill in forms: stamps, which say when somebody was given a form's page, and how often an address
//! may send something.
//!
//! A stamp is signed, so that nobody can make one up, and has something in it that nobody else was given.
//!
//! Guarantees: nothing here is needed of those who come by an API, or leaves a trace of anybody.
//!
//! Must not know: what a page looks like, or what is done with somebody who was too fast.

use crate::limits::{CallCounter, RateLimits};
use crate::{Engine, PublicForm, Result};
use std::net::{IpAddr, Ipv6Addr};

/// What a stamp is signed for.
const PURPOSE: &str = "a form's page";
/// How often an address may send something: a school behind one address is not to be kept out.
const LIMITS: RateLimits = RateLimits { per_minute: 60, per_day: 5_000 };
/// How many bits of an address of version 6 are one household's.
const HOUSEHOLD_BITS: u32 = 64;

/// How often each address has sent something.
pub(crate) struct Visits(CallCounter<IpAddr>);

impl Default for Visits {
    fn default() -> Self {
        Self(CallCounter::new(LIMITS))
    }
}

impl Engine {
    /// Counts what an address sends; where it is too much, after how many seconds it is not.
    pub fn count_visit(&self, address: IpAddr) -> Option<i64> {
        let household = match address {
            IpAddr::V4(_) => address,
            IpAddr::V6(v6) => v6.to_ipv4_mapped().map_or_else(
                || IpAddr::V6(Ipv6Addr::from_bits(v6.to_bits() >> HOUSEHOLD_BITS << HOUSEHOLD_BITS)),
                IpAddr::V4,
            ),
        };
        self.parts.visits.0.count(household, self.now()).retry_after_seconds
    }
}

impl PublicForm {
    /// A stamp that says that the form's page was given to somebody just now.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn stamp(&self) -> Result<String> {
        let (micros, nonce) = (self.engine.now().micros().to_string(), self.engine.parts.random.opaque());
        let signature = self.sign(&micros, &nonce).await?;
        Ok(format!("{micros}-{nonce}-{signature}"))
    }

    /// How many seconds ago a stamp was given for this form; none where it was not.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn stamp_age_seconds(&self, stamp: &str) -> Result<Option<i64>> {
        let mut parts = stamp.splitn(3, '-');
        let (Some(micros), Some(nonce), Some(signature)) = (parts.next(), parts.next(), parts.next()) else {
            return Ok(None);
        };
        let Ok(given) = micros.parse::<i64>() else { return Ok(None) };
        let form = self.form().id.to_string();
        let is_ours = self.engine.is_signed(PURPOSE, &[&form, micros, nonce], signature).await?;
        Ok(is_ours.then(|| (self.engine.now().micros() - given).max(0) / 1_000_000))
    }

    async fn sign(&self, micros: &str, nonce: &str) -> Result<String> {
        self.engine.sign(PURPOSE, &[&self.form().id.to_string(), micros, nonce]).await
    }
}
