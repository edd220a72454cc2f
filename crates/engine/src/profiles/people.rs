//! Reading audiences, and the profiles in them.
//!
//! Must not know: how profiles are changed.

use super::matching::{self, Matching};
use crate::{Error, ProfilesReader, Result};
use fillhouse_model::{AccountId, Audience, AudienceId, ErrorKind, Profile};
use fillhouse_store::{Result as StoreResult, Tx};

/// The audience of this id, where it is the account's.
pub(crate) async fn audience_of(
    tx: &mut Tx,
    account: AccountId,
    id: AudienceId,
) -> StoreResult<Option<Audience>> {
    Ok(tx.audience(id).await?.filter(|audience| audience.account_id == account))
}

/// The one of the profiles that were found.
///
/// # Errors
/// There is none, or more than one.
pub(crate) fn the_one(mut found: Vec<Profile>) -> Result<Profile> {
    let one = found.pop().ok_or_else(|| Error::not_found("the profile"))?;
    if !found.is_empty() {
        return Err(Error::new(ErrorKind::Conflict, "more than one profile matches"));
    }
    Ok(one)
}

pub(crate) fn no_audience(id: AudienceId) -> Error {
    Error::not_found(format!("audience {id}"))
}

impl ProfilesReader {
    /// The audience of this id.
    ///
    /// # Errors
    /// There is no such audience of this account.
    pub async fn audience(&self, id: AudienceId) -> Result<Audience> {
        let account = self.account;
        let found = self.engine.parts.store.read(move |tx| Box::pin(audience_of(tx, account, id))).await?;
        found.ok_or_else(|| no_audience(id))
    }

    /// The profile that is meant.
    ///
    /// # Errors
    /// There is no such audience, no such profile, or more than one.
    pub async fn profile(&self, audience: AudienceId, matching: Matching) -> Result<Profile> {
        let account = self.account;
        let found = self.engine.parts.store.read(move |tx| {
            let matching = matching.clone();
            Box::pin(async move {
                let Some(audience) = audience_of(tx, account, audience).await? else { return Ok(None) };
                matching::find(tx, &audience, &matching).await.map(Some)
            })
        });
        the_one(found.await?.ok_or_else(|| no_audience(audience))?)
    }
}
