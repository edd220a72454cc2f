//! `fillhouse console`: makes a link by which somebody signs in to the console.
//!
//! Guarantees: the link is printed once, and is good once.
//!
//! Must not know: how sessions are kept.

use crate::config::Config;
use crate::output;
use crate::wiring::{self, with_source};
use anyhow::Result;

/// The command.
#[derive(clap::Args)]
pub(crate) struct Console {
    #[expect(clippy::doc_markdown, reason = "the help shows it as it is")]
    /// The account to sign in to: its id or its user_dir
    #[arg(long)]
    account: String,
}

impl Console {
    /// Makes the link and prints it.
    pub(crate) async fn run(self, config: Config) -> Result<()> {
        let engine = wiring::open_existing(&config).await?;
        let account = wiring::account_named(&engine, &self.account).await?;
        output::line(engine.sign_in_link(account.id).await.map_err(with_source)?)
    }
}
