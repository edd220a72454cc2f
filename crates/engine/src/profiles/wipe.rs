//! Emptying an audience: for whoever may do everything in its account.
//!
//! Must not know: how a profile is deleted.

use crate::{Caller, ProfilesWriter, Result};
use fillhouse_model::AudienceId;

/// A caller that may empty the audiences of its account.
#[derive(Clone)]
pub struct AudienceWiper(ProfilesWriter);

impl Caller {
    /// The handle for emptying audiences.
    ///
    /// # Errors
    /// [`ErrorKind::Forbidden`] where the token may not do everything.
    ///
    /// [`ErrorKind::Forbidden`]: fillhouse_model::ErrorKind::Forbidden
    pub fn audience_wiper(&self) -> Result<AudienceWiper> {
        self.must_do_everything()?;
        self.profiles_writer().map(AudienceWiper)
    }
}

impl AudienceWiper {
    /// Deletes everybody who is in an audience, and says how many that were.
    ///
    /// # Errors
    /// There is no such audience; the database does not answer.
    pub async fn wipe(&self, audience: AudienceId) -> Result<i64> {
        self.0.delete_all(audience).await
    }
}
