//! Schedules: what is exported again and again, and when it is due next.
//!
//! Guarantees: of several who see that a schedule is due, one makes it not due ([`Tx::retime_schedule`]); one whose run is
//! under way is not due before that has ended.
//!
//! Must not know: when a schedule is due after that, or what its documents say.

use crate::dialect::CLAIMED;
use crate::value::{Row, params};
use crate::{Result, Tx};
use fillhouse_model::{AccountId, FormId, Timestamp, UserId};

// The zone by whose clocks the schedule is to be due is the form's, else the account's, as it is now.
const ZONE_NOW: &str = "(SELECT COALESCE(forms.timezone, accounts.timezone) FROM forms \
     JOIN accounts ON accounts.id = forms.account_id WHERE forms.id = schedules.form_id)";
const COLUMNS: &str = "id, account_id, user_id, form_id, name, timing, request, asked, destination, secret, \
     is_incremental, is_paused, revision, delivered_seq, next_at, zone, created_at, updated_at";
const CREATE: &str = "INSERT INTO schedules (id, account_id, user_id, form_id, name, timing, request, asked, \
     destination, secret, is_incremental, is_paused, revision, delivered_seq, next_at, zone, created_at, updated_at) \
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)";
const UPDATE: &str = "UPDATE schedules SET user_id = $1, form_id = $2, name = $3, timing = $4, request = $5, asked = $6, \
     destination = $7, secret = $8, is_incremental = $9, is_paused = $10, revision = $11, delivered_seq = $12, \
     next_at = $13, zone = $14, created_at = $15, updated_at = $16 WHERE id = $17";
const ACCOUNT_OF: &str = "SELECT account_id FROM schedules WHERE id = $1";
const HOLD: &str = "UPDATE schedules SET revision = revision WHERE id = $1 AND account_id = $2";
const COUNT: &str = "SELECT COUNT(*) FROM schedules WHERE account_id = $1";
// A run that has failed before and waits gives way to the next one; any other is under way.
const IS_DUE: &str = "next_at <= $1 AND NOT EXISTS (SELECT 1 FROM schedule_runs WHERE schedule_id = schedules.id \
     AND finished_at IS NULL AND NOT (state = 'waiting' AND tries > 0 AND lease_until <= $1))";
const RETIME: &str =
    "UPDATE schedules SET next_at = $1, zone = $2 WHERE id = $3 AND next_at = $4 AND is_paused = 0";
const DELIVERED: &str =
    "UPDATE schedules SET delivered_seq = $1 WHERE id = $2 AND revision = $3 AND is_incremental = 1";
const DROP_RUNS: &str = "DELETE FROM schedule_runs WHERE schedule_id = $1";
const DROP: &str = "DELETE FROM schedules WHERE id = $1 AND account_id = $2";
const DROP_RUNS_OF_FORM: &str =
    "DELETE FROM schedule_runs WHERE schedule_id IN (SELECT id FROM schedules WHERE form_id = $1)";
const DROP_OF_FORM: &str = "DELETE FROM schedules WHERE form_id = $1";

/// A schedule as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScheduleRecord {
    /// Its id.
    pub id: String,
    /// Whose it is.
    pub account_id: AccountId,
    /// The user who said last what is exported.
    pub user_id: UserId,
    /// The form.
    pub form_id: FormId,
    /// What it is called.
    pub name: String,
    /// When it is due: a document of the engine's, as the next four are.
    pub timing: String,
    /// What is exported.
    pub request: String,
    /// How whoever made it said that.
    pub asked: String,
    /// Where the file goes.
    pub destination: String,
    /// What it takes to be let in there, encrypted.
    pub secret: Option<Vec<u8>>,
    /// Whether only what has changed is exported.
    pub is_incremental: bool,
    /// Whether it is not due at all.
    pub is_paused: bool,
    /// Raised whenever something else is asked for.
    pub revision: i64,
    /// The seq of the form's change up to which everything was delivered.
    pub delivered_seq: Option<i64>,
    /// When it is due next.
    pub next_at: Option<Timestamp>,
    /// By the clocks of which time zone.
    pub zone: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
    /// By the clocks of which time zone it is to be due: that of its form, else of its account.
    pub zone_now: String,
}

/// Which of an account's schedules.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SchedulePage {
    /// Only those of this form.
    pub form_id: Option<FormId>,
    /// Only those behind this one.
    pub after: String,
    /// How many at most.
    pub limit: i64,
}

impl Tx {
    /// Stores a new schedule.
    pub async fn create_schedule(&mut self, schedule: &ScheduleRecord) -> Result<()> {
        let values = params![
            &schedule.id,
            schedule.account_id.0,
            schedule.user_id.0,
            schedule.form_id.0,
            &schedule.name,
            &schedule.timing,
            &schedule.request,
            &schedule.asked,
            &schedule.destination,
            schedule.secret.as_deref(),
            schedule.is_incremental,
            schedule.is_paused,
            schedule.revision,
            schedule.delivered_seq,
            schedule.next_at,
            &schedule.zone,
            schedule.created_at,
            schedule.updated_at,
        ];
        self.execute(CREATE, values).await.map(drop)
    }

    /// Stores what became of a schedule that is held.
    pub async fn update_schedule(&mut self, schedule: &ScheduleRecord) -> Result<()> {
        let values = params![
            schedule.user_id.0,
            schedule.form_id.0,
            &schedule.name,
            &schedule.timing,
            &schedule.request,
            &schedule.asked,
            &schedule.destination,
            schedule.secret.as_deref(),
            schedule.is_incremental,
            schedule.is_paused,
            schedule.revision,
            schedule.delivered_seq,
            schedule.next_at,
            &schedule.zone,
            schedule.created_at,
            schedule.updated_at,
            &schedule.id,
        ];
        self.execute(UPDATE, values).await.map(drop)
    }

    /// Whose the schedule of this id is.
    pub async fn account_of_schedule(&mut self, id: &str) -> Result<Option<AccountId>> {
        self.query_one(ACCOUNT_OF, params![id], |row| row.int(0).map(AccountId)).await
    }

    /// The account's schedule of this id.
    pub async fn schedule_of(&mut self, account: AccountId, id: &str) -> Result<Option<ScheduleRecord>> {
        let sql = format!("SELECT {COLUMNS}, {ZONE_NOW} FROM schedules WHERE id = $1 AND account_id = $2");
        self.query_one(&sql, params![id, account.0], read).await
    }

    /// The same, which nobody else changes until the unit of work ends.
    pub async fn hold_schedule(&mut self, account: AccountId, id: &str) -> Result<Option<ScheduleRecord>> {
        self.execute(HOLD, params![id, account.0]).await?;
        self.schedule_of(account, id).await
    }

    /// An account's schedules, by id: in the order in which they were made.
    pub async fn schedules_of(
        &mut self,
        account: AccountId,
        page: &SchedulePage,
    ) -> Result<Vec<ScheduleRecord>> {
        let sql = format!(
            "SELECT {COLUMNS}, {ZONE_NOW} FROM schedules WHERE account_id = $1 AND id > $2 \
             AND (form_id = $3 OR $3 = 0) ORDER BY id LIMIT $4"
        );
        let form = page.form_id.map_or(0, |form| form.0);
        self.query(&sql, params![account.0, &page.after, form, page.limit], read).await
    }

    /// How many schedules an account has.
    pub async fn count_schedules(&mut self, account: AccountId) -> Result<i64> {
        Ok(self.query_one(COUNT, params![account.0], |row| row.int(0)).await?.unwrap_or(0))
    }

    /// Whether any schedule is due at `now`.
    pub async fn is_schedule_due(&mut self, now: Timestamp) -> Result<bool> {
        let sql = format!("SELECT 1 FROM schedules WHERE {IS_DUE} LIMIT 1");
        Ok(self.query_one(&sql, params![now], |_| Ok(())).await?.is_some())
    }

    /// Up to `limit` schedules that are due at `now`, the longest due first; they are nobody else's until the unit of work
    /// ends.
    pub async fn due_schedules(&mut self, now: Timestamp, limit: i64) -> Result<Vec<ScheduleRecord>> {
        let sql = format!(
            "SELECT {COLUMNS}, {ZONE_NOW} FROM schedules WHERE {IS_DUE} ORDER BY next_at, id LIMIT $2{}",
            CLAIMED.of(self)
        );
        self.query(&sql, params![now, limit], read).await
    }

    /// Up to `limit` schedules whose next time was counted by the clocks of another zone than that of their form or account
    /// by now.
    pub async fn misplaced_schedules(&mut self, limit: i64) -> Result<Vec<ScheduleRecord>> {
        let sql = format!(
            "SELECT {COLUMNS}, {ZONE_NOW} FROM schedules WHERE next_at IS NOT NULL AND zone <> {ZONE_NOW} LIMIT $1"
        );
        self.query(&sql, params![limit], read).await
    }

    /// Says when a schedule that was due at `from` is due next, by the clocks of `zone`; whether nobody came before.
    pub async fn retime_schedule(
        &mut self,
        id: &str,
        from: Timestamp,
        (to, zone): (Option<Timestamp>, &str),
    ) -> Result<bool> {
        Ok(self.execute(RETIME, params![to, zone, id, from]).await? == 1)
    }

    /// Notes up to which change of the form a schedule's files were delivered, unless something else is asked for by now.
    pub async fn note_delivered(&mut self, id: &str, revision: i64, seq: i64) -> Result<()> {
        self.execute(DELIVERED, params![seq, id, revision]).await.map(drop)
    }

    /// Deletes an account's schedule with its runs; whether there was one.
    pub async fn delete_schedule(&mut self, account: AccountId, id: &str) -> Result<bool> {
        if self.hold_schedule(account, id).await?.is_none() {
            return Ok(false);
        }
        self.execute(DROP_RUNS, params![id]).await?;
        Ok(self.execute(DROP, params![id, account.0]).await? == 1)
    }

    /// Deletes the schedules of a form with their runs.
    pub async fn delete_schedules_of(&mut self, form: FormId) -> Result<()> {
        self.execute(DROP_RUNS_OF_FORM, params![form.0]).await?;
        self.execute(DROP_OF_FORM, params![form.0]).await.map(drop)
    }
}

fn read(row: Row<'_>) -> Result<ScheduleRecord> {
    Ok(ScheduleRecord {
        id: row.text(0)?,
        account_id: AccountId(row.int(1)?),
        user_id: UserId(row.int(2)?),
        form_id: FormId(row.int(3)?),
        name: row.text(4)?,
        timing: row.text(5)?,
        request: row.text(6)?,
        asked: row.text(7)?,
        destination: row.text(8)?,
        secret: row.bytes_or_null(9)?.map(<[u8]>::to_vec),
        is_incremental: row.int(10)? != 0,
        is_paused: row.int(11)? != 0,
        revision: row.int(12)?,
        delivered_seq: row.int_or_null(13)?,
        next_at: row.instant_or_null(14)?,
        zone: row.text(15)?,
        created_at: row.instant(16)?,
        updated_at: row.instant(17)?,
        zone_now: row.text(18)?,
    })
}
