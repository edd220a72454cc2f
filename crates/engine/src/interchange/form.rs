//! The lines of forms and of how one is shown: other labels, views, looks.
//!
//! Must not know: which slots a form's leaves have; the database does.

use super::kind::Kind;
use super::line::Line;
use super::object_text::canonical_object;
use super::scalar::{Id, Long, Short};
use fillhouse_model::{
    AccountId, Fault, Form, FormId, FormLook, FormState, Item, ResultsLabels, ResultsView,
};
use fillhouse_store::document::{ItemDocument, LabelsDocument, objects};
use serde::Deserialize;
use serde_json::value::RawValue;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FormDocument<'a> {
    #[serde(rename = "kind")]
    _kind: Kind,
    id: Id,
    account_id: Id,
    #[serde(borrow)]
    shortname: Short<'a>,
    directory: Short<'a>,
    slug: Short<'a>,
    name: Short<'a>,
    description: Option<Long>,
    state: Short<'a>,
    timezone: Option<Short<'a>>,
    #[serde(default)]
    partial: bool,
    #[serde(deserialize_with = "objects")]
    items: Vec<ItemDocument<'a>>,
}

impl TryFrom<FormDocument<'_>> for Form {
    type Error = Fault;

    fn try_from(document: FormDocument<'_>) -> Result<Self, Fault> {
        let form = Self {
            id: FormId(document.id.0),
            account_id: AccountId(document.account_id.0),
            shortname: document.shortname.into(),
            directory: document.directory.into(),
            slug: document.slug.into(),
            name: document.name.into(),
            description: document.description.map(|text| text.0),
            state: state(document.state.into())?,
            timezone: document.timezone.map(String::from),
            partial: document.partial,
            items: document.items.into_iter().map(Item::from).collect(),
            slots: Vec::new(),
        };
        form.check()?;
        Ok(form)
    }
}

fn state(text: String) -> Result<FormState, Fault> {
    match text.as_str() {
        "open" => Ok(FormState::Open),
        closed if closed.starts_with("closed") => Ok(FormState::Closed(text)),
        _ => Err(Fault::new("state", "is neither open nor closed")),
    }
}

/// Writes the line of a form.
pub fn write_form(form: &Form, out: &mut Vec<u8>) {
    let items: Vec<_> = form.items.iter().map(ItemDocument::from).collect();
    Line::new(Kind::Form, out)
        .put("id", &form.id.0)
        .put("account_id", &form.account_id.0)
        .put("shortname", &form.shortname)
        .put("directory", &form.directory)
        .put("slug", &form.slug)
        .put("name", &form.name)
        .put_some("description", form.description.as_ref())
        .put("state", form.state.as_str())
        .put_some("timezone", form.timezone.as_ref())
        .put_some("partial", form.partial.then_some(true))
        .put("items", &items)
        .end();
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ResultsLabelsDocument<'a> {
    #[serde(rename = "kind")]
    _kind: Kind,
    form_id: Id,
    #[serde(borrow)]
    id: Short<'a>,
    name: Short<'a>,
    labels: LabelsDocument<'a>,
}

impl TryFrom<ResultsLabelsDocument<'_>> for ResultsLabels {
    type Error = Fault;

    fn try_from(document: ResultsLabelsDocument<'_>) -> Result<Self, Fault> {
        Ok(Self {
            form_id: FormId(document.form_id.0),
            id: filled("id", document.id)?,
            name: document.name.into(),
            labels: document.labels.into(),
        })
    }
}

/// Writes the line of a form's other labels.
pub fn write_results_labels(labels: &ResultsLabels, out: &mut Vec<u8>) {
    Line::new(Kind::ResultsLabels, out)
        .put("form_id", &labels.form_id.0)
        .put("id", &labels.id)
        .put("name", &labels.name)
        .put("labels", &LabelsDocument::from(labels.labels.as_slice()))
        .end();
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ResultsViewDocument<'a> {
    #[serde(rename = "kind")]
    _kind: Kind,
    form_id: Id,
    #[serde(borrow)]
    id: Short<'a>,
    name: Short<'a>,
    columns: Vec<Short<'a>>,
}

impl TryFrom<ResultsViewDocument<'_>> for ResultsView {
    type Error = Fault;

    fn try_from(document: ResultsViewDocument<'_>) -> Result<Self, Fault> {
        Ok(Self {
            form_id: FormId(document.form_id.0),
            id: filled("id", document.id)?,
            name: document.name.into(),
            columns: document.columns.into_iter().map(String::from).collect(),
        })
    }
}

/// Writes the line of a view of a form's columns.
pub fn write_results_view(view: &ResultsView, out: &mut Vec<u8>) {
    Line::new(Kind::ResultsView, out)
        .put("form_id", &view.form_id.0)
        .put("id", &view.id)
        .put("name", &view.name)
        .put("columns", &view.columns)
        .end();
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct LookDocument<'a> {
    #[serde(rename = "kind")]
    _kind: Kind,
    form_id: Id,
    #[serde(borrow)]
    dialect: Short<'a>,
    look: &'a RawValue,
}

impl TryFrom<LookDocument<'_>> for FormLook {
    type Error = Fault;

    fn try_from(document: LookDocument<'_>) -> Result<Self, Fault> {
        Ok(Self {
            form_id: FormId(document.form_id.0),
            dialect: filled("dialect", document.dialect)?,
            look: canonical_object(document.look.get()).map_err(|fault| fault.within("look"))?,
        })
    }
}

/// Writes the line of what a dialect keeps of how a form is shown.
pub fn write_look(look: &FormLook, out: &mut Vec<u8>) {
    Line::new(Kind::Look, out)
        .put("form_id", &look.form_id.0)
        .put("dialect", &look.dialect)
        .put_json("look", &look.look)
        .end();
}

/// A text that is not empty.
pub(super) fn filled(field: &str, text: Short<'_>) -> Result<String, Fault> {
    let text = String::from(text);
    if text.is_empty() {
        return Err(Fault::new(field, "is empty"));
    }
    Ok(text)
}
