//! The latest file of a form: its finished submissions by columns (Parquet), always at one address.
//!
//! Guarantees: whoever asks is given the submissions as they are, but that a file that is being read stays the one that is
//! given until nobody has asked for it for a while; a link is good for one form, and for as long as the form is there.
//!
//! Must not know: HTTP.

use super::{ColumnOptions, Container, Content, ExportRequest, FileShape, Wanted};
use crate::audit::Actor;
use crate::{Download, Engine, Error, FormRef, FormsReader, Result};
use fillhouse_model::{ErrorKind, FormId, JobId, Timestamp, UserId};
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// What a link is signed for.
const PURPOSE: &str = "latest file";
/// A file that was asked for is given again for so long: who reads one column asks for its parts one by one.
const STAYS_MICROS: i64 = 30_000_000;
/// But for no longer than this, however often it is asked for.
const STAYS_AT_MOST_MICROS: i64 = 600_000_000;

/// The files that are being read, by their form.
#[derive(Debug, Default)]
pub(crate) struct LatestFiles(Mutex<HashMap<FormId, Held>>);

#[derive(Debug, Clone)]
struct Held {
    export: JobId,
    since: Timestamp,
    asked_at: Timestamp,
}

impl LatestFiles {
    /// The export whose file is given at `now`; none where a new one is due.
    fn held(&self, form: FormId, now: Timestamp) -> Option<JobId> {
        let mut held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        held.retain(|_, file| file.stays(now));
        let file = held.get_mut(&form)?;
        file.asked_at = now;
        Some(file.export.clone())
    }

    fn hold(&self, form: FormId, export: &JobId, now: Timestamp) {
        let held = Held { export: export.clone(), since: now, asked_at: now };
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(form, held);
    }
}

impl Held {
    fn stays(&self, now: Timestamp) -> bool {
        now < self.asked_at.plus_micros(STAYS_MICROS) && now < self.since.plus_micros(STAYS_AT_MOST_MICROS)
    }
}

impl FormsReader {
    /// What everybody may ask for the latest file of a form with: who made the link, and that it is one of ours.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn latest_signature(&self, form: FormId) -> Result<(UserId, String)> {
        let (form, user) = (form.to_string(), self.user.to_string());
        Ok((self.user, self.engine.sign(PURPOSE, &[&form, &user]).await?))
    }

    /// The latest file of a form, made first where there is none of what the form holds now.
    ///
    /// # Errors
    /// There is no such form; the file is not made within `limit` ([`ErrorKind::Unavailable`]), but will be.
    pub async fn latest_file(&self, form: FormId, limit: Duration) -> Result<Download> {
        let files = &self.engine.parts.latest;
        if let Some(export) = files.held(form, self.engine.now())
            && let Ok(file) = self.export_file(&export).await
        {
            return Ok(file);
        }
        let content = Content::Columnar(ColumnOptions::default());
        let request = ExportRequest {
            form: FormRef::Id(form),
            wanted: Wanted::Filtered(Box::default()),
            shape: FileShape { content, container: Container::Bare },
        };
        let export = self.ask_for_export(request, None).await?.id;
        let ended = async {
            while !self.wait_for_export(&export, limit).await?.has_ended() {}
            Ok::<_, Error>(())
        };
        let late = |_| Error::new(ErrorKind::Unavailable, "the file is being made; try again");
        tokio::time::timeout(limit, ended).await.map_err(late)??;
        let file = self.export_file(&export).await?;
        files.hold(form, &export, self.engine.now());
        Ok(file)
    }
}

impl Engine {
    /// The latest file of a form for whoever has what [`FormsReader::latest_signature`] said.
    ///
    /// # Errors
    /// As for [`FormsReader::latest_file`]; [`ErrorKind::Forbidden`] where the signature is not ours.
    pub async fn latest_file_signed(
        &self,
        form: FormId,
        (user, signature): (UserId, &str),
        limit: Duration,
    ) -> Result<Download> {
        if !self.is_signed(PURPOSE, &[&form.to_string(), &user.to_string()], signature).await? {
            return Err(Error::new(ErrorKind::Forbidden, "the signature is not valid"));
        }
        let found = self.parts.store.read(move |tx| Box::pin(tx.form(form))).await?;
        let account = found.ok_or_else(|| FormRef::Id(form).missing())?.form.account_id;
        let actor = Actor { user, by: "signed address".into() };
        FormsReader { engine: self.clone(), account, user, actor }.latest_file(form, limit).await
    }
}
