//! Reading audiences, and the profiles in them.
//!
//! Must not know: how profiles are changed.

use super::matching::holds;
use super::matching::{self, Matching};
use super::query::ProfileQuery;
use super::values;
use crate::{Error, ProfilesReader, Result};
use fillhouse_model::{AccountId, Audience, AudienceId, ErrorKind, Filter, Profile, ProfileId};
use fillhouse_render::profiles::write_json;
use fillhouse_store::{Result as StoreResult, Tx};

/// How many profiles are looked at at once.
const ROWS_AT_ONCE: i64 = 1_000;

/// Some of an account's audiences, by id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AudiencePage {
    /// The audiences.
    pub audiences: Vec<Audience>,
    /// The id that the next page begins with; none after the last one.
    pub next: Option<AudienceId>,
    /// How many there are in all.
    pub total: i64,
}

/// Some of the profiles of an audience, by id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProfilePage {
    /// The profiles, each a JSON object.
    pub profiles: Vec<String>,
    /// The id after which the next page begins; none after the last one.
    pub next: Option<ProfileId>,
}

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

    /// A profile as a JSON object.
    ///
    /// # Errors
    /// As [`ProfilesReader::profile`].
    pub async fn profile_json(&self, audience: AudienceId, matching: Matching) -> Result<String> {
        json(&self.profile(audience, matching).await?)
    }

    /// Up to `limit` audiences from the id `from` on.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn audiences(&self, from: AudienceId, limit: i64) -> Result<AudiencePage> {
        let account = self.account;
        let found = self.engine.parts.store.read(move |tx| {
            Box::pin(async move {
                let audiences = tx.audiences_of(account, from, limit + 1).await?;
                Ok((audiences, tx.count_audiences(account).await?))
            })
        });
        let (mut audiences, total) = found.await?;
        let next = audiences.get(usize::try_from(limit).unwrap_or(0)).map(|audience| audience.id);
        audiences.retain(|audience| next.is_none_or(|next| audience.id < next));
        Ok(AudiencePage { audiences, next, total })
    }

    /// Up to `limit` profiles of an audience after the id `after`, with those of their members and fields that are named,
    /// or all where none is.
    ///
    /// # Errors
    /// There is no such audience, or the query is none; the fault is about the field `query`.
    pub async fn profiles(
        &self,
        audience: AudienceId,
        after: Option<ProfileId>,
        limit: usize,
        query: Option<ProfileQuery>,
        names: &[String],
    ) -> Result<ProfilePage> {
        let found = self.audience(audience).await?;
        let filter = match query {
            Some(query) => query.read(&found.fields).map_err(|fault| fault.within("query"))?,
            None => Filter::everyone(),
        };
        let read = self.engine.parts.store.read(move |tx| {
            let filter = filter.clone();
            Box::pin(async move { page(tx, audience, after, limit, &filter).await })
        });
        let (profiles, next) = read.await?;
        let shown = |profile: &Profile| {
            let json = json(profile)?;
            if names.is_empty() { Ok(json) } else { values::chosen(&json, names).map_err(Error::internal) }
        };
        Ok(ProfilePage { profiles: profiles.iter().map(shown).collect::<Result<_>>()?, next })
    }
}

async fn page(
    tx: &mut Tx,
    audience: AudienceId,
    mut after: Option<ProfileId>,
    limit: usize,
    filter: &Filter,
) -> StoreResult<(Vec<Profile>, Option<ProfileId>)> {
    let mut found: Vec<Profile> = Vec::new();
    loop {
        let candidates = tx.profiles_like(audience, after, filter, ROWS_AT_ONCE).await?;
        let Some(last) = candidates.last() else { return Ok((found, None)) };
        after = Some(last.id);
        for profile in candidates {
            if !holds(filter, &profile)? {
                continue;
            }
            if found.len() == limit {
                let next = found.last().map(|profile| profile.id);
                return Ok((found, next));
            }
            found.push(profile);
        }
    }
}

fn json(profile: &Profile) -> Result<String> {
    let mut out = Vec::new();
    write_json(profile, &mut out).map_err(Error::internal)?;
    String::from_utf8(out).map_err(Error::internal)
}
