//! Taking submissions in.
//!
//! Guarantees: what is answered was committed, and is there once; a request that comes again under its idempotency key is
//! answered as it was the first time, and stores nothing.
//!
//! Must not know: the request's spelling.

mod answer;
mod commit;
mod known;
mod places;
mod queue;

use crate::idempotency::{check_key, other_request};
use crate::interchange::{SubmissionDocument, read_object};
use crate::links::link_faults;
use crate::matches::said_by;
use crate::random::hex;
use crate::{Error, FormRef, FormsWriter, Result};
pub use answer::{Answered, Filled, Visitor};
use commit::{Batch, NewBody, Outcome};
use fillhouse_model::row::encode;
use fillhouse_model::{AudienceId, ErrorKind, Fault, ProfileId, SubmissionId};
use known::KnownForm;
pub(crate) use known::must_be_open;
pub(crate) use queue::Ingest;
use sha2::{Digest as _, Sha256};
use std::sync::Arc;

/// How many submissions may come in one request.
const MOST_SUBMISSIONS: usize = 1_000;
/// How often a submission is checked again because its form was changed in between.
const MOST_REVISIONS: usize = 5;

/// A request to store submissions of a form.
#[derive(Debug, Clone, Copy)]
pub struct Submit<'a> {
    /// The form.
    pub form: &'a FormRef,
    /// The request's body: one submission, or an object with `submissions`.
    pub body: &'a str,
    /// What makes a retry of the request safe.
    pub idempotency_key: Option<&'a str>,
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Many<'a> {
    #[serde(borrow)]
    submissions: Vec<SubmissionDocument<'a>>,
}

impl FormsWriter {
    /// Stores the submissions of a request, all or none, and gives their ids, in their order.
    ///
    /// # Errors
    /// The form is not there or closed; a submission is not one of the form; the idempotency key was used for another
    /// request.
    pub async fn submit(&self, request: Submit<'_>) -> Result<Vec<SubmissionId>> {
        let remember = request.idempotency_key.map(|key| remember(key, &request)).transpose()?;
        // Before anything else: what was stored once stays answered, whatever became of the form since.
        if let Some(remember) = &remember
            && let Some(outcome) = commit::answered(&self.engine.parts.store, self.account, remember).await?
        {
            return ids(outcome);
        }
        for _ in 0..MOST_REVISIONS {
            let known = match self.engine.parts.ingest.known_form(self.account, request.form) {
                Some(known) => known,
                None => self.load_form(request.form).await?,
            };
            let batch = match self.check(&request, &known, remember.clone()).await {
                Ok(batch) => batch,
                // It may be one of the form as it is by now.
                Err(_) if self.load_form(request.form).await?.stored != known.stored => continue,
                Err(error) => return Err(error),
            };
            match self.engine.parts.ingest.commit(batch).await? {
                Outcome::StaleForm => drop(self.load_form(request.form).await?),
                outcome => return ids(outcome),
            }
        }
        Err(Error::new(ErrorKind::Unavailable, "the form is being changed; try again"))
    }

    /// The form as it is stored now, which is remembered.
    async fn load_form(&self, form: &FormRef) -> Result<Arc<KnownForm>> {
        let found = form.find(&self.engine.parts.store, self.account).await?;
        let found = Arc::new(KnownForm::new(found));
        self.engine.parts.ingest.know_form(self.account, form, found.clone());
        Ok(found)
    }

    /// Turns a request into rows that lack nothing but their ids, ordinals and seqs.
    async fn check(
        &self,
        request: &Submit<'_>,
        KnownForm { stored, leaves, marks }: &KnownForm,
        remember: Option<commit::Remember>,
    ) -> Result<Batch> {
        let form = &stored.form;
        must_be_open(form)?;
        let now = self.engine.now();
        let mut faults = Vec::new();
        let mut rows = Vec::new();
        let mut links = Vec::new();
        for (prefix, document) in documents(request.body)? {
            match document.bind_new(leaves, SubmissionId(0), now) {
                Err(fault) => faults.push(prefixed(fault, prefix.as_deref())),
                Ok(submission) => {
                    let mut found = form.check_answers(&submission);
                    found.extend(form.check_status(submission.status).err());
                    faults.extend(found.into_iter().map(|fault| prefixed(fault, prefix.as_deref())));
                    links.extend(submission.profile.map(|profile| (prefix, profile)));
                    let body = encode(&submission);
                    rows.push(NewBody { matches: said_by(marks, &body)?, body });
                }
            }
        }
        faults.extend(self.check_links(links).await?);
        if !faults.is_empty() {
            return Err(Error::invalid(faults));
        }
        Ok(Batch { account: self.account, form: form.id, revision: stored.revision, rows, remember })
    }

    /// What is wrong with the links of a request.
    async fn check_links(&self, links: Vec<Link>) -> Result<Vec<Fault>> {
        if links.is_empty() {
            return Ok(Vec::new());
        }
        let (prefixes, keys): (Vec<_>, Vec<_>) = links.into_iter().unzip();
        let account = self.account;
        let found = self.engine.parts.store.read(move |tx| {
            let keys = keys.clone();
            Box::pin(async move { link_faults(tx, account, &keys).await })
        });
        let faults = found.await?.into_iter().zip(prefixes);
        Ok(faults.filter_map(|(fault, prefix)| Some(prefixed(fault?, prefix.as_deref()))).collect())
    }
}

/// A link of a request: the path that its faults begin with, and the profile.
type Link = (Option<String>, (AudienceId, ProfileId));

fn ids(outcome: Outcome) -> Result<Vec<SubmissionId>> {
    match outcome {
        Outcome::Stored(ids) => Ok(ids),
        Outcome::OtherRequest => Err(other_request().into()),
        Outcome::StaleForm => Err(Error::new(ErrorKind::Unavailable, "the form is being changed; try again")),
    }
}

/// The submissions of a body, each with the path that its faults begin with.
fn documents(body: &str) -> Result<Vec<(Option<String>, SubmissionDocument<'_>)>> {
    // Looking for the word is much cheaper than reading the body twice, and most bodies do not have it.
    let is_many = body.contains("\"submissions\"") && parse::<Shape<'_>>(body)?.submissions.is_some();
    if !is_many {
        return Ok(vec![(None, parse(body)?)]);
    }
    let Many { submissions } = parse(body)?;
    if submissions.is_empty() || submissions.len() > MOST_SUBMISSIONS {
        let message = format!("holds {} submissions, not 1 to {MOST_SUBMISSIONS}", submissions.len());
        return Err(Fault::new("submissions", message).into());
    }
    Ok(submissions.into_iter().enumerate().map(|(n, one)| (Some(format!("submissions[{n}]")), one)).collect())
}

#[derive(serde::Deserialize)]
struct Shape<'a> {
    #[serde(borrow)]
    submissions: Option<&'a serde_json::value::RawValue>,
}

fn parse<'a, T: serde::Deserialize<'a>>(body: &'a str) -> Result<T> {
    read_object(body).map_err(|fault| match fault.field.as_str() {
        "" => Fault::new("body", fault.message).into(),
        _ => fault.into(),
    })
}

fn prefixed(fault: Fault, prefix: Option<&str>) -> Fault {
    match prefix {
        Some(prefix) => fault.within(prefix),
        None => fault,
    }
}

fn remember(key: &str, request: &Submit<'_>) -> Result<commit::Remember> {
    check_key(key)?;
    let mut digest = Sha256::new();
    digest.update(request.form.to_string());
    digest.update([0]);
    digest.update(request.body);
    Ok(commit::Remember { key: key.to_owned(), fingerprint: hex(&digest.finalize()) })
}
