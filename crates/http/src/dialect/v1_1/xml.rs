//! Reading the XML of requests.
//!
//! Guarantees: what is read holds the known elements right below the root, and no more than that of the input; a
//! document type, an entity of its own, an attribute that means nothing here and a nesting too deep are refused.
//!
//! Must not know: what the elements mean.

use super::data::is_allowed;
use fillhouse_model::Fault;
use quick_xml::Reader;
use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::{BytesDecl, BytesRef, BytesStart, Event};

/// The element that all others are in.
const ROOT: &str = "xml";
/// The one attribute that requests have: a hint that an element is one of a list.
const LIST_HINT: &str = "array";
/// The deepest nesting, the root included.
const DEEPEST: usize = 32;

/// An element right below the root: its name, and what is in it.
pub(super) type Element = (&'static str, Node);

/// What is in an element.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Node {
    text: String,
    children: Vec<(String, Node)>,
    /// Whether it is said to be one of a list.
    is_item: bool,
}

impl Node {
    /// Its text; none where there are elements in it.
    pub(super) fn text(&self) -> Option<&str> {
        self.children.is_empty().then_some(&*self.text)
    }

    /// Whether there are elements in it.
    pub(super) fn has_children(&self) -> bool {
        !self.children.is_empty()
    }

    /// What is in it as JSON: elements are members, several of one name are a list, and texts are texts.
    pub(super) fn to_json(&self) -> String {
        if let Some(text) = self.text() {
            return serde_json::json!(text.trim_ascii()).to_string();
        }
        let mut names: Vec<&str> = Vec::new();
        for (name, _) in &self.children {
            if !names.contains(&name.as_str()) {
                names.push(name);
            }
        }
        let member = |name: &str| {
            let nodes: Vec<&Self> =
                self.children.iter().filter(|(known, _)| known == name).map(|(_, node)| node).collect();
            let name = serde_json::json!(name);
            match nodes.as_slice() {
                [one] if !one.is_item => format!("{name}:{}", one.to_json()),
                items => {
                    let items: Vec<String> = items.iter().map(|item| item.to_json()).collect();
                    format!("{name}:[{}]", items.join(","))
                }
            }
        };
        let members: Vec<String> = names.into_iter().map(member).collect();
        format!("{{{}}}", members.join(","))
    }
}

/// The elements right below the root whose names are `known`, in their order.
///
/// # Errors
/// The text is no XML document as it is taken here.
pub(super) fn read(text: &str, known: &[&'static str]) -> Result<Vec<Element>, Fault> {
    if let Some(c) = text.chars().find(|c| !is_allowed(*c)) {
        return Err(refused(&format!("has a character that XML does not allow, U+{:04X}", u32::from(c))));
    }
    let mut reader = Reader::from_str(text.trim_start());
    reader.config_mut().expand_empty_elements = true;
    let mut document = Document { known, ..Document::default() };
    loop {
        let event = reader.read_event().map_err(|error| malformed(&error.to_string()))?;
        match event {
            Event::Eof => return document.finish(),
            Event::Start(tag) | Event::Empty(tag) => document.open(&tag)?,
            Event::End(_) => document.close(),
            Event::Text(text) => document.text(&text.xml10_content())?,
            Event::CData(text) => document.text(&text.xml10_content())?,
            Event::GeneralRef(reference) => document.text(resolve(&reference)?.encode_utf8(&mut [0; 4]))?,
            Event::Decl(declaration) => document.declare(&declaration)?,
            Event::Comment(_) => {}
            Event::DocType(_) => return Err(refused("has a document type, which is not taken")),
            Event::PI(_) => return Err(refused("has a processing instruction, which is not taken")),
        }
        document.has_begun = true;
    }
}

#[derive(Default)]
struct Document<'a> {
    known: &'a [&'static str],
    elements: Vec<Element>,
    depth: usize,
    /// The known element right below the root that we are in, and those in it that we are in, from the outermost.
    open: Vec<(String, Node)>,
    has_begun: bool,
    had_root: bool,
}

impl Document<'_> {
    fn declare(&self, declaration: &BytesDecl<'_>) -> Result<(), Fault> {
        if self.has_begun {
            return Err(malformed("the declaration is not at its beginning"));
        }
        match declaration.encoding() {
            None => Ok(()),
            Some(Ok(encoding)) if encoding.eq_ignore_ascii_case("utf-8") => Ok(()),
            Some(_) => Err(refused("is not declared as UTF-8")),
        }
    }

    fn open(&mut self, tag: &BytesStart<'_>) -> Result<(), Fault> {
        let name = tag.name();
        let mut is_item = false;
        for attribute in tag.attributes() {
            let attribute = attribute.map_err(|error| malformed(&error.to_string()))?;
            if attribute.key.as_ref() != LIST_HINT {
                return Err(refused("has an attribute, which is not taken"));
            }
            is_item = true;
        }
        match self.depth {
            0 if self.had_root || name.as_ref() != ROOT => {
                return Err(refused("has another root than one element called xml"));
            }
            0 => self.had_root = true,
            1 if self.known.contains(&name.as_ref()) => self.begin(name.as_ref(), is_item),
            DEEPEST => return Err(refused(&format!("is nested deeper than {DEEPEST} levels"))),
            _ if !self.open.is_empty() => self.begin(name.as_ref(), is_item),
            _ => {}
        }
        self.depth += 1;
        Ok(())
    }

    fn begin(&mut self, name: &str, is_item: bool) {
        self.open.push((name.to_owned(), Node { is_item, ..Node::default() }));
    }

    /// The reader has seen to it that the tags match.
    fn close(&mut self) {
        self.depth = self.depth.saturating_sub(1);
        let Some((name, node)) = self.open.pop() else { return };
        match self.open.last_mut() {
            Some((_, parent)) => parent.children.push((name, node)),
            None => {
                let known = self.known.iter().find(|known| **known == name);
                self.elements.extend(known.map(|known| (*known, node)));
            }
        }
    }

    fn text(&mut self, more: &str) -> Result<(), Fault> {
        if self.depth == 0 && !more.trim_ascii().is_empty() {
            return Err(malformed("there is text outside of the root"));
        }
        if let Some((_, node)) = self.open.last_mut() {
            node.text.push_str(more);
        }
        Ok(())
    }

    fn finish(self) -> Result<Vec<Element>, Fault> {
        if self.depth > 0 || !self.had_root {
            return Err(malformed("it ends too early"));
        }
        Ok(self.elements)
    }
}

fn resolve(reference: &BytesRef<'_>) -> Result<char, Fault> {
    let by_name = || resolve_predefined_entity(reference).and_then(|text| text.chars().next());
    let by_number = reference.resolve_char_ref().ok().flatten();
    by_number
        .or_else(by_name)
        .filter(|c| is_allowed(*c))
        .ok_or_else(|| refused("has an entity other than the five of XML and those of a character"))
}

fn refused(why: &str) -> Fault {
    Fault::new("body", why)
}

/// What a reader says of a fault may have any part of the input in it, at any length: it is cut.
fn malformed(why: &str) -> Fault {
    const MOST_BYTES: usize = 200;
    let why = why.strip_prefix("ill-formed document: ").unwrap_or(why);
    let shown = &why[..why.floor_char_boundary(MOST_BYTES)];
    Fault::new("body", format!("is not well-formed XML: {shown}"))
}

#[cfg(test)]
mod tests;
