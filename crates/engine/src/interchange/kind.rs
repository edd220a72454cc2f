//! The kinds of line, and how a line says its kind.
//!
//! Must not know: what else is in a line of any kind.

use super::json;
use fillhouse_model::Fault;
use serde::de::{DeserializeSeed, Error, IgnoredAny, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use std::fmt;

/// The kind of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Account,
    User,
    Token,
    Form,
    ResultsLabels,
    ResultsView,
    Look,
    Audience,
    Profile,
    Segment,
    Webhook,
    Integration,
    Submission,
    Schedule,
}

impl Kind {
    const ALL: [Self; 14] = [
        Self::Account,
        Self::User,
        Self::Token,
        Self::Form,
        Self::ResultsLabels,
        Self::ResultsView,
        Self::Look,
        Self::Audience,
        Self::Profile,
        Self::Segment,
        Self::Webhook,
        Self::Integration,
        Self::Submission,
        Self::Schedule,
    ];

    /// The word for it in a line.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Account => "account",
            Self::User => "user",
            Self::Token => "token",
            Self::Form => "form",
            Self::ResultsLabels => "results_labels",
            Self::ResultsView => "results_view",
            Self::Look => "look",
            Self::Audience => "audience",
            Self::Profile => "profile",
            Self::Segment => "segment",
            Self::Webhook => "webhook",
            Self::Integration => "integration",
            Self::Submission => "submission",
            Self::Schedule => "schedule",
        }
    }

    /// The kind of a line, which need not come first in it but is quickest found there: the rest is not looked at.
    pub(super) fn of_line(line: &str) -> Result<Self, Fault> {
        let mut found = None;
        // What follows the kind is left unread, which serde_json calls an error; whoever reads the line will see it.
        let scanned = FindKind(&mut found).deserialize(&mut serde_json::Deserializer::from_str(line));
        match (found, scanned) {
            (Some(kind), _) => Ok(kind),
            (None, Ok(())) => Err(Fault::new("kind", "is missing")),
            (None, Err(_)) => Err(json::read_object::<KindOnly>(line)
                .err()
                .unwrap_or_else(|| Fault::new("kind", "is missing"))),
        }
    }
}

impl<'de> Deserialize<'de> for Kind {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(KindName)
    }
}

struct KindName;

impl Visitor<'_> for KindName {
    type Value = Kind;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the name of a kind")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Kind, E> {
        Kind::ALL.into_iter().find(|kind| kind.name() == text).ok_or_else(|| {
            let names = Kind::ALL.map(Kind::name).join(", ");
            E::custom(format_args!("{text:?} is not one of {names}"))
        })
    }
}

/// Reads an object up to its kind.
struct FindKind<'found>(&'found mut Option<Kind>);

#[derive(Deserialize)]
#[serde(field_identifier, rename_all = "lowercase")]
enum Key {
    Kind,
    #[serde(other)]
    Other,
}

impl<'de> DeserializeSeed<'de> for FindKind<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for FindKind<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(key) = map.next_key()? {
            match key {
                Key::Kind => {
                    *self.0 = Some(map.next_value()?);
                    return Ok(());
                }
                Key::Other => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(())
    }
}

/// A line of which nothing but its kind matters: for the fault of one that has none.
#[derive(Deserialize)]
struct KindOnly {
    #[serde(rename = "kind")]
    _kind: Kind,
}
