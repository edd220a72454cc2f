//! Whom an object of data is about: found in the object itself, where the request does not say it beside it.
//!
//! Must not know: who is found.

use super::data::Data;
use super::parameters::Given;
use fillhouse_engine::{Matching, NewProfile};
use fillhouse_model::Fault;
use std::borrow::Cow;

/// What of an object says whom it is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Key {
    Email,
    Phone,
    ProfileId,
    /// The field of this name.
    Custom(String),
    /// Nothing: everybody is new.
    Nobody,
}

impl Key {
    /// The key of a mode, with the name of the field where it takes one.
    pub(super) fn of(mode: Option<&str>, field: Option<String>) -> Result<Self, Fault> {
        match mode {
            None | Some("email" | "email_profile" | "email_sub" | "email_phone") => Ok(Self::Email),
            Some("phone" | "phone_sub") => Ok(Self::Phone),
            Some("profile_id") => Ok(Self::ProfileId),
            Some("custom" | "custom_sub") => {
                field.map(Self::Custom).ok_or_else(|| Fault::new("field_name", "is missing"))
            }
            Some(_) => Err(Fault::new("matching", "is none of email, phone, profile_id and custom")),
        }
    }

    /// The profile that an object of data makes or changes.
    pub(super) fn person(&self, data: Given) -> Result<NewProfile, Fault> {
        let Given { json, spelling } = data;
        let Ok(Data::Object(mut members)) = Data::from_json(&json) else {
            return Err(Fault::new("", "is not an object"));
        };
        let matching = match self {
            Self::Nobody => None,
            Self::Email => text_of(&members, "email").map(Matching::Email),
            Self::Phone => {
                taken(&mut members, &["phone"]).or_else(|| text_of(&members, "phones")).map(Matching::Phone)
            }
            Self::ProfileId => {
                let id = taken(&mut members, &["profile_id", "id", "_id"]);
                let id = id.ok_or_else(|| Fault::new("profile_id", "is missing"))?;
                let id = id.to_ascii_lowercase().parse();
                Some(Matching::Id(id.map_err(|_| Fault::new("profile_id", "is not 24 hex digits"))?))
            }
            Self::Custom(name) => {
                let value = text_of(&members, name).ok_or_else(|| Fault::new(name, "is missing"))?;
                Some(Matching::Field { name: name.clone(), value })
            }
        };
        // Spelled anew only where something was taken out, so that what is wrong with the rest is still seen.
        let json = match self {
            Self::Phone | Self::ProfileId => Data::Object(members).to_json(),
            Self::Email | Self::Custom(_) | Self::Nobody => json,
        };
        Ok(NewProfile { matching, json, spelling })
    }
}

type Members = Vec<(Cow<'static, str>, Data)>;

/// The text of a member, or the first of a list of them; none where it says nothing.
fn text_of(members: &Members, name: &str) -> Option<String> {
    let (_, value) = members.iter().find(|(known, _)| known == name)?;
    let first = match value {
        Data::List(items) => items.first()?,
        other => other,
    };
    match first {
        Data::Text(text) | Data::Number(text) => Some(text.clone()).filter(|text| !text.trim().is_empty()),
        _ => None,
    }
}

/// The text of the first of these members that there is; all of them are taken out.
fn taken(members: &mut Members, names: &[&str]) -> Option<String> {
    let text = names.iter().find_map(|name| text_of(members, name));
    members.retain(|(name, _)| !names.contains(&name.as_ref()));
    text
}
