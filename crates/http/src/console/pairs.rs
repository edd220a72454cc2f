//! What a form of a page says: names and values, in the order of the page.
//!
//! Guarantees: spaces around a value are passed over; a value that is empty is as good as none.
//!
//! Must not know: any page.

use super::view::Refusal;
use super::words;
use crate::body;
use axum::extract::{FromRequest, Request};
use axum::http::StatusCode;
use fillhouse_engine::Engine;
use fillhouse_model::Fault;

/// Names and values.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Pairs(Vec<(String, String)>);

impl Pairs {
    /// Of a body, or of what is behind a question mark.
    pub(super) fn of(text: &[u8]) -> Self {
        let pairs = form_urlencoded::parse(text);
        Self(pairs.map(|(name, value)| (name.into_owned(), value.trim().to_owned())).collect())
    }

    /// The first value of a name, or nothing.
    pub(super) fn one(&self, name: &str) -> &str {
        self.all(name).next().unwrap_or_default()
    }

    /// The same, where it is anything.
    pub(super) fn some(&self, name: &str) -> Option<&str> {
        Some(self.one(name)).filter(|value| !value.is_empty())
    }

    /// All values of a name.
    pub(super) fn all<'a>(&'a self, name: &str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// All names and values.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// Whether a name has this value.
    pub(super) fn has(&self, name: &str, value: &str) -> bool {
        self.all(name).any(|known| known == value)
    }
}

/// Of a request's body; what else a request has to do with is looked at first.
impl FromRequest<Engine> for Pairs {
    type Rejection = Refusal;

    async fn from_request(request: Request, _: &Engine) -> Result<Self, Refusal> {
        Ok(Self::of(&body::read(request.into_body()).await?))
    }
}

/// What is wrong with what a page's form says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Faults(Vec<Fault>);

impl Faults {
    pub(super) fn new(faults: impl Into<Vec<Fault>>) -> Self {
        Self(faults.into())
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The status of a page that says this.
    pub(super) fn status(&self) -> StatusCode {
        if self.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY }
    }

    /// What is wrong with a field, with what is in it, or nothing.
    pub(super) fn of(&self, field: &str) -> String {
        let of_field = self.0.iter().filter(|fault| is_within(&fault.field, field));
        let said = of_field.map(|fault| match fault.field.strip_prefix(field) {
            None | Some("") => sentence(&fault.message),
            Some(_) => said_of(&fault.field, &fault.message),
        });
        said.collect::<Vec<_>>().join(" ")
    }

    /// What is wrong with an item itself, and not with one below it.
    pub(super) fn of_item(&self, path: &str) -> String {
        let of_item = self.0.iter().filter_map(|fault| {
            let rest = fault.field.strip_prefix(path).filter(|_| !path.is_empty())?;
            let field = rest.strip_prefix('.').filter(|field| !field.starts_with("children["))?;
            Some(said_of(field, &fault.message))
        });
        of_item.collect::<Vec<_>>().join(" ")
    }

    /// Everything that is wrong.
    pub(super) fn all(&self) -> Vec<String> {
        self.0.iter().map(|fault| said_of(&fault.field, &fault.message)).collect()
    }
}

/// Whether a fault's field is this one, or something in it.
fn is_within(field: &str, outer: &str) -> bool {
    let rest = field.strip_prefix(outer);
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
}

/// What is wrong with a field, as people would say where it is: the places of a list are counted from one.
fn said_of(field: &str, message: &str) -> String {
    let steps = field.split('.').filter(|step| !step.is_empty()).map(|step| {
        let (name, place) = step.split_once('[').unwrap_or((step, ""));
        let place = place.strip_suffix(']').and_then(|place| place.parse::<usize>().ok());
        match (words::faults::PLACES.iter().find(|(known, _)| *known == name), place) {
            (Some((_, word)), Some(place)) => format!("{word} {}", place.saturating_add(1)),
            _ => step.replace('_', " "),
        }
    });
    let place = steps.collect::<Vec<_>>().join(", ");
    sentence(&if place.is_empty() { message.to_owned() } else { format!("{place}: {message}") })
}

fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().map(char::to_uppercase);
    first.into_iter().flatten().chain(letters).chain(['.']).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_found_by_their_names() {
        let pairs = Pairs::of(b"a=1&b=+&a=2+&c");
        assert_eq!(
            (pairs.one("a"), pairs.some("b"), pairs.some("c"), pairs.some("d")),
            ("1", None, None, None)
        );
        assert_eq!(pairs.all("a").collect::<Vec<_>>(), ["1", "2"]);
        assert!(pairs.has("a", "2") && !pairs.has("a", "3"));
    }

    #[test]
    fn what_is_wrong_is_said_of_its_field() {
        let faults = Faults::new([Fault::new("columns[1]", "is no column"), Fault::new("from", "is no day")]);
        assert_eq!(faults.of("columns"), "Column 2: is no column.");
        assert_eq!((faults.of("from").as_str(), faults.of("fro").as_str()), ("Is no day.", ""));
        assert_eq!(faults.all().len(), 2);
        let faults = Faults::new([
            Fault::new("items[1].label", "is empty"),
            Fault::new("items[1].children[0].id", "is no"),
        ]);
        assert_eq!(faults.of_item("items[1]"), "Label: is empty.");
        assert_eq!(
            (faults.of_item("items[1].children[0]").as_str(), faults.of_item("")),
            ("Id: is no.", String::new())
        );
    }
}
