//! Importing profiles, many in one transaction.
//!
//! Must not know: other kinds.

use super::Change;
use super::batch::{Applied, is_full};
use crate::Result;
use fillhouse_model::{AudienceId, Fault, Profile, ProfileId, Timestamp};
use fillhouse_store::Store;
use std::collections::HashSet;
use std::sync::Arc;

/// Profiles of one audience, each once.
pub(super) struct ProfileBatch {
    audience: AudienceId,
    ids: HashSet<ProfileId>,
    profiles: Vec<(u64, Profile)>,
}

impl ProfileBatch {
    pub(super) fn new(audience: AudienceId) -> Self {
        Self { audience, ids: HashSet::new(), profiles: Vec::new() }
    }

    /// Whether the batch has a place for this profile.
    pub(super) fn takes(&self, profile: &Profile) -> bool {
        !is_full(self.profiles.len())
            && self.audience == profile.audience_id
            && !self.ids.contains(&profile.id)
    }

    pub(super) fn push(&mut self, line: u64, profile: Profile) {
        self.ids.insert(profile.id);
        self.profiles.push((line, profile));
    }

    pub(super) async fn apply(self, store: &Store, now: Timestamp) -> Result<Applied> {
        let lines: Vec<u64> = self.profiles.iter().map(|(line, _)| *line).collect();
        let audience = self.audience;
        let profiles = Arc::new(self.profiles.into_iter().map(|(_, profile)| profile).collect::<Vec<_>>());
        let changes = store.write(move |tx| {
            let profiles = profiles.clone();
            Box::pin(async move {
                if tx.audience(audience).await?.is_none() {
                    return Ok(None);
                }
                let keys: Vec<_> = profiles.iter().map(|profile| (audience, profile.id)).collect();
                let before = tx.profiles(&keys).await?;
                let changes: Vec<Change> =
                    before.iter().zip(&*profiles).map(|(old, new)| Change::of(old.as_ref(), new)).collect();
                let others =
                    profiles.iter().zip(&changes).filter(|(_, change)| **change != Change::Unchanged);
                let others: Vec<Profile> = others.map(|(profile, _)| profile.clone()).collect();
                tx.put_profiles(audience, &others, now).await?;
                Ok(Some(changes))
            })
        });
        let (changes, bad) = match changes.await? {
            Some(changes) => (changes, Vec::new()),
            None => {
                let fault = Fault::new("audience_id", format!("audience {audience} does not exist"));
                (Vec::new(), lines.into_iter().map(|line| (line, fault.clone())).collect())
            }
        };
        Ok(Applied { kind: "profile", of: None, changes, bad })
    }
}
