//! Reading a filter from the JSON it is spelled in.
//!
//! Guarantees: an operator that is not known, an operand of another type than the operator's, and a filter that is too
//! deep or too long are refused, naming where.
//!
//! Must not know: what a test means.

mod operand;

use super::{Bound, Filter, Path, Pattern, Test};
use crate::{Fault, Field, Json};
pub use operand::instant;
use std::cell::Cell;

/// The deepest nesting of filters.
const DEEPEST: usize = 16;
/// How many conditions and values a filter may have in all.
const MOST_PARTS: usize = 2_000;
/// How many names a path may have.
const MOST_NAMES: usize = 16;
/// How long a path, and a regular expression, may be, in bytes.
const LONGEST_PATH: usize = 200;
const LONGEST_PATTERN: usize = 1_000;
/// How much memory a regular expression may take.
const PATTERN_BYTES: usize = 1 << 20;

/// How the values of a filter are spelled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Spelling {
    /// Each in its own type.
    Typed,
    /// All as texts: they are taken for what the field they are compared with holds.
    Texts,
}

impl Filter {
    /// Reads a filter over profiles with these fields.
    ///
    /// # Errors
    /// It is no filter as it is taken here; the fault names the path in it.
    pub fn read(query: &Json, fields: &[Field], spelling: Spelling) -> Result<Self, Fault> {
        let parts = Cell::new(0);
        Reader { fields, spelling, parts: &parts, is_element: false }.filter(query, 0)
    }
}

#[derive(Clone, Copy)]
struct Reader<'a> {
    fields: &'a [Field],
    spelling: Spelling,
    /// How many conditions and values were read.
    parts: &'a Cell<usize>,
    /// Whether what is read is about the elements of a list, not about profiles.
    is_element: bool,
}

type Members = [(String, Json)];

impl Reader<'_> {
    fn filter(self, query: &Json, depth: usize) -> Result<Filter, Fault> {
        if depth > DEEPEST {
            return Err(Fault::new("", format!("is nested deeper than {DEEPEST} levels")));
        }
        let Json::Object(members) = query else { return Err(Fault::new("", "is not an object")) };
        let mut filters = Vec::with_capacity(members.len());
        for (name, value) in members {
            self.count()?;
            let filter = match name.as_str() {
                "$and" => self.filters(value, depth).map(Filter::All),
                "$or" => self.filters(value, depth).map(Filter::Any),
                "$nor" => self.filters(value, depth).map(Filter::Neither),
                _ if name.starts_with('$') => Err(Fault::new("", "is not an operator that is known here")),
                _ => self.at(name, value, depth),
            };
            filters.push(filter.map_err(|fault| within(fault, name))?);
        }
        Ok(if filters.len() == 1 { filters.remove(0) } else { Filter::All(filters) })
    }

    fn filters(self, value: &Json, depth: usize) -> Result<Vec<Filter>, Fault> {
        match value {
            Json::List(items) if !items.is_empty() => each(items, |item| self.filter(item, depth + 1)),
            _ => Err(Fault::new("", "is not a list of at least one filter")),
        }
    }

    fn at(self, name: &str, value: &Json, depth: usize) -> Result<Filter, Fault> {
        let mut names: Vec<String> = name.split('.').map(str::to_owned).collect();
        if name.len() > LONGEST_PATH || names.len() > MOST_NAMES || names.iter().any(String::is_empty) {
            return Err(Fault::new("", "is not the path of a field"));
        }
        if !self.is_element && names == ["_id"] {
            "id".clone_into(&mut names[0]);
        }
        let kind = self.kind_of(&names);
        let tests = match operators(value) {
            Some(operators) => self.tests(operators, kind, depth)?,
            None => vec![Test::Equals(self.operand(value, kind)?)],
        };
        Ok(Filter::At(Path::new(names), tests))
    }

    /// The tests of an object of operators.
    fn tests(
        self,
        operators: &Members,
        kind: Option<crate::FieldType>,
        depth: usize,
    ) -> Result<Vec<Test>, Fault> {
        if depth > DEEPEST {
            return Err(Fault::new("", format!("is nested deeper than {DEEPEST} levels")));
        }
        let options = operators.iter().find(|(name, _)| name == "$options").map(|(_, value)| value);
        let mut tests = Vec::with_capacity(operators.len());
        for (name, value) in operators {
            self.count()?;
            let operand = || self.operand(value, kind);
            let operands = || self.operands(value, kind);
            let test = match name.as_str() {
                "$eq" => operand().map(Test::Equals),
                "$ne" => operand().map(|operand| Test::Fails(vec![Test::Equals(operand)])),
                "$gt" => self.beyond(Bound::Above, value, kind),
                "$gte" => self.beyond(Bound::From, value, kind),
                "$lt" => self.beyond(Bound::Below, value, kind),
                "$lte" => self.beyond(Bound::To, value, kind),
                "$in" => operands().map(Test::OneOf),
                "$nin" => operands().map(|operands| Test::Fails(vec![Test::OneOf(operands)])),
                "$all" => operands().map(Test::EachOf),
                "$exists" => self.exists(value),
                "$size" => self.size(value),
                "$regex" => pattern(value, options).map(Test::Matches),
                "$options" if operators.iter().any(|(name, _)| name == "$regex") => continue,
                "$not" => self.not(value, kind, depth),
                "$elemMatch" => self.element(value, kind, depth),
                _ => Err(Fault::new("", "is not an operator that is known here")),
            };
            tests.push(test.map_err(|fault| within(fault, name))?);
        }
        Ok(tests)
    }

    fn beyond(self, bound: Bound, value: &Json, kind: Option<crate::FieldType>) -> Result<Test, Fault> {
        if matches!(value, Json::List(_) | Json::Object(_)) {
            return Err(Fault::new("", "is a list or an object, which nothing is before or after"));
        }
        Ok(Test::Beyond(bound, self.operand(value, kind)?))
    }

    fn not(self, value: &Json, kind: Option<crate::FieldType>, depth: usize) -> Result<Test, Fault> {
        let operators = operators(value).ok_or_else(|| Fault::new("", "is not an object of operators"))?;
        self.tests(operators, kind, depth + 1).map(Test::Fails)
    }

    fn element(self, value: &Json, kind: Option<crate::FieldType>, depth: usize) -> Result<Test, Fault> {
        let elements = Self { is_element: true, ..self };
        match operators(value) {
            Some(operators) if !operators.iter().any(|(name, _)| is_of_filters(name)) => {
                elements.tests(operators, kind, depth + 1).map(Test::HasValue)
            }
            _ => elements.filter(value, depth + 1).map(Test::HasElement),
        }
    }

    fn count(self) -> Result<(), Fault> {
        self.parts.set(self.parts.get() + 1);
        if self.parts.get() > MOST_PARTS {
            return Err(Fault::new("", format!("has more than {MOST_PARTS} conditions and values")));
        }
        Ok(())
    }
}

/// The members of an object of operators; none where the value is one to be equal to.
fn operators(value: &Json) -> Option<&Members> {
    match value {
        Json::Object(members) if members.iter().any(|(name, _)| name.starts_with('$')) => Some(members),
        _ => None,
    }
}

fn is_of_filters(name: &str) -> bool {
    matches!(name, "$and" | "$or" | "$nor")
}

fn pattern(value: &Json, options: Option<&Json>) -> Result<Pattern, Fault> {
    let ignores_case = match options {
        None => false,
        Some(Json::Text(options)) if options.is_empty() || options == "i" => !options.is_empty(),
        Some(_) => return Err(Fault::new("", "has $options other than i")),
    };
    let Json::Text(text) = value else { return Err(Fault::new("", "is not a text")) };
    if text.len() > LONGEST_PATTERN {
        return Err(Fault::new("", format!("is longer than {LONGEST_PATTERN} bytes")));
    }
    let built = regex::RegexBuilder::new(text)
        .case_insensitive(ignores_case)
        .size_limit(PATTERN_BYTES)
        .dfa_size_limit(PATTERN_BYTES)
        .build();
    built.map(Pattern).map_err(|_| Fault::new("", "is not a regular expression that is taken here"))
}

/// Reads each item of a list; a fault says which.
fn each<T>(items: &[Json], mut read: impl FnMut(&Json) -> Result<T, Fault>) -> Result<Vec<T>, Fault> {
    let read_one = |(n, item)| read(item).map_err(|fault: Fault| within(fault, &format!("[{n}]")));
    items.iter().enumerate().map(read_one).collect()
}

/// A name in a fault may be of any length: it is cut.
fn within(fault: Fault, name: &str) -> Fault {
    fault.within(&name[..name.floor_char_boundary(LONGEST_PATH)])
}
