//! `fillhouse verify`: checks a file against its receipt, without a server and without a store.
//!
//! Must not know: what is in a receipt.

use crate::output;
use anyhow::{Context as _, Result, anyhow};
use fillhouse_engine::{Receipt, ReceiptCheck};
use serde_json::json;
use std::fs::File;
use std::path::PathBuf;

/// The command.
#[derive(clap::Args)]
pub(crate) struct Verify {
    /// The file
    file: PathBuf,
    /// Its receipt [default: the file's name with `.receipt.json` behind it]
    #[arg(long)]
    receipt: Option<PathBuf>,
    /// The public key of the server that must have signed it, in hex [default: whichever the receipt names]
    #[arg(long)]
    key: Option<String>,
    /// Print the result as a JSON object
    #[arg(long)]
    json: bool,
}

impl Verify {
    /// Checks, and fails where anything is not as the receipt says.
    pub(crate) fn run(self) -> Result<()> {
        let receipt = self.receipt.unwrap_or_else(|| {
            let mut name = self.file.clone().into_os_string();
            name.push(".receipt.json");
            name.into()
        });
        let text = std::fs::read_to_string(&receipt)
            .with_context(|| format!("the receipt {} cannot be read", receipt.display()))?;
        let read = Receipt::from_json(&text)
            .map_err(|error| anyhow!("{} is no receipt: {error}", receipt.display()))?;
        let mut file =
            File::open(&self.file).with_context(|| format!("{} cannot be opened", self.file.display()))?;
        let checked = read.check(&mut file, self.key.as_deref()).map_err(|error| anyhow!(error))?;
        let ReceiptCheck { name, rows, size_bytes, key } = checked;
        if self.json {
            return output::json(&json!({"name": name, "rows": rows, "size_bytes": size_bytes, "key": key}));
        }
        output::line(format!("{name}: {size_bytes} bytes, {rows} rows, as exported"))?;
        output::line(format!("signed with the key {key}"))?;
        match self.key {
            Some(_) => Ok(()),
            None => output::line("whose key that is, the server says: GET /v1/receipts/key"),
        }
    }
}
