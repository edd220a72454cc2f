//! Which profile of an audience is meant.
//!
//! Guarantees: an e-mail address is the same in whatever case, a phone number is its digits; whoever is found is found
//! exactly, never by a part.
//!
//! Must not know: what it means that several are found, or none.

use fillhouse_model::filter::Spelling;
use fillhouse_model::{Audience, FieldType, Filter, Json, Matches, Profile, ProfileId, filter, matching};
use fillhouse_store::document::value_from_json;
use fillhouse_store::{Error, Result, Tx};

/// How many are looked for: enough to tell one from several.
const MOST_FOUND: usize = 2;
/// How many profiles are looked at at once.
const ROWS_AT_ONCE: i64 = 1_000;

/// What a profile is known by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Matching {
    /// Its e-mail address.
    Email(String),
    /// One of its phone numbers.
    Phone(String),
    /// Its id.
    Id(ProfileId),
    /// The value of a field, as a text; of a list of tags, some of them with commas in between.
    Field {
        /// The field's name.
        name: String,
        /// The value.
        value: String,
    },
}

/// The profiles of an audience that are meant: none, the one, or two where there are more.
pub(crate) async fn find(tx: &mut Tx, audience: &Audience, matching: &Matching) -> Result<Vec<Profile>> {
    let key = match matching {
        Matching::Email(email) => matching::of(&Matches::Email, email),
        Matching::Phone(phone) => matching::of(&Matches::Phone, phone),
        Matching::Id(id) => {
            return Ok(tx.profiles(&[(audience.id, *id)]).await?.into_iter().flatten().collect());
        }
        Matching::Field { name, value } => return find_by_field(tx, audience, name, value).await,
    };
    match key {
        Some(key) => tx.profiles_with_key(audience.id, &key, MOST_FOUND as i64).await,
        None => Ok(Vec::new()),
    }
}

async fn find_by_field(tx: &mut Tx, audience: &Audience, name: &str, value: &str) -> Result<Vec<Profile>> {
    let Some(field) = audience.fields.iter().find(|field| field.name == name) else { return Ok(Vec::new()) };
    let query = match field.kind {
        FieldType::Tags => {
            let tags = value.split(',').map(|tag| Json::Text(tag.trim().to_owned())).collect();
            Json::Object(vec![("$all".to_owned(), Json::List(tags))])
        }
        _ => Json::Text(value.to_owned()),
    };
    let query = Json::Object(vec![(name.to_owned(), query)]);
    // A field may have a name that no path can be made of.
    let Ok(filter) = Filter::read(&query, &audience.fields, Spelling::Texts) else { return Ok(Vec::new()) };
    let mut found = Vec::new();
    let mut after = None;
    loop {
        let candidates = tx.profiles_like(audience.id, after, &filter, ROWS_AT_ONCE).await?;
        let Some(last) = candidates.last() else { return Ok(found) };
        after = Some(last.id);
        for profile in candidates {
            if holds(&filter, &profile)? {
                found.push(profile);
            }
            if found.len() == MOST_FOUND {
                return Ok(found);
            }
        }
    }
}

/// Whether a filter holds of a profile.
pub(crate) fn holds(filter: &Filter, profile: &Profile) -> Result<bool> {
    let fields = value_from_json(&profile.fields).map_err(|error| Error::Driver(error.to_string()))?;
    Ok(filter.holds(&filter::document(profile, fields)))
}
