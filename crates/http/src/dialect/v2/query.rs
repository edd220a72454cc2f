//! What stands behind the question mark of an address: names and values, raw or percent-encoded, `+` for a space.
//!
//! Guarantees: a value is taken from one pair only; pairs without a name or a value say nothing.
//!
//! Must not know: which parameters there are.

use axum::extract::Query;
use axum::http::Uri;
use fillhouse_model::Fault;

/// The pairs of a query, in the order in which they are given.
#[derive(Debug, Default)]
pub(super) struct Queried {
    pairs: Vec<(String, String)>,
}

impl Queried {
    pub(super) fn of(uri: &Uri) -> Self {
        // Every query is a list of pairs; one that was not would hold nothing for us.
        let Ok(Query(mut pairs)) = Query::<Vec<(String, String)>>::try_from_uri(uri) else {
            return Self::default();
        };
        for (name, _) in &mut pairs {
            // A client in the field puts a space there.
            name.truncate(name.trim_end().len());
        }
        pairs.retain(|(name, value)| !name.is_empty() && !value.is_empty());
        Self { pairs }
    }

    /// The pairs, in the order in which they are given.
    pub(super) fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        self.pairs.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// The value of the parameter, if it is given.
    ///
    /// # Errors
    /// It is given more than once.
    pub(super) fn one(&self, name: &str) -> Result<Option<&str>, Fault> {
        let mut values = self.pairs.iter().filter(|(given, _)| given == name);
        match (values.next(), values.next()) {
            (first, None) => Ok(first.map(|(_, value)| value.as_str())),
            _ => Err(Fault::new(name, "is given more than once")),
        }
    }
}
