//! The lines of audiences, profiles and segments.
//!
//! Must not know: whether the values of a profile are of its audience's types, or what a segment's filter means.

use super::kind::Kind;
use super::line::{Line, Shown};
use super::object_text::canonical_object;
use super::scalar::{HexId, Id, Short};
use fillhouse_model::{
    AccountId, Audience, AudienceId, Fault, Field, Profile, Segment, SegmentId, SegmentMembers,
};
use fillhouse_store::DeletedSegment;
use fillhouse_store::document::{FieldDocument, objects};
use serde::Deserialize;
use serde_json::value::RawValue;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AudienceDocument<'a> {
    #[serde(rename = "kind")]
    _kind: Kind,
    id: Id,
    account_id: Id,
    #[serde(borrow)]
    name: Short<'a>,
    #[serde(deserialize_with = "objects")]
    fields: Vec<FieldDocument<'a>>,
}

impl TryFrom<AudienceDocument<'_>> for Audience {
    type Error = Fault;

    fn try_from(document: AudienceDocument<'_>) -> Result<Self, Fault> {
        let fields: Vec<Field> = document.fields.into_iter().map(Field::from).collect();
        Field::check(&fields)?;
        Ok(Self {
            id: AudienceId(document.id.0),
            account_id: AccountId(document.account_id.0),
            name: document.name.into(),
            fields,
        })
    }
}

/// Writes the line of an audience.
pub fn write_audience(audience: &Audience, out: &mut Vec<u8>) {
    let fields: Vec<_> = audience.fields.iter().map(FieldDocument::from).collect();
    Line::new(Kind::Audience, out)
        .put("id", &audience.id.0)
        .put("account_id", &audience.account_id.0)
        .put("name", &audience.name)
        .put("fields", &fields)
        .end();
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ProfileDocument<'a> {
    #[serde(rename = "kind")]
    _kind: Kind,
    audience_id: Id,
    id: HexId,
    #[serde(borrow)]
    email: Option<Short<'a>>,
    #[serde(default)]
    phones: Vec<Short<'a>>,
    status: Option<Short<'a>>,
    fields: &'a RawValue,
}

impl TryFrom<ProfileDocument<'_>> for Profile {
    type Error = Fault;

    fn try_from(document: ProfileDocument<'_>) -> Result<Self, Fault> {
        Ok(Self {
            id: document.id.0,
            audience_id: AudienceId(document.audience_id.0),
            email: document.email.map(String::from),
            phones: document.phones.into_iter().map(String::from).collect(),
            status: document.status.map(String::from),
            fields: canonical_object(document.fields.get()).map_err(|fault| fault.within("fields"))?,
        })
    }
}

/// Writes the line of a profile, whose fields are as [`canonical_object`] spells them.
pub fn write_profile(profile: &Profile, out: &mut Vec<u8>) {
    let phones = Some(&profile.phones).filter(|phones| !phones.is_empty());
    Line::new(Kind::Profile, out)
        .put("audience_id", &profile.audience_id.0)
        .put("id", &Shown(profile.id))
        .put_some("email", profile.email.as_ref())
        .put_some("phones", phones)
        .put_some("status", profile.status.as_ref())
        .put_json("fields", &profile.fields)
        .end();
}

/// What a line says of a segment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SegmentLine {
    /// It is this.
    Kept(Segment),
    /// There was one, and nobody else is to have its id.
    Deleted(DeletedSegment),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SegmentDocument<'a> {
    #[serde(rename = "kind")]
    _kind: Kind,
    id: Id,
    audience_id: Id,
    #[serde(borrow)]
    name: Option<Short<'a>>,
    query: Option<&'a RawValue>,
    profiles: Option<Vec<HexId>>,
    #[serde(default)]
    deleted: bool,
}

impl TryFrom<SegmentDocument<'_>> for SegmentLine {
    type Error = Fault;

    fn try_from(document: SegmentDocument<'_>) -> Result<Self, Fault> {
        let (id, audience_id) = (SegmentId(document.id.0), AudienceId(document.audience_id.0));
        if document.deleted {
            let members = [
                ("name", document.name.is_some()),
                ("query", document.query.is_some()),
                ("profiles", document.profiles.is_some()),
            ];
            return match members.into_iter().find(|(_, is_given)| *is_given) {
                Some((field, _)) => Err(Fault::new(field, "is not for a segment that was deleted")),
                None => Ok(Self::Deleted(DeletedSegment { id, audience_id })),
            };
        }
        let name = document.name.ok_or_else(|| Fault::new("name", "is missing"))?;
        let members = match (document.query, document.profiles) {
            (Some(query), None) => {
                let query = canonical_object(query.get()).map_err(|fault| fault.within("query"))?;
                SegmentMembers::Query(query)
            }
            (None, Some(profiles)) => SegmentMembers::Fixed(profiles.into_iter().map(|id| id.0).collect()),
            (Some(_), Some(_)) => return Err(Fault::new("profiles", "are given beside a query")),
            (None, None) => return Err(Fault::new("query", "is missing, and so are profiles")),
        };
        Ok(Self::Kept(Segment { id, audience_id, name: name.into(), members }))
    }
}

/// Writes the line of a segment that was deleted.
pub fn write_deleted_segment(segment: &DeletedSegment, out: &mut Vec<u8>) {
    Line::new(Kind::Segment, out)
        .put("id", &segment.id.0)
        .put("audience_id", &segment.audience_id.0)
        .put("deleted", &true)
        .end();
}

/// Writes the line of a segment, whose filter is as [`canonical_object`] spells it.
pub fn write_segment(segment: &Segment, out: &mut Vec<u8>) {
    let mut line = Line::new(Kind::Segment, out);
    line.put("id", &segment.id.0).put("audience_id", &segment.audience_id.0).put("name", &segment.name);
    match &segment.members {
        SegmentMembers::Query(query) => line.put_json("query", query),
        SegmentMembers::Fixed(profiles) => {
            line.put("profiles", &profiles.iter().map(Shown).collect::<Vec<_>>())
        }
    }
    .end();
}
