//! Filters as conditions in SQL: a sieve that keeps back rows of which a filter certainly does not hold.
//!
//! What it lets through is looked at again by the filter itself, which has the last word. So the databases need not agree
//! with it, or with each other, about what JSON means: all that is used is that a profile's fields are kept in one
//! spelling, in which whoever has a text has it in quotes.
//!
//! Guarantees: whatever the filter holds of passes; values are bound, never part of the statement.
//!
//! Must not know: which values are wanted; only how what is wanted shows in a row.

use fillhouse_model::Json;
use fillhouse_model::filter::{Filter, Operand, Path, Test};

/// The longest text that is looked for in another: longer ones than this the databases refuse.
const LONGEST: usize = 5_000;

/// A condition, to be put behind another, with its values.
pub(crate) struct Sieve {
    /// Begins with ` AND`, or is empty.
    pub(crate) sql: String,
    pub(crate) values: Vec<String>,
    /// The number of the parameter after the last of these values.
    pub(crate) next: usize,
}

/// A condition; none where every row may do.
type Condition = Option<String>;

impl Sieve {
    /// The sieve of a filter, its parameters numbered from `first` on.
    pub(crate) fn of(filter: &Filter, first: usize) -> Self {
        let mut sieve = Self { sql: String::new(), values: Vec::new(), next: first };
        if let Some(condition) = sieve.filter(filter) {
            sieve.sql = format!(" AND {condition}");
        }
        sieve
    }

    fn filter(&mut self, filter: &Filter) -> Condition {
        match filter {
            Filter::All(filters) => {
                let conditions: Vec<_> = filters.iter().filter_map(|filter| self.filter(filter)).collect();
                joined(&conditions, " AND ")
            }
            Filter::Any(filters) => self.any(filters, Self::filter),
            Filter::Neither(_) => None,
            Filter::At(path, tests) => {
                let conditions: Vec<_> = tests.iter().filter_map(|test| self.test(path, test)).collect();
                joined(&conditions, " AND ")
            }
        }
    }

    /// Where one of several may do with every row, so do all of them: then no value of theirs may stay bound.
    fn any<T>(&mut self, items: &[T], condition: impl Fn(&mut Self, &T) -> Condition) -> Condition {
        let (values, next) = (self.values.len(), self.next);
        let conditions: Option<Vec<String>> = items.iter().map(|item| condition(self, item)).collect();
        if conditions.is_none() {
            self.values.truncate(values);
            self.next = next;
        }
        joined(&conditions?, " OR ")
    }

    fn test(&mut self, path: &Path, test: &Test) -> Condition {
        match test {
            Test::Equals(operand) => self.equals(path, operand),
            Test::OneOf(operands) if !operands.is_empty() => {
                self.any(operands, |sieve, operand| sieve.equals(path, operand))
            }
            Test::EachOf(operands) => {
                let conditions: Vec<_> =
                    operands.iter().filter_map(|operand| self.equals(path, operand)).collect();
                joined(&conditions, " AND ")
            }
            Test::Beyond(_, operand) if !is_null(operand) => self.has(path),
            Test::Exists | Test::Matches(_) | Test::HasElement(_) | Test::HasValue(_) | Test::Size(_) => {
                self.has(path)
            }
            Test::OneOf(_) | Test::Beyond(..) | Test::Fails(_) => None,
        }
    }

    fn equals(&mut self, path: &Path, operand: &Operand) -> Condition {
        match operand {
            _ if is_null(operand) => None,
            Operand::Value(Json::Text(text)) => match path.names() {
                [name] if matches!(name.as_str(), "id" | "email" | "status") => {
                    Some(format!("{name} = {}", self.bind(text.clone())))
                }
                _ => self.contains(path, &quoted(text)),
            },
            Operand::Value(_) | Operand::Instant(_) => self.has(path),
        }
    }

    /// That there is something at a path.
    fn has(&mut self, path: &Path) -> Condition {
        let name = path.names().iter().rev().find(|name| name.parse::<usize>().is_err())?;
        match path.names()[0].as_str() {
            "email" => Some("email IS NOT NULL".to_owned()),
            "status" => Some("status IS NOT NULL".to_owned()),
            "id" | "phones" => None,
            _ => self.contains(path, &format!("{}:", quoted(name))),
        }
    }

    fn contains(&mut self, path: &Path, part: &str) -> Condition {
        let column = match path.names()[0].as_str() {
            "id" | "email" | "status" => return None,
            "phones" => "phones",
            _ => "fields",
        };
        if part.len() > LONGEST {
            return None;
        }
        let mut pattern = String::from("%");
        for character in part.chars() {
            if matches!(character, '%' | '_' | '\\') {
                pattern.push('\\');
            }
            pattern.push(character);
        }
        pattern.push('%');
        Some(format!("{column} LIKE {} ESCAPE '\\'", self.bind(pattern)))
    }

    fn bind(&mut self, value: String) -> String {
        self.values.push(value);
        self.next += 1;
        format!("${}", self.next - 1)
    }
}

fn is_null(operand: &Operand) -> bool {
    matches!(operand, Operand::Value(Json::Null))
}

/// A text as it is spelled in a profile's fields.
fn quoted(text: &str) -> String {
    serde_json::to_string(text).expect("every text has a form in JSON")
}

fn joined(conditions: &[String], with: &str) -> Condition {
    (!conditions.is_empty()).then(|| format!("({})", conditions.join(with)))
}
