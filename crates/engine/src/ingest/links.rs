//! The profiles that new submissions say they are from.
//!
//! Guarantees: a submission is only linked to a profile that is there, in an audience of the same account.
//!
//! Must not know: anything else of a submission.

use crate::{FormsWriter, Result};
use fillhouse_model::{AudienceId, Fault, ProfileId};
use std::collections::BTreeSet;

/// A link of a request: the path that its faults begin with, and the profile.
pub(super) type Link = (Option<String>, (AudienceId, ProfileId));

impl FormsWriter {
    /// Checks the links of a request; gives what is wrong with them.
    pub(super) async fn check_links(&self, links: Vec<Link>) -> Result<Vec<Fault>> {
        if links.is_empty() {
            return Ok(Vec::new());
        }
        let keys: Vec<(AudienceId, ProfileId)> = links.iter().map(|(_, key)| *key).collect();
        let account = self.account;
        let found = self.engine.parts.store.read(move |tx| {
            let keys = keys.clone();
            Box::pin(async move {
                let mut own = BTreeSet::new();
                for audience in keys.iter().map(|(audience, _)| *audience).collect::<BTreeSet<_>>() {
                    if tx.audience(audience).await?.is_some_and(|found| found.account_id == account) {
                        own.insert(audience);
                    }
                }
                Ok((own, tx.profiles(&keys).await?))
            })
        });
        let (own, profiles) = found.await?;
        let mut faults = Vec::new();
        for ((prefix, (audience, id)), profile) in links.into_iter().zip(profiles) {
            let fault = if !own.contains(&audience) {
                Fault::new("audience_id", format!("audience {audience} does not exist"))
            } else if profile.is_none() {
                Fault::new("profile_id", format!("profile {id} does not exist"))
            } else {
                continue;
            };
            faults.push(super::prefixed(fault, prefix.as_deref()));
        }
        Ok(faults)
    }
}
