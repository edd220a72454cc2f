//! What a profile is found by beside its id: its e-mail address in whatever case, its phone numbers by their digits.
//!
//! Guarantees: two spellings of one address, and of one number, are one key, the same that submissions are matched by.
//!
//! Must not know: how keys are stored.

use crate::matching::of;
use crate::{Matches, Profile};

/// The keys of a profile, each once.
pub fn profile_keys(profile: &Profile) -> Vec<String> {
    let email = profile.email.iter().filter_map(|email| of(&Matches::Email, email));
    let phones = profile.phones.iter().filter_map(|phone| of(&Matches::Phone, phone));
    let mut keys: Vec<String> = email.chain(phones).collect();
    keys.sort_unstable();
    keys.dedup();
    keys
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{AudienceId, ProfileId};

    #[test]
    fn spellings_of_one_thing_are_one_key() {
        let profile = Profile {
            id: ProfileId([0; 12]),
            audience_id: AudienceId(1),
            email: Some(" Ada@Example.ORG".into()),
            phones: vec!["+49 (30) 123-45".into(), "493012345".into(), "none".into()],
            status: None,
            fields: "{}".into(),
        };
        assert_eq!(profile_keys(&profile), ["email:ada@example.org", "phone:493012345"]);
    }
}
