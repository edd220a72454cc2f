//! A profile as a filter sees it: one object, the members that every profile has before its own fields.
//!
//! Must not know: filters.

use crate::{Json, Profile};

/// The names that every profile has; a field of such a name is not seen.
pub const MEMBERS: [&str; 4] = ["id", "email", "phones", "status"];

/// The document of a profile whose fields have been read: an address or a status that it does not have is absent.
pub fn document(profile: &Profile, fields: Json) -> Json {
    let text = |text: &String| Json::Text(text.clone());
    let phones = profile.phones.iter().map(text).collect();
    let members = [
        Some(Json::Text(profile.id.to_string())),
        profile.email.as_ref().map(text),
        Some(Json::List(phones)),
        profile.status.as_ref().map(text),
    ];
    let mut document: Vec<(String, Json)> = MEMBERS
        .iter()
        .zip(members)
        .filter_map(|(name, value)| value.map(|value| ((*name).to_owned(), value)))
        .collect();
    if let Json::Object(fields) = fields {
        document.extend(fields.into_iter().filter(|(name, _)| !MEMBERS.contains(&name.as_str())));
    }
    Json::Object(document)
}
