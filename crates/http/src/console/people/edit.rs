//! Making a profile, and changing one: its address, its numbers, its status, and the fields of its audience.
//!
//! Guarantees: what was left as it was shown is not touched, whatever others make of it meanwhile; nothing is lost where
//! something is wrong.
//!
//! Must not know: how values are kept.

use super::super::pairs::{Faults, Pairs};
use super::super::view::{Frame, Refusal, rendered, see_other};
use super::super::words;
use super::InAudience;
use super::profile::InProfile;
use super::shown::{name_of, text};
use askama::Template;
use axum::response::Response;
use fillhouse_engine::{Error, Matching, NewProfile, Spelling};
use fillhouse_model::{ErrorKind, Fault, Field, FieldType, Profile, ProfileId};
use serde_json::{Map, Value, json};

/// What a field of the page is filled with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Text,
    /// True or false.
    Truth,
    /// A moment.
    Date,
    /// Texts, one a line.
    Lines,
    /// JSON.
    Object,
}

/// A field of the page.
struct Input {
    /// What it is called in what is sent: names of an audience's fields may be anything.
    name: String,
    /// What it is called in the profile.
    label: String,
    kind: Kind,
    /// What was there when the page was first shown.
    was: String,
    value: String,
}

impl Input {
    fn is_long(&self) -> bool {
        matches!(self.kind, Kind::Lines | Kind::Object)
    }

    fn is_truth(&self) -> bool {
        self.kind == Kind::Truth
    }

    /// What is said of how it is filled in.
    fn hint(&self) -> &'static str {
        match self.kind {
            Kind::Lines => words::people::ONE_A_LINE,
            Kind::Date => words::people::DATE_LIKE,
            Kind::Object => words::people::JSON,
            Kind::Text | Kind::Truth => "",
        }
    }

    /// What is to become of the value.
    fn wish(&self) -> Result<Value, Fault> {
        let text = self.value.trim();
        match self.kind {
            _ if text.is_empty() => Ok(Value::Null),
            Kind::Text | Kind::Truth | Kind::Date => Ok(json!(text)),
            Kind::Lines => Ok(text.lines().map(str::trim).filter(|line| !line.is_empty()).collect()),
            Kind::Object => {
                serde_json::from_str(text).map_err(|_| Fault::new(self.label.clone(), "is not JSON"))
            }
        }
    }
}

#[derive(Template)]
#[template(path = "console/profile_edit.html")]
struct Shown {
    frame: Frame,
    path: String,
    name: String,
    inputs: Vec<Input>,
    faults: Faults,
}

/// The fields, filled with what there is.
fn inputs(profile: &Profile, fields: &[Field]) -> Result<Vec<Input>, Error> {
    let values: Map<String, Value> = serde_json::from_str(&profile.fields).map_err(Error::internal)?;
    let own = [
        ("email", Kind::Text, profile.email.clone().unwrap_or_default()),
        ("phones", Kind::Lines, profile.phones.join("\n")),
        ("status", Kind::Text, profile.status.clone().unwrap_or_default()),
    ];
    let own = own.into_iter().map(|(name, kind, text)| (name.to_owned(), kind, text));
    let of_audience = fields.iter().map(|field| {
        let kind = match field.kind {
            FieldType::Tags => Kind::Lines,
            FieldType::Object => Kind::Object,
            FieldType::Bool => Kind::Truth,
            FieldType::Date => Kind::Date,
            FieldType::String | FieldType::Int | FieldType::Float => Kind::Text,
        };
        (field.name.clone(), kind, text(values.get(&field.name), "\n"))
    });
    let input = |(n, (label, kind, text)): (usize, (String, Kind, String))| Input {
        name: format!("f{n}"),
        label,
        kind,
        was: text.clone(),
        value: text,
    };
    Ok(own.chain(of_audience).enumerate().map(input).collect())
}

/// The fields as a page fills them in.
fn filled(profile: &Profile, fields: &[Field], pairs: &Pairs) -> Result<Vec<Input>, Error> {
    let mut inputs = inputs(profile, fields)?;
    for input in &mut inputs {
        // A browser ends lines in its own way.
        let sent = |name: &str| pairs.one(name).replace("\r\n", "\n");
        (input.was, input.value) = (sent(&format!("was-{}", input.name)), sent(&input.name));
    }
    Ok(inputs)
}

/// What is to become of what was filled in otherwise than it was shown, as a JSON object.
fn wishes(inputs: &[Input]) -> Result<String, Fault> {
    let changed = inputs.iter().filter(|input| input.was.trim() != input.value.trim());
    let wishes =
        changed.map(|input| Ok((input.label.clone(), input.wish()?))).collect::<Result<_, Fault>>()?;
    Ok(Value::Object(wishes).to_string())
}

/// The page again with what is wrong with it, where it is that.
fn refused(error: Error, page: impl FnOnce(Faults) -> Response) -> Result<Response, Refusal> {
    let faults = match error.kind() {
        ErrorKind::InvalidArgument => {
            let of_field = |fault: &Fault| {
                let field = fault.field.strip_prefix("data.").unwrap_or(&fault.field);
                Fault::new(field, fault.message.clone())
            };
            error.faults().iter().map(of_field).collect()
        }
        ErrorKind::Conflict => vec![Fault::new("email", error.message())],
        _ => return Err(error.into()),
    };
    Ok(page(Faults::new(faults)))
}

/// The page of a profile; of a new one where there is none.
fn page(here: InAudience, profile: Option<&Profile>, inputs: Vec<Input>, faults: Faults) -> Response {
    let (status, path) = (faults.status(), here.path());
    let (path, name) = match profile {
        Some(profile) => (format!("{path}/profiles/{}", profile.id), name_of(profile)),
        None => (path, words::people::NEW_PROFILE.to_owned()),
    };
    rendered(status, &Shown { frame: here.who.frame, path, name, inputs, faults })
}

/// A profile of which nothing is known.
fn nobody(here: &InAudience) -> Profile {
    Profile {
        id: ProfileId([0; 12]),
        audience_id: here.id(),
        email: None,
        phones: Vec::new(),
        status: None,
        fields: "{}".to_owned(),
    }
}

/// Offers an empty profile.
pub(in crate::console) async fn offer(here: InAudience) -> Result<Response, Refusal> {
    let inputs = inputs(&nobody(&here), here.fields())?;
    Ok(page(here, None, inputs, Faults::default()))
}

/// Makes a profile.
pub(in crate::console) async fn create(here: InAudience, pairs: Pairs) -> Result<Response, Refusal> {
    let inputs = filled(&nobody(&here), here.fields(), &pairs)?;
    let made = match wishes(&inputs) {
        Ok(json) => {
            let new = NewProfile { matching: None, json, spelling: Spelling::Texts };
            here.writer.store_one(here.id(), new, Vec::new(), Vec::new()).await
        }
        Err(fault) => Err(fault.into()),
    };
    match made {
        Ok(id) => Ok(see_other(&format!("{}/profiles/{id}", here.path()))),
        Err(error) => refused(error, |faults| page(here, None, inputs, faults)),
    }
}

/// Shows a profile to be changed.
pub(in crate::console) async fn edit(InProfile { here, profile }: InProfile) -> Result<Response, Refusal> {
    let inputs = inputs(&profile, here.fields())?;
    Ok(page(here, Some(&profile), inputs, Faults::default()))
}

/// Changes a profile.
pub(in crate::console) async fn save(
    InProfile { here, profile }: InProfile,
    pairs: Pairs,
) -> Result<Response, Refusal> {
    let inputs = filled(&profile, here.fields(), &pairs)?;
    let saved = match wishes(&inputs) {
        Ok(json) => {
            let matching = Some(Matching::Id(profile.id));
            let change = NewProfile { matching, json, spelling: Spelling::Texts };
            here.writer.change_one(here.id(), change, Vec::new(), Vec::new()).await
        }
        Err(fault) => Err(fault.into()),
    };
    match saved {
        Ok(id) => Ok(see_other(&format!("{}/profiles/{id}", here.path()))),
        Err(error) => refused(error, |faults| page(here, Some(&profile), inputs, faults)),
    }
}
