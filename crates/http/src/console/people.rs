//! Audiences, who is in them, and segments of them.
//!
//! Must not know: how a query is evaluated; how a profile is found.

mod audience;
mod builder;
mod edit;
mod profile;
mod segment;
mod segment_edit;
mod shown;

use super::pairs::{Faults, Pairs};
use super::say::{count, number};
use super::session::{SignedIn, part};
use super::view::{Frame, Refusal, page, rendered};
use super::words;
use askama::Template;
pub(super) use audience::{
    create as create_audience, edit as edit_audience, offer as offer_audience, save as save_audience,
};
use axum::extract::{FromRequestParts, RawQuery};
use axum::http::request::Parts;
use axum::response::Response;
use builder::Builder;
pub(super) use edit::{create as create_profile, edit, offer as offer_profile, save};
use fillhouse_engine::{AudienceOverview, Engine, ProfilesReader, ProfilesWriter};
use fillhouse_model::filter::MEMBERS;
use fillhouse_model::{AudienceId, ErrorKind, Field};
pub(super) use profile::{delete, place, show as show_profile};
pub(super) use segment::{create, delete as delete_segment, show as show_segment};
pub(super) use segment_edit::{edit as edit_segment, save as save_segment};
use shown::{COLUMNS, Line, profile_id};

/// How many audiences are listed.
const MOST_AUDIENCES: i64 = 1_000;
/// How many profiles a page has.
const PAGE: usize = 50;

/// An audience, and somebody who is signed in to its account.
pub(super) struct InAudience {
    who: SignedIn,
    reader: ProfilesReader,
    writer: ProfilesWriter,
    overview: AudienceOverview,
}

impl FromRequestParts<Engine> for InAudience {
    type Rejection = Refusal;

    async fn from_request_parts(head: &mut Parts, engine: &Engine) -> Result<Self, Refusal> {
        let who = SignedIn::from_request_parts(head, engine).await?;
        let id = part(head, engine, "audience").await.ok_or_else(Refusal::missing)?;
        let (reader, writer) = (who.caller.profiles_reader()?, who.caller.profiles_writer()?);
        let overview = reader.audience_overview(AudienceId(id)).await?;
        Ok(Self { who, reader, writer, overview })
    }
}

impl InAudience {
    fn path(&self) -> String {
        format!("{}/console/audiences/{}", self.who.frame.base, self.overview.audience.id)
    }

    fn id(&self) -> AudienceId {
        self.overview.audience.id
    }

    fn fields(&self) -> &[Field] {
        &self.overview.audience.fields
    }
}

/// An audience in the list.
struct Listed {
    id: i64,
    name: String,
    profiles: String,
    fields: String,
}

#[derive(Template)]
#[template(path = "console/audiences.html")]
struct All {
    frame: Frame,
    audiences: Vec<Listed>,
}

/// Lists the audiences.
pub(super) async fn list(who: SignedIn) -> Result<Response, Refusal> {
    let reader = who.caller.profiles_reader()?;
    let mut audiences = Vec::new();
    for audience in reader.audiences(AudienceId(0), MOST_AUDIENCES).await?.audiences {
        let profiles = number(reader.count(audience.id, None).await?);
        let fields = audience.fields.iter().map(|field| field.name.as_str()).collect::<Vec<_>>().join(", ");
        audiences.push(Listed { id: audience.id.0, name: audience.name, profiles, fields });
    }
    Ok(page(&All { frame: who.frame, audiences }))
}

#[derive(Template)]
#[template(path = "console/audience.html")]
struct Shown {
    frame: Frame,
    path: String,
    name: String,
    segments: Vec<(i64, String, bool)>,
    /// The names of what can be asked for.
    names: Vec<String>,
    heads: Vec<String>,
    builder: Builder,
    /// The query as it is saved with a segment.
    query: Option<String>,
    faults: Faults,
    said: String,
    lines: Vec<Line>,
    more: Option<String>,
    segment_name: String,
}

/// Shows an audience, and who is asked for.
pub(super) async fn show(here: InAudience, RawQuery(query): RawQuery) -> Result<Response, Refusal> {
    let pairs = Pairs::of(query.unwrap_or_default().as_bytes());
    audience_page(here, Builder::of(&pairs), pairs.one("after"), (Faults::default(), String::new())).await
}

async fn audience_page(
    here: InAudience,
    builder: Builder,
    after: &str,
    (faults, segment_name): (Faults, String),
) -> Result<Response, Refusal> {
    let found = find(&here, &builder, after).await;
    let (faults, said, lines, more) = match found {
        Ok((said, lines, more)) => (faults, said, lines, more),
        Err(error) if error.kind() == ErrorKind::InvalidArgument => {
            (Faults::new(error.faults()), String::new(), Vec::new(), None)
        }
        Err(error) => return Err(error.into()),
    };
    let status = faults.status();
    let shown = Shown {
        path: here.path(),
        name: here.overview.audience.name.clone(),
        segments: here
            .overview
            .segments
            .iter()
            .map(|(id, name, fixed)| (id.0, name.clone(), *fixed))
            .collect(),
        names: names_of(here.fields()),
        heads: heads(here.fields()),
        query: builder.query().ok().flatten().map(|query| query.json),
        more: more.map(|after| format!("{}&after={after}", builder.to_query())),
        frame: here.who.frame,
        builder,
        faults,
        said,
        lines,
        segment_name,
    };
    Ok(rendered(status, &shown))
}

/// The names of what can be asked about profiles that have these fields.
fn names_of(fields: &[Field]) -> Vec<String> {
    let own = MEMBERS.map(str::to_owned);
    own.into_iter().chain(fields.iter().map(|field| field.name.clone())).collect()
}

/// What the columns of a table of profiles are called.
fn heads(fields: &[Field]) -> Vec<String> {
    let own = [words::people::EMAIL, words::people::PHONES, words::people::STATUS].map(str::to_owned);
    own.into_iter().chain(fields.iter().take(COLUMNS).map(|field| field.name.clone())).collect()
}

/// How many are asked for, a page of them, and after whom the next begins.
async fn find(
    here: &InAudience,
    builder: &Builder,
    after: &str,
) -> fillhouse_engine::Result<(String, Vec<Line>, Option<String>)> {
    let query = builder.query()?;
    let found = here.reader.count(here.id(), query.clone()).await?;
    let page = here.reader.profiles(here.id(), profile_id(after), PAGE, query, &[]).await?;
    let lines =
        page.profiles.iter().map(|json| Line::of_json(json, here.fields())).collect::<Result<_, _>>()?;
    let said = format!("{}.", count(found, "profile", "profiles"));
    Ok((said, lines, page.next.map(|id| id.to_string())))
}
