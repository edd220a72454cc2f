//! `fillhouse migrate`: the database's schema, brought up to date.
//!
//! Must not know: what a migration does.

use crate::config::Config;
use crate::output;
use crate::wiring;
use anyhow::Result;
use serde_json::json;

/// The command.
#[derive(clap::Args)]
pub(crate) struct Migrate {
    /// Print the result as a JSON object
    #[arg(long)]
    json: bool,
}

impl Migrate {
    /// Applies what is missing and says what that was.
    pub(crate) async fn run(self, config: Config) -> Result<()> {
        let engine = wiring::open(&config, "command", config.listen).await?;
        let migrated = engine.migrate().await?;
        if self.json {
            return output::json(&json!({"applied": migrated.applied}));
        }
        if migrated.applied.is_empty() {
            return output::line("the schema is up to date");
        }
        migrated.applied.iter().try_for_each(|name| output::line(format!("applied {name}")))
    }
}
