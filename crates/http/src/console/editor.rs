//! The editor of forms: making one, changing one, deleting one.
//!
//! What is on the page is sent with every click, and stored by the last. Of a large form, only what is worked at is on the
//! page (`folded.rs`).
//!
//! Guarantees: what the model has to say is said beside the field that it is about; who changed a form meanwhile is not
//! overruled unasked.
//!
//! Must not know: what makes a form valid, or how it is stored; where it is kept how its page is laid out.

mod folded;
mod laid;
mod rows;
mod steps;

use super::pairs::{Faults, Pairs};
use super::session::{InForm, SignedIn};
use super::view::{Frame, Refusal, rendered, see_other};
use super::words;
use crate::dialect::{self, LAYOUTS};
use crate::forms::Published;
use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use fillhouse_engine::{Error, FormDraft};
use fillhouse_model::{ErrorKind, Fault, Form, FormState, Item};
use rows::Row;
use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::sync::Arc;

const CLOSED: &str = "closed (manually)";

#[derive(Template)]
#[template(path = "console/editor.html")]
struct Editor {
    frame: Frame,
    /// Where it is sent.
    action: String,
    /// The form and its name; none while there is none.
    form: Option<i64>,
    name: String,
    draft: Draft,
    faults: Faults,
    is_outdated: bool,
    /// Where its page is; none while there is no form.
    published: Option<Published>,
}

/// What is on the page.
struct Draft {
    name: String,
    description: String,
    state: String,
    /// The states that can be chosen.
    states: Vec<(String, String)>,
    partial: bool,
    rows: Vec<Row>,
    /// What the form was when the page was opened.
    seen: String,
    /// The type of the item that is added next.
    new_kind: String,
    /// The rows of the form as it is, by the ids of their items.
    known: HashMap<String, Row>,
}

impl Draft {
    fn of(form: &Form, look: Option<&str>) -> Self {
        let FormDraft { name, description, state, partial, .. } = FormDraft::of(form);
        let (seen, rows) = (digest(form, look), rows_of(form, look));
        let state = state.as_str().to_owned();
        let states = states(&state);
        let new_kind = "text".to_owned();
        Self {
            name,
            description: description.unwrap_or_default(),
            state,
            states,
            partial,
            known: folded::known(rows.clone()),
            rows,
            seen,
            new_kind,
        }
    }

    fn empty() -> Self {
        let (state, new_kind) = ("open".to_owned(), "text".to_owned());
        let states = states(&state);
        let (name, description, seen) = Default::default();
        let (rows, known) = Default::default();
        Self { name, description, state, states, partial: false, rows, seen, new_kind, known }
    }

    /// What a page says, in place of the form `before` and its look.
    fn of_pairs(pairs: &Pairs, before: Option<(&Form, Option<&str>)>) -> Self {
        let text = |name: &str| pairs.one(name).to_owned();
        let known = before.map(|(form, look)| folded::known(rows_of(form, look))).unwrap_or_default();
        Self {
            name: text("name"),
            description: text("description").replace("\r\n", "\n"),
            state: text("state"),
            states: states(before.map_or("open", |(form, _)| form.state.as_str())),
            partial: pairs.has("partial", "yes"),
            rows: rows::of_pairs(pairs, &known),
            seen: text("seen"),
            new_kind: pairs.some("new_kind").unwrap_or("text").to_owned(),
            known,
        }
    }

    fn has_lines(&self) -> bool {
        self.rows.iter().any(|row| row.is_closed)
    }

    fn state_menu(&self) -> Vec<(&str, &str)> {
        self.states.iter().map(|(state, word)| (state.as_str(), word.as_str())).collect()
    }

    /// What the form is to be.
    fn form_draft(&mut self) -> Result<FormDraft, Vec<Fault>> {
        let items: Vec<Item> = rows::to_items(&mut self.rows)?;
        let state = match self.state.as_str() {
            "open" => FormState::Open,
            state if self.states.iter().any(|(known, _)| known == state) => {
                FormState::Closed(state.to_owned())
            }
            _ => return Err(vec![Fault::new("state", "is none that there is")]),
        };
        let description = (!self.description.is_empty()).then(|| self.description.clone());
        Ok(FormDraft { name: self.name.clone(), description, state, partial: self.partial, items })
    }
}

/// The states that can be chosen where it is this one.
fn states(now: &str) -> Vec<(String, String)> {
    let mut states =
        vec![("open".to_owned(), "taken".to_owned()), (CLOSED.to_owned(), "not taken".to_owned())];
    if !states.iter().any(|(state, _)| state == now) {
        states.push((now.to_owned(), format!("not taken: {now}")));
    }
    states
}

/// The rows of a form of this look.
fn rows_of(form: &Form, look: Option<&str>) -> Vec<Row> {
    laid::rows_of(&form.items, &dialect::layout_of(form, look))
}

/// What differs where the form does, or its look.
fn digest(form: &Form, look: Option<&str>) -> String {
    let mut hasher = DefaultHasher::new();
    format!("{:?}", FormDraft::of(form)).hash(&mut hasher);
    look.hash(&mut hasher);
    format!("{:016x}", hasher.finish())
}

impl Editor {
    fn answer(mut self) -> Response {
        // The rows learn where they are.
        rows::to_items(&mut self.draft.rows).ok();
        folded::fold(&mut self.draft.rows, &self.draft.known, &self.faults);
        let status = if self.is_outdated { StatusCode::CONFLICT } else { self.faults.status() };
        rendered(status, &self)
    }
}

/// Offers an empty form.
pub(super) async fn offer(who: SignedIn) -> Response {
    let action = format!("{}/console/new-form", who.frame.base);
    let (form, name, faults) = (None, words::editor::NEW.to_owned(), Faults::default());
    let (draft, is_outdated, published) = (Draft::empty(), false, None);
    Editor { frame: who.frame, action, form, name, draft, faults, is_outdated, published }.answer()
}

/// Makes a form, or takes a step towards it.
pub(super) async fn create(who: SignedIn, pairs: Pairs) -> Result<Response, Refusal> {
    let mut draft = Draft::of_pairs(&pairs, None);
    let faults = if pairs.one("do") == "save" {
        let made = match draft.form_draft() {
            Ok(form) => {
                let look =
                    |form: &Form| dialect::look_of(None, form, None, &laid::layout_of(&draft.rows, form));
                who.caller.forms_writer()?.create_form_shown(form, LAYOUTS, look).await
            }
            Err(faults) => Err(Error::invalid(faults)),
        };
        match made {
            Ok(form) => return Ok(see_other(&format!("{}/console/forms/{}", who.frame.base, form.id))),
            Err(error) if error.kind() == ErrorKind::InvalidArgument => Faults::new(error.faults()),
            Err(error) => return Err(error.into()),
        }
    } else {
        steps::take(&mut draft.rows, pairs.one("do"), pairs.one("new_kind"));
        Faults::default()
    };
    let action = format!("{}/console/new-form", who.frame.base);
    let (form, name, is_outdated, published) = (None, words::editor::NEW.to_owned(), false, None);
    Ok(Editor { frame: who.frame, action, form, name, draft, faults, is_outdated, published }.answer())
}

async fn editor(place: InForm, form: &Form, draft: Draft, faults: Faults) -> Result<Editor, Refusal> {
    let action = format!("{}/console/forms/{}/edit", place.frame.base, form.id);
    let (id, name, is_outdated) = (Some(form.id.0), form.name.clone(), false);
    let published = Some(Published::of(&place.public_url, &place.caller.account().await?.user_dir, form));
    Ok(Editor { frame: place.frame, action, form: id, name, draft, faults, is_outdated, published })
}

/// Shows a form, to be changed.
pub(super) async fn edit(place: InForm) -> Result<Response, Refusal> {
    let (form, look) = form_and_look(&place).await?;
    let draft = Draft::of(&form, look.as_deref());
    Ok(editor(place, &form, draft, Faults::default()).await?.answer())
}

/// The form, and what is kept of how it is laid out.
async fn form_and_look(place: &InForm) -> Result<(Arc<Form>, Option<String>), Refusal> {
    let form = place.writer.form(&place.form).await?.form;
    let look = place.writer.look(form.id, LAYOUTS).await?;
    Ok((form, look))
}

/// Changes a form, or takes a step towards it.
pub(super) async fn save(place: InForm, pairs: Pairs) -> Result<Response, Refusal> {
    let (form, look) = form_and_look(&place).await?;
    let mut draft = Draft::of_pairs(&pairs, Some((&form, look.as_deref())));
    if pairs.one("do") != "save" {
        steps::take(&mut draft.rows, pairs.one("do"), pairs.one("new_kind"));
        return Ok(editor(place, &form, draft, Faults::default()).await?.answer());
    }
    let wanted = match draft.form_draft() {
        Ok(wanted) => wanted,
        Err(faults) => return Ok(editor(place, &form, draft, Faults::new(faults)).await?.answer()),
    };
    let seen = draft.seen.clone();
    let edit = |before: &Form| {
        if digest(before, look.as_deref()) == seen {
            return Ok(wanted.clone());
        }
        Err(Error::new(ErrorKind::Conflict, words::editor::CHANGED))
    };
    let laid = |before: &Form, after: &Form, kept: Option<&str>| {
        dialect::look_of(Some(before), after, kept, &laid::layout_of(&draft.rows, after))
    };
    match place.writer.update_form_shown(&place.form, edit, LAYOUTS, laid).await {
        Ok(_) => Ok(see_other(&format!("{}/console/forms/{}", place.frame.base, form.id))),
        Err(error) if error.kind() == ErrorKind::InvalidArgument => {
            Ok(editor(place, &form, draft, Faults::new(error.faults())).await?.answer())
        }
        Err(error) if error.kind() == ErrorKind::Conflict => {
            let draft = Draft { seen: digest(&form, look.as_deref()), ..draft };
            Ok(Editor { is_outdated: true, ..editor(place, &form, draft, Faults::default()).await? }.answer())
        }
        Err(error) => Err(error.into()),
    }
}

/// Deletes a form, where it is named.
pub(super) async fn delete(place: InForm, pairs: Pairs) -> Result<Response, Refusal> {
    let (form, look) = form_and_look(&place).await?;
    if pairs.one("confirm") != form.name.trim() {
        let faults = Faults::new([Fault::new("confirm", words::editor::DELETE_OTHER)]);
        let draft = Draft::of(&form, look.as_deref());
        return Ok(editor(place, &form, draft, faults).await?.answer());
    }
    place.writer.delete_form(&place.form).await?;
    Ok(see_other(&format!("{}/", place.frame.base)))
}
