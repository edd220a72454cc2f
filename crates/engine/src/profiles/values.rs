//! The fields of a profile as they are given, and as they are kept.
//!
//! Guarantees: what is kept is of the types that the audience says, in the one spelling that fields are kept in; what is
//! not given is left as it was, and what is given as `null` is dropped.
//!
//! Must not know: which dialect gave them.

use crate::interchange::{canonical_object, object_members};
use fillhouse_model::filter::{MEMBERS, Spelling};
use fillhouse_model::{Audience, Fault, FieldType, Profile};
use serde_json::value::RawValue;

/// How long the address and a number of a profile may be, in characters.
const LONGEST: usize = 2_000;
/// How many numbers a profile may have.
const MOST_PHONES: usize = 100;
/// How large the fields of a profile may be, in bytes.
const MOST_BYTES: usize = 1_000_000;
/// The numbers that some give in place of the words of a status.
const STATUSES: [&str; 7] =
    ["subscribed", "unsubscribed", "complained", "hardbounced", "unconfirmed", "suspended", "invalid"];
/// Another name for the status, where the audience has no field of that name.
const STATUS_ALIAS: &str = "_status";

/// Puts what is given into a profile.
///
/// # Errors
/// Something given is not of its type.
pub(super) fn put(
    profile: &mut Profile,
    json: &str,
    spelling: Spelling,
    audience: &Audience,
) -> Result<(), Fault> {
    let given = canonical_object(json)?;
    let given = object_members(&given)?;
    let kept = std::mem::take(&mut profile.fields);
    let mut fields: Vec<(String, String)> =
        object_members(&kept)?.into_iter().map(|(name, value)| (name, value.get().to_owned())).collect();
    for (name, value) in given {
        let put = match name.as_str() {
            "id" | "_id" => Err(Fault::new("", "cannot be given")),
            "email" => put_email(profile, value),
            "phones" => put_phones(profile, value),
            "status" => put_status(profile, value),
            STATUS_ALIAS if kind_of(audience, STATUS_ALIAS).is_none() => put_status(profile, value),
            _ => put_field(&mut fields, &name, value, spelling, kind_of(audience, &name)),
        };
        put.map_err(|fault| fault.within(&name))?;
    }
    profile.fields = written(&fields);
    if profile.fields.len() > MOST_BYTES {
        return Err(Fault::new("", format!("makes a profile of more than {MOST_BYTES} bytes")));
    }
    Ok(())
}

/// Some of the members and fields of a profile that was written as JSON, in the order in which it has them.
pub(super) fn chosen(json: &str, names: &[String]) -> Result<String, Fault> {
    let wanted = |name: &str| names.iter().any(|other| other == name || (other == "_id" && name == "id"));
    let members = object_members(json)?.into_iter().filter(|(name, _)| wanted(name));
    let members: Vec<_> = members.map(|(name, value)| (name, value.get().to_owned())).collect();
    Ok(written(&members))
}

fn kind_of(audience: &Audience, name: &str) -> Option<FieldType> {
    audience.fields.iter().find(|field| field.name == name).map(|field| field.kind)
}

fn written(members: &[(String, String)]) -> String {
    let spelled = |(name, value): &(String, String)| format!("{}:{value}", serde_json::json!(name));
    format!("{{{}}}", members.iter().map(spelled).collect::<Vec<_>>().join(","))
}

fn is_null(value: &RawValue) -> bool {
    value.get() == "null"
}

fn text(value: &RawValue) -> Result<String, Fault> {
    let text: String = serde_json::from_str(value.get()).map_err(|_| Fault::new("", "is not a text"))?;
    if text.contains('\0') {
        return Err(Fault::new("", "has a NUL character in it"));
    }
    if text.chars().count() > LONGEST {
        return Err(Fault::new("", format!("is longer than {LONGEST} characters")));
    }
    Ok(text)
}

fn put_email(profile: &mut Profile, value: &RawValue) -> Result<(), Fault> {
    let email = if is_null(value) { String::new() } else { text(value)? };
    if !email.trim().is_empty() && !email.contains('@') {
        return Err(Fault::new("", "is not an e-mail address"));
    }
    profile.email = Some(email.trim().to_owned()).filter(|email| !email.is_empty());
    Ok(())
}

/// A list of texts; a lone text is a list of one.
fn put_phones(profile: &mut Profile, value: &RawValue) -> Result<(), Fault> {
    let phones: Vec<String> = match value.get().as_bytes().first() {
        Some(b'[') => {
            let items: Vec<&RawValue> =
                serde_json::from_str(value.get()).map_err(|_| Fault::new("", "is not a list"))?;
            if items.len() > MOST_PHONES {
                return Err(Fault::new("", format!("has more than {MOST_PHONES} numbers")));
            }
            items.into_iter().map(text).collect::<Result<_, _>>()?
        }
        Some(b'n') => Vec::new(),
        _ => vec![text(value)?],
    };
    profile.phones = phones.into_iter().filter(|phone| !phone.trim().is_empty()).collect();
    Ok(())
}

fn put_status(profile: &mut Profile, value: &RawValue) -> Result<(), Fault> {
    if is_null(value) {
        profile.status = None;
        return Ok(());
    }
    let word = match value.get().trim_matches('"').parse::<usize>() {
        Ok(number) => {
            let known = STATUSES.get(number).copied();
            known.ok_or_else(|| Fault::new("", "is not the number of a status"))?.to_owned()
        }
        Err(_) => text(value)?,
    };
    profile.status = Some(word).filter(|word| !word.is_empty());
    Ok(())
}

fn put_field(
    fields: &mut Vec<(String, String)>,
    name: &str,
    value: &RawValue,
    spelling: Spelling,
    kind: Option<FieldType>,
) -> Result<(), Fault> {
    let kind = kind.ok_or_else(|| Fault::new("", "is no field of the audience"))?;
    debug_assert!(!MEMBERS.contains(&name), "members have been put");
    let kept = typed(value, spelling, kind)?;
    match (fields.iter_mut().find(|(known, _)| known == name), kept) {
        (Some(field), Some(kept)) => field.1 = kept,
        (None, Some(kept)) => fields.push((name.to_owned(), kept)),
        (_, None) => fields.retain(|(known, _)| known != name),
    }
    Ok(())
}

/// A value in the spelling in which it is kept; none where it is to be dropped.
fn typed(value: &RawValue, spelling: Spelling, kind: FieldType) -> Result<Option<String>, Fault> {
    let given = value.get();
    let first = given.as_bytes().first().copied().unwrap_or_default();
    if given == "null" {
        return Ok(None);
    }
    // Where all values are texts, what is written without quotes is what is meant.
    let bare = match (first, spelling) {
        (b'"', Spelling::Texts) => serde_json::from_str::<String>(given)
            .map_err(|_| Fault::new("", "is not a text"))?
            .trim()
            .to_owned(),
        _ => given.to_owned(),
    };
    if bare.is_empty() && !matches!(kind, FieldType::String) {
        return Ok(None);
    }
    let kept = match kind {
        FieldType::String => (first == b'"').then(|| given.to_owned()),
        FieldType::Date => (first == b'"' && is_date(given.trim_matches('"'))).then(|| given.to_owned()),
        FieldType::Int => bare.parse::<i64>().ok().map(|number| number.to_string()),
        FieldType::Float => is_number(&bare).then_some(bare),
        FieldType::Bool => match bare.as_str() {
            "true" | "false" => Some(bare),
            "1" if spelling == Spelling::Texts => Some("true".to_owned()),
            "0" if spelling == Spelling::Texts => Some("false".to_owned()),
            _ => None,
        },
        FieldType::Tags => match first {
            b'[' => serde_json::from_str::<Vec<String>>(given).is_ok().then(|| given.to_owned()),
            b'"' => Some(format!("[{given}]")),
            _ => None,
        },
        FieldType::Object => (first == b'{').then(|| given.to_owned()),
    };
    let (_, name) = FieldType::ALL.iter().find(|(known, _)| *known == kind).expect("the list has every type");
    kept.map(Some).ok_or_else(|| Fault::new("", format!("is not of the type {name}")))
}

fn is_number(text: &str) -> bool {
    serde_json::from_str::<f64>(text).is_ok_and(f64::is_finite)
}

fn is_date(text: &str) -> bool {
    fillhouse_model::filter::instant(text).is_some()
}
