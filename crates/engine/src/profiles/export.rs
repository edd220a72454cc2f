//! Exports of profiles: asking for one, and how far it is.
//!
//! Guarantees: a request is pinned when it is made: to what the audience holds, to its fields, and to the segment's query.
//!
//! Must not know: how any dialect spells a request or a status.

mod request;
mod run;
mod write;

use super::people::audience_of;
use super::query::ProfileQuery;
use crate::export::{ExportState, state};
use crate::{Error, ProfilesReader, Result};
use fillhouse_model::{AudienceId, JobId, JobSubject, SegmentId};
use fillhouse_store::JobSpec;
use request::Pinned;
pub(crate) use run::run;
use std::fmt;

/// What kind of work an export of profiles is, in a job's row.
pub(crate) const KIND: &str = "profile_export";

/// Whose profiles are wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProfileSource {
    /// All of an audience.
    Audience(AudienceId),
    /// Those of a segment.
    Segment(SegmentId),
}

/// What a file of profiles is written as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProfileFormat {
    /// A table.
    Csv,
    /// A list of objects.
    Json,
}

/// A request to export profiles.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProfileExport {
    /// Whose.
    pub source: ProfileSource,
    /// As what.
    pub format: ProfileFormat,
    /// Only those of whom this holds.
    pub query: Option<ProfileQuery>,
}

/// How far an export of profiles is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProfileExportStatus {
    /// Whose profiles.
    pub source: ProfileSource,
    /// Its state.
    pub state: ExportState,
}

impl fmt::Display for ProfileSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Audience(id) => write!(f, "audience {id}"),
            Self::Segment(id) => write!(f, "segment {id}"),
        }
    }
}

impl ProfilesReader {
    /// Asks for an export, and gives the job that will make it.
    ///
    /// # Errors
    /// There is no such audience or segment, or the query is none; the fault is about the field `query`.
    pub async fn start_export(&self, request: ProfileExport) -> Result<JobId> {
        let (parts, now) = (&self.engine.parts, self.engine.now());
        let id = JobId(parts.random.uuid(now));
        let (account_id, user_id, job_id) = (self.account, self.user, id.clone());
        let created = parts.store.write(move |tx| {
            let (request, id) = (request.clone(), job_id.clone());
            Box::pin(async move {
                let (audience, segment) = match request.source {
                    ProfileSource::Audience(audience) => (audience, None),
                    ProfileSource::Segment(segment) => match tx.segment_head(segment).await? {
                        Some(head) => (head.audience_id, Some(head)),
                        None => return Ok(Err(Error::not_found(request.source))),
                    },
                };
                let Some(audience) = audience_of(tx, account_id, audience).await? else {
                    return Ok(Err(Error::not_found(request.source)));
                };
                let pinned = match Pinned::new(&request, &audience, segment.as_ref()) {
                    Ok(pinned) => pinned,
                    Err(fault) => return Ok(Err(fault.into())),
                };
                let subject = JobSubject::Audience(audience.id);
                let request = pinned.to_json();
                let expected_rows = tx.count_profiles(audience.id).await?;
                let spec = JobSpec {
                    id,
                    account_id,
                    user_id,
                    subject,
                    kind: KIND,
                    request,
                    digest: None,
                    expected_rows,
                    snapshot_seq: None,
                };
                tx.create_job(&spec, now).await?;
                Ok(Ok(()))
            })
        });
        created.await??;
        parts.job_made.notify_one();
        Ok(id)
    }

    /// How far an export is.
    ///
    /// # Errors
    /// There is no such job of this account.
    pub async fn export(&self, id: &JobId) -> Result<ProfileExportStatus> {
        let (job, artifact) = self.engine.task_of(self.account, KIND, id).await?;
        let source = Pinned::from_json(&job.request).map_err(Error::internal)?.source();
        Ok(ProfileExportStatus { source, state: state(&job, artifact) })
    }
}
