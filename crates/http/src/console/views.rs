//! The views and labels of a form: choices of its columns, and other labels for its items.
//!
//! Must not know: what a view may name, or who shows results by it.

use super::cells::label;
use super::pairs::{Faults, Pairs};
use super::session::{InForm, word};
use super::view::{Frame, Refusal, rendered, see_other};
use super::words;
use askama::Template;
use axum::extract::{FromRequest as _, FromRequestParts, Request, State};
use axum::response::Response;
use fillhouse_engine::{Engine, META_NAMES, Presentations};
use fillhouse_model::{ErrorKind, Form, Item, ResultsLabels, ResultsView};

#[derive(Template)]
#[template(path = "console/views.html")]
struct Shown {
    frame: Frame,
    form: i64,
    name: String,
    faults: Faults,
    views: Vec<View>,
    labels: Vec<Labels>,
}

/// A view, or what is to become one.
struct View {
    id: String,
    name: String,
    /// Id, name, and whether it is chosen.
    columns: Vec<(String, String, bool)>,
    is_new: bool,
    /// What is wrong with it is said there.
    is_faulty: bool,
}

/// Labels, or what is to become such.
struct Labels {
    id: String,
    name: String,
    /// Item id, its question, and its other label.
    lines: Vec<(String, String, String)>,
    is_new: bool,
    is_faulty: bool,
}

impl View {
    fn of(form: &Form, view: &ResultsView, is_new: bool) -> Self {
        let leaves = form.leaves();
        let metas = META_NAMES.iter().map(|name| ((*name).to_owned(), (*name).to_owned()));
        let items = leaves.iter().map(|leaf| (leaf.item.id.clone(), label(leaf)));
        let mut all: Vec<(String, String)> = metas.chain(items).collect();
        for column in &view.columns {
            if !all.iter().any(|(id, _)| id == column) {
                all.push((column.clone(), column.clone()));
            }
        }
        let chosen = |id: &String| view.columns.contains(id);
        let columns = all.into_iter().map(|(id, name)| (id.clone(), name, chosen(&id))).collect();
        Self { id: view.id.clone(), name: view.name.clone(), columns, is_new, is_faulty: false }
    }
}

impl Labels {
    fn of(form: &Form, labels: &ResultsLabels, is_new: bool) -> Self {
        let other =
            |id: &str| labels.labels.iter().find(|(item, _)| item == id).map(|(_, label)| label.clone());
        let mut lines = Vec::new();
        visit(&form.items, &mut |item| {
            lines.push((item.id.clone(), item.label.clone(), other(&item.id).unwrap_or_default()));
        });
        for (item, label) in &labels.labels {
            if !lines.iter().any(|(id, ..)| id == item) {
                lines.push((item.clone(), item.clone(), label.clone()));
            }
        }
        Self { id: labels.id.clone(), name: labels.name.clone(), lines, is_new, is_faulty: false }
    }
}

fn visit(items: &[Item], see: &mut impl FnMut(&Item)) {
    for item in items {
        see(item);
        visit(&item.children, see);
    }
}

/// Shows the views and labels of a form.
pub(super) async fn show(place: InForm) -> Result<Response, Refusal> {
    let form = place.reader.overview(&place.form).await?.form;
    let there = place.reader.presentations(&place.form).await?;
    Ok(shown(place, &form, &there, None))
}

/// What could not be stored, and why.
enum Refused {
    View(ResultsView, Faults),
    Labels(ResultsLabels, Faults),
}

fn shown(place: InForm, form: &Form, there: &Presentations, refused: Option<Refused>) -> Response {
    let mut views: Vec<View> = there.views.iter().map(|view| View::of(form, view, false)).collect();
    let mut labels: Vec<Labels> = there.labels.iter().map(|labels| Labels::of(form, labels, false)).collect();
    let (mut faults, form_id) = (Faults::default(), form.id);
    let mut new_view = ResultsView { form_id, id: String::new(), name: String::new(), columns: Vec::new() };
    let mut new_labels =
        ResultsLabels { form_id, id: String::new(), name: String::new(), labels: Vec::new() };
    match refused {
        Some(Refused::View(view, said)) => (new_view, faults) = (view, said),
        Some(Refused::Labels(labels, said)) => (new_labels, faults) = (labels, said),
        None => {}
    }
    let (is_view, is_labels) =
        (!new_view.id.is_empty() || !new_view.name.is_empty(), !new_labels.name.is_empty());
    views.push(View { is_faulty: is_view, ..View::of(form, &new_view, true) });
    labels.push(Labels { is_faulty: is_labels, ..Labels::of(form, &new_labels, true) });
    let status = faults.status();
    let (id, name) = (form.id.0, form.name.clone());
    rendered(status, &Shown { frame: place.frame, form: id, name, faults, views, labels })
}

fn path(place: &InForm, form: &Form) -> String {
    format!("{}/console/forms/{}/views", place.frame.base, form.id)
}

/// Stores a view, new or in place of the one with its id.
pub(super) async fn put_view(place: InForm, pairs: Pairs) -> Result<Response, Refusal> {
    let form = place.reader.overview(&place.form).await?.form;
    let columns = pairs.all("column").map(str::to_owned).collect();
    let (id, name) = (pairs.one("id").to_owned(), pairs.one("name").to_owned());
    let view = ResultsView { form_id: form.id, id, name, columns };
    match place.writer.put_view(&place.form, view.clone()).await {
        Ok(()) => Ok(see_other(&path(&place, &form))),
        Err(error) if error.kind() == ErrorKind::InvalidArgument => {
            let there = place.reader.presentations(&place.form).await?;
            Ok(shown(place, &form, &there, Some(Refused::View(view, Faults::new(error.faults())))))
        }
        Err(error) => Err(error.into()),
    }
}

/// Stores labels, new or in place of those with their id.
pub(super) async fn put_labels(place: InForm, pairs: Pairs) -> Result<Response, Refusal> {
    let form = place.reader.overview(&place.form).await?.form;
    let labels = pairs.iter().filter_map(|(name, value)| {
        let item = name.strip_prefix("label.").filter(|_| !value.is_empty())?;
        Some((item.to_owned(), value.to_owned()))
    });
    let (id, name) = (pairs.one("id").to_owned(), pairs.one("name").to_owned());
    let labels = ResultsLabels { form_id: form.id, id, name, labels: labels.collect() };
    match place.writer.put_labels(&place.form, labels.clone()).await {
        Ok(()) => Ok(see_other(&path(&place, &form))),
        Err(error) if error.kind() == ErrorKind::InvalidArgument => {
            let there = place.reader.presentations(&place.form).await?;
            Ok(shown(place, &form, &there, Some(Refused::Labels(labels, Faults::new(error.faults())))))
        }
        Err(error) => Err(error.into()),
    }
}

/// Deletes a view, or labels.
pub(super) async fn delete(State(engine): State<Engine>, request: Request) -> Result<Response, Refusal> {
    let (mut head, body) = request.into_parts();
    let place = InForm::from_request_parts(&mut head, &engine).await?;
    let what = word(&mut head, &engine, "what").await.ok_or_else(Refusal::missing)?;
    let pairs = Pairs::from_request(Request::from_parts(head, body), &engine).await?;
    let form = place.reader.overview(&place.form).await?.form;
    match what.as_str() {
        "view" => place.writer.delete_view(&place.form, pairs.one("id")).await?,
        "labels" => place.writer.delete_labels(&place.form, pairs.one("id")).await?,
        _ => return Err(Refusal::missing()),
    }
    Ok(see_other(&path(&place, &form)))
}
