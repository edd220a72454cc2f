//! The profiles of an audience, and of a fixed segment, as they were at a seq.
//!
//! Guarantees: each profile that was there at that seq is given once, by id, a bounded number at a time, whatever was
//! changed since.
//!
//! Must not know: which profiles are wanted beyond a filter's sieve, or what for.

use crate::profiles::{profile_id, read_profile};
use crate::sieve::Sieve;
use crate::value::{Param, params};
use crate::{Result, Tx};
use fillhouse_model::{AudienceId, Filter, Profile, ProfileId, SegmentId, Timestamp};

const CURRENT: &str = "SELECT audience_id, id, email, phones, status, fields FROM profiles \
     WHERE audience_id = $1 AND id > $2 AND id <= $3 AND seq <= $4";
const REPLACED: &str = "SELECT audience_id, id, email, phones, status, fields FROM profile_versions \
     WHERE audience_id = $1 AND id > $2 AND id <= $3 AND seq <= $4 AND replaced_seq > $5";
const NTH_CURRENT: &str =
    "SELECT id FROM profiles WHERE audience_id = $1 AND id > $2 ORDER BY id LIMIT 1 OFFSET $3";
const NTH_REPLACED: &str = "SELECT id FROM profile_versions WHERE audience_id = $1 AND id > $2 AND seq <= $3 \
     AND replaced_seq > $4 ORDER BY id LIMIT 1 OFFSET $5";
const MEMBERS: &str = "SELECT DISTINCT profile_id FROM segment_profiles \
     WHERE segment_id = $1 AND profile_id > $2 AND added_seq <= $3 AND (removed_seq IS NULL OR removed_seq > $4) \
     ORDER BY profile_id LIMIT $5";
const ONE_CURRENT: &str = "SELECT audience_id, id, email, phones, status, fields FROM profiles \
     WHERE audience_id = $1 AND id = $2 AND seq <= $3";
const ONE_REPLACED: &str = "SELECT audience_id, id, email, phones, status, fields FROM profile_versions \
     WHERE audience_id = $1 AND id = $2 AND seq <= $3 AND replaced_seq > $4";
const DROP_VERSIONS: &str = "DELETE FROM profile_versions WHERE replaced_at < $1 AND NOT EXISTS \
     (SELECT 1 FROM jobs WHERE jobs.audience_id = profile_versions.audience_id \
     AND jobs.state IN ('queued', 'running') AND jobs.snapshot_seq < profile_versions.replaced_seq)";
const DROP_MEMBERS: &str = "DELETE FROM segment_profiles WHERE removed_at < $1 AND NOT EXISTS \
     (SELECT 1 FROM jobs JOIN segments ON segments.audience_id = jobs.audience_id \
     WHERE segments.id = segment_profiles.segment_id AND jobs.state IN ('queued', 'running') \
     AND jobs.snapshot_seq < segment_profiles.removed_seq)";
/// After every id there is.
const AFTER_ALL: &str = "g";

/// Some of the profiles of a snapshot, by id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProfileChunk {
    /// The profiles.
    pub profiles: Vec<Profile>,
    /// The id after which the next chunk begins; none after the last one.
    pub last_id: Option<ProfileId>,
}

impl Tx {
    /// The next of an audience's profiles as they were at `seq`, of which a filter may hold: those after `after`, out of
    /// about `size`.
    pub async fn profile_chunk(
        &mut self,
        audience: AudienceId,
        after: Option<ProfileId>,
        seq: i64,
        filter: &Filter,
        size: i64,
    ) -> Result<ProfileChunk> {
        let after = after.map_or_else(String::new, |id| id.to_string());
        let nth = params![audience.0, &after, size - 1];
        let current = self.query_one(NTH_CURRENT, nth, |row| profile_id(&row, 0)).await?;
        let nth = params![audience.0, &after, seq, seq, size - 1];
        let replaced = self.query_one(NTH_REPLACED, nth, |row| profile_id(&row, 0)).await?;
        let last_id = [current, replaced].into_iter().flatten().min();
        let until = last_id.map_or_else(|| AFTER_ALL.to_owned(), |id| id.to_string());
        let current = params![audience.0, &after, &until, seq];
        let mut profiles = self.sifted(CURRENT, current, filter).await?;
        let replaced = params![audience.0, &after, &until, seq, seq];
        profiles.extend(self.sifted(REPLACED, replaced, filter).await?);
        profiles.sort_unstable_by_key(|profile| profile.id);
        Ok(ProfileChunk { profiles, last_id })
    }

    async fn sifted(&mut self, sql: &str, params: &[Param<'_>], filter: &Filter) -> Result<Vec<Profile>> {
        let sieve = Sieve::of(filter, params.len() + 1);
        let mut values = params.to_vec();
        values.extend(sieve.values.iter().map(Param::from));
        self.query_once(&format!("{sql}{}", sieve.sql), &values, read_profile).await
    }

    /// The next up to `size` of those who were in a fixed segment at `seq`, as they were then: those after `after`.
    pub async fn member_chunk(
        &mut self,
        (audience, segment): (AudienceId, SegmentId),
        after: Option<ProfileId>,
        seq: i64,
        size: i64,
    ) -> Result<ProfileChunk> {
        let after = after.map_or_else(String::new, |id| id.to_string());
        let values = params![segment.0, &after, seq, seq, size];
        let ids = self.query(MEMBERS, values, |row| profile_id(&row, 0)).await?;
        let last_id = ids.last().copied().filter(|_| ids.len() as i64 == size);
        let texts: Vec<String> = ids.iter().map(ToString::to_string).collect();
        let lists: Vec<Vec<Param<'_>>> =
            texts.iter().map(|id| params![audience.0, id, seq].to_vec()).collect();
        let current = self.query_each(ONE_CURRENT, &lists, read_profile).await?;
        let lists: Vec<Vec<Param<'_>>> =
            texts.iter().map(|id| params![audience.0, id, seq, seq].to_vec()).collect();
        let replaced = self.query_each(ONE_REPLACED, &lists, read_profile).await?;
        let profiles = current.into_iter().zip(replaced).filter_map(|(one, other)| one.or(other)).collect();
        Ok(ProfileChunk { profiles, last_id })
    }

    /// Drops the versions of profiles that were replaced before `before`, and the members of segments that were removed
    /// before then, where no unfinished job may still read them; how many.
    pub async fn drop_profile_versions(&mut self, before: Timestamp) -> Result<u64> {
        let versions = self.execute(DROP_VERSIONS, params![before]).await?;
        Ok(versions + self.execute(DROP_MEMBERS, params![before]).await?)
    }
}
