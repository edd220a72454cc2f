//! Schedules as they are moved from one store to another: what they are, and how far they are, without what they have done.
//!
//! Guarantees: a file that was owed here is owed there, and nothing that changes there is left out of one.
//!
//! Must not know: how a line spells a schedule.

use super::change::write_changed;
use super::documents::{destination_from_json, destination_to_json, when_from_json, when_to_json};
use super::manage::{check_name, check_when, next_after, zone_of};
use super::seal::{KEY, Sealer};
use super::{DestinationSecret, NewDestination};
use crate::export::KeptRequest;
use crate::hold::hold_form;
use crate::import::Change;
use crate::interchange::{ScheduleLine, canonical_object};
use crate::{Engine, Result};
use fillhouse_model::{AccountId, Fault, FormId, Timestamp, UserId};
use fillhouse_store::{Error as StoreError, Result as StoreResult, SchedulePage, ScheduleRecord, Tx};
use std::sync::Arc;

/// The schedules of a form, as they are at `now`.
pub(crate) async fn schedules_of(
    tx: &mut Tx,
    account: AccountId,
    form_id: FormId,
    now: Timestamp,
) -> StoreResult<Vec<ScheduleLine>> {
    let page = SchedulePage { form_id: Some(form_id), after: String::new(), limit: i64::MAX };
    let records = tx.schedules_of(account, &page).await?;
    if records.is_empty() {
        return Ok(Vec::new());
    }
    let sealer = tx.find_server_key(KEY).await?.and_then(|key| Sealer::of(&key).ok());
    let last_seq = tx.form_seq(form_id).await?;
    let mut lines = Vec::with_capacity(records.len());
    for record in records {
        let mut line = line_of(&record, sealer.as_ref()).map_err(|what| unreadable(&record, what))?;
        line.is_delivered = line.is_incremental && record.delivered_seq == Some(last_seq);
        line.next_at = next_of(tx, &record, &line, now).await?;
        lines.push(line);
    }
    Ok(lines)
}

/// When a schedule is due next wherever it is moved to, where nobody goes on with a run that is under way here.
async fn next_of(
    tx: &mut Tx,
    record: &ScheduleRecord,
    line: &ScheduleLine,
    now: Timestamp,
) -> StoreResult<Option<Timestamp>> {
    if record.is_paused {
        return Ok(None);
    }
    let has_moved = record.zone != record.zone_now && record.next_at.is_some_and(|next_at| next_at > now);
    let next_at = if has_moved { next_after(&line.when, now, &record.zone_now) } else { record.next_at };
    let owed = tx.unfinished_run(&record.id).await?.map(|run| run.due_at);
    Ok(next_at.into_iter().chain(owed).min())
}

/// What is stored of a schedule.
fn line_of(record: &ScheduleRecord, sealer: Option<&Sealer>) -> std::result::Result<ScheduleLine, String> {
    let secret = match (&record.secret, sealer) {
        (None, _) => None,
        (Some(secret), Some(sealer)) => {
            Some(sealer.unseal(&record.id, secret).map_err(|error| error.to_string())?)
        }
        (Some(_), None) => return Err("its secret is not readable".to_owned()),
    };
    Ok(ScheduleLine {
        id: record.id.clone(),
        form_id: record.form_id,
        user_id: record.user_id,
        name: record.name.clone(),
        when: when_from_json(&record.timing)?,
        is_incremental: record.is_incremental,
        request: KeptRequest::from_json(&record.request)?,
        asked: canonical_object(&record.asked).map_err(|fault| fault.to_string())?,
        destination: NewDestination { destination: destination_from_json(&record.destination)?, secret },
        is_paused: record.is_paused,
        next_at: None,
        is_delivered: false,
        created_at: record.created_at,
        updated_at: record.updated_at,
    })
}

fn unreadable(record: &ScheduleRecord, what: String) -> StoreError {
    StoreError::Inconsistent { table: "schedules", id: record.id.clone(), what }
}

/// A schedule that comes from elsewhere.
struct Arriving {
    line: ScheduleLine,
    sealer: Sealer,
    /// Its secret, as it is to be stored.
    secret: Option<Vec<u8>>,
    /// How many submissions of its form came with it.
    came_along: u64,
    now: Timestamp,
}

impl Engine {
    /// Stores a schedule that comes from elsewhere, with so many submissions of its form.
    pub(crate) async fn take_in_schedule(
        &self,
        line: ScheduleLine,
        came_along: u64,
    ) -> Result<std::result::Result<Change, Fault>> {
        let now = self.now();
        if let Err(fault) = check_name(&line.name).and_then(|()| check_when(&line.when, now)) {
            return Ok(Err(fault));
        }
        let sealer = self.sealer().await?;
        let seal = |secret: &DestinationSecret| sealer.seal(&self.parts.random, &line.id, secret);
        let secret = line.destination.secret.as_ref().map(seal).transpose()?;
        let arriving = Arc::new(Arriving { line, sealer, secret, came_along, now });
        let taken = self.parts.store.write(move |tx| {
            let arriving = arriving.clone();
            Box::pin(async move { arriving.take_in(tx).await })
        });
        Ok(taken.await?)
    }
}

impl Arriving {
    async fn take_in(&self, tx: &mut Tx) -> StoreResult<std::result::Result<Change, Fault>> {
        let ScheduleLine { id, form_id, user_id, .. } = &self.line;
        // Whoever deletes a form takes the form first, too.
        let Some(form) = hold_form(tx, *form_id).await? else {
            return Ok(Err(Fault::new("form_id", format!("form {form_id} does not exist"))));
        };
        let account_id = form.form.account_id;
        let user = tx.user(*user_id).await?;
        if *user_id != UserId(0) && user.is_none_or(|user| user.account_id != account_id) {
            let message = format!("user {user_id} does not exist in the account");
            return Ok(Err(Fault::new("user_id", message)));
        }
        let owner = tx.account_of_schedule(id).await?;
        if let Some(owner) = owner.filter(|owner| *owner != account_id) {
            let message = format!("is not of account {owner}, which the schedule belongs to");
            return Ok(Err(Fault::new("form_id", message)));
        }
        match tx.hold_schedule(account_id, id).await? {
            None => self.add(tx, account_id).await?,
            Some(before) if self.is_there(&before) => return Ok(Ok(Change::Unchanged)),
            Some(before) => {
                self.replace(tx, &before).await?;
                return Ok(Ok(Change::Replaced));
            }
        }
        Ok(Ok(Change::Added))
    }

    /// Whether what is stored is the same, be it due at another time, or delivered further.
    fn is_there(&self, before: &ScheduleRecord) -> bool {
        let ScheduleLine { next_at, is_delivered, .. } = self.line;
        line_of(before, Some(&self.sealer))
            .is_ok_and(|before| ScheduleLine { next_at, is_delivered, ..before } == self.line)
    }

    fn record(&self, account_id: AccountId) -> ScheduleRecord {
        let line = &self.line;
        ScheduleRecord {
            id: line.id.clone(),
            account_id,
            user_id: line.user_id,
            form_id: line.form_id,
            name: line.name.clone(),
            timing: when_to_json(&line.when),
            request: line.request.to_json(),
            asked: line.asked.clone(),
            destination: destination_to_json(&line.destination.destination),
            secret: self.secret.clone(),
            is_incremental: line.is_incremental,
            is_paused: line.is_paused,
            revision: 1,
            delivered_seq: None,
            next_at: None,
            zone: String::new(),
            created_at: line.created_at,
            updated_at: line.updated_at,
            zone_now: String::new(),
        }
    }

    async fn add(&self, tx: &mut Tx, account_id: AccountId) -> StoreResult<()> {
        let ScheduleLine { form_id, is_paused, is_delivered, next_at, ref when, .. } = self.line;
        let zone = zone_of(tx, account_id, form_id).await?;
        let next_at = next_at.or_else(|| next_after(when, self.now, &zone)).filter(|_| !is_paused);
        // A submission that was here before was never delivered, for all that is known.
        let is_all_of_it =
            u64::try_from(tx.rows_of(form_id).await?).is_ok_and(|rows| rows == self.came_along);
        let delivered_seq =
            if is_delivered && is_all_of_it { Some(tx.form_seq(form_id).await?) } else { None };
        tx.create_schedule(&ScheduleRecord { delivered_seq, next_at, zone, ..self.record(account_id) }).await
    }

    async fn replace(&self, tx: &mut Tx, before: &ScheduleRecord) -> StoreResult<()> {
        let ScheduleRecord { revision, delivered_seq, next_at, .. } = *before;
        let mut after = ScheduleRecord { revision, delivered_seq, next_at, ..self.record(before.account_id) };
        let is_elsewhere = line_of(before, Some(&self.sealer))
            .map_or(true, |before| before.destination != self.line.destination);
        write_changed(tx, before, &mut after, is_elsewhere, self.now).await
    }
}
