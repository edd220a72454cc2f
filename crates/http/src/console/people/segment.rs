//! One segment, making one, and deleting one.
//!
//! Must not know: how who is in it is found.

use super::super::pairs::{Faults, Pairs};
use super::super::say::count;
use super::super::session::{SignedIn, part};
use super::super::view::{Frame, Refusal, page, see_other};
use super::super::words;
use super::builder::Builder;
use super::shown::{Line, profile_id};
use super::{InAudience, PAGE, audience_page, heads};
use askama::Template;
use axum::extract::{FromRequestParts, RawQuery};
use axum::http::request::Parts;
use axum::response::Response;
use fillhouse_engine::{Engine, NewSegment, ProfileQuery, ProfilesReader, SegmentDetails, Spelling};
use fillhouse_model::{Audience, ErrorKind, SegmentId};

/// A segment, and somebody who is signed in to its account.
pub(in crate::console) struct InSegment {
    pub(super) who: SignedIn,
    pub(super) reader: ProfilesReader,
    pub(super) details: SegmentDetails,
    pub(super) audience: Audience,
}

impl InSegment {
    pub(super) fn path(&self) -> String {
        format!("{}/console/segments/{}", self.who.frame.base, self.details.id)
    }
}

impl FromRequestParts<Engine> for InSegment {
    type Rejection = Refusal;

    async fn from_request_parts(head: &mut Parts, engine: &Engine) -> Result<Self, Refusal> {
        let who = SignedIn::from_request_parts(head, engine).await?;
        let id = part(head, engine, "segment").await.ok_or_else(Refusal::missing)?;
        let reader = who.caller.profiles_reader()?;
        let details = reader.segment(SegmentId(id)).await?;
        let audience = reader.audience(details.audience_id).await?;
        Ok(Self { who, reader, details, audience })
    }
}

#[derive(Template)]
#[template(path = "console/segment.html")]
struct Shown {
    frame: Frame,
    id: i64,
    path: String,
    name: String,
    audience: String,
    said: String,
    query: Option<String>,
    heads: Vec<String>,
    lines: Vec<Line>,
    more: Option<String>,
}

/// Shows a segment.
pub(in crate::console) async fn show(
    here: InSegment,
    RawQuery(query): RawQuery,
) -> Result<Response, Refusal> {
    let pairs = Pairs::of(query.unwrap_or_default().as_bytes());
    let InSegment { who, reader, details, audience } = here;
    let fields = &audience.fields;
    let (lines, more) = match &details.query {
        Some(query) => {
            let query = Some(ProfileQuery::typed(query.clone()));
            let after = profile_id(pairs.one("after"));
            let found = reader.profiles(audience.id, after, PAGE, query, &[]).await?;
            let lines = found.profiles.iter().map(|json| Line::of_json(json, fields));
            (lines.collect::<Result<Vec<_>, _>>()?, found.next.map(|next| next.to_string()))
        }
        None => {
            let skip = pairs.one("after").parse::<usize>().unwrap_or(0);
            let found = reader.members(details.id, skip, PAGE).await?;
            let lines =
                found.iter().map(|profile| Line::of(profile, fields)).collect::<Result<Vec<_>, _>>()?;
            let next = skip.saturating_add(lines.len());
            let has_more =
                usize::try_from(details.count).is_ok_and(|count| next < count) && !lines.is_empty();
            (lines, has_more.then(|| next.to_string()))
        }
    };
    Ok(page(&Shown {
        id: details.id.0,
        path: format!("{}/console/audiences/{}", who.frame.base, audience.id),
        frame: who.frame,
        name: details.name,
        audience: audience.name,
        said: format!("{}.", count(details.count, "profile", "profiles")),
        query: details.query,
        heads: heads(fields),
        lines,
        more: more.map(|after| format!("after={after}")),
    }))
}

/// Deletes a segment.
pub(in crate::console) async fn delete(here: InSegment) -> Result<Response, Refusal> {
    here.who.caller.profiles_writer()?.delete_segment(here.details.id).await?;
    Ok(see_other(&format!("{}/console/audiences/{}", here.who.frame.base, here.audience.id)))
}

/// Makes a segment of an audience.
pub(in crate::console) async fn create(here: InAudience, pairs: Pairs) -> Result<Response, Refusal> {
    let name = pairs.one("name").to_owned();
    let query = pairs.some("query");
    let query = query.map(|json| ProfileQuery { json: json.to_owned(), spelling: Spelling::Texts });
    let new = NewSegment { audience_id: here.id(), name: name.clone(), query };
    match here.writer.add_segment(new).await {
        Ok(id) => Ok(see_other(&format!("{}/console/segments/{id}", here.who.frame.base))),
        Err(error) if error.kind() == ErrorKind::InvalidArgument => {
            let faults = Faults::new(error.faults());
            audience_page(here, Builder::of(&pairs), "", (faults, name)).await
        }
        Err(error) => Err(error.into()),
    }
}
