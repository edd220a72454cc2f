//! Segments, and who is in the fixed ones.
//!
//! Guarantees: whoever is taken out of a fixed segment, be it with the segment, can still be found in it as of an earlier seq,
//! until retention drops that; no new segment gets the id of one that was deleted.
//!
//! Must not know: how a segment's query is evaluated.

use crate::profiles::profile_id;
use crate::value::{Param, Row, params};
use crate::{Result, Tx};
use fillhouse_model::{AccountId, AudienceId, ProfileId, Segment, SegmentId, SegmentMembers, Timestamp};

const SEGMENT: &str =
    "SELECT id, audience_id, name, query FROM segments WHERE id = $1 AND deleted_at IS NULL";
const SEGMENTS_AFTER: &str = "SELECT id, audience_id, name, query FROM segments \
     WHERE id > $1 AND deleted_at IS NULL ORDER BY id LIMIT $2";
const SEGMENTS_OF: &str = "SELECT segments.id, audience_id, segments.name, query FROM segments \
     JOIN audiences ON audiences.id = segments.audience_id \
     WHERE account_id = $1 AND segments.id >= $2 AND deleted_at IS NULL ORDER BY segments.id LIMIT $3";
const COUNT_OF: &str = "SELECT COUNT(*) FROM segments JOIN audiences ON audiences.id = segments.audience_id \
     WHERE account_id = $1 AND deleted_at IS NULL";
const ACCOUNT_OF: &str = "SELECT account_id FROM segments JOIN audiences ON audiences.id = segments.audience_id \
     WHERE segments.id = $1";
const NEXT_ID: &str = "SELECT COALESCE(MAX(id), 0) + 1 FROM segments";
const ADD_SEGMENT: &str = "INSERT INTO segments (id, audience_id, name, query) VALUES ($1, $2, $3, $4)";
const PUT_SEGMENT: &str = "INSERT INTO segments (id, audience_id, name, query) VALUES ($1, $2, $3, $4) \
     ON CONFLICT (id) DO UPDATE SET audience_id = excluded.audience_id, name = excluded.name, query = excluded.query, \
     deleted_at = NULL";
const CHANGE_SEGMENT: &str = "UPDATE segments SET name = $1, query = $2 WHERE id = $3 AND deleted_at IS NULL";
const DELETE_SEGMENT: &str = "UPDATE segments SET deleted_at = $1, name = '', query = NULL \
     WHERE id = $2 AND deleted_at IS NULL";
const DELETED: &str = "SELECT id, audience_id FROM segments WHERE id = $1 AND deleted_at IS NOT NULL";
const DELETED_AFTER: &str = "SELECT id, audience_id FROM segments \
     WHERE id > $1 AND deleted_at IS NOT NULL ORDER BY id LIMIT $2";
const PUT_DELETED: &str = "INSERT INTO segments (id, audience_id, name, query, deleted_at) VALUES ($1, $2, '', NULL, $3) \
     ON CONFLICT (id) DO UPDATE SET audience_id = excluded.audience_id, name = excluded.name, query = excluded.query, \
     deleted_at = excluded.deleted_at";
const MEMBERS: &str = "SELECT profile_id FROM segment_profiles WHERE segment_id = $1 AND removed_seq IS NULL \
     ORDER BY position";
const COUNT_MEMBERS: &str = "SELECT COUNT(DISTINCT profile_id) FROM segment_profiles \
     WHERE segment_id = $1 AND removed_seq IS NULL";
const IS_MEMBER: &str = "SELECT COUNT(*) FROM segment_profiles \
     WHERE segment_id = $1 AND profile_id = $2 AND removed_seq IS NULL";
const NEXT_POSITION: &str =
    "SELECT COALESCE(MAX(position), -1) + 1 FROM segment_profiles WHERE segment_id = $1";
const ADD_MEMBER: &str = "INSERT INTO segment_profiles (segment_id, position, profile_id, added_seq) \
     VALUES ($1, $2, $3, $4)";
const REMOVE_ALL: &str = "UPDATE segment_profiles SET removed_seq = $1, removed_at = $2 \
     WHERE segment_id = $3 AND removed_seq IS NULL";
const REMOVE_MEMBER: &str = "UPDATE segment_profiles SET removed_seq = $1, removed_at = $2 \
     WHERE segment_id = $3 AND profile_id = $4 AND removed_seq IS NULL";
const REMOVE_EVERYWHERE: &str = "UPDATE segment_profiles SET removed_seq = $1, removed_at = $2 \
     WHERE profile_id = $3 AND removed_seq IS NULL \
     AND segment_id IN (SELECT id FROM segments WHERE audience_id = $4)";

/// A segment without those who are in it, who may be many.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SegmentHead {
    /// Its id.
    pub id: SegmentId,
    /// The audience it is a part of.
    pub audience_id: AudienceId,
    /// What people call it.
    pub name: String,
    /// Its query; none where it is fixed.
    pub query: Option<String>,
}

/// A segment that was deleted: its id is nobody else's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DeletedSegment {
    /// Its id.
    pub id: SegmentId,
    /// The audience it was a part of.
    pub audience_id: AudienceId,
}

impl Tx {
    /// The segment of this id.
    pub async fn segment(&mut self, id: SegmentId) -> Result<Option<Segment>> {
        match self.segment_head(id).await? {
            Some(head) => self.with_members(head).await.map(Some),
            None => Ok(None),
        }
    }

    /// The segment of this id, without its members.
    pub async fn segment_head(&mut self, id: SegmentId) -> Result<Option<SegmentHead>> {
        self.query_one(SEGMENT, params![id.0], read_head).await
    }

    /// Up to `limit` segments whose id is after `after`, by id.
    pub async fn segments_after(&mut self, after: SegmentId, limit: i64) -> Result<Vec<Segment>> {
        let mut segments = Vec::new();
        for head in self.query(SEGMENTS_AFTER, params![after.0, limit], read_head).await? {
            segments.push(self.with_members(head).await?);
        }
        Ok(segments)
    }

    /// The segment that had this id, and was deleted.
    pub async fn deleted_segment(&mut self, id: SegmentId) -> Result<Option<DeletedSegment>> {
        self.query_one(DELETED, params![id.0], read_deleted).await
    }

    /// Up to `limit` segments that were deleted and whose id is after `after`, by id.
    pub async fn deleted_segments_after(
        &mut self,
        after: SegmentId,
        limit: i64,
    ) -> Result<Vec<DeletedSegment>> {
        self.query(DELETED_AFTER, params![after.0, limit], read_deleted).await
    }

    /// Up to `limit` segments of an account's audiences from the id `from` on, by id.
    pub async fn segments_of(
        &mut self,
        account: AccountId,
        from: SegmentId,
        limit: i64,
    ) -> Result<Vec<SegmentHead>> {
        self.query(SEGMENTS_OF, params![account.0, from.0, limit], read_head).await
    }

    /// How many segments an account's audiences have.
    pub async fn count_segments(&mut self, account: AccountId) -> Result<i64> {
        self.count(COUNT_OF, params![account.0]).await
    }

    /// The account of the segment that has this id, or had it.
    pub async fn account_of_segment(&mut self, id: SegmentId) -> Result<Option<AccountId>> {
        self.query_one(ACCOUNT_OF, params![id.0], |row| row.int(0).map(AccountId)).await
    }

    /// An id that no segment has or had.
    pub async fn next_segment_id(&mut self) -> Result<SegmentId> {
        self.count(NEXT_ID, &[]).await.map(SegmentId)
    }

    /// Stores a new segment, whose id nobody has.
    pub async fn add_segment(&mut self, segment: &Segment) -> Result<()> {
        let members = self.write_head(ADD_SEGMENT, segment).await?;
        let seq = self.next_audience_seq(segment.audience_id).await?;
        self.add_members(segment.id, members, seq).await
    }

    /// Stores a segment, new or in place of the one that has or had its id.
    pub async fn put_segment(&mut self, segment: &Segment, now: Timestamp) -> Result<()> {
        let members = self.write_head(PUT_SEGMENT, segment).await?;
        let seq = self.next_audience_seq(segment.audience_id).await?;
        self.execute(REMOVE_ALL, params![seq, now, segment.id.0]).await?;
        self.add_members(segment.id, members, seq).await
    }

    /// Gives a segment another name and, where it has one, another query; who was put into it stays.
    pub async fn change_segment(&mut self, head: &SegmentHead) -> Result<()> {
        let SegmentHead { id, audience_id, name, query } = head;
        self.next_audience_seq(*audience_id).await?;
        self.execute(CHANGE_SEGMENT, params![name, query.as_deref(), id.0]).await.map(drop)
    }

    /// Deletes a segment of an audience; whether there was one.
    pub async fn delete_segment(
        &mut self,
        (audience, segment): (AudienceId, SegmentId),
        now: Timestamp,
    ) -> Result<bool> {
        let seq = self.next_audience_seq(audience).await?;
        self.execute(REMOVE_ALL, params![seq, now, segment.0]).await?;
        Ok(self.execute(DELETE_SEGMENT, params![now, segment.0]).await? == 1)
    }

    /// Stores that a segment was deleted, in place of the one that has its id, if there is one.
    pub async fn put_deleted_segment(&mut self, deleted: DeletedSegment, now: Timestamp) -> Result<()> {
        let DeletedSegment { id, audience_id } = deleted;
        let seq = self.next_audience_seq(audience_id).await?;
        self.execute(REMOVE_ALL, params![seq, now, id.0]).await?;
        self.execute(PUT_DELETED, params![id.0, audience_id.0, now]).await.map(drop)
    }

    /// Writes what a segment is, and gives those who are to be in it.
    async fn write_head<'s>(&mut self, sql: &str, segment: &'s Segment) -> Result<&'s [ProfileId]> {
        let (query, members) = match &segment.members {
            SegmentMembers::Query(query) => (Some(query.as_str()), &[][..]),
            SegmentMembers::Fixed(members) => (None, members.as_slice()),
        };
        let Segment { id, audience_id, name, .. } = segment;
        self.execute(sql, params![id.0, audience_id.0, name, query]).await?;
        Ok(members)
    }

    /// How many are in a fixed segment.
    pub async fn count_members(&mut self, segment: SegmentId) -> Result<i64> {
        self.count(COUNT_MEMBERS, params![segment.0]).await
    }

    /// Puts a profile into a fixed segment, where it is not in it yet.
    pub async fn add_member(
        &mut self,
        (audience, segment): (AudienceId, SegmentId),
        profile: ProfileId,
    ) -> Result<()> {
        let seq = self.next_audience_seq(audience).await?;
        if self.count(IS_MEMBER, params![segment.0, &profile.to_string()]).await? > 0 {
            return Ok(());
        }
        self.add_members(segment, &[profile], seq).await
    }

    /// Takes a profile out of a fixed segment, where it is in it.
    pub async fn remove_member(
        &mut self,
        (audience, segment): (AudienceId, SegmentId),
        profile: ProfileId,
        now: Timestamp,
    ) -> Result<()> {
        let seq = self.next_audience_seq(audience).await?;
        let profile = profile.to_string();
        self.execute(REMOVE_MEMBER, params![seq, now, segment.0, &profile]).await.map(drop)
    }

    /// Takes profiles out of all fixed segments of their audience.
    pub(crate) async fn remove_from_segments(
        &mut self,
        audience: AudienceId,
        profiles: &[String],
        seq: i64,
        now: Timestamp,
    ) -> Result<()> {
        let lists: Vec<Vec<Param<'_>>> =
            profiles.iter().map(|id| params![seq, now, id, audience.0].to_vec()).collect();
        self.execute_each(REMOVE_EVERYWHERE, &lists).await.map(drop)
    }

    async fn add_members(&mut self, segment: SegmentId, members: &[ProfileId], seq: i64) -> Result<()> {
        let first = self.count(NEXT_POSITION, params![segment.0]).await?;
        let ids: Vec<String> = members.iter().map(ToString::to_string).collect();
        let lists: Vec<Vec<Param<'_>>> = (first..)
            .zip(&ids)
            .map(|(position, profile)| params![segment.0, position, profile, seq].to_vec())
            .collect();
        self.execute_each(ADD_MEMBER, &lists).await.map(drop)
    }

    async fn with_members(&mut self, head: SegmentHead) -> Result<Segment> {
        let SegmentHead { id, audience_id, name, query } = head;
        let members = match query {
            Some(query) => SegmentMembers::Query(query),
            None => {
                let members = self.query(MEMBERS, params![id.0], |row| profile_id(&row, 0)).await?;
                SegmentMembers::Fixed(members)
            }
        };
        Ok(Segment { id, audience_id, name, members })
    }

    async fn count(&mut self, sql: &str, params: &[Param<'_>]) -> Result<i64> {
        Ok(self.query_one(sql, params, |row| row.int(0)).await?.unwrap_or(0))
    }
}

fn read_deleted(row: Row<'_>) -> Result<DeletedSegment> {
    Ok(DeletedSegment { id: SegmentId(row.int(0)?), audience_id: AudienceId(row.int(1)?) })
}

fn read_head(row: Row<'_>) -> Result<SegmentHead> {
    Ok(SegmentHead {
        id: SegmentId(row.int(0)?),
        audience_id: AudienceId(row.int(1)?),
        name: row.text(2)?,
        query: row.text_or_null(3)?,
    })
}
