//! Audiences, the profiles in them, and segments of them.
//!
//! Must not know: how a profile is matched or a segment's query evaluated.

use crate::{AccountId, AudienceId, Fault, ProfileId, SegmentId};
use std::collections::HashSet;

/// A database of people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Audience {
    /// Its id: the `db_id` of the v1.1 dialect.
    pub id: AudienceId,
    /// The account it belongs to.
    pub account_id: AccountId,
    /// What people call it.
    pub name: String,
    /// The fields of its profiles, in the order in which they are shown.
    pub fields: Vec<Field>,
}

/// A field that the profiles of an audience may have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// Its name; unique in the audience.
    pub name: String,
    /// What its values are.
    pub kind: FieldType,
}

impl Field {
    /// Whether an audience can have these fields.
    ///
    /// # Errors
    /// One of them has no name, or that of another.
    pub fn check(fields: &[Self]) -> Result<(), Fault> {
        let mut names = HashSet::new();
        for (n, field) in fields.iter().enumerate() {
            let says = if field.name.is_empty() {
                "is empty"
            } else if !names.insert(&field.name) {
                "is used twice in the audience"
            } else {
                continue;
            };
            return Err(Fault::new(format!("fields[{n}].name"), says));
        }
        Ok(())
    }
}

/// What the values of a field are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FieldType {
    /// Text.
    String,
    /// A whole number.
    Int,
    /// A number.
    Float,
    /// True or false.
    Bool,
    /// A date, RFC 3339.
    Date,
    /// A list of texts.
    Tags,
    /// A JSON object.
    Object,
}

impl FieldType {
    /// Every type with its name.
    pub const ALL: [(Self, &'static str); 7] = [
        (Self::String, "string"),
        (Self::Int, "int"),
        (Self::Float, "float"),
        (Self::Bool, "bool"),
        (Self::Date, "date"),
        (Self::Tags, "tags"),
        (Self::Object, "object"),
    ];
}

/// One person of an audience.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Profile {
    /// Its id, unique in the audience.
    pub id: ProfileId,
    /// The audience it belongs to.
    pub audience_id: AudienceId,
    /// Its e-mail address as given.
    pub email: Option<String>,
    /// Its phone numbers as given; none where empty.
    pub phones: Vec<String>,
    /// Its status, where one was given.
    pub status: Option<String>,
    /// The values of its fields: a JSON object, as text, the keys in the order they came.
    pub fields: String,
}

/// A saved part of an audience.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Segment {
    /// Its id.
    pub id: SegmentId,
    /// The audience it is a part of.
    pub audience_id: AudienceId,
    /// What people call it.
    pub name: String,
    /// Who is in it.
    pub members: SegmentMembers,
}

/// Who is in a segment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SegmentMembers {
    /// Whoever a filter finds: a JSON object, as text.
    Query(String),
    /// These profiles, in this order.
    Fixed(Vec<ProfileId>),
}
