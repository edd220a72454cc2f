//! What a schedule is to be, as the page for it says.
//!
//! Guarantees: what is not understood is refused by the name of its field; what is filled in for another place than the one
//! that was chosen is passed over.
//!
//! Must not know: when a schedule is due, or how a file is delivered.

use super::super::pairs::Pairs;
use super::super::words::schedules::DAYS;
use fillhouse_engine::{Destination, DestinationSecret, NewDestination, Schedule};
use fillhouse_model::{Fault, WEEKDAYS, When, clock, read_clock};
use jiff::civil::Time;

/// What a schedule is to be.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(in crate::console) struct Wish {
    pub(in crate::console) name: String,
    pub(in crate::console) every: String,
    pub(in crate::console) at: String,
    pub(in crate::console) on: String,
    pub(in crate::console) cron: String,
    pub(in crate::console) mode: String,
    pub(in crate::console) kind: String,
    pub(in crate::console) folder: String,
    pub(in crate::console) file_name: String,
    pub(in crate::console) url: String,
    pub(in crate::console) bucket: String,
    pub(in crate::console) prefix: String,
    pub(in crate::console) endpoint: String,
    pub(in crate::console) region: String,
    /// Whether any of this is filled in.
    pub(in crate::console) is_open: bool,
}

impl Wish {
    pub(in crate::console) fn of(pairs: &Pairs) -> Self {
        let text = |name: &str| pairs.one(name).to_owned();
        Self {
            name: text("name"),
            every: text("every"),
            at: text("at"),
            on: text("on"),
            cron: text("cron"),
            mode: text("mode"),
            kind: text("kind"),
            folder: text("folder"),
            file_name: text("file_name"),
            url: text("url"),
            bucket: text("bucket"),
            prefix: text("prefix"),
            endpoint: text("endpoint"),
            region: text("region"),
            is_open: pairs.has("do", "schedule"),
        }
    }

    /// The fields of a schedule that is there.
    pub(super) fn of_schedule(schedule: &Schedule) -> Self {
        let mode = if schedule.is_incremental { "incremental" } else { "full" };
        let wish = Self { name: schedule.name.clone(), mode: mode.to_owned(), ..Self::default() };
        let wish = wish.going_to(&schedule.destination);
        match &schedule.when {
            When::Hourly => Self { every: "hourly".to_owned(), ..wish },
            When::Daily { at } => Self { every: "daily".to_owned(), at: clock(*at), ..wish },
            When::Weekly { on, at } => {
                let on = WEEKDAYS.iter().find(|(_, day)| day == on).map_or("", |(name, _)| name);
                Self { every: "weekly".to_owned(), at: clock(*at), on: on.to_owned(), ..wish }
            }
            When::Cron(line) => Self { every: "cron".to_owned(), cron: line.clone(), ..wish },
        }
    }

    /// The same with the fields of a destination.
    fn going_to(self, destination: &Destination) -> Self {
        let given = |text: &Option<String>| text.clone().unwrap_or_default();
        let kind = |kind: &str| kind.to_owned();
        match destination {
            Destination::Store => Self { kind: kind("store"), ..self },
            Destination::Folder { folder, file_name } => {
                Self { kind: kind("folder"), folder: folder.clone(), file_name: given(file_name), ..self }
            }
            Destination::Webhook { url } => Self { kind: kind("webhook"), url: url.clone(), ..self },
            Destination::Bucket { bucket, prefix, endpoint, region, file_name } => Self {
                kind: kind("s3"),
                bucket: bucket.clone(),
                prefix: prefix.clone(),
                endpoint: given(endpoint),
                region: region.clone(),
                file_name: given(file_name),
                ..self
            },
        }
    }

    pub(super) fn when(&self) -> Result<When, Fault> {
        match self.every.as_str() {
            "hourly" => Ok(When::Hourly),
            "" | "daily" => Ok(When::Daily { at: self.time()? }),
            "weekly" => {
                let day = WEEKDAYS.iter().find(|(name, _)| *name == self.on);
                let none = || Fault::new("on", "is none that there is");
                Ok(When::Weekly { on: day.ok_or_else(none)?.1, at: self.time()? })
            }
            "cron" => Ok(When::Cron(self.cron.clone())),
            _ => Err(Fault::new("every", "is none that there is")),
        }
    }

    fn time(&self) -> Result<Time, Fault> {
        read_clock(&self.at).ok_or_else(|| Fault::new("at", "is not a time of the form HH:MM"))
    }

    pub(super) fn is_incremental(&self) -> Result<bool, Fault> {
        match self.mode.as_str() {
            "" | "full" => Ok(false),
            "incremental" => Ok(true),
            _ => Err(Fault::new("mode", "is none that there is")),
        }
    }

    /// Where files go; the secrets are in none but what was sent.
    pub(super) fn destination(&self, sent: &Pairs) -> Result<NewDestination, Fault> {
        let destination = self.place()?;
        let secret = match &destination {
            Destination::Store | Destination::Folder { .. } => None,
            Destination::Webhook { .. } => {
                sent.some("secret").map(|secret| DestinationSecret::Signing(secret.to_owned()))
            }
            Destination::Bucket { .. } => {
                let secret = |name: &str| {
                    sent.some(name).map(str::to_owned).ok_or_else(|| Fault::new(name, "is missing"))
                };
                Some(DestinationSecret::Keys {
                    access_key_id: secret("access_key_id")?,
                    secret_access_key: secret("secret_access_key")?,
                })
            }
        };
        Ok(NewDestination { destination, secret })
    }

    /// The same in place of another; none where nothing is to change, and what lets one in there is kept.
    pub(super) fn other_destination(
        &self,
        sent: &Pairs,
        now: &Destination,
    ) -> Result<Option<NewDestination>, Fault> {
        let has_secret =
            ["secret", "access_key_id", "secret_access_key"].iter().any(|name| sent.some(name).is_some());
        if self.kind.is_empty() || (self.place()? == *now && !has_secret) {
            return Ok(None);
        }
        self.destination(sent).map(Some)
    }

    fn place(&self) -> Result<Destination, Fault> {
        let given = |text: &String| (!text.is_empty()).then(|| text.clone());
        match self.kind.as_str() {
            "" | "store" => Ok(Destination::Store),
            "folder" => {
                Ok(Destination::Folder { folder: self.folder.clone(), file_name: given(&self.file_name) })
            }
            "webhook" => Ok(Destination::Webhook { url: self.url.clone() }),
            "s3" => Ok(Destination::Bucket {
                bucket: self.bucket.clone(),
                prefix: self.prefix.clone(),
                endpoint: given(&self.endpoint),
                region: given(&self.region).unwrap_or_else(|| Destination::DEFAULT_REGION.to_owned()),
                file_name: given(&self.file_name),
            }),
            _ => Err(Fault::new("kind", "is none that there is")),
        }
    }
}

/// When a schedule is due, in words.
pub(super) fn in_words(when: &When) -> String {
    match when {
        When::Hourly => "every hour".to_owned(),
        When::Daily { at } => format!("every day at {}", clock(*at)),
        When::Weekly { on, at } => {
            let mut days = WEEKDAYS.iter().zip(DAYS);
            let day = days.find(|((_, day), _)| day == on).map_or("", |(_, (_, word))| word);
            format!("every {day} at {}", clock(*at))
        }
        When::Cron(line) => line.clone(),
    }
}
