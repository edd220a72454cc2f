//! Moving from Formsite, by its API.
//!
//! Results are fetched into a file beside the store, by their ids, so that whoever begins again goes on after the last; only
//! when all are there is it known what the items are, since the API does not say: that is guessed from their answers.
//! What has changed since the last time is fetched anew.
//!
//! Guarantees: what arrives, asked for by the same API, is what was there.
//!
//! Must not know: the store.

mod fetched;
mod items;

use super::files::{Files, name_of};
use super::landing::{Landing, NewForm};
use super::line::{SubmissionLine, TEXTS, chosen};
use super::web::Web;
use anyhow::{Context as _, Result};
use fetched::Fetched;
use fillhouse_model::{FormId, FormState};
use items::{Known, Seen, SeenItem};
use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// What is moved.
pub(crate) struct From {
    pub(crate) user_dir: String,
    /// The directories of forms; all where there are none.
    pub(crate) forms: Vec<String>,
    pub(crate) with_files: bool,
}

#[derive(Deserialize)]
struct Forms {
    forms: Vec<FormShape>,
}

#[derive(Deserialize)]
struct FormShape {
    directory: String,
    name: String,
    description: Option<String>,
    state: String,
    stats: Option<Stats>,
}

#[derive(Deserialize)]
struct Stats {
    #[serde(rename = "resultsCount")]
    results_count: Option<u64>,
}

/// A result.
#[derive(Deserialize)]
struct ResultShape {
    id: String,
    date_start: Option<String>,
    date_finish: Option<String>,
    date_update: String,
    result_status: String,
    payment_amount: Option<Box<RawValue>>,
    payment_status: Option<String>,
    login_email: Option<String>,
    login_username: Option<String>,
    user_browser: Option<String>,
    user_ip: Option<String>,
    user_device: Option<String>,
    user_referrer: Option<String>,
    items: Vec<SeenItem>,
}

impl From {
    /// Moves all forms that are wanted.
    pub(crate) async fn run(&self, landing: &mut Landing, web: &mut Web) -> Result<()> {
        let base = format!("/api/v2/{}/forms", self.user_dir);
        let Forms { forms } = web.get(&base).await?.json()?;
        let unknown = self.forms.iter().find(|wanted| forms.iter().all(|form| form.directory != **wanted));
        if let Some(unknown) = unknown {
            let known: Vec<&str> = forms.iter().map(|form| form.directory.as_str()).collect();
            anyhow::bail!("there is no form {unknown}: these are {}", known.join(", "));
        }
        for form in forms {
            if self.forms.is_empty() || self.forms.contains(&form.directory) {
                let place = format!("{base}/{}", form.directory);
                self.form(landing, web, form, &place).await?;
            }
        }
        Ok(())
    }

    async fn form(&self, landing: &mut Landing, web: &mut Web, form: FormShape, place: &str) -> Result<()> {
        let known: Known = web.get(&format!("{place}/items")).await?.json()?;
        let count = form.stats.as_ref().and_then(|stats| stats.results_count);
        if landing.is_dry {
            let (results, count) = (count, count.map_or_else(|| "its".to_owned(), |count| count.to_string()));
            let items = known.items.len();
            let told =
                json!({"form": form.directory, "name": form.name, "items": items, "submissions": results});
            return landing
                .tell(format!("{}: {}, {items} items, {count} results", form.directory, form.name), told);
        }
        let key = format!("formsite-{}-{}", self.user_dir, form.directory);
        let mut progress = landing.progress(&format!("fetching {}", form.directory), count);
        let fetched = Fetched::bring_up_to_date(landing, web, place, &key, &mut progress).await?;
        progress.finish();
        let (seen, has_unfinished) = look_through(&fetched)?;
        let state = match form.state.as_str() {
            "open" => FormState::Open,
            closed if closed.starts_with("closed") => FormState::Closed(closed.to_owned()),
            other => FormState::Closed(format!("closed ({other})")),
        };
        let items = known.items(&seen, &mut landing.report, &form.directory)?;
        let new = NewForm {
            directory: form.directory.clone(),
            name: form.name,
            description: form.description.filter(|text| !text.is_empty()),
            state,
            partial: has_unfinished,
            items,
        };
        let id = landing.put_form(new, &key).await?.id;
        let mut progress = landing.progress(&format!("storing  {}", form.directory), count);
        let what = format!("results of {}", form.directory);
        let mut files = if self.with_files { Some(Files::open(landing, &key)?) } else { None };
        let (mut stored, mut lost) = (0, BTreeSet::new());
        for line in fetched.latest()? {
            let result: ResultShape = serde_json::from_str(&line?)?;
            let place = format!("{}, result {}", form.directory, result.id);
            let mut line = submission(id, result, &seen, &mut lost, &place, landing)?;
            if let Some(files) = &mut files {
                copy_files(files, &mut line, &place, landing, web).await?;
            }
            let mut bytes = Vec::new();
            line.write(&mut bytes)?;
            landing.put(&what, &bytes).await?;
            stored += 1;
            progress.set(stored, "results");
        }
        landing.settle().await?;
        progress.finish();
        let told = json!({"form": form.directory, "id": id.0, "submissions": stored});
        landing.tell(format!("{}: {stored} results", form.directory), told)
    }
}

/// What the answers to each item are, and whether there are unfinished results.
fn look_through(fetched: &Fetched) -> Result<(BTreeMap<String, Seen>, bool)> {
    let (mut seen, mut has_unfinished) = (BTreeMap::<String, Seen>::new(), false);
    for line in fetched.latest()? {
        let result: ResultShape = serde_json::from_str(&line?)?;
        has_unfinished |= result.result_status != "Complete";
        for item in result.items {
            seen.entry(item.id.clone()).or_default().see(&item);
        }
    }
    Ok((seen, has_unfinished))
}

/// A result as a submission of the form.
fn submission(
    form: FormId,
    result: ResultShape,
    seen: &BTreeMap<String, Seen>,
    lost: &mut BTreeSet<String>,
    place: &str,
    landing: &mut Landing,
) -> Result<SubmissionLine> {
    let is_complete = result.result_status == "Complete";
    let texts = [
        result.login_email,
        result.login_username,
        result.payment_status,
        result.user_browser,
        result.user_ip,
        result.user_device,
        result.user_referrer,
    ];
    let mut answers = BTreeMap::new();
    for item in result.items {
        let Some(seen) = seen.get(&item.id).filter(|seen| seen.is_of_form()) else {
            if lost.insert(item.id.clone()) {
                landing
                    .report
                    .say(place, format!("the item {} is not in the form, nor are its answers", item.id))?;
            }
            continue;
        };
        if let Some(answer) = answer(&item, seen) {
            answers.insert(item.id, answer);
        }
    }
    Ok(SubmissionLine {
        form_id: form.0,
        id: result.id.parse().with_context(|| format!("{place}: its id is no number"))?,
        status: if is_complete { "Complete" } else { "Incomplete" }.to_owned(),
        date_finish: result.date_finish.or_else(|| is_complete.then(|| result.date_update.clone())),
        date_start: result.date_start,
        date_update: result.date_update,
        payment_amount: result.payment_amount.as_deref().and_then(amount),
        texts: TEXTS.into_iter().zip(texts).filter_map(|(name, text)| Some((name, text?))).collect(),
        answers,
        ..SubmissionLine::default()
    })
}

/// An amount as a number, with its digits.
fn amount(raw: &RawValue) -> Option<Box<RawValue>> {
    let text = raw.get().trim_matches('"');
    let is_number = text.parse::<f64>().is_ok_and(f64::is_finite);
    is_number.then(|| RawValue::from_string(text.to_owned()).ok()).flatten()
}

fn answer(item: &SeenItem, seen: &Seen) -> Option<Value> {
    let Some(values) = &item.values else {
        return item.value.as_ref().filter(|text| !text.is_empty()).map(|text| json!(text));
    };
    if values.is_empty() {
        return None;
    }
    let sorted = || {
        let mut sorted: Vec<_> = values.iter().collect();
        sorted.sort_by_key(|value| value.position);
        sorted
    };
    Some(if seen.is_text_row() {
        let mut texts = vec![String::new(); seen.columns()];
        for value in sorted() {
            if let Some(text) = texts.get_mut(value.position as usize) {
                text.clone_from(&value.value);
            }
        }
        json!(texts)
    } else if seen.is_files() {
        sorted().iter().map(|value| json!({"name": name_of(&value.value), "url": value.value})).collect()
    } else {
        values.iter().map(|value| chosen(value.position, value.other.as_deref())).collect()
    })
}

/// Copies the files that a submission has.
async fn copy_files(
    files: &mut Files,
    line: &mut SubmissionLine,
    place: &str,
    landing: &mut Landing,
    web: &mut Web,
) -> Result<()> {
    let form = FormId(line.form_id);
    for answer in line.answers.values_mut() {
        for file in answer.as_array_mut().into_iter().flatten() {
            if let Some(url) = file["url"].as_str().map(str::to_owned) {
                file["url"] = json!(files.copy(landing, web, form, (place, &url)).await?);
            }
        }
    }
    Ok(())
}
