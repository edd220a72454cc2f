//! Tasks: the jobs that a caller asked for, whatever they are about.
//!
//! Guarantees: how far a task is is told to those who could have asked for it.
//!
//! Must not know: what a task does.

use crate::{Caller, Engine, Error, ExportStatus, ProfileExportStatus, Result, export, profiles};
use fillhouse_model::{AccountId, JobId};
use fillhouse_store::{Artifact, JobRecord};

/// How far a task is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TaskStatus {
    /// The export of a form's submissions.
    Form(ExportStatus),
    /// The export of profiles.
    Profiles(ProfileExportStatus),
}

impl Caller {
    /// How far a task is.
    ///
    /// # Errors
    /// There is no such task of the caller's account, or the token lacks the ability that it takes to ask for such a one.
    pub async fn task(&self, id: &JobId) -> Result<TaskStatus> {
        let (forms, profiles) = (self.forms_reader(), self.profiles_reader());
        if let (Err(forbidden), Err(_)) = (&forms, &profiles) {
            return Err(Error::new(forbidden.kind(), forbidden.message()));
        }
        let (account, wanted) = (self.token.account_id, id.clone());
        let found = self.engine.parts.store.read(move |tx| {
            let wanted = wanted.clone();
            Box::pin(async move { tx.job_of(account, &wanted).await })
        });
        match found.await?.as_ref().map(|job| job.kind.as_str()) {
            Some(export::KIND) => Ok(TaskStatus::Form(forms?.export(id).await?)),
            Some(profiles::KIND) => Ok(TaskStatus::Profiles(profiles?.export(id).await?)),
            Some(_) | None => Err(Error::not_found("the task")),
        }
    }
}

impl Engine {
    /// An account's job of this kind, with its file unless that has expired.
    ///
    /// # Errors
    /// There is no such job of the account.
    pub(crate) async fn task_of(
        &self,
        account: AccountId,
        kind: &'static str,
        id: &JobId,
    ) -> Result<(JobRecord, Option<Artifact>)> {
        let wanted = id.clone();
        let found = self.parts.store.read(move |tx| {
            let wanted = wanted.clone();
            Box::pin(async move {
                let job = tx.job_of(account, &wanted).await?.filter(|job| job.kind == kind);
                let Some(job) = job else { return Ok(None) };
                let artifact = match &job.artifact_id {
                    Some(id) => tx.artifact(id).await?,
                    None => None,
                };
                Ok(Some((job, artifact)))
            })
        });
        let (job, artifact) = found.await?.ok_or_else(|| Error::not_found("the task"))?;
        Ok((job, artifact.filter(|artifact| artifact.expires_at > self.now())))
    }
}
