//! When a schedule is due and where its files go, as that is stored.
//!
//! Guarantees: what was stored is read for ever.
//!
//! Must not know: what they mean.

use super::destination::Destination;
use fillhouse_model::When;
use jiff::civil::{Time, Weekday};
use serde::{Deserialize, Serialize};

/// A [`When`].
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum StoredWhen {
    Hourly,
    /// The minute of the day.
    Daily(i16),
    /// The day, Sunday being 0, and its minute.
    Weekly(i8, i16),
    Cron(String),
}

/// A [`Destination`].
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum StoredDestination {
    Store,
    Folder {
        folder: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        file_name: Option<String>,
    },
    Webhook {
        url: String,
    },
    Bucket {
        bucket: String,
        prefix: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        endpoint: Option<String>,
        region: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        file_name: Option<String>,
    },
}

pub(super) fn when_to_json(when: &When) -> String {
    let minute = |at: &Time| i16::from(at.hour()) * 60 + i16::from(at.minute());
    let stored = match when {
        When::Hourly => StoredWhen::Hourly,
        When::Daily { at } => StoredWhen::Daily(minute(at)),
        When::Weekly { on, at } => StoredWhen::Weekly(on.to_sunday_zero_offset(), minute(at)),
        When::Cron(line) => StoredWhen::Cron(line.clone()),
    };
    serde_json::to_string(&stored).expect("numbers and texts always serialise")
}

pub(super) fn when_from_json(json: &str) -> Result<When, String> {
    let stored: StoredWhen = serde_json::from_str(json).map_err(|error| error.to_string())?;
    Ok(match stored {
        StoredWhen::Hourly => When::Hourly,
        StoredWhen::Daily(minute) => When::Daily { at: time(minute)? },
        StoredWhen::Weekly(day, minute) => {
            let on = Weekday::from_sunday_zero_offset(day).map_err(|error| error.to_string())?;
            When::Weekly { on, at: time(minute)? }
        }
        StoredWhen::Cron(line) => When::Cron(line),
    })
}

fn time(minute: i16) -> Result<Time, String> {
    let part = |part: i16| i8::try_from(part).map_err(|error| error.to_string());
    Time::new(part(minute / 60)?, part(minute % 60)?, 0, 0).map_err(|error| error.to_string())
}

pub(super) fn destination_to_json(destination: &Destination) -> String {
    let stored = match destination.clone() {
        Destination::Store => StoredDestination::Store,
        Destination::Folder { folder, file_name } => StoredDestination::Folder { folder, file_name },
        Destination::Webhook { url } => StoredDestination::Webhook { url },
        Destination::Bucket { bucket, prefix, endpoint, region, file_name } => {
            StoredDestination::Bucket { bucket, prefix, endpoint, region, file_name }
        }
    };
    serde_json::to_string(&stored).expect("texts always serialise")
}

pub(super) fn destination_from_json(json: &str) -> Result<Destination, String> {
    let stored: StoredDestination = serde_json::from_str(json).map_err(|error| error.to_string())?;
    Ok(match stored {
        StoredDestination::Store => Destination::Store,
        StoredDestination::Folder { folder, file_name } => Destination::Folder { folder, file_name },
        StoredDestination::Webhook { url } => Destination::Webhook { url },
        StoredDestination::Bucket { bucket, prefix, endpoint, region, file_name } => {
            Destination::Bucket { bucket, prefix, endpoint, region, file_name }
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::time;

    /// Frozen examples: what was stored must be read for ever.
    #[test]
    fn stored_documents_are_read() {
        for (json, when) in [
            (r#""hourly""#, When::Hourly),
            (r#"{"daily":390}"#, When::Daily { at: time(6, 30, 0, 0) }),
            (r#"{"weekly":[0,1439]}"#, When::Weekly { on: Weekday::Sunday, at: time(23, 59, 0, 0) }),
            (r#"{"cron":"0 6 * * 1-5"}"#, When::Cron("0 6 * * 1-5".to_owned())),
        ] {
            assert_eq!((when_from_json(json), when_to_json(&when).as_str()), (Ok(when), json));
        }
        for bad in [r#"{"daily":1440}"#, r#"{"daily":-1}"#, r#"{"weekly":[7,0]}"#, r#""monthly""#] {
            assert!(when_from_json(bad).is_err(), "{bad}");
        }
        let folder = |file_name| Destination::Folder { folder: "a/b".to_owned(), file_name };
        for (json, destination) in [
            (r#""store""#, Destination::Store),
            (r#"{"folder":{"folder":"a/b"}}"#, folder(None)),
            (r#"{"folder":{"folder":"a/b","file_name":"c.csv"}}"#, folder(Some("c.csv".to_owned()))),
            (
                r#"{"webhook":{"url":"https://a.example"}}"#,
                Destination::Webhook { url: "https://a.example".to_owned() },
            ),
            (
                r#"{"bucket":{"bucket":"acme","prefix":"a/b","region":"eu-central-1"}}"#,
                Destination::Bucket {
                    bucket: "acme".to_owned(),
                    prefix: "a/b".to_owned(),
                    endpoint: None,
                    region: "eu-central-1".to_owned(),
                    file_name: None,
                },
            ),
        ] {
            let written = destination_to_json(&destination);
            assert_eq!((destination_from_json(json), written.as_str()), (Ok(destination), json));
        }
    }
}
