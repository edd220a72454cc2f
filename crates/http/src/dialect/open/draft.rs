//! What a client says a form is to be.
//!
//! A property that names an item of the form keeps it: its type as long as the property's type is the one it is shown
//! with, its options where they have the same names. What stands for a group that clients see only the parts of stays as
//! it is.
//!
//! Guarantees: a form that is sent back as it was shown stays as it is.
//!
//! Must not know: what makes a form valid, or how ids are given.

mod items;

use super::error::Refusal;
use super::look::Named;
use super::object::dotted;
use fillhouse_engine::{Error, FormDraft, Result};
use fillhouse_model::{ErrorKind, Fault, Form, FormState};
use items::items;
pub(super) use items::{Place, places, plain_kind};
use serde::Deserialize;
use utoipa::ToSchema;

/// A form as it comes. What is not here is not kept, and is no fault.
#[derive(Debug, Default, Deserialize, ToSchema)]
pub(super) struct GivenForm {
    /// Needed for a new form.
    title: Option<String>,
    description: Option<String>,
    /// `public`, or `closed` or `draft` for a form that takes no submissions.
    visibility: Option<String>,
    /// The caller's own, where it is given.
    pub(super) workspace_id: Option<i64>,
    /// Needed for a new form.
    pub(super) properties: Option<Vec<GivenProperty>>,
    enable_partial_submissions: Option<bool>,
}

/// The properties of a form as they come, with all that they say.
#[derive(Debug, Default, Deserialize)]
pub(super) struct SentForm {
    #[serde(default)]
    pub(super) properties: Option<Vec<Named>>,
}

/// A property as it comes. What is not here is kept, and given back as it came.
#[derive(Debug, Default, Deserialize, ToSchema)]
pub(super) struct GivenProperty {
    /// A UUID or digits are kept; anything else is answered with an id of ours.
    #[serde(default)]
    id: String,
    r#type: String,
    name: String,
    #[serde(default)]
    hidden: Option<bool>,
    required: Option<bool>,
    multi_lines: Option<bool>,
    select: Option<GivenOptions>,
    multi_select: Option<GivenOptions>,
    allow_creation: Option<bool>,
    rows: Option<Vec<String>>,
    columns: Option<Vec<String>>,
}

/// The options of a property as they come.
#[derive(Debug, Default, Deserialize, ToSchema)]
pub(super) struct GivenOptions {
    #[serde(default)]
    options: Vec<GivenOption>,
}

/// An option as it comes; its id is its name.
#[derive(Debug, Default, Deserialize, ToSchema)]
pub(super) struct GivenOption {
    name: String,
}

impl GivenForm {
    /// The new form that this is.
    ///
    /// # Errors
    /// Something is missing, or not known.
    pub(super) fn create(&self) -> Result<FormDraft> {
        let missing = |field: &str| Fault::new(field, "is required");
        let mut faults = Vec::new();
        faults.extend(self.title.is_none().then(|| missing("title")));
        faults.extend(self.properties.is_none().then(|| missing("properties")));
        if !faults.is_empty() {
            return Err(Error::invalid(faults));
        }
        let empty = FormDraft {
            name: String::new(),
            description: None,
            state: FormState::Open,
            partial: false,
            items: Vec::new(),
        };
        self.onto(empty, None)
    }

    /// What this makes of a form that is there.
    ///
    /// # Errors
    /// Something is not known.
    pub(super) fn update(&self, form: &Form) -> Result<FormDraft> {
        self.onto(FormDraft::of(form), Some(form))
    }

    fn onto(&self, mut draft: FormDraft, before: Option<&Form>) -> Result<FormDraft> {
        if let Some(title) = &self.title {
            draft.name.clone_from(title);
        }
        if self.description.is_some() {
            draft.description.clone_from(&self.description);
        }
        if let Some(visibility) = &self.visibility {
            draft.state = state(visibility, draft.state)?;
        }
        if let Some(partial) = self.enable_partial_submissions {
            draft.partial = partial;
        }
        if let Some(properties) = &self.properties {
            draft.items = items(properties, before).map_err(Error::invalid)?;
        }
        Ok(draft)
    }
}

/// A form that is closed stays closed in the words that it was closed in.
fn state(visibility: &str, before: FormState) -> Result<FormState, Fault> {
    match (visibility, before) {
        ("public", _) => Ok(FormState::Open),
        ("closed", FormState::Closed(words)) => Ok(FormState::Closed(words)),
        ("closed", FormState::Open) => Ok(FormState::Closed("closed".to_owned())),
        ("draft", _) => Ok(FormState::Closed("closed (draft)".to_owned())),
        _ => Err(Fault::new("visibility", "is not public, closed or draft")),
    }
}

/// Why a form was refused, in the words of this dialect.
pub(super) fn refused(error: Error) -> Refusal {
    if error.kind() != ErrorKind::InvalidArgument {
        return error.into();
    }
    let faults = error.faults().iter().map(|Fault { field, message }| {
        let field = match field.as_str() {
            "name" => "title".to_owned(),
            path => dotted(path).replacen("items.", "properties.", 1),
        };
        let message = format!("{field} {message}.");
        (field, message)
    });
    Refusal::invalid(faults.collect())
}
