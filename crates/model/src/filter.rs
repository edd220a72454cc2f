//! Filters over profiles: the part of MongoDB's query language that Fillhouse speaks.
//!
//! Guarantees: a filter is read whole or refused, so that nothing that was asked for is passed over; whether a profile is
//! wanted depends on nothing but the profile; reading and asking take bounded time, whatever the filter.
//!
//! Must not know: where profiles are kept, or how a database is asked for them.

mod document;
mod path;
mod read;
mod test;

pub use document::{MEMBERS, document};
pub use path::Path;
pub use read::{Spelling, instant};
pub use test::{Bound, Operand, Pattern, Test};

use crate::Json;

/// Which profiles are wanted.
#[derive(Debug, Clone)]
pub enum Filter {
    /// Those for which all of these hold: everyone, where there are none.
    All(Vec<Filter>),
    /// Those for which one of these holds.
    Any(Vec<Filter>),
    /// Those for which none of these holds.
    Neither(Vec<Filter>),
    /// Those for which all of these tests hold of what is at the path.
    At(Path, Vec<Test>),
}

impl Filter {
    /// The filter that everyone passes.
    pub fn everyone() -> Self {
        Self::All(Vec::new())
    }

    /// Whether the profile of this document is wanted (see [`document()`]).
    pub fn holds(&self, document: &Json) -> bool {
        match self {
            Self::All(filters) => filters.iter().all(|filter| filter.holds(document)),
            Self::Any(filters) => filters.iter().any(|filter| filter.holds(document)),
            Self::Neither(filters) => !filters.iter().any(|filter| filter.holds(document)),
            Self::At(path, tests) => {
                let found = path.find(document);
                tests.iter().all(|test| test.holds(&found))
            }
        }
    }
}

#[cfg(test)]
mod tests;
