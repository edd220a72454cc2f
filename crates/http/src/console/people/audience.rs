//! Making an audience, and changing what it is called and which fields its profiles have.
//!
//! Guarantees: nothing that was filled in is lost where something is wrong; who changed it meanwhile is not overruled
//! unasked.
//!
//! Must not know: what makes a field valid.

use super::super::pairs::{Faults, Pairs};
use super::super::session::SignedIn;
use super::super::view::{Frame, Refusal, rendered, see_other};
use super::super::words;
use super::InAudience;
use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use fillhouse_engine::{AudienceDraft, Error};
use fillhouse_model::{ErrorKind, Fault, Field, FieldType};
use std::hash::{DefaultHasher, Hash as _, Hasher as _};

/// How many rows there are for more fields.
const MORE: usize = 4;
/// How many rows are taken.
const MOST_ROWS: usize = 2_000;

/// A field as it is on the page.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Row {
    name: String,
    kind: String,
    /// Whether there is such a field, whose type stays.
    is_kept: bool,
    said: String,
}

impl Row {
    fn kind_word(&self) -> &'static str {
        words::people::TYPES.iter().find(|(kind, _)| *kind == self.kind).map_or("", |(_, word)| word)
    }
}

#[derive(Template)]
#[template(path = "console/audience_edit.html")]
struct Shown {
    frame: Frame,
    /// What the page is called.
    title: String,
    action: String,
    /// Where one goes who does not want to.
    back: String,
    name: String,
    rows: Vec<Row>,
    /// What the audience was when the page was opened.
    seen: String,
    faults: Faults,
    is_outdated: bool,
}

impl Shown {
    fn to_make(frame: Frame) -> Self {
        let back = format!("{}/console/audiences", frame.base);
        Self {
            action: format!("{back}/new"),
            title: words::people::NEW_AUDIENCE.to_owned(),
            back,
            frame,
            name: String::new(),
            rows: Vec::new(),
            seen: String::new(),
            faults: Faults::default(),
            is_outdated: false,
        }
    }

    fn of(here: InAudience) -> Self {
        let (path, audience) = (here.path(), here.overview.audience);
        let row =
            |field: &Field| Row { name: field.name.clone(), kind: word_of(field.kind), ..Row::default() };
        Self {
            frame: here.who.frame,
            title: audience.name.clone(),
            action: format!("{path}/edit"),
            back: path,
            rows: audience.fields.iter().map(row).collect(),
            seen: digest(&audience.name, &audience.fields),
            name: audience.name,
            faults: Faults::default(),
            is_outdated: false,
        }
    }

    /// The same with what a page says, and what is wrong with it.
    fn with(self, pairs: &Pairs, faults: Faults) -> Self {
        let name = pairs.one("name").to_owned();
        Self { name, rows: rows_of(pairs), faults, ..self }
    }

    fn answer(mut self, known: &[Field]) -> Response {
        for (n, row) in self.rows.iter_mut().enumerate() {
            row.is_kept = known.iter().any(|field| field.name == row.name);
            row.said = self.faults.of(&format!("fields[{n}]"));
        }
        let more = self.rows.len() + MORE;
        self.rows.resize_with(more, Row::default);
        let status = if self.is_outdated { StatusCode::CONFLICT } else { self.faults.status() };
        rendered(status, &self)
    }
}

fn word_of(kind: FieldType) -> String {
    FieldType::ALL.iter().find(|(known, _)| *known == kind).map_or("", |(_, word)| word).to_owned()
}

/// What differs where the audience does.
fn digest(name: &str, fields: &[Field]) -> String {
    let mut hasher = DefaultHasher::new();
    format!("{name:?} {fields:?}").hash(&mut hasher);
    format!("{:016x}", hasher.finish())
}

/// The rows of a page that have a name.
fn rows_of(pairs: &Pairs) -> Vec<Row> {
    let rows = pairs.all("field").zip(pairs.all("type")).filter(|(name, _)| !name.is_empty());
    let row =
        |(name, kind): (&str, &str)| Row { name: name.to_owned(), kind: kind.to_owned(), ..Row::default() };
    rows.take(MOST_ROWS).map(row).collect()
}

/// What a page wants the audience to be.
fn draft_of(pairs: &Pairs) -> Result<AudienceDraft, Fault> {
    let field = |(n, row): (usize, Row)| {
        let found = FieldType::ALL.iter().find(|(_, word)| *word == row.kind);
        let (kind, _) =
            found.ok_or_else(|| Fault::new(format!("fields[{n}].type"), "is none that there is"))?;
        Ok(Field { name: row.name, kind: *kind })
    };
    let fields = rows_of(pairs).into_iter().enumerate().map(field).collect::<Result<_, Fault>>()?;
    Ok(AudienceDraft { name: pairs.one("name").to_owned(), fields })
}

/// Offers an empty audience.
pub(in crate::console) async fn offer(who: SignedIn) -> Response {
    Shown::to_make(who.frame).answer(&[])
}

/// Makes an audience.
pub(in crate::console) async fn create(who: SignedIn, pairs: Pairs) -> Result<Response, Refusal> {
    let writer = who.caller.profiles_writer()?;
    let made = match draft_of(&pairs) {
        Ok(draft) => writer.add_audience(draft).await,
        Err(fault) => Err(fault.into()),
    };
    match made {
        Ok(id) => Ok(see_other(&format!("{}/console/audiences/{id}", who.frame.base))),
        Err(error) if error.kind() == ErrorKind::InvalidArgument => {
            Ok(Shown::to_make(who.frame).with(&pairs, Faults::new(error.faults())).answer(&[]))
        }
        Err(error) => Err(error.into()),
    }
}

/// Shows an audience, to be changed.
pub(in crate::console) async fn edit(here: InAudience) -> Response {
    let fields = here.fields().to_vec();
    Shown::of(here).answer(&fields)
}

/// Changes an audience.
pub(in crate::console) async fn save(here: InAudience, pairs: Pairs) -> Result<Response, Refusal> {
    let changed = match draft_of(&pairs) {
        Ok(draft) => {
            let seen = pairs.one("seen").to_owned();
            let edit = move |before: &fillhouse_model::Audience| {
                if digest(&before.name, &before.fields) == seen {
                    return Ok(draft.clone());
                }
                Err(Error::new(ErrorKind::Conflict, words::people::AUDIENCE_CHANGED))
            };
            here.writer.change_audience(here.id(), edit).await
        }
        Err(fault) => Err(fault.into()),
    };
    let (path, fields) = (here.path(), here.fields().to_vec());
    match changed {
        Ok(()) => Ok(see_other(&path)),
        Err(error) if error.kind() == ErrorKind::InvalidArgument => {
            let seen = pairs.one("seen").to_owned();
            let shown = Shown { seen, ..Shown::of(here).with(&pairs, Faults::new(error.faults())) };
            Ok(shown.answer(&fields))
        }
        Err(error) if error.kind() == ErrorKind::Conflict => {
            let shown = Shown::of(here).with(&pairs, Faults::default());
            Ok(Shown { is_outdated: true, ..shown }.answer(&fields))
        }
        Err(error) => Err(error.into()),
    }
}
