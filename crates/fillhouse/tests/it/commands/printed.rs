//! The `curl` commands that the demo prints, understood as a shell and `curl` would.
//!
//! Guarantees: what it does not understand is an error, so that nothing that is printed goes unproved.

use crate::client::{Answer, Client};
use reqwest::Method;

/// A request, as a `curl` command spells it.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Request {
    pub(super) url: String,
    headers: Vec<(String, String)>,
    body: Option<String>,
    /// The file that the answer goes to.
    pub(super) output: Option<String>,
}

impl Request {
    /// Understands a line.
    #[track_caller]
    pub(super) fn parse(line: &str) -> Self {
        let mut words = words(line).into_iter();
        assert_eq!(words.next().as_deref(), Some("curl"), "{line}");
        let mut request = Self::default();
        while let Some(word) = words.next() {
            let mut value = || words.next().unwrap_or_else(|| panic!("{word} lacks its value: {line}"));
            match word.as_str() {
                "-s" => {}
                "-d" => request.body = Some(value()),
                "-o" => request.output = Some(value()),
                "-H" => {
                    let header = value();
                    let (name, value) = header.split_once(": ").unwrap();
                    request.headers.push((name.to_owned(), value.to_owned()));
                }
                url if url.starts_with("http://") && request.url.is_empty() => {
                    url.clone_into(&mut request.url);
                }
                other => panic!("what is {other:?} in {line}"),
            }
        }
        request
    }

    /// Sends it.
    pub(super) fn send(&self, client: &Client) -> Answer {
        let method = if self.body.is_some() { Method::POST } else { Method::GET };
        let headers: Vec<_> =
            self.headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        client.send(method, &self.url, &headers, self.body.clone().unwrap_or_default()).unwrap()
    }
}

/// The words of a line, as a shell takes them: of its quotes only `'` is known here.
fn words(line: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    for (n, part) in line.trim().split('\'').enumerate() {
        if n % 2 == 1 {
            words.last_mut().unwrap().push_str(part);
            continue;
        }
        assert!(!part.contains(['"', '\\', '$', '`']), "what would a shell make of {part:?}");
        for (n, word) in part.split(' ').enumerate() {
            if n > 0 {
                words.push(String::new());
            }
            words.last_mut().unwrap().push_str(word);
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

#[test]
fn a_line_is_understood() {
    let request =
        Request::parse("  curl -s http://h:1/a -H 'A: b c' -H 'D: e' -d '{\"f\": \"g h\"}' -o i.zip");
    let headers = [("A", "b c"), ("D", "e")];
    assert_eq!(
        request,
        Request {
            url: "http://h:1/a".to_owned(),
            headers: headers.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec(),
            body: Some(r#"{"f": "g h"}"#.to_owned()),
            output: Some("i.zip".to_owned()),
        }
    );
}
