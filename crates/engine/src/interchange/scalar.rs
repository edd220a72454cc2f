//! The ids, times and texts of a line, each read with its own rule.
//!
//! Must not know: which field one is the value of; whoever reads the line tells that from the path.

use fillhouse_model::{ProfileId, Status, Timestamp};
use serde::de::{Error, Unexpected, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::borrow::Cow;
use std::fmt;

/// The most characters of a text that is no answer.
const SHORT_CHARACTERS: usize = 2_000;

/// The most bytes of a text that is an answer, or part of one.
const LONG_BYTES: usize = 1 << 20;

/// The first instant of the year 1; RFC 3339 has no spelling for the years before 0.
const FIRST_MICROS: i64 = -62_135_596_800_000_000;

/// An id: a whole number, at least 1.
#[derive(Debug, Clone, Copy)]
pub(super) struct Id(pub(super) i64);

/// An instant, RFC 3339 with an offset.
#[derive(Debug, Clone, Copy)]
pub(super) struct Instant(pub(super) Timestamp);

/// The id of a profile.
#[derive(Debug, Clone, Copy)]
pub(super) struct HexId(pub(super) ProfileId);

/// The status of a submission.
#[derive(Debug, Clone, Copy)]
pub(super) struct StatusWord(pub(super) Status);

/// A text that is no answer: of bounded length, and without NUL, which PostgreSQL's texts cannot hold.
#[derive(Debug)]
pub(super) struct Short<'a>(pub(super) Cow<'a, str>);

/// A text of an answer.
#[derive(Debug)]
pub(super) struct Long(pub(super) String);

impl From<Short<'_>> for String {
    fn from(text: Short<'_>) -> Self {
        text.0.into_owned()
    }
}

impl<'de> Deserialize<'de> for Id {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_i64(IdVisitor)
    }
}

struct IdVisitor;

impl Visitor<'_> for IdVisitor {
    type Value = Id;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a whole number of 1 or more")
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Id, E> {
        match i64::try_from(number) {
            Ok(id) if id > 0 => Ok(Id(id)),
            _ => Err(E::invalid_value(Unexpected::Unsigned(number), &self)),
        }
    }
}

/// Reads a text in place: `T` looks at it, whether it was borrowed or not.
struct TextVisitor<T>(fn(&str) -> Result<T, &'static str>);

impl<T> Visitor<'_> for TextVisitor<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<T, E> {
        self.0(text).map_err(E::custom)
    }
}

impl<'de> Deserialize<'de> for Instant {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(TextVisitor(|text| {
            is_rfc3339(text)
                .then(|| text.parse().ok())
                .flatten()
                .filter(|instant: &Timestamp| instant.micros() >= FIRST_MICROS)
                .map(Instant)
                .ok_or("is not a date and time with an offset, such as 2026-04-01T09:00:00Z")
        }))
    }
}

/// Whether the text has the shape of RFC 3339. The parser behind it reads more: other ISO 8601 spellings, zone names.
fn is_rfc3339(text: &str) -> bool {
    let like = |text: &[u8], shape: &[u8]| {
        text.len() == shape.len()
            && text.iter().zip(shape).all(
                |(b, like)| {
                    if *like == b'0' { b.is_ascii_digit() } else { b == like }
                },
            )
    };
    let Some((moment, rest)) = text.as_bytes().split_at_checked(19) else {
        return false;
    };
    let fraction = match rest.strip_prefix(b".") {
        Some(digits) => 1 + digits.iter().take_while(|b| b.is_ascii_digit()).count(),
        None => 0,
    };
    let offset = &rest[fraction..];
    like(moment, b"0000-00-00T00:00:00")
        && fraction != 1
        && (offset == b"Z" || like(offset, b"+00:00") || like(offset, b"-00:00"))
}

impl<'de> Deserialize<'de> for HexId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(TextVisitor(|text| {
            text.parse().map(HexId).map_err(|_| "is not 24 lower-case hex digits")
        }))
    }
}

impl<'de> Deserialize<'de> for StatusWord {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(TextVisitor(|text| {
            [Status::Complete, Status::Incomplete]
                .into_iter()
                .find(|status| status.name() == text)
                .map(StatusWord)
                .ok_or("is neither Complete nor Incomplete")
        }))
    }
}

impl<'de> Deserialize<'de> for Long {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(TextVisitor(|text| {
            if text.len() > LONG_BYTES {
                return Err("is longer than 1048576 bytes");
            }
            Ok(Long(text.to_owned()))
        }))
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Short<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(ShortVisitor).map(Short)
    }
}

impl Serialize for Short<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

struct ShortVisitor;

impl<'de> Visitor<'de> for ShortVisitor {
    type Value = Cow<'de, str>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text")
    }

    fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<Self::Value, E> {
        check_short(text).map(|()| Cow::Borrowed(text))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
        check_short(text).map(|()| Cow::Owned(text.to_owned()))
    }
}

fn check_short<E: Error>(text: &str) -> Result<(), E> {
    // No text has more characters than bytes, so that most need not be counted.
    if text.len() > SHORT_CHARACTERS && text.chars().count() > SHORT_CHARACTERS {
        return Err(E::custom(format_args!("is longer than {SHORT_CHARACTERS} characters")));
    }
    if text.as_bytes().contains(&0) {
        return Err(E::custom("has a NUL character in it"));
    }
    Ok(())
}
