//! One profile: all of it, what it filled in, its fixed segments, and its end.
//!
//! Must not know: how submissions and profiles are matched.

use super::super::pairs::Pairs;
use super::super::say::minute;
use super::super::session::word;
use super::super::view::{Frame, Refusal, page, see_other};
use super::super::words;
use super::InAudience;
use super::shown::{name_of, profile_id, values};
use askama::Template;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::response::Response;
use fillhouse_engine::{Engine, Matching};
use fillhouse_model::{Profile, SegmentId};

/// How many submissions are listed.
const MOST_FILLS: usize = 200;

/// A profile, and somebody who is signed in to its account.
pub(in crate::console) struct InProfile {
    pub(super) here: InAudience,
    pub(super) profile: Profile,
}

impl FromRequestParts<Engine> for InProfile {
    type Rejection = Refusal;

    async fn from_request_parts(head: &mut Parts, engine: &Engine) -> Result<Self, Refusal> {
        let here = InAudience::from_request_parts(head, engine).await?;
        let id = word(head, engine, "profile").await.and_then(|id| profile_id(&id));
        let matching = Matching::Id(id.ok_or_else(Refusal::missing)?);
        let profile = here.reader.profile(here.id(), matching).await?;
        Ok(Self { here, profile })
    }
}

/// A submission that is from the profile.
struct Fill {
    form: i64,
    form_name: String,
    submission: i64,
    at: String,
}

#[derive(Template)]
#[template(path = "console/profile.html")]
struct Shown {
    frame: Frame,
    path: String,
    audience: String,
    id: String,
    name: String,
    values: Vec<(String, String)>,
    fills: Vec<Fill>,
    /// The segments that it can be put into.
    segments: Vec<(i64, String)>,
}

/// Shows a profile.
pub(in crate::console) async fn show(InProfile { here, profile }: InProfile) -> Result<Response, Refusal> {
    let fills = here.who.caller.forms_reader()?.fills_of_profile(&profile, MOST_FILLS).await?;
    let fill = |fill: fillhouse_engine::ProfileFill| Fill {
        form: fill.form_id.0,
        form_name: fill.form_name,
        submission: fill.submission_id.0,
        at: minute(fill.date_update),
    };
    let own = [
        ("id", Some(profile.id.to_string())),
        ("email", profile.email.clone()),
        ("phones", Some(profile.phones.join(" | "))),
        ("status", profile.status.clone()),
    ];
    let own = own.into_iter().map(|(name, value)| (name.to_owned(), value.unwrap_or_default()));
    let fixed = here.overview.segments.iter().filter(|(.., is_fixed)| *is_fixed);
    Ok(page(&Shown {
        path: here.path(),
        audience: here.overview.audience.name.clone(),
        id: profile.id.to_string(),
        name: name_of(&profile),
        values: own.chain(values(&profile, here.fields())?).collect(),
        fills: fills.into_iter().map(fill).collect(),
        segments: fixed.map(|(id, name, _)| (id.0, name.clone())).collect(),
        frame: here.who.frame,
    }))
}

/// Puts a profile into a segment, or takes it out.
pub(in crate::console) async fn place(
    InProfile { here, profile }: InProfile,
    pairs: Pairs,
) -> Result<Response, Refusal> {
    let segment = pairs.one("segment").parse().map(SegmentId).map_err(|_| Refusal::missing())?;
    let is_member = !pairs.has("do", "take");
    here.writer.set_member((here.id(), segment), profile.id, is_member).await?;
    Ok(see_other(&format!("{}/console/segments/{segment}", here.who.frame.base)))
}

/// Deletes a profile.
pub(in crate::console) async fn delete(InProfile { here, profile }: InProfile) -> Result<Response, Refusal> {
    here.writer.delete(here.id(), Matching::Id(profile.id)).await?;
    Ok(see_other(&here.path()))
}
