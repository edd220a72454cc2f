//! Profiles as rows: of a CSV table with a column a field, or of a JSON array.
//!
//! Guarantees: a row is a function of its profile and the layout; numbers and objects are as they are kept.
//!
//! Must not know: which profiles are written, or where the bytes go.

use crate::csv::cell::{Guard, finish_text};
use crate::csv::{Delimiter, Eol};
use crate::json::Members;
use fillhouse_model::Profile;
use fillhouse_model::filter::MEMBERS;
use serde_json::value::RawValue;
use std::borrow::Cow;
use std::collections::BTreeMap;

/// What joins the values of a list.
const LIST_JOINT: &[u8] = b" | ";

/// The fields of a profile are not the JSON object that they should be.
pub type Malformed = serde_json::Error;

/// The columns of a table of profiles: those that every profile has, then the fields of the audience.
#[derive(Debug, Clone)]
pub struct ProfileTable {
    fields: Vec<String>,
}

impl ProfileTable {
    /// The table with these fields, in their order.
    pub fn new(fields: Vec<String>) -> Self {
        Self { fields }
    }

    /// Appends the header.
    pub fn write_header(&self, out: &mut Vec<u8>) {
        let names = MEMBERS.into_iter().chain(self.fields.iter().map(String::as_str));
        for (n, name) in names.enumerate() {
            next_cell(n, out);
            put_cell(out, |out| out.extend_from_slice(name.as_bytes()));
        }
        out.extend_from_slice(Eol::Lf.bytes());
    }

    /// Appends the row of a profile.
    ///
    /// # Errors
    /// Its fields cannot be read.
    pub fn write(&self, profile: &Profile, out: &mut Vec<u8>) -> Result<(), Malformed> {
        let fields: BTreeMap<Cow<'_, str>, &RawValue> = serde_json::from_str(&profile.fields)?;
        out.extend_from_slice(profile.id.to_string().as_bytes());
        next_cell(1, out);
        put_cell(out, |out| out.extend_from_slice(profile.email.as_deref().unwrap_or_default().as_bytes()));
        next_cell(2, out);
        put_cell(out, |out| out.extend_from_slice(profile.phones.join(" | ").as_bytes()));
        next_cell(3, out);
        put_cell(out, |out| out.extend_from_slice(profile.status.as_deref().unwrap_or_default().as_bytes()));
        for name in &self.fields {
            next_cell(4, out);
            let Some(value) = fields.get(name.as_str()) else { continue };
            let start = out.len();
            put_value(value, out)?;
            finish_text(out, start, Delimiter::Comma, Guard::Off);
        }
        out.extend_from_slice(Eol::Lf.bytes());
        Ok(())
    }
}

/// Appends a profile as a JSON object: what every profile has, then its fields in the order in which they are kept.
///
/// # Errors
/// Its fields cannot be read.
pub fn write_json(profile: &Profile, out: &mut Vec<u8>) -> Result<(), Malformed> {
    out.extend_from_slice(b"{\"id\":\"");
    out.extend_from_slice(profile.id.to_string().as_bytes());
    out.extend_from_slice(b"\",\"email\":");
    serde_json::to_writer(&mut *out, &profile.email)?;
    out.extend_from_slice(b",\"phones\":");
    serde_json::to_writer(&mut *out, &profile.phones)?;
    out.extend_from_slice(b",\"status\":");
    serde_json::to_writer(&mut *out, &profile.status)?;
    for (name, value) in serde_json::from_str::<Members<'_>>(&profile.fields)?.0 {
        if MEMBERS.contains(&name.as_str()) {
            continue;
        }
        out.push(b',');
        serde_json::to_writer(&mut *out, &name)?;
        out.push(b':');
        out.extend_from_slice(value.get().as_bytes());
    }
    out.push(b'}');
    Ok(())
}

fn next_cell(n: usize, out: &mut Vec<u8>) {
    if n > 0 {
        out.push(Delimiter::Comma.byte());
    }
}

fn put_cell(out: &mut Vec<u8>, put: impl FnOnce(&mut Vec<u8>)) {
    let start = out.len();
    put(out);
    finish_text(out, start, Delimiter::Comma, Guard::Off);
}

/// A text without its quotes, a list as its values, everything else as it is kept.
fn put_value(value: &RawValue, out: &mut Vec<u8>) -> Result<(), Malformed> {
    match value.get().as_bytes().first() {
        Some(b'n') => {}
        Some(b'"') => {
            let text: Cow<'_, str> = serde_json::from_str(value.get())?;
            out.extend_from_slice(text.as_bytes());
        }
        Some(b'[') => {
            for (n, item) in serde_json::from_str::<Vec<&RawValue>>(value.get())?.into_iter().enumerate() {
                if n > 0 {
                    out.extend_from_slice(LIST_JOINT);
                }
                match item.get().as_bytes().first() {
                    Some(b'[') => out.extend_from_slice(item.get().as_bytes()),
                    _ => put_value(item, out)?,
                }
            }
        }
        _ => out.extend_from_slice(value.get().as_bytes()),
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use fillhouse_model::{AudienceId, ProfileId};

    fn profile() -> Profile {
        Profile {
            id: ProfileId([0xab; 12]),
            audience_id: AudienceId(1),
            email: Some("ada@example.org".into()),
            phones: vec!["+1 2".into(), "3".into()],
            status: None,
            fields: r#"{"tags":["a","b, c",1,[2]],"name":"Ada \"the first\"","id":1,"n":1.50,"o":{"k":"v"},"z":null}"#.into(),
        }
    }

    #[test]
    fn a_row_has_a_cell_a_field() {
        let fields = ["name", "tags", "none", "n", "o", "z"].map(str::to_owned).to_vec();
        let table = ProfileTable::new(fields);
        let mut out = Vec::new();
        table.write_header(&mut out);
        table.write(&profile(), &mut out).unwrap();
        let bare = Profile {
            email: None,
            phones: vec![],
            status: Some("on".into()),
            fields: "{}".into(),
            ..profile()
        };
        table.write(&bare, &mut out).unwrap();
        let expected = "id,email,phones,status,name,tags,none,n,o,z\n\
            abababababababababababab,ada@example.org,+1 2 | 3,,\"Ada \"\"the first\"\"\",\"a | b, c | 1 | [2]\",,1.50,\"{\"\"k\"\":\"\"v\"\"}\",\n\
            abababababababababababab,,,on,,,,,,\n";
        assert_eq!(String::from_utf8(out).unwrap(), expected);
    }

    #[test]
    fn an_object_has_what_every_profile_has_and_its_fields_in_order() {
        let mut out = Vec::new();
        write_json(&profile(), &mut out).unwrap();
        let expected = r#"{"id":"abababababababababababab","email":"ada@example.org","phones":["+1 2","3"],"status":null,"tags":["a","b, c",1,[2]],"name":"Ada \"the first\"","n":1.50,"o":{"k":"v"},"z":null}"#;
        assert_eq!(String::from_utf8(out).unwrap(), expected);
    }
}
