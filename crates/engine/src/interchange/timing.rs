//! When a schedule is due, as a line says it.
//!
//! Must not know: what time it is, or by which clocks.

use super::scalar::Short;
use fillhouse_model::{Fault, WEEKDAYS, When, clock, read_clock};
use jiff::civil::{Time, Weekday};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;

/// A [`When`].
#[derive(Deserialize, Serialize, Default)]
#[serde(deny_unknown_fields)]
pub(super) struct WhenDocument<'a> {
    #[serde(borrow, skip_serializing_if = "Option::is_none")]
    every: Option<Short<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    on: Option<Short<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    at: Option<Short<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cron: Option<Short<'a>>,
}

impl TryFrom<WhenDocument<'_>> for When {
    type Error = Fault;

    fn try_from(document: WhenDocument<'_>) -> Result<Self, Fault> {
        let WhenDocument { every, on, at, cron } = document;
        let [every, on, at, cron] = [every, on, at, cron].map(|text| text.map(String::from));
        Ok(match (every.as_deref(), on, at, cron) {
            (None, None, None, Some(line)) => Self::Cron(line),
            (Some("hourly"), None, None, None) => Self::Hourly,
            (Some("daily"), None, Some(at), None) => Self::Daily { at: time(&at)? },
            (Some("weekly"), Some(on), Some(at), None) => Self::Weekly { on: day(&on)?, at: time(&at)? },
            _ => return Err(Fault::new("when", "is neither a cron line nor hourly, daily or weekly")),
        })
    }
}

fn time(text: &str) -> Result<Time, Fault> {
    read_clock(text).ok_or_else(|| Fault::new("when.at", "is not a time of the form HH:MM"))
}

fn day(text: &str) -> Result<Weekday, Fault> {
    let found = WEEKDAYS.iter().find(|(name, _)| *name == text).map(|(_, day)| *day);
    found.ok_or_else(|| Fault::new("when.on", "is not one of monday to sunday"))
}

impl<'a> From<&'a When> for WhenDocument<'a> {
    fn from(when: &'a When) -> Self {
        let word = |word| Some(Short(Cow::Borrowed(word)));
        let shown = |at: &Time| Some(Short(Cow::Owned(clock(*at))));
        match when {
            When::Hourly => Self { every: word("hourly"), ..Self::default() },
            When::Daily { at } => Self { every: word("daily"), at: shown(at), ..Self::default() },
            When::Weekly { on, at } => {
                let day = WEEKDAYS.iter().find(|(_, day)| day == on).and_then(|(name, _)| word(name));
                Self { every: word("weekly"), on: day, at: shown(at), cron: None }
            }
            When::Cron(line) => Self { cron: word(line), ..Self::default() },
        }
    }
}
