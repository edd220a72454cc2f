//! Audiences, profiles and segments.
//!
//! Must not know: how a profile is matched or a query evaluated.

use crate::document;
use crate::value::{Param, Row, params};
use crate::{Error, Result, Tx};
use fillhouse_model::{
    AccountId, Audience, AudienceId, Profile, ProfileId, Segment, SegmentId, SegmentMembers,
};

const AUDIENCE: &str = "SELECT id, account_id, name, fields FROM audiences WHERE id = $1";
const AUDIENCES_AFTER: &str =
    "SELECT id, account_id, name, fields FROM audiences WHERE id > $1 ORDER BY id LIMIT $2";
const PUT_AUDIENCE: &str = "INSERT INTO audiences (id, account_id, name, fields) VALUES ($1, $2, $3, $4) \
     ON CONFLICT (id) DO UPDATE SET name = excluded.name, fields = excluded.fields";
const PROFILE: &str =
    "SELECT audience_id, id, email, phones, status, fields FROM profiles WHERE audience_id = $1 AND id = $2";
const PROFILES_AFTER: &str = "SELECT audience_id, id, email, phones, status, fields FROM profiles \
     WHERE audience_id = $1 AND id > $2 ORDER BY id LIMIT $3";
const PUT_PROFILE: &str = "INSERT INTO profiles (audience_id, id, email, phones, status, fields) \
     VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (audience_id, id) DO UPDATE SET email = excluded.email, \
     phones = excluded.phones, status = excluded.status, fields = excluded.fields";
const SEGMENT: &str = "SELECT id, audience_id, name, query FROM segments WHERE id = $1";
const SEGMENTS_AFTER: &str =
    "SELECT id, audience_id, name, query FROM segments WHERE id > $1 ORDER BY id LIMIT $2";
const PUT_SEGMENT: &str = "INSERT INTO segments (id, audience_id, name, query) VALUES ($1, $2, $3, $4) \
     ON CONFLICT (id) DO UPDATE SET audience_id = excluded.audience_id, name = excluded.name, query = excluded.query";
const MEMBERS: &str = "SELECT profile_id FROM segment_profiles WHERE segment_id = $1 ORDER BY position";
const CLEAR_MEMBERS: &str = "DELETE FROM segment_profiles WHERE segment_id = $1";
const ADD_MEMBER: &str =
    "INSERT INTO segment_profiles (segment_id, position, profile_id) VALUES ($1, $2, $3)";

impl Tx {
    /// The audience of this id.
    pub async fn audience(&mut self, id: AudienceId) -> Result<Option<Audience>> {
        self.query_one(AUDIENCE, params![id.0], read_audience).await
    }

    /// Up to `limit` audiences whose id is after `after`, by id.
    pub async fn audiences_after(&mut self, after: AudienceId, limit: i64) -> Result<Vec<Audience>> {
        self.query(AUDIENCES_AFTER, params![after.0, limit], read_audience).await
    }

    /// Stores an audience, new or in place of the one with its id.
    pub async fn put_audience(&mut self, audience: &Audience) -> Result<()> {
        let fields = document::fields_to_json(&audience.fields);
        let values = params![audience.id.0, audience.account_id.0, &audience.name, &fields];
        self.execute(PUT_AUDIENCE, values).await.map(drop)
    }

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

    /// Stores profiles, new or in place of those with their ids.
    pub async fn put_profiles(&mut self, profiles: &[Profile]) -> Result<()> {
        let texts: Vec<(String, String)> = profiles
            .iter()
            .map(|profile| (profile.id.to_string(), document::phones_to_json(&profile.phones)))
            .collect();
        let lists: Vec<Vec<Param<'_>>> = profiles
            .iter()
            .zip(&texts)
            .map(|(profile, (id, phones))| {
                let Profile { audience_id, email, status, fields, .. } = profile;
                params![audience_id.0, id, email.as_deref(), phones, status.as_deref(), fields].to_vec()
            })
            .collect();
        self.execute_each(PUT_PROFILE, &lists).await.map(drop)
    }

    /// The segment of this id.
    pub async fn segment(&mut self, id: SegmentId) -> Result<Option<Segment>> {
        match self.query_one(SEGMENT, params![id.0], read_segment).await? {
            Some(segment) => self.with_members(segment).await.map(Some),
            None => Ok(None),
        }
    }

    /// Up to `limit` segments whose id is after `after`, by id.
    pub async fn segments_after(&mut self, after: SegmentId, limit: i64) -> Result<Vec<Segment>> {
        let mut segments = Vec::new();
        for segment in self.query(SEGMENTS_AFTER, params![after.0, limit], read_segment).await? {
            segments.push(self.with_members(segment).await?);
        }
        Ok(segments)
    }

    /// Stores a segment, new or in place of the one with its id.
    pub async fn put_segment(&mut self, segment: &Segment) -> Result<()> {
        let (query, members) = match &segment.members {
            SegmentMembers::Query(query) => (Some(query.as_str()), &[][..]),
            SegmentMembers::Fixed(members) => (None, members.as_slice()),
        };
        let Segment { id, audience_id, name, .. } = segment;
        self.execute(PUT_SEGMENT, params![id.0, audience_id.0, name, query]).await?;
        self.execute(CLEAR_MEMBERS, params![id.0]).await?;
        let ids: Vec<String> = members.iter().map(ProfileId::to_string).collect();
        let lists: Vec<Vec<Param<'_>>> = (0_i64..)
            .zip(&ids)
            .map(|(position, profile)| params![id.0, position, profile].to_vec())
            .collect();
        self.execute_each(ADD_MEMBER, &lists).await.map(drop)
    }

    async fn with_members(&mut self, mut segment: Segment) -> Result<Segment> {
        if let SegmentMembers::Fixed(members) = &mut segment.members {
            *members = self.query(MEMBERS, params![segment.id.0], |row| profile_id(&row, 0)).await?;
        }
        Ok(segment)
    }
}

fn read_audience(row: Row<'_>) -> Result<Audience> {
    let id = AudienceId(row.int(0)?);
    let fields = document::fields_from_json(&row.text(3)?)
        .map_err(|error| Error::inconsistent("audiences", id, error))?;
    Ok(Audience { id, account_id: AccountId(row.int(1)?), name: row.text(2)?, fields })
}

fn read_profile(row: Row<'_>) -> Result<Profile> {
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

/// The members of a fixed segment are read apart.
fn read_segment(row: Row<'_>) -> Result<Segment> {
    let members = row.text_or_null(3)?.map_or(SegmentMembers::Fixed(Vec::new()), SegmentMembers::Query);
    Ok(Segment {
        id: SegmentId(row.int(0)?),
        audience_id: AudienceId(row.int(1)?),
        name: row.text(2)?,
        members,
    })
}

fn profile_id(row: &Row<'_>, column: usize) -> Result<ProfileId> {
    let text = row.text(column)?;
    text.parse().map_err(|error| Error::inconsistent("profiles", text, error))
}
