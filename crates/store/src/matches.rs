//! Matches: which submissions of a form say the same about whom they are from.
//!
//! Guarantees: looking one up costs what it finds, whatever the size of the form.
//!
//! Must not know: what the values are digests of.

use crate::value::{Param, params};
use crate::{Result, Tx};
use fillhouse_model::FormId;
use std::collections::BTreeSet;

const PUT: &str = "INSERT INTO matches (form_id, value, key) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING";
const DROP_AT: &str = "DELETE FROM matches WHERE key = $1";
const DROP_OF: &str = "DELETE FROM matches WHERE form_id = $1";
const KEYS: &str = "SELECT key FROM matches WHERE form_id = $1 AND value = $2";

impl Tx {
    /// Records what the submissions at these keys say.
    pub async fn put_matches(&mut self, form: FormId, matches: &[(i64, String)]) -> Result<()> {
        let lists: Vec<Vec<Param<'_>>> =
            matches.iter().map(|(key, value)| params![form.0, value, *key].to_vec()).collect();
        self.execute_each(PUT, &lists).await.map(drop)
    }

    /// Forgets what the submissions at these keys said.
    pub async fn drop_matches(&mut self, keys: &[i64]) -> Result<()> {
        let lists: Vec<Vec<Param<'_>>> = keys.iter().map(|key| params![*key].to_vec()).collect();
        self.execute_each(DROP_AT, &lists).await.map(drop)
    }

    /// Forgets what any submission of a form said.
    pub async fn drop_matches_of(&mut self, form: FormId) -> Result<()> {
        self.execute(DROP_OF, params![form.0]).await.map(drop)
    }

    /// The keys of the form's submissions that say any of these, each once, in the order of arrival.
    pub async fn matching_keys(&mut self, form: FormId, values: &[String]) -> Result<Vec<i64>> {
        let mut keys = BTreeSet::new();
        for value in values {
            keys.extend(self.query(KEYS, params![form.0, value], |row| row.int(0)).await?);
        }
        Ok(keys.into_iter().collect())
    }
}
