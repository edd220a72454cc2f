//! What was sent, as JSON, in whichever way a client spells it: as JSON, as the pairs of a form, or in parts.
//!
//! A pair whose name has brackets is a member of a list or an object, as PHP reads it: `a[]=1`, `a[b]=1`. Everything in a
//! pair is a text.
//!
//! Guarantees: of a name that is there twice, the last value counts; an object is no deeper than [`MOST_LEVELS`].
//!
//! Must not know: what a name means.

use super::error::Refusal;
use super::object::whole;
use axum::body::Body;
use axum::extract::multipart::MultipartError;
use axum::extract::{DefaultBodyLimit, FromRequest, Multipart, Request};
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::http::request::Parts;
use bytes::Bytes;
use fillhouse_engine::Engine;
use fillhouse_model::Fault;
use serde::{Serialize, Serializer};
use std::collections::HashMap;

const FORM: &str = "application/x-www-form-urlencoded";
const MULTIPART: &str = "multipart/form-data";
/// How many pairs a form may have: as many as a form's items, twice.
const MOST_PAIRS: usize = 20_000;
/// How deep the brackets of a name may go.
const MOST_LEVELS: usize = 8;

/// The body of a request, as JSON.
pub(super) struct Sent(pub(super) Bytes);

impl FromRequest<Engine> for Sent {
    type Rejection = Refusal;

    async fn from_request(request: Request, _: &Engine) -> Result<Self, Refusal> {
        let (head, body) = request.into_parts();
        let body = whole(body).await?;
        if is(&head, MULTIPART) {
            return Ok(Self(json(&of_parts(head, body).await?)));
        }
        // Some tools say that it is a form unless they are told otherwise.
        let is_json = body.trim_ascii_start().first() == Some(&b'{');
        if is(&head, FORM) && !is_json {
            let mut pairs = Pairs::default();
            for (name, value) in form_urlencoded::parse(&body) {
                pairs.put(&name, value.into_owned()).map_err(|fault| Refusal::from(fault).unreadable())?;
            }
            return Ok(Self(json(&pairs)));
        }
        Ok(Self(body))
    }
}

fn is(head: &Parts, media_type: &str) -> bool {
    let given = head.headers.get(CONTENT_TYPE).and_then(|given| given.to_str().ok()).unwrap_or_default();
    let essence = given.split(';').next().unwrap_or_default();
    essence.trim().eq_ignore_ascii_case(media_type)
}

fn json(pairs: &Pairs) -> Bytes {
    serde_json::to_vec(&Object(&pairs.root)).expect("texts under names always serialise").into()
}

async fn of_parts(head: Parts, body: Bytes) -> Result<Pairs, Refusal> {
    let unreadable = |error: MultipartError| Refusal::new(StatusCode::BAD_REQUEST, error.body_text());
    let mut request = Request::from_parts(head, Body::from(body));
    // It is held already, and has its own limit.
    DefaultBodyLimit::disable().apply(&mut request);
    let mut parts = Multipart::from_request(request, &())
        .await
        .map_err(|error| Refusal::new(StatusCode::BAD_REQUEST, error.body_text()))?;
    let mut pairs = Pairs::default();
    while let Some(part) = parts.next_field().await.map_err(unreadable)? {
        let name = part.name().unwrap_or_default().to_owned();
        let file = part.file_name().map(str::to_owned);
        let value = part.bytes().await.map_err(unreadable)?;
        // Where no file was chosen, a browser sends one that is empty and has no name.
        if file.as_ref().is_some_and(String::is_empty) && value.is_empty() {
            continue;
        }
        if file.is_some() {
            return Err(Fault::new(name, "is a file: give the address of one that was uploaded").into());
        }
        let value = String::from_utf8(value.into()).map_err(|_| Fault::new(&*name, "is not UTF-8"))?;
        pairs.put(&name, value)?;
    }
    Ok(pairs)
}

/// The pairs of a form, put where their names say.
#[derive(Debug, Default)]
struct Pairs {
    root: Branch,
    count: usize,
}

#[derive(Debug, Default)]
struct Branch {
    nodes: Vec<(String, Node)>,
    places: HashMap<String, usize>,
    /// The number of the next member that is not given a name.
    next: usize,
}

#[derive(Debug, Default)]
struct Node {
    text: String,
    /// What is in it, where it is no text.
    branch: Option<Branch>,
}

impl Pairs {
    fn put(&mut self, name: &str, value: String) -> Result<(), Fault> {
        self.count += 1;
        if self.count > MOST_PAIRS {
            return Err(Fault::new("body", format!("has more than {MOST_PAIRS} pairs")));
        }
        let (first, brackets) = steps(name);
        if brackets.len() > MOST_LEVELS {
            return Err(Fault::new("body", "has a name with too many brackets"));
        }
        let mut branch = &mut self.root;
        let mut step = first;
        for next in brackets {
            branch = branch.node(step).branch.get_or_insert_default();
            step = next;
        }
        *branch.node(step) = Node { text: value, branch: None };
        Ok(())
    }
}

impl Branch {
    /// The node of a name, made where there is none; one without a name is a new one.
    fn node(&mut self, name: &str) -> &mut Node {
        let name = if name.is_empty() { self.next.to_string() } else { name.to_owned() };
        if let Ok(number) = name.parse::<usize>() {
            self.next = self.next.max(number.saturating_add(1));
        }
        let place = *self.places.entry(name.clone()).or_insert(self.nodes.len());
        if place == self.nodes.len() {
            self.nodes.push((name, Node::default()));
        }
        &mut self.nodes[place].1
    }

    /// Whether its members are numbered from 0, in their order.
    fn is_list(&self) -> bool {
        self.nodes.iter().enumerate().all(|(n, (name, _))| *name == n.to_string())
    }
}

/// The name before the brackets, and what is in each of them; a name whose brackets are not closed is taken as it is.
fn steps(name: &str) -> (&str, Vec<&str>) {
    let whole = (name, Vec::new());
    let Some((first, rest)) = name.split_once('[').filter(|(first, _)| !first.is_empty()) else {
        return whole;
    };
    let Some(inner) = rest.strip_suffix(']') else { return whole };
    (first, inner.split("][").collect())
}

/// A branch as an object, whatever its names are.
struct Object<'a>(&'a Branch);

impl Serialize for Object<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.nodes.iter().map(|(name, node)| (name, node)))
    }
}

impl Serialize for Node {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match &self.branch {
            None => serializer.serialize_str(&self.text),
            Some(branch) if branch.is_list() => {
                serializer.collect_seq(branch.nodes.iter().map(|(_, node)| node))
            }
            Some(branch) => Object(branch).serialize(serializer),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(pairs: &[(&str, &str)]) -> String {
        let mut read = Pairs::default();
        pairs.iter().for_each(|(name, value)| read.put(name, (*value).to_owned()).unwrap());
        String::from_utf8(json(&read).to_vec()).unwrap()
    }

    #[test]
    fn brackets_make_lists_and_objects() {
        for (pairs, expected) in [
            (&[("100", "Ada"), ("101", "")][..], r#"{"100":"Ada","101":""}"#),
            (&[("a[]", "x"), ("a[]", "y")], r#"{"a":["x","y"]}"#),
            (&[("a[1]", "x"), ("a[0]", "y")], r#"{"a":{"1":"x","0":"y"}}"#),
            (&[("a[Food]", "Good"), ("a[Two words]", "Bad")], r#"{"a":{"Food":"Good","Two words":"Bad"}}"#),
            (&[("a[0][url]", "x"), ("a[0][name]", "y")], r#"{"a":[{"url":"x","name":"y"}]}"#),
            (&[("a", "x"), ("a", "y")], r#"{"a":"y"}"#),
            (&[("a", "x"), ("a[]", "y")], r#"{"a":["y"]}"#),
            (&[("a[", "x"), ("[b]", "y"), ("", "z")], r#"{"a[":"x","[b]":"y","0":"z"}"#),
        ] {
            assert_eq!(read(pairs), expected);
        }
    }

    #[test]
    fn what_is_too_much_is_refused() {
        let mut pairs = Pairs::default();
        let deep = format!("a{}", "[b]".repeat(MOST_LEVELS + 1));
        assert!(pairs.put(&deep, String::new()).is_err());
        assert!((0..MOST_PAIRS).any(|n| pairs.put(&n.to_string(), String::new()).is_err()));
    }
}
