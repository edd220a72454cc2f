//! The profiles that rows say they are from: a row whose profile is not here is taken over without it.
//!
//! Must not know: what else is in a row.

use crate::switch::landing::Landing;
use crate::switch::line::SubmissionLine;
use crate::wiring::with_source;
use anyhow::Result;
use fillhouse_model::{AudienceId, ProfileId};
use std::collections::HashMap;

/// How many profiles are remembered before all are forgotten.
const MOST_REMEMBERED: usize = 10_000;

/// What is known of profiles: whether a row may say that it is from one, or why not.
#[derive(Default)]
pub(super) struct Links(HashMap<(AudienceId, ProfileId), Option<String>>);

impl Links {
    /// The line, without a profile that is not here, which is reported.
    pub(super) async fn kept(
        &mut self,
        line: SubmissionLine,
        place: &str,
        landing: &mut Landing,
    ) -> Result<SubmissionLine> {
        // What is no profile at all is refused where it is stored.
        let Some(profile) = profile_of(&line) else { return Ok(line) };
        if self.0.len() >= MOST_REMEMBERED {
            self.0.clear();
        }
        let fault = match self.0.get(&profile) {
            Some(known) => known.clone(),
            None => {
                let fault =
                    landing.engine.link_fault(landing.account.id, profile).await.map_err(with_source)?;
                let fault = fault.map(|fault| fault.to_string());
                self.0.insert(profile, fault.clone());
                fault
            }
        };
        let Some(fault) = fault else { return Ok(line) };
        landing.report.say(place, format!("who it is from: {fault}; the row is kept without it"))?;
        Ok(SubmissionLine { audience_id: None, profile_id: None, ..line })
    }
}

fn profile_of(line: &SubmissionLine) -> Option<(AudienceId, ProfileId)> {
    Some((AudienceId(line.audience_id?), line.profile_id.as_deref()?.parse().ok()?))
}
