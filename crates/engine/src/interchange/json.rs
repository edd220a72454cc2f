//! Reading JSON so that a fault names its field.
//!
//! Guarantees: input without a fault is read once; only faulty input is read again, for the path.
//!
//! Must not know: what is read.

use fillhouse_model::Fault;
use fillhouse_store::document::Object;
use serde::Deserialize;
use serde::de::DeserializeSeed;
use serde_json::Deserializer;
use serde_path_to_error::Track;
use std::marker::PhantomData;

/// The longest field or message of a fault, in bytes.
const LONGEST: usize = 500;

/// Reads a JSON object, and nothing else, from `text`.
///
/// # Errors
/// The first fault, with the path of its field; without a field where the text is not JSON.
pub fn read_object<'de, T: Deserialize<'de>>(text: &'de str) -> Result<T, Fault> {
    read::<Object<T>>(text).map(|object| object.0)
}

/// Reads any JSON value.
pub(super) fn read<'de, T: Deserialize<'de>>(text: &'de str) -> Result<T, Fault> {
    read_with(Whole(PhantomData), text)
}

/// Reads `text` with a seed, which is used once more where it finds a fault.
pub(super) fn read_with<'de, S: DeserializeSeed<'de> + Copy>(
    seed: S,
    text: &'de str,
) -> Result<S::Value, Fault> {
    let mut reader = Deserializer::from_str(text);
    seed.deserialize(&mut reader)
        .and_then(|value| reader.end().map(|()| value))
        .map_err(|error| fault(seed, text, &error))
}

/// Reads a whole value of a type; as a seed, it can be used twice.
struct Whole<T>(PhantomData<T>);

impl<T> Clone for Whole<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Whole<T> {}

impl<'de, T: Deserialize<'de>> DeserializeSeed<'de> for Whole<T> {
    type Value = T;

    fn deserialize<D: serde::Deserializer<'de>>(self, deserializer: D) -> Result<T, D::Error> {
        T::deserialize(deserializer)
    }
}

#[cold]
fn fault<'de, S: DeserializeSeed<'de>>(seed: S, text: &'de str, error: &serde_json::Error) -> Fault {
    if !error.is_data() {
        return Fault::new("", format!("is not JSON: {error}"));
    }
    let mut track = Track::new();
    let mut reader = Deserializer::from_str(text);
    let again = seed.deserialize(serde_path_to_error::Deserializer::new(&mut reader, &mut track));
    debug_assert!(again.is_err(), "what failed once fails again");
    let path = track.path();
    let field = if path.iter().len() == 0 { String::new() } else { path.to_string() };
    let place = format!(" at line {} column {}", error.line(), error.column());
    let message = error.to_string();
    bounded(in_our_words(field, message.strip_suffix(&place).unwrap_or(&message)))
}

/// The fault in a length that can be shown: parts of the input are in it, and they may be of any length.
pub(super) fn bounded(fault: Fault) -> Fault {
    Fault::new(shortened(fault.field), shortened(fault.message))
}

/// serde says of a missing key and of a repeated one that the object around it is at fault; here, the field is.
fn in_our_words(field: String, message: &str) -> Fault {
    let quoted = |prefix| message.strip_prefix(prefix).and_then(|rest: &str| rest.split_once('`'));
    let below = |key: &str, says: &str| {
        let fault = Fault::new(key, says);
        if field.is_empty() { fault } else { fault.within(&field) }
    };
    if let Some((key, _)) = quoted("missing field `") {
        below(key, "is missing")
    } else if let Some((key, _)) = quoted("duplicate field `") {
        below(key, "is given twice")
    } else if let Some((_, expected)) = quoted("unknown field `") {
        Fault::new(field, format!("is not known here{expected}"))
    } else {
        Fault::new(field, message)
    }
}

fn shortened(mut text: String) -> String {
    if text.len() > LONGEST {
        text.truncate(text.floor_char_boundary(LONGEST));
        text.push('…');
    }
    text
}
