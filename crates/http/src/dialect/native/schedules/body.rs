//! The bodies that make a schedule, and change one.
//!
//! Guarantees: what is not understood is refused by the name of its member.
//!
//! Must not know: what there is in the form.

use super::super::exports::{ExportBody, Wish, refused};
use super::super::problem::Problem;
use fillhouse_engine::interchange::read_object;
use fillhouse_engine::{
    Destination, DestinationSecret, ExportRequest, FormsReader, NewDestination, ScheduleDraft, ScheduleEdit,
};
use fillhouse_model::{Fault, WEEKDAYS, When, read_clock};
use jiff::civil::{Time, Weekday};
use serde::Deserialize;
use serde_json::Value;
use utoipa::ToSchema;

/// A schedule to be made.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in super::super) struct ScheduleBody {
    /// What it is called
    name: String,
    /// When it is due
    when: WhenBody,
    /// What is exported: the members of `POST /v1/exports`
    #[schema(value_type = ExportBody)]
    export: Value,
    /// `full`, or `incremental`: only what has changed since the last file that was delivered
    mode: Option<String>,
    /// Where the file goes
    destination: Option<DestinationBody>,
    /// Whether it is not due at all
    paused: Option<bool>,
}

/// What is to be different about a schedule.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in super::super) struct ChangeBody {
    /// What it is called
    name: Option<String>,
    /// When it is due
    when: Option<WhenBody>,
    /// What is exported: the members of `POST /v1/exports`
    #[schema(value_type = Option<ExportBody>)]
    export: Option<Value>,
    /// `full` or `incremental`
    mode: Option<String>,
    /// Where the file goes: all of it, with its secret
    destination: Option<DestinationBody>,
    /// Whether it is not due at all
    paused: Option<bool>,
}

/// When a schedule is due: every so often, or by a cron line.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct WhenBody {
    /// `hourly`, `daily` or `weekly`
    every: Option<String>,
    /// At which time of a day, `HH:MM`
    at: Option<String>,
    /// On which day of a week: `monday` to `sunday`
    on: Option<String>,
    /// Five fields: minute, hour, day of the month, month, day of the week
    cron: Option<String>,
}

/// Where the files of a schedule go.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct DestinationBody {
    /// `store`, `folder`, `webhook` or `s3`
    kind: String,
    /// Of `folder`: which one, within the account's
    folder: Option<String>,
    /// Of `folder` and `s3`: what each file is called, in place of the one before
    file_name: Option<String>,
    /// Of `webhook`: where to post
    url: Option<String>,
    /// Of `webhook`: what posts are signed with
    secret: Option<String>,
    /// Of `s3`: its name
    bucket: Option<String>,
    /// Of `s3`: what the names of files have before them
    prefix: Option<String>,
    /// Of `s3`: the server's address; else that of AWS
    endpoint: Option<String>,
    /// Of `s3`: the region
    region: Option<String>,
    /// Of `s3`
    access_key_id: Option<String>,
    /// Of `s3`
    secret_access_key: Option<String>,
}

/// How much of the form is exported.
pub(super) struct Mode;

impl Mode {
    /// The word for it.
    pub(super) fn of(is_incremental: bool) -> &'static str {
        if is_incremental { "incremental" } else { "full" }
    }

    fn read(word: &str) -> Result<bool, Fault> {
        match word {
            "full" => Ok(false),
            "incremental" => Ok(true),
            _ => Err(Fault::new("mode", "is neither full nor incremental")),
        }
    }
}

impl ScheduleBody {
    /// What a body says.
    pub(super) async fn draft(reader: &FormsReader, body: &str) -> Result<ScheduleDraft, Problem> {
        let Self { name, when, export, mode, destination, paused } = read(body)?;
        let (export, asked) = read_export(reader, &export).await?;
        let store = NewDestination { destination: Destination::Store, secret: None };
        Ok(ScheduleDraft {
            name,
            when: when.when()?,
            export,
            asked,
            is_incremental: mode.as_deref().map(Mode::read).transpose()?.unwrap_or_default(),
            destination: destination.map(DestinationBody::destination).transpose()?.unwrap_or(store),
            is_paused: paused.unwrap_or_default(),
        })
    }
}

impl ChangeBody {
    /// What a body says.
    pub(super) async fn edit(reader: &FormsReader, body: &str) -> Result<ScheduleEdit, Problem> {
        let Self { name, when, export, mode, destination, paused } = read(body)?;
        let export = match export {
            Some(export) => Some(read_export(reader, &export).await?),
            None => None,
        };
        Ok(ScheduleEdit {
            name,
            when: when.map(|when| when.when()).transpose()?,
            export,
            is_incremental: mode.as_deref().map(Mode::read).transpose()?,
            destination: destination.map(DestinationBody::destination).transpose()?,
            is_paused: paused,
        })
    }
}

fn read<'a, T: Deserialize<'a>>(body: &'a str) -> Result<T, Problem> {
    read_object(body).map_err(|fault: Fault| match fault.field.as_str() {
        "" => refused(Fault::new("body", fault.message).into(), body),
        _ => refused(fault.into(), body),
    })
}

/// What is exported, read as a request for an export is, and as it came.
async fn read_export(reader: &FormsReader, export: &Value) -> Result<(ExportRequest, String), Problem> {
    if !export.is_object() {
        return Err(Fault::new("export", "is not an object").into());
    }
    let asked = export.to_string();
    let Wish { is_dry, request } =
        Wish::read(reader, &asked).await.map_err(|problem| problem.within("export"))?;
    if is_dry {
        return Err(Fault::new("export.dry_run", "is not for a schedule").into());
    }
    Ok((request, asked))
}

impl WhenBody {
    fn when(&self) -> Result<When, Fault> {
        let Self { every, at, on, cron } = self;
        let not_for = |field: &str, what: &str| Err(Fault::new(field, format!("is not for {what}")));
        if let Some(cron) = cron {
            let others = [("when.every", every), ("when.at", at), ("when.on", on)];
            return match others.into_iter().find(|(_, given)| given.is_some()) {
                Some((field, _)) => not_for(field, "a cron line"),
                None => Ok(When::Cron(cron.clone())),
            };
        }
        match (every.as_deref(), at, on) {
            (None, ..) => Err(Fault::new("when", "has neither every nor cron")),
            (Some("hourly"), Some(_), _) => not_for("when.at", "hourly"),
            (Some("hourly"), _, Some(_)) => not_for("when.on", "hourly"),
            (Some("hourly"), None, None) => Ok(When::Hourly),
            (Some("daily"), _, Some(_)) => not_for("when.on", "daily"),
            (Some("daily"), at, None) => Ok(When::Daily { at: time(at.as_deref())? }),
            (Some("weekly"), at, on) => {
                Ok(When::Weekly { on: day(on.as_deref())?, at: time(at.as_deref())? })
            }
            (Some(_), ..) => Err(Fault::new("when.every", "is not one of hourly, daily and weekly")),
        }
    }
}

/// A time of the day.
fn time(text: Option<&str>) -> Result<Time, Fault> {
    let text = text.ok_or_else(|| Fault::new("when.at", "is missing"))?;
    read_clock(text).ok_or_else(|| Fault::new("when.at", "is not a time of the form HH:MM"))
}

fn day(text: Option<&str>) -> Result<Weekday, Fault> {
    let text = text.ok_or_else(|| Fault::new("when.on", "is missing"))?;
    let found = WEEKDAYS.iter().find(|(name, _)| *name == text).map(|(_, day)| *day);
    found.ok_or_else(|| Fault::new("when.on", "is not one of monday to sunday"))
}

impl DestinationBody {
    fn destination(self) -> Result<NewDestination, Fault> {
        self.check_members()?;
        let bare = |destination| Ok(NewDestination { destination, secret: None });
        match self.kind.as_str() {
            "store" => bare(Destination::Store),
            "folder" => bare(Destination::Folder {
                folder: self.folder.unwrap_or_default(),
                file_name: self.file_name,
            }),
            "webhook" => {
                let destination = Destination::Webhook { url: self.url.unwrap_or_default() };
                Ok(NewDestination { destination, secret: self.secret.map(DestinationSecret::Signing) })
            }
            _ => {
                let missing = |member: &str| Fault::new(format!("destination.{member}"), "is missing");
                let secret = DestinationSecret::Keys {
                    access_key_id: self.access_key_id.ok_or_else(|| missing("access_key_id"))?,
                    secret_access_key: self.secret_access_key.ok_or_else(|| missing("secret_access_key"))?,
                };
                let destination = Destination::Bucket {
                    bucket: self.bucket.ok_or_else(|| missing("bucket"))?,
                    prefix: self.prefix.unwrap_or_default(),
                    endpoint: self.endpoint,
                    region: self.region.unwrap_or_else(|| Destination::DEFAULT_REGION.to_owned()),
                    file_name: self.file_name,
                };
                Ok(NewDestination { destination, secret: Some(secret) })
            }
        }
    }

    /// Whether every member that is given is one of this kind of destination.
    fn check_members(&self) -> Result<(), Fault> {
        let kind = self.kind.as_str();
        if !["store", "folder", "webhook", "s3"].contains(&kind) {
            return Err(Fault::new("destination.kind", "is not one of store, folder, webhook and s3"));
        }
        let given: [(&str, bool, &[&str]); 10] = [
            ("folder", self.folder.is_some(), &["folder"]),
            ("file_name", self.file_name.is_some(), &["folder", "s3"]),
            ("url", self.url.is_some(), &["webhook"]),
            ("secret", self.secret.is_some(), &["webhook"]),
            ("bucket", self.bucket.is_some(), &["s3"]),
            ("prefix", self.prefix.is_some(), &["s3"]),
            ("endpoint", self.endpoint.is_some(), &["s3"]),
            ("region", self.region.is_some(), &["s3"]),
            ("access_key_id", self.access_key_id.is_some(), &["s3"]),
            ("secret_access_key", self.secret_access_key.is_some(), &["s3"]),
        ];
        match given.into_iter().find(|(_, is_given, kinds)| *is_given && !kinds.contains(&kind)) {
            Some((member, ..)) => {
                Err(Fault::new(format!("destination.{member}"), format!("is not for {kind}")))
            }
            None => Ok(()),
        }
    }
}
