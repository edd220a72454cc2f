//! The layout of a form's page: what is said beside its questions, and what stands between them, in words that are nobody's.
//!
//! A dialect whose clients say such things reads and writes them; the console's editor says them, and the pages of forms show
//! them.
//!
//! Must not know: how any dialect spells it, or what a page looks like.

use std::collections::HashMap;

/// How a form is laid out.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Layout {
    /// What is said beside an item, by its id.
    pub(crate) beside: HashMap<String, Beside>,
    /// What stands before an item of the form itself, by its id.
    pub(crate) before: HashMap<String, Vec<Block>>,
    /// What stands after the last item.
    pub(crate) last: Vec<Block>,
}

/// What is said beside a question.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Beside {
    /// What helps to answer it, a line each.
    pub(crate) help: Vec<String>,
    /// What stands in its field as long as that is empty.
    pub(crate) placeholder: String,
}

/// What stands between questions, and asks nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Block {
    /// Where a page ends and the next one begins, with the words that lead on and back, where it has words of its own.
    PageBreak { next: Option<String>, back: Option<String> },
    /// A text, a line each.
    Text(Vec<String>),
    /// A line across the page.
    Divider,
}
