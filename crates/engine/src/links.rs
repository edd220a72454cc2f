//! The profiles that submissions say they are from.
//!
//! Guarantees: a submission is only linked to a profile that is there, in an audience of the same account.
//!
//! Must not know: anything else of a submission, or where it came from.

use fillhouse_model::{AccountId, AudienceId, Fault, ProfileId};
use fillhouse_store::{Result, Tx};
use std::collections::BTreeSet;

/// What is wrong with each of these links of an account's submissions, in their order.
pub(crate) async fn link_faults(
    tx: &mut Tx,
    account: AccountId,
    links: &[(AudienceId, ProfileId)],
) -> Result<Vec<Option<Fault>>> {
    let mut own = BTreeSet::new();
    for audience in links.iter().map(|(audience, _)| *audience).collect::<BTreeSet<_>>() {
        if tx.audience(audience).await?.is_some_and(|found| found.account_id == account) {
            own.insert(audience);
        }
    }
    let profiles = tx.profiles(links).await?;
    let fault = |(audience, id): &(AudienceId, ProfileId), is_there: bool| {
        if !own.contains(audience) {
            Some(Fault::new("audience_id", format!("audience {audience} does not exist")))
        } else if !is_there {
            Some(Fault::new("profile_id", format!("profile {id} does not exist")))
        } else {
            None
        }
    };
    Ok(links.iter().zip(profiles).map(|(link, profile)| fault(link, profile.is_some())).collect())
}
