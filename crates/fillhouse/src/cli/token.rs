//! `fillhouse token`: makes, lists and revokes tokens.
//!
//! Guarantees: a secret is printed once, when it is made.
//!
//! Must not know: how secrets are kept.

use crate::config::Config;
use crate::wiring::{self, with_source};
use anyhow::Result;
use comfy_table::{Table, presets};
use fillhouse_engine::NewToken;
use fillhouse_model::UserId;

/// What to do with tokens.
#[derive(clap::Subcommand)]
pub(crate) enum Token {
    /// Make a token and print its secret, which is shown only now
    Create {
        #[expect(clippy::doc_markdown, reason = "the help shows it as it is")]
        /// The account that it opens: its id or its user_dir
        #[arg(long)]
        account: String,
        /// The user it speaks for [default: the account's first]
        #[arg(long)]
        user: Option<i64>,
        /// What to call it
        #[arg(long, default_value = "command line")]
        name: String,
        /// What it may do, such as forms-read; more than one may be given; * is everything
        #[arg(long = "ability", default_value = "*")]
        abilities: Vec<String>,
    },
    /// List the tokens, without their secrets
    List,
    /// Delete the token of this id, as listed
    Revoke {
        /// The id, or the first characters of it
        id: String,
    },
}

impl Token {
    /// Does it.
    pub(crate) async fn run(self, config: Config) -> Result<()> {
        let engine = wiring::open_existing(&config).await?;
        match self {
            Self::Create { account, user, name, abilities } => {
                let account_id = wiring::account_named(&engine, &account).await?.id;
                let new = NewToken { account_id, user_id: user.map(UserId), name, abilities };
                println!("{}", engine.create_token(new).await.map_err(with_source)?);
            }
            Self::List => {
                let mut table = Table::new();
                table.load_preset(presets::NOTHING);
                table.set_header(["ID", "ACCOUNT", "USER", "NAME", "ABILITIES"]);
                for shown in engine.list_tokens().await.map_err(with_source)? {
                    let token = shown.token;
                    let (account, user) = (token.account_id.to_string(), token.user_id.to_string());
                    table.add_row([shown.prefix, account, user, token.name, token.abilities.join(", ")]);
                }
                println!("{table}");
            }
            Self::Revoke { id } => {
                let shown = engine.revoke_token(&id).await.map_err(with_source)?;
                println!("revoked {} ({})", shown.prefix, shown.token.name);
            }
        }
        Ok(())
    }
}
