//! Storing profiles, and deleting them.
//!
//! Guarantees: whom a request means is found out, and changed, in one unit of work, while nobody else changes the audience:
//! two requests that add the same person make one profile.
//!
//! Must not know: how any dialect spells a profile.

use super::matching::{self, Matching};
use super::people::{audience_of, no_audience, the_one};
use super::values;
use crate::{Error, ProfilesWriter, Result};
use fillhouse_model::filter::Spelling;
use fillhouse_model::{
    Audience, AudienceId, ErrorKind, Fault, Matches, Profile, ProfileId, SegmentId, Timestamp,
};
use fillhouse_store::{Result as StoreResult, Tx};
use std::sync::Arc;

/// How many profiles may be stored at once.
const MOST_PROFILES: usize = 10_000;

/// How many profiles are deleted at once where all are.
const ROWS_AT_ONCE: i64 = 1_000;

/// A profile to be stored: a new one, or changes of the one that is meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewProfile {
    /// Who is meant; none where a new profile is wanted in any case.
    pub matching: Option<Matching>,
    /// What is given: a JSON object.
    pub json: String,
    /// How its values are spelled.
    pub spelling: Spelling,
}

/// What became of a profile that was to be stored.
pub type Stored = Result<ProfileId>;

/// The fixed segments that whoever is stored goes into, and comes out of.
type Memberships = (Vec<SegmentId>, Vec<SegmentId>);

impl ProfilesWriter {
    /// Stores profiles of an audience, each for itself: that one is refused does not keep the others out.
    ///
    /// # Errors
    /// There is no such audience, or there are too many profiles.
    pub async fn store(&self, audience: AudienceId, profiles: Vec<NewProfile>) -> Result<Vec<Stored>> {
        self.store_in(audience, profiles, (Vec::new(), Vec::new()), false).await
    }

    /// Stores a profile, puts it into fixed segments, and takes it out of others.
    ///
    /// # Errors
    /// There is no such audience or segment, or the profile is refused.
    pub async fn store_one(
        &self,
        audience: AudienceId,
        profile: NewProfile,
        add_to: Vec<SegmentId>,
        remove_from: Vec<SegmentId>,
    ) -> Result<ProfileId> {
        let stored = self.store_in(audience, vec![profile], (add_to, remove_from), false).await?;
        the_only(stored)
    }

    /// The same for a profile that must be there.
    ///
    /// # Errors
    /// There is no such audience, segment or profile, or the change is refused.
    pub async fn change_one(
        &self,
        audience: AudienceId,
        profile: NewProfile,
        add_to: Vec<SegmentId>,
        remove_from: Vec<SegmentId>,
    ) -> Result<ProfileId> {
        let stored = self.store_in(audience, vec![profile], (add_to, remove_from), true).await?;
        the_only(stored)
    }

    async fn store_in(
        &self,
        audience: AudienceId,
        profiles: Vec<NewProfile>,
        segments: Memberships,
        must_be_known: bool,
    ) -> Result<Vec<Stored>> {
        if profiles.len() > MOST_PROFILES {
            let fault = Fault::new("data", format!("has more than {MOST_PROFILES} profiles"));
            return Err(fault.into());
        }
        let (account, now) = (self.account, self.engine.now());
        // A unit of work may be run again: the ids are made before.
        let ids: Vec<ProfileId> = profiles.iter().map(|_| self.engine.parts.random.profile_id(now)).collect();
        let all = Arc::new((profiles, ids, segments));
        let stored = self.engine.parts.store.write(move |tx| {
            let all = all.clone();
            Box::pin(async move {
                let (profiles, ids, segments) = &*all;
                let Some(audience) = audience_of(tx, account, audience).await? else {
                    return Ok(Err(no_audience(audience)));
                };
                tx.hold_audience(audience.id).await?;
                if let Some(missing) = missing_segment(tx, audience.id, segments).await? {
                    return Ok(Err(missing));
                }
                let mut stored = Vec::with_capacity(profiles.len());
                for (profile, id) in profiles.iter().zip(ids) {
                    let new_id = (!must_be_known).then_some(*id);
                    stored.push(store(tx, &audience, profile, new_id, now).await?);
                }
                if let [Ok(id)] = stored.as_slice() {
                    join(tx, audience.id, *id, segments, now).await?;
                }
                Ok(Ok(stored))
            })
        });
        stored.await?
    }

    /// Deletes everybody who is in an audience now, and says how many that were. What was deleted stays so, whatever fails
    /// later: whoever asks again goes on.
    ///
    /// # Errors
    /// There is no such audience; the database does not answer.
    pub(super) async fn delete_all(&self, audience: AudienceId) -> Result<i64> {
        let account = self.account;
        let (mut deleted, mut after) = (0, None);
        loop {
            let now = self.engine.now();
            let entry = self.engine.entry(account, &self.actor, "audience.emptied");
            let some = self.engine.parts.store.write(move |tx| {
                let entry = entry.clone();
                Box::pin(async move {
                    let Some(audience) = audience_of(tx, account, audience).await? else { return Ok(None) };
                    tx.hold_audience(audience.id).await?;
                    let count = tx.count_profiles(audience.id).await?;
                    let next = tx.profiles_after(audience.id, after, ROWS_AT_ONCE).await?;
                    let ids: Vec<ProfileId> = next.iter().map(|profile| profile.id).collect();
                    tx.delete_profiles(audience.id, &ids, now).await?;
                    // It is begun, and will be gone on with.
                    if after.is_none() && count > 0 {
                        tx.audit(&entry.of(format!("audience {}, of {count} profiles", audience.id))).await?;
                    }
                    Ok(Some(ids))
                })
            });
            let ids = some.await?.ok_or_else(|| no_audience(audience))?;
            let Some(last) = ids.last() else { return Ok(deleted) };
            (deleted, after) = (deleted + ids.len() as i64, Some(*last));
        }
    }

    /// Deletes the profile that is meant, and gives its id.
    ///
    /// # Errors
    /// There is no such audience, no such profile, or more than one.
    pub async fn delete(&self, audience: AudienceId, matching: Matching) -> Result<ProfileId> {
        let (account, now) = (self.account, self.engine.now());
        let entry = self.engine.entry(account, &self.actor, "profile.deleted");
        let deleted = self.engine.parts.store.write(move |tx| {
            let (matching, entry) = (matching.clone(), entry.clone());
            Box::pin(async move {
                let Some(audience) = audience_of(tx, account, audience).await? else {
                    return Ok(Err(no_audience(audience)));
                };
                tx.hold_audience(audience.id).await?;
                let found = matching::find(tx, &audience, &matching).await?;
                let id = match the_one(found) {
                    Ok(profile) => profile.id,
                    Err(error) => return Ok(Err(error)),
                };
                tx.delete_profiles(audience.id, &[id], now).await?;
                tx.audit(&entry.of(format!("profile {id} of audience {}", audience.id))).await?;
                Ok(Ok(id))
            })
        });
        deleted.await?
    }
}

fn the_only(mut stored: Vec<Stored>) -> Result<ProfileId> {
    stored.pop().unwrap_or_else(|| Err(Error::internal("a profile was lost")))
}

/// Stores a profile, under `new_id` where nobody is known; without such an id, who is meant must be known.
async fn store(
    tx: &mut Tx,
    audience: &Audience,
    new: &NewProfile,
    new_id: Option<ProfileId>,
    now: Timestamp,
) -> StoreResult<Stored> {
    let mut found = match &new.matching {
        Some(matching) => matching::find(tx, audience, matching).await?,
        None => Vec::new(),
    };
    if found.len() > 1 {
        return Ok(the_one(found).map(|profile| profile.id));
    }
    let known = found.pop();
    let new_id = new_id.filter(|_| !matches!(new.matching, Some(Matching::Id(_))));
    let fresh = new_id.map(|id| Profile {
        id,
        audience_id: audience.id,
        email: None,
        phones: Vec::new(),
        status: None,
        fields: "{}".to_owned(),
    });
    let Some(mut profile) = known.clone().or(fresh) else { return Ok(Err(Error::not_found("the profile"))) };
    if known.is_none() {
        // Whoever is new has what they were looked for by.
        match &new.matching {
            Some(Matching::Email(email)) => profile.email = Some(email.trim().to_owned()),
            Some(Matching::Phone(phone)) => profile.phones.push(phone.clone()),
            Some(Matching::Field { name, value }) => {
                let given = serde_json::json!({ name: value }).to_string();
                if let Err(fault) = values::put(&mut profile, &given, Spelling::Texts, audience) {
                    return Ok(Err(fault.into()));
                }
            }
            Some(Matching::Id(_)) | None => {}
        }
    }
    if let Err(fault) = values::put(&mut profile, &new.json, new.spelling, audience) {
        return Ok(Err(fault.within("data").into()));
    }
    if let Some(taken) = address_taken(tx, audience, &profile).await? {
        return Ok(Err(taken));
    }
    if known.as_ref() != Some(&profile) {
        tx.put_profiles(audience.id, std::slice::from_ref(&profile), now).await?;
    }
    Ok(Ok(profile.id))
}

/// An e-mail address is that of one profile of an audience.
async fn address_taken(tx: &mut Tx, audience: &Audience, profile: &Profile) -> StoreResult<Option<Error>> {
    let key =
        profile.email.as_deref().and_then(|email| fillhouse_model::matching::of(&Matches::Email, email));
    let Some(key) = key else { return Ok(None) };
    let others = tx.profiles_with_key(audience.id, &key, 2).await?;
    let is_taken = others.iter().any(|other| other.id != profile.id);
    Ok(is_taken.then(|| Error::new(ErrorKind::Conflict, "another profile has this e-mail address")))
}

async fn missing_segment(
    tx: &mut Tx,
    audience: AudienceId,
    (add_to, remove_from): &Memberships,
) -> StoreResult<Option<Error>> {
    for id in add_to.iter().chain(remove_from) {
        let head = tx.segment_head(*id).await?.filter(|head| head.audience_id == audience);
        match head {
            None => return Ok(Some(Error::not_found(format!("segment {id}")))),
            Some(head) if head.query.is_some() => return Ok(Some(super::segments::not_fixed())),
            Some(_) => {}
        }
    }
    Ok(None)
}

async fn join(
    tx: &mut Tx,
    audience: AudienceId,
    profile: ProfileId,
    (add_to, remove_from): &Memberships,
    now: Timestamp,
) -> StoreResult<()> {
    for segment in add_to {
        tx.add_member((audience, *segment), profile).await?;
    }
    for segment in remove_from {
        tx.remove_member((audience, *segment), profile, now).await?;
    }
    Ok(())
}
