//! Where things come to: an account of the store, by way of its importer.
//!
//! Guarantees: of a dry run nothing is stored; where programs read the result, nothing else is on standard output.
//!
//! Must not know: where things come from.

use super::report::Report;
use crate::config::Config;
use crate::files::make_private;
use crate::output;
use crate::progress::{Progress, Unit};
use crate::wiring::{self, with_source};
use anyhow::{Context as _, Result, bail};
use fillhouse_engine::interchange::write_form;
use fillhouse_engine::{Counts, Engine, FormRef, FormsWriter, Importer, NewAccount};
use fillhouse_model::{Account, AccountId, ErrorKind, Form, FormState, Item};
use serde_json::Value;
use std::fmt::Display;
use std::io::Cursor;
use std::path::{Path, PathBuf};

/// How many bytes of lines are gathered before they are stored.
const CHUNK_BYTES: usize = 1 << 20;

/// An account that is moved into.
pub(crate) struct Landing {
    pub(crate) engine: Engine,
    pub(crate) account: Account,
    pub(crate) report: Report,
    pub(crate) is_dry: bool,
    /// What was done, for programs; none where it is told to people as it is done.
    told: Option<Vec<Value>>,
    /// What must outlive this run is kept here.
    pub(crate) notes: PathBuf,
    importer: Option<Importer>,
    gathered: Vec<u8>,
    what: String,
}

impl Landing {
    /// The account of this name; the only one there is, where none is named; or a new one, where there is none yet.
    pub(crate) async fn open(
        config: &Config,
        account: Option<&str>,
        new_dir: &str,
        report: Report,
        is_dry: bool,
    ) -> Result<Self> {
        let engine = wiring::open_for_command(config).await?;
        let notes = config.data_dir.join("imports");
        if !is_dry {
            make_private(&notes)?;
        }
        let accounts = engine.accounts().await.map_err(with_source)?;
        let names = || accounts.iter().map(|known| known.user_dir.as_str()).collect::<Vec<_>>().join(", ");
        let found = match account {
            Some(name) => {
                accounts.iter().find(|known| known.user_dir == name || known.id.to_string() == name).cloned()
            }
            None if accounts.len() > 1 => {
                bail!("there are several accounts: say which with --account: {}", names())
            }
            None => accounts.first().cloned(),
        };
        let is_new = found.is_none();
        if is_new && !accounts.is_empty() {
            bail!("there is no account {}: these are {}", account.unwrap_or_default(), names());
        }
        let user_dir = account.unwrap_or(new_dir).to_owned();
        let new =
            || Account { id: AccountId(1), name: user_dir.clone(), user_dir, timezone: "UTC".to_owned() };
        let account = found.unwrap_or_else(new);
        let importer = Some(engine.importer(true));
        let what = String::new();
        let mut landing =
            Self { engine, account, report, is_dry, told: None, notes, importer, gathered: Vec::new(), what };
        if is_new && !is_dry {
            landing.begin_account().await?;
        }
        Ok(landing)
    }

    /// The same, for programs where `json` is wanted.
    pub(crate) fn for_programs(self, json: bool) -> Self {
        Self { told: json.then(Vec::new), ..self }
    }

    /// Progress, unless it is programs that read of it.
    pub(crate) fn progress(&self, what: &str, total: Option<u64>) -> Progress {
        Progress::new(what, total, Unit::Things).unless(self.told.is_some())
    }

    /// Tells what was done or would be: to people at once, to programs at the end.
    pub(crate) fn tell(&mut self, text: impl Display, value: Value) -> Result<()> {
        match &mut self.told {
            Some(told) => told.push(value),
            None => output::line(text)?,
        }
        Ok(())
    }

    /// What programs are told; nothing where people were.
    pub(crate) fn told(&mut self) -> Vec<Value> {
        self.told.take().unwrap_or_default()
    }

    async fn begin_account(&mut self) -> Result<()> {
        let new = NewAccount::in_directory(&self.account.user_dir);
        let user_dir = &new.user_dir;
        eprintln!(
            "the account {user_dir} is new; `fillhouse console --account {user_dir}` makes a link that signs in to it"
        );
        self.account = self.engine.create_account(new).await.map_err(with_source)?;
        Ok(())
    }

    /// Whoever may change the account's forms.
    pub(crate) async fn writer(&self) -> Result<FormsWriter> {
        let caller = self.engine.operator(self.account.id).await.map_err(with_source)?;
        caller.forms_writer().map_err(with_source)
    }

    /// The account's form of this name, if it has one.
    pub(crate) async fn form(&self, form: &FormRef) -> Result<Option<Form>> {
        // Of a dry run, the account may not be there.
        let Ok(writer) = self.writer().await else { return Ok(None) };
        match writer.form(form).await {
            Ok(found) => Ok(Some(Form::clone(&found.form))),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(with_source(error)),
        }
    }

    /// Stores a form: in place of the one of this directory that an earlier run has made of the same thing, which `key` names;
    /// else a new one.
    pub(crate) async fn put_form(&mut self, new: NewForm, key: &str) -> Result<Form> {
        let before = self.form(&FormRef::Directory(new.directory.clone())).await?;
        let note = self.notes.join(format!("{key}.form"));
        let noted = std::fs::read_to_string(&note).ok().and_then(|text| text.trim().parse().ok());
        if let Some(before) = before.as_ref().filter(|before| noted != Some(before.id.0)) {
            bail!(
                "the account {} has a form in the directory {} already, {}, and it is not known to come from there: \
                 nothing was changed",
                self.account.user_dir,
                before.directory,
                before.name
            );
        }
        let form = match before {
            Some(before) => Form {
                name: new.name,
                description: new.description.or(before.description),
                partial: new.partial || before.partial,
                items: new.items,
                ..before
            },
            None => Form {
                id: self.engine.free_form_id().await.map_err(with_source)?,
                account_id: self.account.id,
                shortname: format!("form_{:08x}", rand::random::<u32>()),
                slug: format!("{}-{:06x}", new.directory, rand::random::<u32>() >> 8),
                directory: new.directory,
                name: new.name,
                description: new.description,
                state: new.state,
                timezone: None,
                partial: new.partial,
                items: new.items,
                slots: Vec::new(),
            },
        };
        // Before it is there: or the next run would take it for another's.
        write_whole(&note, &form.id.to_string())?;
        form.check().map_err(|fault| anyhow::anyhow!("the form {} cannot be kept: {fault}", form.name))?;
        let mut line = Vec::new();
        write_form(&form, &mut line);
        let bad = self.counts().bad;
        self.put(&format!("form {}", form.name), &line).await?;
        self.settle().await?;
        if self.counts().bad > bad {
            bail!("the form {} was not stored", form.name);
        }
        Ok(form)
    }

    /// Stores lines, now or with others that follow.
    pub(crate) async fn put(&mut self, what: &str, lines: &[u8]) -> Result<()> {
        if self.what != what {
            self.settle().await?;
            what.clone_into(&mut self.what);
        }
        self.gathered.extend_from_slice(lines);
        if self.gathered.len() >= CHUNK_BYTES { self.settle().await } else { Ok(()) }
    }

    /// Stores all that was gathered.
    pub(crate) async fn settle(&mut self) -> Result<()> {
        let lines = std::mem::take(&mut self.gathered);
        if lines.is_empty() || self.is_dry {
            return Ok(());
        }
        let mut taking = self.importer.take().context("an import has failed before")?;
        let what = self.what.clone();
        let importing = tokio::task::spawn_blocking(move || {
            let mut bad = Vec::new();
            let outcome = taking.import(&what, &mut Cursor::new(&lines), &mut |_| {}, &mut |error| {
                bad.push(error.to_string());
            });
            (taking, outcome, bad)
        });
        let (taking, outcome, bad) = importing.await?;
        self.importer = Some(taking);
        bad.into_iter().try_for_each(|line| self.report.say("the store", line))?;
        Ok(outcome?)
    }

    /// What became of all lines so far.
    pub(crate) fn counts(&self) -> Counts {
        self.importer.as_ref().map(|importer| importer.counts().clone()).unwrap_or_default()
    }
}

/// Writes a small file, whole or not at all.
pub(crate) fn write_whole(path: &Path, text: &str) -> Result<()> {
    let new = path.with_extension("new");
    let written = std::fs::write(&new, text).and_then(|()| std::fs::rename(&new, path));
    written.with_context(|| format!("{} cannot be written", path.display()))
}

/// A form that is to be.
pub(crate) struct NewForm {
    pub(crate) directory: String,
    pub(crate) name: String,
    pub(crate) description: Option<String>,
    pub(crate) state: FormState,
    pub(crate) partial: bool,
    pub(crate) items: Vec<Item>,
}

/// A text as a directory: letters, digits and hyphens.
pub(crate) fn directory(name: &str) -> String {
    let mut directory = String::new();
    for letter in name.chars().map(|letter| letter.to_ascii_lowercase()) {
        match letter {
            letter if letter.is_ascii_alphanumeric() => directory.push(letter),
            _ if directory.is_empty() || directory.ends_with('-') => {}
            _ => directory.push('-'),
        }
    }
    let directory = directory.trim_end_matches('-');
    if directory.is_empty() { "form".to_owned() } else { directory.chars().take(60).collect() }
}
