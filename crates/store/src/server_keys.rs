//! What the server signs with: made once, and the same for every process on the database.
//!
//! Must not know: what is signed.

use crate::value::params;
use crate::{Error, Result, Tx};
use fillhouse_model::Timestamp;

const KEY: &str = "SELECT key FROM server_keys WHERE name = $1";
const PUT: &str =
    "INSERT INTO server_keys (name, key, created_at) VALUES ($1, $2, $3) ON CONFLICT (name) DO NOTHING";

impl Tx {
    /// The key of this name, where there is one.
    pub async fn find_server_key(&mut self, name: &str) -> Result<Option<Vec<u8>>> {
        self.query_one(KEY, params![name], |row| row.bytes(0).map(<[u8]>::to_vec)).await
    }

    /// The key of this name: `fresh`, unless there was one before.
    pub async fn server_key(&mut self, name: &str, fresh: &[u8], now: Timestamp) -> Result<Vec<u8>> {
        self.execute(PUT, params![name, fresh, now]).await?;
        let key = self.find_server_key(name).await?;
        key.ok_or_else(|| Error::inconsistent("server_keys", name, "it was stored and is not there"))
    }
}
