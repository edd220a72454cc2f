//! Segments: what there is, who is in them, making and deleting them.
//!
//! Guarantees: a segment's query can be evaluated when it is stored; only those of an audience are in its segments; an
//! export that was asked for before a segment was deleted has who was in it.
//!
//! Must not know: how any dialect spells a segment.

use super::matching::holds;
use super::people::{audience_of, no_audience};
use super::query::ProfileQuery;
use crate::{Error, ProfilesReader, ProfilesWriter, Result};
use fillhouse_model::{
    AccountId, Audience, AudienceId, ErrorKind, Fault, Filter, ProfileId, Segment, SegmentId, SegmentMembers,
};
use fillhouse_store::{Error as StoreError, Result as StoreResult, SegmentHead, Tx};

/// How many profiles are looked at at once.
const ROWS_AT_ONCE: i64 = 2_000;
/// How often an id is taken anew because another took it first.
const TRIES: usize = 5;
/// How long a name may be, in characters.
const LONGEST_NAME: usize = 2_000;

/// Some of an account's segments, by id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SegmentPage {
    /// The segments: id and name.
    pub segments: Vec<(SegmentId, String)>,
    /// The id that the next page begins with; none after the last one.
    pub next: Option<SegmentId>,
    /// How many there are in all.
    pub total: i64,
}

/// A segment, and how many are in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SegmentDetails {
    /// Its id.
    pub id: SegmentId,
    /// The audience it is a part of.
    pub audience_id: AudienceId,
    /// What people call it.
    pub name: String,
    /// Its query, a JSON object; none where it is fixed.
    pub query: Option<String>,
    /// How many are in it.
    pub count: i64,
}

/// A segment to be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewSegment {
    /// The audience it is to be a part of.
    pub audience_id: AudienceId,
    /// What people will call it.
    pub name: String,
    /// Its query; none where it is fixed, and empty at first.
    pub query: Option<ProfileQuery>,
}

/// What a segment is to become.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SegmentChange {
    /// What people will call it.
    pub name: String,
    /// Its query; none where it is to stay as it is.
    pub query: Option<ProfileQuery>,
}

fn check_name(name: &str) -> Result<()> {
    if name.is_empty() || name.chars().count() > LONGEST_NAME || name.contains('\0') {
        return Err(Fault::new("name", "is not a name").into());
    }
    Ok(())
}

/// The segment has a query, so that nobody can be put into it.
pub(super) fn not_fixed() -> Error {
    Error::new(ErrorKind::Conflict, "the segment is not a fixed one")
}

async fn head_of(
    tx: &mut Tx,
    account: AccountId,
    id: SegmentId,
) -> StoreResult<Option<(SegmentHead, Audience)>> {
    let Some(head) = tx.segment_head(id).await? else { return Ok(None) };
    let audience = audience_of(tx, account, head.audience_id).await?;
    Ok(audience.map(|audience| (head, audience)))
}

impl ProfilesReader {
    /// Up to `limit` segments from the id `from` on.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn segments(&self, from: SegmentId, limit: i64) -> Result<SegmentPage> {
        let account = self.account;
        let found = self.engine.parts.store.read(move |tx| {
            Box::pin(async move {
                let heads = tx.segments_of(account, from, limit + 1).await?;
                Ok((heads, tx.count_segments(account).await?))
            })
        });
        let (mut heads, total) = found.await?;
        let next = heads.get(usize::try_from(limit).unwrap_or(0)).map(|head| head.id);
        heads.retain(|head| next.is_none_or(|next| head.id < next));
        Ok(SegmentPage {
            segments: heads.into_iter().map(|head| (head.id, head.name)).collect(),
            next,
            total,
        })
    }

    /// A segment. How many are in one with a query is found out by looking at everyone in the audience.
    ///
    /// # Errors
    /// There is no such segment of this account.
    pub async fn segment(&self, id: SegmentId) -> Result<SegmentDetails> {
        let account = self.account;
        let found = self.engine.parts.store.read(move |tx| {
            Box::pin(async move {
                let Some((head, audience)) = head_of(tx, account, id).await? else { return Ok(None) };
                let count = match &head.query {
                    None => tx.count_members(id).await?,
                    Some(query) => match ProfileQuery::typed(query).read(&audience.fields) {
                        Ok(filter) => count(tx, audience.id, &filter).await?,
                        Err(_) => 0,
                    },
                };
                Ok(Some((head, count)))
            })
        });
        let (head, count) = found.await?.ok_or_else(|| Error::not_found(format!("segment {id}")))?;
        let SegmentHead { id, audience_id, name, query } = head;
        Ok(SegmentDetails { id, audience_id, name, query, count })
    }
}

pub(super) async fn count(tx: &mut Tx, audience: AudienceId, filter: &Filter) -> StoreResult<i64> {
    if matches!(filter, Filter::All(filters) if filters.is_empty()) {
        return tx.count_profiles(audience).await;
    }
    let (mut count, mut after) = (0, None);
    loop {
        let candidates = tx.profiles_like(audience, after, filter, ROWS_AT_ONCE).await?;
        let Some(last) = candidates.last() else { return Ok(count) };
        after = Some(last.id);
        for profile in &candidates {
            count += i64::from(holds(filter, profile)?);
        }
    }
}

impl ProfilesWriter {
    /// Makes a segment.
    ///
    /// # Errors
    /// There is no such audience, or the query is none.
    pub async fn add_segment(&self, new: NewSegment) -> Result<SegmentId> {
        check_name(&new.name)?;
        let mut tried = 0;
        loop {
            tried += 1;
            match self.try_to_add(new.clone()).await {
                // Another took the same id just now.
                Err(StoreError::Constraint(_)) if tried < TRIES => {}
                added => return added?,
            }
        }
    }

    async fn try_to_add(&self, new: NewSegment) -> StoreResult<Result<SegmentId>> {
        let account = self.account;
        let entry = self.engine.entry(account, &self.actor, "segment.created");
        self.engine
            .parts
            .store
            .write(move |tx| {
                let entry = entry.clone();
                let NewSegment { audience_id, name, query } = new.clone();
                Box::pin(async move {
                    let Some(audience) = audience_of(tx, account, audience_id).await? else {
                        return Ok(Err(no_audience(audience_id)));
                    };
                    let members = match query {
                        None => SegmentMembers::Fixed(Vec::new()),
                        Some(query) => match query.kept(&audience.fields) {
                            Ok(json) => SegmentMembers::Query(json),
                            Err(fault) => return Ok(Err(fault.within("query").into())),
                        },
                    };
                    let id = tx.next_segment_id().await?;
                    let entry = entry.of(format!("segment {id}: {name}"));
                    tx.add_segment(&Segment { id, audience_id, name, members }).await?;
                    tx.audit(&entry).await?;
                    Ok(Ok(id))
                })
            })
            .await
    }

    /// Gives a segment another name, or another query. Exports that were asked for before have those it found then.
    ///
    /// # Errors
    /// There is no such segment of this account; the name or the query is none; the segment is a fixed one and has no query.
    pub async fn change_segment(&self, id: SegmentId, change: SegmentChange) -> Result<()> {
        check_name(&change.name)?;
        let account = self.account;
        let entry = self.engine.entry(account, &self.actor, "segment.changed");
        let changed = self.engine.parts.store.write(move |tx| {
            let (SegmentChange { name, query }, entry) = (change.clone(), entry.clone());
            Box::pin(async move {
                let Some((before, audience)) = head_of(tx, account, id).await? else {
                    return Ok(Err(Error::not_found(format!("segment {id}"))));
                };
                let query = match query {
                    None => before.query.clone(),
                    Some(_) if before.query.is_none() => {
                        return Ok(Err(Error::new(ErrorKind::Conflict, "the segment is a fixed one")));
                    }
                    Some(query) => match query.kept(&audience.fields) {
                        Ok(json) => Some(json),
                        Err(fault) => return Ok(Err(fault.within("query").into())),
                    },
                };
                let after = SegmentHead { name, query, ..before.clone() };
                if after != before {
                    tx.change_segment(&after).await?;
                    tx.audit(&entry.of(format!("segment {id}: {}", after.name))).await?;
                }
                Ok(Ok(()))
            })
        });
        changed.await?
    }

    /// Deletes a segment; those in it stay.
    ///
    /// # Errors
    /// There is no such segment of this account.
    pub async fn delete_segment(&self, id: SegmentId) -> Result<()> {
        let (account, now) = (self.account, self.engine.now());
        let entry = self.engine.entry(account, &self.actor, "segment.deleted");
        let deleted = self.engine.parts.store.write(move |tx| {
            let entry = entry.clone();
            Box::pin(async move {
                let Some((head, audience)) = head_of(tx, account, id).await? else { return Ok(false) };
                if !tx.delete_segment((audience.id, id), now).await? {
                    return Ok(false);
                }
                tx.audit(&entry.of(format!("segment {id}: {}", head.name))).await?;
                Ok(true)
            })
        });
        if deleted.await? { Ok(()) } else { Err(Error::not_found(format!("segment {id}"))) }
    }

    /// Puts a profile into a fixed segment, or takes it out.
    ///
    /// # Errors
    /// There is no such segment or profile in the audience, or the segment is not a fixed one.
    pub async fn set_member(
        &self,
        (audience, segment): (AudienceId, SegmentId),
        profile: ProfileId,
        is_member: bool,
    ) -> Result<()> {
        let (account, now) = (self.account, self.engine.now());
        let set = self.engine.parts.store.write(move |tx| {
            Box::pin(async move {
                // Whoever deletes the segment holds its audience, too: what is seen from here on stays.
                if audience_of(tx, account, audience).await?.is_some() {
                    tx.hold_audience(audience).await?;
                }
                let head = head_of(tx, account, segment).await?.filter(|(_, owner)| owner.id == audience);
                match head {
                    None => return Ok(Err(Error::not_found(format!("segment {segment}")))),
                    Some((head, _)) if head.query.is_some() => return Ok(Err(not_fixed())),
                    Some(_) => {}
                }
                if tx.profiles(&[(audience, profile)]).await? == [None] {
                    return Ok(Err(Error::not_found("the profile")));
                }
                if is_member {
                    tx.add_member((audience, segment), profile).await?;
                } else {
                    tx.remove_member((audience, segment), profile, now).await?;
                }
                Ok(Ok(()))
            })
        });
        set.await?
    }
}
