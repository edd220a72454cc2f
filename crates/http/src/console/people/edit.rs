//! Changing a profile: its address, its numbers, its status, and the fields of its audience.
//!
//! Guarantees: what was left as it was shown is not touched, whatever others make of it meanwhile; nothing is lost where
//! something is wrong.
//!
//! Must not know: how values are kept.

use super::super::pairs::{Faults, Pairs};
use super::super::view::{Frame, Refusal, rendered, see_other};
use super::super::words;
use super::profile::InProfile;
use super::shown::{name_of, text};
use askama::Template;
use axum::response::Response;
use fillhouse_engine::{Error, Matching, NewProfile, Spelling};
use fillhouse_model::{ErrorKind, Fault, Field, FieldType, Profile};
use serde_json::{Map, Value, json};

/// What a field of the page is filled with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Text,
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
        self.kind != Kind::Text
    }

    fn is_one_a_line(&self) -> bool {
        self.kind == Kind::Lines
    }

    /// What is to become of the value.
    fn wish(&self) -> Result<Value, Fault> {
        let text = self.value.trim();
        match self.kind {
            _ if text.is_empty() => Ok(Value::Null),
            Kind::Text => Ok(json!(text)),
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
            _ => Kind::Text,
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

fn page(here: InProfile, inputs: Vec<Input>, faults: Faults) -> Response {
    let status = faults.status();
    let (path, name) = (here.path(), name_of(&here.profile));
    rendered(status, &Shown { frame: here.here.who.frame, path, name, inputs, faults })
}

/// Shows a profile to be changed.
pub(in crate::console) async fn edit(here: InProfile) -> Result<Response, Refusal> {
    let inputs = inputs(&here.profile, here.here.fields())?;
    Ok(page(here, inputs, Faults::default()))
}

/// Changes a profile.
pub(in crate::console) async fn save(here: InProfile, pairs: Pairs) -> Result<Response, Refusal> {
    let mut inputs = inputs(&here.profile, here.here.fields())?;
    for input in &mut inputs {
        // A browser ends lines in its own way.
        let sent = |name: &str| pairs.one(name).replace("\r\n", "\n");
        (input.was, input.value) = (sent(&format!("was-{}", input.name)), sent(&input.name));
    }
    let changed = inputs.iter().filter(|input| input.was.trim() != input.value.trim());
    let wishes = changed.map(|input| Ok((input.label.clone(), input.wish()?))).collect::<Result<_, Fault>>();
    let saved = match wishes {
        Ok(wishes) => {
            let (id, wishes) = (here.profile.id, Value::Object(wishes));
            let matching = Some(Matching::Id(id));
            let change = NewProfile { matching, json: wishes.to_string(), spelling: Spelling::Texts };
            here.here.writer.change_one(here.here.id(), change, Vec::new(), Vec::new()).await.map(drop)
        }
        Err(fault) => Err(fault.into()),
    };
    match saved {
        Ok(()) => Ok(see_other(&here.path())),
        Err(error) if error.kind() == ErrorKind::InvalidArgument => {
            let of_field = |fault: &Fault| {
                let field = fault.field.strip_prefix("data.").unwrap_or(&fault.field);
                Fault::new(field, fault.message.clone())
            };
            let faults: Vec<Fault> = error.faults().iter().map(of_field).collect();
            Ok(page(here, inputs, Faults::new(faults)))
        }
        Err(error) if error.kind() == ErrorKind::Conflict => {
            let faults = Faults::new(vec![Fault::new("email", error.message())]);
            Ok(page(here, inputs, faults))
        }
        Err(error) => Err(error.into()),
    }
}
