//! Changing a segment: what it is called, and whom its query finds.
//!
//! Guarantees: a query that cannot be put together from conditions is shown as it is kept, and not changed unasked; nothing
//! that was filled in is lost where something is wrong.
//!
//! Must not know: how a query is evaluated.

use super::super::pairs::{Faults, Pairs};
use super::super::say::count;
use super::super::view::{Frame, Refusal, rendered, see_other};
use super::super::words;
use super::builder::Builder;
use super::names_of;
use super::segment::InSegment;
use askama::Template;
use axum::response::Response;
use fillhouse_engine::{ProfileQuery, SegmentChange, Spelling};
use fillhouse_model::{ErrorKind, Fault};

/// What is to be asked for.
enum Wish {
    /// Nothing: who is in it is chosen one by one.
    Fixed,
    /// These conditions.
    Built(Builder),
    /// A query that they cannot say.
    Text(String),
}

impl Wish {
    fn of(query: Option<&str>) -> Self {
        let Some(query) = query else { return Self::Fixed };
        Builder::of_json(query).map_or_else(|| Self::Text(query.to_owned()), Self::Built)
    }

    /// The same as a page fills it in.
    fn with(self, pairs: &Pairs) -> Self {
        match self {
            Self::Fixed => Self::Fixed,
            Self::Built(_) => Self::Built(Builder::of(pairs)),
            Self::Text(_) => Self::Text(pairs.one("query").replace("\r\n", "\n")),
        }
    }

    fn is_fixed(&self) -> bool {
        matches!(self, Self::Fixed)
    }

    /// The query; none where it is not one that finds.
    fn query(&self) -> Result<Option<ProfileQuery>, Fault> {
        match self {
            Self::Fixed => Ok(None),
            Self::Built(builder) => Ok(Some(builder.query()?.unwrap_or_else(|| ProfileQuery::typed("{}")))),
            Self::Text(json) => Ok(Some(ProfileQuery { json: json.clone(), spelling: Spelling::Typed })),
        }
    }
}

#[derive(Template)]
#[template(path = "console/segment_edit.html")]
struct Shown {
    frame: Frame,
    title: String,
    /// Where one goes who does not want to.
    back: String,
    name: String,
    wish: Wish,
    /// What can be asked about.
    names: Vec<String>,
    said: String,
    faults: Faults,
}

/// The page, and how many would be in the segment.
async fn page(here: InSegment, name: String, wish: Wish, faults: Faults) -> Result<Response, Refusal> {
    let counted = match wish.query() {
        Ok(None) => Ok(here.details.count),
        Ok(query) => here.reader.count(here.audience.id, query).await,
        Err(fault) => Err(fault.into()),
    };
    let (said, faults) = match counted {
        Ok(found) => (format!("{}.", count(found, "profile", "profiles")), faults),
        Err(error) if error.kind() == ErrorKind::InvalidArgument => {
            (String::new(), if faults.is_empty() { Faults::new(error.faults()) } else { faults })
        }
        Err(error) => return Err(error.into()),
    };
    let said = if said.is_empty() { faults.all().join(" ") } else { said };
    let (status, back, names) = (faults.status(), here.path(), names_of(&here.audience.fields));
    let (frame, title) = (here.who.frame, here.details.name);
    Ok(rendered(status, &Shown { frame, title, back, name, wish, names, said, faults }))
}

/// Shows a segment, to be changed.
pub(in crate::console) async fn edit(here: InSegment) -> Result<Response, Refusal> {
    let (name, wish) = (here.details.name.clone(), Wish::of(here.details.query.as_deref()));
    page(here, name, wish, Faults::default()).await
}

/// Changes a segment, or says how many would be in it.
pub(in crate::console) async fn save(here: InSegment, pairs: Pairs) -> Result<Response, Refusal> {
    let (name, wish) = (pairs.one("name").to_owned(), Wish::of(here.details.query.as_deref()).with(&pairs));
    if pairs.has("do", "estimate") {
        return page(here, name, wish, Faults::default()).await;
    }
    let writer = here.who.caller.profiles_writer()?;
    let changed = match wish.query() {
        Ok(query) => {
            writer.change_segment(here.details.id, SegmentChange { name: name.clone(), query }).await
        }
        Err(fault) => Err(fault.into()),
    };
    match changed {
        Ok(()) => Ok(see_other(&here.path())),
        Err(error) if error.kind() == ErrorKind::InvalidArgument => {
            page(here, name, wish, Faults::new(error.faults())).await
        }
        Err(error) => Err(error.into()),
    }
}
