//! `fillhouse doctor`: whether all is well with a store and its server, and what to do where it is not.
//!
//! Guarantees: it changes nothing that is stored; each finding says what to do; it ends with exit status 1 where something is wrong.
//!
//! Must not know: how anything is mended.

mod machine;
mod network;
mod store;

use crate::config::Config;
use crate::output;
use anyhow::{Result, bail};
use serde::Serialize;

/// The command.
#[derive(clap::Args)]
pub(crate) struct Doctor {
    /// Print the findings as a JSON array
    #[arg(long)]
    json: bool,
    /// Leave out what reads the whole database and lists all blobs
    #[arg(long)]
    quick: bool,
}

/// Something that was looked at.
#[derive(Debug, Serialize)]
struct Finding {
    /// What was looked at.
    what: &'static str,
    state: State,
    /// How it is.
    says: String,
    /// What to do about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    to_do: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
enum State {
    Ok,
    Warning,
    Error,
}

impl Finding {
    fn ok(what: &'static str, says: impl Into<String>) -> Self {
        Self { what, state: State::Ok, says: says.into(), to_do: None }
    }

    fn warning(what: &'static str, says: impl Into<String>, to_do: impl Into<String>) -> Self {
        Self { state: State::Warning, to_do: Some(to_do.into()), ..Self::ok(what, says) }
    }

    fn error(what: &'static str, says: impl Into<String>, to_do: impl Into<String>) -> Self {
        Self { state: State::Error, ..Self::warning(what, says, to_do) }
    }
}

impl Doctor {
    /// Looks at everything.
    pub(crate) async fn run(self, config: Config) -> Result<()> {
        let mut findings = machine::findings(&config);
        findings.extend(store::findings(&config, self.quick).await);
        findings.extend(network::findings(&config).await);
        if self.json {
            output::json(&findings)?;
        } else {
            findings.iter().try_for_each(show)?;
        }
        match findings.iter().filter(|finding| finding.state == State::Error).count() {
            0 => Ok(()),
            1 => bail!("one thing is wrong"),
            count => bail!("{count} things are wrong"),
        }
    }
}

fn show(finding: &Finding) -> Result<()> {
    let mark = match finding.state {
        State::Ok => "ok     ",
        State::Warning => "warning",
        State::Error => "ERROR  ",
    };
    output::line(format!("{mark}  {:16} {}", finding.what, finding.says))?;
    match &finding.to_do {
        Some(to_do) => output::line(format!("{:26} {to_do}", "")),
        None => Ok(()),
    }
}
