//! The fills of one user: the submissions of a form that are from a profile, by what they say of it.
//!
//! Guarantees: what it takes follows from how many there are, not from the size of the form; few of them are in a finished
//! file before the caller has its answer.
//!
//! Must not know: how a profile is found.

use super::StoredRequest;
use super::selection::Selection;
use super::shape::FileShape;
use super::small::SmallContent;
use super::workbench::RenderTask;
use crate::matches::digest;
use crate::profiles::{Matching, matching};
use crate::{Error, FormRef, FormsReader, Result};
use fillhouse_model::matching::{Marks, of, of_profile};
use fillhouse_model::row::Row;
use fillhouse_model::{AudienceId, ErrorKind, Form, FormId, JobId, Json, Matches, Profile, Status};
use fillhouse_store::document::value_from_json;
use fillhouse_store::{Error as StoreError, Result as StoreResult, StoredForm, Tx, ordinal_of};
use std::collections::BTreeSet;
use std::sync::Arc;

/// Up to how many fills are exported at once; more of them are a worker's.
const MOST_AT_ONCE: usize = 500;

/// A request for the fills of one user.
#[derive(Debug, Clone)]
pub struct FillsOf {
    /// The form.
    pub form: FormRef,
    /// The audience that the user is looked for in.
    pub audience: AudienceId,
    /// What the user is known by there.
    pub matching: Matching,
    /// What is made of them.
    pub shape: FileShape,
}

/// What was found.
enum Found {
    NoAudience,
    NoProfile,
    Several,
    Fills(Box<Fills>),
}

/// The fills, as of one moment.
struct Fills {
    form: StoredForm,
    seq: i64,
    keys: Vec<i64>,
    /// The rows at these keys, unless there are too many.
    rows: Option<Vec<(i64, Vec<u8>)>>,
}

impl FormsReader {
    /// Asks for the fills of one user, and gives the job that makes, or has made, the file.
    ///
    /// # Errors
    /// There is no such form, audience or profile, or more than one profile ([`ErrorKind::Conflict`]).
    pub async fn start_fills_of(&self, request: FillsOf) -> Result<JobId> {
        let form_id = self.form_id(&request.form).await?;
        match self.find_fills(form_id, &request).await? {
            Found::NoAudience => Err(Error::not_found(format!("database {}", request.audience))),
            Found::NoProfile => Err(Error::not_found("the profile")),
            Found::Several => Err(Error::new(ErrorKind::Conflict, "more than one profile matches")),
            Found::Fills(fills) => self.export_fills(*fills, request.shape).await,
        }
    }

    async fn find_fills(&self, form_id: FormId, request: &FillsOf) -> Result<Found> {
        let (account, audience, matching) = (self.account, request.audience, request.matching.clone());
        let found = self.engine.parts.store.read(move |tx| {
            let matching = matching.clone();
            Box::pin(async move {
                let audience = tx.audience(audience).await?.filter(|audience| audience.account_id == account);
                let Some(audience) = audience else { return Ok(Some(Found::NoAudience)) };
                let mut profiles = matching::find(tx, &audience, &matching).await?;
                match (profiles.pop(), profiles.is_empty()) {
                    (None, _) => Ok(Some(Found::NoProfile)),
                    (Some(_), false) => Ok(Some(Found::Several)),
                    (Some(profile), true) => {
                        Ok(fills_of(tx, form_id, &profile).await?.map(|fills| Found::Fills(Box::new(fills))))
                    }
                }
            })
        });
        found.await?.ok_or_else(|| Error::not_found(&request.form))
    }

    async fn export_fills(&self, fills: Fills, shape: FileShape) -> Result<JobId> {
        let Fills { form, seq, keys, rows } = fills;
        shape.check(&form.form)?;
        let places = keys.iter().map(|key| ordinal_of(*key)).collect();
        let expected_rows = keys.len() as i64;
        let places = Some(Arc::new(places));
        let selection = Selection { places, include_incomplete: false, ..Selection::everything() };
        let request = StoredRequest::new(form.revision, &selection, &shape);
        let mut spec = self.job_spec(form.form.id);
        spec.request = request.to_json();
        spec.expected_rows = expected_rows;
        let (id, now, parts) = (spec.id.clone(), self.engine.now(), &self.engine.parts);
        let Some(rows) = rows else {
            let created = parts.store.write(move |tx| {
                let spec = spec.clone();
                Box::pin(async move { tx.create_job(&spec, now).await })
            });
            created.await?;
            parts.job_made.notify_one();
            return Ok(id);
        };
        let task = RenderTask::new(&form.form, &shape, selection)?;
        let file = SmallContent::render(&form.form, &shape, &task, &rows)?;
        let file = Arc::new(file.for_job(parts, &spec, now));
        let stored = parts.store.write(move |tx| {
            let (spec, file) = (spec.clone(), file.clone());
            Box::pin(async move {
                let number = tx.take_job_number().await?;
                tx.put_finished_job(&spec, (number, seq), &file.artifact(number)?, now).await
            })
        });
        stored.await?;
        Ok(id)
    }
}

/// The submissions of a form that are from a profile; none where there is no such form.
async fn fills_of(tx: &mut Tx, form: FormId, profile: &Profile) -> StoreResult<Option<Fills>> {
    let Some(form) = tx.form(form).await? else { return Ok(None) };
    let mut keys = keys_of(tx, &form.form, profile).await?;
    let seq = tx.form_seq(form.form.id).await?;
    let rows = if keys.len() <= MOST_AT_ONCE {
        let bodies = tx.bodies_at(&keys).await?;
        let is_finished = |body: &Vec<u8>| Row::read(body).is_ok_and(|row| row.status == Status::Complete);
        let there = keys.into_iter().zip(bodies).filter_map(|(key, body)| Some((key, body?)));
        let rows: Vec<_> = there.filter(|(_, body)| is_finished(body)).collect();
        keys = rows.iter().map(|(key, _)| *key).collect();
        Some(rows)
    } else {
        None
    };
    Ok(Some(Fills { form, seq, keys, rows }))
}

/// The keys of the submissions of a form that are from a profile.
pub(crate) async fn keys_of(tx: &mut Tx, form: &Form, profile: &Profile) -> StoreResult<Vec<i64>> {
    let said: Vec<String> = said_of(profile, &Marks::of(form))?.iter().map(|said| digest(said)).collect();
    tx.matching_keys(form.id, &said).await
}

/// What submissions may say of a profile, each once.
fn said_of(profile: &Profile, marks: &Marks) -> StoreResult<BTreeSet<String>> {
    let mut said = BTreeSet::from([of_profile(profile.audience_id, profile.id)]);
    said.extend(profile.email.iter().filter_map(|email| of(&Matches::Email, email)));
    said.extend(profile.phones.iter().filter_map(|phone| of(&Matches::Phone, phone)));
    let fields = value_from_json(&profile.fields).map_err(|error| StoreError::Inconsistent {
        table: "profiles",
        id: profile.id.to_string(),
        what: error.to_string(),
    })?;
    for name in marks.fields() {
        let values = fields.member(name).map(texts).unwrap_or_default();
        said.extend(values.iter().filter_map(|value| of(&Matches::Field(name.to_owned()), value)));
    }
    Ok(said)
}

/// What people would write for a value: an element at a time.
fn texts(value: &Json) -> Vec<String> {
    match value {
        Json::Text(text) => vec![text.clone()],
        Json::Int(number) => vec![number.to_string()],
        Json::Float(number) => vec![number.to_string()],
        Json::Bool(truth) => vec![truth.to_string()],
        Json::List(elements) => elements.iter().flat_map(texts).collect(),
        Json::Null | Json::Object(_) => Vec::new(),
    }
}
