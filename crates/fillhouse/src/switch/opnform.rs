//! Moving from OpnForm, by its API.
//!
//! The list of submissions is ordered by the latest first and moves on while they come in, so that it is read until nothing in
//! it is new. What was stored by an earlier run is stored again, which changes nothing but what was changed there.
//!
//! Guarantees: the ids of properties are those that our own open API shows for them; what arrives, asked for by that API, is
//! what was there.
//!
//! Must not know: the store.

mod properties;

use super::files::Files;
use super::landing::{Landing, NewForm, directory};
use super::line::SubmissionLine;
use super::web::Web;
use crate::progress::Progress;
use anyhow::{Context as _, Result, bail};
use fillhouse_model::{FormId, FormState};
use properties::{Mapping, Property};
use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Value, json};
use std::collections::{BTreeMap, HashSet};

/// How many submissions are asked for at once.
const PAGE: u64 = 100;
/// How often the list is read anew because it has moved.
const MOST_READINGS: u32 = 5;

/// What is moved.
pub(crate) struct From {
    /// The ids or slugs of forms; all where there are none.
    pub(crate) forms: Vec<String>,
    pub(crate) with_files: bool,
}

#[derive(Deserialize)]
struct Listed<T> {
    data: Vec<T>,
    meta: Meta,
}

#[derive(Deserialize)]
struct Meta {
    last_page: u64,
    total: u64,
}

#[derive(Deserialize)]
struct FormShape {
    id: Value,
    slug: String,
    title: String,
    description: Option<String>,
    visibility: Option<String>,
    #[serde(default)]
    enable_partial_submissions: bool,
    properties: Vec<Property>,
}

#[derive(Deserialize)]
struct SubmissionShape {
    id: i64,
    completion_time: Option<i64>,
    data: BTreeMap<String, Box<RawValue>>,
}

impl From {
    /// Moves all forms that are wanted.
    pub(crate) async fn run(&self, landing: &mut Landing, web: &mut Web) -> Result<()> {
        let forms = if self.forms.is_empty() { all_forms(web).await? } else { self.forms.clone() };
        for form in forms {
            let shape: FormShape = web.get(&format!("/open/forms/{form}")).await?.json()?;
            self.form(landing, web, shape).await?;
        }
        Ok(())
    }

    async fn form(&self, landing: &mut Landing, web: &mut Web, form: FormShape) -> Result<()> {
        let id = form.id.as_str().map_or_else(|| form.id.to_string(), str::to_owned);
        let place = format!("/open/forms/{id}/submissions?per_page={PAGE}&page=");
        let first: Listed<SubmissionShape> = web.get(&format!("{place}1")).await?.json()?;
        let mapping = Mapping::of(&form.properties, &mut landing.report, &form.slug)?;
        if landing.is_dry {
            let (items, total) = (mapping.items.len(), first.meta.total);
            let told = json!({"form": form.slug, "name": form.title, "items": items, "submissions": total});
            return landing
                .tell(format!("{}: {}, {items} items, {total} submissions", form.slug, form.title), told);
        }
        let key = format!("opnform-{}", directory(&form.slug));
        let new = NewForm {
            directory: directory(&form.slug),
            name: form.title.clone(),
            description: form.description.clone().filter(|text| !text.is_empty()),
            state: match form.visibility.as_deref() {
                None | Some("public") => FormState::Open,
                Some(other) => FormState::Closed(format!("closed ({other})")),
            },
            partial: form.enable_partial_submissions,
            items: mapping.items.clone(),
        };
        let ours = landing.put_form(new, &key).await?.id;
        let mut moving = Moving {
            files: if self.with_files { Some(Files::open(landing, &key)?) } else { None },
            what: format!("submissions of {}", form.slug),
            progress: landing.progress(&format!("moving {}", form.slug), Some(first.meta.total)),
            seen: HashSet::new(),
            slug: form.slug,
            ours,
            mapping,
        };
        moving.all(landing, web, &place, first).await?;
        landing.settle().await?;
        moving.progress.finish();
        let (slug, count) = (&moving.slug, moving.seen.len());
        let told = json!({"form": slug, "id": ours.0, "submissions": count});
        landing.tell(format!("{slug}: {count} submissions"), told)
    }
}

/// The slugs of all forms of all workspaces.
async fn all_forms(web: &mut Web) -> Result<Vec<String>> {
    #[derive(Deserialize)]
    struct Named {
        slug: String,
    }
    let workspaces: Vec<Value> = web.get("/open/workspaces").await?.json()?;
    let mut slugs = Vec::new();
    for workspace in workspaces {
        for page in 1.. {
            let place = format!("/open/workspaces/{}/forms?page={page}", workspace["id"]);
            let listed: Listed<Named> = web.get(&place).await?.json()?;
            slugs.extend(listed.data.into_iter().map(|form| form.slug));
            if page >= listed.meta.last_page {
                break;
            }
        }
    }
    Ok(slugs)
}

/// A form on its way.
struct Moving {
    slug: String,
    ours: FormId,
    mapping: Mapping,
    files: Option<Files>,
    what: String,
    progress: Progress,
    seen: HashSet<i64>,
}

impl Moving {
    /// Reads the list until all are there that it has said to have.
    async fn all(
        &mut self,
        landing: &mut Landing,
        web: &mut Web,
        place: &str,
        first: Listed<SubmissionShape>,
    ) -> Result<()> {
        let mut listed = first;
        for _ in 0..MOST_READINGS {
            let total = listed.meta.total;
            for page in 2.. {
                let last = listed.meta.last_page;
                self.some(landing, web, listed.data).await?;
                if page > last {
                    break;
                }
                listed = web.get(&format!("{place}{page}")).await?.json()?;
            }
            if self.seen.len() as u64 >= total {
                return Ok(());
            }
            // Some were deleted while the pages were turned, so that others have slipped through.
            listed = web.get(&format!("{place}1")).await?.json()?;
        }
        bail!("{}: the list of submissions does not stand still; run this again later", self.slug)
    }

    async fn some(&mut self, landing: &mut Landing, web: &mut Web, some: Vec<SubmissionShape>) -> Result<()> {
        for submission in some {
            if !self.seen.insert(submission.id) {
                continue;
            }
            let place = format!("{}, submission {}", self.slug, submission.id);
            let mut line = self.line(landing, &submission, &place)?;
            if let Some(files) = &mut self.files {
                for answer in line.answers.values_mut() {
                    for file in answer.as_array_mut().into_iter().flatten() {
                        if let Some(url) = file["url"].as_str().map(str::to_owned) {
                            file["url"] = json!(files.copy(landing, web, self.ours, (&place, &url)).await?);
                        }
                    }
                }
            }
            let mut bytes = Vec::new();
            line.write(&mut bytes)?;
            landing.put(&self.what, &bytes).await?;
            self.progress.set(self.seen.len() as u64, "submissions");
        }
        Ok(())
    }

    fn line(&self, landing: &mut Landing, given: &SubmissionShape, place: &str) -> Result<SubmissionLine> {
        let text = |name: &str| -> Option<String> { serde_json::from_str(given.data.get(name)?.get()).ok() };
        let created = text("created_at").with_context(|| format!("{place}: it has no created_at"))?;
        let begun = instant(&created).with_context(|| format!("{place}: {created:?} is no time"))?;
        let ended = begun + jiff::SignedDuration::from_secs(given.completion_time.unwrap_or(0));
        let is_complete = text("status").is_none_or(|status| status == "completed");
        let mut answers = BTreeMap::new();
        for (id, raw) in &given.data {
            if let Some(found) = self.mapping.answers(id, raw.get()) {
                for given in found {
                    match given {
                        Ok((item, answer)) => drop(answers.insert(item, answer)),
                        Err(what) => landing.report.say(place, what)?,
                    }
                }
            }
        }
        Ok(SubmissionLine {
            form_id: self.ours.0,
            id: given.id,
            status: if is_complete { "Complete" } else { "Incomplete" }.to_owned(),
            // Who has no time of an end was not seen to begin either.
            date_start: (given.completion_time.is_some() || !is_complete).then(|| begun.to_string()),
            date_finish: is_complete.then(|| ended.to_string()),
            date_update: ended.to_string(),
            answers,
            ..SubmissionLine::default()
        })
    }
}

/// A time as the API writes it, in UTC; or with an offset.
fn instant(text: &str) -> Result<jiff::Timestamp> {
    match text.parse() {
        Ok(instant) => Ok(instant),
        Err(_) => {
            let civil: jiff::civil::DateTime = text.parse()?;
            Ok(civil.to_zoned(jiff::tz::TimeZone::UTC)?.timestamp())
        }
    }
}
