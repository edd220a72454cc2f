//! `fillhouse account`: makes and lists accounts.
//!
//! Must not know: what an account has.

use crate::config::Config;
use crate::output;
use crate::wiring::{self, with_source};
use anyhow::Result;
use comfy_table::{Table, presets};
use fillhouse_engine::NewAccount;
use serde_json::{Value, json};

/// What to do with accounts.
#[derive(clap::Subcommand)]
pub(crate) enum Account {
    /// Make an account, and print a link by which its first user signs in to the console, once
    Create {
        /// The directory in its addresses, such as acme
        user_dir: String,
        /// What people call it; as the directory unless it is said
        #[arg(long)]
        name: Option<String>,
        /// The e-mail address of its first user; owner@DIRECTORY.invalid unless it is said
        #[arg(long)]
        email: Option<String>,
        /// The time zone that its days are of
        #[arg(long, default_value = "UTC")]
        timezone: String,
        /// Print the result as a JSON object
        #[arg(long)]
        json: bool,
    },
    /// List the accounts
    List {
        /// Print them as a JSON array
        #[arg(long)]
        json: bool,
    },
}

impl Account {
    /// Does it.
    pub(crate) async fn run(self, config: Config) -> Result<()> {
        match self {
            Self::Create { user_dir, name, email, timezone, json } => {
                let engine = wiring::open_for_command(&config).await?;
                let plain = NewAccount::in_directory(&user_dir);
                let (name, email) = (name.unwrap_or(plain.name), email.unwrap_or(plain.email));
                let new = NewAccount { user_dir, name, timezone, email };
                let account = engine.create_account(new).await.map_err(with_source)?;
                let link = engine.sign_in_link(account.id).await.map_err(with_source)?;
                if json {
                    let mut told = told(&account);
                    told["sign_in_link"] = json!(link);
                    return output::json(&told);
                }
                output::line(format!(
                    "account {} ({}) is made: sign in to the console, once, at {link}",
                    account.id, account.user_dir
                ))
            }
            Self::List { json } => {
                let engine = wiring::open_existing(&config).await?;
                let accounts = engine.accounts().await.map_err(with_source)?;
                if json {
                    return output::json(&accounts.iter().map(told).collect::<Vec<_>>());
                }
                let mut table = Table::new();
                table.load_preset(presets::NOTHING);
                table.set_header(["ID", "DIRECTORY", "NAME", "TIME ZONE"]);
                for account in accounts {
                    table.add_row([account.id.to_string(), account.user_dir, account.name, account.timezone]);
                }
                output::line(table)
            }
        }
    }
}

/// What is said of an account.
fn told(account: &fillhouse_model::Account) -> Value {
    json!({"id": account.id.0, "user_dir": account.user_dir, "name": account.name, "timezone": account.timezone})
}
