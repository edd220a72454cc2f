//! Changing schedules.
//!
//! Guarantees: who asks for something else is given all of it once, however much was delivered before; a run that is under
//! way goes on with what the schedule says by then.
//!
//! Must not know: how a run goes on.

use super::documents::{destination_to_json, when_from_json, when_to_json};
use super::manage::{check_name, check_when, missing, named, next_after, shown, within_export, zone_of};
use super::{NewDestination, Schedule, Schedules};
use crate::export::KeptRequest;
use crate::hold::hold_form;
use crate::{Error, ExportRequest, Result};
use fillhouse_model::{AccountId, FormId, Timestamp, UserId, When};
use fillhouse_store::{Error as StoreError, Result as StoreResult, RunRecord, ScheduleRecord, Tx};
use std::sync::Arc;

/// What is said of a run that was not wanted any more.
const PAUSED: &str = "the schedule was paused";

/// What is to be different about a schedule; what is none stays.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ScheduleEdit {
    /// What it is called.
    pub name: Option<String>,
    /// When it is due.
    pub when: Option<When>,
    /// What is exported, and how whoever changes it says that.
    pub export: Option<(ExportRequest, String)>,
    /// Whether only what has changed is exported.
    pub is_incremental: Option<bool>,
    /// Where the file goes, with what it takes to be let in there.
    pub destination: Option<NewDestination>,
    /// Whether it is not due at all.
    pub is_paused: Option<bool>,
}

/// A change as it is written down.
struct Change {
    name: Option<String>,
    when: Option<When>,
    export: Option<(FormId, KeptRequest, String)>,
    is_incremental: Option<bool>,
    destination: Option<(String, Option<Vec<u8>>)>,
    is_paused: Option<bool>,
    user: UserId,
}

impl Schedules {
    /// Changes a schedule, and gives it as it is then.
    ///
    /// # Errors
    /// There is no such schedule of this account; what it is to become is not valid.
    pub async fn change(&self, id: &str, edit: ScheduleEdit) -> Result<Schedule> {
        let engine = &self.reader.engine;
        let (account, now) = (self.reader.account, engine.now());
        let before = self.reader.schedule(id).await?;
        edit.name.as_deref().map(check_name).transpose()?;
        edit.when.as_ref().map(|when| check_when(when, now)).transpose()?;
        let is_incremental = edit.is_incremental.unwrap_or(before.is_incremental);
        let export = match edit.export {
            Some((request, asked)) => {
                let kept = self.reader.keep_request(&request, is_incremental).await;
                let (form, kept) = kept.map_err(within_export)?;
                Some((form, kept, asked))
            }
            None => {
                self.check_mode(id, is_incremental, &before).await?;
                None
            }
        };
        let destination = match &edit.destination {
            Some(new) => Some(self.accept(id, new).await?),
            None => None,
        };
        let entry = self.entry("schedule.changed");
        let change = Arc::new(Change {
            name: edit.name,
            when: edit.when,
            export,
            is_incremental: edit.is_incremental,
            destination,
            is_paused: edit.is_paused,
            user: self.reader.user,
        });
        let wanted = Arc::new(id.to_owned());
        let changed = engine.parts.store.write(move |tx| {
            let (change, wanted, entry) = (change.clone(), wanted.clone(), entry.clone());
            Box::pin(async move {
                let changed = apply(tx, account, &wanted, &change, now).await?;
                if let Some((record, _)) = &changed {
                    tx.audit(&entry.of(named(record))).await?;
                }
                Ok(changed)
            })
        });
        let (record, last) = changed.await?.ok_or_else(missing)?;
        engine.parts.schedule_rung.notify_one();
        shown(record, last)
    }

    /// Whether what the schedule asks for can also be asked for since a change.
    async fn check_mode(&self, id: &str, is_incremental: bool, before: &Schedule) -> Result<()> {
        if !is_incremental || before.is_incremental {
            return Ok(());
        }
        let (account, wanted) = (self.reader.account, id.to_owned());
        let found = self.reader.engine.parts.store.read(move |tx| {
            let wanted = wanted.clone();
            Box::pin(async move { tx.schedule_of(account, &wanted).await })
        });
        let record = found.await?.ok_or_else(missing)?;
        let kept = KeptRequest::from_json(&record.request).map_err(Error::internal)?;
        let request = kept.request(record.form_id, None)?;
        self.reader.keep_request(&request, true).await.map_err(within_export)?;
        Ok(())
    }

    /// A destination as it is stored, with its secret.
    async fn accept(&self, id: &str, new: &NewDestination) -> Result<(String, Option<Vec<u8>>)> {
        let engine = &self.reader.engine;
        let settings = &engine.parts.settings;
        let faults = new.check(&settings.destinations, &settings.deliveries);
        if !faults.is_empty() {
            return Err(Error::invalid(faults));
        }
        let secret = match &new.secret {
            Some(secret) => Some(engine.seal(id, secret).await?),
            None => None,
        };
        Ok((destination_to_json(&new.destination), secret))
    }
}

async fn apply(
    tx: &mut Tx,
    account: AccountId,
    id: &str,
    change: &Change,
    now: Timestamp,
) -> StoreResult<Option<(ScheduleRecord, Option<RunRecord>)>> {
    // Whoever deletes a form takes the form first, too.
    if let Some((form, _, _)) = &change.export
        && hold_form(tx, *form).await?.is_none()
    {
        return Ok(None);
    }
    let Some(before) = tx.hold_schedule(account, id).await? else { return Ok(None) };
    let mut after = ScheduleRecord { updated_at: now, ..before.clone() };
    if let Some(name) = &change.name {
        after.name.clone_from(name);
    }
    if let Some((form, kept, asked)) = &change.export {
        (after.form_id, after.user_id) = (*form, change.user);
        (after.request, after.asked) = (kept.to_json(), asked.clone());
    }
    after.is_incremental = change.is_incremental.unwrap_or(before.is_incremental);
    if let Some((destination, secret)) = &change.destination {
        (after.destination, after.secret) = (destination.clone(), secret.clone());
    }
    after.is_paused = change.is_paused.unwrap_or(before.is_paused);
    if let Some(when) = &change.when {
        after.timing = when_to_json(when);
    }
    write_changed(tx, &before, &mut after, change.destination.is_some(), now).await?;
    Ok(Some((after, tx.runs_of(id, None, 1).await?.pop())))
}

/// Stores what became of a schedule that is held, and lets its run go on with that.
pub(super) async fn write_changed(
    tx: &mut Tx,
    before: &ScheduleRecord,
    after: &mut ScheduleRecord,
    is_elsewhere: bool,
    now: Timestamp,
) -> StoreResult<()> {
    let asks_for_another = (&after.request, after.form_id, after.is_incremental)
        != (&before.request, before.form_id, before.is_incremental);
    if asks_for_another {
        (after.revision, after.delivered_seq) = (before.revision + 1, None);
    }
    retime(tx, before, after, now).await?;
    tx.update_schedule(after).await?;
    if after.is_paused && !before.is_paused {
        tx.give_up_run(&after.id, PAUSED, now).await?;
    } else if asks_for_another || is_elsewhere {
        tx.begin_run_again(&after.id, now).await?;
    }
    Ok(())
}

/// Says when a schedule is due next, where that is another time than before.
async fn retime(
    tx: &mut Tx,
    before: &ScheduleRecord,
    after: &mut ScheduleRecord,
    now: Timestamp,
) -> StoreResult<()> {
    after.zone = zone_of(tx, before.account_id, after.form_id).await?;
    after.zone_now.clone_from(&after.zone);
    if after.is_paused {
        after.next_at = None;
    } else if after.timing != before.timing || before.is_paused || after.zone != before.zone {
        let unreadable = |what| StoreError::Inconsistent { table: "schedules", id: before.id.clone(), what };
        let when = when_from_json(&after.timing).map_err(unreadable)?;
        after.next_at = next_after(&when, now, &after.zone);
    }
    Ok(())
}
