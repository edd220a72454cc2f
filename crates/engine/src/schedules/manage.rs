//! Making, looking at and deleting schedules, and running one beside its times.
//!
//! Guarantees: what could not be exported or delivered is refused by the name of its field when the schedule is made.
//!
//! Must not know: how a run goes on.

use super::documents::{destination_from_json, destination_to_json, when_from_json, when_to_json};
use super::{Schedule, ScheduleDraft, ScheduleRun, Schedules};
use crate::hold::hold_form;
use crate::{Engine, Error, FormsReader, Result};
use fillhouse_model::{AccountId, ErrorKind, Fault, FormId, Timestamp, When, time_zone};
use fillhouse_store::{
    AuditEntry, Error as StoreError, NewRun, Result as StoreResult, RunRecord, SchedulePage, ScheduleRecord,
    Tx,
};
use jiff::tz::TimeZone;
use std::sync::Arc;

/// How many schedules an account may have.
const MOST_SCHEDULES: i64 = 200;
/// How long a name may be.
const MOST_NAME_CHARS: usize = 200;
/// What is said of a run that gave way to one that somebody wanted.
const STARTED_ANEW: &str = "it was run anew before it was tried again";

/// Which schedules are listed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ScheduleList {
    /// Only those of this form.
    pub form_id: Option<FormId>,
    /// Only those behind this one.
    pub after: Option<String>,
    /// How many at most.
    pub limit: u32,
}

/// What became of a run that somebody wanted.
enum Begun {
    Done(Box<RunRecord>),
    Missing,
    IsUnderWay,
}

impl FormsReader {
    /// The schedules of the account's forms, in the order in which they were made.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn schedules(&self, wanted: ScheduleList) -> Result<Vec<Schedule>> {
        let ScheduleList { form_id, after, limit } = wanted;
        let page = SchedulePage { form_id, after: after.unwrap_or_default(), limit: limit.into() };
        let account = self.account;
        let found = self.engine.parts.store.read(move |tx| {
            let page = page.clone();
            Box::pin(async move {
                let mut found = Vec::new();
                for schedule in tx.schedules_of(account, &page).await? {
                    let last = tx.runs_of(&schedule.id, None, 1).await?.pop();
                    found.push((schedule, last));
                }
                Ok(found)
            })
        });
        found.await?.into_iter().map(|(schedule, last)| shown(schedule, last)).collect()
    }

    /// One of them.
    ///
    /// # Errors
    /// There is no such schedule of this account.
    pub async fn schedule(&self, id: &str) -> Result<Schedule> {
        let (account, wanted) = (self.account, id.to_owned());
        let found = self.engine.parts.store.read(move |tx| {
            let wanted = wanted.clone();
            Box::pin(async move {
                let Some(schedule) = tx.schedule_of(account, &wanted).await? else { return Ok(None) };
                let last = tx.runs_of(&wanted, None, 1).await?.pop();
                Ok(Some((schedule, last)))
            })
        });
        let (schedule, last) = found.await?.ok_or_else(missing)?;
        shown(schedule, last)
    }

    /// The runs of a schedule, the latest first: up to `limit` of those before the run `before`.
    ///
    /// # Errors
    /// There is no such schedule of this account.
    pub async fn schedule_runs(
        &self,
        id: &str,
        before: Option<String>,
        limit: u32,
    ) -> Result<Vec<ScheduleRun>> {
        let (account, wanted) = (self.account, id.to_owned());
        let found = self.engine.parts.store.read(move |tx| {
            let (wanted, before) = (wanted.clone(), before.clone());
            Box::pin(async move {
                if tx.schedule_of(account, &wanted).await?.is_none() {
                    return Ok(None);
                }
                tx.runs_of(&wanted, before.as_deref(), limit.into()).await.map(Some)
            })
        });
        Ok(found.await?.ok_or_else(missing)?.into_iter().map(ScheduleRun::from).collect())
    }
}

impl Schedules {
    /// The handle for reading the account's forms, and their schedules.
    pub fn reader(&self) -> &FormsReader {
        &self.reader
    }

    /// The entry of the audit log that something was done, just now; it still has to be said to which schedule.
    pub(super) fn entry(&self, what: &'static str) -> AuditEntry {
        let FormsReader { engine, account, actor, .. } = &self.reader;
        engine.entry(*account, actor, what)
    }

    /// Makes a schedule.
    ///
    /// # Errors
    /// There is no such form; the schedule is not valid, or one too many.
    pub async fn create(&self, draft: ScheduleDraft) -> Result<Schedule> {
        let engine = &self.reader.engine;
        let now = engine.now();
        check_name(&draft.name)?;
        check_when(&draft.when, now)?;
        let kept = self.reader.keep_request(&draft.export, draft.is_incremental).await;
        let (form_id, request) = kept.map_err(within_export)?;
        let settings = &engine.parts.settings;
        let faults = draft.destination.check(&settings.destinations, &settings.deliveries);
        if !faults.is_empty() {
            return Err(Error::invalid(faults));
        }
        let id = engine.fresh_id();
        let secret = match &draft.destination.secret {
            Some(secret) => Some(engine.seal(&id, secret).await?),
            None => None,
        };
        let record = ScheduleRecord {
            id,
            account_id: self.reader.account,
            user_id: self.reader.user,
            form_id,
            name: draft.name,
            timing: when_to_json(&draft.when),
            request: request.to_json(),
            asked: draft.asked,
            destination: destination_to_json(&draft.destination.destination),
            secret,
            is_incremental: draft.is_incremental,
            is_paused: draft.is_paused,
            revision: 1,
            delivered_seq: None,
            next_at: None,
            zone: String::new(),
            created_at: now,
            updated_at: now,
            zone_now: String::new(),
        };
        let entry = self.entry("schedule.created").of(named(&record));
        let made = Arc::new((record, draft.when, entry));
        let created = engine.parts.store.write(move |tx| {
            let made = made.clone();
            Box::pin(async move {
                let created = create(tx, made.0.clone(), &made.1, now).await?;
                if matches!(created, Made::Done(_)) {
                    tx.audit(&made.2).await?;
                }
                Ok(created)
            })
        });
        match created.await? {
            Made::Done(record) => shown(*record, None),
            Made::FormIsGone => Err(Error::not_found("the form")),
            Made::OneTooMany => {
                let message = format!("is of a schedule too many: an account has at most {MOST_SCHEDULES}");
                Err(Fault::new("name", message).into())
            }
        }
    }

    /// Deletes a schedule with its runs. An export that is under way is made all the same.
    ///
    /// # Errors
    /// There is no such schedule of this account.
    pub async fn delete(&self, id: &str) -> Result<()> {
        let (account, wanted, entry) = (self.reader.account, id.to_owned(), self.entry("schedule.deleted"));
        let deleted = self.reader.engine.parts.store.write(move |tx| {
            let (wanted, entry) = (wanted.clone(), entry.clone());
            Box::pin(async move {
                let Some(held) = tx.hold_schedule(account, &wanted).await? else { return Ok(false) };
                tx.audit(&entry.of(named(&held))).await?;
                tx.delete_schedule(account, &wanted).await
            })
        });
        if deleted.await? { Ok(()) } else { Err(missing()) }
    }

    /// Runs a schedule now, whether it is paused or not; a run of it that waits to be tried again gives way.
    ///
    /// # Errors
    /// There is no such schedule of this account; a run of it is under way ([`ErrorKind::Conflict`]).
    pub async fn run(&self, id: &str) -> Result<ScheduleRun> {
        let engine = &self.reader.engine;
        let (account, now) = (self.reader.account, engine.now());
        let wanted = Arc::new((id.to_owned(), engine.parts.random.uuid(now)));
        let begun = engine.parts.store.write(move |tx| {
            let wanted = wanted.clone();
            Box::pin(async move { begin(tx, account, &wanted.0, &wanted.1, now).await })
        });
        let begun = match begun.await {
            // Of two who wanted it at the same moment.
            Err(StoreError::Constraint(_)) => Begun::IsUnderWay,
            begun => begun?,
        };
        match begun {
            Begun::Done(run) => {
                engine.parts.schedule_rung.notify_one();
                Ok((*run).into())
            }
            Begun::Missing => Err(missing()),
            Begun::IsUnderWay => Err(Error::new(ErrorKind::Conflict, "a run of the schedule is under way")),
        }
    }
}

/// What a schedule is called in the audit log.
pub(super) fn named(schedule: &ScheduleRecord) -> String {
    format!("schedule {} of form {}: {}", schedule.id, schedule.form_id, schedule.name)
}

/// What became of a schedule that was to be made.
enum Made {
    Done(Box<ScheduleRecord>),
    OneTooMany,
    /// The form was deleted just now.
    FormIsGone,
}

async fn create(tx: &mut Tx, record: ScheduleRecord, when: &When, now: Timestamp) -> StoreResult<Made> {
    let account_id = record.account_id;
    if hold_form(tx, record.form_id).await?.is_none_or(|held| held.form.account_id != account_id) {
        return Ok(Made::FormIsGone);
    }
    if tx.count_schedules(account_id).await? >= MOST_SCHEDULES {
        return Ok(Made::OneTooMany);
    }
    let record = ScheduleRecord { zone: zone_of(tx, account_id, record.form_id).await?, ..record };
    let next_at = if record.is_paused { None } else { next_after(when, now, &record.zone) };
    let record = ScheduleRecord { next_at, zone_now: record.zone.clone(), ..record };
    tx.create_schedule(&record).await?;
    Ok(Made::Done(Box::new(record)))
}

async fn begin(
    tx: &mut Tx,
    account: AccountId,
    schedule: &str,
    run: &str,
    now: Timestamp,
) -> StoreResult<Begun> {
    let Some(record) = tx.hold_schedule(account, schedule).await? else { return Ok(Begun::Missing) };
    if let Some(before) = tx.unfinished_run(schedule).await? {
        if !before.gives_way(now) {
            return Ok(Begun::IsUnderWay);
        }
        tx.give_up_run(schedule, STARTED_ANEW, now).await?;
    }
    let new = NewRun { id: run.to_owned(), due_at: now, is_manual: true };
    tx.add_run(&record, &new, now).await?;
    Ok(tx.unfinished_run(schedule).await?.map_or(Begun::Missing, |run| Begun::Done(Box::new(run))))
}

/// The time zone by whose clocks a schedule of a form is due.
pub(super) async fn zone_of(tx: &mut Tx, account: AccountId, form: FormId) -> StoreResult<String> {
    let own = tx.form(form).await?.and_then(|stored| stored.form.timezone);
    match own {
        Some(zone) => Ok(zone),
        None => Ok(tx.account(account).await?.map_or_else(|| "UTC".to_owned(), |account| account.timezone)),
    }
}

/// When a schedule is due after `now`, by the clocks of the zone of this name.
pub(super) fn next_after(when: &When, now: Timestamp, zone: &str) -> Option<Timestamp> {
    // Whoever stored it has looked it up; a database of time zones may have lost it since.
    let zone = time_zone("timezone", zone).unwrap_or(TimeZone::UTC);
    when.next_after(now, &zone)
}

pub(super) fn check_name(name: &str) -> Result<(), Fault> {
    if name.trim().is_empty() || name.chars().count() > MOST_NAME_CHARS {
        return Err(Fault::new("name", format!("is not 1 to {MOST_NAME_CHARS} characters long")));
    }
    if name.contains(char::is_control) {
        return Err(Fault::new("name", "has a control character in it"));
    }
    Ok(())
}

pub(super) fn check_when(when: &When, now: Timestamp) -> Result<(), Fault> {
    when.check("when.cron", now)
}

/// An error of a request for an export, as one of a schedule that has it.
pub(super) fn within_export(error: Error) -> Error {
    if error.faults().is_empty() {
        return error;
    }
    Error::invalid(error.faults().iter().cloned().map(|fault| fault.within("export")).collect())
}

/// A schedule as it is told.
pub(super) fn shown(record: ScheduleRecord, last: Option<RunRecord>) -> Result<Schedule> {
    Ok(Schedule {
        form_id: record.form_id,
        when: when_from_json(&record.timing).map_err(Error::internal)?,
        destination: destination_from_json(&record.destination).map_err(Error::internal)?,
        has_secret: record.secret.is_some(),
        id: record.id,
        name: record.name,
        zone: record.zone_now,
        asked: record.asked,
        is_incremental: record.is_incremental,
        is_paused: record.is_paused,
        next_at: record.next_at,
        created_at: record.created_at,
        updated_at: record.updated_at,
        last_run: last.map(ScheduleRun::from),
    })
}

pub(super) fn missing() -> Error {
    Error::not_found("the schedule")
}

impl Engine {
    /// How many runs of schedules have not come to their end.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn unfinished_runs(&self) -> Result<i64> {
        Ok(self.parts.store.read(|tx| Box::pin(tx.unfinished_runs())).await?)
    }
}
