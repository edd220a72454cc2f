//! `fillhouse migrate`: the database's schema, brought up to date.
//!
//! Must not know: what a migration does.

use crate::config::Config;
use crate::wiring;
use anyhow::Result;

/// Applies what is missing and says what that was.
pub(crate) async fn run(config: Config) -> Result<()> {
    let engine = wiring::open(&config, "command", config.listen).await?;
    let migrated = engine.migrate().await?;
    for name in &migrated.applied {
        println!("applied {name}");
    }
    if migrated.applied.is_empty() {
        println!("the schema is up to date");
    }
    Ok(())
}
