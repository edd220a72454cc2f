//! Profiles: as they are, what they are found by, and as they were.
//!
//! Guarantees: every change of a profile keeps what it replaces as a version, and leaves the profile with the keys that it
//! has now and no others.
//!
//! Must not know: how a profile is matched or a query evaluated.

use crate::document;
use crate::sieve::Sieve;
use crate::value::{Param, Row, params};
use crate::{Error, Result, Tx};
use fillhouse_model::{AudienceId, Filter, Profile, ProfileId, Timestamp, profile_keys};
use std::collections::{BTreeMap, BTreeSet};

const PROFILE: &str =
    "SELECT audience_id, id, email, phones, status, fields FROM profiles WHERE audience_id = $1 AND id = $2";
const PROFILES_AFTER: &str = "SELECT audience_id, id, email, phones, status, fields FROM profiles \
     WHERE audience_id = $1 AND id > $2 ORDER BY id LIMIT $3";
const CANDIDATES: &str = "SELECT audience_id, id, email, phones, status, fields FROM profiles \
     WHERE audience_id = $1 AND id > $2";
const BY_KEY: &str = "SELECT profiles.audience_id, id, email, phones, status, fields FROM profile_keys \
     JOIN profiles ON profiles.audience_id = profile_keys.audience_id AND profiles.id = profile_keys.profile_id \
     WHERE profile_keys.audience_id = $1 AND key = $2 ORDER BY profile_id LIMIT $3";
const PUT: &str = "INSERT INTO profiles (audience_id, id, seq, email, phones, status, fields) \
     VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (audience_id, id) DO UPDATE SET seq = excluded.seq, \
     email = excluded.email, phones = excluded.phones, status = excluded.status, fields = excluded.fields";
const DELETE: &str = "DELETE FROM profiles WHERE audience_id = $1 AND id = $2";
const KEEP_VERSION: &str = "INSERT INTO profile_versions \
     (audience_id, id, seq, replaced_seq, replaced_at, email, phones, status, fields) \
     SELECT audience_id, id, seq, CAST($1 AS BIGINT), CAST($2 AS BIGINT), email, phones, status, fields \
     FROM profiles WHERE audience_id = $3 AND id = $4";
const ADD_KEY: &str = "INSERT INTO profile_keys (audience_id, key, profile_id) VALUES ($1, $2, $3)";
const DROP_KEY: &str = "DELETE FROM profile_keys WHERE audience_id = $1 AND key = $2 AND profile_id = $3";

impl Tx {
    /// The audience's profiles of these ids, in their order.
    pub async fn profiles(&mut self, keys: &[(AudienceId, ProfileId)]) -> Result<Vec<Option<Profile>>> {
        let ids: Vec<String> = keys.iter().map(|(_, id)| id.to_string()).collect();
        let lists: Vec<Vec<Param<'_>>> =
            keys.iter().zip(&ids).map(|((audience, _), id)| params![audience.0, id].to_vec()).collect();
        self.query_each(PROFILE, &lists, read_profile).await
    }

    /// Up to `limit` profiles of an audience whose id is after `after`, by id; the first ones where there is no `after`.
    pub async fn profiles_after(
        &mut self,
        audience: AudienceId,
        after: Option<ProfileId>,
        limit: i64,
    ) -> Result<Vec<Profile>> {
        let after = after.map_or_else(String::new, |id| id.to_string());
        self.query(PROFILES_AFTER, params![audience.0, &after, limit], read_profile).await
    }

    /// Up to `limit` profiles of an audience whose id is after `after`, by id, of which a filter may hold: all of which it
    /// does, and perhaps others.
    pub async fn profiles_like(
        &mut self,
        audience: AudienceId,
        after: Option<ProfileId>,
        filter: &Filter,
        limit: i64,
    ) -> Result<Vec<Profile>> {
        let after = after.map_or_else(String::new, |id| id.to_string());
        let sieve = Sieve::of(filter, 3);
        let sql = format!("{CANDIDATES}{} ORDER BY id LIMIT ${}", sieve.sql, sieve.next);
        let mut values: Vec<Param<'_>> = params![audience.0, &after].to_vec();
        values.extend(sieve.values.iter().map(Param::from));
        values.push(limit.into());
        self.query_once(&sql, &values, read_profile).await
    }

    /// Up to `limit` profiles of an audience that have this key (see [`profile_keys`]), by id.
    pub async fn profiles_with_key(
        &mut self,
        audience: AudienceId,
        key: &str,
        limit: i64,
    ) -> Result<Vec<Profile>> {
        self.query(BY_KEY, params![audience.0, key, limit], read_profile).await
    }

    /// Stores profiles of an audience, new or in place of those with their ids. Of those with one id, the last one stays.
    pub async fn put_profiles(
        &mut self,
        audience: AudienceId,
        profiles: &[Profile],
        now: Timestamp,
    ) -> Result<()> {
        if profiles.is_empty() {
            return Ok(());
        }
        let last: BTreeMap<ProfileId, &Profile> =
            profiles.iter().map(|profile| (profile.id, profile)).collect();
        let ids: Vec<ProfileId> = last.keys().copied().collect();
        let (seq, replaced) = self.retire(audience, &ids, now).await?;
        let texts: Vec<(String, String)> = last
            .values()
            .map(|profile| (profile.id.to_string(), document::phones_to_json(&profile.phones)))
            .collect();
        let lists: Vec<Vec<Param<'_>>> = last
            .values()
            .zip(&texts)
            .map(|(profile, (id, phones))| {
                let Profile { email, status, fields, .. } = profile;
                params![audience.0, id, seq, email.as_deref(), phones, status.as_deref(), fields].to_vec()
            })
            .collect();
        self.execute_each(PUT, &lists).await?;
        self.change_keys(ADD_KEY, audience, last.values().copied()).await?;
        self.add_profiles(audience, ids.len() as i64 - replaced).await
    }

    /// Deletes profiles of an audience; those that are not there are passed over.
    pub async fn delete_profiles(
        &mut self,
        audience: AudienceId,
        ids: &[ProfileId],
        now: Timestamp,
    ) -> Result<()> {
        let ids: Vec<ProfileId> = ids.iter().copied().collect::<BTreeSet<_>>().into_iter().collect();
        if ids.is_empty() {
            return Ok(());
        }
        let (seq, deleted) = self.retire(audience, &ids, now).await?;
        let texts: Vec<String> = ids.iter().map(ToString::to_string).collect();
        let lists: Vec<Vec<Param<'_>>> = texts.iter().map(|id| params![audience.0, id].to_vec()).collect();
        self.execute_each(DELETE, &lists).await?;
        self.remove_from_segments(audience, &texts, seq, now).await?;
        self.add_profiles(audience, -deleted).await
    }

    /// Keeps those of these profiles that are there as versions, and drops their keys; the seq of the change that is to
    /// follow, and how many they are.
    async fn retire(
        &mut self,
        audience: AudienceId,
        ids: &[ProfileId],
        now: Timestamp,
    ) -> Result<(i64, i64)> {
        let seq = self.next_audience_seq(audience).await?;
        let keys: Vec<(AudienceId, ProfileId)> = ids.iter().map(|id| (audience, *id)).collect();
        let there: Vec<Profile> = self.profiles(&keys).await?.into_iter().flatten().collect();
        let texts: Vec<String> = there.iter().map(|profile| profile.id.to_string()).collect();
        let lists: Vec<Vec<Param<'_>>> =
            texts.iter().map(|id| params![seq, now, audience.0, id].to_vec()).collect();
        self.execute_each(KEEP_VERSION, &lists).await?;
        self.change_keys(DROP_KEY, audience, there.iter()).await?;
        Ok((seq, there.len() as i64))
    }

    async fn change_keys<'p>(
        &mut self,
        sql: &str,
        audience: AudienceId,
        profiles: impl Iterator<Item = &'p Profile>,
    ) -> Result<()> {
        let keys: Vec<(String, String)> = profiles
            .flat_map(|profile| {
                let id = profile.id.to_string();
                profile_keys(profile).into_iter().map(move |key| (key, id.clone()))
            })
            .collect();
        let lists: Vec<Vec<Param<'_>>> =
            keys.iter().map(|(key, id)| params![audience.0, key, id].to_vec()).collect();
        self.execute_each(sql, &lists).await.map(drop)
    }
}

pub(crate) fn read_profile(row: Row<'_>) -> Result<Profile> {
    let id = profile_id(&row, 1)?;
    let phones = document::phones_from_json(&row.text(3)?)
        .map_err(|error| Error::inconsistent("profiles", id, error))?;
    Ok(Profile {
        id,
        audience_id: AudienceId(row.int(0)?),
        email: row.text_or_null(2)?,
        phones,
        status: row.text_or_null(4)?,
        fields: row.text(5)?,
    })
}

pub(crate) fn profile_id(row: &Row<'_>, column: usize) -> Result<ProfileId> {
    let text = row.text(column)?;
    text.parse().map_err(|error| Error::inconsistent("profiles", text, error))
}

#[cfg(test)]
mod tests;
