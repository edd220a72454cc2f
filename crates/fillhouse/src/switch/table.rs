//! Moving from a table: a CSV file or a workbook, into a form of its own or into one that is there.
//!
//! Guarantees: the rows of the same file have the same ids each time it is read; what our own exports write as a table is read
//! back as the same submissions.
//!
//! Must not know: the store.

mod cells;
mod columns;
mod links;
mod source;

use super::landing::{Landing, NewForm, directory};
use super::line::SubmissionLine;
use super::report::Report;
use anyhow::{Context as _, Result, bail};
use columns::{Column, Columns};
use fillhouse_engine::FormRef;
use fillhouse_model::FormState;
use links::Links;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
pub(crate) use source::Kind;
use source::Source;
use std::path::{Path, PathBuf};

/// What is moved.
pub(crate) struct From {
    pub(crate) kind: Kind,
    pub(crate) file: String,
    /// The form to add to; a new one where there is none.
    pub(crate) form: Option<String>,
    /// What a new form is called.
    pub(crate) name: Option<String>,
    /// The sheet of a workbook; the first where none is named.
    pub(crate) sheet: Option<String>,
}

/// What is remembered of a file.
#[derive(Serialize, Deserialize)]
struct Notes {
    /// When it was read first: what a row is dated with that has no date.
    at: String,
    /// The ids of its rows, in their order: the first of some, and how many.
    ids: Vec<(i64, i64)>,
}

impl From {
    /// Moves the rows.
    pub(crate) async fn run(&self, landing: &mut Landing) -> Result<()> {
        let source = Source::open(self.kind, &self.file, self.sheet.as_deref())?;
        let name = self.name.clone().unwrap_or_else(|| stem(&self.file));
        let key = self.key(&name)?;
        let (columns, rows) = self.columns(landing, &source, &name).await?;
        columns.say(&mut landing.report, &self.file)?;
        if landing.is_dry {
            let text = format!("{}: {rows} rows\n{}", self.file, columns.text());
            landing.tell(text, json!({"file": self.file, "rows": rows, "columns": columns.told()}))?;
            return self.look_through(&source, &columns, &mut landing.report);
        }
        let form = match columns.form() {
            Some(form) => form.id,
            None => landing.put_form(columns.new_form(&name), &key).await?.id,
        };
        let notes = self.notes(landing, &key, rows).await?;
        let mut progress = landing.progress("importing", Some(rows));
        let mut links = Links::default();
        let mut ids = notes.ids.iter().flat_map(|(first, count)| *first..*first + *count);
        for (row, number) in source.rows()?.zip(1..) {
            let (place, cells) = row?;
            let own_id = ids.next().context("there are more rows than a moment ago")?;
            let place = format!("{}:{place}", self.file);
            let line = columns.line(&cells, &place, &mut landing.report)?;
            let line = links.kept(line, &place, landing).await?;
            let line = dated(SubmissionLine { form_id: form.0, ..line }, own_id, &notes.at);
            let mut bytes = Vec::new();
            line.write(&mut bytes)?;
            landing.put(&self.file, &bytes).await?;
            progress.set(number, "rows");
        }
        landing.settle().await?;
        progress.finish();
        let told = json!({"file": self.file, "rows": rows, "id": form.0});
        landing.tell(format!("{}: {rows} rows into the form {form}", self.file), told)
    }

    /// The columns, and how many rows there are.
    async fn columns(&self, landing: &Landing, source: &Source, name: &str) -> Result<(Columns, u64)> {
        let header = source.header();
        if let Some(wanted) = &self.form {
            let found = landing.form(&FormRef::called(wanted)).await?;
            let form = found
                .with_context(|| format!("the account {} has no form {wanted}", landing.account.user_dir))?;
            return Ok((Columns::of_form(header, form)?, source.count()?));
        }
        let mut columns = Columns::unknown(header)?;
        let mut rows = 0;
        for row in source.rows()? {
            columns.see(&row?.1);
            rows += 1;
        }
        if rows == 0 {
            bail!("{name}: there are no rows below the header");
        }
        columns.guess();
        Ok((columns, rows))
    }

    /// What each row would come to.
    fn look_through(&self, source: &Source, columns: &Columns, report: &mut Report) -> Result<()> {
        for row in source.rows()? {
            let (place, cells) = row?;
            columns.line(&cells, &format!("{}:{place}", self.file), report)?;
        }
        Ok(())
    }

    /// What is remembered, with enough ids for so many rows.
    async fn notes(&self, landing: &Landing, key: &str, rows: u64) -> Result<Notes> {
        let path = landing.notes.join(format!("{key}.json"));
        let before = std::fs::read_to_string(&path).ok();
        let new = || Notes { at: landing.engine.time().to_seconds_string(), ids: Vec::new() };
        let mut notes: Notes = before.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_else(new);
        let missing = rows.cast_signed() - notes.ids.iter().map(|(_, count)| count).sum::<i64>();
        if missing > 0 {
            let first = landing.engine.take_submission_ids(landing.account.id, missing).await?;
            notes.ids.push((first.0, missing));
            // Before any row is stored: or the next run would give it another id.
            super::landing::write_whole(&path, &serde_json::to_string(&notes)?)?;
        }
        Ok(notes)
    }

    /// A name for what is remembered of this file and form.
    fn key(&self, name: &str) -> Result<String> {
        let path = std::path::absolute(Path::new(&self.file))?;
        let what = format!(
            "{}\n{}\n{name}\n{:?}",
            path.display(),
            self.form.as_deref().unwrap_or_default(),
            self.sheet
        );
        let digest = Sha256::digest(what.as_bytes());
        Ok(digest.iter().take(8).fold("table-".to_owned(), |text, byte| text + &format!("{byte:02x}")))
    }
}

/// The same with an id and dates, where the row has none.
fn dated(line: SubmissionLine, own_id: i64, at: &str) -> SubmissionLine {
    let is_complete = line.status == "Complete";
    let date_finish = line.date_finish.or_else(|| is_complete.then(|| at.to_owned()));
    let date_update = if line.date_update.is_empty() {
        date_finish.clone().unwrap_or_else(|| at.to_owned())
    } else {
        line.date_update
    };
    SubmissionLine { id: if line.id == 0 { own_id } else { line.id }, date_finish, date_update, ..line }
}

impl Columns {
    fn new_form(&self, name: &str) -> NewForm {
        NewForm {
            directory: directory(name),
            name: name.to_owned(),
            description: None,
            state: FormState::Open,
            partial: self.has_unfinished(),
            items: self.items(),
        }
    }

    /// What each column is taken for, a line each.
    fn text(&self) -> String {
        let what = |column: &Column| match column {
            Column::Meta(_) => "of the submission itself".to_owned(),
            Column::Item(item) => {
                let labels: Vec<&str> = item.choices.iter().map(|choice| choice.label.as_str()).collect();
                let choices =
                    if labels.is_empty() { String::new() } else { format!(": {}", labels.join(", ")) };
                format!("{}{choices}", columns::type_name(item.kind))
            }
            Column::Nothing => "not taken over".to_owned(),
        };
        let lines = self.iter().map(|(name, column)| format!("  {name}: {}", what(column)));
        lines.collect::<Vec<_>>().join("\n")
    }

    /// The same for programs: what is an item has its type, and its choices where it has some.
    fn told(&self) -> Vec<Value> {
        let told = |(name, column): (&String, &Column)| match column {
            Column::Meta(_) => json!({"name": name, "is": "meta"}),
            Column::Item(item) => {
                let labels: Vec<&str> = item.choices.iter().map(|choice| choice.label.as_str()).collect();
                json!({"name": name, "is": "item", "type": columns::type_name(item.kind), "choices": labels})
            }
            Column::Nothing => json!({"name": name, "is": "nothing"}),
        };
        self.iter().map(told).collect()
    }
}

/// What a file is called without its folder and its extensions.
fn stem(file: &str) -> String {
    let path = PathBuf::from(file);
    let name =
        path.file_name().map_or_else(|| "table".to_owned(), |name| name.to_string_lossy().into_owned());
    name.split('.').find(|part| !part.is_empty()).unwrap_or("table").to_owned()
}
