//! Delivering the file of a run to where its schedule says.
//!
//! Guarantees: what is said to be delivered was: every byte of it, with the digest that the export has.
//!
//! Must not know: when it is tried again.

use super::bucket;
use super::destination::{Destination, DestinationSecret};
use super::documents::destination_from_json;
use super::folder::{self, Place};
use super::hook::{self, News};
use crate::{Download, Engine, Error, Export, FormsReader};
use fillhouse_model::{ErrorKind, Timestamp};
use fillhouse_store::{Artifact, BucketSettings, DeliveredFile, RunLease, RunRecord, ScheduleRecord};

/// Why a run got no further.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Trouble {
    /// What whoever looks at the run is told.
    pub(super) error: String,
    /// Before when the destination does not want to be tried again.
    pub(super) not_before: Option<Timestamp>,
    /// Whether it would be the same another time.
    pub(super) is_final: bool,
    /// Whether the schedule is not to go on by itself.
    pub(super) pauses: bool,
    /// Whether the export is of no more use.
    pub(super) lets_go: bool,
}

impl Trouble {
    /// What may be better another time.
    pub(super) fn again(error: String) -> Self {
        Self { error, not_before: None, is_final: false, pauses: false, lets_go: false }
    }

    /// What will not.
    pub(super) fn last(error: String) -> Self {
        Self { is_final: true, ..Self::again(error) }
    }

    /// What an error means: what is wrong with the request stays wrong.
    pub(super) fn of(error: &Error) -> Self {
        let is_final = matches!(error.kind(), ErrorKind::InvalidArgument | ErrorKind::NotFound);
        if let Some(source) = std::error::Error::source(error) {
            tracing::warn!(source, "a run of a schedule met an error");
        }
        Self { is_final, ..Self::again(error.message().to_owned()) }
    }
}

/// What is delivered, and for whom.
pub(super) struct Delivering<'a> {
    pub(super) engine: &'a Engine,
    pub(super) reader: &'a FormsReader,
    pub(super) schedule: &'a ScheduleRecord,
    pub(super) run: &'a RunRecord,
    pub(super) lease: &'a RunLease,
    pub(super) export: &'a Export,
    pub(super) artifact: &'a Artifact,
}

impl Delivering<'_> {
    /// Delivers the file, and says what it is and where.
    pub(super) async fn deliver(&self) -> Result<DeliveredFile, Trouble> {
        let destination = destination_from_json(&self.schedule.destination).map_err(Trouble::again)?;
        let (file_name, delivered_to) = match &destination {
            Destination::Store => (self.artifact.name.clone(), "store".to_owned()),
            Destination::Folder { folder, file_name } => {
                let file_name = file_name.clone().unwrap_or_else(|| self.artifact.name.clone());
                let delivered_to = self.put_into_folder(folder, &file_name).await?;
                (file_name, delivered_to)
            }
            Destination::Webhook { url } => {
                self.tell(url).await?;
                (self.artifact.name.clone(), url.clone())
            }
            Destination::Bucket { bucket, prefix, endpoint, region, file_name } => {
                let file_name = file_name.clone().unwrap_or_else(|| self.artifact.name.clone());
                let (access_key_id, secret_access_key) = self.keys().await?;
                let settings = BucketSettings {
                    bucket: bucket.clone(),
                    endpoint: endpoint.clone(),
                    region: region.clone(),
                    access_key_id,
                    secret_access_key,
                };
                let download = self.download().await?;
                let delivered_to =
                    bucket::put(self.engine, &settings, (prefix, &file_name), &download).await?;
                (file_name, delivered_to)
            }
        };
        let Artifact { rows, size_bytes, .. } = self.artifact;
        let (rows, size_bytes, snapshot_seq) = (*rows, *size_bytes, self.export.snapshot_seq);
        Ok(DeliveredFile { rows, size_bytes, file_name, delivered_to, snapshot_seq })
    }

    async fn put_into_folder(&self, folder: &str, file_name: &str) -> Result<String, Trouble> {
        let settings = &self.engine.parts.settings.destinations;
        let no_folder = || Trouble::again("the operator has set no folder for exports".to_owned());
        let root = settings.folder.as_deref().ok_or_else(no_folder)?;
        let account_id = self.schedule.account_id;
        let found = self.engine.parts.store.read(move |tx| Box::pin(tx.account(account_id)));
        let account = found.await.map_err(|error| Trouble::of(&error.into()))?;
        let account = account.ok_or_else(|| Trouble::last("there is no such account".to_owned()))?.user_dir;
        let download = self.download().await?;
        let (run, attempt) = (self.run.id.as_str(), self.lease.attempt);
        let place = Place { root, account: &account, folder, file_name, run, attempt };
        folder::put(&place, &download).await
    }

    async fn tell(&self, url: &str) -> Result<(), Trouble> {
        let secret = match self.secret().await? {
            Some(DestinationSecret::Signing(secret)) => Some(secret),
            _ => None,
        };
        let file_url = self.reader.signed_url(self.artifact).await.map_err(|error| Trouble::of(&error))?;
        let news = News {
            schedule_id: &self.schedule.id,
            schedule_name: &self.schedule.name,
            run_id: &self.run.id,
            form_id: self.export.form_id,
            export_id: &self.export.id.0,
            is_incremental: self.run.since_seq.is_some(),
            artifact: self.artifact,
            file_url: &file_url,
        };
        hook::post(self.engine, url, secret.as_deref(), &news).await
    }

    /// The file.
    async fn download(&self) -> Result<Download, Trouble> {
        let found = self.reader.download(&self.artifact.id, &self.artifact.name).await;
        found.map_err(|error| Trouble::of(&error))
    }

    /// The keys of a bucket.
    async fn keys(&self) -> Result<(String, String), Trouble> {
        match self.secret().await? {
            Some(DestinationSecret::Keys { access_key_id, secret_access_key }) => {
                Ok((access_key_id, secret_access_key))
            }
            _ => Err(Trouble::again("there are no keys for the bucket".to_owned())),
        }
    }

    async fn secret(&self) -> Result<Option<DestinationSecret>, Trouble> {
        let Some(sealed) = &self.schedule.secret else { return Ok(None) };
        let opened = self.engine.unseal(&self.schedule.id, sealed).await;
        opened.map(Some).map_err(|error| Trouble::of(&error))
    }
}
