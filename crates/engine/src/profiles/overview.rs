//! Audiences and segments as people look at them: how many are in them, who, and what they filled in.
//!
//! Guarantees: what is listed is bounded, whatever there is.
//!
//! Must not know: how anything is shown.

use super::people::{audience_of, no_audience};
use super::query::ProfileQuery;
use super::segments::count;
use crate::export::keys_of;
use crate::{Error, FormsReader, ProfilesReader, Result};
use fillhouse_model::row::Row;
use fillhouse_model::{
    Audience, AudienceId, Filter, FormId, Profile, SegmentId, SegmentMembers, SubmissionId, Timestamp,
};

/// How many segments of an account are looked through.
const MOST_SEGMENTS: i64 = 10_000;

/// An audience, and what there is of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AudienceOverview {
    /// The audience.
    pub audience: Audience,
    /// How many profiles it has.
    pub profiles: i64,
    /// Its segments: id, name, and whether who is in it was chosen one by one.
    pub segments: Vec<(SegmentId, String, bool)>,
}

/// A submission that is from a profile.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProfileFill {
    /// The form.
    pub form_id: FormId,
    /// What the form is called.
    pub form_name: String,
    /// The submission.
    pub submission_id: SubmissionId,
    /// When it was last changed.
    pub date_update: Timestamp,
}

impl ProfilesReader {
    /// An audience, and what there is of it.
    ///
    /// # Errors
    /// There is no such audience of this account.
    pub async fn audience_overview(&self, id: AudienceId) -> Result<AudienceOverview> {
        let account = self.account;
        let found = self.engine.parts.store.read(move |tx| {
            Box::pin(async move {
                let Some(audience) = audience_of(tx, account, id).await? else { return Ok(None) };
                let profiles = tx.count_profiles(id).await?;
                let heads = tx.segments_of(account, SegmentId(0), MOST_SEGMENTS).await?;
                let of_audience = heads.into_iter().filter(|head| head.audience_id == id);
                let segments = of_audience.map(|head| (head.id, head.name, head.query.is_none())).collect();
                Ok(Some(AudienceOverview { audience, profiles, segments }))
            })
        });
        found.await?.ok_or_else(|| no_audience(id))
    }

    /// How many profiles of an audience a query wants; all where there is none.
    ///
    /// # Errors
    /// There is no such audience, or the query is none; the fault is about the field `query`.
    pub async fn count(&self, audience: AudienceId, query: Option<ProfileQuery>) -> Result<i64> {
        let found = self.audience(audience).await?;
        let filter = match query {
            Some(query) => query.read(&found.fields).map_err(|fault| fault.within("query"))?,
            None => Filter::everyone(),
        };
        let counted = self.engine.parts.store.read(move |tx| {
            let filter = filter.clone();
            Box::pin(async move { count(tx, audience, &filter).await })
        });
        Ok(counted.await?)
    }

    /// Up to `limit` of those who were chosen for a segment one by one, from the one at `skip` on.
    ///
    /// # Errors
    /// There is no such segment of this account, or it has a query.
    pub async fn members(&self, segment: SegmentId, skip: usize, limit: usize) -> Result<Vec<Profile>> {
        let account = self.account;
        let found = self.engine.parts.store.read(move |tx| {
            Box::pin(async move {
                let Some(found) = tx.segment(segment).await? else { return Ok(None) };
                let (audience, SegmentMembers::Fixed(ids)) = (found.audience_id, found.members) else {
                    return Ok(None);
                };
                if audience_of(tx, account, audience).await?.is_none() {
                    return Ok(None);
                }
                let keys: Vec<_> = ids.into_iter().skip(skip).take(limit).map(|id| (audience, id)).collect();
                tx.profiles(&keys).await.map(Some)
            })
        });
        let found = found.await?.ok_or_else(|| Error::not_found(format!("segment {segment}")))?;
        Ok(found.into_iter().flatten().collect())
    }
}

impl FormsReader {
    /// Up to `limit` submissions of the account's forms that are from a profile, those of each form by their arrival.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn fills_of_profile(&self, profile: &Profile, limit: usize) -> Result<Vec<ProfileFill>> {
        let (account, profile) = (self.account, profile.clone());
        let found = self.engine.parts.store.read(move |tx| {
            let profile = profile.clone();
            Box::pin(async move {
                let mut fills = Vec::new();
                let is_ours =
                    tx.audience(profile.audience_id).await?.is_some_and(|one| one.account_id == account);
                if !is_ours {
                    return Ok(fills);
                }
                for stored in tx.forms_of(account).await? {
                    let mut keys = keys_of(tx, &stored.form, &profile).await?;
                    keys.truncate(limit.saturating_sub(fills.len()));
                    for body in tx.bodies_at(&keys).await?.into_iter().flatten() {
                        fills.push((stored.form.id, stored.form.name.clone(), body));
                    }
                    if fills.len() >= limit {
                        break;
                    }
                }
                Ok(fills)
            })
        });
        let fill = |(form_id, form_name, body): (FormId, String, Vec<u8>)| {
            let row = Row::read(&body)?;
            let date_update = Timestamp::from_micros(row.date_update);
            let date_update = date_update.ok_or_else(|| Error::internal("a date of a row is none"))?;
            Ok(ProfileFill { form_id, form_name, submission_id: SubmissionId(row.id), date_update })
        };
        found.await?.into_iter().map(fill).collect()
    }
}
