//! `fillhouse token`: makes, lists and revokes tokens.
//!
//! Guarantees: a secret is printed once, when it is made.
//!
//! Must not know: how secrets are kept.

use crate::config::Config;
use crate::output;
use crate::wiring::{self, with_source};
use anyhow::Result;
use comfy_table::{Table, presets};
use fillhouse_engine::{NewToken, ShownToken};
use fillhouse_model::UserId;
use serde_json::{Value, json};

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
        /// Print the token as a JSON object
        #[arg(long)]
        json: bool,
    },
    /// List the tokens, without their secrets
    List {
        /// Print them as a JSON array
        #[arg(long)]
        json: bool,
    },
    /// Delete the token of this id, as listed
    Revoke {
        /// The id, or the first characters of it
        id: String,
        /// Print the token that was deleted as a JSON object
        #[arg(long)]
        json: bool,
    },
}

impl Token {
    /// Does it.
    pub(crate) async fn run(self, config: Config) -> Result<()> {
        let engine = wiring::open_existing(&config).await?;
        match self {
            Self::Create { account, user, name, abilities, json } => {
                let account_id = wiring::account_named(&engine, &account).await?.id;
                let new = NewToken { account_id, user_id: user.map(UserId), name, abilities };
                let made = engine.create_token(new).await.map_err(with_source)?;
                if json {
                    let mut told = told(&made.shown);
                    told["secret"] = json!(made.secret);
                    return output::json(&told);
                }
                output::line(made.secret)
            }
            Self::List { json } => {
                let tokens = engine.list_tokens().await.map_err(with_source)?;
                if json {
                    return output::json(&tokens.iter().map(told).collect::<Vec<_>>());
                }
                let mut table = Table::new();
                table.load_preset(presets::NOTHING);
                table.set_header(["ID", "ACCOUNT", "USER", "NAME", "ABILITIES"]);
                for shown in tokens {
                    let token = shown.token;
                    let (account, user) = (token.account_id.to_string(), token.user_id.to_string());
                    table.add_row([shown.prefix, account, user, token.name, token.abilities.join(", ")]);
                }
                output::line(table)
            }
            Self::Revoke { id, json } => {
                let shown = engine.revoke_token(&id).await.map_err(with_source)?;
                if json {
                    return output::json(&told(&shown));
                }
                output::line(format!("revoked {} ({})", shown.prefix, shown.token.name))
            }
        }
    }
}

/// What is said of a token, which is never its secret.
fn told(shown: &ShownToken) -> Value {
    let token = &shown.token;
    json!({
        "id": shown.prefix, "account_id": token.account_id.0, "user_id": token.user_id.0, "name": token.name,
        "abilities": token.abilities
    })
}
