//! `fillhouse import --from`: from the API of another product, or from a table.
//!
//! Must not know: how anything is moved.

use crate::config::{Config, secret};
use crate::switch::landing::Landing;
use crate::switch::report::Report;
use crate::switch::table::Kind;
use crate::switch::web::Web;
use crate::switch::{formsite, opnform, table};
use anyhow::{Context as _, Result, bail};
use fillhouse_engine::Counts;
use serde_json::Value;
use std::path::PathBuf;

/// Where OpnForm's own servers are.
const OPNFORM: &str = "https://api.opnform.com";
/// The directory of an account that is made for what has none.
const USER_DIR: &str = "main";

/// From what.
#[derive(clap::Args)]
#[command(next_help_heading = "From elsewhere")]
pub(super) struct From {
    /// From another product, by its API, or from a table
    #[arg(long = "from", id = "from", value_enum)]
    source: Option<Source>,
    /// The server to fetch from, such as `https://fs1.formsite.com`
    #[arg(long, value_name = "URL", requires = "from")]
    server: Option<String>,
    /// A token of that server
    #[arg(long, env = "FILLHOUSE_TOKEN", hide_env_values = true)]
    token: Option<String>,
    /// A file that holds the token
    #[arg(long, env = "FILLHOUSE_TOKEN_FILE", value_name = "FILE")]
    token_file: Option<PathBuf>,
    /// The directory of the account on that server
    #[arg(long, value_name = "DIR", requires = "from")]
    user_dir: Option<String>,
    /// The forms to fetch, by their directory or slug [default: all]; of a table, the form that it is added to [default: a new one]
    #[arg(long, value_name = "FORM", requires = "from")]
    form: Vec<String>,
    /// Copy the files of submissions, too
    #[arg(long, requires = "from")]
    with_files: bool,
    /// What the new form of a table is called [default: the file's name]
    #[arg(long, requires = "from")]
    name: Option<String>,
    /// The sheet of a workbook [default: the first]
    #[arg(long, requires = "from")]
    sheet: Option<String>,
    #[expect(clippy::doc_markdown, reason = "the help shows it as it is")]
    /// The account to import into, by its id or user_dir [default: the only one; a new one where there is none]
    #[arg(long, requires = "from")]
    account: Option<String>,
    /// Say what there is and what could not be taken over, and store nothing
    #[arg(long, requires = "from")]
    dry_run: bool,
    /// A file for what could not be taken over, a line each
    #[arg(long, value_name = "FILE", requires = "from")]
    report: Option<PathBuf>,
}

/// Where things come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Source {
    Formsite,
    Opnform,
    Csv,
    Xlsx,
}

/// What came of it.
pub(super) struct Moved {
    pub(super) counts: Counts,
    /// What was read, for programs.
    pub(super) told: Vec<Value>,
    pub(super) not_taken_over: u64,
}

impl From {
    pub(super) fn is_wanted(&self) -> bool {
        self.source.is_some()
    }

    /// Imports.
    pub(super) async fn run(self, config: &Config, files: Vec<String>, json: bool) -> Result<Moved> {
        let from = self.source.context("--from says where to import from")?;
        if matches!(from, Source::Csv | Source::Xlsx) {
            let report = Report::new(self.report.as_deref())?;
            let mut landing =
                Landing::open(config, self.account.as_deref(), USER_DIR, report, self.dry_run).await?;
            landing = landing.for_programs(json);
            if files.is_empty() {
                bail!("name the files to read");
            }
            if self.form.len() > 1 {
                bail!("a table is added to one form: give --form once");
            }
            let kind = if from == Source::Csv { Kind::Csv } else { Kind::Xlsx };
            for file in files {
                let (form, name, sheet) = (self.form.first().cloned(), self.name.clone(), self.sheet.clone());
                table::From { kind, file, form, name, sheet }.run(&mut landing).await?;
            }
            return finished(landing);
        }
        if let Some(file) = files.first() {
            bail!("what to do with {file}? --from {from:?} reads from a server");
        }
        let token = secret("token", self.token, self.token_file)?;
        let token = token
            .context("the server wants a token: give it with --token, --token-file or FILLHOUSE_TOKEN")?;
        let server = match (from, self.server) {
            (_, Some(server)) => server,
            (Source::Opnform, None) => OPNFORM.to_owned(),
            (_, None) => bail!("say which server with --server, such as https://fs1.formsite.com"),
        };
        let mut web = Web::new(&server, token)?;
        let report = Report::new(self.report.as_deref())?;
        let new_dir = self.user_dir.as_deref().unwrap_or(USER_DIR);
        let mut landing =
            Landing::open(config, self.account.as_deref(), new_dir, report, self.dry_run).await?;
        landing = landing.for_programs(json);
        let (forms, with_files) = (self.form, self.with_files);
        if from == Source::Formsite {
            let user_dir = self
                .user_dir
                .context("say which account with --user-dir, as in the addresses of its forms")?;
            formsite::From { user_dir, forms, with_files }.run(&mut landing, &mut web).await?;
        } else {
            opnform::From { forms, with_files }.run(&mut landing, &mut web).await?;
        }
        finished(landing)
    }
}

/// The end of it.
fn finished(mut landing: Landing) -> Result<Moved> {
    let not_taken = landing.report.finish()?;
    if not_taken > 0 {
        eprintln!("{not_taken} things were not taken over as they were");
    }
    Ok(Moved { counts: landing.counts(), told: landing.told(), not_taken_over: not_taken })
}
