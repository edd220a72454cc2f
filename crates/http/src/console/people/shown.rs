//! Profiles as people read them.
//!
//! Must not know: where they are shown.

use fillhouse_engine::Error;
use fillhouse_model::{Field, Profile, ProfileId};
use serde_json::{Map, Value};

/// A profile in a table: its id, what it is called, and its cells.
pub(super) struct Line {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) cells: Vec<String>,
}

/// How many columns of fields a table has.
pub(super) const COLUMNS: usize = 8;
/// What stands between the texts of a list.
const BETWEEN: &str = " | ";

impl Line {
    /// Of a profile as a JSON object.
    pub(super) fn of_json(json: &str, fields: &[Field]) -> Result<Self, Error> {
        let members: Map<String, Value> = serde_json::from_str(json).map_err(Error::internal)?;
        let member = |name: &str| text(members.get(name), BETWEEN);
        let (id, email) = (member("id"), member("email"));
        let own = ["phones", "status"].into_iter().map(member);
        let of_fields = fields.iter().take(COLUMNS).map(|field| member(&field.name));
        let name = if email.is_empty() { id.clone() } else { email };
        Ok(Self { cells: own.chain(of_fields).collect(), id, name })
    }

    pub(super) fn of(profile: &Profile, fields: &[Field]) -> Result<Self, Error> {
        let values: Map<String, Value> = serde_json::from_str(&profile.fields).map_err(Error::internal)?;
        let value = |field: &Field| text(values.get(&field.name), BETWEEN);
        let own = [profile.phones.join(BETWEEN), profile.status.clone().unwrap_or_default()];
        let name = name_of(profile);
        let cells = own.into_iter().chain(fields.iter().take(COLUMNS).map(value)).collect();
        Ok(Self { id: profile.id.to_string(), name, cells })
    }
}

/// What people call a profile.
pub(super) fn name_of(profile: &Profile) -> String {
    profile.email.clone().unwrap_or_else(|| profile.id.to_string())
}

/// Names and values of a profile's fields, those of the audience first.
pub(super) fn values(profile: &Profile, fields: &[Field]) -> Result<Vec<(String, String)>, Error> {
    let mut values: Map<String, Value> = serde_json::from_str(&profile.fields).map_err(Error::internal)?;
    let mut shown: Vec<(String, String)> = Vec::new();
    for field in fields {
        let value = values.remove(&field.name);
        shown.push((field.name.clone(), text(value.as_ref(), BETWEEN)));
    }
    shown.extend(values.iter().map(|(name, value)| (name.clone(), text(Some(value), BETWEEN))));
    Ok(shown)
}

/// The id that a text is.
pub(super) fn profile_id(text: &str) -> Option<ProfileId> {
    text.parse().ok()
}

/// A value as people would write it, with this between the texts of a list; nothing where there is none.
pub(super) fn text(value: Option<&Value>, between: &str) -> String {
    match value {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(text)) => text.clone(),
        Some(Value::Array(values)) => {
            values.iter().map(|value| text(Some(value), between)).collect::<Vec<_>>().join(between)
        }
        Some(other) => other.to_string(),
    }
}
