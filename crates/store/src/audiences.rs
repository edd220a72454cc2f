//! Audiences, and the counters of what changes in them.
//!
//! Guarantees: whoever takes the next seq of an audience is the only one who changes it until the unit of work ends.
//!
//! Must not know: how a profile is matched or a query evaluated.

use crate::document;
use crate::value::{Row, params};
use crate::{Error, Result, Tx};
use fillhouse_model::{AccountId, Audience, AudienceId};

const AUDIENCE: &str = "SELECT id, account_id, name, fields FROM audiences WHERE id = $1";
const AUDIENCES_AFTER: &str =
    "SELECT id, account_id, name, fields FROM audiences WHERE id > $1 ORDER BY id LIMIT $2";
const AUDIENCES_OF: &str = "SELECT id, account_id, name, fields FROM audiences \
     WHERE account_id = $1 AND id >= $2 ORDER BY id LIMIT $3";
const COUNT_OF: &str = "SELECT COUNT(*) FROM audiences WHERE account_id = $1";
const PUT_AUDIENCE: &str = "INSERT INTO audiences (id, account_id, name, fields, seq, profiles) \
     VALUES ($1, $2, $3, $4, 0, 0) ON CONFLICT (id) DO UPDATE SET name = excluded.name, fields = excluded.fields";
const NEXT_ID: &str = "SELECT COALESCE(MAX(id), 0) + 1 FROM audiences";
const ADD_AUDIENCE: &str =
    "INSERT INTO audiences (id, account_id, name, fields, seq, profiles) VALUES ($1, $2, $3, $4, 0, 0)";
const NEXT_SEQ: &str = "UPDATE audiences SET seq = seq + 1 WHERE id = $1 RETURNING seq";
const HOLD: &str = "UPDATE audiences SET seq = seq WHERE id = $1";
const SEQ: &str = "SELECT seq FROM audiences WHERE id = $1";
const COUNT_PROFILES: &str = "SELECT profiles FROM audiences WHERE id = $1";
const ADD_PROFILES: &str = "UPDATE audiences SET profiles = profiles + $1 WHERE id = $2";

impl Tx {
    /// The audience of this id.
    pub async fn audience(&mut self, id: AudienceId) -> Result<Option<Audience>> {
        self.query_one(AUDIENCE, params![id.0], read_audience).await
    }

    /// Up to `limit` audiences whose id is after `after`, by id.
    pub async fn audiences_after(&mut self, after: AudienceId, limit: i64) -> Result<Vec<Audience>> {
        self.query(AUDIENCES_AFTER, params![after.0, limit], read_audience).await
    }

    /// Up to `limit` audiences of an account from the id `from` on, by id.
    pub async fn audiences_of(
        &mut self,
        account: AccountId,
        from: AudienceId,
        limit: i64,
    ) -> Result<Vec<Audience>> {
        self.query(AUDIENCES_OF, params![account.0, from.0, limit], read_audience).await
    }

    /// How many audiences an account has.
    pub async fn count_audiences(&mut self, account: AccountId) -> Result<i64> {
        Ok(self.query_one(COUNT_OF, params![account.0], |row| row.int(0)).await?.unwrap_or(0))
    }

    /// Stores an audience, new or in place of the one with its id.
    pub async fn put_audience(&mut self, audience: &Audience) -> Result<()> {
        self.write_audience(PUT_AUDIENCE, audience).await
    }

    /// An id that no audience has.
    pub async fn next_audience_id(&mut self) -> Result<AudienceId> {
        let next = self.query_one(NEXT_ID, &[], |row| row.int(0)).await?;
        Ok(AudienceId(next.unwrap_or(1)))
    }

    /// Stores a new audience, whose id nobody has.
    pub async fn add_audience(&mut self, audience: &Audience) -> Result<()> {
        self.write_audience(ADD_AUDIENCE, audience).await
    }

    async fn write_audience(&mut self, sql: &str, audience: &Audience) -> Result<()> {
        let fields = document::fields_to_json(&audience.fields);
        let values = params![audience.id.0, audience.account_id.0, &audience.name, &fields];
        self.execute(sql, values).await.map(drop)
    }

    /// Keeps others from changing what is in an audience until the unit of work ends.
    pub async fn hold_audience(&mut self, audience: AudienceId) -> Result<()> {
        self.execute(HOLD, params![audience.0]).await.map(drop)
    }

    /// How many profiles an audience has.
    pub async fn count_profiles(&mut self, audience: AudienceId) -> Result<i64> {
        Ok(self.query_one(COUNT_PROFILES, params![audience.0], |row| row.int(0)).await?.unwrap_or(0))
    }

    /// The seq of the audience's last change.
    pub(crate) async fn audience_seq(&mut self, audience: AudienceId) -> Result<i64> {
        self.seq_by(SEQ, audience).await
    }

    /// The seq of a change of the audience's that is about to be made.
    pub(crate) async fn next_audience_seq(&mut self, audience: AudienceId) -> Result<i64> {
        self.seq_by(NEXT_SEQ, audience).await
    }

    /// Counts profiles that came, or went where negative.
    pub(crate) async fn add_profiles(&mut self, audience: AudienceId, more: i64) -> Result<()> {
        self.execute(ADD_PROFILES, params![more, audience.0]).await.map(drop)
    }

    async fn seq_by(&mut self, sql: &str, audience: AudienceId) -> Result<i64> {
        let found = self.query_one(sql, params![audience.0], |row| row.int(0)).await?;
        match found {
            Some(seq) => Ok(seq),
            None => self.noted(Err(Error::Constraint(format!("audience {audience} does not exist")))),
        }
    }
}

fn read_audience(row: Row<'_>) -> Result<Audience> {
    let id = AudienceId(row.int(0)?);
    let fields = document::fields_from_json(&row.text(3)?)
        .map_err(|error| Error::inconsistent("audiences", id, error))?;
    Ok(Audience { id, account_id: AccountId(row.int(1)?), name: row.text(2)?, fields })
}
